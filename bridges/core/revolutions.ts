/**
 * Counters that roll over become a rate. A sensor sends how often a wheel or crank has turned and when it turned last;
 * both wrap, both start anew after a reconnection, and between two turns the same message is sent again and again.
 */
export interface RevolutionsOptions {
  /** Where the count of turns wraps: 65536, or 2 ** 32 for wheels, 256 on ANT+. */
  readonly revolutionsModulo: number
  /** Ticks of the sensor's clock in a second: 1024, 2048 for wheels in the power profile. Sixteen bits, always. */
  readonly ticksPerS: number
  /** Faster than this is a counter that began anew, not a leg. */
  readonly rateMaxPerS: number
}

export const CRANK_OPTIONS: RevolutionsOptions = { revolutionsModulo: 0x10000, ticksPerS: 1024, rateMaxPerS: 250 / 60 }
export const WHEEL_OPTIONS: RevolutionsOptions = { revolutionsModulo: 0x1_0000_0000, ticksPerS: 1024, rateMaxPerS: 20 }

/** Without a new turn the last rate stands this long, or one and a half of its periods, then it is zero. */
const STILL_MS = 2000
const TICKS_MODULO = 0x10000

export class Revolutions {
  readonly #options: RevolutionsOptions
  #last: { revolutions: number; ticks: number; atMs: number } | undefined
  #ratePerS: number | undefined

  constructor(options: RevolutionsOptions) {
    this.#options = options
  }

  /** Turns per second as of this message; undefined until two turns were seen. `atMs` is when the message came. */
  offer(revolutions: number, ticks: number, atMs: number): number | undefined {
    const { revolutionsModulo, ticksPerS, rateMaxPerS } = this.#options
    const last = this.#last
    if (last === undefined) {
      this.#last = { revolutions, ticks, atMs }
      return undefined
    }
    const turned = modulo(revolutions - last.revolutions, revolutionsModulo)
    const passedTicks = modulo(ticks - last.ticks, TICKS_MODULO)
    if (turned === 0) return this.rateAt(atMs)
    this.#last = { revolutions, ticks, atMs }
    // The tick counter may have gone round more than once since: then it says nothing.
    const isLong = atMs - last.atMs >= (TICKS_MODULO / ticksPerS) * 1000
    const ratePerS = (turned * ticksPerS) / passedTicks
    if (isLong || passedTicks === 0 || ratePerS > rateMaxPerS) this.#ratePerS = undefined
    else this.#ratePerS = ratePerS
    return this.#ratePerS
  }

  /** The rate between messages: it stands for a while, then the wheel is taken to stand still. */
  rateAt(atMs: number): number | undefined {
    if (this.#last === undefined || this.#ratePerS === undefined) return undefined
    const periodMs = 1000 / this.#ratePerS
    return atMs - this.#last.atMs > Math.max(STILL_MS, 1.5 * periodMs) ? 0 : this.#ratePerS
  }

  /** After a reconnection the counters may have begun anew. */
  reset(): void {
    this.#last = undefined
    this.#ratePerS = undefined
  }
}

/** Average power from a running sum and a count of events; right when messages were lost, undefined without a new event. */
export class AccumulatedPower {
  #last: { sumW: number; events: number } | undefined
  totalW = 0
  totalEvents = 0

  offer(sumW: number, events: number): number | undefined {
    const last = this.#last
    this.#last = { sumW, events }
    if (last === undefined) return undefined
    const newEvents = modulo(events - last.events, 256)
    if (newEvents === 0) return undefined
    const newW = modulo(sumW - last.sumW, 0x10000)
    this.totalEvents += newEvents
    this.totalW += newW
    return newW / newEvents
  }

  reset(): void {
    this.#last = undefined
  }
}

const modulo = (difference: number, size: number): number => ((difference % size) + size) % size
