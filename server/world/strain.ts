import { TICK_HZ, TICK_MS } from '#protocol/limits'

/** Packets are spared when ticks are done this much of a tick after they were due, on average, and until it is less. */
const SPARE_MS = 0.8 * TICK_MS
const EASE_MS = 0.5 * TICK_MS
/** … for so long: who has just begun to spare finds it easy. */
const EASE_TICKS = 5 * TICK_HZ
/** The average is over about so many ticks; one that was held up for long counts as this, for sparing does not help it. */
const AVERAGE_TICKS = TICK_HZ
const ONE_MOST_MS = 2 * TICK_MS

/**
 * Whether a room is at its end: its ticks are done so late, one after the other, that clients are told in every second
 * tick only. A packet of two ticks costs hardly more than one of one, so this gives back a third of the work before
 * anything is late. [D200]
 */
export class Strain {
  #averageMs = 0
  #easyTicks = 0
  #isSparing = false

  get isSparing(): boolean {
    return this.#isSparing
  }

  /** A tick is done: so long after it was due its last packet had left. */
  note(doneMs: number): void {
    this.#averageMs += (Math.min(doneMs, ONE_MOST_MS) - this.#averageMs) / AVERAGE_TICKS
    if (this.#averageMs > SPARE_MS) this.#isSparing = true
    this.#easyTicks = this.#averageMs < EASE_MS ? this.#easyTicks + 1 : 0
    if (this.#easyTicks >= EASE_TICKS) this.#isSparing = false
  }
}
