// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { HEIGHT_UNIT_M, SLOPE_UNIT, type BakedColumns } from './format.ts'
import { gainM, HYSTERESIS_M, type Measured } from './trace-measure.ts'

/** A baked road, measured at its own samples, a metre apart. */
export interface MeasuredRoad extends Measured {
  /** Steepest grade, rise over run, by size. */
  readonly gradeMax: number
  /** Fastest change of grade, per metre. */
  readonly gradeStepMaxPerM: number
  /** Of the circle through samples RADIUS_REACH apart. */
  readonly radiusMinM: number
}

/** Metres on either side over which a bend is measured: shorter, and the rounding to millimetres is seen. */
const RADIUS_REACH = 2

export function measureRoad(columns: BakedColumns): MeasuredRoad {
  const { count, isLoop, xMm, yMm, slopeCount, heightCount } = columns
  const steps = isLoop ? count : count - 1
  const heights = Float64Array.from({ length: steps + 1 }, (_, i) => heightCount[i % count]! * HEIGHT_UNIT_M)
  let lengthM = 0
  let gradeMax = 0
  let gradeStepMax = 0
  let bendMax = 0
  const gradeAt = (i: number) => {
    const slope = slopeCount[i % count]! * SLOPE_UNIT
    return slope / Math.sqrt(1 - slope * slope)
  }
  for (let i = 0; i < count; i++) {
    gradeMax = Math.max(gradeMax, Math.abs(gradeAt(i)))
    if (i >= steps) continue
    const j = (i + 1) % count
    const dx = (xMm[j]! - xMm[i]!) / 1000
    const dy = (yMm[j]! - yMm[i]!) / 1000
    lengthM += Math.sqrt(dx * dx + dy * dy)
    gradeStepMax = Math.max(gradeStepMax, Math.abs(gradeAt(j) - gradeAt(i)))
    if (isLoop || (i >= RADIUS_REACH && i + RADIUS_REACH < count)) bendMax = Math.max(bendMax, bendAt(columns, i))
  }
  return {
    lengthM,
    length3dM: steps,
    gainRawM: gainM(heights, 0),
    gain5mM: gainM(heights, HYSTERESIS_M),
    gradeMax,
    gradeStepMaxPerM: gradeStepMax,
    radiusMinM: bendMax > 0 ? 1 / bendMax : Infinity,
  }
}

function bendAt({ count, xMm, yMm }: BakedColumns, i: number): number {
  const a = (i - RADIUS_REACH + count) % count
  const c = (i + RADIUS_REACH) % count
  const abX = (xMm[i]! - xMm[a]!) / 1000
  const abY = (yMm[i]! - yMm[a]!) / 1000
  const bcX = (xMm[c]! - xMm[i]!) / 1000
  const bcY = (yMm[c]! - yMm[i]!) / 1000
  const acX = abX + bcX
  const acY = abY + bcY
  const sides = Math.sqrt((abX * abX + abY * abY) * (bcX * bcX + bcY * bcY) * (acX * acX + acY * acY))
  return sides > 0 ? (2 * Math.abs(abX * bcY - abY * bcX)) / sides : 0
}
