import { TURN, type Course } from './course.ts'
import { RIDER_FLAG, type Riders } from './riders.ts'
import type { NextWay } from './ways.ts'

/** Nobody is told of more riders ahead than this: a heap of riders on one spot cannot make a tick quadratic. */
export const NEIGHBOURS_MAX = 160
/** Ways looked over ahead: a junction's connector and the road behind it, twice. */
const WAYS_AHEAD_MAX = 4
/** Blocks this long are sorted by insertion, then merged. */
const BLOCK = 16

/**
 * Riders in their order along the tape, and for each those ahead within reach, over the ends of ways. It remembers the
 * last order only to sort faster: what it answers follows from the columns alone (place, then rider id).
 */
export class Neighbours {
  /** Riders on the road: rows in use, those in a free-ride zone apart. */
  count = 0
  /** Their rows, from the hindmost place on the tape to the foremost; at one place by rider id. */
  readonly order: Int32Array
  /** Where a row stands in `order`. */
  readonly rank: Int32Array
  /** By row: the place on the tape, m; on a loop without ends, laps taken out. And by rank. */
  readonly placeM: Float64Array
  readonly sortedM: Float64Array
  /** The last answer of `reach`: ranks from … to, and what to add to the difference of places, m. */
  readonly rangeFrom = new Int32Array(WAYS_AHEAD_MAX + 1)
  readonly rangeTo = new Int32Array(WAYS_AHEAD_MAX + 1)
  readonly rangePlusM = new Float64Array(WAYS_AHEAD_MAX + 1)
  /** The last answer of `ahead`: rows, nearest first, … */
  readonly aheadRow = new Int32Array(NEIGHBOURS_MAX)
  /** … and metres along the road from this rider to them, wheel to same wheel, ≥ 0. */
  readonly aheadM = new Float64Array(NEIGHBOURS_MAX)
  #ranges = 0
  #left = 0
  readonly #id: Uint32Array
  readonly #merged: Int32Array
  readonly #isSeen: Uint8Array
  #riders: Riders | undefined
  #course: Course | undefined
  #nextWay: NextWay | undefined

  constructor(capacity: number) {
    this.order = new Int32Array(capacity)
    this.rank = new Int32Array(capacity)
    this.placeM = new Float64Array(capacity)
    this.sortedM = new Float64Array(capacity)
    this.#id = new Uint32Array(capacity)
    this.#merged = new Int32Array(capacity)
    this.#isSeen = new Uint8Array(capacity)
  }

  /** Once a tick, before anybody asks. `nextWay` says where a rider turns off (their route); without it their wish does. */
  update(riders: Riders, course: Course, nextWay?: NextWay): void {
    this.#riders = riders
    this.#course = course
    this.#nextWay = nextWay
    this.#place(riders, course)
    this.#collect(riders)
    this.#sort()
    const { count, order, rank, placeM, sortedM } = this
    for (let k = 0; k < count; k++) {
      const row = order[k]!
      rank[row] = k
      sortedM[k] = placeM[row]!
    }
  }

  /**
   * Riders from this one's own place up to `reachM` ahead, on its way and on the ways it will take, into `aheadRow` and
   * `aheadM`; answers how many. Each pair is told once, to the one behind; at one place to the smaller id.
   */
  ahead(row: number, reachM: number): number {
    const { order, placeM, aheadRow, aheadM } = this
    const hereM = placeM[row]!
    const ranges = this.reach(this.rank[row]!, reachM)
    let found = 0
    for (let n = 0; n < ranges; n++) {
      const plusM = this.rangePlusM[n]! - hereM
      for (let k = this.rangeFrom[n]!; k < this.rangeTo[n]!; k++) {
        const other = order[k]!
        aheadRow[found] = other
        aheadM[found++] = placeM[other]! + plusM
      }
    }
    return found
  }

  /** The same for the rider of a rank, as ranges of ranks: into `rangeFrom`, `rangeTo`, `rangePlusM`; answers how many. */
  reach(rank: number, reachM: number): number {
    const course = this.#course!
    const row = this.order[rank]!
    const hereM = this.placeM[row]!
    const way = this.#riders!.way[row]!
    const endM = course.wayEndM(way)
    this.#ranges = 0
    this.#left = NEIGHBOURS_MAX
    this.#take(rank + 1, Math.min(endM, hereM + reachM), 0)
    if (endM === Infinity) {
      const overM = hereM + reachM - course.lengthM
      // Around the loop, at most up to the rider's own place again.
      if (course.isLoop && overM > 0) this.#take(0, Math.min(overM, hereM), course.lengthM)
      return this.#ranges
    }
    let goneM = endM - hereM
    let next = goneM < reachM ? this.#exit(row, way) : -1
    for (let ways = 0; next >= 0 && ways < WAYS_AHEAD_MAX && goneM < reachM; ways++) {
      const startM = course.wayStartM(next)
      const nextEndM = course.wayEndM(next)
      const stopM = next === way ? hereM : nextEndM // A circuit shorter than the reach.
      this.#take(this.#firstAt(startM), Math.min(stopM, startM + reachM - goneM), hereM + goneM - startM)
      if (next === way) break
      goneM += nextEndM - startM
      next = course.exitOf(next, TURN.none)
    }
    return this.#ranges
  }

  #exit(row: number, way: number): number {
    if (this.#nextWay !== undefined) return this.#nextWay(row)
    return this.#course!.exitOf(way, this.#riders!.turn[row]!)
  }

  /** Ranks from `from` on whose place is below `endM`. */
  #take(from: number, endM: number, plusM: number): void {
    const to = this.#firstAt(endM, from, Math.min(this.count, from + this.#left))
    if (to === from) return
    this.rangeFrom[this.#ranges] = from
    this.rangeTo[this.#ranges] = to
    this.rangePlusM[this.#ranges++] = plusM
    this.#left -= to - from
  }

  /** The first rank at or beyond a place, of those from `low` up to `high`. */
  #firstAt(startM: number, low = 0, high = this.count): number {
    const { sortedM } = this
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sortedM[middle]! < startM) low = middle + 1
      else high = middle
    }
    return low
  }

  #place(riders: Riders, course: Course): void {
    const { count, id, distanceM, offsetM } = riders
    const { placeM } = this
    const lapM = course.isLoop && course.wayEndM(0) === Infinity ? course.lengthM : 0
    for (let row = 0; row < count; row++) {
      const hereM = distanceM[row]! + offsetM[row]!
      placeM[row] = lapM > 0 ? hereM - lapM * Math.floor(hereM / lapM) : hereM
      this.#id[row] = id[row]!
    }
  }

  /** Rows on the road, the last order first. */
  #collect(riders: Riders): void {
    const { count, id, flags } = riders
    const seen = this.#isSeen
    seen.fill(0, 0, count)
    let kept = 0
    for (let k = 0; k < this.count; k++) {
      const row = this.order[k]!
      if (row >= count || id[row] === 0 || (flags[row]! & RIDER_FLAG.zone) !== 0) continue
      seen[row] = 1
      this.order[kept++] = row
    }
    for (let row = 0; row < count; row++) {
      if (seen[row] === 1 || id[row] === 0 || (flags[row]! & RIDER_FLAG.zone) !== 0) continue
      this.order[kept++] = row
    }
    this.count = kept
  }

  /** Insertion in blocks, then merging: n when little has changed, n log n whatever has. */
  #sort(): void {
    const { order, count } = this
    for (let from = 0; from < count; from += BLOCK) {
      const to = Math.min(count, from + BLOCK)
      for (let k = from + 1; k < to; k++) {
        const row = order[k]!
        let at = k
        for (; at > from && this.#isBefore(row, order[at - 1]!); at--) order[at] = order[at - 1]!
        order[at] = row
      }
    }
    for (let width = BLOCK; width < count; width *= 2) {
      for (let from = 0; from + width < count; from += 2 * width) {
        if (this.#isBefore(order[from + width]!, order[from + width - 1]!))
          this.#merge(from, from + width, Math.min(count, from + 2 * width))
      }
    }
  }

  #merge(from: number, middle: number, to: number): void {
    const { order } = this
    const merged = this.#merged
    for (let k = from; k < middle; k++) merged[k] = order[k]!
    let left = from
    let right = middle
    for (let k = from; left < middle; k++) {
      if (right < to && this.#isBefore(order[right]!, merged[left]!)) order[k] = order[right++]!
      else order[k] = merged[left++]!
    }
  }

  #isBefore(a: number, b: number): boolean {
    const aM = this.placeM[a]!
    const bM = this.placeM[b]!
    return aM < bM || (aM === bM && this.#id[a]! < this.#id[b]!)
  }
}
