import { TICK_MS } from './limits.ts'

/** Round trips of late: what the line is like now. */
const RECENT = 16
/** Least delays are remembered in so many spans, so long each: a queue that swells for ten seconds forgets nothing. */
const SPANS = 5
const SPAN_MS = 4000
/** Our idea of the server's time never runs faster or slower than true time by more than this share. */
const SLEW = 0.02
/** It is set anew, at once, only in the first moments of a session, or … */
const SETTLE_MS = 1000
/** … after a silence like this, when nobody rode on news, and it is wrong by more than so much. */
const SILENCE_MS = 1000
const STEP_MS = 100
/** A packet that came sooner or later than any delay of its round trip explains says the clocks have moved … */
const MOVED_MS = 15
/** … and this many in a row are believed. */
const MOVED_TIMES = 3

/** The least delays of one span: the packet furthest ahead, and the shortest round trip. */
interface Span {
  fromMs: number
  leadMs: number
  rttMs: number
}

/**
 * What tick is it over there? The server speaks once a tick, right after it; the packet that was least delayed says
 * best when that was, and half the smallest round trip is how long it was under way. Both are minima over twenty seconds,
 * so that a queue in the way (which only ever adds) changes nothing, and a new route bends the estimate, slowly.
 */
export class ClockSync {
  /** How often it was set anew instead of bent, the first time aside. */
  steps = 0
  readonly #recentMs: number[] = []
  #spans: Span[] = []
  #offsetMs: number | undefined
  #beganMs = 0
  #heardMs = 0
  /** The round trip that came with the packet now read; NaN: none. */
  #rttMs = NaN
  #movedTimes = 0

  /** Smallest of the last round trips, ms; 0 before the first. */
  get rttMs(): number {
    return this.#recentMs.length === 0 ? 0 : Math.min(...this.#recentMs)
  }

  /** Spread of the round trips, ms: how far beyond the smallest the middle one lies. */
  get jitterMs(): number {
    if (this.#recentMs.length === 0) return 0
    const sorted = this.#recentMs.toSorted((a, b) => a - b)
    return sorted[sorted.length >> 1]! - sorted[0]!
  }

  /** An echo came back: sent at `sentMs`, held over there for `heldMs`. Said before the packet's `heard`. */
  echoed(sentMs: number, heldMs: number, nowMs: number): void {
    const rttMs = nowMs - sentMs - heldMs
    if (rttMs < 0) return
    this.#recentMs.push(rttMs)
    if (this.#recentMs.length > RECENT) this.#recentMs.shift()
    this.#rttMs = rttMs
  }

  /** A packet made at `tick` arrived. */
  heard(tick: number, nowMs: number): void {
    const leadMs = tick * TICK_MS - nowMs
    const silentMs = nowMs - this.#heardMs
    this.#heardMs = nowMs
    if (this.#offsetMs === undefined || (silentMs > SILENCE_MS && this.#isFarFrom(leadMs))) {
      if (this.#offsetMs !== undefined) this.steps++
      this.#beganMs = nowMs
      this.#spans = []
      this.#note(leadMs, nowMs)
      this.#offsetMs = this.#targetMs()
      return
    }
    if (this.#hasMoved(leadMs)) this.#spans = []
    this.#note(leadMs, nowMs)
    const wantMs = this.#targetMs() - this.#offsetMs
    const mayMs = nowMs - this.#beganMs < SETTLE_MS ? Infinity : Math.max(0, silentMs) * SLEW
    this.#offsetMs += Math.min(Math.max(wantMs, -mayMs), mayMs)
  }

  /** The tick over there at `nowMs`, with its fraction; 0 before anything was heard. */
  tickAt(nowMs: number): number {
    return this.#offsetMs === undefined ? 0 : (nowMs + this.#offsetMs) / TICK_MS
  }

  #note(leadMs: number, nowMs: number): void {
    let span = this.#spans.at(-1)
    if (span === undefined || nowMs - span.fromMs >= SPAN_MS) {
      span = { fromMs: nowMs, leadMs: -Infinity, rttMs: Infinity }
      this.#spans.push(span)
      if (this.#spans.length > SPANS) this.#spans.shift()
    }
    span.leadMs = Math.max(span.leadMs, leadMs)
    if (!Number.isNaN(this.#rttMs)) span.rttMs = Math.min(span.rttMs, this.#rttMs)
    this.#rttMs = NaN
  }

  #targetMs(): number {
    let leadMs = -Infinity
    let rttMs = Infinity
    for (const span of this.#spans) {
      leadMs = Math.max(leadMs, span.leadMs)
      rttMs = Math.min(rttMs, span.rttMs)
    }
    return leadMs + (rttMs < Infinity ? rttMs : this.rttMs) / 2
  }

  /** After a silence: what the first packet says, half its round trip or the last one's added. */
  #isFarFrom(leadMs: number): boolean {
    const rttMs = Number.isNaN(this.#rttMs) ? this.rttMs : this.#rttMs
    return Math.abs(leadMs + rttMs / 2 - this.#offsetMs!) > STEP_MS
  }

  /**
   * A packet is behind the least delayed one by what it waited on its way here, and its round trip is longer than the shortest by
   * that at least. Where it is not, no queue explains it: ticks were dropped over there, or a clock was set.
   */
  #hasMoved(leadMs: number): boolean {
    if (Number.isNaN(this.#rttMs)) return false
    let mostMs = -Infinity
    let leastMs = Infinity
    for (const span of this.#spans) {
      mostMs = Math.max(mostMs, span.leadMs)
      leastMs = Math.min(leastMs, span.rttMs)
    }
    const isOdd = mostMs - leadMs > this.#rttMs - leastMs + MOVED_MS
    this.#movedTimes = isOdd ? this.#movedTimes + 1 : 0
    if (this.#movedTimes < MOVED_TIMES) return false
    this.#movedTimes = 0
    return true
  }
}
