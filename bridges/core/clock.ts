/** Time, handed in: the commands bring the real one, tests a virtual one. The shape of server/clock.ts, as far as bridges need it. */
export interface BridgeClock {
  /** Steady, ms. */
  nowMs(): number
  /** Calls back once after at least `delayMs`; the result cancels it. */
  after(delayMs: number, callback: () => void): () => void
}

/** The answer, or undefined when it has not come in time. The promise given must not reject. */
export async function inTime<T>(clock: BridgeClock, limitMs: number, promise: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>()
  const cancel = clock.after(limitMs, () => late.resolve(undefined))
  const first = await Promise.race([promise, late.promise])
  cancel()
  return first
}
