import { warmthShare } from './air.ts'
import type { Course } from './course.ts'
import type { Riders } from './riders.ts'
import { rollingShare } from './surface.ts'
import type { Conditions } from './weather.ts'
import { createRoadWind, windOnRoad } from './wind.ts'

/** The air and the road's skin around one rider for one step. */
export interface Surroundings {
  airDensityKgpm3: number
  /** Wind in the face and from the right, m/s. */
  headMps: number
  crossMps: number
  /** What the weather makes of rolling resistance. */
  rollingShare: number
}

export function createSurroundings(): Surroundings {
  return { airDensityKgpm3: 0, headMps: 0, crossMps: 0, rollingShare: 1 }
}

/** Standard air, nobody blowing, dry. */
export function stillAir(airDensityKgpm3: number): Surroundings {
  return { airDensityKgpm3, headMps: 0, crossMps: 0, rollingShare: 1 }
}

const wind = createRoadWind()

/** Wind, density and wetness at a place, in the step that leaves the conditions' tick. */
export function surround(course: Course, placeM: number, conditions: Conditions, out: Surroundings): Surroundings {
  const { seaLevelC, isWet } = conditions.weather
  windOnRoad(course, placeM, conditions, wind)
  out.headMps = wind.headMps
  out.crossMps = wind.crossMps
  const warmth = seaLevelC === 15 ? 1 : warmthShare(seaLevelC, course.heightAt(placeM))
  out.airDensityKgpm3 = course.airDensityAt(placeM) * warmth
  out.rollingShare = rollingShare(isWet)
  return out
}

/**
 * Road and air around everybody in one tick, by row: wakes, lines and forces all ask for them, and a place on a long road
 * is far away in memory. Scratch, read again each tick.
 */
export class Ground {
  readonly capacity: number
  readonly slope: Float64Array
  /** Rolling resistance, wetness in it. */
  readonly crr: Float64Array
  readonly widthM: Float64Array
  readonly headMps: Float64Array
  readonly crossMps: Float64Array
  readonly airDensityKgpm3: Float64Array
  readonly #around = createSurroundings()

  constructor(capacity: number) {
    this.capacity = capacity
    const column = () => new Float64Array(capacity)
    this.slope = column()
    this.crr = column()
    this.widthM = column()
    this.headMps = column()
    this.crossMps = column()
    this.airDensityKgpm3 = column()
  }

  /** Where riders are now, in the step that leaves the conditions' tick. */
  read({ count, id, distanceM, offsetM }: Riders, course: Course, conditions: Conditions): void {
    const around = this.#around
    for (let row = 0; row < count; row++) {
      if (id[row] === 0) continue
      const placeM = distanceM[row]! + offsetM[row]!
      surround(course, placeM, conditions, around)
      this.slope[row] = course.slopeAt(placeM)
      this.crr[row] = course.crrAt(placeM) * around.rollingShare
      this.widthM[row] = course.widthAt(placeM)
      this.headMps[row] = around.headMps
      this.crossMps[row] = around.crossMps
      this.airDensityKgpm3[row] = around.airDensityKgpm3
    }
  }
}
