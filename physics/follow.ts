/** Two riders closer than this from middle to middle are in each other's way, m: a bicycle with elbows, and a hand. */
export const CLEAR_M = 0.58
/** Wheel to wheel in the middle of the wake, m; and at its edge, where the front wheel begins to overlap. */
const GAP_IN_LINE_M = 0.8
const GAP_AT_EDGE_M = 0.05
/** A gap that is too long is closed within about this, s, and from afar at a speed the wind can take off again, m/s². */
const CLOSE_S = 4
const CLOSE_MPS2 = 0.06
/** One that is too short is opened slower, for in the wake it takes few watts to fall back and many to return: s, m/s². */
const OPEN_S = 8
const OPEN_MPS2 = 0.015
/** How briskly speed follows the wish, s. */
const SPEED_S = 1.5
/** Who is boxed in with watts to spare keeps a longer gap, where the air takes more of them: m at most, and m per m/s² … */
const EASE_MOST_M = 20
const EASE_M_PER_MPS2 = 500
/** … beyond this, which is left to the wind. */
export const EASE_FROM_MPS2 = 0.05
/** Nobody eases off faster than this, m/s². */
const EASE_MPS2 = 0.2

/**
 * The gap that belongs to a place in the wake: the more to the side, the closer. So watts have one place each: more of
 * them take more air, farther out, farther up, until the rider is alongside and past.
 */
export function gapWantedM(asideM: number, spareMps2: number): number {
  const easeM = Math.min(EASE_MOST_M, EASE_M_PER_MPS2 * Math.max(0, spareMps2 - EASE_FROM_MPS2))
  return GAP_AT_EDGE_M + (GAP_IN_LINE_M + easeM - GAP_AT_EDGE_M) * Math.max(0, 1 - asideM / CLEAR_M)
}

/** The acceleration that takes a rider to the gap that is wanted, and keeps them there, m/s². */
export function followMps2(gapM: number, wantedM: number, speedMps: number, aheadMps: number): number {
  const errorM = gapM - wantedM
  const closingMps =
    errorM > 0
      ? Math.min(errorM / CLOSE_S, Math.sqrt(2 * CLOSE_MPS2 * errorM))
      : -Math.min(-errorM / OPEN_S, Math.sqrt(-2 * OPEN_MPS2 * errorM))
  return (aheadMps + closingMps - speedMps) / SPEED_S
}

/** Who is boxed in eases off the pedals behind the wheel ahead: the acceleration that leaves, m/s². */
export function easedMps2(gapM: number, wantedM: number, speedMps: number, aheadMps: number): number {
  return Math.max(-EASE_MPS2, followMps2(gapM, wantedM, speedMps, aheadMps))
}
