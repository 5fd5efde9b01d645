import { figure, report, UsageError, type Command, type Figure } from './command.ts'
import { readJsonList } from './json-list.ts'
import { computeCase, type PhysicsCase } from './physics-cases.ts'

/** What a source's own rounding allows, rms of relative errors in per cent (docs/physics.md, "What it is held against"). */
const RMS_TARGETS_PERCENT: Readonly<Record<string, number>> = { gribble: 0.1, kreuzotter: 0.4, incyclist: 0.4 }
/** Martin's worked example: each component, per cent. */
const MARTIN_TARGET_PERCENT = 0.2
/** … and its total, W. */
const MARTIN_TOTAL = 'martin98-total'
const MARTIN_TOTAL_TARGET_W = 0.3

export const command: Command = {
  name: 'check-physics',
  summary: 'hold the equations of motion against published cases',
  positionals: ['FILE'],
  options: [{ name: 'brief', summary: 'say only the sums, not every row' }],
  details: [
    'FILE is JSON, a list of { name, kind, model, inputs, expected, tolerance, agrees, source }.',
    'Speeds, times and powers are ridden at 20 Hz by the arithmetic that moves riders: a power is the one whose tick',
    'leaves the speed as it is. "model" says which terms are on: martin98 all of ours, gribble, kreuzotter and simple',
    'their own losses. Kinds this program has no law for are counted as unsupported. Rows whose source is at fault',
    '(agrees: false) are computed and reported apart; they neither pass nor fail. Draft rows give the share of drag',
    'themselves: they hold the arithmetic of shelter, not a law of it.',
  ].join('\n'),

  async run({ positionals, flag, say }) {
    const file = positionals[0]
    if (file === undefined) throw new UsageError('check-physics needs a FILE of cases.')
    const cases = await readCases(file)
    const tally = new Tally()
    for (const row of cases) {
      const computed = computeCase(row)
      const line = tally.count(row, computed)
      if (!flag('brief')) say(line)
    }
    return report(tally.figures(cases.length), tally.failures)
  },
}

class Tally {
  readonly failures: string[] = []
  #passed = 0
  #flagged = 0
  #flaggedOff = 0
  #martinTotalOffW: number | undefined
  readonly #unsupported = new Map<string, number>()
  readonly #errorsPercent = new Map<string, number[]>()

  count(row: PhysicsCase, computed: number | undefined): string {
    const [quantity, expected] = Object.entries(row.expected)[0]!
    if (computed === undefined) {
      this.#unsupported.set(row.kind, (this.#unsupported.get(row.kind) ?? 0) + 1)
      return `${row.name}: unsupported (${row.kind})`
    }
    const error = Math.abs(computed - expected)
    const allowed = row.tolerance.abs ?? (row.tolerance.rel ?? 0) * Math.abs(expected)
    const percent = (100 * error) / Math.abs(expected)
    const line = `${row.name}: ${quantity} ${computed.toPrecision(6)}, published ${expected}: ${percent.toFixed(3)} %, ${error.toPrecision(2)} of ${allowed.toPrecision(2)} allowed`
    if (row.name === MARTIN_TOTAL) this.#martinTotalOffW = error
    if (!row.agrees) {
      this.#flagged++
      if (error > allowed) this.#flaggedOff++
      return `${line} (flagged: its source is at fault)`
    }
    const group = row.name.split('-')[0]!
    const errors = this.#errorsPercent.get(group) ?? []
    errors.push(percent)
    this.#errorsPercent.set(group, errors)
    if (error <= allowed) this.#passed++
    else this.failures.push(line)
    return line
  }

  figures(rows: number): Record<string, Figure> {
    const unsupported = [...this.#unsupported.values()].reduce((sum, n) => sum + n, 0)
    const figures: Record<string, Figure> = {
      rows: figure(rows, ''),
      passed: figure(this.#passed, '', { atLeast: 1 }),
      failed: figure(this.failures.length, '', { atMost: 0 }),
      unsupported: figure(unsupported, ''),
      flagged: figure(this.#flagged, ''),
      flaggedOutsideTolerance: figure(this.#flaggedOff, ''),
    }
    for (const [kind, n] of this.#unsupported) figures[`unsupported.${kind}`] = figure(n, '')
    for (const [group, errors] of this.#errorsPercent) {
      const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)
      const target = RMS_TARGETS_PERCENT[group]
      figures[`rms.${group}`] = figure(round(rms), '%', target === undefined ? undefined : { atMost: target })
      const isMartin = group === 'martin98'
      figures[`max.${group}`] = figure(
        round(Math.max(...errors)),
        '%',
        isMartin ? { atMost: MARTIN_TARGET_PERCENT } : undefined,
      )
    }
    if (this.#martinTotalOffW !== undefined)
      figures['off.martin98-total'] = figure(round(this.#martinTotalOffW), 'W', { atMost: MARTIN_TOTAL_TARGET_W })
    return figures
  }
}

const round = (value: number): number => Number(value.toFixed(4))

async function readCases(file: string): Promise<readonly PhysicsCase[]> {
  const rows = await readJsonList(file, 'cases')
  if (rows.length === 0) throw new UsageError(`${file} is not a list of cases.`)
  const wrong = rows.findIndex((row) => !isCase(row))
  if (wrong >= 0)
    throw new UsageError(`${file}: row ${wrong + 1} is not { name, kind, model, inputs, expected, tolerance, agrees }.`)
  return rows as PhysicsCase[]
}

function isCase(row: unknown): row is PhysicsCase {
  if (typeof row !== 'object' || row === null) return false
  const { name, kind, model, inputs, expected, tolerance, agrees } = row as Partial<PhysicsCase>
  const isRecord = (value: unknown) => typeof value === 'object' && value !== null
  return (
    typeof name === 'string' &&
    typeof kind === 'string' &&
    typeof model === 'string' &&
    typeof agrees === 'boolean' &&
    isRecord(inputs) &&
    isRecord(tolerance) &&
    isRecord(expected) &&
    Object.values(expected as object).length > 0 &&
    Object.values(expected as object).every((value) => typeof value === 'number')
  )
}
