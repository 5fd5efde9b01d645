import type { Course } from '#physics/course'
import { BICYCLE_LENGTH_M } from '#physics/wake-law'
import { Pack } from '#physics/pack'
import type { PackOptions } from '#physics/pack-options'
import { plainCourse } from '#physics/plain-courses'
import { shapeRider } from '#physics/rider-shape'
import { createRiders, type Riders } from '#physics/riders'
import { DT_S, stepRiders } from '#physics/step'
import { calmConditions, type Conditions, type Weather } from '#physics/weather'

/** A rider of a scene: a body, a place to start from, and legs as a function of time. */
export interface Cast {
  readonly bodyKg?: number
  readonly heightM?: number
  readonly distanceM: number
  readonly lateralM?: number
  readonly speedMps: number
  readonly powerW: (timeS: number, row: number, riders: Riders) => number
}

/** A bunch on a road: pack and law of motion as the world calls them, without the world around. */
export class Bunch {
  readonly riders: Riders
  readonly course: Course
  readonly conditions: Conditions = calmConditions()
  readonly #pack: Pack
  readonly #cast: readonly Cast[]
  tick = 0
  /** Work at the pedals, J, all riders. */
  workJ = 0

  constructor(
    cast: readonly Cast[],
    {
      course = plainCourse(),
      weather,
      options,
    }: { course?: Course; weather?: Weather; options?: Partial<PackOptions> } = {},
  ) {
    this.course = course
    this.#cast = cast
    this.#pack = new Pack(options)
    if (weather !== undefined) this.conditions.weather = weather
    const riders = createRiders(cast.length)
    this.riders = riders
    riders.count = cast.length
    cast.forEach(({ bodyKg = 75, heightM = 1.78, distanceM, lateralM = 0, speedMps }, row) => {
      const { massKg, cdaM2 } = shapeRider({ massKg: bodyKg, heightM })
      riders.id[row] = row + 1
      riders.massKg[row] = massKg
      riders.cdaM2[row] = cdaM2
      riders.distanceM[row] = distanceM
      riders.lateralM[row] = lateralM
      riders.lineM[row] = lateralM
      riders.speedMps[row] = speedMps
    })
  }

  get timeS(): number {
    return this.tick * DT_S
  }

  step(): void {
    const { riders, course, conditions } = this
    for (let row = 0; row < riders.count; row++) {
      riders.powerW[row] = this.#cast[row]!.powerW(this.timeS, row, riders)
      this.workJ += riders.powerW[row]! * DT_S
    }
    conditions.tick = this.tick
    this.#pack.prepare(riders, course, conditions)
    stepRiders(riders, course, conditions, undefined, undefined, DT_S, this.#pack.ground)
    this.#pack.settle(riders, course)
    this.tick++
  }

  /** Rides on for so long; `look` is called after every tick. */
  ride(seconds: number, look?: () => void): void {
    const end = this.tick + Math.round(seconds / DT_S)
    while (this.tick < end) {
      this.step()
      look?.()
    }
  }

  /** From the front wheel of one to the rear wheel of another, m. */
  gapM(row: number, ahead: number): number {
    return this.riders.distanceM[ahead]! - this.riders.distanceM[row]! - BICYCLE_LENGTH_M
  }

  get lostJ(): number {
    let sum = 0
    for (let row = 0; row < this.riders.count; row++) sum += this.riders.contactJ[row]! + this.riders.brakeJ[row]!
    return sum
  }
}
