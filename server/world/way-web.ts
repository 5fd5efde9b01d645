import type { Course } from '#physics/course'
import { exitsOf } from '#physics/ways'
import type { Network } from '#maps/network'

/** Riders by their place on the tape; `rank` is the viewer's in `sorted`. */
export interface Sorted {
  readonly sorted: Uint32Array
  readonly count: number
  readonly placeM: Float64Array
  readonly rank: number
}

/** One direction in which the search goes on: along a way, forwards or backwards, from rider to rider. */
interface Walk {
  way: number
  isForward: boolean
  /** Index in `sorted` of the next rider on it. */
  at: number
  /** The next rider, or the end of the way, is so far from the viewer, m. */
  nextM: number
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
  nearest(viewer: number, most: number, riders: Sorted, near: Int32Array): number {
    const { sorted, count, placeM, rank } = riders
    const hereM = placeM[viewer]!
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
    let found = 0
    while (found < most && found < count - 1 && walks.length > 0) {
      const walk = walks[0]!
      if (!this.#isOnWay(walk, riders)) {
        const last = walks.pop()!
        if (walks.length > 0) {
          walks[0] = last
          sink(walks)
        }
        this.#spread(walks, walk, riders)
        continue
      }
      // Two walks may meet on a way: whoever was found already was nearer from there.
      const row = sorted[walk.at]!
      if (this.#isFound[row] === 0) {
        this.#isFound[row] = 1
        near[found++] = row
      }
      walk.at += walk.isForward ? 1 : -1
      this.#lookOn(walk, riders)
      sink(walks)
    }
    for (let i = 0; i < found; i++) this.#isFound[near[i]!] = 0
    return found
  }

  /** A plain road: out from the viewer, round the loop too. */
  #alongOne(here: number, most: number, { sorted, count: n, placeM }: Sorted, near: Int32Array): number {
    const { lengthM, isLoop } = this.#course
    const row = sorted[here]!
    const gapM = (index: number) => placeM[sorted[index]!]! - placeM[row]!
    let found = 0
    let ahead = 1
    let behind = 1
    while (found < most && ahead + behind - 1 < n) {
      const up = here + ahead
      const down = here - behind
      const aheadM = up < n ? gapM(up) : isLoop ? gapM(up - n) + lengthM : Infinity
      const behindM = down >= 0 ? -gapM(down) : isLoop ? lengthM - gapM(down + n) : Infinity
      if (aheadM <= behindM) {
        near[found++] = sorted[up < n ? up : up - n]!
        ahead++
      } else {
        near[found++] = sorted[down >= 0 ? down : down + n]!
        behind++
      }
    }
    return found
  }

  /** Beside a strip lies another in the opposite direction: as far along it as this place is from the end. */
  #mirrorM(way: number, twin: number, placeM: number): number {
    const course = this.#course
    const startM = course.wayStartM(way)
    const share = (placeM - startM) / (course.wayEndM(way) - startM)
    const twinEndM = course.wayEndM(twin)
    return twinEndM - share * (twinEndM - course.wayStartM(twin))
  }

  #push(walks: Walk[], begin: Omit<Walk, 'nextM'>, riders: Sorted): void {
    const walk = this.#walkFrom(begin)
    this.#lookOn(walk, riders)
    walks.push(walk)
    for (let at = walks.length - 1; at > 0;) {
      const above = (at - 1) >>> 1
      if (walks[above]!.nextM <= walk.nextM) break
      walks[at] = walks[above]!
      walks[above] = walk
      at = above
    }
  }

  /** Walks are used again from search to search. */
  #walkFrom(begin: Omit<Walk, 'nextM'>): Walk {
    const walk = this.#pool[this.#walksUsed]
    if (walk === undefined) {
      const fresh = { ...begin, nextM: 0 }
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

  /** How far the next rider of the walk is, or, where there is none on this way, its end. */
  #lookOn(walk: Walk, riders: Sorted): void {
    const { way, isForward, baseM, fromM } = walk
    const { sorted, placeM } = riders
    const toM = this.#isOnWay(walk, riders)
      ? placeM[sorted[walk.at]!]!
      : isForward
        ? this.#course.wayEndM(way)
        : this.#course.wayStartM(way)
    walk.nextM = baseM + (isForward ? toM - fromM : fromM - toM)
  }

  #isOnWay({ at, way, isForward }: Walk, { sorted, count, placeM }: Sorted): boolean {
    if (at < 0 || at >= count) return false
    const atM = placeM[sorted[at]!]!
    return isForward ? atM < this.#beyondM(way) : atM >= this.#course.wayStartM(way)
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
function firstFrom({ sorted, count, placeM }: Sorted, fromM: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (placeM[sorted[middle]!]! < fromM) low = middle + 1
    else high = middle
  }
  return low
}
