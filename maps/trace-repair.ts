// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { complaints, checked, type Checked } from './result.ts'
import { distanceM, quantile, type TracePoint } from './trace-measure.ts'

/** Something that was put right: what, how often, and where first. */
export interface Repair {
  readonly kind: RepairKind
  readonly count: number
  /** Number of the recorded point, from 1; undefined for what was found on the road and not in the file. */
  readonly firstPoint: number | undefined
  /** … and its place along the recording, m; for what was found on the road, along the road. */
  readonly firstAtM: number
  /** For people: what was done. */
  readonly what: string
}

export type RepairKind =
  | 'clock-backwards'
  | 'position-spikes'
  | 'twins'
  | 'tangles'
  | 'segments-joined'
  | 'gaps-bridged'
  | 'loop-closed'
  | 'heights-missing'
  | 'height-spikes'
  | 'grade-limited'
  | 'noise-smoothed'
  | 'heights-smoothed'
  | 'bends-widened'

/** Points of a recording that are to be a road, and what was done to them. */
export interface MendedTrace {
  readonly points: readonly TracePoint[]
  /** Number of each in the file, from 1. */
  readonly numbers: readonly number[]
  readonly repairs: readonly Repair[]
}

export interface RepairOptions {
  /** Index of the first point of every segment; one segment when absent. */
  readonly segmentStarts?: readonly number[]
  /** Where a point stands in its file, by index: `point 12, line 40`. */
  readonly placeOf?: (index: number) => string
}

/** Recorded points nearer to each other than this are one. */
const TWIN_M = 0.2
/** A point this far from both its neighbours … */
const SPIKE_M = 30
/** … which are nearer to each other by this … */
const SPIKE_RATIO = 4
/** … and this many usual legs away was never ridden; so with a few points in a row. */
const SPIKE_LEGS = 5
const SPIKE_RUN_MAX = 12
/** So much way within so small a circle is a receiver that stood still, not a road. */
const TANGLE_M = 15
const TANGLE_WAY_M = 120
/** A leg longer than this, and than so many usual legs, is no road: the rider was somewhere else. */
const TELEPORT_M = 2000
const TELEPORT_LEGS = 20
/** Between segments the recorder was off; a road may have gone on. */
const SEGMENT_GAP_MAX_M = 10_000
/** A leg longer than this, and than so many usual ones, is said to be a bridged gap. */
const GAP_M = 200
const GAP_LEGS = 10
/** One jump to another continent must not become a million metres of road. */
const LENGTH_MAX_M = 170_000

interface Numbered {
  readonly point: TracePoint
  /** Index in the file. */
  readonly index: number
  readonly segment: number
}

/** Order, positions and twins; heights are put right later, on the plane. */
export function mendTrace(trace: readonly TracePoint[], options: RepairOptions = {}): Checked<MendedTrace> {
  const placeOf = options.placeOf ?? ((index) => `point ${index + 1}`)
  if (trace.length < 2) return complaints(`${trace.length} points; a road needs two or more`)
  const wrong = trace.findIndex((point) => !isOnEarth(point))
  if (wrong >= 0) return complaints(`${placeOf(wrong)}: not a place on earth`)
  const repairs: Repair[] = []
  const numbered = inOrderOfTime(numberedOf(trace, options.segmentStarts ?? [0]), repairs)
  const kept = withoutSpikes(withoutTangles(withoutTwins(numbered, repairs), repairs), placeOf, repairs)
  if (!kept.ok) return kept
  const spanned = legsChecked(kept.value, placeOf, repairs)
  if (!spanned.ok) return spanned
  return checked({
    points: kept.value.map(({ point }) => point),
    numbers: kept.value.map(({ index }) => index + 1),
    repairs,
  })
}

function isOnEarth({ latDeg, lonDeg, heightM }: TracePoint): boolean {
  return Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180 && (heightM === undefined || Math.abs(heightM) <= 10_000)
}

function numberedOf(trace: readonly TracePoint[], segmentStarts: readonly number[]): Numbered[] {
  let segment = 0
  return trace.map((point, index) => {
    while (segment + 1 < segmentStarts.length && segmentStarts[segment + 1]! <= index) segment++
    return { point, index, segment }
  })
}

/** A clock that runs backwards: the order of the file stands, unless the clock's own order is the shorter way. */
function inOrderOfTime(points: Numbered[], repairs: Repair[]): Numbered[] {
  let count = 0
  let first: Numbered | undefined
  let latestMs = -Infinity
  let isComplete = true
  for (const one of points) {
    const { timeMs } = one.point
    if (timeMs === undefined) isComplete = false
    else if (timeMs < latestMs) {
      count++
      first ??= one
    } else latestMs = timeMs
  }
  if (first === undefined) return points
  const sorted = isComplete ? points.toSorted((a, b) => a.point.timeMs! - b.point.timeMs!) : points
  const isShorter = wayM(sorted) < 0.99 * wayM(points)
  repairs.push({
    kind: 'clock-backwards',
    count,
    firstPoint: first.index + 1,
    firstAtM: wayM(points.slice(0, first.index + 1)),
    what: isShorter ? 'put in the order of their clock' : 'the order of the file was kept',
  })
  return isShorter ? sorted : points
}

function wayM(points: readonly Numbered[]): number {
  let sumM = 0
  for (let i = 1; i < points.length; i++) sumM += distanceM(points[i - 1]!.point, points[i]!.point)
  return sumM
}

function withoutTwins(points: readonly Numbered[], repairs: Repair[]): Numbered[] {
  const kept: Numbered[] = []
  let count = 0
  let firstPoint = 0
  let firstAtM = 0
  for (const one of points) {
    const last = kept.at(-1)
    if (last === undefined || distanceM(last.point, one.point) >= TWIN_M) {
      kept.push(one)
      continue
    }
    if (count++ === 0) {
      firstPoint = one.index + 1
      firstAtM = wayM(kept)
    }
    if (last.point.heightM === undefined && one.point.heightM !== undefined)
      kept[kept.length - 1] = { ...last, point: { ...last.point, heightM: one.point.heightM } }
  }
  if (count > 0) repairs.push({ kind: 'twins', count, firstPoint, firstAtM, what: 'the same place twice: taken out' })
  return kept
}

/** A receiver that stands still wanders: of a long way within a small circle only the first and the last point stay. */
function withoutTangles(points: readonly Numbered[], repairs: Repair[]): Numbered[] {
  const along = waysM(points)
  const isNear = (i: number, j: number) => distanceM(points[i]!.point, points[j]!.point) <= TANGLE_M
  const kept: Numbered[] = []
  let count = 0
  let takenM = 0
  let first = -1
  for (let i = 0, far = 0; i < points.length;) {
    kept.push(points[i]!)
    // Who went far enough and is still near may have stayed near all the while.
    while (far < points.length && along[far]! - along[i]! < TANGLE_WAY_M) far++
    let end = i + 1
    if (far < points.length && isNear(i, far)) while (end < points.length && isNear(i, end)) end++
    if (end <= far) {
      i++
      continue
    }
    if (count++ === 0) first = i
    takenM += along[end - 1]! - along[i]! - distanceM(points[i]!.point, points[end - 1]!.point)
    i = end - 1
  }
  if (count > 0)
    repairs.push({
      ...{ kind: 'tangles', count, firstPoint: points[first]!.index + 1, firstAtM: along[first]! },
      what: `turning on the spot: ${Math.round(takenM)} m taken out`,
    })
  return kept
}

/** Way walked at each point. */
function waysM(points: readonly Numbered[]): Float64Array {
  const along = new Float64Array(points.length)
  for (let i = 1; i < points.length; i++) along[i] = along[i - 1]! + distanceM(points[i - 1]!.point, points[i]!.point)
  return along
}

/** A few points far from their neighbours, which are near each other, were never ridden. */
function withoutSpikes(
  points: readonly Numbered[],
  placeOf: (index: number) => string,
  repairs: Repair[],
): Checked<Numbered[]> {
  const usualM = usualLegM(points)
  const kept: Numbered[] = []
  let count = 0
  let first: Numbered | undefined
  let firstAtM = 0
  for (let i = 0; i < points.length; i++) {
    const one = points[i]!
    const last = kept.at(-1)
    const run = last === undefined ? 0 : spikeRun(points, i, last.point, usualM)
    if (run === 0) {
      kept.push(one)
      continue
    }
    const awayM = distanceM(last!.point, one.point)
    if (awayM > TELEPORT_M)
      return complaints(`${placeOf(one.index)}: ${kmText(awayM)} away from the points before and after it`)
    if (first === undefined) {
      first = one
      firstAtM = wayM(kept) + awayM
    }
    count += run
    i += run - 1
  }
  if (first !== undefined)
    repairs.push({
      kind: 'position-spikes',
      count,
      firstPoint: first.index + 1,
      firstAtM,
      what: 'far from both neighbours: taken out',
    })
  return checked(kept)
}

/** How many points from `i` on are a spike between `before` and the point after them; 0 for none. */
function spikeRun(points: readonly Numbered[], i: number, before: TracePoint, usualM: number): number {
  const limitM = Math.max(SPIKE_M, SPIKE_LEGS * usualM)
  const outM = distanceM(before, points[i]!.point)
  if (outM <= limitM) return 0
  for (let run = 1; run <= SPIKE_RUN_MAX && i + run < points.length; run++) {
    const after = points[i + run]!.point
    const backM = distanceM(points[i + run - 1]!.point, after)
    const openM = distanceM(before, after)
    if (backM > limitM && Math.min(outM, backM) > SPIKE_RATIO * openM) return run
  }
  return 0
}

/** Legs that no rider rode end the import; long ones are said. */
function legsChecked(
  points: readonly Numbered[],
  placeOf: (index: number) => string,
  repairs: Repair[],
): Checked<undefined> {
  const usualM = usualLegM(points)
  const joins = { count: 0, sumM: 0, point: 0, atM: 0 }
  const gaps = { count: 0, sumM: 0, point: 0, atM: 0 }
  let lengthM = 0
  for (let i = 1; i < points.length; i++) {
    const { point, index, segment } = points[i]!
    const legM = distanceM(points[i - 1]!.point, point)
    const isJoin = segment !== points[i - 1]!.segment
    if (legM > Math.max(isJoin ? SEGMENT_GAP_MAX_M : TELEPORT_M, TELEPORT_LEGS * usualM))
      return complaints(
        `${placeOf(index)}: ${kmText(legM)} away from the point before it; that is no road (import the parts one by one)`,
      )
    const list = isJoin ? joins : legM > Math.max(GAP_M, GAP_LEGS * usualM) ? gaps : undefined
    if (list !== undefined) {
      list.sumM += legM
      if (list.count++ === 0) [list.point, list.atM] = [index + 1, lengthM]
    }
    lengthM += legM
    if (lengthM > LENGTH_MAX_M)
      return complaints(
        `${placeOf(index)}: the points span more than ${LENGTH_MAX_M / 1000} km; roads of up to that are made`,
      )
  }
  for (const [kind, { count, sumM, point, atM }] of [
    ['segments-joined', joins],
    ['gaps-bridged', gaps],
  ] as const)
    if (count > 0)
      repairs.push({ kind, count, firstPoint: point, firstAtM: atM, what: `straight on, ${Math.round(sumM)} m in all` })
  return checked(undefined)
}

/** The median leg. */
function usualLegM(points: readonly Numbered[]): number {
  const legs = new Float64Array(Math.max(0, points.length - 1))
  for (let i = 0; i < legs.length; i++) legs[i] = distanceM(points[i]!.point, points[i + 1]!.point)
  return quantile(legs, 0.5)
}

function kmText(distance: number): string {
  return distance < 10_000 ? `${(distance / 1000).toFixed(1)} km` : `${Math.round(distance / 1000)} km`
}
