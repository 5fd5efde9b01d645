import {
  BEST_LENGTHS_S,
  type Activity,
  type ActivityMark,
  type ActivityRow,
  type ActivitySummary,
  type Stint,
} from './model.ts'

/** Heights count over this much road, as on the ride page: a quantised road is no mountain. */
const CLIMB_STEP_M = 10
const SPLIT_M = 1000
const LAP_MIN_S = 20
/** Weighted power: mean over so long, then its fourth power. */
const WEIGHING_S = 30

/** What a ride came to. Rows of pauses are not there, so every row is a second in motion. */
export function summarise({ rows, marks }: Pick<Activity, 'rows' | 'marks'>): ActivitySummary {
  const books = marks.findLast((mark) => mark.kind === 'books')
  const whole = stintOf(rows, 0, rows.length)
  const workJ = books?.workJ ?? sumOf(rows, 0, rows.length, ({ powerW }) => powerW)
  const pedalled = rows.filter(({ cadenceRpm }) => cadenceRpm > 0)
  const bpm = rows.filter(({ heartRateBpm }) => heartRateBpm > 0)
  return {
    ...{ distanceM: whole.distanceM, elapsedS: rows.at(-1)?.atS ?? 0, movingS: rows.length, workJ },
    ...{ averageW: rows.length > 0 ? workJ / rows.length : 0, maxW: whole.maxW, weightedW: weightedW(rows) },
    ...{ averageRpm: whole.averageRpm, maxRpm: pedalled.reduce((most, row) => Math.max(most, row.cadenceRpm), 0) },
    averageBpm: whole.averageBpm,
    maxBpm: bpm.length === 0 ? null : bpm.reduce((most, row) => Math.max(most, row.heartRateBpm), 0),
    averageMps: rows.length > 0 ? whole.distanceM / rows.length : 0,
    maxMps: rows.reduce((most, row) => Math.max(most, row.speedMps), 0),
    climbM: whole.climbM,
    savedJ: sumOf(rows, 0, rows.length, ({ savedW }) => savedW),
    brakeJ: books?.brakeJ ?? 0,
    contactJ: books?.contactJ ?? 0,
    bests: bestsOf(rows),
    splits: splitsOf(rows),
    laps: lapsOf(rows, marks),
    segments: marks.flatMap((mark) =>
      mark.kind === 'segment' ? [{ id: mark.id, name: mark.name, ms: mark.ms, atS: mark.atS }] : [],
    ),
  }
}

function bestsOf(rows: readonly ActivityRow[]): ActivitySummary['bests'] {
  const seconds = rows.at(-1)?.atS ?? 0
  // Watts of every second of the clock; a pause counts as none, as it does for the legs.
  const sumJ = new Float64Array(seconds + 1)
  for (const { atS, powerW } of rows) sumJ[atS] = powerW
  for (let s = 1; s <= seconds; s++) sumJ[s]! += sumJ[s - 1]!
  return BEST_LENGTHS_S.filter((lengthS) => lengthS <= seconds).map((lengthS) => {
    let bestJ = 0
    let atS = lengthS
    for (let s = lengthS; s <= seconds; s++) {
      const workJ = sumJ[s]! - sumJ[s - lengthS]!
      if (workJ > bestJ) [bestJ, atS] = [workJ, s]
    }
    return { lengthS, powerW: bestJ / lengthS, atS: atS - lengthS }
  })
}

function weightedW(rows: readonly ActivityRow[]): number {
  if (rows.length < WEIGHING_S) return 0
  let windowJ = 0
  let sum = 0
  rows.forEach(({ powerW }, i) => {
    windowJ += powerW - (i >= WEIGHING_S ? rows[i - WEIGHING_S]!.powerW : 0)
    if (i >= WEIGHING_S - 1) sum += (windowJ / WEIGHING_S) ** 4
  })
  return (sum / (rows.length - WEIGHING_S + 1)) ** 0.25
}

function splitsOf(rows: readonly ActivityRow[]): Stint[] {
  const splits: Stint[] = []
  let from = 0
  for (let i = 0; i < rows.length; i++) {
    const isLast = i === rows.length - 1
    const isFull = Math.floor(rows[i]!.distanceM / SPLIT_M) > Math.floor((rows[i - 1]?.distanceM ?? 0) / SPLIT_M)
    if (isFull || isLast) {
      splits.push(stintOf(rows, from, i + 1))
      from = i + 1
    }
  }
  return splits
}

/** From line to line. The part before the first line is one of its own, and so is what follows the last. */
export function lapsOf(rows: readonly ActivityRow[], marks: readonly ActivityMark[]): Stint[] {
  // Who starts in a pen rolls over the line at once: that is no lap.
  const ends = marks.filter(({ kind, atS }) => kind === 'lap' && atS >= LAP_MIN_S).map(({ atS }) => atS)
  // Those by hand are told a moment later.
  ends.sort((a, b) => a - b)
  const laps: Stint[] = []
  let from = 0
  for (const endS of [...ends, Infinity]) {
    let to = from
    while (to < rows.length && rows[to]!.atS <= endS) to++
    if (to > from) laps.push(stintOf(rows, from, to))
    from = to
  }
  return laps
}

function stintOf(rows: readonly ActivityRow[], from: number, to: number): Stint {
  const before = rows[from - 1]
  const last = rows[to - 1]
  const count = to - from
  let pedalled = 0
  let rpm = 0
  let beats = 0
  let bpm = 0
  let maxW = 0
  let climbM = 0
  let climbedTo = before ?? rows[from]
  for (let i = from; i < to; i++) {
    const row = rows[i]!
    maxW = Math.max(maxW, row.powerW)
    if (row.cadenceRpm > 0) [pedalled, rpm] = [pedalled + 1, rpm + row.cadenceRpm]
    if (row.heartRateBpm > 0) [beats, bpm] = [beats + 1, bpm + row.heartRateBpm]
    if (row.distanceM - climbedTo!.distanceM < CLIMB_STEP_M && i < to - 1) continue
    climbM += Math.max(0, row.heightM - climbedTo!.heightM)
    climbedTo = row
  }
  return {
    fromS: before?.atS ?? 0,
    toS: last?.atS ?? 0,
    movingS: count,
    distanceM: (last?.distanceM ?? 0) - (before?.distanceM ?? 0),
    averageW: count > 0 ? sumOf(rows, from, to, ({ powerW }) => powerW) / count : 0,
    maxW,
    averageRpm: pedalled > 0 ? rpm / pedalled : 0,
    averageBpm: beats > 0 ? bpm / beats : null,
    climbM,
  }
}

function sumOf(rows: readonly ActivityRow[], from: number, to: number, value: (row: ActivityRow) => number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += value(rows[i]!)
  return sum
}
