import type { RoadWish } from '#bridges/core/control-loop'
import { decodeIndoorBikeData, encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import type { SensorListener, SensorSource, SensorState } from './sensor-source.ts'

/** As often as most trainers notify. */
const NOTIFY_MS = 250
export const SIMULATED_POWER_MAX_W = 800
export const SIMULATED_CADENCE_MAX_RPM = 130

/**
 * A trainer made of two sliders. What it says goes through the same bytes as a real trainer's 0x2AD2, there and back,
 * so that a rider without one still rides the whole way.
 */
export class SimulatedTrainer implements SensorSource {
  readonly kind = 'simulated'
  readonly state: SensorState = { level: 'good', words: 'Simulated trainer' }
  powerW: number
  cadenceRpm: number
  gradeFraction = 0
  #listener: SensorListener | undefined
  #notifiedMs = -Infinity

  constructor(options: { powerW: number; cadenceRpm: number }) {
    this.powerW = options.powerW
    this.cadenceRpm = options.cadenceRpm
  }

  start(listener: SensorListener): void {
    this.#listener = listener
    listener.onState(this.state)
  }

  setRoad(road: RoadWish): void {
    this.gradeFraction = road.gradeFraction
  }

  tick(nowMs: number): void {
    if (nowMs - this.#notifiedMs < NOTIFY_MS) return
    this.#notifiedMs = nowMs
    // A trainer's own speed is its flywheel's; the road's is decided by physics, so nothing reads this one.
    const bytes = encodeIndoorBikeData({ speedKmh: 0, cadenceRpm: this.cadenceRpm, powerW: this.powerW })
    const read = decodeIndoorBikeData(bytes)
    if (!read.ok) return
    const { powerW, cadenceRpm } = read.value
    this.#listener?.onReading({ source: 'trainer', powerW, cadenceRpm }, nowMs)
  }

  close(): void {
    this.#listener = undefined
  }
}
