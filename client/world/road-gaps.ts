import type { Course } from '#physics/course'
import { exitsOf } from '#physics/ways'

/** Farther than this along the road nobody is near, m. */
const REACH_M = 3000

/**
 * Road from me to others, over the ends of ways: ahead along whatever road can be ridden from here, behind along whatever
 * road leads here. Ways are measured anew when I come onto another one; a rider is then one addition.
 */
export class RoadGaps {
  readonly #course: Course
  readonly #exits: readonly (readonly number[])[]
  readonly #entries: readonly (readonly number[])[]
  /** By way: from the end of mine to its start, and from its end to the start of mine. */
  readonly #aheadM: Float64Array
  readonly #behindM: Float64Array
  #way = -1
  #placeM = 0

  constructor(course: Course) {
    this.#course = course
    const ways = Array.from({ length: course.wayCount }, (_, way) => way)
    this.#exits = ways.map((way) => exitsOf(course, way))
    this.#entries = ways.map((way) => ways.filter((other) => this.#exits[other]!.includes(way)))
    this.#aheadM = new Float64Array(course.wayCount)
    this.#behindM = new Float64Array(course.wayCount)
  }

  /** Where I am. */
  stand(placeM: number): void {
    this.#placeM = placeM
    const own = this.#course.wayCount === 1 ? 0 : this.#course.wayAt(placeM)
    if (own === this.#way) return
    this.#way = own
    this.#measure(this.#aheadM, this.#exits, own)
    this.#measure(this.#behindM, this.#entries, own)
  }

  /** Metres of road to a place, ahead positive; NaN: nothing leads there within reach. */
  toM(placeM: number): number {
    const course = this.#course
    const way = course.wayCount === 1 ? 0 : course.wayAt(placeM)
    if (way === this.#way) {
      const gapM = placeM - this.#placeM
      if (!course.isLoop || course.wayCount > 1) return gapM
      return gapM - course.lengthM * Math.round(gapM / course.lengthM)
    }
    const aheadM = course.wayEndM(this.#way) - this.#placeM + this.#aheadM[way]! + placeM - course.wayStartM(way)
    const behindM = this.#placeM - course.wayStartM(this.#way) + this.#behindM[way]! + course.wayEndM(way) - placeM
    const gapM = aheadM <= behindM ? aheadM : -behindM
    return Math.abs(gapM) <= REACH_M ? gapM : NaN
  }

  /** Dijkstra over ways, by hand: there are a few hundred of them, and it happens once a way. */
  #measure(farM: Float64Array, next: readonly (readonly number[])[], from: number): void {
    const course = this.#course
    farM.fill(Infinity)
    const open = new Set<number>()
    for (const way of next[from]!) {
      farM[way] = 0
      open.add(way)
    }
    while (open.size > 0) {
      let nearest = -1
      for (const way of open) if (nearest < 0 || farM[way]! < farM[nearest]!) nearest = way
      open.delete(nearest)
      const beyondM = farM[nearest]! + course.wayEndM(nearest) - course.wayStartM(nearest)
      if (beyondM > REACH_M) continue
      for (const way of next[nearest]!) {
        if (beyondM >= farM[way]!) continue
        farM[way] = beyondM
        open.add(way)
      }
    }
  }
}
