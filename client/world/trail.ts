import type { Course } from '#physics/course'

/** Pieces remembered: what is drawn lies at most a few metres behind the model, and connectors may be short. */
const PIECES = 6

/** The way after one, for whom the trail is kept; −1: the road ends. */
export type WayAfter = (way: number) => number

/**
 * The road a drawn rider has come by. Drawing and folding count in metres that never jump (`runM`); the trail says where
 * on the tape they are: each piece is a way, the `runM` at which it was come onto, and what to add to get the place.
 */
export class Trail {
  readonly #course: Course
  readonly #wayAfter: WayAfter
  readonly #fromM = new Float64Array(PIECES)
  readonly #offsetM = new Float64Array(PIECES)
  readonly #way = new Int32Array(PIECES)
  #newest = 0
  #count = 0

  constructor(course: Course, wayAfter: WayAfter) {
    this.#course = course
    this.#wayAfter = wayAfter
  }

  /** Somewhere else: `runM` is at `placeM`, and nothing is known of the road before. */
  begin(runM: number, placeM: number): void {
    this.#newest = 0
    this.#count = 1
    this.#fromM[0] = -Infinity
    this.#offsetM[0] = placeM - runM
    this.#way[0] = this.#course.wayAt(placeM)
  }

  get offsetM(): number {
    return this.#offsetM[this.#newest]!
  }

  get way(): number {
    return this.#way[this.#newest]!
  }

  /** The model went over to another way: from `runM` on, the place is `runM + offsetM`. */
  enter(way: number, runM: number, offsetM: number): void {
    this.#newest = (this.#newest + 1) % PIECES
    this.#count = Math.min(PIECES, this.#count + 1)
    this.#fromM[this.#newest] = runM
    this.#offsetM[this.#newest] = offsetM
    this.#way[this.#newest] = way
  }

  /**
   * The `runM` of a place the rider is said to be at; the trail ends there, to be gone on from. NaN where no piece leads
   * to it: then nobody could have ridden there.
   */
  rejoin(placeM: number): number {
    const course = this.#course
    const way = course.wayAt(placeM)
    for (let back = 0; back < this.#count; back++) {
      const piece = (this.#newest + PIECES - back) % PIECES
      const from = this.#way[piece]!
      if (from === way) {
        this.#cut(piece, back)
        return placeM - this.#offsetM[piece]!
      }
      if (!this.#leadsTo(from, way)) continue
      this.#cut(piece, back)
      const seamM = course.wayEndM(from) - this.#offsetM[piece]!
      this.enter(way, seamM, course.wayStartM(way) - seamM)
      return placeM - this.offsetM
    }
    return NaN
  }

  /** Where on the tape `runM` lies: behind the model on the road it came by, ahead of it on the road it will take. */
  placeM(runM: number): number {
    const course = this.#course
    let piece = this.#newest
    for (let back = 1; back < this.#count && runM < this.#fromM[piece]!; back++) piece = (piece + PIECES - 1) % PIECES
    let way = this.#way[piece]!
    let placeM = runM + this.#offsetM[piece]!
    if (placeM < course.wayStartM(way) && course.wayEndM(way) < Infinity) return course.wayStartM(way)
    for (let ways = 0; ways < PIECES && placeM >= course.wayEndM(way); ways++) {
      const next = this.#wayAfter(way)
      if (next < 0) return course.wayEndM(way)
      placeM += course.wayStartM(next) - course.wayEndM(way)
      way = next
    }
    return placeM
  }

  #cut(piece: number, back: number): void {
    this.#newest = piece
    this.#count -= back
  }

  #leadsTo(from: number, to: number): boolean {
    for (let turn = 0; turn <= 4; turn++) if (this.#course.exitOf(from, turn) === to) return true
    return false
  }
}
