import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fromHex } from '#bridges/core/bytes'
import { type Command, figure, type Figure, report, UsageError } from './command.ts'
import { readJsonList } from './json-list.ts'
import { captureTotals, cscSequence } from './trainer-captures.ts'
import { TOLERANCES, VOCABULARIES } from './trainer-vectors.ts'

/** Bytes of sensors with their meaning, as a file gives them. */
interface VectorRow {
  readonly profile: string
  readonly hex: string
  readonly expected: Readonly<Record<string, unknown>>
}

export const command: Command = {
  name: 'check-trainers',
  summary: 'decode a file of captured trainer bytes and compare every field with its meaning',
  positionals: ['FILE'],
  options: [],
  details: [
    'FILE is JSON, a list of { profile, hex, expected, source, kind, note }.',
    'A profile this program does not know is counted as unsupported, apart from passes and failures.',
    'Exit code 0: every vector of every known profile decodes as expected, and there was at least one.',
  ].join('\n'),

  async run(invocation) {
    const file = invocation.positionals[0]
    if (file === undefined) throw new UsageError('check-trainers needs a FILE of vectors.')
    const rows = await readVectors(file)
    const counts = new Map<string, { passed: number; total: number }>()
    const failures: string[] = []
    let unsupported = 0
    const differences = await Promise.all(rows.map((row) => compareRow(row, dirname(file))))
    for (const [index, row] of rows.entries()) {
      const difference = differences[index]
      if (difference === 'unsupported') {
        unsupported++
        continue
      }
      const count = counts.get(row.profile) ?? { passed: 0, total: 0 }
      count.total++
      if (difference === undefined) count.passed++
      else failures.push(`row ${index + 1}, ${row.profile} ${row.hex}: ${difference}`)
      counts.set(row.profile, count)
    }
    const figures: Record<string, Figure> = {}
    let passed = 0
    for (const [profile, count] of counts) {
      passed += count.passed
      figures[profile] = figure(count.passed, `of ${count.total}`, { atLeast: count.total })
    }
    figures['passed'] = figure(passed, `of ${rows.length}`, { atLeast: 1 })
    figures['failed'] = figure(failures.length, '', { atMost: 0 })
    figures['unsupported'] = figure(unsupported, '')
    return report(figures, failures)
  },
}

async function readVectors(file: string): Promise<readonly VectorRow[]> {
  const what = '{ profile, hex, expected }'
  const rows = await readJsonList(file, what)
  if (!rows.every(isVectorRow)) throw new UsageError(`${file} is not a list of ${what}.`)
  return rows
}

const isVectorRow = (row: unknown): row is VectorRow =>
  typeof row === 'object' &&
  row !== null &&
  typeof (row as VectorRow).profile === 'string' &&
  typeof (row as VectorRow).hex === 'string' &&
  typeof (row as VectorRow).expected === 'object'

/** The first field that differs, in words; undefined when none does. */
async function compareRow(row: VectorRow, folder: string): Promise<string | undefined> {
  if (row.profile === 'csc.sequence') return compareSequence(row)
  if (row.profile === 'ant.capture.totals') {
    try {
      const bytes = await readFile(join(folder, 'captures', row.hex))
      return compareFields(row.expected, captureTotals(bytes))
    } catch (error) {
      return `its capture could not be read: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  const vocabulary = VOCABULARIES[row.profile]
  if (vocabulary === undefined) return 'unsupported'
  const bytes = fromHex(row.hex)
  if (bytes === undefined) return 'its hex is not hex'
  return compareFields(row.expected, vocabulary(bytes), TOLERANCES[row.profile])
}

function compareSequence(row: VectorRow): string | undefined {
  const circumferenceM = Number(row.expected['wheel_circumference_m'] ?? 2.1)
  const steps = cscSequence(row.hex, circumferenceM)
  const expected = row.expected['steps']
  if (!Array.isArray(expected)) {
    // The rule of the one row without steps: after a reconnection speed is absent or not negative.
    const negative = steps.find((step) => typeof step['speed_kmh'] === 'number' && step['speed_kmh'] < 0)
    return negative === undefined ? undefined : `speed ${String(negative['speed_kmh'])} after a reconnection`
  }
  if (expected.length !== steps.length) return `${steps.length} steps, expected ${expected.length}`
  const tolerances = (row.expected['tolerance'] ?? {}) as Record<string, number>
  for (const [i, want] of expected.entries()) {
    const difference = compareFields(want as Record<string, unknown>, steps[i]!, tolerances)
    if (difference !== undefined) return `step ${i + 1}: ${difference}`
  }
  return undefined
}

function compareFields(
  expected: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
  tolerances: Readonly<Record<string, number>> = {},
): string | undefined {
  if (!('error' in expected) && 'error' in actual) return `refused as ${String(actual['error'])}`
  for (const [name, want] of Object.entries(expected)) {
    if (name === 'note') continue
    if (!isSame(want, actual[name], tolerances[name] ?? 1e-9))
      return `${name} is ${JSON.stringify(actual[name])}, expected ${JSON.stringify(want)}`
  }
  return undefined
}

/** `null` expects that there is no value. Objects are compared by the fields expected. */
function isSame(want: unknown, got: unknown, tolerance: number): boolean {
  if (want === null) return got === undefined || got === null
  if (typeof want === 'number') return typeof got === 'number' && Math.abs(want - got) <= tolerance
  if (Array.isArray(want))
    return Array.isArray(got) && got.length === want.length && want.every((w, i) => isSame(w, got[i], tolerance))
  if (typeof want === 'object')
    return typeof got === 'object' && got !== null && compareFields(want as never, got as never) === undefined
  return want === got
}
