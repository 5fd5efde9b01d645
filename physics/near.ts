import { BICYCLE_LENGTH_M } from './wake-law.ts'
import type { Neighbours } from './neighbours.ts'
import type { Riders } from './riders.ts'

/** As many riders ahead, and as many behind, take part in one rider's thoughts. */
export const NEAR_AHEAD_MAX = 24
export const NEAR_BEHIND_MAX = 12
/** How far a rider looks ahead, and over the shoulder, m (wheel to same wheel). */
const LOOK_AHEAD_M = 30
const LOOK_BEHIND_M = BICYCLE_LENGTH_M + 3
/**
 * Slower than this a rider stands, m/s, with a foot on the ground, and is in nobody's way who rides: else whoever fell
 * asleep in the first row of a pen, or three who stop side by side, would close a road for ever.
 */
export const STANDS_MPS = 0.5

/** Who is near whom, once a tick: flat lists that lines and contact walk again and again. Scratch only. */
export class Near {
  readonly aheadCount: Uint32Array
  readonly aheadRow: Uint32Array
  /** Along the road, wheel to same wheel, when the tick began, m. */
  readonly aheadM: Float64Array
  readonly behindCount: Uint32Array
  readonly behindRow: Uint32Array
  readonly behindM: Float64Array
  /** `distanceM` of each row when the tick began. */
  readonly fromM: Float64Array
  /** `speedMps` of each row when the tick began. */
  readonly fromMps: Float64Array

  constructor(capacity: number) {
    this.aheadCount = new Uint32Array(capacity)
    this.aheadRow = new Uint32Array(capacity * NEAR_AHEAD_MAX)
    this.aheadM = new Float64Array(capacity * NEAR_AHEAD_MAX)
    this.behindCount = new Uint32Array(capacity)
    this.behindRow = new Uint32Array(capacity * NEAR_BEHIND_MAX)
    this.behindM = new Float64Array(capacity * NEAR_BEHIND_MAX)
    this.fromM = new Float64Array(capacity)
    this.fromMps = new Float64Array(capacity)
  }

  update(riders: Riders, neighbours: Neighbours): void {
    const { distanceM, speedMps } = riders
    const { count, order, sortedM, rangeFrom, rangeTo, rangePlusM } = neighbours
    const { aheadCount, aheadRow, aheadM, behindCount, behindRow, behindM } = this
    for (let k = 0; k < count; k++) behindCount[order[k]!] = 0
    for (let k = 0; k < count; k++) {
      const row = order[k]!
      this.fromM[row] = distanceM[row]!
      this.fromMps[row] = speedMps[row]!
      const stands = speedMps[row]! < STANDS_MPS
      const ranges = neighbours.reach(k, LOOK_AHEAD_M)
      const base = row * NEAR_AHEAD_MAX
      let kept = 0
      for (let n = 0; n < ranges; n++) {
        const plusM = rangePlusM[n]! - sortedM[k]!
        const to = rangeTo[n]!
        for (let j = rangeFrom[n]!; j < to && kept < NEAR_AHEAD_MAX; j++) {
          const other = order[j]!
          if (speedMps[other]! < STANDS_MPS !== stands) continue
          const atM = sortedM[j]! + plusM
          aheadRow[base + kept] = other
          aheadM[base + kept++] = atM
          if (atM > LOOK_BEHIND_M) continue
          const behind = behindCount[other]!
          if (behind === NEAR_BEHIND_MAX) continue // Kept: the first found, who are the hindmost; overlap is found from both sides.
          behindRow[other * NEAR_BEHIND_MAX + behind] = row
          behindM[other * NEAR_BEHIND_MAX + behind] = atM
          behindCount[other] = behind + 1
        }
      }
      aheadCount[row] = kept
    }
  }

  /** Wheel to same wheel after the step, m. */
  nowAheadM(riders: Riders, row: number, n: number): number {
    const at = row * NEAR_AHEAD_MAX + n
    const other = this.aheadRow[at]!
    const { distanceM } = riders
    return this.aheadM[at]! + (distanceM[other]! - this.fromM[other]!) - (distanceM[row]! - this.fromM[row]!)
  }
}
