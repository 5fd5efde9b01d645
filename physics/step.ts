import { DRIVE_MAX_N } from './constants.ts'
import type { Course } from './course.ts'
import { nextLateralM, nextLateralMps } from './lanes.ts'
import { resistanceN, ROAD_BIKE, shelteredAreaM2, type Bike } from './resistance.ts'
import { RIDER_FLAG, type Riders } from './riders.ts'
import type { Conditions } from './weather.ts'

/** One tick, s. */
export const DT_S = 1 / 20

const NOT_RIDING = RIDER_FLAG.held | RIDER_FLAG.zone

/** Advances every rider by one tick. The order of rows does not matter. */
export function stepRiders(riders: Riders, course: Course, _conditions: Conditions): void {
  const { count, id, flags, powerW, massKg, cdaM2, draftFactor, speedMps, distanceM, offsetM } = riders
  const { lateralM, lateralMps, lineM } = riders
  for (let i = 0; i < count; i++) {
    if (id[i] === 0 || (flags[i]! & NOT_RIDING) !== 0) continue
    const v = speedMps[i]!
    const s = distanceM[i]! + offsetM[i]!
    const areaM2 = shelteredAreaM2(cdaM2[i]!, draftFactor[i]!)
    const vNext = nextSpeedMps(v, s, powerW[i]!, massKg[i]!, areaM2, course, course.airDensityAt(s), DT_S)
    speedMps[i] = vNext
    distanceM[i] = nextDistanceM(distanceM[i]!, v, vNext, DT_S)

    const x = lateralM[i]!
    const u = lateralMps[i]!
    const uNext = nextLateralMps(x, u, lineM[i]!, vNext, DT_S)
    lateralMps[i] = uNext
    lateralM[i] = nextLateralM(x, u, uNext, course.widthAt(s), DT_S)
  }
}

/** Heun, two stages: at 20 Hz within centimetres of the limit of small steps (docs/physics.md). */
export function nextSpeedMps(
  speedMps: number,
  distanceM: number,
  powerW: number,
  massKg: number,
  dragAreaM2: number,
  course: Course,
  airDensityKgpm3: number,
  dtS: number,
  bike: Bike = ROAD_BIKE,
): number {
  const wheelW = powerW * bike.efficiency
  const inertKg = massKg + bike.inertiaKg
  const floorMps = pushFloorMps(wheelW, inertKg, dtS)
  const againstN = roadN(speedMps, distanceM, massKg, dragAreaM2, course, airDensityKgpm3, bike)
  const first = (driveN(speedMps, wheelW, floorMps) - againstN) / inertKg
  const guessMps = Math.max(0, speedMps + first * dtS)
  const guessM = distanceM + speedMps * dtS
  const againstNextN = roadN(guessMps, guessM, massKg, dragAreaM2, course, airDensityKgpm3, bike)
  const second = (driveN(guessMps, wheelW, floorMps) - againstNextN) / inertKg
  return Math.max(0, speedMps + 0.5 * (first + second) * dtS) // Never rolls back: brakes hold.
}

export function nextDistanceM(distanceM: number, speedMps: number, speedNextMps: number, dtS: number): number {
  return distanceM + 0.5 * (speedMps + speedNextMps) * dtS
}

/** Newtons at the tyre: what the power gives at this speed, at most what the tyre can push. */
export function driveN(speedMps: number, wheelW: number, floorMps: number): number {
  if (wheelW <= 0) return 0
  return Math.min(DRIVE_MAX_N, wheelW / Math.max(speedMps, floorMps))
}

/**
 * P / v has no end at standstill. Below the speed that one step's whole work would give from rest, force is taken there:
 * Heun then makes never more than a hundredth above what the legs gave, at no speed and no power (test P5).
 */
export function pushFloorMps(wheelW: number, inertKg: number, dtS: number): number {
  return Math.sqrt((2 * Math.max(0, wheelW) * dtS) / inertKg)
}

function roadN(
  speedMps: number,
  distanceM: number,
  massKg: number,
  dragAreaM2: number,
  course: Course,
  airDensityKgpm3: number,
  bike: Bike,
): number {
  const slope = course.slopeAt(distanceM)
  const crr = course.crrAt(distanceM)
  return resistanceN(speedMps, speedMps, massKg, slope, crr, dragAreaM2, airDensityKgpm3, bike) // Still air.
}
