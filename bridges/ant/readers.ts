import { type BicyclePowerPage, BICYCLE_POWER_TYPE, decodeBicyclePower } from '../core/pages/bicycle-power.ts'
import { decodeHeartRatePage, HEART_RATE_TYPE } from '../core/pages/heart-rate.ts'
import {
  CADENCE_TYPE,
  decodeSpeedCadencePage,
  decodeTurnsPage,
  SPEED_CADENCE_TYPE,
} from '../core/pages/speed-cadence.ts'
import { CRANK_OPTIONS, Revolutions } from '../core/revolutions.ts'
import type { Reading } from '../core/sample.ts'

/** Pages of one device, from when it was found until it is lost: counters begin anew with each. */
export interface PageReader {
  read(page: Uint8Array, atMs: number): Reading | undefined
}

const NO_HEARTS = [0, 0xff]

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
  if (!got.ok || NO_HEARTS.includes(got.value.heartRateBpm)) return undefined
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
  #torque: { page: number; events: number; torque32: number; period2048: number } | undefined

  read(bytes: Uint8Array): Reading | undefined {
    const got = decodeBicyclePower(bytes)
    if (!got.ok) return undefined
    const page = got.value
    if (page.page === 0x10) return this.#readPower(page)
    if ((page.page === 0x11 || page.page === 0x12) && !this.#hasPower) return this.#readTorque(page)
    return undefined
  }

  #readPower(page: BicyclePowerPage & { page: 0x10 }): Reading | undefined {
    const { powerW, cadenceRpm, accumulatedPowerW: sumW = 0, eventCount: events = 0 } = page
    this.#hasPower = true
    const last = this.#events
    this.#events = events
    if (last === events || powerW === undefined) return undefined
    return { source: 'power-meter', powerW, cadenceRpm, counter: { kind: 'power', sumW, events } }
  }

  /** P = 2π · torque / time; torque in 1/32 Nm, time in 1/2048 s: 128 π over both differences. */
  #readTorque(page: BicyclePowerPage & { page: 0x11 | 0x12 }): Reading | undefined {
    const { eventCount: events = 0, accumulatedTorque32: torque32 = 0, period2048 = 0 } = page
    const last = this.#torque
    this.#torque = { page: page.page, events, torque32, period2048 }
    if (last === undefined || last.page !== page.page) return undefined
    const newEvents = (events - last.events) & 0xff
    const ticks = (period2048 - last.period2048) & 0xffff
    if (newEvents === 0 || ticks === 0) return undefined
    const powerW = (128 * Math.PI * ((torque32 - last.torque32) & 0xffff)) / ticks
    if (powerW > POWER_MAX_W) return undefined
    const cadenceRpm = page.page === 0x12 ? (newEvents * 60 * TICKS_PER_S) / ticks : page.cadenceRpm
    const counter = { kind: 'torque', torque32, ticks: period2048, ticksPerS: TICKS_PER_S } as const
    return { source: 'power-meter', powerW, cadenceRpm, counter }
  }
}

const TICKS_PER_S = 2048
/** No leg: a counter that began anew. */
const POWER_MAX_W = 4000
