import type { RideSecond } from './ride-options.ts'

/** A second of a room, for who looks whose fault a stutter was: client/net/verdict.ts. */
export interface PulseSecond {
  readonly tick: number
  readonly stepMaxMs: number
  readonly lateMaxMs: number
  readonly ticksLate: number
  readonly ticksSparing: number
  /** Ticks of this second that the room never had. */
  readonly droppedTicks: number
  readonly riders: number
  readonly sessions: number
}

/** Who saw a stutter looks a minute later. */
const PULSE_SECONDS = 120

/** The last two minutes of a room. Costs a line a second, whether somebody looks or not. */
export class Pulse {
  #seconds: PulseSecond[] = []
  #droppedBefore = 0

  /** Oldest first. */
  get seconds(): readonly PulseSecond[] {
    return this.#seconds
  }

  take({ tick, stepMaxMs, lateMaxMs, ticksLate, ticksSparing, droppedTicks, riders, sessions }: RideSecond): void {
    this.#seconds.push({
      ...{ tick, ticksLate, ticksSparing, riders, sessions },
      stepMaxMs: tenths(stepMaxMs),
      lateMaxMs: tenths(lateMaxMs),
      droppedTicks: droppedTicks - this.#droppedBefore,
    })
    this.#droppedBefore = droppedTicks
    if (this.#seconds.length > PULSE_SECONDS) this.#seconds.shift()
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10
