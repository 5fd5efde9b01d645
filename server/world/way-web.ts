import type { Course } from '#physics/course'
import { exitsOf } from '#physics/ways'
import type { Network } from '#maps/network'

/** Riders by their place on the tape, and those places in the same order; `rank` is the viewer's in `sorted`. */
export interface Sorted {
  readonly sorted: Uint32Array
  readonly count: number
  readonly atM: Float64Array
  readonly rank: number
}

/** One direction in which the search goes on: along a way, forwards or backwards, from rider to rider. */
interface Walk extends Beginning {
  /** There are no riders on it from this index on. */
  stop: number
  /** The next rider, or the end of the way, is so far from the viewer, m. */
  nextM: number
}

interface Beginning {
  way: number
  isForward: boolean
  /** Index in `sorted` of the next rider on it. */
  at: number
  /** Far from the viewer is `baseM` + (place − fromM), or − backwards. */
  baseM: number
  fromM: number
}

/** Ways as a web one can walk in both directions. */
export class WayWeb {
  readonly #course: Course
  readonly #twin: readonly number[]
  readonly #exits: readonly (readonly number[])[]
  readonly #entries: readonly (readonly number[])[]
  /** Of this search: 1 a way was begun forwards, 2 backwards. */
  readonly #begun: Uint8Array
  /** By row, in this search. */
  readonly #isFound: Uint8Array
  readonly #walks: Walk[] = []
  readonly #pool: Walk[] = []
  #walksUsed = 0

  constructor(course: Course, network: Network | undefined, riderCapacity: number) {
    this.#course = course
    this.#isFound = new Uint8Array(riderCapacity)
    const ways = Array.from({ length: course.wayCount }, (_, way) => way)
    this.#twin = ways.map((way) => network?.ways[way]?.twin ?? -1)
    this.#exits = ways.map((way) => exitsOf(course, way))
    const entries: number[][] = ways.map(() => [])
    this.#exits.forEach((exits, way) => {
      for (const exit of exits) entries[exit]!.push(way)
    })
    this.#entries = entries
    this.#begun = new Uint8Array(course.wayCount)
  }

  /** Fills `near` with the rows nearest to the viewer by road, nearest first, at most `most`; answers how many. */
  nearest(most: number, riders: Sorted, near: Int32Array): number {
    const { sorted, count, atM, rank } = riders
    const hereM = atM[rank]!
    const course = this.#course
    if (course.wayCount === 1) return this.#alongOne(rank, most, riders, near)
    this.#begun.fill(0)
    const walks = this.#walks
    walks.length = 0
    this.#walksUsed = 0
    const way = course.wayAt(hereM)
    this.#begun[way] = 3
    this.#push(walks, { way, isForward: true, at: rank + 1, baseM: 0, fromM: hereM }, riders)
    this.#push(walks, { way, isForward: false, at: rank - 1, baseM: 0, fromM: hereM }, riders)
    const twin = this.#twin[way]!
    if (twin >= 0) {
      this.#begun[twin] = 3
      const mirrorM = this.#mirrorM(way, twin, hereM)
      const at = firstFrom(riders, mirrorM)
      this.#push(walks, { way: twin, isForward: true, at, baseM: 0, fromM: mirrorM }, riders)
      this.#push(walks, { way: twin, isForward: false, at: at - 1, baseM: 0, fromM: mirrorM }, riders)
    }
    const isFound = this.#isFound
    let found = 0
    while (found < most && found < count - 1 && walks.length > 0) {
      const walk = walks[0]!
      if (walk.at === walk.stop) {
        const last = walks.pop()!
        if (walks.length > 0) {
          walks[0] = last
          sink(walks)
        }
        this.#spread(walks, walk, riders)
        continue
      }
      // On along this one for as long as it is the nearest.
      const step = walk.isForward ? 1 : -1
      let otherM = walks.length > 1 ? walks[1]!.nextM : Infinity
      if (walks.length > 2) otherM = Math.min(otherM, walks[2]!.nextM)
      let { at, nextM } = walk
      do {
        // Two walks may meet on a way: whoever was found already was nearer from there.
        const row = sorted[at]!
        if (isFound[row] === 0) {
          isFound[row] = 1
          near[found++] = row
        }
        at += step
        if (at === walk.stop) break
        nextM = walk.baseM + (walk.isForward ? atM[at]! - walk.fromM : walk.fromM - atM[at]!)
      } while (nextM <= otherM && found < most)
      walk.at = at
      walk.nextM = at === walk.stop ? this.#endM(walk) : nextM
      sink(walks)
    }
    for (let i = 0; i < found; i++) isFound[near[i]!] = 0
    return found
  }

  /** A plain road: out from the viewer, round the loop too. */
  #alongOne(here: number, most: number, { sorted, count: n, atM }: Sorted, near: Int32Array): number {
    const { lengthM, isLoop } = this.#course
    const hereM = atM[here]!
    const roundM = isLoop ? lengthM : Infinity
    const count = Math.min(most, n - 1)
    let up = here + 1
    let down = here - 1
    let aheadM = up < n ? atM[up]! - hereM : atM[up - n]! - hereM + roundM
    let behindM = down >= 0 ? hereM - atM[down]! : roundM - (atM[down + n]! - hereM)
    for (let found = 0; found < count; found++) {
      if (aheadM <= behindM) {
        near[found] = sorted[up < n ? up : up - n]!
        up++
        aheadM = up < n ? atM[up]! - hereM : atM[up - n]! - hereM + roundM
      } else {
        near[found] = sorted[down >= 0 ? down : down + n]!
        down--
        behindM = down >= 0 ? hereM - atM[down]! : roundM - (atM[down + n]! - hereM)
      }
    }
    return count
  }

  /** Beside a strip lies another in the opposite direction: as far along it as this place is from the end. */
  #mirrorM(way: number, twin: number, placeM: number): number {
    const course = this.#course
    const startM = course.wayStartM(way)
    const share = (placeM - startM) / (course.wayEndM(way) - startM)
    const twinEndM = course.wayEndM(twin)
    return twinEndM - share * (twinEndM - course.wayStartM(twin))
  }

  #push(walks: Walk[], begin: Beginning, riders: Sorted): void {
    const walk = this.#walkFrom(begin)
    const { way, isForward, at, baseM, fromM } = begin
    walk.stop = isForward ? firstFrom(riders, this.#beyondM(way)) : firstFrom(riders, this.#course.wayStartM(way)) - 1
    if (isForward ? at >= walk.stop : at <= walk.stop) {
      walk.at = walk.stop
      walk.nextM = this.#endM(walk)
    } else walk.nextM = baseM + (isForward ? riders.atM[at]! - fromM : fromM - riders.atM[at]!)
    walks.push(walk)
    for (let i = walks.length - 1; i > 0;) {
      const above = (i - 1) >>> 1
      if (walks[above]!.nextM <= walk.nextM) break
      walks[i] = walks[above]!
      walks[above] = walk
      i = above
    }
  }

  /** Walks are used again from search to search. */
  #walkFrom(begin: Beginning): Walk {
    const walk = this.#pool[this.#walksUsed]
    if (walk === undefined) {
      const fresh = { ...begin, stop: 0, nextM: 0 }
      this.#pool.push(fresh)
      this.#walksUsed++
      return fresh
    }
    this.#walksUsed++
    walk.way = begin.way
    walk.isForward = begin.isForward
    walk.at = begin.at
    walk.baseM = begin.baseM
    walk.fromM = begin.fromM
    return walk
  }

  /** How far the end of the walk's way is. */
  #endM({ way, isForward, baseM, fromM }: Walk): number {
    return baseM + (isForward ? this.#course.wayEndM(way) - fromM : fromM - this.#course.wayStartM(way))
  }

  /** Who stands in the guard behind a way's end is on it still. */
  #beyondM(way: number): number {
    return way + 1 < this.#course.wayCount ? this.#course.wayStartM(way + 1) : Infinity
  }

  /**
   * Over the end of a way: on to its exits (or back to where one comes from), along the strips beside them, and up the
   * other ways that meet there, from which others join.
   */
  #spread(walks: Walk[], { way, isForward, nextM }: Walk, riders: Sorted): void {
    for (const next of isForward ? this.#exits[way]! : this.#entries[way]!) {
      this.#begin(walks, next, isForward, nextM, riders)
      if (this.#twin[next]! >= 0) this.#begin(walks, this.#twin[next]!, !isForward, nextM, riders)
      for (const other of isForward ? this.#entries[next]! : this.#exits[next]!) {
        if (other !== way) this.#begin(walks, other, !isForward, nextM, riders)
      }
    }
  }

  #begin(walks: Walk[], way: number, isForward: boolean, baseM: number, riders: Sorted): void {
    const mark = isForward ? 1 : 2
    if ((this.#begun[way]! & mark) !== 0) return
    this.#begun[way]! |= mark
    const fromM = isForward ? this.#course.wayStartM(way) : this.#course.wayEndM(way)
    const at = isForward ? firstFrom(riders, fromM) : firstFrom(riders, this.#beyondM(way)) - 1
    this.#push(walks, { way, isForward, at, baseM, fromM }, riders)
  }
}

/** The walk on top of the heap has gone on: down with it to where it belongs, the nearest on top. */
function sink(walks: Walk[]): void {
  const walk = walks[0]!
  for (let at = 0; ;) {
    let below = 2 * at + 1
    if (below >= walks.length) return
    if (below + 1 < walks.length && walks[below + 1]!.nextM < walks[below]!.nextM) below++
    if (walks[below]!.nextM >= walk.nextM) return
    walks[at] = walks[below]!
    walks[below] = walk
    at = below
  }
}

/** Index of the first rider at or beyond a place. */
function firstFrom({ count, atM }: Sorted, fromM: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (atM[middle]! < fromM) low = middle + 1
    else high = middle
  }
  return low
}
