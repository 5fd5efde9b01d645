import { CLEAR_M } from './follow.ts'
import { NEAR_AHEAD_MAX, NEAR_BEHIND_MAX, type Near } from './near.ts'
import type { Riders } from './riders.ts'
import { BICYCLE_LENGTH_M } from './wake-law.ts'

/** Who is about to overlap with a wheel counts as beside it: so near, m, or so soon, s. */
const AHEAD_M = 0.1
const AHEAD_S = 0.6
/** Who comes up from behind, so much faster, m/s, is let through when there so soon, s; who only follows minds the own wheel. */
const BEHIND_MPS = 0.3
const BEHIND_S = 1.5
/** Nearer to the wheel's own line than this is behind it, not beside it. */
const IN_LINE = 0.6

/** The strip of road a rider may move in: nobody alongside is squeezed, and nobody who comes up is cut off. */
export class Strip {
  /** Asked for: as far as the road goes, to each side. */
  limitM = 0
  leftM = 0
  rightM = 0

  find(riders: Riders, near: Near, row: number): void {
    const { speedMps } = riders
    const { limitM } = this
    const v = speedMps[row]!
    this.leftM = -limitM
    this.rightM = limitM
    const ahead = row * NEAR_AHEAD_MAX
    for (let n = 0; n < near.aheadCount[row]!; n++) {
      const gapM = near.aheadM[ahead + n]! - BICYCLE_LENGTH_M
      if (gapM > 3) break
      const other = near.aheadRow[ahead + n]!
      if (gapM <= AHEAD_M + AHEAD_S * Math.max(0, v - speedMps[other]!)) this.#bound(riders, row, other, gapM, false)
    }
    const behind = row * NEAR_BEHIND_MAX
    for (let n = 0; n < near.behindCount[row]!; n++) {
      const gapM = near.behindM[behind + n]! - BICYCLE_LENGTH_M
      const other = near.behindRow[behind + n]!
      if (gapM <= BEHIND_S * Math.max(0, speedMps[other]! - v - BEHIND_MPS)) this.#bound(riders, row, other, gapM, true)
    }
  }

  /** Where the other is and where they are going, both are theirs. */
  #bound({ id, lateralM, lineM }: Riders, row: number, other: number, gapM: number, isBehind: boolean): void {
    const x = lateralM[row]!
    const otherM = lateralM[other]!
    if (gapM > 0 && Math.abs(otherM - x) < IN_LINE * CLEAR_M) return
    // Who rides ahead keeps the line they have: nobody who is still behind pushes them off it.
    const yieldM = isBehind && gapM > 0 ? 0 : Infinity
    if (otherM > x || (otherM === x && id[other]! > id[row]!))
      this.rightM = Math.min(this.rightM, Math.max(Math.min(otherM, lineM[other]!) - CLEAR_M, x - yieldM))
    else this.leftM = Math.max(this.leftM, Math.min(Math.max(otherM, lineM[other]!) + CLEAR_M, x + yieldM))
  }
}
