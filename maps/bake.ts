import { COURSE_SAMPLES_MAX, complaintsAboutColumns } from './course-file.ts'
import { CRR_UNIT, HEIGHT_UNIT_M, SLOPE_UNIT, type BakedColumns, type MapFile, type Point } from './format.ts'
import { checked, complaints, type Checked } from './result.ts'
import { splineAt, splineThrough } from './spline.ts'

/** Slopes are averaged over this many metres, twice: a bicycle's length of road does not turn from 2 % to 8 %. */
const SLOPE_SMOOTH_M = 21
/** The curve is walked in pieces of about this, m: arc length to a micrometre. */
const WALK_M = 0.1
const LENGTH_MIN_M = 100
const TOO_LONG = `points: the road is longer than ${(0.9 * COURSE_SAMPLES_MAX) / 1000} km`

/** What a person drew → the columns that are ridden. + − × ÷ and sqrt only: every engine bakes the same bytes. */
export function bakeMap(map: MapFile): Checked<BakedColumns> {
  const baked = bakeRoad({ points: map.points, isLoop: map.isLoop, widthM: map.widthM, crr: map.crr })
  if (!baked.ok) return baked
  const columns = baked.value
  for (const { fromM, toM, crr } of map.surfaces)
    columns.crrCount.fill(Math.round(crr / CRR_UNIT), Math.ceil(fromM), Math.ceil(toM))
  return checked(columns)
}

export interface RoadPlan {
  readonly points: readonly Point[]
  readonly isLoop: boolean
  readonly widthM: number
  readonly crr: number
}

export function bakeRoad(plan: RoadPlan): Checked<BakedColumns> {
  const twin = plan.points.findIndex(([x, y, z], i) => {
    const [bx, by, bz] = plan.points[i + 1] ?? (plan.isLoop ? plan.points[0]! : [Infinity, 0, 0])
    return x === bx && y === by && z === bz
  })
  if (twin >= 0) return complaints(`points[${twin}]: the next point is the same place`)
  // Before anything is laid out: a curve is not much longer than its chords, and a hostile plan may be a planet long.
  if (chordsM(plan) > 0.9 * COURSE_SAMPLES_MAX) return complaints(TOO_LONG)
  const walk = walkCurve(plan)
  const lengthM = walk.alongM[walk.alongM.length - 1]!
  if (!(lengthM >= LENGTH_MIN_M))
    return complaints(`points: the road is ${lengthM.toFixed(1)} m long; at least ${LENGTH_MIN_M} m`)
  if (lengthM >= COURSE_SAMPLES_MAX) return complaints(TOO_LONG)
  const columns = columnsFrom(walk, Math.round(lengthM), plan)
  const wrong = complaintsAboutColumns(columns)
  return wrong.length > 0 ? complaints(...wrong) : checked(columns)
}

function chordsM({ points }: RoadPlan): number {
  let sumM = 0
  for (let i = 1; i < points.length; i++) {
    const [ax, ay, az] = points[i - 1]!
    const [bx, by, bz] = points[i]!
    sumM += Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay) + (bz - az) * (bz - az))
  }
  return sumM
}

interface Walk {
  readonly alongM: Float64Array
  readonly axes: readonly Float64Array[]
}

/** Many points along the curve, and the road behind each, in three dimensions. */
function walkCurve({ points, isLoop }: RoadPlan): Walk {
  const spline = splineThrough(points, isLoop)
  const pieces = spline.knots.length - 1
  const stepsOf = (piece: number) => {
    const rootM = spline.knots[piece + 1]! - spline.knots[piece]!
    return Math.ceil((rootM * rootM) / WALK_M) + 1
  }
  let total = 1
  for (let piece = 0; piece < pieces; piece++) total += stepsOf(piece)
  const alongM = new Float64Array(total)
  const axes = [0, 1, 2].map(() => new Float64Array(total))
  const at = new Float64Array(3)
  let n = 0
  for (let piece = 0; piece < pieces; piece++) {
    const steps = stepsOf(piece)
    for (let step = piece === 0 ? 0 : 1; step <= steps; step++, n++) {
      splineAt(spline, piece, step / steps, at)
      for (let axis = 0; axis < 3; axis++) axes[axis]![n] = at[axis]!
      if (n === 0) continue
      let squareM2 = 0
      for (const values of axes) squareM2 += (values[n]! - values[n - 1]!) * (values[n]! - values[n - 1]!)
      alongM[n] = alongM[n - 1]! + Math.sqrt(squareM2)
    }
  }
  return { alongM, axes }
}

/**
 * Samples a metre apart. The whole road is scaled by the little that makes its length a whole number of metres. Slopes
 * come from the curve, are smoothed and rounded so that they add up to what they were; heights are their exact sum.
 */
function columnsFrom({ alongM, axes }: Walk, lengthM: number, plan: RoadPlan): BakedColumns {
  const { isLoop } = plan
  const walkedM = alongM[alongM.length - 1]!
  const scale = lengthM / walkedM
  const count = isLoop ? lengthM : lengthM + 1
  const xMm = new Int32Array(count)
  const yMm = new Int32Array(count)
  const zM = new Float64Array(lengthM + 1)
  for (let i = 0, n = 0; i <= lengthM; i++) {
    const targetM = Math.min(walkedM, i / scale)
    while (n < alongM.length - 2 && alongM[n + 1]! < targetM) n++
    const f = (targetM - alongM[n]!) / (alongM[n + 1]! - alongM[n]!)
    const value = (axis: number) => (axes[axis]![n]! + (axes[axis]![n + 1]! - axes[axis]![n]!) * f) * scale
    zM[i] = value(2)
    if (i < count) {
      xMm[i] = Math.round(value(0) * 1000)
      yMm[i] = Math.round(value(1) * 1000)
    }
  }
  if (isLoop) zM[lengthM] = zM[0]!
  const slopes = smoothed(smoothed(slopesOf(zM, count, isLoop), isLoop), isLoop)
  const slopeCount = roundedSlopes(slopes, isLoop)
  const heightCount = new Int32Array(count)
  heightCount[0] = Math.round(zM[0]! / HEIGHT_UNIT_M)
  for (let i = 1; i < count; i++) heightCount[i] = heightCount[i - 1]! + slopeCount[i - 1]! + slopeCount[i]!
  return {
    count,
    isLoop,
    slopeCount,
    heightCount,
    xMm,
    yMm,
    widthCm: new Uint16Array(count).fill(Math.round(plan.widthM * 100)),
    crrCount: new Uint16Array(count).fill(Math.round(plan.crr / CRR_UNIT)),
  }
}

function slopesOf(zM: Float64Array, count: number, isLoop: boolean): Float64Array {
  const slopes = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const before = i > 0 ? i - 1 : isLoop ? count - 1 : 0
    const after = isLoop || i < count - 1 ? i + 1 : i
    slopes[i] = (zM[after]! - zM[before]!) / (isLoop ? 2 : after - before)
  }
  return slopes
}

/** A moving average; on a straight course the window shrinks towards its ends. */
function smoothed(values: Float64Array, isLoop: boolean): Float64Array {
  const count = values.length
  const reach = Math.min((SLOPE_SMOOTH_M - 1) / 2, Math.floor((count - 1) / 2))
  return values.map((_, i) => {
    const near = isLoop ? reach : Math.min(reach, i, count - 1 - i)
    let sum = 0
    for (let k = i - near; k <= i + near; k++) sum += values[(k + count) % count]!
    return sum / (2 * near + 1)
  })
}

/** Whole counts whose running sum never strays by more than half of one: on a loop they add up to nothing. */
function roundedSlopes(slopes: Float64Array, isLoop: boolean): Int16Array {
  let total = 0
  for (const slope of slopes) total += slope
  const excess = isLoop ? total / slopes.length : 0 // Rounding of the sum only; a loop's slopes cancel.
  const counts = new Int16Array(slopes.length)
  let sum = 0
  let rounded = 0
  for (let i = 0; i < slopes.length; i++) {
    sum += slopes[i]! - excess
    const next = Math.round(sum / SLOPE_UNIT)
    counts[i] = Math.max(-32768, Math.min(32767, next - rounded))
    rounded = next
  }
  return counts
}
