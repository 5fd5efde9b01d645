import type { BridgeClock } from '../core/clock.ts'
import type { Legs } from './trainer.ts'

/** A record of a ride; server/import/fit.ts makes them. */
export interface RideRecord {
  readonly atS: number
  readonly powerW?: number
  readonly cadenceRpm?: number
  readonly heartRateBpm?: number
  readonly speedMps?: number
}

export interface ReplayOptions {
  readonly records: readonly RideRecord[]
  readonly clock: BridgeClock
  /** 1: as it was ridden. */
  readonly speed?: number
  readonly onLegs: (legs: Legs, sinceS: number, index: number) => void
  readonly onEnd: () => void
}

/** A recorded second holds for a second: the last one is followed by legs that stop. */
const LAST_S = 1

/** Plays a recording at the pace of its stamps. Each record is due at its own time, so that lateness does not add up. */
export class Replay {
  readonly #options: ReplayOptions
  readonly #speed: number
  #cancel: (() => void) | undefined
  #startMs = 0
  #next = 0

  constructor(options: ReplayOptions) {
    this.#options = options
    this.#speed = options.speed ?? 1
  }

  get isRunning(): boolean {
    return this.#cancel !== undefined
  }

  start(): void {
    this.#startMs = this.#options.clock.nowMs()
    this.#next = 0
    this.#play()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #play(): void {
    const { records, onLegs, clock } = this.#options
    const record = records[this.#next]
    if (record === undefined) {
      onLegs({ powerW: 0, cadenceRpm: 0 }, LAST_S, this.#next)
      this.#cancel = undefined
      this.#options.onEnd()
      return
    }
    const before = records[this.#next - 1]
    const { cadenceRpm, heartRateBpm, speedMps } = record
    onLegs(
      { powerW: record.powerW ?? 0, cadenceRpm, heartRateBpm, speedMps },
      before === undefined ? LAST_S : record.atS - before.atS,
      this.#next,
    )
    this.#next++
    const nextS = records[this.#next]?.atS ?? record.atS + LAST_S
    const dueMs = this.#startMs + ((nextS - records[0]!.atS) * 1000) / this.#speed
    this.#cancel = clock.after(Math.max(0, dueMs - clock.nowMs()), () => this.#play())
  }
}
