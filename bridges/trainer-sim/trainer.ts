import { decodeControlRequest, encodeControlAnswer } from '../core/profiles/control-point.ts'
import { encodeCyclingPower } from '../core/profiles/cycling-power.ts'
import { encodeHeartRate } from '../core/profiles/heart-rate.ts'
import { encodeIndoorBikeData, type IndoorBikeData } from '../core/profiles/indoor-bike-data.ts'
import { encodeMachineStatus } from '../core/profiles/machine-status.ts'
import { encodeSpeedCadence } from '../core/profiles/speed-cadence.ts'
import { TACX_GATT } from '../core/profiles/tacx.ts'
import { GATT } from '../core/gatt.ts'
import { GattPeripheral } from '../gatt-peripheral.ts'
import { ControlDesk, type DeskAnswer } from './control-desk.ts'
import { type Fault, Faults, specOf } from './faults.ts'
import { Flywheel } from './flywheel.ts'
import type { LegsModel } from './legs-models.ts'
import { POWER_RANGE, type Profile, PROFILES, servicesOf } from './services.ts'
import { FLAT, TrainerModel, type TrainerSpec, type TrainerTarget } from './trainer-model.ts'

export type { TrainerTarget } from './trainer-model.ts'

/** What the legs on this trainer do now, as recorded. */
export interface Legs {
  readonly powerW: number
  readonly cadenceRpm?: number | undefined
  readonly heartRateBpm?: number | undefined
  /** As recorded; without it the flywheel says. */
  readonly speedMps?: number | undefined
}

/** One report, before a carrier makes bytes of it. */
export interface Report {
  readonly powerW: number
  readonly cadenceRpm?: number | undefined
  readonly heartRateBpm?: number | undefined
  readonly speedMps: number
  readonly sinceS: number
}

export interface TrainerOptions {
  readonly massKg?: number
  readonly spec?: Partial<TrainerSpec>
  readonly faults?: readonly Fault[]
  readonly speaks?: readonly Profile[]
  readonly seed?: number
  /** An app set a target; for the line that the command prints, and for tests. */
  readonly onTarget?: (target: TrainerTarget) => void
}

const REPORT_S = 0.25
const SPIKE_EVERY = 40

/**
 * One trainer, speaking the bytes a real one speaks, with whatever is wrong with it. It knows neither its carrier nor the time:
 * it is told both. `step` rides it with legs that feel it; `show` says what legs of a recording did.
 */
export class SimulatedTrainer {
  readonly peripheral: GattPeripheral
  readonly model: TrainerModel
  readonly desk: ControlDesk
  readonly faults: Faults
  /** Who makes bytes of their own of each report: ANT pages. */
  readonly listeners = new Set<(report: Report) => void>()
  /** Set by whoever speaks FE-C over Bluetooth. */
  onTacxWrite: ((bytes: Uint8Array) => void) | undefined
  readonly #flywheel: Flywheel
  #crankTurns = 0
  #crankTime1024 = 0
  #shown: Report | undefined
  #reportDueS = 0
  #reports = 0
  #lastTurns = 0
  /** Sent when the trainer's own time has come to `dueS`. */
  #held: { readonly dueS: number; readonly send: () => void }[] = []

  constructor(options: TrainerOptions = {}) {
    const seed = options.seed ?? 1
    const massKg = options.massKg ?? 83
    this.faults = new Faults(options.faults ?? [], seed)
    this.model = new TrainerModel({ massKg, seed, ...specOf(this.faults), ...options.spec })
    this.#flywheel = new Flywheel(massKg)
    this.peripheral = new GattPeripheral(servicesOf(options.speaks ?? PROFILES, this.faults))
    this.desk = new ControlDesk({
      model: this.model,
      powerRange: POWER_RANGE,
      keepsTarget: this.faults.ever('keeps-target') !== undefined,
      spinDownFails: this.faults.ever('spin-down-fails') !== undefined,
      ...(options.onTarget === undefined ? {} : { onTarget: options.onTarget }),
      onStatus: (status, to) => this.#send(GATT.machineStatus, encodeMachineStatus(status), to),
    })
    this.peripheral.onWrite = (uuid, bytes, client) => {
      if (uuid === GATT.controlPoint) this.#control(bytes, client)
      if (uuid === TACX_GATT.write) this.onTacxWrite?.(bytes)
    }
    this.peripheral.onLeft = (client) => this.desk.left(client)
  }

  get target(): TrainerTarget {
    return this.model.target
  }
  get isControlled(): boolean {
    return this.desk.isControlled
  }

  /** Time passes under legs that feel the trainer; a report every quarter of a second of it. */
  step(legs: LegsModel, seconds: number): void {
    const endS = this.model.atS + seconds
    while (this.model.atS < endS - 1e-9) {
      const untilS = Math.min(this.#reportDueS, endS)
      if (untilS > this.model.atS) this.model.step(legs, untilS - this.model.atS)
      this.#passed(this.model.atS)
      if (this.model.atS >= this.#reportDueS - 1e-9) {
        this.#reportDueS += REPORT_S
        const { reportedW, reportedRpm, heartRateBpm, speedMps, crankTurns } = this.model.report()
        const turns = crankTurns - this.#lastTurns
        this.#lastTurns = crankTurns
        const cadenceRpm = Math.round(reportedRpm * 2) / 2
        const report = { powerW: Math.round(reportedW), cadenceRpm, heartRateBpm: Math.round(heartRateBpm), speedMps }
        this.#report({ ...report, sinceS: REPORT_S }, turns)
      }
    }
  }

  /** Says what the legs did for the last `sinceS`. Heart first, so that the watts find it known. */
  show(legs: Legs, sinceS: number): void {
    const { target } = this
    const load = target.mode === 'simulation' ? target : FLAT
    this.#flywheel.roll({ ...load, powerW: legs.powerW }, sinceS)
    if (legs.speedMps !== undefined) this.#flywheel.speedMps = legs.speedMps
    this.#passed(this.faults.atS + sinceS)
    this.#report({ ...legs, speedMps: this.#flywheel.speedMps, sinceS }, ((legs.cadenceRpm ?? 0) / 60) * sinceS)
  }

  /** Takes control away, as a trainer does when another app asks it to. */
  loseControl(): void {
    this.desk.loseControl()
  }

  #passed(atS: number): void {
    this.faults.atS = atS
    this.peripheral.presence = this.faults.has('disconnect') ? 'away' : this.faults.has('mute') ? 'mute' : 'here'
    if (this.faults.strikes('control-lost')) this.desk.loseControl()
    this.desk.watch()
    const due = this.#held.filter((held) => held.dueS <= atS)
    if (due.length === 0) return
    this.#held = this.#held.filter((held) => held.dueS > atS)
    for (const held of due) held.send()
  }

  #report(report: Report, turns: number): void {
    this.#reports++
    const shown = this.#withFaults(report)
    this.#shown = shown
    const { faults } = this
    const isStill = faults.has('stuck') || faults.has('frozen')
    this.#turnCrank(isStill ? 0 : turns, shown.cadenceRpm ?? 0)
    if (faults.has('dropout')) return
    for (const listener of this.listeners) listener(shown)
    const { heartRateBpm } = shown
    if (heartRateBpm !== undefined)
      this.#send(GATT.heartRateMeasurement, encodeHeartRate({ heartRateBpm, contact: 'detected', rr1024: [] }))
    this.#sendBike(shown)
    const crank = {
      crankRevolutions: Math.floor(this.#crankTurns) & 0xffff,
      crankTime1024: Math.floor(this.#crankTime1024) & 0xffff,
    }
    const hasCrank = !faults.has('no-cadence')
    this.#send(GATT.powerMeasurement, encodeCyclingPower({ powerW: shown.powerW, ...(hasCrank ? crank : {}) }))
    this.#send(GATT.speedCadenceMeasurement, encodeSpeedCadence(crank))
  }

  #withFaults(report: Report): Report {
    const { faults } = this
    const before = this.#shown
    if (before !== undefined && faults.has('frozen')) return { ...before, sinceS: report.sinceS }
    if (before !== undefined && faults.has('stuck'))
      return { ...report, powerW: before.powerW, speedMps: before.speedMps, cadenceRpm: 0 }
    const spikeW = this.#reports % SPIKE_EVERY === 0 ? faults.value('spike') : undefined
    return {
      ...report,
      powerW: spikeW ?? report.powerW,
      cadenceRpm: faults.has('no-cadence') ? undefined : report.cadenceRpm,
      heartRateBpm: faults.has('heart-zero') ? 0 : report.heartRateBpm,
    }
  }

  #sendBike({ powerW, cadenceRpm, heartRateBpm, speedMps }: Report): void {
    const { faults } = this
    const speedKmh = speedMps * 3.6
    const cadence = cadenceRpm === undefined ? {} : { cadenceRpm }
    const heart = heartRateBpm === undefined ? {} : { heartRateBpm }
    const share = this.target.mode === 'resistance' ? this.target.share : 0
    const resistance: IndoorBikeData = faults.has('resistance-u8')
      ? { resistanceRawU8: Math.round(share * 100) }
      : faults.has('resistance-s16')
        ? { resistanceLevel: Math.round(share * 100) }
        : {}
    if (faults.has('more-data')) {
      // The first part says that speed is still to come; the last one has it.
      this.#send(GATT.indoorBikeData, encodeIndoorBikeData({ ...cadence, ...resistance, powerW }))
      this.#send(GATT.indoorBikeData, encodeIndoorBikeData({ speedKmh, ...heart }))
    } else
      this.#send(GATT.indoorBikeData, encodeIndoorBikeData({ speedKmh, ...cadence, ...resistance, powerW, ...heart }))
  }

  /** Whole turns, and the moment of the last one, as a crank sensor counts. */
  #turnCrank(turns: number, cadenceRpm: number): void {
    if (turns <= 0 || cadenceRpm <= 0) return
    const before = this.#crankTurns
    this.#crankTurns += turns
    const whole = Math.floor(this.#crankTurns) - Math.floor(before)
    this.#crankTime1024 += (whole * 60 * 1024) / cadenceRpm
  }

  #control(bytes: Uint8Array, client: number): void {
    const request = decodeControlRequest(bytes)
    const code = bytes[0] ?? 0
    const answer = request.ok
      ? this.#taken(request.value, client)
      : { result: request.error === 'unknown-kind' ? ('not-supported' as const) : ('invalid-parameter' as const) }
    if (this.faults.has('no-answers')) return
    const send = (): void =>
      this.peripheral.notify(GATT.controlPoint, encodeControlAnswer(code, answer.result, answer.parameters), {
        only: client,
      })
    const lateS = this.faults.value('slow-answers')
    if (lateS === undefined) send()
    else this.#held.push({ dueS: this.faults.atS + lateS, send })
  }

  #taken(request: Parameters<ControlDesk['take']>[0], client: number): DeskAnswer {
    const { faults } = this
    if (request.op === 'request-control' && faults.has('refuse-control')) return { result: 'not-permitted' }
    if (request.op === 'start-or-resume' && faults.has('refuse-start')) return { result: 'failed' }
    if (request.op === 'set-simulation' && faults.has('refuse-sim')) return { result: 'not-supported' }
    if (request.op === 'set-target-power' && faults.has('refuse-erg')) return { result: 'not-supported' }
    if (request.op === 'spin-down' && faults.has('no-spin-down')) return { result: 'not-supported' }
    return this.desk.take(request, client)
  }

  /** A notification through everything that may become of it on its way. */
  #send(uuid: string, bytes: Uint8Array, to: { readonly only?: number } = {}): void {
    const { faults } = this
    if (faults.hits('lossy')) return
    const times = faults.hits('duplicates') ? 2 : 1
    const send = (): void => {
      for (let i = 0; i < times; i++) this.peripheral.notify(uuid, bytes, to)
    }
    const everyS = faults.value('bursts')
    if (everyS === undefined || everyS <= 0) send()
    else this.#held.push({ dueS: (Math.floor(faults.atS / everyS) + 1) * everyS, send })
  }
}
