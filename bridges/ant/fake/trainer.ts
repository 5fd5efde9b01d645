import { FecOrders } from '../../core/fec-orders.ts'
import {
  decodeFitnessEquipment,
  encodeFitnessEquipment,
  FITNESS_EQUIPMENT_PERIOD,
  FITNESS_EQUIPMENT_TYPE,
  type FitnessEquipmentPage,
} from '../../core/pages/fitness-equipment.ts'
import type { ControlRequest, ControlResult } from '../../core/profiles/control-point.ts'
import type { FakeMaster } from './air.ts'

/** What a trainer tells of its rider and of itself; a model of one, or a test, says it. */
export interface FecReport {
  readonly powerW: number
  readonly cadenceRpm?: number | undefined
  readonly speedMps?: number | undefined
  readonly heartRateBpm?: number | undefined
  readonly limit?: 'on-target' | 'too-slow' | 'too-fast' | undefined
  readonly spinDown?: FecSpinDown | undefined
}

export interface FecSpinDown {
  readonly state: 'idle' | 'accelerate' | 'coast' | 'passed' | 'failed'
  readonly targetMps?: number | undefined
  readonly spinDownMs?: number | undefined
}

export interface FecTrainerOptions {
  readonly deviceNumber: number
  /** Independent, with common pages; its upper four bits lengthen the number. */
  readonly transmissionType?: number
  /** Asked for each page. */
  readonly report: () => FecReport
  /** What an app asks, in the words of FTMS; the result goes into page 71. */
  readonly obey: (request: ControlRequest) => ControlResult
  readonly resistanceMaxN?: number
  readonly abilities?: { readonly resistance: boolean; readonly power: boolean; readonly simulation: boolean }
  readonly maker?: { readonly manufacturer: number; readonly model: number; readonly serial: number }
  /** The rider's mass is asked for by a bit of page 25 until page 55 comes. */
  readonly wantsRider?: boolean
  readonly hasStatusPage?: boolean
}

/** Pages in turn; every 65th says who made it. */
const TURN = [25, 16, 25, 16, 25, 16, 25, 17] as const
const BACKGROUND_EVERY = 65
const TRAINER = 25
const IN_USE = 3
const NONE = 0xff
const PERIOD_S = FITNESS_EQUIPMENT_PERIOD / 32_768

/** An FE-C trainer: the tables of core/pages, the other way round. It turns requests into the words of FTMS and obeys by them. */
export class FecTrainer implements FakeMaster {
  readonly #options: FecTrainerOptions
  readonly deviceNumber: number
  readonly deviceType = FITNESS_EQUIPMENT_TYPE
  readonly transmissionType: number
  readonly period32768 = FITNESS_EQUIPMENT_PERIOD
  #turn = 0
  #events = 0
  #sumW = 0
  #distanceM = 0
  #elapsedS = 0
  #saidSpinDown = 'idle'
  #isOwnTurn = false
  /** Pages that were asked for, before all others. */
  readonly #asked: number[] = []
  readonly #orders = new FecOrders()
  #rider: FitnessEquipmentPage | undefined
  /** Every page an app sent, in order. */
  readonly taken: Uint8Array[] = []

  constructor(options: FecTrainerOptions) {
    this.#options = options
    this.deviceNumber = options.deviceNumber
    this.transmissionType = options.transmissionType ?? 5
  }

  /** What page 55 told of the rider. */
  get rider(): FitnessEquipmentPage | undefined {
    return this.#rider
  }

  next(_atMs: number): Uint8Array {
    const report = this.#options.report()
    this.#elapsedS += PERIOD_S
    this.#distanceM += (report.speedMps ?? 0) * PERIOD_S
    const asked = this.#asked.shift()
    if (asked !== undefined) return this.#page(asked, report)
    const spinDown = this.#spinDownPage(report)
    if (spinDown !== undefined) return spinDown
    const turn = this.#turn++
    if (turn % BACKGROUND_EVERY === BACKGROUND_EVERY - 1)
      return this.#page(Math.floor(turn / BACKGROUND_EVERY) % 2 === 0 ? 80 : 81, report)
    return this.#page(TURN[turn % TURN.length]!, report)
  }

  take(bytes: Uint8Array): boolean {
    this.taken.push(bytes)
    const got = decodeFitnessEquipment(bytes)
    if (!got.ok) return true
    const page = got.value
    if (page.page === 70) {
      const { requestedPage = 0, times = 1 } = page
      if (requestedPage !== 71 || this.#options.hasStatusPage !== false)
        for (let i = 0; i < Math.max(1, times); i++) this.#asked.push(requestedPage)
      return true
    }
    if (page.page === 55) this.#rider = page
    const request = this.#orders.requestOf(page)
    this.#orders.done(bytes, request === undefined ? 'success' : this.#options.obey(request))
    return true
  }

  #page(page: number, report: FecReport): Uint8Array {
    const { abilities, resistanceMaxN = 200, maker } = this.#options
    const state = { state: IN_USE, lap: 0 }
    switch (page) {
      case 16: {
        const { speedMps, heartRateBpm } = report
        const distanceM = Math.floor(this.#distanceM) & 0xff
        const elapsedS = Math.floor(this.#elapsedS * 4) / 4
        return encodeFitnessEquipment({
          ...{ page: 16, equipment: TRAINER, elapsedS: elapsedS % 64, distanceM, isDistanceOn: 1, ...state },
          ...{
            ...(speedMps === undefined ? {} : { speedMps }),
            ...(heartRateBpm === undefined ? {} : { heartRateBpm }),
          },
        })
      }
      case 17:
        return encodeFitnessEquipment({
          ...{ page: 17, cycleLengthM: 2.1, gradeFraction: this.#orders.gradeFraction, ...state },
        })
      case 25:
        return this.#power(report, state)
      case 54:
        return encodeFitnessEquipment({
          ...{ page: 54, resistanceMaxN, hasResistanceMode: abilities?.resistance === false ? 0 : 1 },
          ...{
            hasPowerMode: abilities?.power === false ? 0 : 1,
            hasSimulationMode: abilities?.simulation === false ? 0 : 1,
          },
        })
      case 55:
        return encodeFitnessEquipment(this.#rider ?? { page: 55 })
      case 71:
        return this.#orders.statusPage
      case 80:
        return encodeFitnessEquipment({
          ...{ page: 80, hardware: 1, manufacturer: maker?.manufacturer ?? NONE, model: maker?.model ?? 1 },
        })
      default:
        return encodeFitnessEquipment({ page: 81, software: 1, serial: maker?.serial ?? 1 })
    }
  }

  #power(report: FecReport, state: { state: number; lap: number }): Uint8Array {
    const powerW = Math.round(Math.max(0, report.powerW))
    this.#events = (this.#events + 1) & 0xff
    this.#sumW = (this.#sumW + powerW) & 0xffff
    const { cadenceRpm } = report
    return encodeFitnessEquipment({
      ...{ page: 25, eventCount: this.#events, accumulatedPowerW: this.#sumW, powerW, ...state },
      ...(cadenceRpm === undefined ? {} : { cadenceRpm: Math.round(cadenceRpm) }),
      limit: { 'on-target': 0, 'too-slow': 1, 'too-fast': 2 }[report.limit ?? 'on-target'],
      needsUserConfiguration: this.#options.wantsRider === true && this.#rider === undefined ? 1 : 0,
    })
  }

  /** While it runs every other page tells of it; its end is said once. */
  #spinDownPage({ spinDown }: FecReport): Uint8Array | undefined {
    const state = spinDown?.state ?? 'idle'
    const before = this.#saidSpinDown
    this.#saidSpinDown = state
    if (spinDown === undefined || state === 'idle') return undefined
    if (state === 'passed' || state === 'failed') {
      if (before === state) return undefined
      const { spinDownMs } = spinDown
      const hasSpinDown = state === 'passed' ? 1 : 0
      return encodeFitnessEquipment({ page: 1, hasSpinDown, ...(spinDownMs === undefined ? {} : { spinDownMs }) })
    }
    this.#isOwnTurn = !this.#isOwnTurn
    if (this.#isOwnTurn && before === state) return undefined
    const { targetMps } = spinDown
    return encodeFitnessEquipment({
      ...{ page: 2, isSpinDownPending: 1, speedCondition: state === 'coast' ? 2 : 1 },
      ...(targetMps === undefined ? {} : { targetSpeedMps: targetMps }),
    })
  }
}
