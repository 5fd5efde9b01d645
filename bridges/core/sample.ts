import { SteadyStamps } from './steady-stamps.ts'

/**
 * Many sensors, one rider: the newest reading of each quantity with its source and age, and which source wins. A sample
 * is made when the winning power arrives, and stamped when that was made (steady-stamps.ts); cadence and heart rate ride
 * along with the next one. When there is no power left to hold, the others make samples of their own. Bars that move make
 * one at once, with the watts that hold.
 */
export type Source = 'power-meter' | 'cadence-sensor' | 'strap' | 'trainer' | 'controls'

export interface Reading {
  readonly source: Source
  readonly powerW?: number | undefined
  readonly cadenceRpm?: number | undefined
  readonly heartRateBpm?: number | undefined
  /** Of a trainer's own flywheel: for its control, never for the road. */
  readonly speedMps?: number | undefined
  /** −127 … 127. */
  readonly steer?: number | undefined
}

/** The shape of protocol's InputSample; `S` is its branded sequence. */
export interface Sample<S extends number = number> {
  readonly sequence: S
  readonly atMs: number
  readonly powerW: number
  readonly cadenceHalfRpm: number
  readonly heartRateBpm: number
  readonly steer: number
}

type Quantity = 'powerW' | 'cadenceRpm' | 'heartRateBpm' | 'steer'

/** Per quantity: who wins, best first; how long a reading counts, ms; what may be sent. */
const RULES = [
  // A power meter measures legs; a trainer measures its flywheel and some of them add a model of their own.
  { name: 'powerW', sources: ['power-meter', 'trainer', 'controls'], freshMs: 3000, min: 0, max: 3000 },
  // Trainers guess cadence from torque ripple and guess wrong by 10 to 15 rpm.
  {
    name: 'cadenceRpm',
    sources: ['cadence-sensor', 'power-meter', 'trainer', 'controls'],
    freshMs: 3000,
    min: 0,
    max: 250,
  },
  { name: 'heartRateBpm', sources: ['strap', 'power-meter', 'trainer', 'controls'], freshMs: 5000, min: 0, max: 250 },
  { name: 'steer', sources: ['controls', 'trainer'], freshMs: Infinity, min: -127, max: 127 },
] as const satisfies readonly {
  name: Quantity
  sources: readonly Source[]
  freshMs: number
  min: number
  max: number
}[]

interface Held {
  readonly value: number
  readonly atMs: number
}

/** Power holds POWER_HOLD_MS and decays within POWER_DECAY_MS (protocol/limits.ts); before that nothing else may restart it. */
const POWER_GONE_MS = 5000
/** A sample's watts are worth so much time, holding and falling: three seconds, and half of two. */
const POWER_WORTH_MS = 4000
/** Bars that move make a sample no oftener than this. */
const STEER_MS = 50
/** Without power a heart or a hand makes a sample this often; the first waits, since watts mostly come right behind. */
const IDLE_MS = 1000

export class Sampler<S extends number = number> {
  readonly #held: Record<Quantity, Map<Source, Held>> = {
    powerW: new Map(),
    cadenceRpm: new Map(),
    heartRateBpm: new Map(),
    steer: new Map(),
  }
  /** The beat of each source of power. */
  readonly #beats = new Map<Source, SteadyStamps>()
  /** Stamps never run backwards, not even from one source to another. */
  #stampedMs = -Infinity
  #sequence: number
  /** A reading that calls for a sample has come and was not taken yet: when. */
  #pendingMs: number | undefined
  #powerAtMs = -Infinity
  #idleSinceMs: number | undefined
  /** Watts of the newest sample that power itself made, its stamp, and whether bars have said them again since. */
  #madeW = 0
  #madeMs = -Infinity
  #isSaidAgain = false
  #isPowerPending = false
  #sentSteer = 0

  /** `firstSequence`: where a resumed session goes on. */
  constructor(firstSequence = 0) {
    this.#sequence = firstSequence & 0xffff
  }

  /** A reading came at `atMs` on a steady clock. Quantities that are missing, zero hearts and non-numbers change nothing. */
  offer(reading: Reading, atMs: number): void {
    for (const rule of RULES) {
      const value = reading[rule.name]
      if (value === undefined || !Number.isFinite(value)) continue
      // Without a strap trainers send a heart rate of 0: none, not a stopped heart.
      if (rule.name === 'heartRateBpm' && value <= 0) continue
      if (!(rule.sources as readonly Source[]).includes(reading.source)) continue
      this.#held[rule.name].set(reading.source, { value: Math.min(Math.max(value, rule.min), rule.max), atMs })
      const madeMs = rule.name === 'powerW' ? this.#beatOf(reading.source).stamp(atMs) : atMs
      if (rule.name === 'powerW' && this.#winner(rule, atMs) === reading.source) {
        this.#powerAtMs = atMs
        this.#pendingMs = madeMs
        this.#isPowerPending = true
        this.#idleSinceMs = undefined
      } else if (rule.name === 'steer') this.#pendingMs ??= this.#steerDueMs(atMs)
      else if (atMs - this.#powerAtMs >= POWER_GONE_MS) this.#offerIdle(atMs)
    }
  }

  /** The next sample, if a reading called for one since the last. `atMs` is now, on the clock of `offer`. */
  take(atMs: number): Sample<S> | undefined {
    const spentMs = this.#madeMs + POWER_WORTH_MS
    // Watts said again would hold anew: those of a sensor that fell silent end here, worth what they were without.
    const dueMs = this.#pendingMs ?? (this.#isSaidAgain ? spentMs : undefined)
    if (dueMs === undefined || dueMs > atMs) return undefined
    const isMade = this.#isPowerPending
    this.#pendingMs = undefined
    this.#isPowerPending = false
    const stampMs = Math.max(dueMs, this.#stampedMs)
    this.#stampedMs = stampMs
    if (isMade) {
      this.#madeW = Math.round(this.#value(RULES[0], stampMs))
      this.#madeMs = stampMs
    }
    const isSpent = stampMs >= spentMs
    this.#isSaidAgain = !isMade && !isSpent
    this.#sentSteer = Math.round(this.#value(RULES[3], stampMs))
    const sequence = this.#sequence as S
    this.#sequence = (this.#sequence + 1) & 0xffff
    return {
      sequence,
      atMs: Math.round(stampMs) >>> 0,
      powerW: isMade || !isSpent ? this.#madeW : 0,
      cadenceHalfRpm: Math.round(this.#value(RULES[1], stampMs) * 2),
      heartRateBpm: Math.round(this.#value(RULES[2], stampMs)),
      steer: this.#sentSteer,
    }
  }

  /** Which source a quantity comes from now; none when every one of them is stale. For the page that shows the sensors. */
  sourceOf(quantity: Quantity, atMs: number): Source | undefined {
    return this.#winner(
      RULES.find((rule) => rule.name === quantity)!,
      atMs,
    )
  }

  /** A sensor is gone: what it said counts no longer. */
  forget(source: Source): void {
    for (const held of Object.values(this.#held)) held.delete(source)
    this.#beats.delete(source)
  }

  #beatOf(source: Source): SteadyStamps {
    let beat = this.#beats.get(source)
    if (beat === undefined) this.#beats.set(source, (beat = new SteadyStamps()))
    return beat
  }

  /** When bars that moved make a sample; undefined: they stand where the newest sample has them. */
  #steerDueMs(atMs: number): number | undefined {
    if (Math.round(this.#value(RULES[3], atMs)) === this.#sentSteer) return undefined
    return Math.max(atMs, this.#stampedMs + STEER_MS)
  }

  #offerIdle(atMs: number): void {
    this.#idleSinceMs ??= atMs
    if (atMs - this.#idleSinceMs < IDLE_MS) return
    this.#idleSinceMs = atMs
    this.#pendingMs = atMs
  }

  #winner(rule: (typeof RULES)[number], atMs: number): Source | undefined {
    return rule.sources.find((source) => {
      const held = this.#held[rule.name].get(source)
      return held !== undefined && atMs - held.atMs < rule.freshMs
    })
  }

  #value(rule: (typeof RULES)[number], atMs: number): number {
    const source = this.#winner(rule, atMs)
    return source === undefined ? 0 : this.#held[rule.name].get(source)!.value
  }
}
