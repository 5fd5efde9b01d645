import type { DeviceLink, DeviceSink } from '#bridges/core/devices'
import { decodeIndoorBikeData, encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { trainerWords } from '../words/trainer.ts'

/** As often as most trainers notify. */
const NOTIFY_MS = 250

/**
 * A trainer made of two sliders. What it says goes through the same bytes as a real trainer's 0x2AD2, there and back,
 * so that a rider without one still rides the whole way.
 */
export class SimulatedTrainer implements DeviceLink {
  readonly id = 'simulated'
  readonly name = trainerWords.line.simulated
  readonly carrier = 'simulated'
  readonly source = 'trainer'
  readonly brings: readonly string[] = ['power', 'cadence']
  powerW: number
  cadenceRpm: number
  #sink: DeviceSink | undefined
  #notifiedMs = -Infinity

  constructor(options: { powerW: number; cadenceRpm: number }) {
    this.powerW = options.powerW
    this.cadenceRpm = options.cadenceRpm
  }

  start(sink: DeviceSink): void {
    this.#sink = sink
  }

  /** About ten times a second, also in a hidden tab. */
  tick(nowMs: number): void {
    if (nowMs - this.#notifiedMs < NOTIFY_MS) return
    this.#notifiedMs = nowMs
    // A trainer's own speed is its flywheel's; the road's is decided by physics, so nothing reads this one.
    const bytes = encodeIndoorBikeData({ speedKmh: 0, cadenceRpm: this.cadenceRpm, powerW: this.powerW })
    const read = decodeIndoorBikeData(bytes)
    if (!read.ok) return
    const { powerW, cadenceRpm } = read.value
    this.#sink?.reading({ source: 'trainer', powerW, cadenceRpm }, nowMs)
  }

  close(): void {
    const sink = this.#sink
    this.#sink = undefined
    sink?.gone()
  }
}
