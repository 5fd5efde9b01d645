import type { RoadWish } from '#bridges/core/control-loop'
import type { DeviceLink } from '#bridges/core/devices'
import { Legs as Devices } from '#bridges/core/legs'
import type { Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import type { RiderWish } from '#protocol/rider-wish'
import type { SensorSource, SensorState } from './sensor-source.ts'
import { Steering } from './steering.ts'

/** Devices are looked at this often. */
const GEAR_MS = 1000

/** What gives this page's rider their legs: the devices and the law of bridges/core/legs.ts, and this page's bars. */
export class Legs {
  readonly steering = new Steering()
  /** How they stand, in words for their rider. */
  state: SensorState
  readonly #sensors: SensorSource[] = []
  /** For what a rider asks of their devices, and how they stand. */
  readonly devices: Devices<Sequence>
  /** Devices that came since the last turn. */
  readonly #linked: DeviceLink[] = []
  #onPower: () => void = () => {}
  #steer = 0
  #gearMs = -Infinity

  constructor(sensor: SensorSource | undefined, wallMs: number) {
    this.state = sensor?.state ?? { level: 'good', words: 'Watts come from your bridge' }
    // A resumed rider must not repeat a sequence the server has seen; the clock of this page is never the same twice.
    this.devices = new Devices<Sequence>({
      firstSequence: Math.floor(wallMs / 50) & 0xffff,
      onReading: (reading) => reading.powerW !== undefined && this.#onPower(),
    })
  }

  get hasSensor(): boolean {
    return this.#sensors.length > 0
  }

  /** One more sensor: whatever is best of each quantity wins. */
  add(sensor: SensorSource, onPower: () => void): void {
    this.#sensors.push(sensor)
    this.#onPower = onPower
    sensor.start({
      onReading: (reading, atMs) => this.devices.offer(reading, atMs),
      onDevice: (device) => this.#linked.push(device),
      onState: (state) => (this.state = state),
    })
  }

  /** The sample that is due. */
  take(nowMs: number, canSteer: boolean): InputSample | undefined {
    for (const sensor of this.#sensors) sensor.tick(nowMs)
    for (const device of this.#linked.splice(0)) this.devices.add(device, nowMs)
    this.devices.tick(nowMs)
    if (canSteer) this.#turnBars(nowMs)
    return this.devices.take(nowMs)
  }

  /** What this page does with the trainer, and which device gives what; said when it is another than it was. */
  tellGear(nowMs: number, wish: (wish: RiderWish) => void): void {
    if (nowMs - this.#gearMs < GEAR_MS) return
    this.#gearMs = nowMs
    const of = (quantity: 'powerW' | 'cadenceRpm' | 'heartRateBpm') => this.devices.sourceOf(quantity, nowMs) ?? 'none'
    wish({ kind: 'trainer', mode: this.devices.isDriving ? 'road' : 'off', targetW: 0 })
    wish({ kind: 'sources', power: of('powerW'), cadence: of('cadenceRpm'), heartRate: of('heartRateBpm') })
  }

  setRoad(road: RoadWish, nowMs: number): void {
    this.devices.road(road, nowMs)
    for (const sensor of this.#sensors) sensor.setRoad(road)
  }

  close(): void {
    for (const sensor of this.#sensors) sensor.close()
  }

  #turnBars(nowMs: number): void {
    const steer = this.steering.at(nowMs)
    if (steer === this.#steer) return
    this.#steer = steer
    this.devices.offer({ source: 'controls', steer }, nowMs)
  }
}
