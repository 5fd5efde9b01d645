import type { Row, Sequence } from '#protocol/ids'
import { CADENCE_MAX_RPM, POWER_MAX_W, TICK_MS } from '#protocol/limits'
import { RIDER_FLAG } from '#physics/riders'
import { fold } from './hash.ts'
import type { InputSource, World } from './world.ts'

/**
 * Riders by script. What they do goes through the inbox and into the journal like anybody's legs: a journal then needs no
 * bots to be replayed, stays true when this file changes, and a judge holds their race against the same evidence.
 * A script has no memory: power is a function of seed, rider, tick and road, so bots go on after a checkpoint as if
 * nothing had been.
 */
export interface BotScript {
  /** What this rider holds on the flat, W per kg of rider (not of bike). */
  readonly wattsPerKg: number
  /** Weight of the rider alone, kg. */
  readonly bodyKg: number
}

/** A sample a second, as most sensors give. */
const SAMPLE_TICKS = 20
/** Power rises by this share per unit of slope uphill, and falls by this downhill. */
const CLIMB_SHARE = 4
const DESCENT_SHARE = 12
const CLIMB_MAX = 1.35
/** Legs swing slowly by this share, over SWING_S, and from second to second by this one. */
const SWING_SHARE = 0.06
const SWING_S = 40
const JITTER_SHARE = 0.04
/** Below this power a descending rider does not turn the cranks. */
const COAST_W = 30

export class Bots implements InputSource {
  readonly #seed: number
  readonly #scripts = new Map<Row, BotScript>()

  constructor(seed: number) {
    this.#seed = seed
  }

  add(row: Row, script: BotScript): void {
    this.#scripts.set(row, script)
  }

  remove(row: Row): void {
    this.#scripts.delete(row)
  }

  post(world: World): void {
    const { riders, course, tick } = world
    for (const [row, script] of this.#scripts) {
      const riderId = riders.id[row]!
      // Each in a phase of its own, so that a start is not one stroke of a hundred legs.
      if ((tick + fold(this.#seed, riderId)) % SAMPLE_TICKS !== 0) continue
      const isHeld = (riders.flags[row]! & RIDER_FLAG.held) !== 0
      const slope = course.slopeAt(riders.distanceM[row]!)
      const powerW = isHeld ? 0 : this.#powerW(script, riderId, tick, slope)
      world.post(row, {
        sequence: (Math.floor(tick / SAMPLE_TICKS) & 0xffff) as Sequence,
        atMs: (tick * TICK_MS) >>> 0,
        powerW,
        cadenceHalfRpm: powerW < COAST_W ? 0 : this.#cadenceHalfRpm(riderId, tick, slope),
        heartRateBpm: heartRateBpm(script, powerW),
        steer: 0,
      })
    }
  }

  #powerW({ wattsPerKg, bodyKg }: BotScript, riderId: number, tick: number, slope: number): number {
    const terrain = slope > 0 ? Math.min(CLIMB_MAX, 1 + CLIMB_SHARE * slope) : Math.max(0, 1 + DESCENT_SHARE * slope)
    const legs = 1 + SWING_SHARE * this.#swing(riderId, tick) + JITTER_SHARE * this.#dice(riderId, tick)
    return Math.min(POWER_MAX_W, Math.max(0, Math.round(wattsPerKg * bodyKg * terrain * legs)))
  }

  /** Slower uphill, a little different for everybody. */
  #cadenceHalfRpm(riderId: number, tick: number, slope: number): number {
    const ownRpm = 88 + 6 * this.#dice(riderId, -1)
    const rpm = ownRpm - 180 * Math.max(0, slope) + 2 * this.#dice(riderId, tick + 1)
    return Math.round(2 * Math.min(CADENCE_MAX_RPM, Math.max(55, rpm)))
  }

  /** −1 … 1, a straight line from one throw of the dice to the next, SWING_S apart. */
  #swing(riderId: number, tick: number): number {
    const at = (tick * TICK_MS) / (1000 * SWING_S)
    const from = this.#dice(riderId, -2 - Math.floor(at))
    const to = this.#dice(riderId, -3 - Math.floor(at))
    return from + (to - from) * (at - Math.floor(at))
  }

  /** −1 … 1, of seed, rider and turn alone. */
  #dice(riderId: number, turn: number): number {
    const thrown = fold(fold(fold(this.#seed | 0, riderId), turn), 0x6d2b79f5)
    return ((thrown ^ (thrown >>> 15)) >>> 8) / 8388608 - 1
  }
}

/** Rest and a straight line to the threshold of the legs: plausible, and no more than that. */
function heartRateBpm({ wattsPerKg, bodyKg }: BotScript, powerW: number): number {
  const effort = powerW / Math.max(1, wattsPerKg * bodyKg)
  return Math.round(Math.min(190, 105 + 12 * Math.min(4, wattsPerKg) * Math.min(1.4, effort)))
}
