import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fromHex } from '#bridges/core/bytes'
import { type Command, figure, type Figure, type Invocation, report, UsageError } from './command.ts'
import { readJsonList } from './json-list.ts'
import { captureTotals, cscSequence } from './trainer-captures.ts'
import { doors } from './trainer-doors.ts'
import { fuzz } from './trainer-fuzz.ts'
import { TOLERANCES, VOCABULARIES } from './trainer-vectors.ts'

/** Bytes of sensors with their meaning, as a file gives them. */
interface VectorRow {
  readonly profile: string
  readonly hex: string
  readonly expected: Readonly<Record<string, unknown>>
}

export const command: Command = {
  name: 'check-trainers',
  summary:
    'decode a file of captured trainer bytes and compare every field with its meaning; or throw bytes at decoders',
  positionals: ['FILE?'],
  options: [
    { name: 'fuzz', value: 'N', summary: 'so many random and mutated inputs at every decoder' },
    { name: 'only', value: 'DECODER', summary: 'with --fuzz: only decoders with this in their name', repeated: true },
    { name: 'seed', value: 'N', summary: 'with --fuzz: the same inputs again', default: '8214' },
  ],
  details: [
    'FILE is JSON, a list of { profile, hex, expected, source, kind, note }.',
    'A profile this program does not know is counted as unsupported, and a row whose bytes are not what its own meaning',
    'calls them as contradictory: both apart from passes and failures.',
    'Exit code 0: every vector of every known profile decodes as expected, and there was at least one.',
    'With --fuzz no input may make a decoder throw or answer a number that is none or does not fit its field; every',
    'eighth message is encoded and decoded again and must come back as it was. A million inputs for each take a minute.',
  ].join('\n'),

  async run(invocation) {
    const file = invocation.positionals[0]
    const inputs = invocation.number('fuzz', { min: 1, max: 1e9, isWhole: true })
    if (file === undefined && inputs === undefined)
      throw new UsageError('check-trainers needs a FILE of vectors, or --fuzz.')
    const figures: Record<string, Figure> = {}
    const failures: string[] = []
    if (file !== undefined) await checkVectors(file, figures, failures, invocation.say)
    if (inputs !== undefined) fuzzAll(inputs, invocation, figures, failures)
    return report(figures, failures)
  },
}

async function checkVectors(
  file: string,
  figures: Record<string, Figure>,
  failures: string[],
  say: Invocation['say'],
): Promise<void> {
  const rows = await readVectors(file)
  const counts = new Map<string, { passed: number; total: number }>()
  let unsupported = 0
  let contradictory = 0
  const failedBefore = failures.length
  const differences = await Promise.all(rows.map((row) => compareRow(row, dirname(file))))
  for (const [index, row] of rows.entries()) {
    const difference = differences[index]
    if (difference === 'unsupported') {
      unsupported++
      continue
    }
    const place = `row ${index + 1}, ${row.profile} ${row.hex}`
    const contradiction = contradictionIn(row)
    if (contradiction !== undefined) {
      contradictory++
      say(`${place}: ${contradiction}`)
      continue
    }
    const count = counts.get(row.profile) ?? { passed: 0, total: 0 }
    count.total++
    if (difference === undefined) count.passed++
    else failures.push(`${place}: ${difference}`)
    counts.set(row.profile, count)
  }
  let passed = 0
  for (const [profile, count] of counts) {
    passed += count.passed
    figures[profile] = figure(count.passed, `of ${count.total}`, { atLeast: count.total })
  }
  figures['passed'] = figure(passed, `of ${rows.length}`, { atLeast: 1 })
  figures['failed'] = figure(failures.length - failedBefore, '', { atMost: 0 })
  figures['unsupported'] = figure(unsupported, '')
  figures['contradictory'] = figure(contradictory, '')
}

/** A row that says of its own bytes what they are not; no decoder can agree with it. */
function contradictionIn({ hex, expected }: VectorRow): string | undefined {
  const bytes = fromHex(hex)
  if (bytes === undefined || !String(expected['error']).startsWith('odd pair list')) return undefined
  const pairs = (bytes.length - 1) / 2
  return Number.isInteger(pairs) ? `called an odd list of pairs, has ${pairs} whole ones; not counted` : undefined
}

const AGAIN_EVERY = 8

function fuzzAll(
  inputs: number,
  { number, all, progress, signal }: Invocation,
  figures: Record<string, Figure>,
  failures: string[],
): void {
  const seed = number('seed', { min: 0, max: 0xffffffff, isWhole: true }) ?? 0
  const only = all('only')
  const chosen = doors().filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)))
  if (chosen.length === 0) throw new UsageError(`No decoder is called "${only.join('", "')}".`)
  let tried = 0
  const startedMs = performance.now()
  for (const [index, door] of chosen.entries()) {
    if (signal.aborted) break
    progress(index, chosen.length, door.name)
    const doorMs = performance.now()
    const result = fuzz(door, { inputs, seed, againEvery: AGAIN_EVERY })
    tried += result.inputs
    failures.push(...result.faults)
    const rate = inputs / (performance.now() - doorMs) / 1000
    figures[`${door.name}, faults`] = figure(
      result.faults.length,
      `in ${inputs} inputs, ${result.decoded} of them messages, ${rate.toFixed(2)} M/s`,
      { atMost: 0 },
    )
  }
  figures['decoders'] = figure(chosen.length, '')
  figures['inputs'] = figure(tried, '')
  figures['seconds'] = figure(Math.round((performance.now() - startedMs) / 100) / 10, 's')
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
