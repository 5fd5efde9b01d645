import {
  BANK_UNIT,
  BEND_UNIT_PM,
  DIRECTION_UNIT,
  GUARD_SAMPLES,
  HEIGHT_UNIT_M,
  SLOPE_UNIT,
  WIND_SHARE_UNIT,
  type BakedColumns,
  type BakedSurface,
  type BakedWay,
} from './format.ts'
import { lengthOf, Walker, type Track } from './track.ts'

/** What a way has at each of its samples, by metres along its road or by the share of the way that is behind. */
export interface WayShape {
  readonly track: Track
  readonly lengthM: number
  readonly slopeCount: Int16Array
  readonly startHeightCount: number
  readonly widthM: (roadM: number, share: number) => number
  readonly bank: (roadM: number, share: number) => number
  readonly windShare: (roadM: number, share: number) => number
  readonly surface: (roadM: number, share: number) => number
}

/** A bend is how much the direction turns over this much on either side, m. */
const BEND_REACH_M = 0.5

/** Samples that a way takes on the tape, its guard included. A map of one way has no guard, a loop no last sample. */
export function samplesOf(lengthM: number, tape: { isLoop: boolean; isAlone: boolean }): number {
  return lengthM + (tape.isLoop ? 0 : tape.isAlone ? 1 : 1 + GUARD_SAMPLES)
}

export function createColumns(
  ways: readonly BakedWay[],
  surfaces: readonly BakedSurface[],
  isLoop: boolean,
): BakedColumns {
  const last = ways[ways.length - 1]!
  const count = last.startM + samplesOf(last.lengthM, { isLoop, isAlone: ways.length === 1 })
  return {
    ...{ count, isLoop, ways, surfaces },
    slopeCount: new Int16Array(count),
    heightCount: new Int32Array(count),
    widthCm: new Uint16Array(count),
    surface: new Uint8Array(count),
    bendCount: new Int16Array(count),
    bankCount: new Int8Array(count),
    windCount: new Uint8Array(count),
    eastCount: new Int16Array(count),
    northCount: new Int16Array(count),
    xMm: new Int32Array(count),
    yMm: new Int32Array(count),
    roadCm: new Int32Array(count),
  }
}

/** Lays a way onto the tape. */
export function layWay(columns: BakedColumns, { startM, lengthM }: BakedWay, shape: WayShape): void {
  const { track } = shape
  const { isLoop } = columns
  const trackM = lengthOf(track)
  const stepM = trackM / lengthM
  const walker = new Walker(track)
  const behind = new Walker(track)
  const ahead = new Walker(track)
  let heightCount = shape.startHeightCount
  for (let k = 0; k < (isLoop ? lengthM : lengthM + 1); k++) {
    const i = startM + k
    const atM = k * stepM
    walker.to(atM)
    const roadM = walker.of(track.roadM)
    columns.slopeCount[i] = shape.slopeCount[k]!
    if (k > 0) heightCount += shape.slopeCount[k - 1]! + shape.slopeCount[k]!
    columns.heightCount[i] = heightCount
    columns.widthCm[i] = Math.round(shape.widthM(roadM, k / lengthM) * 100)
    columns.surface[i] = shape.surface(roadM, k / lengthM)
    columns.bankCount[i] = Math.round(shape.bank(roadM, k / lengthM) / BANK_UNIT)
    columns.windCount[i] = Math.round(shape.windShare(roadM, k / lengthM) / WIND_SHARE_UNIT)
    columns.xMm[i] = Math.round(walker.of(track.x) * 1000)
    columns.yMm[i] = Math.round(walker.of(track.y) * 1000)
    columns.roadCm[i] = Math.round(roadM * 100)
    const east = walker.of(track.east)
    const north = walker.of(track.north)
    const unit = Math.sqrt(east * east + north * north) * DIRECTION_UNIT
    columns.eastCount[i] = Math.round(east / unit)
    columns.northCount[i] = Math.round(north / unit)
    const bend = bendBetween(behind, ahead, atM, { trackM, isLoop })
    columns.bendCount[i] = Math.max(-32768, Math.min(32767, Math.round(bend / BEND_UNIT_PM)))
  }
  if (!isLoop && columns.ways.length > 1) layGuard(columns, startM + lengthM)
}

/** The samples behind a way's end go on as it went: straight ahead, with the slope and all else that it ended with. */
export function layGuard(columns: BakedColumns, endM: number): void {
  const { eastCount, northCount } = columns
  for (let i = endM + 1; i <= endM + GUARD_SAMPLES; i++) {
    for (const name of CARRIED) columns[name][i] = columns[name][endM]!
    columns.heightCount[i] = columns.heightCount[i - 1]! + 2 * columns.slopeCount[endM]!
    columns.xMm[i] = columns.xMm[i - 1]! + Math.round(eastCount[endM]! * DIRECTION_UNIT * 1000)
    columns.yMm[i] = columns.yMm[i - 1]! + Math.round(northCount[endM]! * DIRECTION_UNIT * 1000)
  }
}
const CARRIED = [
  ...(['slopeCount', 'widthCm', 'surface', 'bendCount', 'bankCount', 'windCount'] as const),
  ...(['eastCount', 'northCount', 'roadCm'] as const),
]

function bendBetween(
  behind: Walker,
  ahead: Walker,
  atM: number,
  { trackM, isLoop }: { trackM: number; isLoop: boolean },
): number {
  let a = atM - BEND_REACH_M
  let b = atM + BEND_REACH_M
  if (isLoop) {
    if (a < 0) a += trackM
    if (b > trackM) b -= trackM
  } else {
    a = Math.max(0, a)
    b = Math.min(trackM, b)
  }
  const spanM = isLoop ? 2 * BEND_REACH_M : b - a
  const { east, north } = behind.track
  behind.to(a)
  ahead.to(b)
  const [ae, an] = [behind.of(east), behind.of(north)]
  const [be, bn] = [ahead.of(east), ahead.of(north)]
  const sine = (an * be - ae * bn) / Math.sqrt((ae * ae + an * an) * (be * be + bn * bn))
  // The angle from its sine, to the fifth power: exact to 10⁻⁴ at a radius of two metres.
  const square = sine * sine
  return (sine * (1 + square * (1 / 6 + square * (3 / 40)))) / spanM
}

/** Whole counts whose running sum never strays by more than half of one: on a loop they add up to nothing. */
export function roundedSlopes(slopes: Float64Array, isLoop: boolean): Int16Array {
  let total = 0
  for (const slope of slopes) total += slope
  const excess = isLoop ? total / slopes.length : 0 // Rounding of the sum only; a loop's slopes cancel.
  const counts = new Int16Array(slopes.length)
  let sum = 0
  let rounded = 0
  for (let i = 0; i < slopes.length; i++) {
    sum += slopes[i]! - excess
    const next = Math.round(sum / SLOPE_UNIT)
    counts[i] = clampCount(next - rounded)
    rounded = next
  }
  return counts
}

/**
 * Whole counts of slopes that lead exactly from one height to another: what is missing goes where the way is far from
 * its ends, the rest of a count into the first sample.
 */
export function slopesBetween(slopes: Float64Array, startHeightCount: number, endHeightCount: number): Int16Array {
  const last = slopes.length - 1
  const first = Math.round(slopes[0]! / SLOPE_UNIT)
  const final = Math.round(slopes[last]! / SLOPE_UNIT)
  const target = endHeightCount - startHeightCount
  const odd = Math.abs((target - first - final) % 2)
  const inner = (target - first - odd - final) / 2
  let sum = 0
  let weights = 0
  for (let i = 1; i < last; i++) {
    sum += slopes[i]! / SLOPE_UNIT
    weights += weightAt(i, last)
  }
  const missing = inner - sum
  const counts = new Int16Array(last + 1)
  counts[0] = clampCount(first + odd)
  counts[last] = clampCount(final)
  let wanted = 0
  let rounded = 0
  for (let i = 1; i < last; i++) {
    wanted += slopes[i]! / SLOPE_UNIT + (missing * weightAt(i, last)) / weights
    const next = i === last - 1 ? inner : Math.round(wanted)
    counts[i] = clampCount(next - rounded)
    rounded = next
  }
  return counts
}

function weightAt(i: number, last: number): number {
  return Math.min(20, i, last - i)
}

function clampCount(count: number): number {
  return Math.max(-32768, Math.min(32767, count))
}

export function heightCountOf(heightM: number): number {
  return Math.round(heightM / HEIGHT_UNIT_M)
}
