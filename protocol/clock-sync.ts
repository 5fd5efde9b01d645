import { TICK_MS } from './limits.ts'

const SAMPLES = 16
const ARRIVALS = 40
/** Errors above this are stepped over, not slewed: something big happened, a suspended tab for instance. */
const STEP_MS = 250
/** Our idea of the server's time never runs faster or slower than true time by more than this share. */
const SLEW = 0.02

/**
 * What tick is it over there? The server speaks once a tick, right after it; the packet that was least delayed says
 * best when that was, and half the smallest round trip is how long it was under way.
 */
export class ClockSync {
  readonly #rttMs: number[] = []
  readonly #leadMs: number[] = []
  #offsetMs: number | undefined
  #slewedAtMs = 0

  /** Smallest of the last round trips, ms; 0 before the first. */
  get rttMs(): number {
    return this.#rttMs.length === 0 ? 0 : Math.min(...this.#rttMs)
  }

  /** Spread of the round trips, ms: how far beyond the smallest the middle one lies. */
  get jitterMs(): number {
    if (this.#rttMs.length === 0) return 0
    const sorted = this.#rttMs.toSorted((a, b) => a - b)
    return sorted[sorted.length >> 1]! - sorted[0]!
  }

  /** An echo came back: sent at `sentMs`, held over there for `heldMs`. */
  echoed(sentMs: number, heldMs: number, nowMs: number): void {
    const rtt = nowMs - sentMs - heldMs
    if (rtt < 0) return
    this.#rttMs.push(rtt)
    if (this.#rttMs.length > SAMPLES) this.#rttMs.shift()
  }

  /** A packet made at `tick` arrived. */
  heard(tick: number, nowMs: number): void {
    this.#leadMs.push(tick * TICK_MS - nowMs)
    if (this.#leadMs.length > ARRIVALS) this.#leadMs.shift()
    const target = Math.max(...this.#leadMs) + this.rttMs / 2
    if (this.#offsetMs === undefined || Math.abs(target - this.#offsetMs) > STEP_MS) {
      // After a step the old arrivals would only pull back.
      if (this.#offsetMs !== undefined) this.#leadMs.splice(0, this.#leadMs.length - 1)
      this.#offsetMs = tick * TICK_MS - nowMs + this.rttMs / 2
      this.#slewedAtMs = nowMs
      return
    }
    const mayMs = Math.max(0, nowMs - this.#slewedAtMs) * SLEW
    const wantMs = target - this.#offsetMs
    this.#offsetMs += Math.min(Math.max(wantMs, -mayMs), mayMs)
    this.#slewedAtMs = nowMs
  }

  /** The tick over there at `nowMs`, with its fraction; 0 before anything was heard. */
  tickAt(nowMs: number): number {
    return this.#offsetMs === undefined ? 0 : (nowMs + this.#offsetMs) / TICK_MS
  }
}
