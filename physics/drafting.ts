import type { Course } from './course.ts'
import type { Neighbours } from './neighbours.ts'
import type { Riders } from './riders.ts'

/** Front wheel to rear wheel of one bicycle, m; the gap of two riders is the difference of their places less this. */
export const BICYCLE_LENGTH_M = 1.68
/** Farther than this nobody's air touches anybody, m along the road. */
export const REACH_M = 30

/** The air's own velocity at a place in road axes, m/s: along the road (a tailwind is positive) and to the right. */
export interface RoadWind {
  alongMps(placeM: number): number
  rightMps(placeM: number): number
}

export const STILL_AIR: RoadWind = { alongMps: () => 0, rightMps: () => 0 }

/**
 * What one rider's air does to another's drag, as a factor: below 1 in the wake and just in front, above 1 alongside.
 * `gapM` from the front wheel of the one behind to the rear wheel of the one ahead, `offsetM` how far right of it the
 * other rides, in the axes of the source's apparent wind.
 */
export function shelterAt(gapM: number, offsetM: number, sourceAreaM2 = 0.473): number {
  // A first sketch; the law follows.
  const near = 1 / (1 + Math.max(0, gapM) / 4)
  const side = 1 / (1 + 4 * offsetM * offsetM)
  return gapM < -BICYCLE_LENGTH_M ? 1 : 1 - 0.45 * near * near * side * side * Math.min(1, sourceAreaM2 / 0.3)
}

/** Fills `draftFactor` of every rider. */
export function shelter(riders: Riders, neighbours: Neighbours, _course: Course, _wind: RoadWind): void {
  for (let k = 0; k < neighbours.count; k++) {
    const row = neighbours.order[k]!
    riders.draftFactor[row] = shelterOnLine(riders, neighbours, row, riders.lateralM[row]!)
  }
}

/** The `draftFactor` this rider would have on another line, everybody else staying: what line choice asks. */
export function shelterOnLine(riders: Riders, neighbours: Neighbours, row: number, lateralM: number): number {
  const found = neighbours.ahead(row, REACH_M)
  let factor = 1
  for (let n = 0; n < found; n++) {
    const other = neighbours.aheadRow[n]!
    const offsetM = lateralM - riders.lateralM[other]!
    factor *= shelterAt(neighbours.aheadM[n]! - BICYCLE_LENGTH_M, offsetM, riders.cdaM2[other]!)
  }
  return Math.max(0.05, factor)
}
