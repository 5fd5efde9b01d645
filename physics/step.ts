import { DRIVE_MAX_N } from './constants.ts'
import type { Course } from './course.ts'
import { nextLateralM, nextLateralMps } from './lanes.ts'
import { resistanceN, ROAD_BIKE, shelteredAreaM2, type Bike } from './resistance.ts'
import { RIDER_FLAG, type Riders } from './riders.ts'

/** One tick, s. */
export const DT_S = 1 / 20

/** Advances every rider by one tick. The order of rows does not matter. */
export function stepRiders(riders: Riders, course: Course, airDensityKgpm3: number): void {
  const { count, id, flags, powerW, massKg, cdaM2, draftFactor, speedMps, distanceM } = riders
  const { lateralM, lateralMps, lineM } = riders
  for (let i = 0; i < count; i++) {
    if (id[i] === 0 || (flags[i]! & RIDER_FLAG.held) !== 0) continue
    const v = speedMps[i]!
    const s = distanceM[i]!
    const areaM2 = shelteredAreaM2(cdaM2[i]!, draftFactor[i]!)
    const vNext = nextSpeedMps(v, s, powerW[i]!, massKg[i]!, areaM2, course, airDensityKgpm3, DT_S)
    speedMps[i] = vNext
    distanceM[i] = nextDistanceM(s, v, vNext, DT_S)

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
  const first = accelerationMps2(speedMps, distanceM, powerW, massKg, dragAreaM2, course, airDensityKgpm3, bike)
  const guessMps = Math.max(0, speedMps + first * dtS)
  const guessM = distanceM + speedMps * dtS
  const second = accelerationMps2(guessMps, guessM, powerW, massKg, dragAreaM2, course, airDensityKgpm3, bike)
  return Math.max(0, speedMps + 0.5 * (first + second) * dtS) // Never rolls back: brakes hold.
}

export function nextDistanceM(distanceM: number, speedMps: number, speedNextMps: number, dtS: number): number {
  return distanceM + 0.5 * (speedMps + speedNextMps) * dtS
}

export function accelerationMps2(
  speedMps: number,
  distanceM: number,
  powerW: number,
  massKg: number,
  dragAreaM2: number,
  course: Course,
  airDensityKgpm3: number,
  bike: Bike = ROAD_BIKE,
): number {
  const slope = course.slopeAt(distanceM)
  const crr = course.crrAt(distanceM)
  const againstN = resistanceN(speedMps, speedMps, massKg, slope, crr, dragAreaM2, airDensityKgpm3, bike)
  return (driveN(speedMps, powerW, bike) - againstN) / (massKg + bike.inertiaKg)
}

/** Newtons at the tyre: what the power gives at this speed, at most what the tyre can push. */
export function driveN(speedMps: number, powerW: number, bike: Bike = ROAD_BIKE): number {
  const wheelW = powerW * bike.efficiency
  return wheelW < DRIVE_MAX_N * speedMps ? wheelW / speedMps : powerW > 0 ? DRIVE_MAX_N : 0
}
