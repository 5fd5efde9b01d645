import { DRIVE_MAX_N, DRIVETRAIN_EFFICIENCY, WHEEL_INERTIA_KG } from './constants.ts'
import type { Course } from './course.ts'
import { resistanceN } from './resistance.ts'
import { RIDER_FLAG, type Riders } from './riders.ts'

/** One tick, s. */
export const DT_S = 1 / 20

/** Advances every rider by one tick (Heun, two stages). The order of rows does not matter. */
export function stepRiders(riders: Riders, course: Course, airDensityKgpm3: number): void {
  const { count, id, flags, powerW, massKg, cdaM2, draftFactor, speedMps, distanceM } = riders
  for (let i = 0; i < count; i++) {
    if (id[i] === 0 || (flags[i]! & RIDER_FLAG.held) !== 0) continue
    const v = speedMps[i]!
    const s = distanceM[i]!
    const cda = cdaM2[i]! * draftFactor[i]!
    const first = accelerationMps2(v, s, powerW[i]!, massKg[i]!, cda, course, airDensityKgpm3)
    const vGuess = Math.max(0, v + first * DT_S)
    const second = accelerationMps2(vGuess, s + v * DT_S, powerW[i]!, massKg[i]!, cda, course, airDensityKgpm3)
    const vNext = Math.max(0, v + 0.5 * (first + second) * DT_S) // Never rolls back: brakes hold.
    distanceM[i] = s + 0.5 * (v + vNext) * DT_S
    speedMps[i] = vNext
  }
}

export function accelerationMps2(
  speedMps: number,
  distanceM: number,
  powerW: number,
  massKg: number,
  cdaM2: number,
  course: Course,
  airDensityKgpm3: number,
): number {
  const resistN = resistanceN(
    speedMps,
    massKg,
    course.slopeAt(distanceM),
    course.crrAt(distanceM),
    cdaM2,
    airDensityKgpm3,
  )
  return (driveN(speedMps, powerW) - resistN) / (massKg + WHEEL_INERTIA_KG)
}

/** Newtons at the tyre: what the power gives at this speed, at most what the tyre can push. */
export function driveN(speedMps: number, powerW: number): number {
  const wheelW = powerW * DRIVETRAIN_EFFICIENCY
  return wheelW < DRIVE_MAX_N * speedMps ? wheelW / speedMps : powerW > 0 ? DRIVE_MAX_N : 0
}
