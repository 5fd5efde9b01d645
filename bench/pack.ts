import type { RiderId, Row, Sequence } from '#protocol/ids'
import { TICK_MS } from '#protocol/limits'
import type { World } from '#server/world/world'

/** A sample four times a second, as a trainer sends them. */
export const TICKS_PER_SAMPLE = 5

/** Riders in a long pack, three abreast, four metres behind each other, each with legs of its own. */
export class Pack {
  readonly #world: World
  readonly #rows: Row[] = []
  #tick = 0

  constructor(world: World, riderCount: number) {
    this.#world = world
    for (let i = 0; i < riderCount; i++) {
      const row = world.join({
        riderId: (i + 1) as RiderId,
        massKg: 70 + (i % 30),
        cdaM2: 0.28 + (i % 9) * 0.01,
        distanceM: 4000 - Math.floor(i / 3) * 4,
        lateralM: (i % 3) - 1,
        isBot: false,
        held: false,
      })
      this.#rows.push(row)
    }
  }

  /** A fifth of the riders send a sample, then the world steps. */
  step(): void {
    const tick = this.#tick++
    for (const [i, row] of this.#rows.entries()) {
      if ((i + tick) % TICKS_PER_SAMPLE !== 0) continue
      this.#world.post(row, {
        sequence: (Math.floor((i + tick) / TICKS_PER_SAMPLE) & 0xffff) as Sequence,
        atMs: tick * TICK_MS,
        powerW: 180 + ((i * 37 + tick * 11) % 120),
        cadenceHalfRpm: 176,
        heartRateBpm: 140,
        steer: 0,
      })
    }
    this.#world.step()
  }
}
