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
export const EASE_MPS2 = 0.2

/** A rider behind a wheel. In fields, for a number handed over to a function of some length is a new object each time. */
export class Follow {
  gapM = 0
  asideM = 0
  spareMps2 = 0
  speedMps = 0
  aheadMps = 0
  /** The answers: the gap that is wanted, and the acceleration that takes a rider there, m/s². */
  wantedM = 0
  mps2 = 0

  /**
   * The gap that belongs to a place in the wake: the more to the side, the closer. So watts have one place each: more of
   * them take more air, farther out, farther up, until the rider is alongside and past.
   */
  look(): void {
    const easeM = Math.min(EASE_MOST_M, EASE_M_PER_MPS2 * Math.max(0, this.spareMps2 - EASE_FROM_MPS2))
    const share = Math.max(0, 1 - this.asideM / CLEAR_M)
    this.wantedM = GAP_AT_EDGE_M + (GAP_IN_LINE_M + easeM - GAP_AT_EDGE_M) * share
    const errorM = this.gapM - this.wantedM
    const closingMps =
      errorM > 0
        ? Math.min(errorM / CLOSE_S, Math.sqrt(2 * CLOSE_MPS2 * errorM))
        : -Math.min(-errorM / OPEN_S, Math.sqrt(-2 * OPEN_MPS2 * errorM))
    this.mps2 = (this.aheadMps + closingMps - this.speedMps) / SPEED_S
  }
}
