/** So many at once, then so many a second: what one sender may cost us. Filled when it is asked, not by a timer. */
export class Allowance {
  left: number
  #atMs: number

  constructor(atOnceMax: number, nowMs: number) {
    this.left = atOnceMax
    this.#atMs = nowMs
  }

  /** How many of `want` are granted now. */
  take(want: number, perS: number, atOnceMax: number, nowMs: number): number {
    this.left = Math.min(this.left + ((nowMs - this.#atMs) * perS) / 1000, atOnceMax)
    this.#atMs = nowMs
    const granted = Math.min(want, Math.floor(this.left))
    this.left -= granted
    return granted
  }
}
