import type { Course } from '#physics/course'
import { gapBetweenM } from '#physics/ways'
import { TICK_MS } from '#protocol/limits'
import { Truth } from './playback.ts'
import type { Stage } from './trace.ts'

/** A rider as somebody's client draws it. */
export interface Drawn {
  row: number
  /** Road behind the rider, for those who tell that; else NaN, and the place on the tape counts. */
  distanceM: number
  placeM: number
  lateralM: number
  powerW: number
  /** The moment that the picture claims to show; for who draws the server's now, the moment of the frame. */
  shownMs: number
}

export function createDrawn(): Drawn {
  return { row: 0, distanceM: NaN, placeM: NaN, lateralM: 0, powerW: 0, shownMs: 0 }
}

/** Errors of one kind, all of them: quantiles are exact. */
export class Errors {
  #values = new Float32Array(1 << 16)
  #count = 0
  #isSorted = false

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const grown = new Float32Array(2 * this.#count)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.#count++] = value
    this.#isSorted = false
  }

  get count(): number {
    return this.#count
  }

  quantile(share: number): number {
    if (this.#count === 0) return NaN
    if (!this.#isSorted) this.#values.subarray(0, this.#count).sort()
    this.#isSorted = true
    return this.#values[Math.min(this.#count - 1, Math.floor(share * this.#count))]!
  }

  get max(): number {
    return this.quantile(1)
  }
}

/** Holds what was drawn against what was ridden, at the moment of the frame and at the moment the picture claims to show. */
export class Judge {
  readonly nowAlong = new Errors()
  readonly nowSideways = new Errors()
  readonly ownAlong = new Errors()
  readonly ownSideways = new Errors()
  /** By how much the picture is behind the server, ms. */
  readonly behindMs = new Errors()
  /** Distance to another rider in the picture against the one on the road. */
  readonly gap = new Errors()
  /** For how long the watts shown have not been the rider's any more, ms. */
  readonly wattsAgeMs = new Errors()
  #truth: Truth | undefined
  #lastError = NaN

  begin(stage: Stage): void {
    this.#truth = new Truth(stage)
  }

  /** A new frame: gaps are between riders of one picture. */
  frame(): void {
    this.#lastError = NaN
  }

  see(drawn: Drawn, nowMs: number): void {
    const truth = this.#truth!
    const now = alongErrorM(truth, drawn, nowMs)
    this.nowAlong.add(Math.abs(now))
    this.nowSideways.add(Math.abs(drawn.lateralM - truth.at('lateralM', drawn.row, nowMs)))
    if (!Number.isNaN(this.#lastError)) this.gap.add(Math.abs(now - this.#lastError))
    this.#lastError = now
    const own = drawn.shownMs === nowMs ? now : alongErrorM(truth, drawn, drawn.shownMs)
    this.ownAlong.add(Math.abs(own))
    this.ownSideways.add(Math.abs(drawn.lateralM - truth.at('lateralM', drawn.row, drawn.shownMs)))
    this.behindMs.add(nowMs - drawn.shownMs)
    this.wattsAgeMs.add(wattsAgeMs(truth, drawn, nowMs))
  }
}

/** So long we look back for when the watts shown were true. */
const AGE_MAX_TICKS = 100

function wattsAgeMs(truth: Truth, drawn: Drawn, nowMs: number): number {
  const last = truth.tickAt(nowMs)
  const shownW = Math.round(drawn.powerW)
  for (let back = 0; back < AGE_MAX_TICKS && back <= last; back++) {
    if (Math.round(truth.value('powerW', drawn.row, last - back)) === shownW)
      return back === 0 ? 0 : nowMs - (last - back + 1) * TICK_MS
  }
  return AGE_MAX_TICKS * TICK_MS
}

/** Along the road, over the end of a way too; who is drawn on a way that does not follow, as the crow flies. */
export function alongErrorM(truth: Truth, drawn: Drawn, atMs: number): number {
  const { row } = drawn
  if (!Number.isNaN(drawn.distanceM)) return drawn.distanceM - truth.at('distanceM', row, atMs)
  const { course } = truth.stage.loaded
  const tick = truth.tickAt(atMs)
  const riddenM = truth.at('distanceM', row, atMs) - truth.value('distanceM', row, tick)
  const hereM = truth.placeM(row, tick)
  const gapM = gapBetweenM(course, hereM, drawn.placeM)
  if (!Number.isNaN(gapM)) return gapM - riddenM
  const next = Math.min(tick + 1, truth.stage.ticks - 1)
  const thereM = truth.placeM(row, next)
  const leftM = truth.value('distanceM', row, next) - truth.value('distanceM', row, tick) - riddenM
  const backM = gapBetweenM(course, thereM, drawn.placeM)
  if (!Number.isNaN(backM)) return backM + leftM
  return Math.max(0, crowM(course, hereM, drawn.placeM) - riddenM)
}

function crowM(course: Course, aM: number, bM: number): number {
  const eastM = course.xAt(aM) - course.xAt(bM)
  const northM = course.yAt(aM) - course.yAt(bM)
  return Math.sqrt(eastM * eastM + northM * northM)
}
