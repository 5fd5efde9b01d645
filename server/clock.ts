/** Time behind an interface: the wall clock here, a virtual one in the simulator. */
export interface Clock {
  /** Steady, ms; only differences mean anything. */
  nowMs(): number
  /** Calendar time, ms since 1970, for people and expiry; never for physics. */
  wallMs(): number
  /** Calls back once after at least `delayMs`; the result cancels it. */
  after(delayMs: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
