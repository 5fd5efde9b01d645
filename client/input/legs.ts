import type { RoadWish } from '#bridges/core/control-loop'
import { Sampler } from '#bridges/core/sample'
import type { Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import type { RiderWish } from '#protocol/rider-wish'
import type { SensorSource, SensorState } from './sensor-source.ts'
import { Steering } from './steering.ts'

/** Devices are looked at this often. */
const GEAR_MS = 1000

/** What gives this page's rider their legs: sensors, bars, and the samples made of both. */
export class Legs {
  readonly steering = new Steering()
  /** How they stand, in words for their rider. */
  state: SensorState
  readonly #sensors: SensorSource[] = []
  readonly #sampler: Sampler<Sequence>
  #steer = 0
  #gearMs = -Infinity

  constructor(sensor: SensorSource | undefined, wallMs: number) {
    this.state = sensor?.state ?? { level: 'good', words: 'Watts come from your bridge' }
    // A resumed rider must not repeat a sequence the server has seen; the clock of this page is never the same twice.
    this.#sampler = new Sampler<Sequence>(Math.floor(wallMs / 50) & 0xffff)
  }

  get hasSensor(): boolean {
    return this.#sensors.length > 0
  }

  /** One more sensor: whatever is best of each quantity wins. */
  add(sensor: SensorSource, onPower: () => void): void {
    this.#sensors.push(sensor)
    sensor.start({
      onReading: (reading, atMs) => {
        this.#sampler.offer(reading, atMs)
        if (reading.powerW !== undefined) onPower()
      },
      onState: (state) => (this.state = state),
    })
  }

  /** The sample that is due. */
  take(nowMs: number, canSteer: boolean): InputSample | undefined {
    for (const sensor of this.#sensors) sensor.tick(nowMs)
    if (canSteer) this.#turnBars(nowMs)
    return this.#sampler.take(nowMs)
  }

  /** What this page does with the trainer, and which device gives what; said when it is another than it was. */
  tellGear(nowMs: number, wish: (wish: RiderWish) => void): void {
    if (nowMs - this.#gearMs < GEAR_MS) return
    this.#gearMs = nowMs
    const of = (quantity: 'powerW' | 'cadenceRpm' | 'heartRateBpm') => this.#sampler.sourceOf(quantity, nowMs) ?? 'none'
    wish({ kind: 'trainer', mode: this.#sensors.some(({ isDriven }) => isDriven) ? 'road' : 'off', targetW: 0 })
    wish({ kind: 'sources', power: of('powerW'), cadence: of('cadenceRpm'), heartRate: of('heartRateBpm') })
  }

  setRoad(road: RoadWish): void {
    for (const sensor of this.#sensors) sensor.setRoad(road)
  }

  close(): void {
    for (const sensor of this.#sensors) sensor.close()
  }

  #turnBars(nowMs: number): void {
    const steer = this.steering.at(nowMs)
    if (steer === this.#steer) return
    this.#steer = steer
    this.#sampler.offer({ source: 'controls', steer }, nowMs)
  }
}
