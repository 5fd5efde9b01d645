import type { Course } from '#physics/course'
import type { Riders } from '#physics/riders'
import { VIEW_RIDERS, VIEW_RIDERS_KEEP } from '#protocol/limits'

/**
 * Who is near whom along the road. Rows are kept sorted by their place on the course (laps folded on a loop); from one
 * tick to the next they are nearly sorted already, so insertion sort is a walk.
 */
export class Interest {
  readonly #riders: Riders
  readonly #course: Course
  readonly #sorted: Uint32Array
  readonly #placeM: Float64Array
  /** Index in `#sorted` of a row. */
  readonly #rank: Uint32Array
  /** 1: the row stands in `#sorted` since the last update. */
  readonly #isKnown: Uint8Array
  #count = 0

  constructor({ riders, course }: { riders: Riders; course: Course }) {
    this.#riders = riders
    this.#course = course
    this.#sorted = new Uint32Array(riders.capacity)
    this.#placeM = new Float64Array(riders.capacity)
    this.#rank = new Uint32Array(riders.capacity)
    this.#isKnown = new Uint8Array(riders.capacity)
  }

  update(): void {
    const { count, id, distanceM } = this.#riders
    const { lengthM, isLoop } = this.#course
    let kept = 0
    const isKnown = this.#isKnown.fill(0)
    for (let i = 0; i < this.#count; i++) {
      const row = this.#sorted[i]!
      if (row >= count || id[row] === 0) continue
      isKnown[row] = 1
      this.#sorted[kept++] = row
    }
    for (let row = 0; row < count; row++) {
      if (id[row] === 0) continue
      const s = distanceM[row]!
      this.#placeM[row] = isLoop ? s - Math.floor(s / lengthM) * lengthM : s
      if (isKnown[row] === 0) this.#sorted[kept++] = row
    }
    this.#count = kept
    for (let i = 1; i < kept; i++) {
      const row = this.#sorted[i]!
      const place = this.#placeM[row]!
      let j = i - 1
      while (j >= 0 && this.#placeM[this.#sorted[j]!]! > place) {
        this.#sorted[j + 1] = this.#sorted[j]!
        j--
      }
      this.#sorted[j + 1] = row
    }
    for (let i = 0; i < kept; i++) this.#rank[this.#sorted[i]!] = i
  }

  /**
   * Rows to show to the viewer who rides in `row`, nearest first, without the viewer: at most VIEW_RIDERS of the
   * VIEW_RIDERS_KEEP nearest, where one who is shown already counts as eight places nearer than one who is not.
   */
  choose(row: number, isShown: (row: number) => boolean): readonly number[] {
    const near = this.#nearest(row, VIEW_RIDERS_KEEP)
    if (near.length <= VIEW_RIDERS) return near
    const bonus = VIEW_RIDERS_KEEP - VIEW_RIDERS
    return near
      .map((other, place) => ({ other, score: place - (isShown(other) ? bonus : 0) }))
      .toSorted((a, b) => a.score - b.score)
      .slice(0, VIEW_RIDERS)
      .map(({ other }) => other)
  }

  /** Walks outwards from the viewer, taking the nearer of the next ahead and the next behind. */
  #nearest(row: number, most: number): number[] {
    const { lengthM, isLoop } = this.#course
    const n = this.#count
    const here = this.#rank[row]!
    if (n === 0 || this.#sorted[here] !== row) return []
    const near: number[] = []
    let ahead = 1
    let behind = 1
    while (near.length < most && ahead + behind - 1 < n) {
      const up = here + ahead
      const down = here - behind
      const aheadM = up < n ? this.#gap(row, up) : isLoop ? this.#gap(row, up - n) + lengthM : Infinity
      const behindM = down >= 0 ? -this.#gap(row, down) : isLoop ? lengthM - this.#gap(row, down + n) : Infinity
      if (aheadM <= behindM) {
        near.push(this.#sorted[up < n ? up : up - n]!)
        ahead++
      } else {
        near.push(this.#sorted[down >= 0 ? down : down + n]!)
        behind++
      }
    }
    return near
  }

  /** From the row to the rider at `index` of the order, m, ahead positive, unfolded. */
  #gap(row: number, index: number): number {
    return this.#placeM[this.#sorted[index]!]! - this.#placeM[row]!
  }
}
