import { encodeAntMessage } from '../core/ant-message.ts'
import { ByteWriter } from '../core/bytes.ts'
import { type Decoded, decoded, refused } from '../core/decoded.ts'
import { BICYCLE_POWER_TYPE, encodeBicyclePower } from '../core/pages/bicycle-power.ts'
import {
  decodeFitnessEquipment,
  encodeFitnessEquipment,
  FITNESS_EQUIPMENT_TYPE,
  type FitnessEquipmentPage,
} from '../core/pages/fitness-equipment.ts'
import { brakeMaxN } from './brake.ts'
import type { Report, SimulatedTrainer } from './trainer.ts'
import { SPIN_DOWN_HIGH_MPS } from './spin-down.ts'
import { FLAT } from './trainer-model.ts'

export interface AntDevice {
  readonly deviceNumber: number
  readonly deviceType: number
  readonly transmissionType: number
  /** Between two pages, 1/32768 s. */
  readonly period: number
}

/** Of the frames in a cycle the last four are who made it and which one it is, each twice (as the common pages want it). */
const CYCLE = 66
const MANUFACTURER_DEVELOPMENT = 255
const PASS = 0
const NOT_SUPPORTED = 2
const REJECTED = 3

/**
 * The same trainer as ANT+ masters: FE-C (17) and bicycle power (11). Each `next` is what the master sends in its slot; control
 * pages come to `take`. Knows no stick, no key and no time: whoever plays the radio asks for a page each period.
 */
export class AntTrainer {
  readonly fitness: AntDevice
  readonly power: AntDevice
  readonly #trainer: SimulatedTrainer
  #report: Report = { powerW: 0, speedMps: 0, sinceS: 0 }
  #slot = 0
  #powerSlot = 0
  #eventCount = 0
  #accumulatedW = 0
  #elapsedS = 0
  #distanceM = 0
  #torque32 = 0
  #period2048 = 0
  /** Pages asked for by page 70, or owed after a command, before the usual ones. */
  readonly #owed: Uint8Array[] = []
  #lastPage = 0xff
  #sequence = 0xff
  #status = 0xff
  #echo = new Uint8Array(4).fill(0xff)
  #wind = { cwKgpm: FLAT.cwKgpm as number, windMps: 0 }
  #isCalibrating = false

  constructor(trainer: SimulatedTrainer, deviceNumber = 34_211) {
    this.#trainer = trainer
    this.fitness = { deviceNumber, deviceType: FITNESS_EQUIPMENT_TYPE, transmissionType: 5, period: 8192 }
    this.power = { deviceNumber, deviceType: BICYCLE_POWER_TYPE, transmissionType: 5, period: 8182 }
    trainer.listeners.add((report) => this.#take(report))
  }

  /** The page of the fitness equipment's slot. */
  next(): Uint8Array {
    const owed = this.#owed.shift()
    if (owed !== undefined) return owed
    const slot = this.#slot++ % CYCLE
    if (slot >= CYCLE - 4) return slot < CYCLE - 2 ? this.#page(80)! : this.#page(81)!
    const spinDown = this.#trainer.model.spinDown.state
    if ((spinDown === 'accelerate' || spinDown === 'coast') && slot % 4 === 3) return this.#page(2)!
    return slot % 4 < 2 ? this.#page(16)! : this.#page(25)!
  }

  /** The page of the power meter's slot. */
  nextPower(): Uint8Array {
    const slot = this.#powerSlot++ % CYCLE
    if (slot >= CYCLE - 4) return slot < CYCLE - 2 ? this.#page(80)! : this.#page(81)!
    const { cadenceRpm } = this.#report
    const eventCount = this.#eventCount & 0xff
    const cadence = cadenceRpm === undefined ? {} : { cadenceRpm: Math.round(cadenceRpm) }
    if (slot % 5 === 4)
      return encodeBicyclePower({
        page: 0x12,
        eventCount,
        ticks: eventCount,
        ...cadence,
        period2048: this.#period2048 & 0xffff,
        accumulatedTorque32: Math.round(this.#torque32) & 0xffff,
      })
    const powerW = this.#report.powerW
    return encodeBicyclePower({
      page: 0x10,
      eventCount,
      ...cadence,
      accumulatedPowerW: this.#accumulatedW & 0xffff,
      powerW,
    })
  }

  /** A page sent to the trainer, acknowledged. What it does not know is told by page 71. */
  take(page: Uint8Array): Decoded<FitnessEquipmentPage> {
    const got = decodeFitnessEquipment(page)
    if (!got.ok) {
      if (page.length === 8) this.#commanded(page, NOT_SUPPORTED)
      return got
    }
    const { value } = got
    if (value.page === 70) {
      const wanted = value.requestedPage ?? 0
      const answer = this.#page(wanted)
      if (answer === undefined) return refused('unknown-kind')
      // Bit 7: until it is acknowledged; a broadcast that often does.
      for (let i = 0; i < Math.min(Math.max((value.times ?? 1) & 0x7f, 1), 8); i++) this.#owed.push(answer)
      return got
    }
    const status = this.#obey(value)
    if (status !== undefined && value.page !== 1 && value.page !== 55) this.#commanded(page, status)
    return decoded(value)
  }

  /** The result for page 71; undefined where there is none. */
  #obey(page: FitnessEquipmentPage): number | undefined {
    const { desk, model, faults } = this.#trainer
    switch (page.page) {
      case 48:
        desk.obey({ op: 'set-target-resistance', resistanceLevel: Math.min(page.resistancePercent ?? 0, 100) })
        return PASS
      case 49:
        if (faults.has('refuse-erg')) return NOT_SUPPORTED
        return desk.obey({ op: 'set-target-power', powerW: page.powerW ?? 0 }).result === 'success' ? PASS : REJECTED
      case 50: {
        this.#wind = {
          cwKgpm: (page.cwKgpm ?? FLAT.cwKgpm) * (page.draftFactor ?? 1),
          windMps: (page.windKmh ?? 0) / 3.6,
        }
        const { target } = model
        if (target.mode === 'simulation') desk.obey({ op: 'set-simulation', ...target, ...this.#wind })
        return PASS
      }
      case 51: {
        if (faults.has('refuse-sim')) return NOT_SUPPORTED
        const { gradeFraction = 0, crr = FLAT.crr } = page
        desk.obey({ op: 'set-simulation', gradeFraction, crr, ...this.#wind })
        return PASS
      }
      case 1:
        if (page.hasSpinDown !== 1) return NOT_SUPPORTED
        if (!faults.has('no-spin-down')) model.startSpinDown()
        this.#isCalibrating = true
        return PASS
      case 55:
        return PASS
      default:
        return NOT_SUPPORTED
    }
  }

  #commanded(page: Uint8Array, status: number): void {
    this.#lastPage = page[0]!
    this.#sequence = this.#sequence === 0xff ? 0 : (this.#sequence + 1) % 0xff
    this.#status = status
    this.#echo = page.slice(4, 8)
  }

  /** What a page says now; undefined: a page nobody here knows. */
  #page(page: number): Uint8Array | undefined {
    const { model } = this.#trainer
    const { target, spec, spinDown } = model
    const state = { state: this.#report.speedMps > 0.5 ? 3 : 2, lap: 0 }
    const temperatureC = Math.round(model.temperatureC * 2) / 2
    switch (page) {
      case 1: {
        const passed = spinDown.state === 'passed'
        return encodeFitnessEquipment({
          ...{ page: 1, hasSpinDown: passed ? 1 : 0, temperatureC },
          ...(passed ? { spinDownMs: Math.round(spinDown.durationS * 1000) } : {}),
        })
      }
      case 2: {
        const isRunning = spinDown.state === 'accelerate' || spinDown.state === 'coast'
        return encodeFitnessEquipment({
          ...{ page: 2, isSpinDownPending: isRunning ? 1 : 0, speedCondition: spinDown.state === 'coast' ? 2 : 1 },
          ...{ temperatureC, targetSpeedMps: SPIN_DOWN_HIGH_MPS },
          targetSpinDownMs: Math.round(model.spinDownExpectedS * 1000),
        })
      }
      case 16: {
        const { heartRateBpm, speedMps } = this.#report
        return encodeFitnessEquipment({
          ...{ page: 16, equipment: 25, elapsedS: this.#elapsedS % 64, distanceM: Math.floor(this.#distanceM) & 0xff },
          ...{ speedMps, isDistanceOn: 1, ...state },
          ...(heartRateBpm === undefined ? {} : { heartRateBpm, heartRateSource: 3 }),
        })
      }
      case 17: {
        const gradeFraction = target.mode === 'simulation' ? target.gradeFraction : 0
        const resistancePercent = target.mode === 'resistance' ? target.share * 100 : 0
        return encodeFitnessEquipment({ page: 17, gradeFraction, resistancePercent, ...state })
      }
      case 25: {
        const { powerW, cadenceRpm } = this.#report
        const limit = ['on-target', 'too-slow', 'too-fast'].indexOf(model.limit)
        return encodeFitnessEquipment({
          ...{ page: 25, eventCount: this.#eventCount & 0xff, accumulatedPowerW: this.#accumulatedW & 0xffff },
          ...{ powerW: Math.min(powerW, 4094), limit, ...state },
          ...(cadenceRpm === undefined ? {} : { cadenceRpm: Math.round(cadenceRpm) }),
        })
      }
      case 26:
        return encodeFitnessEquipment({
          ...{ page: 26, eventCount: this.#eventCount & 0xff, wheelTicks: this.#eventCount & 0xff },
          ...{ wheelPeriod2048: this.#period2048 & 0xffff, accumulatedTorque32: Math.round(this.#torque32) & 0xffff },
          ...state,
        })
      case 54: {
        const resistanceMaxN = Math.round(
          brakeMaxN({ ...spec, peakN: spec.brakePeakN, criticalMps: spec.brakeCriticalMps }, spec.brakeCriticalMps),
        )
        return encodeFitnessEquipment({
          ...{ page: 54, resistanceMaxN, hasResistanceMode: 1, hasPowerMode: 1, hasSimulationMode: 1 },
        })
      }
      case 71: {
        const bytes = encodeFitnessEquipment({
          ...{ page: 71, lastPage: this.#lastPage, sequence: this.#sequence, commandStatus: this.#status },
        })
        bytes.set(this.#echo, 4)
        return bytes
      }
      case 80:
        return identity(80, (w) =>
          w.write('u8', 0xff).write('u8', 1).write('u16', MANUFACTURER_DEVELOPMENT).write('u16', 1),
        )
      case 81:
        return identity(81, (w) => w.write('u8', 0xff).write('u8', 1).write('u32', this.fitness.deviceNumber))
      default:
        return undefined
    }
  }

  #take(report: Report): void {
    this.#report = report
    this.#eventCount++
    this.#accumulatedW += report.powerW
    this.#elapsedS += report.sinceS
    this.#distanceM += report.speedMps * report.sinceS
    const cadenceRpm = report.cadenceRpm ?? 0
    if (cadenceRpm > 0) {
      // One event, one turn of the crank: P = 128π · Δtorque / Δperiod.
      const turnS = 60 / cadenceRpm
      this.#period2048 += Math.round(turnS * 2048)
      this.#torque32 += (report.powerW / (2 * Math.PI)) * turnS * 32
    }
    const state = this.#trainer.model.spinDown.state
    if (this.#isCalibrating && (state === 'passed' || state === 'failed')) {
      this.#isCalibrating = false
      for (let i = 0; i < 4; i++) this.#owed.push(this.#page(1)!)
    }
  }
}

/** Common pages 80 and 81: page, FF, then who made it, or which one it is. */
function identity(page: number, rest: (w: ByteWriter) => ByteWriter): Uint8Array {
  return rest(new ByteWriter().write('u8', page).write('u8', 0xff)).bytes()
}

/** A page as the stick tells it: broadcast, with who sent it behind the eight bytes. */
export function broadcastFrame(channel: number, page: Uint8Array, from?: AntDevice): Uint8Array {
  if (from === undefined) return encodeAntMessage('broadcast', { channel }, page)
  const rest = new Uint8Array(13)
  rest.set(page)
  rest.set(
    [0x80, from.deviceNumber & 0xff, (from.deviceNumber >>> 8) & 0xff, from.deviceType, from.transmissionType],
    8,
  )
  return encodeAntMessage('broadcast', { channel }, rest)
}
