import {
  BICYCLE_POWER_TYPE,
  type BicyclePowerPage,
  CALIBRATION,
  decodeBicyclePower,
  torqueFrequencyOffset,
} from '../core/pages/bicycle-power.ts'
import { decodeHeartRatePage, HEART_RATE_TYPE } from '../core/pages/heart-rate.ts'
import {
  CADENCE_TYPE,
  decodeSpeedCadencePage,
  decodeTurnsPage,
  SPEED_CADENCE_TYPE,
} from '../core/pages/speed-cadence.ts'
import { CRANK_OPTIONS, Revolutions } from '../core/revolutions.ts'
import type { Reading } from '../core/sample.ts'
import { TorqueFrequency, TorqueSum } from '../core/torque.ts'
import { powerCounter, torqueCounter } from '../core/work-counters.ts'

/** Pages of one device, from when it was found until it is lost: counters begin anew with each. */
export interface PageReader {
  read(page: Uint8Array, atMs: number): Reading | undefined
}

/** 255 says that none is known; 0 that none beats. */
const NO_HEARTS: ReadonlySet<number> = new Set([0, 0xff])

/** undefined: a kind whose pages are no readings. */
export function readerFor(type: number): PageReader | undefined {
  if (type === BICYCLE_POWER_TYPE) return new PowerReader()
  if (type === HEART_RATE_TYPE) return { read: heartReading }
  if (type === SPEED_CADENCE_TYPE) return new CrankReader(crankOfBoth)
  if (type === CADENCE_TYPE) return new CrankReader(crankAlone)
  return undefined
}

function heartReading(bytes: Uint8Array): Reading | undefined {
  const got = decodeHeartRatePage(bytes)
  if (!got.ok || NO_HEARTS.has(got.value.heartRateBpm)) return undefined
  return { source: 'strap', heartRateBpm: got.value.heartRateBpm }
}

interface Crank {
  readonly revolutions: number
  readonly time1024: number
}

function crankOfBoth(bytes: Uint8Array): Crank | undefined {
  const got = decodeSpeedCadencePage(bytes)
  return got.ok ? { revolutions: got.value.crankRevolutions, time1024: got.value.crankTime1024 } : undefined
}

function crankAlone(bytes: Uint8Array): Crank | undefined {
  const got = decodeTurnsPage(bytes)
  return got.ok ? got.value : undefined
}

class CrankReader implements PageReader {
  readonly #crank = new Revolutions(CRANK_OPTIONS)
  readonly #crankOf: (bytes: Uint8Array) => Crank | undefined

  constructor(crankOf: (bytes: Uint8Array) => Crank | undefined) {
    this.#crankOf = crankOf
  }

  read(bytes: Uint8Array, atMs: number): Reading | undefined {
    const crank = this.#crankOf(bytes)
    const ratePerS = crank === undefined ? undefined : this.#crank.offer(crank.revolutions, crank.time1024, atMs)
    return ratePerS === undefined ? undefined : { source: 'cadence-sensor', cadenceRpm: ratePerS * 60 }
  }
}

/**
 * Watts, and what the meter counts of its work, so that pages lost on the way cost nothing (core/work-gap.ts). A page that
 * counts no new event is the one before said again, and no reading.
 */
class PowerReader implements PageReader {
  #events: number | undefined
  /** A meter sends torque in between, or alone; once it has sent power, that is what counts. */
  #hasPower = false
  readonly #torque = { 0x11: new TorqueSum(), 0x12: new TorqueSum() }
  readonly #frequency = new TorqueFrequency()

  read(bytes: Uint8Array): Reading | undefined {
    const got = decodeBicyclePower(bytes)
    if (!got.ok) return undefined
    const page = got.value
    switch (page.page) {
      case 0x10:
        return this.#readPower(page)
      case 0x11:
      case 0x12:
        return this.#hasPower ? undefined : this.#readTorque(page)
      case 0x20:
        return this.#hasPower ? undefined : this.#readFrequency(page)
      case 0x01:
        this.#calibrated(page)
        return undefined
      default:
        return undefined
    }
  }

  #readPower(page: BicyclePowerPage & { page: 0x10 }): Reading | undefined {
    const { powerW, cadenceRpm, eventCount } = page
    this.#hasPower = true
    const last = this.#events
    this.#events = eventCount
    if (last === eventCount || powerW === undefined) return undefined
    return { source: 'power-meter', powerW, cadenceRpm, counter: powerCounter(page) }
  }

  #readTorque(page: BicyclePowerPage & { page: 0x11 | 0x12 }): Reading | undefined {
    const { eventCount = 0, accumulatedTorque32 = 0, period2048 = 0 } = page
    const got = this.#torque[page.page].offer({ eventCount, accumulatedTorque32, period2048 })
    if (got === undefined) return undefined
    // Page 0x11 counts turns of the wheel, 0x12 of the crank.
    const cadenceRpm = page.page === 0x12 ? got.turnsPerS * 60 : page.cadenceRpm
    return { source: 'power-meter', powerW: got.powerW, cadenceRpm, counter: torqueCounter(page) }
  }

  #readFrequency(page: BicyclePowerPage & { page: 0x20 }): Reading | undefined {
    const { eventCount = 0, slopeNmPerHz = 0, time2000 = 0, torqueTicks = 0 } = page
    const got = this.#frequency.offer({ eventCount, slopeNmPerHz, time2000, torqueTicks })
    return got === undefined ? undefined : { source: 'power-meter', powerW: got.powerW, cadenceRpm: got.cadenceRpm }
  }

  /** Torque-frequency meters tell their frequency at rest when they are set to zero. */
  #calibrated({ calibrationId, autoZero, offset }: BicyclePowerPage & { page: 0x01 }): void {
    if (calibrationId !== CALIBRATION.torqueFrequency || autoZero !== 1 || offset === undefined) return
    this.#frequency.offsetHz = torqueFrequencyOffset(offset)
  }
}
