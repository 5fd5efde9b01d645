import { gunzipSync, gzipSync } from 'node:zlib'
import type { Activity, ActivityHead, ActivityMark, ActivityRow } from './model.ts'

/**
 * A ride as lines of text: the head, then rows and marks as they come. A file of them can be cut anywhere and is then the
 * ride up to its last whole line: that is what a killed server leaves behind. [A35]
 */
export const RIDE_FORMAT = 'gruppetto-ride'
export const RIDE_VERSION = 1

/** In the order of a row's numbers; how fine each is kept: counts per unit. */
const COLUMNS = [
  ['atS', 1],
  ['powerW', 1],
  ['cadenceRpm', 1],
  ['heartRateBpm', 1],
  ['speedMps', 1000],
  ['distanceM', 100],
  ['placeM', 10],
  ['way', 1],
  ['heightM', 100],
  ['gradeFraction', 10_000],
  ['savedW', 1],
  ['temperatureC', 1],
  ['xM', 10],
  ['yM', 10],
] as const satisfies readonly (readonly [keyof ActivityRow, number])[]

export function headLine(head: ActivityHead): string {
  return JSON.stringify({ format: RIDE_FORMAT, version: RIDE_VERSION, ...head })
}

export function rowLine(row: ActivityRow): string {
  return `[${COLUMNS.map(([name, perUnit]) => Math.round(row[name] * perUnit)).join(',')}]`
}

export const markLine = (mark: ActivityMark): string => JSON.stringify(mark)

/** Undefined where not even the head is whole. A torn last line is no line; seconds go forward only. */
export function readRide(text: string): Activity | undefined {
  const lines = text.split('\n')
  lines.pop() // Behind the last line end: nothing, or half a line.
  // The first try to write it may have been torn by a disk that was full.
  const at = lines.slice(0, HEAD_LINES_MAX).findIndex(isHead)
  if (at < 0) return undefined
  const { format: _format, version: _version, ...head } = parsed(lines[at]!) as Record<string, unknown>
  const rows: ActivityRow[] = []
  const marks: ActivityMark[] = []
  for (const line of lines.slice(at + 1)) {
    const value = parsed(line)
    if (Array.isArray(value)) {
      if (value.length !== COLUMNS.length || value.some((count) => typeof count !== 'number')) continue
      const row = rowOf(value as number[])
      if (row.atS > (rows.at(-1)?.atS ?? 0)) rows.push(row)
    } else if (typeof value === 'object' && value !== null && 'kind' in value) marks.push(value as ActivityMark)
  }
  return { head: head as unknown as ActivityHead, rows, marks }
}

const HEAD_LINES_MAX = 8

function isHead(line: string): boolean {
  const given = parsed(line) as { format?: unknown; version?: unknown } | null | undefined
  return given?.format === RIDE_FORMAT && given.version === RIDE_VERSION
}

function rowOf(counts: readonly number[]): ActivityRow {
  const row: Record<string, number> = {}
  COLUMNS.forEach(([name, perUnit], i) => (row[name] = counts[i]! / perUnit))
  return row as unknown as ActivityRow
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // Torn.
  }
}

/** As the store keeps it: the same text, packed; an hour is some 60 kB. */
export function packRide({ head, rows, marks }: Activity): Uint8Array {
  const lines = [headLine(head), ...rows.map(rowLine), ...marks.map(markLine)]
  return gzipSync(`${lines.join('\n')}\n`)
}

export function unpackRide(bytes: Uint8Array): Activity {
  const ride = readRide(gunzipSync(bytes, { maxOutputLength: RIDE_BYTES_MAX }).toString('utf8'))
  if (ride === undefined) throw new Error('a ride in the store is no ride')
  return ride
}

/** Two days, at a hundred bytes a second. */
const RIDE_BYTES_MAX = 20_000_000
