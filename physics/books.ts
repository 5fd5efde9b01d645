import { GRAVITY_MPS2 } from './constants.ts'
import type { Course } from './course.ts'
import { bearingN, dragN, gravityN, ROAD_BIKE, rollingN, shelteredAreaM2 } from './resistance.ts'
import type { Riders } from './riders.ts'
import { type Surroundings } from './ground.ts'
import { brakeWorkJ, driveN, pushFloorMps, type Bookkeeper } from './step.ts'

/** What each rider's watts became, J since `open`. Every line is its own force times the way, none is what was left over. */
export class Books implements Bookkeeper {
  readonly legsJ: Float64Array
  readonly drivetrainJ: Float64Array
  /** Watts that a tyre at its limit, or a wheel that hardly turns yet, could not take. */
  readonly startJ: Float64Array
  /** Negative where the wind pushed. */
  readonly airJ: Float64Array
  readonly rollingJ: Float64Array
  readonly bearingsJ: Float64Array
  readonly brakeJ: Float64Array
  /** What resistances would have taken in the tick in which a rider came to a stand, had it not ended: negative. */
  readonly standJ: Float64Array
  readonly #storedAtJ: Float64Array
  readonly #contactAtJ: Float64Array
  readonly #stages = { air: 0, rolling: 0, bearings: 0, unused: 0 }

  constructor(capacity: number) {
    const column = () => new Float64Array(capacity)
    this.legsJ = column()
    this.drivetrainJ = column()
    this.startJ = column()
    this.airJ = column()
    this.rollingJ = column()
    this.bearingsJ = column()
    this.brakeJ = column()
    this.standJ = column()
    this.#storedAtJ = column()
    this.#contactAtJ = column()
  }

  /** Begins a rider's account with what is stored in speed and height now. */
  open(row: number, riders: Riders, course: Course): void {
    for (const column of [this.legsJ, this.drivetrainJ, this.startJ, this.airJ]) column[row] = 0
    for (const column of [this.rollingJ, this.bearingsJ, this.brakeJ, this.standJ]) column[row] = 0
    this.#storedAtJ[row] = storedJ(row, riders, course)
    this.#contactAtJ[row] = riders.contactJ[row]!
  }

  enter(
    row: number,
    riders: Riders,
    course: Course,
    around: Surroundings,
    freeMps: number,
    nextMps: number,
    dtS: number,
  ): void {
    const v = riders.speedMps[row]!
    const placeM = riders.distanceM[row]! + riders.offsetM[row]!
    const powerW = riders.powerW[row]!
    const massKg = riders.massKg[row]!
    const inertKg = massKg + ROAD_BIKE.inertiaKg
    const stages = this.#stages
    stages.air = stages.rolling = stages.bearings = stages.unused = 0
    const first = this.#stage(row, riders, course, around, v, placeM, dtS) / inertKg
    const guessMps = Math.max(0, v + first * dtS)
    const second = this.#stage(row, riders, course, around, guessMps, placeM + v * dtS, dtS) / inertKg
    const wayM = 0.5 * (v + nextMps) * dtS
    this.legsJ[row]! += powerW * dtS
    this.drivetrainJ[row]! += powerW * (1 - ROAD_BIKE.efficiency) * dtS
    this.startJ[row]! += 0.5 * stages.unused * dtS
    this.airJ[row]! += 0.5 * stages.air * wayM
    this.rollingJ[row]! += 0.5 * stages.rolling * wayM
    this.bearingsJ[row]! += 0.5 * stages.bearings * wayM
    if (nextMps < freeMps) this.brakeJ[row]! += brakeWorkJ(v, freeMps, nextMps, powerW, massKg, dtS)
    const backwardMps = Math.min(0, v + 0.5 * (first + second) * dtS)
    this.standJ[row]! += inertKg * (backwardMps / dtS) * wayM
  }

  /** Losses of a rider so far, contact included, J. */
  lossesJ(row: number, riders: Riders): number {
    const road = this.airJ[row]! + this.rollingJ[row]! + this.bearingsJ[row]! + this.standJ[row]!
    const taken = this.brakeJ[row]! + riders.contactJ[row]! - this.#contactAtJ[row]!
    return this.drivetrainJ[row]! + this.startJ[row]! + road + taken
  }

  /** Legs minus losses minus what is stored more than at the beginning, J: what the law of motion made or lost itself. */
  residualJ(row: number, riders: Riders, course: Course): number {
    const gainJ = storedJ(row, riders, course) - this.#storedAtJ[row]!
    return this.legsJ[row]! - this.lossesJ(row, riders) - gainJ
  }

  /** Adds a stage's forces to the sums; answers the force that is left to speed the rider up, N. */
  #stage(
    row: number,
    riders: Riders,
    course: Course,
    around: Surroundings,
    v: number,
    placeM: number,
    dtS: number,
  ): number {
    const stages = this.#stages
    const massKg = riders.massKg[row]!
    const wheelW = riders.powerW[row]! * ROAD_BIKE.efficiency
    const areaM2 = shelteredAreaM2(riders.cdaM2[row]!, riders.draftFactor[row]!)
    const slope = course.slopeAt(placeM)
    const driven = driveN(v, wheelW, pushFloorMps(wheelW, massKg + ROAD_BIKE.inertiaKg, dtS))
    const air = dragN(v + around.headMps, areaM2, around.airDensityKgpm3, around.crossMps)
    const rolling = rollingN(massKg, slope, course.crrAt(placeM) * around.rollingShare)
    const bearings = bearingN(v)
    stages.air += air
    stages.rolling += rolling
    stages.bearings += bearings
    stages.unused += Math.max(0, wheelW - driven * v)
    return driven - gravityN(massKg, slope) - air - rolling - bearings
  }
}

/** In speed and height: ½ (m + I/r²) v² + m g h, J. */
export function storedJ(row: number, { speedMps, massKg, distanceM, offsetM }: Riders, course: Course): number {
  const v = speedMps[row]!
  const heightM = course.heightAt(distanceM[row]! + offsetM[row]!)
  return 0.5 * (massKg[row]! + ROAD_BIKE.inertiaKg) * v * v + massKg[row]! * GRAVITY_MPS2 * heightM
}
