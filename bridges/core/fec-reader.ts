import type { CalibrationEvent } from './devices.ts'
import { KMH_PER_MPS } from './fec-pages.ts'
import { decodeFitnessEquipment, type FitnessEquipmentPage } from './pages/fitness-equipment.ts'
import type { Reading } from './sample.ts'
import { powerCounter } from './work-counters.ts'

export interface FecNews {
  readonly reading?: Reading | undefined
  readonly calibration?: CalibrationEvent | undefined
}

const SPEED_RIGHT = 2

/** What a trainer's pages say of its rider, and of a spin-down that was asked for. */
export class FecReader {
  #events: number | undefined
  /** Its event count moves: a page that does not move it says the one before again. */
  #isCounting = false
  #isCalibrating = false
  #saidCalibration = ''

  /** Page 1 was asked of it: what it answers is about that. */
  calibrationAsked(): void {
    this.#isCalibrating = true
    this.#saidCalibration = ''
  }

  read(page: FitnessEquipmentPage): FecNews {
    if (page.page === 25) return { reading: this.#power(page) }
    if (page.page === 16)
      return { reading: { source: 'trainer', heartRateBpm: page.heartRateBpm, speedMps: page.speedMps } }
    if (!this.#isCalibrating) return {}
    if (page.page === 2) return { calibration: this.#progress(page) }
    if (page.page === 1) return { calibration: this.#end(page) }
    return {}
  }

  #power(page: FitnessEquipmentPage & { page: 25 }): Reading | undefined {
    const { powerW, cadenceRpm, eventCount } = page
    const last = this.#events
    this.#events = eventCount
    if (last !== undefined && last !== eventCount) this.#isCounting = true
    if (last === eventCount && this.#isCounting) return undefined
    return { source: 'trainer', powerW, cadenceRpm, counter: powerW === undefined ? undefined : powerCounter(page) }
  }

  /** Page 2 comes again and again; each step is said once. */
  #progress(page: FitnessEquipmentPage & { page: 2 }): CalibrationEvent | undefined {
    const isFast = page.speedCondition === SPEED_RIGHT
    const said = `${isFast}${page.targetSpeedMps}`
    if (said === this.#saidCalibration) return undefined
    this.#saidCalibration = said
    if (isFast) return { event: 'stop-pedalling' }
    if (page.targetSpeedMps === undefined) return { event: 'speed-up' }
    // FE-C names the speed to be reached, and no end of it.
    const targetKmh = page.targetSpeedMps * KMH_PER_MPS
    return { event: 'speed-up', targetKmh: { low: targetKmh, high: targetKmh } }
  }

  #end(page: FitnessEquipmentPage & { page: 1 }): CalibrationEvent {
    this.#isCalibrating = false
    return page.hasSpinDown === 1 ? { event: 'success', spinDownMs: page.spinDownMs } : { event: 'failure' }
  }
}

/** The page of a trainer, or nothing. */
export function fecPage(bytes: Uint8Array): FitnessEquipmentPage | undefined {
  const got = decodeFitnessEquipment(bytes)
  return got.ok ? got.value : undefined
}
