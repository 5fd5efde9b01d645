import { GRAVITY_MPS2 } from './constants.ts'
import { TURN, type Course } from './course.ts'
import { gripIn } from './surface.ts'

/** Of the grip a tyre finds, what a rider uses in a bend: 0.9 · 0.75 leans 34° on dry asphalt, 24° on wet, 19° on gravel. */
export const GRIP_USED_SHARE = 0.75
/** How a rider who sees the bend coming brakes, and how hard one can, as shares of g on dry asphalt (μ = 0.9); less grip, less brake. */
const BRAKE_EASY = 0.3
const BRAKE_HARD = 0.55
const GRIP_OF_DRY_ASPHALT = 0.9
/** On the steepest loose descent brakes still win by this, m/s². */
const BRAKE_LEAST_MPS2 = 0.4
/** Nobody is asked to be slower than this, m/s; and what is never reached needs no limit, m/s. */
const BEND_LEAST_MPS = 2
const LIMIT_MOST_MPS = 50
/** Stands for "no limit", (m/s)²: a number, because between it and another one there is a straight line. */
const FREE_M2PS2 = 1e9
/** From this far on the end of a way is looked at, m: from LIMIT_MOST_MPS an easy stop takes no more on the level. */
const REACH_M = 420
/** A way shorter than this is entered so that any of its exits can be taken: there is no time to change one's mind. */
const SHORT_WAY_M = 40

/**
 * The speed that the road ahead allows at every metre of the tape: what each bend allows, joined backwards by braking in
 * good time. Squared, because along a steady brake v² is a straight line. Built once per course and wetness.
 */
export class Corners {
  readonly #course: Course
  readonly #isWet: boolean
  /** (m/s)² at every whole metre, of the way alone: what comes after its end is asked of the exit. */
  readonly #limit: Float32Array
  /** Per way: what its begin allows, its exits considered, (m/s)²; how hard riders brake before its end, m/s². */
  readonly #entry: Float64Array
  readonly #endBrake: Float64Array
  /** No bend anywhere: nobody ever brakes. */
  readonly #isFree: boolean
  /** What `look` is asked, and its answer: in fields, for a number handed over may be a new object. */
  atM = 0
  allowedM2ps2 = FREE_M2PS2

  constructor(course: Course, isWet: boolean) {
    this.#course = course
    this.#isWet = isWet
    const metres = Number.isFinite(course.lengthM) ? Math.floor(course.lengthM) : 0
    this.#limit = new Float32Array(metres + 1).fill(FREE_M2PS2)
    this.#entry = new Float64Array(course.wayCount).fill(FREE_M2PS2)
    this.#endBrake = new Float64Array(course.wayCount).fill(BRAKE_EASY * GRAVITY_MPS2)
    if (metres > 0) this.#build(metres)
    let isFree = true
    for (const limit of this.#limit) if (limit < FREE_M2PS2) isFree = false
    for (let way = 0; way < course.wayCount; way++) if (course.wayEndM(way) !== Infinity) isFree = false
    this.#isFree = isFree
  }

  /** True when no place of this road ever asks anybody to brake. */
  get isFree(): boolean {
    return this.#isFree
  }

  /** (m/s)² that the road allows at a place of a way when `next` is the way that follows (−1: the road ends). */
  limitM2ps2(placeM: number, way: number, next: number): number {
    this.atM = placeM
    this.look(way, next)
    return this.allowedM2ps2
  }

  /** The same for the place `atM`, into `allowedM2ps2`. */
  look(way: number, next: number): void {
    if (this.#isFree) return
    this.#lookOnWay(way)
    const leftM = this.#course.wayEndM(way) - this.atM
    if (!(leftM < REACH_M)) return
    const atExit = this.#entryOf(next) + 2 * this.#endBrake[way]! * Math.max(0, leftM)
    this.allowedM2ps2 = Math.min(this.allowedM2ps2, atExit)
  }

  /** The same as a speed, m/s, with the exit that the way leads to by itself: for pictures, bots and plots. */
  limitMps(placeM: number): number {
    const course = this.#course
    const way = course.wayAt(placeM)
    const limit = this.limitM2ps2(placeM, way, course.exitOf(way, TURN.none))
    return limit >= FREE_M2PS2 ? Infinity : Math.sqrt(limit)
  }

  /** What brakes can do at a place at most, m/s², before the slope helps or hinders. */
  hardBrakeMps2(placeM: number): number {
    return brakeMps2(BRAKE_HARD, gripIn(this.#course.gripAt(placeM), this.#isWet))
  }

  #lookOnWay(way: number): void {
    const course = this.#course
    const endM = course.wayEndM(way)
    const limit = this.#limit
    const last = limit.length - 1
    let atM = this.atM
    this.allowedM2ps2 = FREE_M2PS2
    if (last === 0) return
    if (course.isLoop && endM === Infinity) atM -= course.lengthM * Math.floor(atM / course.lengthM)
    const i = Math.min(last, Math.max(0, Math.floor(atM)))
    const from = limit[i]!
    this.allowedM2ps2 = from
    // The sample after the last one of a way belongs to another way.
    if (i + 1 > last || i + 1 >= endM) return
    const f = Math.min(1, Math.max(0, atM - i))
    this.allowedM2ps2 = from + (limit[i + 1]! - from) * f
  }

  #entryOf(way: number): number {
    return way < 0 ? 0 : this.#entry[way]! // Where the road ends one stops.
  }

  #build(metres: number): void {
    const course = this.#course
    for (let i = 0; i <= metres; i++) this.#limit[i] = bendM2ps2(course, i, this.#isWet)
    if (course.isLoop && course.wayCount === 1 && course.wayEndM(0) === Infinity) {
      // Twice around: what the first bend after the line asks reaches back over it.
      this.#limit[metres] = this.#limit[0]!
      for (let round = 0; round < 2; round++) {
        this.#brakeBack(0, metres)
        this.#limit[metres] = Math.min(this.#limit[metres]!, this.#limit[0]!)
      }
      return
    }
    for (let way = 0; way < course.wayCount; way++) {
      const endM = Math.min(course.wayEndM(way), metres)
      this.#brakeBack(Math.floor(course.wayStartM(way)), Math.max(0, Math.ceil(endM) - 1))
      this.#endBrake[way] = this.#easiestBrake(way, endM)
    }
    this.#joinWays()
  }

  /** v² at each metre: the bend's own, or what a brake that leaves the tyre its share of leaning reaches in time. */
  #brakeBack(fromM: number, toM: number): void {
    const course = this.#course
    const limit = this.#limit
    for (let i = toM - 1; i >= fromM; i--) {
      const next = limit[i + 1]!
      if (next >= FREE_M2PS2) continue
      const grip = gripIn(course.gripAt(i), this.#isWet)
      const slope = course.slopeAt(i)
      const curvature = course.curvatureAt(i)
      const sideMps2 = Math.abs(next * curvature - GRAVITY_MPS2 * course.bankAt(i))
      const share = Math.min(1, sideMps2 / (grip * GRIP_USED_SHARE * GRAVITY_MPS2))
      // Friction ellipse: what leaning takes of the grip, braking has not.
      const brake = brakeMps2(BRAKE_EASY, grip) * Math.sqrt(1 - share * share) + GRAVITY_MPS2 * slope
      const before = next + 2 * Math.max(BRAKE_LEAST_MPS2, brake)
      if (before < limit[i]!) limit[i] = before > LIMIT_MOST_MPS * LIMIT_MOST_MPS ? FREE_M2PS2 : before
    }
  }

  /** The least that an easy brake gives over the last stretch of a way. */
  #easiestBrake(way: number, endM: number): number {
    const course = this.#course
    let least = BRAKE_EASY * GRAVITY_MPS2
    const fromM = Math.max(course.wayStartM(way), endM - 0.5 * REACH_M)
    for (let placeM = Math.floor(fromM); placeM < endM; placeM++) {
      const easy = brakeMps2(BRAKE_EASY, gripIn(course.gripAt(placeM), this.#isWet))
      least = Math.min(least, easy + GRAVITY_MPS2 * course.slopeAt(placeM))
    }
    return Math.max(BRAKE_LEAST_MPS2, least)
  }

  #slowestExit(way: number): number {
    let slowest = FREE_M2PS2
    for (let turn = 1; turn <= 4; turn++) {
      const exit = this.#course.exitOf(way, turn)
      if (exit >= 0) slowest = Math.min(slowest, this.#entry[exit]!)
    }
    return slowest
  }

  /** What the begin of each way allows, looking through to the ways after it, until nothing changes. */
  #joinWays(): void {
    const course = this.#course
    const entry = this.#entry
    for (let way = 0; way < course.wayCount; way++) entry[way] = this.#limit[Math.floor(course.wayStartM(way))]!
    for (let round = 0; round <= course.wayCount; round++) {
      let hasChanged = false
      for (let way = 0; way < course.wayCount; way++) {
        const lengthM = course.wayEndM(way) - course.wayStartM(way)
        if (!(lengthM < REACH_M)) continue
        let exit = this.#entryOf(course.exitOf(way, TURN.none))
        if (lengthM < SHORT_WAY_M) exit = Math.min(exit, this.#slowestExit(way))
        const allowed = exit + 2 * this.#endBrake[way]! * lengthM
        if (allowed >= entry[way]!) continue
        entry[way] = allowed
        hasChanged = true
      }
      if (!hasChanged) return
    }
  }
}

/** v² at which a bend uses what a rider uses of the grip, with what the bank adds: v² κ = g (μ + b) / (1 − μ b), on a slope g cos α. */
export function bendM2ps2(course: Course, placeM: number, isWet: boolean): number {
  const curvature = course.curvatureAt(placeM)
  const slope = course.slopeAt(placeM)
  const bend = Math.abs(curvature)
  const grip = gripIn(course.gripAt(placeM), isWet) * GRIP_USED_SHARE
  const bank = curvature < 0 ? -course.bankAt(placeM) : course.bankAt(placeM)
  const side = (GRAVITY_MPS2 * Math.sqrt(1 - slope * slope) * (grip + bank)) / Math.max(0.1, 1 - grip * bank)
  if (!(side < bend * LIMIT_MOST_MPS * LIMIT_MOST_MPS)) return FREE_M2PS2
  return Math.max(BEND_LEAST_MPS * BEND_LEAST_MPS, side / bend)
}

function brakeMps2(share: number, grip: number): number {
  return share * GRAVITY_MPS2 * Math.min(1, grip / GRIP_OF_DRY_ASPHALT)
}

const known = new WeakMap<Course, { dry: Corners | undefined; wet: Corners | undefined }>()

/** The corners of a course, worked out when they are first asked for. */
export function cornersOf(course: Course, isWet: boolean): Corners {
  let both = known.get(course)
  if (both === undefined) {
    both = { dry: undefined, wet: undefined }
    known.set(course, both)
  }
  return isWet ? (both.wet ??= new Corners(course, true)) : (both.dry ??= new Corners(course, false))
}
