import type { Course } from '#physics/course'
import type { Riders } from '#physics/riders'
import type { Network } from '#maps/network'
import { VIEW_KEEP, VIEW_RIDERS_MAX } from '#protocol/limits'
import { WayWeb } from './way-web.ts'

/** Rows, nearest first. */
export interface Chosen {
  count: number
  readonly rows: Int32Array
}

/**
 * Who is near whom along the road. Rows are kept sorted by their place on the tape (laps folded on a plain loop); from one
 * tick to the next they are nearly sorted already, so insertion sort is a walk. From a viewer the search goes out in all
 * directions a road leads, over the ends of ways, and along the strip beside, where others come towards one: it takes the
 * nearest of what lies next in each, so it looks at no more riders than it shows, and at no more ways than it has passed.
 */
export class Interest {
  readonly #riders: Riders
  readonly #course: Course
  readonly #web: WayWeb
  readonly #sorted: Uint32Array
  readonly #placeM: Float64Array
  /** Index in `#sorted` of a row. */
  readonly #rank: Uint32Array
  /** 1: the row stands in `#sorted` since the last update. */
  readonly #isKnown: Uint8Array
  readonly #chosen: Chosen
  readonly #order: { sorted: Uint32Array; count: number; atM: Float64Array; rank: number }
  readonly #isDropped = new Uint8Array(VIEW_RIDERS_MAX + VIEW_KEEP)
  #count = 0

  constructor({ riders, course, network }: { riders: Riders; course: Course; network?: Network | undefined }) {
    this.#riders = riders
    this.#course = course
    this.#web = new WayWeb(course, network, riders.capacity)
    this.#sorted = new Uint32Array(riders.capacity)
    this.#placeM = new Float64Array(riders.capacity)
    this.#rank = new Uint32Array(riders.capacity)
    this.#isKnown = new Uint8Array(riders.capacity)
    const rows = new Int32Array(VIEW_RIDERS_MAX + VIEW_KEEP)
    this.#chosen = { count: 0, rows }
    this.#order = { sorted: this.#sorted, count: 0, atM: new Float64Array(riders.capacity), rank: 0 }
  }

  update(): void {
    const { count, id, distanceM, offsetM } = this.#riders
    const { lengthM, isLoop, wayCount } = this.#course
    const isFolded = isLoop && wayCount === 1
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
      const s = distanceM[row]! + offsetM[row]!
      this.#placeM[row] = isFolded ? s - Math.floor(s / lengthM) * lengthM : s
      if (isKnown[row] === 0) this.#sorted[kept++] = row
    }
    this.#count = kept
    this.#sort()
    const { sorted, atM } = this.#order
    for (let i = 0; i < kept; i++) {
      const row = sorted[i]!
      this.#rank[row] = i
      atM[i] = this.#placeM[row]!
    }
  }

  /**
   * Nearly sorted as it is, except where somebody went over the end of a way and lands far off on the tape: where
   * insertion would have to carry many a long way, everything is sorted anew.
   */
  #sort(): void {
    const kept = this.#count
    let moves = 0
    const most = 16 * kept + 64
    for (let i = 1; i < kept; i++) {
      const row = this.#sorted[i]!
      const place = this.#placeM[row]!
      let j = i - 1
      while (j >= 0 && this.#placeM[this.#sorted[j]!]! > place) {
        this.#sorted[j + 1] = this.#sorted[j]!
        j--
        moves++
      }
      this.#sorted[j + 1] = row
      if (moves <= most) continue
      this.#sorted.subarray(0, kept).sort((a, b) => this.#placeM[a]! - this.#placeM[b]!)
      return
    }
  }

  /**
   * Rows to show to the viewer who rides in `viewer`, nearest first, without the viewer: at most `most` of the
   * `most` + VIEW_KEEP nearest, where one who is shown already (`slotOfRow` ≥ 0) counts as VIEW_KEEP places nearer than one
   * who is not. The answer is good until the next call; allocates nothing.
   */
  choose(viewer: number, most: number, slotOfRow: ArrayLike<number>): Chosen {
    const chosen = this.#chosen
    chosen.count = 0
    if (this.#count === 0 || this.#sorted[this.#rank[viewer]!] !== viewer || most === 0) return chosen
    this.#order.count = this.#count
    this.#order.rank = this.#rank[viewer]!
    const { rows } = chosen
    const found = this.#web.nearest(Math.min(most + VIEW_KEEP, rows.length), this.#order, rows)
    // From the far end the one who counts as farther goes, until as many are left as are wanted.
    let shown = found - 1
    let unshown = found - 1
    for (let left = found; left > most; left--) {
      while (shown >= 0 && slotOfRow[rows[shown]!]! < 0) shown--
      while (unshown >= 0 && slotOfRow[rows[unshown]!]! >= 0) unshown--
      if (unshown >= 0 && unshown > shown - VIEW_KEEP) this.#isDropped[unshown--] = 1
      else this.#isDropped[shown--] = 1
    }
    // Those before the first who goes stay where they are.
    chosen.count = found > most ? Math.max(0, Math.min(shown, unshown) + 1) : found
    for (let i = chosen.count; i < found; i++) {
      if (this.#isDropped[i] === 0) rows[chosen.count++] = rows[i]!
      else this.#isDropped[i] = 0
    }
    return chosen
  }
}
