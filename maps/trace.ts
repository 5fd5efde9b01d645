// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { bakeRoad } from './bake.ts'
import type { BakedColumns, Point } from './format.ts'
import { checked, complaints, type Checked } from './result.ts'
import { centreLine, lineLengthM, type CentreLine } from './trace-bends.ts'
import { controlPoints } from './trace-control.ts'
import {
  expectedGainM,
  filledHeights,
  heightsOnLine,
  limitedGrade,
  shapedHeights,
  smoothingFor,
  withoutHeightSpikes,
} from './trace-heights.ts'
import {
  alongOf,
  HYSTERESIS_M,
  measureTrace,
  onPlane,
  type Measured,
  type TracePoint,
} from './trace-measure.ts'
import { closedTrace, type ClosedTrack } from './trace-loop.ts'
import { measureRoad, type MeasuredRoad } from './trace-road.ts'
import { mendTrace, type Repair, type RepairOptions } from './trace-repair.ts'
import { widened, type Widened } from './trace-radius.ts'

export interface TraceOptions extends RepairOptions {
  readonly widthM: number
  readonly crr: number
}

/** What came in, what was put right, and what was made of it. Lengths and gains as docs/maps.md defines them. */
export interface TraceReport {
  readonly points: number
  readonly segments: number
  readonly isLoop: boolean
  /** As recorded. */
  readonly source: Measured
  /** After the repairs: what the road is held to. */
  readonly mended: Measured
  readonly road: MeasuredRoad
  readonly repairs: readonly Repair[]
  /** Heights above the start were stretched by this, so that the gain is the recorded one; 1: as recorded. */
  readonly heightScale: number
}

export interface TracedRoad {
  /** What a map file of this road has: baking them again gives the same columns. */
  readonly points: readonly Point[]
  readonly isLoop: boolean
  readonly columns: BakedColumns
  readonly report: TraceReport
}

const POINTS_MIN = 4
const LENGTH_MIN_M = 100
/** Bends are opened to the first of these that leaves the baked road no tighter than RADIUS_GOOD_M. */
const RADII_M = [7, 8, 9.5, 11]
const RADIUS_GOOD_M = 6.15
/** A gain this near the wanted one is good; the expected gain is to be nearer with every bake. */
const MISS_GOOD = 0.029
const MISS_AIMS = [0.023, 0.018, 0.012, 0.006, 0.003]
const SCALE_STEP = 0.01
const SCALE_STEPS_UP = 40
const SCALE_STEPS_DOWN = 10

/** Recorded points → a road: mended, laid on a plane, bent and graded as roads are, baked and measured. */
export function traceRoad(trace: readonly TracePoint[], options: TraceOptions): Checked<TracedRoad> {
  const mended = mendTrace(trace, options)
  if (!mended.ok) return mended
  const repairs = [...mended.value.repairs]
  const { numbers } = mended.value
  const points = inFitUnits(mended.value.points)
  const plane = onPlane(points)
  const along = alongOf(plane)
  if (points.length < POINTS_MIN || along.at(-1)! < LENGTH_MIN_M)
    return complaints(
      `${points.length} places within ${along.at(-1)!.toFixed(0)} m; a road needs ${POINTS_MIN} places and ${LENGTH_MIN_M} m`,
    )
  const heights = filledHeights(
    points.map(({ heightM }) => heightM),
    along,
    numbers,
    repairs,
  )
  const track = closedTrace(
    { ...plane, z: withoutHeightSpikes(heights, along, numbers, repairs) },
    repairs,
    numbers,
  )
  const { isLoop } = track
  const target = measuredTarget(points, track.z, track.gapM)
  const bent = bentTo(track, options)
  if (!bent.ok) return bent
  const baked = bakedToGain(bent.value, track, target.gain5mM, options)
  if (!baked.ok) return baked
  sayWidened(bent.value, repairs)
  saySteep(baked.value.rough, bent.value.line, repairs)
  const report: TraceReport = {
    points: trace.length,
    segments: options.segmentStarts?.length ?? 1,
    isLoop,
    source: measureTrace(trace),
    mended: target,
    road: baked.value.road,
    repairs,
    heightScale: baked.value.scale,
  }
  return checked({ points: baked.value.points, isLoop, columns: baked.value.columns, report })
}

/**
 * Places in half circles / 2³¹ and heights in 0.2 m, as a FIT file has them: a course is the same road from whichever file it
 * comes, and both are finer than any receiver.
 */
function inFitUnits(points: readonly TracePoint[]): TracePoint[] {
  const unit = 180 / 2 ** 31
  return points.map(({ latDeg, lonDeg, heightM }) => ({
    latDeg: Math.round(latDeg / unit) * unit,
    lonDeg: Math.round(lonDeg / unit) * unit,
    heightM: heightM === undefined ? undefined : Math.round(heightM * 5) / 5,
  }))
}

function measuredTarget(points: readonly TracePoint[], heightsM: Float64Array, gapM: number): Measured {
  const found = measureTrace(points.map((point, i) => ({ ...point, heightM: heightsM[i]! })))
  return { ...found, lengthM: found.lengthM + gapM, length3dM: found.length3dM + gapM }
}

interface Made {
  readonly rough: Float64Array
  /** How much the profile was stretched in height. */
  readonly scale: number
  readonly points: readonly Point[]
  readonly columns: BakedColumns
  readonly road: MeasuredRoad
}

/** Opened by a little more each time, until the baked road is nowhere too tight. */
function bentTo(track: ClosedTrack, { widthM, crr }: TraceOptions): Checked<Widened> {
  const { isLoop } = track
  const line = centreLine(track.x, track.y, isLoop)
  let bent = widened(line, RADII_M[0]!)
  for (const radiusM of RADII_M.slice(1)) {
    if (!bent.ok || bent.value.places.length === 0) break
    const baked = bakeRoad({ points: controlPoints(bent.value.line, bent.value.line.x.map(() => 0)), isLoop, widthM, crr })
    if (!baked.ok) return baked
    if (measureRoad(baked.value).radiusMinM >= RADIUS_GOOD_M) break
    bent = widened(line, radiusM)
  }
  return bent
}

/** Smoothing and baking take gain away: the profile is stretched in height by the least that brings the baked road near the wanted gain. */
function bakedToGain(
  bent: Widened,
  track: ClosedTrack,
  wantedM: number,
  { widthM, crr }: TraceOptions,
): Checked<Made> {
  const { isLoop } = track
  const rough = heightsOnLine(bent.line.sourceM, alongOf(track), track.z)
  const sigmaM = smoothingFor(rough, isLoop, wantedM)
  const shaped = (scale: number) => shapedHeights(rough, isLoop, { sigmaM, scale })
  let bakingShare = 1
  let triedMost = -Infinity
  let best: Made | undefined
  for (let bake = 0; bake < MISS_AIMS.length; bake++) {
    const found = leastScale(shaped, isLoop, wantedM / bakingShare, MISS_AIMS[bake]!)
    // Gain moves in steps of 5 m: where the search stands still, one step on.
    const scale = best !== undefined && found <= triedMost ? triedMost + SCALE_STEP : found
    triedMost = scale
    const heights = shaped(scale)
    const points = controlPoints(bent.line, heights)
    const baked = bakeRoad({ points, isLoop, widthM, crr })
    if (!baked.ok) return baked
    const road = measureRoad(baked.value)
    const missM = Math.abs(wantedM - road.gain5mM)
    if (best === undefined || missM < Math.abs(wantedM - best.road.gain5mM))
      best = { rough, points, columns: baked.value, road, scale }
    if (missM <= MISS_GOOD * wantedM) break
    // What baking does to the gain is learned from what it did.
    bakingShare *= road.gain5mM / Math.max(expectedGainM(heights, isLoop) * bakingShare, HYSTERESIS_M)
  }
  return checked(best!)
}

/** Stretched by as little as brings the expected gain within `aim`, else by what brings it nearest. */
function leastScale(shaped: (scale: number) => Float64Array, isLoop: boolean, wantedM: number, aim: number): number {
  const missM = (scale: number) => wantedM - expectedGainM(shaped(scale), isLoop)
  let nearest = 1
  let nearestM = missM(1)
  const direction = Math.sign(nearestM)
  const steps = direction > 0 ? SCALE_STEPS_UP : SCALE_STEPS_DOWN
  for (let step = 1; step <= steps && Math.abs(nearestM) > aim * wantedM; step++) {
    const scale = 1 + direction * step * SCALE_STEP
    const found = missM(scale)
    if (Math.abs(found) < Math.abs(nearestM)) [nearest, nearestM] = [scale, found]
  }
  return nearest
}

function sayWidened({ places, line }: Widened, repairs: Repair[]): void {
  if (places.length === 0) return
  repairs.push({
    kind: 'bends-widened',
    count: places.length,
    firstPoint: undefined,
    firstAtM: places[0]! * sampleM(line),
    what: 'opened to a radius of 6 m and more, the length kept',
  })
}

function saySteep(rough: Float64Array, line: CentreLine, repairs: Repair[]): void {
  const limited = limitedGrade(rough, line.isLoop)
  const isEased = (i: number) => Math.abs((limited[i] ?? 0) - (rough[i] ?? 0)) > 0.5
  let count = 0
  let first = -1
  for (let i = 0; i < rough.length; i++) {
    if (!isEased(i)) continue
    if (!isEased(i - 1)) count++
    if (first < 0) first = i
  }
  if (count === 0) return
  repairs.push({
    kind: 'grade-limited',
    count,
    firstPoint: undefined,
    firstAtM: first * sampleM(line),
    what: 'steeper than 25 %: eased',
  })
}

function sampleM(line: CentreLine): number {
  return lineLengthM(line) / line.x.length
}
