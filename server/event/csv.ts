import type { Result } from './model.ts'

const COLUMNS = [
  'place',
  'status',
  'bib',
  'rider_id',
  'name',
  'is_bot',
  'time_ms',
  'gap_ms',
  'penalty_ms',
  'laps',
  'notes',
] as const

/** Results as a table for spreadsheets: RFC 4180, UTF-8, CRLF. Times in ms to the microsecond, as far as a tick can be told apart. */
export function resultsCsv(rows: readonly Result[]): string {
  const lines = rows.map((row) => [
    row.place,
    row.status,
    row.bib,
    row.riderId,
    row.name,
    row.isBot ? 'yes' : 'no',
    row.timeMs?.toFixed(3),
    row.gapMs?.toFixed(3),
    row.penaltyMs,
    row.laps,
    row.notes.join('; '),
  ])
  return [COLUMNS, ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('')
}

/** Quoted where RFC 4180 asks for it; text that a spreadsheet would run as a formula gets an apostrophe before it. */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[\s]*[=+\-@\t\r]/.test(value) && !/^\d/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
