import type { RiderId, Row, Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { TICK_MS } from '#protocol/limits'
import type { World } from '#server/world/world'

/** A sample four times a second, as a trainer sends them. */
const TICKS_PER_SAMPLE = 5

/** Riders in a long pack, three abreast, four metres behind each other, each with legs of its own. */
export class Bunch {
  readonly rows: readonly Row[]
  readonly #world: World
  #tick = 0

  constructor(world: World, riderCount: number) {
    this.#world = world
    this.rows = Array.from({ length: riderCount }, (_none, i) =>
      world.join({
        riderId: (i + 1) as RiderId,
        massKg: 70 + (i % 30),
        cdaM2: 0.28 + (i % 9) * 0.01,
        distanceM: 4000 - Math.floor(i / 3) * 4,
        lateralM: (i % 3) - 1,
        isBot: false,
        held: false,
      }),
    )
  }

  /** A fifth of the riders send a sample, then the world steps. */
  step(): void {
    const tick = this.#tick++
    for (const [i, row] of this.rows.entries()) {
      const sample = sampleAt(i, tick)
      if (sample !== undefined) this.#world.post(row, sample)
    }
    this.#world.step()
  }
}

/**
 * What rider `i` sends before tick `tick`, if it is their turn. Legs as legs are: around 180 to 270 W each, swelling and
 * ebbing by 40 W within half a minute, and never the same twice, ±12 W from one sample to the next.
 */
export function sampleAt(i: number, tick: number): InputSample | undefined {
  if ((i + tick) % TICKS_PER_SAMPLE !== 0) return undefined
  const steadyW = 180 + ((i * 37) % 90)
  const swellW = Math.round(40 * Math.sin((tick + i * 53) / 90))
  const jitter = Math.imul(tick * 31 + i * 17 + 1, 0x9e3779b1) >>> 24
  return {
    sequence: (Math.floor((i + tick) / TICKS_PER_SAMPLE) & 0xffff) as Sequence,
    atMs: tick * TICK_MS,
    powerW: steadyW + swellW + (jitter % 25) - 12,
    cadenceHalfRpm: 170 + ((i * 7) % 16) + (jitter % 5),
    heartRateBpm: 130 + (i % 30) + (Math.floor(tick / 200) % 4),
    steer: 0,
  }
}
