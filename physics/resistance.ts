import { BEARING_N, BEARING_NSPM, GRAVITY_MPS2, WHEEL_DRAG_AREA_M2 } from './constants.ts'

/** Newtons against a rider in still air. Martin et al. 1998, eq. 3–8; `slope` is dz/ds, the sine. */
export function resistanceN(
  speedMps: number,
  massKg: number,
  slope: number,
  crr: number,
  cdaM2: number,
  airDensityKgpm3: number,
): number {
  const cosSlope = Math.sqrt(1 - slope * slope)
  const gravityN = massKg * GRAVITY_MPS2 * slope
  const rollingN = massKg * GRAVITY_MPS2 * crr * cosSlope
  const bearingN = BEARING_N + BEARING_NSPM * speedMps
  const dragN = 0.5 * airDensityKgpm3 * (cdaM2 + WHEEL_DRAG_AREA_M2) * speedMps * speedMps
  return gravityN + rollingN + bearingN + dragN
}
