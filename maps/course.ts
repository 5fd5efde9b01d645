import { BAKED_STEP_M, CRR_UNIT, HEIGHT_UNIT_M, SLOPE_UNIT, type BakedColumns } from './format.ts'

/** A place on the road, for drawing and for turning heads. Made once, filled by `BakedCourse.at`. */
export interface RoadPoint {
  /** Middle of the road, m: x east, y north, z up. */
  xM: number
  yM: number
  zM: number
  /** Unit vector along the road, seen from above. Its right hand is (dy, −dx). */
  dx: number
  dy: number
  /** dz/ds. */
  slope: number
  widthM: number
  /** Bend to the right, 1/m; a hairpin of 14 m is ±0.07. */
  curvaturePerM: number
}

export function createRoadPoint(): RoadPoint {
  return { xM: 0, yM: 0, zM: 0, dx: 1, dy: 0, slope: 0, widthM: 0, curvaturePerM: 0 }
}

/** Samples on either side that curvature is taken over: long enough that a millimetre of rounding bends nothing. */
const CURVATURE_REACH = 4

/**
 * The baked columns as a road: physics rides it (`physics/course` by shape), the picture draws it, both by the same
 * distance. Every look-up takes any finite distance, wraps on a loop, stops at the ends of a straight course, and
 * allocates nothing.
 */
export class BakedCourse {
  readonly columns: BakedColumns
  readonly lengthM: number
  readonly isLoop: boolean
  readonly #last: number
  readonly #bendPerM: Float64Array
  readonly #point = createRoadPoint()
  /** Of the last `#seek`: sample, the one after, and how far between. A field each, so that nothing is allocated. */
  #soughtM = NaN
  #i = 0
  #j = 0
  #f = 0

  constructor(columns: BakedColumns) {
    this.columns = columns
    this.isLoop = columns.isLoop
    this.#last = columns.count - 1
    this.lengthM = (columns.isLoop ? columns.count : columns.count - 1) * BAKED_STEP_M
    this.#bendPerM = bendsPerM(columns)
  }

  /** Rise per metre of road: between samples a straight line. */
  slopeAt(distanceM: number): number {
    this.#seek(distanceM)
    const { slopeCount } = this.columns
    const from = slopeCount[this.#i]!
    return (from + (slopeCount[this.#j]! - from) * this.#f) * SLOPE_UNIT
  }

  /** Height above the sea: the exact integral of `slopeAt`. */
  heightAt(distanceM: number): number {
    this.#seek(distanceM)
    const { slopeCount, heightCount } = this.columns
    const from = slopeCount[this.#i]!
    const f = this.#f
    return (heightCount[this.#i]! + f * (2 * from + (slopeCount[this.#j]! - from) * f)) * HEIGHT_UNIT_M
  }

  /** A surface holds from its sample to the next. */
  crrAt(distanceM: number): number {
    this.#seek(distanceM)
    return this.columns.crrCount[this.#i]! * CRR_UNIT
  }

  widthAt(distanceM: number): number {
    this.#seek(distanceM)
    const { widthCm } = this.columns
    const from = widthCm[this.#i]!
    return (from + (widthCm[this.#j]! - from) * this.#f) * 0.01
  }

  /** As a smooth road of ours has it, until maps say otherwise. */
  gripAt(_placeM: number): number {
    return 0.9
  }

  curvatureAt(placeM: number): number {
    this.#seek(placeM)
    const bend = this.#bendPerM[this.#i]!
    return bend + (this.#bendPerM[this.#j]! - bend) * this.#f
  }

  bankAt(_placeM: number): number {
    return 0
  }

  eastAt(placeM: number): number {
    return this.at(placeM, this.#point).dx
  }

  northAt(placeM: number): number {
    return this.at(placeM, this.#point).dy
  }

  xAt(placeM: number): number {
    this.#seek(placeM)
    const { xMm } = this.columns
    const from = xMm[this.#i]!
    return (from + (xMm[this.#j]! - from) * this.#f) * 0.001
  }

  yAt(placeM: number): number {
    this.#seek(placeM)
    const { yMm } = this.columns
    const from = yMm[this.#i]!
    return (from + (yMm[this.#j]! - from) * this.#f) * 0.001
  }

  windShareAt(_placeM: number): number {
    return 1
  }

  airDensityAt(_placeM: number): number {
    return 1.225
  }

  readonly wayCount = 1

  wayAt(_placeM: number): number {
    return 0
  }

  wayStartM(_way: number): number {
    return 0
  }

  wayEndM(_way: number): number {
    return Infinity
  }

  exitOf(_way: number, _turn: number): number {
    return -1
  }

  /** Where on the lap, 0 ≤ x < lengthM; on a straight course 0 … lengthM. */
  onLapM(distanceM: number): number {
    this.#seek(distanceM)
    return (this.#i + this.#f) * BAKED_STEP_M
  }

  /** Laps completed since distance 0; 0 on a straight course. */
  lapsAt(distanceM: number): number {
    return this.isLoop ? Math.floor(distanceM / this.lengthM) : 0
  }

  /** Everything about a place, into `out`: position by a cubic through the samples, so that a bend has no corners. */
  at(distanceM: number, out: RoadPoint): RoadPoint {
    out.slope = this.slopeAt(distanceM)
    out.zM = this.heightAt(distanceM)
    out.widthM = this.widthAt(distanceM)
    const { xMm, yMm } = this.columns
    const i = this.#i
    const j = this.#j
    const before = this.#neighbour(i - 1)
    const after = this.#neighbour(j + 1)
    const f = this.#f
    const bend = this.#bendPerM[i]!
    out.curvaturePerM = bend + (this.#bendPerM[j]! - bend) * f
    out.xM = cubic(xMm[before]!, xMm[i]!, xMm[j]!, xMm[after]!, f) * 0.001
    out.yM = cubic(yMm[before]!, yMm[i]!, yMm[j]!, yMm[after]!, f) * 0.001
    const dx = cubicSlope(xMm[before]!, xMm[i]!, xMm[j]!, xMm[after]!, f)
    const dy = cubicSlope(yMm[before]!, yMm[i]!, yMm[j]!, yMm[after]!, f)
    const length = Math.sqrt(dx * dx + dy * dy)
    out.dx = length > 0 ? dx / length : 1
    out.dy = length > 0 ? dy / length : 0
    return out
  }

  #neighbour(index: number): number {
    if (this.isLoop)
      return index < 0 ? index + this.columns.count : index > this.#last ? index - this.columns.count : index
    return Math.min(this.#last, Math.max(0, index))
  }

  #seek(distanceM: number): void {
    if (distanceM === this.#soughtM) return
    this.#soughtM = distanceM
    const lengthM = this.lengthM
    let onLapM = this.isLoop ? distanceM - lengthM * Math.floor(distanceM / lengthM) : distanceM
    // Also where rounding lands on the end itself, or a number is too large to have a place: those are the start.
    if (!(onLapM >= 0)) onLapM = 0
    if (onLapM >= lengthM) onLapM = this.isLoop ? 0 : lengthM
    const step = onLapM / BAKED_STEP_M
    const i = Math.min(Math.floor(step), this.isLoop ? this.#last : this.#last - 1)
    this.#i = i
    this.#j = i === this.#last ? 0 : i + 1
    this.#f = step - i
  }
}

/** Catmull-Rom through b and c, f of the way. */
function cubic(a: number, b: number, c: number, d: number, f: number): number {
  return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)))
}

function cubicSlope(a: number, b: number, c: number, d: number, f: number): number {
  return 0.5 * (c - a + f * (2 * (2 * a - 5 * b + 4 * c - d) + f * 3 * (3 * (b - c) + d - a)))
}

/** Curvature at every sample, right positive: the circle through the samples CURVATURE_REACH before, here and after. */
function bendsPerM({ count, isLoop, xMm, yMm }: BakedColumns): Float64Array {
  const bends = new Float64Array(count)
  const reach = Math.min(CURVATURE_REACH, Math.floor((count - 1) / 2))
  for (let i = 0; i < count; i++) {
    const centre = isLoop ? i : Math.min(count - 1 - reach, Math.max(reach, i))
    const a = (centre - reach + count) % count
    const c = (centre + reach) % count
    const abx = (xMm[centre]! - xMm[a]!) * 0.001
    const aby = (yMm[centre]! - yMm[a]!) * 0.001
    const bcx = (xMm[c]! - xMm[centre]!) * 0.001
    const bcy = (yMm[c]! - yMm[centre]!) * 0.001
    const acx = abx + bcx
    const acy = aby + bcy
    const sides = Math.sqrt((abx * abx + aby * aby) * (bcx * bcx + bcy * bcy) * (acx * acx + acy * acy))
    bends[i] = sides > 0 ? (-2 * (abx * bcy - aby * bcx)) / sides : 0
  }
  return bends
}
