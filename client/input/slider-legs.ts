import { Sampler, type Reading, type Source } from '#bridges/core/sample'
import type { Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import type { RideDevices } from './legs.ts'
import type { SimulatedTrainer } from './simulated-trainer.ts'

/**
 * Legs of sliders alone, for a page that never had a sensor: the same samples by the same rules, and none of the code that
 * drives trainers. Whoever opens the sheet of sensors gets that, too (ride.tsx), and these legs go over to it.
 */
export class SliderLegs implements RideDevices {
  readonly #sampler: Sampler<Sequence>
  #trainer: SimulatedTrainer | undefined
  #rider: { readonly onPower: () => void } | undefined
  readonly #wallMs: () => number
  readonly #nowMs: () => number

  constructor(clock: { nowMs(): number; wallMs(): number }) {
    this.#nowMs = () => clock.nowMs()
    this.#wallMs = () => clock.wallMs()
    // As in page-devices.ts: a sequence that the server has not seen.
    this.#sampler = new Sampler<Sequence>(Math.floor(this.#wallMs() / 50) & 0xffff)
  }

  readonly state = { peek: () => this.#look() }

  ride(rider: { readonly onPower: () => void }): () => void {
    this.#rider = rider
    return () => {
      if (this.#rider === rider) this.#rider = undefined
    }
  }

  simulate(trainer: SimulatedTrainer): () => void {
    this.#trainer = trainer
    trainer.start({
      reading: (reading, atMs) => this.offer({ ...reading, deviceId: trainer.id }, atMs),
      // A trainer of sliders is not driven, and has no battery or button.
      ...{ answered: () => {}, controlLost: () => {}, battery: () => {} },
      gone: () => {
        if (this.#trainer !== trainer) return
        this.#trainer = undefined
        this.#sampler.forget(trainer.id)
      },
    })
    return () => trainer.close()
  }

  offer(reading: Reading, atMs: number): void {
    this.#sampler.offer(reading, atMs)
    if (reading.powerW !== undefined) this.#rider?.onPower()
  }

  take(nowMs: number): InputSample | undefined {
    this.#trainer?.tick(nowMs)
    return this.#sampler.take(nowMs)
  }

  road(): void {}

  readonly driven = { mode: 'off', targetW: 0 } as const

  sourceOf(quantity: 'powerW' | 'cadenceRpm' | 'heartRateBpm', nowMs: number): Source | undefined {
    return this.#sampler.sourceOf(quantity, nowMs)
  }

  #look(): ReturnType<RideDevices['state']['peek']> {
    const trainer = this.#trainer
    if (trainer === undefined) return { devices: [], waiting: [] }
    const { id, name, source, carrier, brings } = trainer
    const fresh = this.#sampler.freshOf(id, this.#nowMs())
    const device = {
      id,
      name,
      source,
      carrier,
      brings,
      level: 'good',
      words: '',
      isTrainer: true,
      canCalibrate: false,
    } as const
    return { devices: [{ ...device, ...fresh }], waiting: [] }
  }
}
