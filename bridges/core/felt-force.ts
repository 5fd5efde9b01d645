/**
 * The force against a bicycle, as a trainer in simulation mode makes it (Martin et al. 1998, eq. 3–8; FTMS 1.0 §4.16.2.18):
 *
 *   F = m g (i + c_rr) + c_w (v + w) |v + w|        i grade, w wind in the face
 *
 * and its inverses. Slope and rolling are taken without their cosine, as trainers do: at 25 % that is 3 %.
 */
export interface FeltRoad {
  readonly gradeFraction: number
  readonly crr: number
  readonly cwKgpm: number
  readonly windMps: number
}

const G_MPS2 = 9.80665
/** Rider and bicycle where nobody said: what most trainers assume. */
export const MASS_KG = 83
/** Below this P/v would push without bound. */
const SPEED_MIN_MPS = 1.5

export function feltN(road: FeltRoad, massKg: number, speedMps: number): number {
  const airMps = speedMps + road.windMps
  return massKg * G_MPS2 * (road.gradeFraction + road.crr) + road.cwKgpm * airMps * Math.abs(airMps)
}

/** The grade at which legs of `powerW` feel, at this speed, what they push now: P = F v, solved for i. */
export function gradeOfPower(powerW: number, air: Omit<FeltRoad, 'gradeFraction'>, at: MovingMass): number {
  const v = Math.max(at.speedMps, SPEED_MIN_MPS)
  return (powerW / v - feltN({ ...air, gradeFraction: 0 }, at.massKg, v)) / (at.massKg * G_MPS2)
}

export interface MovingMass {
  readonly massKg: number
  readonly speedMps: number
}
