import { COMMON_OPTIONS } from './args.ts'
import type { Command, Figure, Option, Report } from './command.ts'
import { wrapLine, wrapText } from './wrap.ts'

/** Where text goes and how it may look there. */
export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
  /** Characters in a line. */
  readonly width: number
  readonly hasColour: boolean
}

/** The list of commands: `gruppetto --help`. */
export function listHelp(commands: readonly { name: string; summary: string }[], out: Output): string {
  const rows = commands.map(({ name, summary }) => ({ left: name, right: summary }))
  return [
    'gruppetto: an open, self-hosted multiplayer cycling world',
    '',
    'Usage: gruppetto COMMAND [options]',
    '',
    ...twoColumns(rows, out.width),
    '',
    ...wrapLine('gruppetto COMMAND --help says more about one of them. Every command takes --json.', out.width),
    '',
  ].join('\n')
}

/** `gruppetto COMMAND --help`. */
export function commandHelp(command: Command, out: Output): string {
  const positionals = (command.positionals ?? []).map((name) => (name.endsWith('?') ? `[${name.slice(0, -1)}]` : name))
  const required = command.options.filter((option) => option.isRequired === true).map(optionUsage)
  const rows = [...command.options, ...COMMON_OPTIONS].map((option) => ({
    left: optionUsage(option),
    right: option.summary + optionNote(option),
  }))
  const details = command.details === undefined ? [] : ['', ...wrapText(command.details.trim(), out.width)]
  return [
    ...wrapLine(`gruppetto ${command.name}: ${command.summary}`, out.width),
    '',
    `Usage: ${['gruppetto', command.name, ...required, ...positionals, '[options]'].join(' ')}`,
    '',
    'Options:',
    ...twoColumns(rows, out.width),
    ...details,
    '',
  ].join('\n')
}

function optionUsage({ name, value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`
}

function optionNote(option: Option): string {
  const notes = [
    option.isRequired === true ? 'required' : '',
    option.repeated === true ? 'may be given more than once' : '',
    option.default === undefined ? '' : `default: ${option.default}`,
  ].filter((note) => note !== '')
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`
}

function twoColumns(rows: readonly { left: string; right: string }[], width: number): string[] {
  const leftWidth = Math.min(Math.max(...rows.map(({ left }) => left.length)), 28)
  const rightWidth = Math.max(width - leftWidth - 4, 24)
  return rows.flatMap(({ left, right }) => {
    const lines = wrapped(right, rightWidth)
    const head = left.length > leftWidth ? [`  ${left}`] : []
    const rest = head.length > 0 ? lines : lines.slice(1)
    const first = head.length > 0 ? head : [`  ${left.padEnd(leftWidth)}  ${lines[0] ?? ''}`.trimEnd()]
    return [...first, ...rest.map((line) => `${' '.repeat(leftWidth + 4)}${line}`)]
  })
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return line === '' ? lines : [...lines, line]
}

/** A report as one JSON object on one line. */
export function reportJson(report: Report): string {
  return `${JSON.stringify({ ok: report.ok, figures: report.figures, failures: report.failures })}\n`
}

/** A report as a table a person reads, and a last line that says how it went. */
export function reportTable(report: Report, out: Output): string {
  const rows = Object.entries(report.figures).map(([name, figure]) => ({
    name,
    value: valueText(figure),
    unit: figure.unit,
    target: targetText(figure),
    mark: figure.pass === undefined ? '' : figure.pass ? '✓' : '✗',
  }))
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length))
  const nameWidth = widest(rows.map(({ name }) => name))
  // A hash or a name is longer than any number; it may stick out instead of pushing all numbers to the right.
  const valueWidth = widest(rows.filter(({ value }) => value.length <= 12).map(({ value }) => value))
  const unitWidth = widest(rows.map(({ unit }) => unit))
  const targetWidth = widest(rows.map(({ target }) => target))
  const lines = rows.map(({ name, value, unit, target, mark }) => {
    const tail = `${unit.padEnd(unitWidth)}  ${target.padEnd(targetWidth)}  ${coloured(mark, out)}`
    return `  ${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)} ${tail}`.trimEnd()
  })
  const failures = report.failures.map((failure) => `${coloured('✗', out)} ${failure}`)
  const missed = rows.filter(({ mark }) => mark === '✗').length
  const wrong = [count(missed, 'target missed', 'targets missed'), count(failures.length, 'failure', 'failures')]
  const verdict = report.ok ? `${coloured('✓', out)} ok` : `${coloured('✗', out)} not ok: ${join(wrong)}`
  return [...lines, ...(rows.length > 0 ? [''] : []), ...failures, verdict, ''].join('\n')
}

function count(n: number, one: string, many: string): string {
  return n === 0 ? '' : `${n} ${n === 1 ? one : many}`
}

function join(parts: readonly string[]): string {
  const said = parts.filter((part) => part !== '')
  return said.length === 0 ? 'see above' : said.join(', ')
}

function valueText({ value }: Figure): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'number' ? numberText(value) : value
}

/** Whole numbers whole; others to four digits that mean something. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (Number.isInteger(value)) return value.toLocaleString('en-US')
  const size = Math.abs(value)
  if (size < 0.001) return value.toExponential(2)
  const decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

function targetText({ atMost, atLeast }: Figure): string {
  return [
    atLeast === undefined ? '' : `≥ ${numberText(atLeast)}`,
    atMost === undefined ? '' : `≤ ${numberText(atMost)}`,
  ]
    .filter((text) => text !== '')
    .join(', ')
}

function coloured(mark: string, out: Output): string {
  if (!out.hasColour || mark === '') return mark
  return `\u001b[${mark === '✓' ? 32 : 31}m${mark}\u001b[0m`
}
