import type { InputSample } from '#protocol/input'
import type { OwnState } from '#protocol/session'
import type { Course } from '#physics/course'

/** Steps of height are taken over this much road, so that quantised heights do not add up to a mountain. */
const CLIMB_STEP_M = 10

export interface RideTotals {
  readonly distanceM: number
  readonly climbM: number
  readonly workJ: number
  /** What brakes and other riders took. */
  readonly brakeJ: number
  readonly contactJ: number
  readonly powerMaxW: number
}

/** What a ride comes to, from the rider's own records: the server's word, not the prediction's. */
export class RideLog {
  readonly #course: Course
  #first: OwnState | undefined
  #last: OwnState | undefined
  #riddenM = 0
  #climbedToM = 0
  #climbedHeightM = 0
  #climbM = 0
  #powerMaxW = 0

  constructor(course: Course) {
    this.#course = course
  }

  own(state: OwnState): void {
    const last = this.#last
    const onwardM = last === undefined ? 0 : state.distanceM - last.distanceM
    const isRecount = last !== undefined && state.route !== last.route // A route counts from its own beginning.
    // Put somewhere else (a pen, a new start): what was ridden until there is told by the next ride.
    if (last === undefined || (Math.abs(onwardM) > 100 && !isRecount)) {
      this.#first = state
      this.#riddenM = 0
      this.#climbedToM = 0
      this.#climbedHeightM = this.#course.heightAt(state.placeM)
    } else if (!isRecount) this.#riddenM += onwardM
    this.#last = state
    this.#powerMaxW = Math.max(this.#powerMaxW, state.powerW)
    if (this.#riddenM - this.#climbedToM < CLIMB_STEP_M) return
    const heightM = this.#course.heightAt(state.placeM)
    this.#climbM += Math.max(0, heightM - this.#climbedHeightM)
    this.#climbedToM = this.#riddenM
    this.#climbedHeightM = heightM
  }

  sample(sample: InputSample): void {
    this.#powerMaxW = Math.max(this.#powerMaxW, sample.powerW)
  }

  get totals(): RideTotals {
    const first = this.#first
    const last = this.#last
    return {
      distanceM: this.#riddenM,
      climbM: this.#climbM,
      workJ: first && last ? last.workJ - first.workJ : 0,
      brakeJ: first && last ? last.brakeJ - first.brakeJ : 0,
      contactJ: first && last ? last.contactJ - first.contactJ : 0,
      powerMaxW: this.#powerMaxW,
    }
  }
}
