import { warmthShare } from './air.ts'
import { createRoadSpot, readSpot, type Course, type RoadSpot } from './course.ts'
import type { Riders } from './riders.ts'
import { rollingShare } from './surface.ts'
import type { Conditions } from './weather.ts'
import { createRoadWind, windOnSpot } from './wind.ts'

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
const ownSpot = createRoadSpot()

/** Wind, density and wetness at a place, in the step that leaves the conditions' tick. */
export function surround(course: Course, placeM: number, conditions: Conditions, out: Surroundings): Surroundings {
  ownSpot.placeM = placeM
  readSpot(course, ownSpot)
  surroundSpot(ownSpot, conditions, out)
  return out
}

/** The same, where the place is known already. */
export function surroundSpot(spot: RoadSpot, conditions: Conditions, out: Surroundings): void {
  const { seaLevelC, isWet } = conditions.weather
  windOnSpot(spot, conditions, wind)
  out.headMps = wind.headMps
  out.crossMps = wind.crossMps
  out.airDensityKgpm3 = spot.airDensityKgpm3
  if (seaLevelC !== 15) out.airDensityKgpm3 *= warmthShare(seaLevelC, spot.heightM)
  out.rollingShare = rollingShare(isWet)
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
  readonly #spot = createRoadSpot()

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
    const spot = this.#spot
    for (let row = 0; row < count; row++) {
      if (id[row] === 0) continue
      spot.placeM = distanceM[row]! + offsetM[row]!
      readSpot(course, spot)
      surroundSpot(spot, conditions, around)
      this.slope[row] = spot.slope
      this.crr[row] = spot.crr * around.rollingShare
      this.widthM[row] = spot.widthM
      this.headMps[row] = around.headMps
      this.crossMps[row] = around.crossMps
      this.airDensityKgpm3[row] = around.airDensityKgpm3
    }
  }
}
