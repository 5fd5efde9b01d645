import { type Decoded, decoded, refused } from '../core/decoded.ts'
import { FecOrders } from '../core/fec-orders.ts'
import { BICYCLE_POWER_PERIOD, BICYCLE_POWER_TYPE, encodeBicyclePower } from '../core/pages/bicycle-power.ts'
import {
  decodeFitnessEquipment,
  encodeFitnessEquipment,
  FITNESS_EQUIPMENT_PERIOD,
  FITNESS_EQUIPMENT_TYPE,
  type FitnessEquipmentPage,
} from '../core/pages/fitness-equipment.ts'
import type { ControlResult } from '../core/profiles/control-point.ts'
import { brakeMaxN } from './brake.ts'
import type { Report, SimulatedTrainer } from './trainer.ts'
import { SPIN_DOWN_HIGH_MPS } from './spin-down.ts'

export interface AntDevice {
  readonly deviceNumber: number
  readonly deviceType: number
  readonly transmissionType: number
  /** Between two pages. */
  readonly period32768: number
}

/** Of the frames in a cycle the last four are who made it and which one it is, each twice (as the common pages want it). */
const CYCLE = 66
const MANUFACTURER_DEVELOPMENT = 255

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
  readonly #orders = new FecOrders()
  #isCalibrating = false

  constructor(trainer: SimulatedTrainer, deviceNumber = 34_211) {
    this.#trainer = trainer
    this.fitness = {
      deviceNumber,
      deviceType: FITNESS_EQUIPMENT_TYPE,
      transmissionType: 5,
      period32768: FITNESS_EQUIPMENT_PERIOD,
    }
    this.power = {
      deviceNumber,
      deviceType: BICYCLE_POWER_TYPE,
      transmissionType: 5,
      period32768: BICYCLE_POWER_PERIOD,
    }
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
      if (page.length === 8) this.#orders.done(page, 'not-supported')
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
    const result = this.#obey(value)
    if (value.page !== 1 && value.page !== 55) this.#orders.done(page, result)
    return decoded(value)
  }

  #obey(page: FitnessEquipmentPage): ControlResult {
    const { desk, model, faults } = this.#trainer
    if (page.page === 55) return 'success'
    const request = this.#orders.requestOf(page)
    switch (request?.op) {
      case 'spin-down':
        this.#isCalibrating = true
        if (!faults.has('no-spin-down')) model.startSpinDown()
        return 'success'
      case 'set-target-power':
        return faults.has('refuse-erg') ? 'not-supported' : desk.obey(request).result
      case 'set-simulation':
        // Wind alone asks for no other mode.
        if (page.page === 50 && model.target.mode !== 'simulation') return 'success'
        return faults.has('refuse-sim') ? 'not-supported' : desk.obey(request).result
      case 'set-target-resistance':
        return desk.obey(request).result
      default:
        return 'not-supported'
    }
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
      case 71:
        return this.#orders.statusPage
      case 80:
        return encodeFitnessEquipment({ page: 80, hardware: 1, manufacturer: MANUFACTURER_DEVELOPMENT, model: 1 })
      case 81:
        return encodeFitnessEquipment({ page: 81, software: 1, serial: this.fitness.deviceNumber })
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
