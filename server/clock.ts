/** Time behind an interface: the wall clock here, a virtual one in the simulator. */
export interface Clock {
  /** Steady, ms; only differences mean anything. */
  nowMs(): number
  /** Calendar time, ms since 1970, for people and expiry; never for physics. */
  wallMs(): number
  /** Calls back once after at least `delayMs`; the result cancels it. */
  after(delayMs: number, callback: () => void): () => void
  /** Calls back once the sockets have been looked at; absent where time is virtual and nothing waits. */
  readonly soon?: (callback: () => void) => () => void
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
  soon(callback) {
    const turn = setImmediate(callback)
    return () => clearImmediate(turn)
  },
}
