import type { Course } from './course.ts'
import type { Riders } from './riders.ts'

/** Nobody is asked about more riders ahead than this: whoever stands in a heap cannot make the tick quadratic. */
export const NEIGHBOURS_MAX = 256

/**
 * Riders in their order along the road, and for each those ahead within reach. Holds scratch only: everything here is
 * worked out again by `update`, from columns, and does not depend on what was here before.
 */
export class Neighbours {
  /** Rows on the road. */
  count = 0
  /** Rows from the hindmost to the foremost place on the tape; same place: by rider id. */
  readonly order: Uint32Array
  /** Place of each of them on the tape, m, laps of a loop taken out; as `order`. */
  readonly placeM: Float64Array
  /** Where a row stands in `order`. */
  readonly rank: Uint32Array
  /** The last answer of `ahead`: rows, nearest first, … */
  readonly aheadRow = new Uint32Array(NEIGHBOURS_MAX)
  /** … and metres along the road from this rider's place to theirs (wheel to same wheel, ≥ 0). */
  readonly aheadM = new Float64Array(NEIGHBOURS_MAX)

  constructor(capacity: number) {
    this.order = new Uint32Array(capacity)
    this.placeM = new Float64Array(capacity)
    this.rank = new Uint32Array(capacity)
  }

  /** Call once a tick, before anybody asks. */
  update(riders: Riders, _course: Course): void {
    const { id, distanceM } = riders
    let n = 0
    for (let row = 0; row < riders.count; row++) {
      if (id[row] === 0) continue
      let at = n++
      const hereM = distanceM[row]!
      for (; at > 0; at--) {
        const before = this.order[at - 1]!
        const otherM = this.placeM[at - 1]!
        if (otherM < hereM || (otherM === hereM && id[before]! < id[row]!)) break
        this.order[at] = before
        this.placeM[at] = otherM
      }
      this.order[at] = row
      this.placeM[at] = hereM
    }
    for (let k = 0; k < n; k++) this.rank[this.order[k]!] = k
    this.count = n
  }

  /** Fills `aheadRow` and `aheadM` with the riders ahead on this rider's own way and on the ways it will take; how many. */
  ahead(row: number, reachM: number): number {
    const at = this.rank[row]!
    const hereM = this.placeM[at]!
    let found = 0
    for (let k = at + 1; k < this.count && found < NEIGHBOURS_MAX; k++) {
      const gapM = this.placeM[k]! - hereM
      if (gapM > reachM) break
      this.aheadRow[found] = this.order[k]!
      this.aheadM[found++] = gapM
    }
    return found
  }
}
