// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { bakeRoad } from './bake.ts'
import type { BakedColumns, Point } from './format.ts'
import { checked, complaints, type Checked } from './result.ts'
import { centreLine, evenedLine, lineLengthM, noiselessLine, type CentreLine } from './trace-bends.ts'
import { controlPoints } from './trace-control.ts'
import { bakedToGain } from './trace-gain.ts'
import { filledHeights, heightsOnLine, limitedGrade, shapedHeights, withoutHeightSpikes } from './trace-heights.ts'
import { closedTrace, type ClosedTrack } from './trace-loop.ts'
import {
  alongOf,
  measureTrack,
  measureTrace,
  onPlane,
  steepnessOf,
  type Measured,
  type TracePoint,
} from './trace-measure.ts'
import { isTangled, tooWinding, widened, type Widened } from './trace-radius.ts'
import { mendTrace, type Repair, type RepairOptions } from './trace-repair.ts'
import { measureRoad, type MeasuredRoad } from './trace-road.ts'

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
  /** Heights were stretched by this, so that smoothing takes no gain away; 1: they are as recorded. */
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
/** Where noise alone bends the way too tightly, it is smoothed by the first of these that ends that, m. */
const NOISE_LEFT = 0.005
const ZIGZAG_SHARE = 0.2
/** Eased samples nearer than this are one place. */
const APART = 25
const NOISE_SIGMAS_M = [3, 4, 5.5, 7.5, 10, 14, 20]

/** Recorded points → a road: mended, laid on a plane, bent and graded as roads are, baked and measured. */
export function traceRoad(trace: readonly TracePoint[], options: TraceOptions): Checked<TracedRoad> {
  const mended = mendTrace(trace, options)
  if (!mended.ok) return mended
  const repairs = [...mended.value.repairs]
  const track = trackOf(mended.value.points, mended.value.numbers, repairs)
  if (!track.ok) return track
  const line = lineOf(track.value, repairs)
  if (!line.ok) return line
  const bent = bentTo(line.value.line, options)
  if (!bent.ok) return bent
  const { places } = bent.value
  const road = bent.value.line
  if (places.length > 0)
    say(repairs, road, {
      ...{ kind: 'bends-widened', count: places.length, first: places[0]! },
      what: 'opened to a radius of 6 m and more, the length kept',
    })
  const rough = heightsOnLine(road.sourceM, track.value)
  saySteep(rough, road, repairs)
  const source = measureTrace(trace)
  const made = bakedToGain(road, rough, track.value, { ...options, sourceGainM: source.gain5mM })
  if (!made.ok) return made
  const { columns, points, scale, sigmaM } = made.value
  const smooth = shapedHeights(rough, road.isLoop, { sigmaM, scale: 1 })
  const steepness = steepnessOf(smooth, lineLengthM(road) / road.x.length)
  const target = measureTrack(track.value, { takenM: line.value.takenM, steepness })
  repairs.push({
    ...{ kind: 'heights-smoothed', count: 1, firstPoint: undefined, firstAtM: 0 },
    what: `over ${sigmaM} m along the road`,
  })
  const report: TraceReport = {
    ...{ points: trace.length, segments: options.segmentStarts?.length ?? 1, isLoop: track.value.isLoop },
    ...{ source, mended: target, road: measureRoad(columns), repairs, heightScale: scale },
  }
  return checked({ points, isLoop: track.value.isLoop, columns, report })
}

/** On the plane, with a height everywhere, closed where it is a loop. */
function trackOf(points: readonly TracePoint[], numbers: readonly number[], repairs: Repair[]): Checked<ClosedTrack> {
  const plane = onPlane(points.map(inFitUnits))
  const along = alongOf(plane)
  const lengthM = along.at(-1)!
  if (points.length < POINTS_MIN || lengthM < LENGTH_MIN_M)
    return complaints(
      `${points.length} places on ${lengthM.toFixed(0)} m; a road needs ${POINTS_MIN} places and ${LENGTH_MIN_M} m`,
    )
  const given = points.map(({ heightM }) => heightM)
  const filled = filledHeights(given, along, numbers, repairs)
  const z = withoutHeightSpikes(filled, along, numbers, repairs)
  return checked(closedTrace({ ...plane, z }, repairs, numbers))
}

/** Half circles / 2³¹, as a FIT file has them: a course is the same road from whichever file it comes. */
function inFitUnits({ latDeg, lonDeg, heightM }: TracePoint): TracePoint {
  const unit = 180 / 2 ** 31
  return { latDeg: Math.round(latDeg / unit) * unit, lonDeg: Math.round(lonDeg / unit) * unit, heightM }
}

/** The middle of the road, as long as the recording; shorter only where that is more noise than way. */
function lineOf({ x, y, z, isLoop }: ClosedTrack, repairs: Repair[]): Checked<{ line: CentreLine; takenM: number }> {
  const noise = NOISE_SIGMAS_M.at(-1)!
  // Points without any order are told from a road before anything is fitted to them.
  if (isZigZag(x, y) && isTangled(noiselessLine(x, y, isLoop, noise), RADII_M[0]!, NOISE_LEFT))
    return complaints(tooWinding(0))
  const line = centreLine(x, y, isLoop)
  if (!isTangled(line, RADII_M[0]!)) return checked({ line, takenM: 0 })
  const recordedM = measureTrack({ x, y, z, isLoop }, { takenM: 0, steepness: 1 }).lengthM
  for (const sigmaM of NOISE_SIGMAS_M) {
    const quiet = noiselessLine(x, y, isLoop, sigmaM)
    if (isTangled(quiet, RADII_M[0]!, NOISE_LEFT)) continue
    const takenM = recordedM - lineLengthM(evenedLine(quiet))
    repairs.push({
      ...{ kind: 'noise-smoothed', count: 1, firstPoint: undefined, firstAtM: 0 },
      what: `zig-zag tighter than any road smoothed over ${sigmaM} m: ${Math.round(takenM)} m taken out`,
    })
    return checked({ line: quiet, takenM })
  }
  return complaints(tooWinding(0))
}

/** Whether every fifth point turns back. */
function isZigZag(x: Float64Array, y: Float64Array): boolean {
  let back = 0
  for (let i = 1; i + 1 < x.length; i++)
    if ((x[i]! - x[i - 1]!) * (x[i + 1]! - x[i]!) + (y[i]! - y[i - 1]!) * (y[i + 1]! - y[i]!) < 0) back++
  return back > ZIGZAG_SHARE * x.length
}

/** Opened by a little more each time, until the baked road is nowhere too tight. */
function bentTo(line: CentreLine, { widthM, crr }: TraceOptions): Checked<Widened> {
  const { isLoop } = line
  let bent = widened(line, RADII_M[0]!)
  for (const radiusM of RADII_M.slice(1)) {
    if (!bent.ok || bent.value.places.length === 0) break
    const level = controlPoints(bent.value.line, new Float64Array(bent.value.line.x.length))
    const baked = bakeRoad({ points: level, isLoop, widthM, crr })
    if (!baked.ok) return baked
    if (measureRoad(baked.value).radiusMinM >= RADIUS_GOOD_M) break
    bent = widened(line, radiusM)
  }
  return bent
}

function saySteep(rough: Float64Array, line: CentreLine, repairs: Repair[]): void {
  const limited = limitedGrade(rough, line.isLoop)
  const isEased = (i: number) => Math.abs((limited[i] ?? 0) - (rough[i] ?? 0)) > 0.5
  let count = 0
  let first = -1
  let last = -Infinity
  for (let i = 0; i < rough.length; i++) {
    if (!isEased(i)) continue
    if (i - last > APART) count++
    if (first < 0) first = i
    last = i
  }
  if (count > 0) say(repairs, line, { kind: 'grade-limited', count, first, what: 'steeper than 25 %: eased' })
}

/** `first` is a sample of the line. */
function say(
  repairs: Repair[],
  line: CentreLine,
  { first, ...found }: Pick<Repair, 'kind' | 'count' | 'what'> & { first: number },
): void {
  repairs.push({ ...found, firstPoint: undefined, firstAtM: (first * lineLengthM(line)) / line.x.length })
}
