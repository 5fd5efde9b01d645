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
/** A wheel in the power profile: its clock is twice as fine, so it goes round in 32 s. */
export const POWER_WHEEL_OPTIONS: RevolutionsOptions = { ...WHEEL_OPTIONS, ticksPerS: 2048 }

/**
 * Without a new turn the last rate stands this long, or one and a half of its periods, for sensors send the same message
 * three and four times before they jump. Then no more than one turn since then can have been missed, and within a
 * second of that it is zero.
 */
const STILL_MS = 2000
const STILL_MS_MAX = 5000
const FADE_MS = 1000
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
    const { revolutionsModulo, rateMaxPerS } = this.#options
    const last = this.#last
    if (last === undefined) {
      this.#last = { revolutions, ticks, atMs }
      return undefined
    }
    const turned = modulo(revolutions - last.revolutions, revolutionsModulo)
    if (turned === 0) return this.rateAt(atMs)
    const passedS = this.#passedS(ticks - last.ticks, atMs - last.atMs)
    this.#last = { revolutions, ticks, atMs }
    const ratePerS = turned / passedS
    this.#ratePerS = passedS === 0 || ratePerS > rateMaxPerS ? undefined : ratePerS
    return this.#ratePerS
  }

  /** The rate between messages: it stands for a while, then the wheel is taken to stand still. */
  rateAt(atMs: number): number | undefined {
    const last = this.#last
    if (last === undefined) return undefined
    const sinceMs = atMs - last.atMs
    const ratePerS = this.#ratePerS
    if (ratePerS === undefined) return sinceMs > STILL_MS + FADE_MS ? 0 : undefined
    const periodMs = 1000 / ratePerS
    const stillMs = Math.min(Math.max(STILL_MS, 1.5 * periodMs), STILL_MS_MAX)
    if (sinceMs <= stillMs) return ratePerS
    const possible = Math.min(ratePerS, 1000 / sinceMs)
    return possible * Math.max(0, 1 - (sinceMs - stillMs) / FADE_MS)
  }

  /** After a reconnection the counters may have begun anew. */
  reset(): void {
    this.#last = undefined
    this.#ratePerS = undefined
  }

  /** The sensor's clock says the part of a round, ours how many rounds it was: they need not agree to better than half a one. */
  #passedS(ticks: number, arrivedMs: number): number {
    const { ticksPerS } = this.#options
    const part = modulo(ticks, TICKS_MODULO)
    const rounds = Math.max(0, Math.round(((arrivedMs / 1000) * ticksPerS - part) / TICKS_MODULO))
    return (part + rounds * TICKS_MODULO) / ticksPerS
  }
}

/** What else a message says, where a running sum alone is ambiguous. */
export interface PowerHint {
  /** When it came: more than a round of events later the sum says nothing of them. */
  readonly atMs?: number | undefined
  /** The watts of the moment: they tell how often the sum has rolled over since, when that may be more than once. */
  readonly powerW?: number | undefined
}

/** Sixteen bits of watts and eight of events. */
const SUM_MODULO = 0x10000
const EVENTS_MODULO = 0x100
/** Four events a second at the most: a round of them takes 64 s. */
const ROUND_MS = 60_000
/** More is a sum that began anew: what twelve bits of a trainer's own watts can say. */
const POWER_MAX_W = 4095

/** Average power from a running sum and a count of events; right when messages were lost, undefined without a new event. */
export class AccumulatedPower {
  #last: { sumW: number; events: number; atMs: number | undefined } | undefined
  totalW = 0
  totalEvents = 0

  offer(sumW: number, events: number, { atMs, powerW }: PowerHint = {}): number | undefined {
    const last = this.#last
    if (last !== undefined && events === last.events && !isRoundLater(last.atMs, atMs)) return undefined
    this.#last = { sumW, events, atMs }
    if (last === undefined || isRoundLater(last.atMs, atMs)) return undefined
    const newEvents = modulo(events - last.events, EVENTS_MODULO)
    let newW = modulo(sumW - last.sumW, SUM_MODULO)
    // 65 536 W are 100 events of 655 W: whole rounds of the sum go where the watts of the moment say.
    if (powerW !== undefined) newW += SUM_MODULO * Math.max(0, Math.round((powerW * newEvents - newW) / SUM_MODULO))
    if (newW > newEvents * POWER_MAX_W) return undefined
    this.totalEvents += newEvents
    this.totalW += newW
    return newW / newEvents
  }

  reset(): void {
    this.#last = undefined
  }
}

const isRoundLater = (lastMs: number | undefined, atMs: number | undefined): boolean =>
  lastMs !== undefined && atMs !== undefined && atMs - lastMs >= ROUND_MS

const modulo = (difference: number, size: number): number => ((difference % size) + size) % size
