/**
 * When the server decided otherwise: what is drawn stays where it is, and the difference is folded away so gently that
 * nobody sees it. Offsets are "drawn minus model"; the drawn rider never rolls backward.
 */

/** Along the road the rider's own error is folded at this rate at most; a rider at 9 m/s does not notice 3 %. */
export const FOLD_MPS = 0.3
/** Sideways the error is a critically damped spring with this time constant. */
const FOLD_LATERAL_S = 0.15
/** Beyond this the picture was wrong, not late: jump. */
const SNAP_M = 3

export class Correction {
  alongM = 0
  lateralM = 0
  #lateralMps = 0
  /** How often an error was too large to fold. */
  snaps = 0
  /** Hears of every error as it was, for the statistics of the connection. */
  onError: ((alongM: number, lateralM: number) => void) | undefined
  /** … and of every one that was too large to fold. */
  onSnap: (() => void) | undefined

  /** The model moved from `before` to `after` in no time: go on drawing `before`. */
  absorb(alongM: number, lateralM: number): void {
    this.onError?.(alongM, lateralM)
    this.alongM += alongM
    this.lateralM += lateralM
    if (Math.abs(this.alongM) > SNAP_M || Math.abs(this.lateralM) > SNAP_M) {
      this.snaps++
      this.onSnap?.()
      this.alongM = 0
      this.lateralM = 0
      this.#lateralMps = 0
    }
  }

  /** One frame of folding. A rider drawn too far ahead waits for the model, and is never drawn backward. */
  fold(dtS: number, speedMps: number): void {
    const rateMps = this.alongM > 0 ? Math.min(FOLD_MPS, speedMps) : FOLD_MPS
    const stepM = Math.min(Math.abs(this.alongM), rateMps * dtS)
    this.alongM -= this.alongM > 0 ? stepM : -stepM
    this.#foldLateral(dtS)
  }

  #foldLateral(dtS: number): void {
    // x(t) = (x₀ + (v₀ + ω x₀) t) e^(−ωt): exact for any frame length, so a slow frame cannot overshoot.
    const omega = 1 / FOLD_LATERAL_S
    const decay = Math.exp(-omega * dtS)
    const slide = this.#lateralMps + omega * this.lateralM
    this.lateralM = (this.lateralM + slide * dtS) * decay
    this.#lateralMps = (this.#lateralMps - omega * slide * dtS) * decay
  }
}
