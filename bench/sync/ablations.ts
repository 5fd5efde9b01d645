import type { Measured } from '../measured.ts'
import { type Edit, type EditedResult, inParallel, runEdited } from './edited.ts'
import { LINKS } from './link.ts'
import { Rows, type Suite } from './suite.ts'

/** One idea taken out, at both ends, by changing the lines that hold it. */
export interface Ablation {
  readonly key: string
  readonly summary: string
  readonly edits: readonly Edit[]
  /** Riders in view, where the idea is about many. */
  readonly inView?: number
}

const LAW = 'physics/dead-reckoning.ts'
const CARRY = '  moveRider(carried, course, conditions)\n'
const STREAM = 'server/world/stream.ts'
const PACKETS = 'server/world/packets.ts'
const LIMITS = 'protocol/limits.ts'
const TICK_S = '0.05'
/** Riders in view where tiers count. */
const MANY = 200

const tolerance = (factor: number): Edit => ({
  file: STREAM,
  from: 'const tolerance = TOLERANCES[number]!',
  to: `const whole = TOLERANCES[number]!
    const tolerance = { ...whole, alongM: whole.alongM * ${factor}, sidewaysM: whole.sidewaysM * ${factor} }`,
})

const largeFrom = (tolerances: string): Edit => ({
  file: STREAM,
  from: 'const LARGE = 2\n',
  to: `const LARGE = ${tolerances}\n`,
})

/** The coarser and finer dots of our own curve. */
export const TOLERANCE_FACTORS = [0.5, 2, 4] as const
export const toleranceEdits = (factor: number): readonly Edit[] => [tolerance(factor)]

export const ABLATIONS: readonly Ablation[] = [
  {
    key: 'noPrediction',
    summary: 'nobody is carried: differences to where a rider was told to be',
    edits: [{ file: LAW, from: CARRY, to: '' }],
  },
  {
    key: 'linear',
    summary: 'carried in a straight line at the speed told',
    edits: [
      {
        file: LAW,
        from: CARRY,
        to: `  carried.distanceM += carried.speedMps * ${TICK_S}\n  carried.lateralM += carried.lateralMps * ${TICK_S}\n`,
      },
    ],
  },
  {
    key: 'flatRoad',
    summary: 'the law of motion without the road: no slope, no bends, no wind',
    edits: [
      {
        file: LAW,
        from: CARRY,
        to: '  moveRider(carried, flat(course), calm)\n',
      },
      {
        file: LAW,
        from: 'export function createCarried(): Carried {',
        to: `const calm = { weather: { windEastMps: 0, windNorthMps: 0, gustShare: 0, seaLevelC: 15, isWet: false }, tick: 0 }
const flats = new Map()
function flat(course) {
  let one = flats.get(course)
  if (one === undefined) {
    one = Object.create(course, {
      readSpot: { value: undefined }, slopeAt: { value: () => 0 }, curvatureAt: { value: () => 0 }, bankAt: { value: () => 0 },
    })
    for (const name of ['heightAt', 'crrAt', 'gripAt', 'widthAt', 'eastAt', 'northAt', 'xAt', 'yAt', 'windShareAt',
      'airDensityAt', 'wayAt', 'wayStartM', 'wayEndM', 'exitOf'])
      Object.defineProperty(one, name, { value: (...args) => course[name](...args) })
    for (const name of ['lengthM', 'isLoop', 'wayCount']) Object.defineProperty(one, name, { get: () => course[name] })
    flats.set(course, one)
  }
  return one
}

export function createCarried(): Carried {`,
      },
    ],
  },
  {
    key: 'noLine',
    summary: 'records without the line a rider makes for: sideways motion is taken to end where it is going',
    edits: [
      {
        file: LAW,
        from: '  carried.lineM = record.lineM\n',
        to: '  carried.lineM = record.lateralM + record.lateralMps / 2\n',
      },
    ],
  },
  {
    key: 'noShelter',
    summary: 'everybody is taken to ride alone in the wind',
    edits: [
      {
        file: LAW,
        from: 'shelteredAreaM2(record.cdaM2, record.draftFactor)',
        to: 'shelteredAreaM2(record.cdaM2, 1)',
      },
    ],
  },
  {
    key: 'allTwice',
    summary: 'every change of motion is told twice at once, as well as again when it is lost',
    edits: [largeFrom('0')],
  },
  {
    key: 'telemetryTwice',
    summary: 'telemetry, too, is told twice at once',
    edits: [
      {
        file: PACKETS,
        from: 'isLarge ? timesAgain(stream.newsOf(row, tier)) : 0',
        to: 'Math.max(1, timesAgain(stream.newsOf(row, tier)))',
      },
    ],
  },
  {
    key: 'nothingTwice',
    summary: 'nothing is told before it is known to be lost',
    edits: [largeFrom('Infinity'), { file: STREAM, from: 'const HUGE = 2.5\n', to: 'const HUGE = Infinity\n' }],
  },
  {
    key: 'wattsForAll',
    summary: 'everybody in view has watts as fresh as the nearest sixteen',
    edits: [{ file: LIMITS, from: 'export const NEAR_RIDERS = 16', to: 'export const NEAR_RIDERS = 64' }],
  },
  {
    key: 'slotBits',
    summary: 'a record names its slot in nine bits instead of the gap to the one before',
    edits: [
      { file: 'protocol/rider-block.ts', from: 'slot += readGolomb(r, GAP_K) + 1', to: 'slot = r.bits(9)' },
      { file: PACKETS, from: 'const gap = GAP_CODES[slot - before - 1]!', to: 'const gap = (9 << GAP_SHIFT) | slot' },
    ],
  },
  {
    key: 'every20Hz',
    summary: 'a packet each tick',
    edits: [{ file: PACKETS, from: 'const QUIET_TICKS = 2', to: 'const QUIET_TICKS = 1' }],
  },
  { key: 'manyTiers', summary: `tiers, with ${MANY} in view`, edits: [], inView: MANY },
  {
    key: 'manyNoTiers',
    summary: `one tier for all ${MANY} in view`,
    edits: [{ file: LIMITS, from: 'export const MIDDLE_RIDERS = 64', to: 'export const MIDDLE_RIDERS = 320' }],
    inView: MANY,
  },
]

const SECONDS = 40
const VIEWERS = 3
const AT_ONCE = 2

/** Issue 4, point 5: ours without each idea. */
export async function benchAblations(suite: Suite): Promise<Measured> {
  const rows = new Rows()
  const run = { variant: 'hard', seconds: SECONDS, link: LINKS.far, viewers: VIEWERS, seed: 1 } as const
  const all: readonly Ablation[] = [{ key: 'whole', summary: 'as it ships', edits: [] }, ...ABLATIONS]
  let done = 0
  const results = await inParallel(
    all.map(({ key, edits, inView = 64 }) => async (): Promise<EditedResult | string> => {
      try {
        return await runEdited({ ...run, edits, inView })
      } catch (error) {
        return error instanceof Error ? error.message : 'did not finish'
      } finally {
        suite.options.progress(++done, all.length, `ablations: ${key}`)
      }
    }),
    AT_ONCE,
  )
  for (const [i, { key, summary }] of all.entries()) {
    const result = results[i]!
    rows.note(`without.${key}`, summary)
    if (typeof result === 'string') {
      rows.note(`without.${key}.failed`, result)
      continue
    }
    rows.add(`without.${key}.payload`, result.bits, 'bit')
    rows.add(`without.${key}.wire`, result.wireKBps, 'kB/s')
    rows.add(`without.${key}.along.p99`, result.along, 'm')
    rows.add(`without.${key}.sideways.p99`, result.sideways, 'm')
    rows.add(`without.${key}.largest`, Math.max(result.alongMost, result.sidewaysMost), 'm')
  }
  const failures = results.filter((result) => typeof result === 'string').length
  rows.add('without.failed', failures, '', { atMost: 0 })
  return {
    method:
      `Ours on ${SECONDS} s of each stage of the hard trace through the link of riders, ${VIEWERS} viewers a stage, 64 in view unless said, in a ` +
      'process each in which the lines that hold one idea are changed before they are loaded, at both ends. Constant acceleration ' +
      'is not among them: the state has no place for it, and the law of motion says it.',
    figures: rows.figures,
  }
}
