import type { Random } from '#physics/random'
import type { Clock } from '#server/clock'

/** What one direction of a path does to datagrams. Shares are 0 … 1. */
export interface Weather {
  readonly delayMs: number
  /** Added on top, evenly. Enough of it reorders. */
  readonly jitterMs: number
  readonly lossShare: number
  /** A burst swallows everything; one begins with this chance at a datagram … */
  readonly burstShare: number
  /** … and lasts so long. */
  readonly burstMs: number
  readonly duplicateShare: number
  /** Held back by this much more, and so overtaken. */
  readonly reorderShare: number
  readonly reorderMs: number
  /** One bit turned over on the way. */
  readonly corruptShare: number
}

export const FINE: Weather = {
  delayMs: 0,
  jitterMs: 0,
  lossShare: 0,
  burstShare: 0,
  burstMs: 0,
  duplicateShare: 0,
  reorderShare: 0,
  reorderMs: 0,
  corruptShare: 0,
}

/** A home network on a bad evening, with a given loss. */
export function badWeather(lossShare: number): Weather {
  return {
    delayMs: 40,
    jitterMs: 25,
    lossShare,
    burstShare: lossShare / 50,
    burstMs: 600,
    duplicateShare: 0.02,
    reorderShare: 0.02,
    reorderMs: 120,
    corruptShare: 0.005,
  }
}

/** One direction of a path through the internet, from a seed. Counts what it did. */
export class BadNetwork {
  readonly counts = { sent: 0, bytes: 0, delivered: 0, lost: 0, duplicated: 0, reordered: 0, corrupted: 0 }
  readonly #clock: Clock
  readonly #random: Random
  readonly #weather: Weather
  #burstUntilMs = -1

  constructor(clock: Clock, random: Random, weather: Weather) {
    this.#clock = clock
    this.#random = random
    this.#weather = weather
  }

  send(datagram: Uint8Array, deliver: (datagram: Uint8Array) => void): void {
    const { counts } = this
    counts.sent++
    counts.bytes += datagram.length
    const copies = this.#throws(this.#weather.duplicateShare) ? 2 : 1
    if (copies === 2) counts.duplicated++
    for (let copy = 0; copy < copies; copy++) this.#sendOne(datagram, deliver)
  }

  #sendOne(datagram: Uint8Array, deliver: (datagram: Uint8Array) => void): void {
    const { counts } = this
    const weather = this.#weather
    const nowMs = this.#clock.nowMs()
    if (nowMs >= this.#burstUntilMs && this.#throws(weather.burstShare)) this.#burstUntilMs = nowMs + weather.burstMs
    if (nowMs < this.#burstUntilMs || this.#throws(weather.lossShare)) {
      counts.lost++
      return
    }
    let delayMs = weather.delayMs + weather.jitterMs * this.#random.fraction()
    if (this.#throws(weather.reorderShare)) {
      delayMs += weather.reorderMs
      counts.reordered++
    }
    const copy = datagram.slice() // What a sender does with its buffer afterwards is its own business.
    if (copy.length > 0 && this.#throws(weather.corruptShare)) {
      const bit = Math.floor(this.#random.fraction() * copy.length * 8)
      copy[bit >> 3]! ^= 1 << (bit & 7)
      counts.corrupted++
    }
    this.#clock.after(delayMs, () => {
      counts.delivered++
      deliver(copy)
    })
  }

  #throws(share: number): boolean {
    return this.#random.fraction() < share
  }
}
