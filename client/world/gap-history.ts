import type { Course } from '#physics/course'
import type { SceneRiders } from './scene-riders.ts'

/** A place is noted this often, s: between two notes a rider who gains 1 m/s² at 2 m/s is told 0.01 s wrong. */
const NOTE_S = 0.4
/** Who has not moved so far stands; the note of where follows the time, m. */
const STANDS_M = 0.2
/** Farther in one step nobody rides: a teleport, or another rider in the row, m. */
const LEAP_M = 40
/** Notes of another rider: three minutes and a half. Mine go back as far as anybody is listed behind me. */
const NOTES = 512
const OWN_NOTES = 4096

/** Where one rider was when, newest last: a ring that is made when the rider is first seen. */
class Track {
  seenS = 0
  readonly #placeM: Float64Array
  readonly #runM: Float64Array
  readonly #atS: Float64Array
  readonly #course: Course
  #newest = -1
  #count = 0

  constructor(course: Course, capacity: number) {
    this.#course = course
    this.#placeM = new Float64Array(capacity)
    this.#runM = new Float64Array(capacity)
    this.#atS = new Float64Array(capacity)
  }

  note(placeM: number, runM: number, atS: number): void {
    this.seenS = atS
    const last = this.#newest
    if (this.#count > 0) {
      const stepM = runM - this.#runM[last]!
      if (stepM > LEAP_M || stepM < -LEAP_M || atS < this.#atS[last]!) this.#count = 0
      else if (stepM <= STANDS_M) return this.#stand(placeM, runM, atS)
      else if (atS - this.#atS[last]! < NOTE_S) return
    }
    this.#add(placeM, runM, atS)
  }

  /** The seconds that a stop takes lie between two notes at one place. */
  #stand(placeM: number, runM: number, atS: number): void {
    const last = this.#newest
    const before = (last + this.#atS.length - 1) % this.#atS.length
    if (this.#count > 1 && this.#runM[last]! - this.#runM[before]! <= STANDS_M) this.#atS[last] = atS
    else if (atS - this.#atS[last]! >= NOTE_S) this.#add(placeM, Math.max(runM, this.#runM[last]!), atS)
  }

  #add(placeM: number, runM: number, atS: number): void {
    this.#newest = (this.#newest + 1) % this.#atS.length
    this.#count = Math.min(this.#count + 1, this.#atS.length)
    this.#placeM[this.#newest] = placeM
    this.#runM[this.#newest] = runM
    this.#atS[this.#newest] = atS
  }

  /** When the rider was last at a place; NaN: not as long as anybody remembers. */
  lastAtS(placeM: number): number {
    const size = this.#atS.length
    const way = this.#course.wayAt(placeM)
    for (let back = 0; back < this.#count - 1; back++) {
      const to = (this.#newest + size - back) % size
      const from = (to + size - 1) % size
      const runM = this.#runAt(placeM, way, from, to)
      if (Number.isNaN(runM)) continue
      const stepM = this.#runM[to]! - this.#runM[from]!
      if (stepM <= STANDS_M) return this.#atS[to]!
      return this.#atS[from]! + ((this.#atS[to]! - this.#atS[from]!) * (runM - this.#runM[from]!)) / stepM
    }
    return NaN
  }

  /** The rider's own metres at a place that lies between two notes, seam of two ways or of a lap included; NaN: elsewhere. */
  #runAt(placeM: number, way: number, from: number, to: number): number {
    const course = this.#course
    const fromM = this.#placeM[from]!
    const toM = this.#placeM[to]!
    if (course.wayAt(fromM) === way) {
      const onM = placeM - fromM
      if (onM >= 0 && onM <= this.#runM[to]! - this.#runM[from]!) return this.#runM[from]! + onM
    }
    if (course.wayAt(toM) === way) {
      const backM = toM - placeM
      if (backM >= 0 && backM <= this.#runM[to]! - this.#runM[from]!) return this.#runM[to]! - backM
    }
    return NaN
  }
}

/**
 * True gaps: not metres over speed, but when one rider was where the other is now. The picture's places are noted with
 * their time; the gap to who is ahead is how long ago they were at my place, to who is behind how long ago I was at
 * theirs. Holds on loops and over junctions, because a place is a place of the tape.
 */
export class GapHistory {
  readonly #course: Course
  readonly #tracks = new Map<number, Track>()
  #nowS = 0

  constructor(course: Course) {
    this.#course = course
  }

  /** Ten times a second or as often as anybody looks; `nowS` is the server's time. */
  note(riders: SceneRiders, nowS: number): void {
    const { lengthM, isLoop, wayCount } = this.#course
    const isRound = isLoop && wayCount === 1
    this.#nowS = nowS
    for (let row = 0; row < riders.count; row++) {
      const id = riders.id[row]!
      let track = this.#tracks.get(id)
      if (track === undefined) {
        track = new Track(this.#course, row === 0 ? OWN_NOTES : NOTES)
        this.#tracks.set(id, track)
      }
      const placeM = riders.placeM[row]!
      track.note(isRound ? placeM - lengthM * Math.floor(placeM / lengthM) : placeM, riders.distanceM[row]!, nowS)
    }
    if (this.#tracks.size > 2 * riders.count + 64) this.#forget()
  }

  /** Seconds between two riders, the one ahead first; NaN where nobody has seen it. */
  betweenS(aheadId: number, behindPlaceM: number): number {
    const { lengthM, isLoop, wayCount } = this.#course
    const placeM = isLoop && wayCount === 1 ? behindPlaceM - lengthM * Math.floor(behindPlaceM / lengthM) : behindPlaceM
    return this.#nowS - (this.#tracks.get(aheadId)?.lastAtS(placeM) ?? NaN)
  }

  /** Who was not seen for as long as notes go back. */
  #forget(): void {
    for (const [id, { seenS }] of this.#tracks) if (this.#nowS - seenS > NOTES * NOTE_S) this.#tracks.delete(id)
  }
}
