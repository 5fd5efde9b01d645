import type { Clock } from '../clock.ts'

export interface Rate {
  /** What may come at once … */
  readonly burst: number
  /** … and then again, each second. */
  readonly perS: number
}

/** Peers remembered at once; beyond it the one that was quiet the longest is forgotten, and begins anew. */
const PEERS_MAX = 10_000

/** A bucket of tokens for each peer: a request takes one, time puts them back. */
export class RateLimit {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>()
  readonly #rate: Rate
  readonly #clock: Pick<Clock, 'nowMs'>

  constructor(rate: Rate, clock: Pick<Clock, 'nowMs'>) {
    this.#rate = rate
    this.#clock = clock
  }

  /** False: too many, not this one. */
  take(peer: string): boolean {
    const nowMs = this.#clock.nowMs()
    const tokens = this.#filled(this.#buckets.get(peer) ?? { tokens: this.#rate.burst, atMs: nowMs })
    const isTaken = tokens >= 1
    // Set again, so that the map stays in the order of last use.
    this.#buckets.delete(peer)
    this.#buckets.set(peer, { tokens: isTaken ? tokens - 1 : tokens, atMs: nowMs })
    if (this.#buckets.size > PEERS_MAX) this.#buckets.delete(this.#buckets.keys().next().value!)
    return isTaken
  }

  /** What was taken is given back: it was no guess after all. */
  give(peer: string): void {
    const bucket = this.#buckets.get(peer)
    if (bucket !== undefined) bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + 1)
  }

  /** The next `take` would be refused; takes nothing. */
  isSpent(peer: string): boolean {
    const bucket = this.#buckets.get(peer)
    return bucket !== undefined && this.#filled(bucket) < 1
  }

  get size(): number {
    return this.#buckets.size
  }

  #filled({ tokens, atMs }: { readonly tokens: number; readonly atMs: number }): number {
    const { burst, perS } = this.#rate
    return Math.min(burst, tokens + ((this.#clock.nowMs() - atMs) / 1000) * perS)
  }
}
