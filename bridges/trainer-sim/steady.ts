import type { BridgeClock } from '../core/clock.ts'
import type { Legs, SimulatedTrainer } from './trainer.ts'

const NOTIFY_MS = 250
const CADENCE_RPM = 90
/** How fast legs follow a target, s: a trainer in power mode takes a few seconds to hold it. */
const FOLLOW_S = 2

/** Legs that push the same watts for ever, four times a second; in power mode they follow the trainer's target. */
export class SteadyLegs {
  readonly #trainer: SimulatedTrainer
  readonly #clock: BridgeClock
  readonly #watts: number
  #powerW: number
  #cancel: (() => void) | undefined

  constructor(trainer: SimulatedTrainer, clock: BridgeClock, watts: number) {
    this.#trainer = trainer
    this.#clock = clock
    this.#watts = watts
    this.#powerW = watts
  }

  start(): void {
    const sinceS = NOTIFY_MS / 1000
    const { target } = this.#trainer
    const wantedW = target.mode === 'power' ? target.powerW : this.#watts
    this.#powerW += (wantedW - this.#powerW) * Math.min(1, sinceS / FOLLOW_S)
    const legs: Legs = { powerW: Math.round(this.#powerW), cadenceRpm: this.#powerW > 0 ? CADENCE_RPM : 0 }
    this.#trainer.show(legs, sinceS)
    this.#cancel = this.#clock.after(NOTIFY_MS, () => this.start())
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
