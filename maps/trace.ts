// runs once, when a road is made from a recording: it may use Math.sin and its like. Nothing that World.step reaches imports it.

import { bakeRoad } from './bake.ts'
import { BakedCourse } from './course.ts'
import type { BakedColumns, Point } from './format.ts'
import { checked, complaints, type Checked } from './result.ts'

/** One recorded point; `heightM` undefined where the recorder had none. */
export interface TracePoint {
  readonly latDeg: number
  readonly lonDeg: number
  readonly heightM: number | undefined
}

export interface TraceOptions {
  readonly widthM: number
  readonly crr: number
}

/** What came in and what was made of it. Lengths over ground, gains as docs/maps.md defines them. */
export interface TraceReport {
  readonly points: number
  /** Sum of great circles between the recorded points. */
  readonly lengthM: number
  /** Every upward difference of the recorded heights. */
  readonly gainRawM: number
  /** The same with a 5 m hysteresis. */
  readonly gain5mM: number
  readonly spikes: number
  readonly isLoop: boolean
  readonly bakedLengthM: number
  readonly bakedGainM: number
  /** Steepest grade of the baked road, rise over run, by size. */
  readonly bakedGradeMax: number
  readonly bakedRadiusMinM: number
}

export interface TracedRoad {
  readonly columns: BakedColumns
  readonly report: TraceReport
}

/** Mean radius of the earth, m (IUGG). */
const EARTH_M = 6_371_008.8
const RADIANS = Math.PI / 180
const LOOP_GAP_M = 60
/** Recorded points nearer to each other than this are one. */
const TWIN_M = 1
const SPIKE_M = 30
const RESAMPLE_M = 5
/** Widths (standard deviations) of the smoothing along the road, m. */
const SMOOTH_ROAD_M = 5
const SMOOTH_HEIGHT_M = 25
const SMOOTH_LIMIT_M = 10
const GRADE_MAX = 0.25
/** One jump to another continent must not become a million metres of road. */
const LENGTH_MAX_M = 170_000
const POINTS_MIN = 4

/** Recorded points → a road: plane, twins and spikes out, resampled, smoothed, welded where it is a loop, baked. */
export function traceRoad(trace: readonly TracePoint[], options: TraceOptions): Checked<TracedRoad> {
  if (trace.length < 2) return complaints(`${trace.length} points; a road needs two or more`)
  const given = reportOf(trace)
  if (given.lengthM > LENGTH_MAX_M)
    return complaints(
      `the points span ${Math.round(given.lengthM / 1000)} km; up to ${LENGTH_MAX_M / 1000} km are baked`,
    )
  const plane = onPlane(trace, filledHeights(trace))
  const { points: kept, spikes } = withoutSpikes(withoutTwins(plane))
  const isLoop = kept.length > POINTS_MIN && isClosed(kept)
  const even = evenly(isLoop ? welded(kept) : kept, isLoop)
  if (even.length < POINTS_MIN) return complaints('the points are all in one place; a road needs a length')
  const points = withSmoothHeights(evenly(withSmoothBends(even, isLoop), isLoop), isLoop)
  const baked = bakeRoad({ points, isLoop, ...options })
  if (!baked.ok) return baked
  const columns = baked.value
  const report = { ...given, spikes, isLoop, ...reportBaked(columns) }
  return checked({ columns, report })
}

/** Great circle, by haversine: exact for short ways too. */
export function distanceM(a: TracePoint, b: TracePoint): number {
  const halfLat = Math.sin(((b.latDeg - a.latDeg) * RADIANS) / 2)
  const halfLon = Math.sin(((b.lonDeg - a.lonDeg) * RADIANS) / 2)
  const cosines = Math.cos(a.latDeg * RADIANS) * Math.cos(b.latDeg * RADIANS)
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(halfLat * halfLat + cosines * halfLon * halfLon)))
}

/**
 * Height gained with a hysteresis: a reference height moves to the track only when the track is at least `thresholdM`
 * above or below it; its upward moves are summed. With 0 it is the plain sum of every rise.
 */
export function gainM(heightsM: readonly number[], thresholdM: number): number {
  let referenceM = heightsM[0] ?? 0
  let sumM = 0
  for (const heightM of heightsM) {
    if (Math.abs(heightM - referenceM) < thresholdM) continue
    sumM += Math.max(0, heightM - referenceM)
    referenceM = heightM
  }
  return sumM
}

function reportOf(trace: readonly TracePoint[]) {
  let lengthM = 0
  for (let i = 1; i < trace.length; i++) lengthM += distanceM(trace[i - 1]!, trace[i]!)
  const heights = trace.flatMap(({ heightM }) => (heightM === undefined ? [] : [heightM]))
  return { points: trace.length, lengthM, gainRawM: gainM(heights, 0), gain5mM: gainM(heights, 5) }
}

function reportBaked(columns: BakedColumns) {
  const course = new BakedCourse(columns)
  const heights: number[] = []
  let gradeMax = 0
  let bendMax = 0
  const point = { xM: 0, yM: 0, zM: 0, dx: 1, dy: 0, slope: 0, widthM: 0, curvaturePerM: 0 }
  for (let atM = 0; atM < course.lengthM; atM++) {
    const { zM, slope, curvaturePerM } = course.at(atM, point)
    heights.push(zM)
    gradeMax = Math.max(gradeMax, Math.abs(slope) / Math.sqrt(1 - slope * slope))
    bendMax = Math.max(bendMax, Math.abs(curvaturePerM))
  }
  return {
    bakedLengthM: course.lengthM,
    bakedGainM: gainM(heights, 5),
    bakedGradeMax: gradeMax,
    bakedRadiusMinM: bendMax > 0 ? 1 / bendMax : Infinity,
  }
}

/** Missing heights are drawn straight between their neighbours; a track without any is flat, at sea level. */
function filledHeights(trace: readonly TracePoint[]): readonly number[] {
  const heights = trace.map(({ heightM }) => heightM)
  const known = heights.flatMap((heightM, i) => (heightM === undefined ? [] : [i]))
  if (known.length === 0) return heights.map(() => 0)
  let k = 0
  return heights.map((heightM, i) => {
    if (heightM !== undefined) return heightM
    while (k < known.length - 1 && known[k + 1]! < i) k++
    const before = known[k]!
    const after = known[k + 1]
    if (before > i || after === undefined) return heights[before]!
    return heights[before]! + ((heights[after]! - heights[before]!) * (i - before)) / (after - before)
  })
}

/** Seen from straight above the middle of the track (orthographic): true to 10⁻⁵ within 25 km. */
function onPlane(trace: readonly TracePoint[], heightsM: readonly number[]): Point[] {
  const middle = trace[Math.floor(trace.length / 2)]!
  const sin0 = Math.sin(middle.latDeg * RADIANS)
  const cos0 = Math.cos(middle.latDeg * RADIANS)
  return trace.map(({ latDeg, lonDeg }, i) => {
    const sin = Math.sin(latDeg * RADIANS)
    const cos = Math.cos(latDeg * RADIANS)
    const turn = (lonDeg - middle.lonDeg) * RADIANS
    return [EARTH_M * cos * Math.sin(turn), EARTH_M * (cos0 * sin - sin0 * cos * Math.cos(turn)), heightsM[i]!]
  })
}

function flatM(a: Point, b: Point): number {
  return Math.sqrt((b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1]))
}

function withoutTwins(points: readonly Point[]): Point[] {
  const kept: Point[] = []
  for (const point of points) {
    const last = kept.at(-1)
    if (last === undefined || flatM(last, point) >= TWIN_M) kept.push(point)
  }
  return kept
}

/** A point far from both its neighbours, which are near each other, was never ridden. */
function withoutSpikes(points: readonly Point[]): { points: Point[]; spikes: number } {
  const kept: Point[] = []
  let spikes = 0
  points.forEach((point, i) => {
    const before = kept.at(-1)
    const after = points[i + 1]
    if (before !== undefined && after !== undefined) {
      const awayM = Math.min(flatM(before, point), flatM(point, after))
      if (awayM > SPIKE_M && awayM > 4 * flatM(before, after)) {
        spikes++
        return
      }
    }
    kept.push(point)
  })
  return { points: kept, spikes }
}

function isClosed(points: readonly Point[]): boolean {
  let lengthM = 0
  for (let i = 1; i < points.length; i++) lengthM += flatM(points[i - 1]!, points[i]!)
  return lengthM > 10 * LOOP_GAP_M && flatM(points[0]!, points.at(-1)!) < LOOP_GAP_M
}

/** The gap between end and beginning, in place and height, shared out along the whole track. */
function welded(points: readonly Point[]): Point[] {
  const first = points[0]!
  const last = points.at(-1)!
  const share = (i: number) => i / points.length
  return points.map(([x, y, z], i) => [
    x + (first[0] - last[0]) * share(i),
    y + (first[1] - last[1]) * share(i),
    z + (first[2] - last[2]) * share(i),
  ])
}

/** Points RESAMPLE_M apart (as nearly as whole steps allow) along the straight lines between the given ones. */
function evenly(given: readonly Point[], isLoop: boolean): Point[] {
  const points = isLoop ? [...given, given[0]!] : given
  const along = [0]
  for (let i = 1; i < points.length; i++) along.push(along[i - 1]! + flatM(points[i - 1]!, points[i]!))
  const lengthM = along.at(-1)!
  const steps = Math.floor(lengthM / RESAMPLE_M)
  if (steps === 0) return []
  const even: Point[] = []
  for (let step = 0, i = 0; step < (isLoop ? steps : steps + 1); step++) {
    const atM = (lengthM * step) / steps
    while (i < points.length - 2 && along[i + 1]! < atM) i++
    const [a, b] = [points[i]!, points[i + 1]!]
    const f = (atM - along[i]!) / Math.max(1e-9, along[i + 1]! - along[i]!)
    even.push([a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f, a[2] + (b[2] - a[2]) * f])
  }
  return even
}

function withSmoothBends(points: readonly Point[], isLoop: boolean): Point[] {
  const along = (k: 0 | 1) => points.map((point) => point[k])
  const x = gaussian(along(0), SMOOTH_ROAD_M / RESAMPLE_M, isLoop)
  const y = gaussian(along(1), SMOOTH_ROAD_M / RESAMPLE_M, isLoop)
  return points.map(([, , z], i) => [x[i]!, y[i]!, z])
}

function withSmoothHeights(points: readonly Point[], isLoop: boolean): Point[] {
  const calm = withoutOutliers(
    points.map(([, , z]) => z),
    isLoop,
  )
  const limited = limitedGrade(gaussian(calm, SMOOTH_HEIGHT_M / RESAMPLE_M, isLoop), isLoop)
  const z = gaussian(limited, SMOOTH_LIMIT_M / RESAMPLE_M, isLoop)
  return points.map(([x, y], i) => [x, y, z[i]!])
}

/** Hampel: a height more than three robust deviations (and 2 m) from the median of its 75 m is the median. */
function withoutOutliers(values: readonly number[], isLoop: boolean): number[] {
  const reach = 7
  return values.map((value, i) => {
    const near = around(values, i, reach, isLoop).toSorted((a, b) => a - b)
    const middle = near[near.length >> 1]!
    const deviations = near.map((other) => Math.abs(other - middle)).toSorted((a, b) => a - b)
    const limit = Math.max(2, 3 * 1.4826 * deviations[deviations.length >> 1]!)
    return Math.abs(value - middle) > limit ? middle : value
  })
}

/** A Gaussian over the samples; at the ends of an open track, over those that are there. */
function gaussian(values: readonly number[], sigma: number, isLoop: boolean): number[] {
  const n = values.length
  const reach = Math.min(Math.ceil(3 * sigma), (n - 1) >> 1)
  const weights = Array.from({ length: reach + 1 }, (_, k) => Math.exp((-k * k) / (2 * sigma * sigma)))
  return values.map((_, i) => {
    let sum = 0
    let weight = 0
    for (let k = -reach; k <= reach; k++) {
      if (!isLoop && (i + k < 0 || i + k >= n)) continue
      const share = weights[Math.abs(k)]!
      sum += share * values[(i + k + n) % n]!
      weight += share
    }
    return sum / weight
  })
}

function around(values: readonly number[], i: number, reach: number, isLoop: boolean): number[] {
  const near: number[] = []
  for (let k = i - reach; k <= i + reach; k++) {
    const inside = isLoop ? (k + values.length * reach) % values.length : k
    if (inside >= 0 && inside < values.length) near.push(values[inside]!)
  }
  return near
}

/** No step steeper than GRADE_MAX: two passes, each pulling the higher end down. */
function limitedGrade(values: readonly number[], isLoop: boolean): number[] {
  const limited = [...values]
  const n = limited.length
  const most = GRADE_MAX * RESAMPLE_M
  const rounds = isLoop ? 2 * n : n
  for (let k = 1; k < rounds; k++) limited[k % n] = Math.min(limited[k % n]!, limited[(k - 1) % n]! + most)
  for (let k = rounds - 2; k >= 0; k--) limited[k % n] = Math.min(limited[k % n]!, limited[(k + 1) % n]! + most)
  return limited
}
