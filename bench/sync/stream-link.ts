import type { Random } from '#physics/random'
import type { LinkProfile } from './link.ts'

/** Payload of one TCP segment on an Ethernet path, timestamps on. */
export const SEGMENT_BYTES = 1448
/** A loss is noticed after a round trip and a quarter, as RACK and tail-loss probes do it at best (RFC 8985, 7.2). */
const NOTICE_RTT = 1.25

/**
 * One direction of a TCP connection over the same path, as kindly as TCP can be taken: no slow start, no congestion
 * window, every loss noticed at once. What is left is what a stream cannot help: a lost segment comes a round trip and
 * a quarter later, and all behind it wait for it.
 */
export class StreamLink<Message> {
  readonly #profile: LinkProfile
  readonly #random: Random
  readonly #deliver: (message: Message, atMs: number) => void
  readonly #waiting: { atMs: number; message: Message }[] = []
  #lastMs = 0

  constructor(profile: LinkProfile, random: Random, deliver: (message: Message, atMs: number) => void) {
    this.#profile = profile
    this.#random = random
    this.#deliver = deliver
  }

  /** Segments it took. */
  send(message: Message, bytes: number, nowMs: number): number {
    const segments = Math.max(1, Math.ceil(bytes / SEGMENT_BYTES))
    for (let i = 0; i < segments; i++) this.#lastMs = Math.max(this.#lastMs, this.#arrivalMs(nowMs))
    this.#waiting.push({ atMs: this.#lastMs, message })
    return segments
  }

  run(nowMs: number): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.atMs <= nowMs) {
      const { message, atMs } = this.#waiting.shift()!
      this.#deliver(message, atMs)
    }
  }

  #arrivalMs(nowMs: number): number {
    const { delayMs = 0, jitterMs = 0, lossShare = 0 } = this.#profile
    let sentMs = nowMs
    while (this.#random.fraction() < lossShare) sentMs += NOTICE_RTT * 2 * delayMs
    let normal = -6
    for (let i = 0; i < 12; i++) normal += this.#random.fraction()
    return sentMs + delayMs + jitterMs * Math.abs(normal)
  }
}
