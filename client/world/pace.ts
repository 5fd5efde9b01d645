import { resistanceN, ROAD_BIKE, shelteredAreaM2 } from '#physics/resistance'

/** A rider for whom a road is timed. */
export interface PaceRider {
  readonly massKg: number
  readonly cdaM2: number
  readonly crr: number
  readonly airKgpm3: number
}

/** Faster downhill nobody is timed: bends and brakes are not in this law, m/s. */
const FAST_MAX_MPS = 18
const SLOW_MIN_MPS = 0.8

/** The speed that watts hold on a slope, by halving: 24 times is finer than a millimetre a second. */
export function heldSpeedMps(powerW: number, slope: number, rider: PaceRider): number {
  const areaM2 = shelteredAreaM2(rider.cdaM2, 1)
  let slowMps = SLOW_MIN_MPS
  let fastMps = FAST_MAX_MPS
  for (let i = 0; i < 24; i++) {
    const mps = 0.5 * (slowMps + fastMps)
    const needN = resistanceN(mps, mps, rider.massKg, slope, rider.crr, areaM2, rider.airKgpm3)
    if ((needN * mps) / ROAD_BIKE.efficiency < powerW) slowMps = mps
    else fastMps = mps
  }
  return 0.5 * (slowMps + fastMps)
}

/** Seconds over pieces of road of one length, at steady watts in still air, without run-up or momentum. */
export function timesOver(slopes: readonly number[], pieceM: number, powerW: number, rider: PaceRider): number[] {
  let sumS = 0
  return slopes.map((slope) => (sumS += pieceM / heldSpeedMps(powerW, slope, rider)))
}
