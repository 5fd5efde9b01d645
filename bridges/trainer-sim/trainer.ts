import {
  type ControlRequest,
  type ControlResult,
  decodeControlRequest,
  encodeControlAnswer,
} from '../core/profiles/control-point.ts'
import { encodeCyclingPower } from '../core/profiles/cycling-power.ts'
import { encodeHeartRate } from '../core/profiles/heart-rate.ts'
import { encodeIndoorBikeData } from '../core/profiles/indoor-bike-data.ts'
import { encodeMachineFeature, encodePowerRange, encodeResistanceRange } from '../core/profiles/machine-feature.ts'
import { encodeMachineStatus, type MachineStatus } from '../core/profiles/machine-status.ts'
import { PROPERTY } from '../dircon/frame.ts'
import { GATT } from '../core/gatt.ts'
import { GattPeripheral } from '../gatt-peripheral.ts'
import { Flywheel } from './flywheel.ts'

/** What the legs on this trainer do now. */
export interface Legs {
  readonly powerW: number
  readonly cadenceRpm?: number | undefined
  readonly heartRateBpm?: number | undefined
  /** As recorded; without it the flywheel says. */
  readonly speedMps?: number | undefined
}

/** What an app has set: the slope of a road, or watts to hold. */
export type TrainerTarget =
  | { readonly mode: 'simulation'; readonly gradeFraction: number; readonly crr: number; readonly cwKgpm: number }
  | { readonly mode: 'power'; readonly powerW: number }

export interface TrainerOptions {
  readonly massKg?: number
  /** An app set a target; for the line that the command prints, and for tests. */
  readonly onTarget?: (target: TrainerTarget) => void
}

const FLAT = { mode: 'simulation', gradeFraction: 0, crr: 0.004, cwKgpm: 0.51 } as const satisfies TrainerTarget
const POWER_RANGE = { minW: 0, maxW: 2000, stepW: 1 }

/** One trainer, speaking the bytes a real one speaks. It knows neither its carrier nor the time: it is told both. */
export class SimulatedTrainer {
  readonly peripheral: GattPeripheral
  readonly #options: TrainerOptions
  readonly #flywheel: Flywheel
  #target: TrainerTarget = FLAT
  #isControlled = false
  #crankRevolutions = 0
  #crankTime1024 = 0

  constructor(options: TrainerOptions = {}) {
    this.#options = options
    this.#flywheel = new Flywheel(options.massKg ?? 83)
    this.peripheral = new GattPeripheral(services())
    this.peripheral.onWrite = (uuid, bytes) => {
      if (uuid === GATT.controlPoint) this.#control(bytes)
    }
    this.peripheral.onLeft = () => this.#release()
  }

  get target(): TrainerTarget {
    return this.#target
  }
  get isControlled(): boolean {
    return this.#isControlled
  }

  /** Says what the legs did for the last `sinceS`. Heart first, so that the watts find it known. */
  show(legs: Legs, sinceS: number): void {
    const load = this.#target.mode === 'simulation' ? this.#target : FLAT
    this.#flywheel.roll({ ...load, powerW: legs.powerW }, sinceS)
    if (legs.speedMps !== undefined) this.#flywheel.speedMps = legs.speedMps
    if (legs.heartRateBpm !== undefined)
      this.peripheral.notify(
        GATT.heartRateMeasurement,
        encodeHeartRate({ heartRateBpm: legs.heartRateBpm, contact: 'detected', rr1024: [] }),
      )
    const cadence = legs.cadenceRpm === undefined ? {} : { cadenceRpm: legs.cadenceRpm }
    const heart = legs.heartRateBpm === undefined ? {} : { heartRateBpm: legs.heartRateBpm }
    const speedKmh = this.#flywheel.speedMps * 3.6
    this.peripheral.notify(
      GATT.indoorBikeData,
      encodeIndoorBikeData({ speedKmh, powerW: legs.powerW, ...cadence, ...heart }),
    )
    this.#turnCrank(legs.cadenceRpm ?? 0, sinceS)
    this.peripheral.notify(
      GATT.powerMeasurement,
      encodeCyclingPower({
        powerW: legs.powerW,
        crankRevolutions: Math.floor(this.#crankRevolutions) & 0xffff,
        crankTime1024: Math.floor(this.#crankTime1024) & 0xffff,
      }),
    )
  }

  /** Takes control away, as a trainer does when another app asks it to. */
  loseControl(): void {
    this.#isControlled = false
    this.#say({ op: 'control-lost' })
  }

  /** Whole turns, and the moment of the last one, as a crank sensor counts. */
  #turnCrank(cadenceRpm: number, sinceS: number): void {
    if (cadenceRpm <= 0) return
    const before = this.#crankRevolutions
    this.#crankRevolutions += (cadenceRpm / 60) * sinceS
    const whole = Math.floor(this.#crankRevolutions) - Math.floor(before)
    this.#crankTime1024 += (whole * 60 * 1024) / cadenceRpm
  }

  #control(bytes: Uint8Array): void {
    const request = decodeControlRequest(bytes)
    const code = bytes[0] ?? 0
    if (!request.ok) {
      this.#answer(code, request.error === 'unknown-kind' ? 'not-supported' : 'invalid-parameter')
      return
    }
    if (request.value.op !== 'request-control' && !this.#isControlled) {
      this.#answer(code, 'not-permitted')
      return
    }
    this.#answer(code, this.#take(request.value))
  }

  #take(request: ControlRequest): ControlResult {
    switch (request.op) {
      case 'request-control':
        this.#isControlled = true
        return 'success'
      case 'reset':
        this.#release()
        this.#say({ op: 'reset' })
        return 'success'
      case 'start-or-resume':
        this.#say({ op: 'started' })
        return 'success'
      case 'stop-or-pause':
        if (request.stopOrPause !== 1 && request.stopOrPause !== 2) return 'invalid-parameter'
        this.#say({ op: 'stopped-or-paused', stopOrPause: request.stopOrPause })
        return 'success'
      case 'set-target-power':
        if (request.powerW < POWER_RANGE.minW || request.powerW > POWER_RANGE.maxW) return 'invalid-parameter'
        this.#set({ mode: 'power', powerW: request.powerW })
        this.#say({ op: 'target-power-changed', powerW: request.powerW })
        return 'success'
      case 'set-simulation': {
        const { gradeFraction, crr, cwKgpm, windMps } = request
        this.#set({ mode: 'simulation', gradeFraction, crr, cwKgpm })
        this.#say({ op: 'simulation-changed', windMps, gradeFraction, crr, cwKgpm })
        return 'success'
      }
      default:
        return 'not-supported'
    }
  }

  #set(target: TrainerTarget): void {
    this.#target = target
    this.#options.onTarget?.(target)
  }

  #release(): void {
    this.#isControlled = false
    this.#target = FLAT
  }

  #answer(requestCode: number, result: ControlResult): void {
    this.peripheral.notify(GATT.controlPoint, encodeControlAnswer(requestCode, result))
  }

  #say(status: MachineStatus): void {
    this.peripheral.notify(GATT.machineStatus, encodeMachineStatus(status))
  }
}

function services() {
  const nothing = new Uint8Array(0)
  const { read, write, notify } = PROPERTY
  // The control point indicates; on this carrier apps look for the bit of notifications.
  const row = (uuid: string, properties: number, value: Uint8Array = nothing) => ({ uuid, properties, value })
  const feature = encodeMachineFeature(['cadence', 'power', 'heart-rate', 'set-power', 'set-simulation'])
  return [
    {
      uuid: GATT.fitnessMachine,
      characteristics: [
        row(GATT.machineFeature, read, feature),
        row(GATT.indoorBikeData, notify),
        row(GATT.resistanceRange, read, encodeResistanceRange({ min: 0, max: 100, step: 1 })),
        row(GATT.powerRange, read, encodePowerRange(POWER_RANGE)),
        row(GATT.controlPoint, write | notify),
        row(GATT.machineStatus, notify),
      ],
    },
    { uuid: GATT.heartRate, characteristics: [row(GATT.heartRateMeasurement, notify)] },
    {
      uuid: GATT.cyclingPower,
      characteristics: [
        row(GATT.powerMeasurement, notify),
        // Bit 3: crank revolutions.
        row(GATT.powerFeature, read, Uint8Array.of(8, 0, 0, 0)),
        // 0: other.
        row(GATT.sensorLocation, read, Uint8Array.of(0)),
      ],
    },
  ]
}
