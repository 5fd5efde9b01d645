import type { BridgeClock } from '../core/clock.ts'
import type { LegsModel } from './legs-models.ts'
import type { Legs, SimulatedTrainer } from './trainer.ts'

const BEAT_S = 0.25
/** After a long sleep of the machine time is not made up for. */
const BEHIND_MAX_S = 5

/** Lets time pass for a trainer and its rider, at the pace of a clock. Each beat is due at its own time, so that lateness does not add up. */
export class Riding {
  readonly #trainer: SimulatedTrainer
  readonly #legs: LegsModel
  readonly #clock: BridgeClock
  readonly #speed: number
  readonly #sensors: readonly SimulatedTrainer[]
  readonly #onBeat: ((atS: number) => void) | undefined
  #cancel: (() => void) | undefined
  #startMs = 0
  #beats = 0

  constructor(options: {
    readonly trainer: SimulatedTrainer
    readonly legs: LegsModel
    readonly clock: BridgeClock
    /** 1: as it is. */
    readonly speed?: number
    /** Meters and straps on the same rider: they say what is so, whatever the trainer says. */
    readonly sensors?: readonly SimulatedTrainer[]
    readonly onBeat?: (atS: number) => void
  }) {
    this.#trainer = options.trainer
    this.#legs = options.legs
    this.#clock = options.clock
    this.#speed = options.speed ?? 1
    this.#sensors = options.sensors ?? []
    this.#onBeat = options.onBeat
  }

  start(): void {
    this.#startMs = this.#clock.nowMs()
    this.#beats = 0
    this.#beat()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #beat(): void {
    this.#trainer.step(this.#legs, BEAT_S)
    for (const sensor of this.#sensors) sensor.show(wholes(this.#trainer.model.truth), BEAT_S)
    this.#beats++
    const nowMs = this.#clock.nowMs()
    let dueMs = this.#startMs + (this.#beats * BEAT_S * 1000) / this.#speed
    if (nowMs - dueMs > BEHIND_MAX_S * 1000) {
      this.#startMs += nowMs - dueMs
      dueMs = nowMs
    }
    this.#cancel = this.#clock.after(Math.max(0, dueMs - nowMs), () => this.#beat())
    this.#onBeat?.(this.#trainer.model.atS)
  }
}

const wholes = ({ powerW, cadenceRpm, heartRateBpm }: SimulatedTrainer['model']['truth']): Legs => ({
  powerW: Math.round(powerW),
  cadenceRpm: Math.round(cadenceRpm * 2) / 2,
  heartRateBpm: Math.round(heartRateBpm),
})
