import type { InputSample } from '#protocol/input'
import type { OwnState } from '#protocol/session'
import type { Course } from '#physics/course'

/** Steps of height are taken over this much road, so that quantised heights do not add up to a mountain. */
const CLIMB_STEP_M = 10

export interface RideTotals {
  readonly distanceM: number
  readonly climbM: number
  readonly workJ: number
  readonly powerMaxW: number
}

/** What a ride comes to, from the rider's own records: the server's word, not the prediction's. */
export class RideLog {
  readonly #course: Course
  #first: OwnState | undefined
  #last: OwnState | undefined
  #climbedToM = 0
  #climbM = 0
  #powerMaxW = 0

  constructor(course: Course) {
    this.#course = course
  }

  own(state: OwnState): void {
    // Put somewhere else (a pen, a new start): what was ridden until there is told by the next ride.
    if (!this.#first || Math.abs(state.distanceM - this.#last!.distanceM) > 100) {
      this.#first = state
      this.#climbedToM = state.distanceM
    }
    this.#last = state
    this.#powerMaxW = Math.max(this.#powerMaxW, state.powerW)
    while (state.distanceM - this.#climbedToM >= CLIMB_STEP_M) {
      const fromM = this.#climbedToM
      this.#climbedToM += CLIMB_STEP_M
      this.#climbM += Math.max(0, this.#course.heightAt(this.#climbedToM) - this.#course.heightAt(fromM))
    }
  }

  sample(sample: InputSample): void {
    this.#powerMaxW = Math.max(this.#powerMaxW, sample.powerW)
  }

  get totals(): RideTotals {
    const first = this.#first
    const last = this.#last
    return {
      distanceM: first && last ? last.distanceM - first.distanceM : 0,
      climbM: this.#climbM,
      workJ: first && last ? last.workJ - first.workJ : 0,
      powerMaxW: this.#powerMaxW,
    }
  }
}
