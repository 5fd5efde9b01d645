import type { DeviceLink, DeviceSink, TrainerPort } from '../core/devices.ts'
import { controlCode, type ControlRequest } from '../core/profiles/control-point.ts'
import { ControlDesk } from './control-desk.ts'
import type { LegsModel } from './legs-models.ts'
import { SPIN_DOWN_HIGH_MPS, SPIN_DOWN_LOW_MPS } from './spin-down.ts'
import { TrainerModel, type TrainerSpec, type TrainerState } from './trainer-model.ts'

export interface ModelLinkOptions {
  readonly legs: LegsModel
  readonly spec?: Partial<TrainerSpec>
  readonly id?: string
  readonly name?: string
  /** Between a request and its answer. */
  readonly answerS?: number
  /** Between two reports. */
  readonly reportS?: number
  /** Requests this trainer refuses, or answers never: `undefined`. */
  readonly answers?: (request: ControlRequest) => 'as it is' | 'never'
}

const APP = 1
/** By the number in the status of FTMS (§4.17, op code 0x14). */
const SPIN_DOWN_EVENTS = [undefined, 'speed-up', 'success', 'failure', 'stop-pedalling'] as const
type SpinDownEvent = Exclude<(typeof SPIN_DOWN_EVENTS)[number], undefined>

interface CalibratingSink extends DeviceSink {
  calibration?(
    event: {
      readonly event: SpinDownEvent
      readonly targetKmh?: { readonly low: number; readonly high: number }
      readonly spinDownMs?: number
    },
    atMs: number,
  ): void
}

/**
 * A trainer and its rider as a link, without bytes, sockets or a clock: the law of the loop meets the physics here. `step`
 * lets time pass; requests sent meanwhile are answered in it. `meter` is an exact power meter on the same cranks.
 */
export class ModelLink {
  readonly model: TrainerModel
  readonly desk: ControlDesk
  readonly link: DeviceLink
  readonly meter: DeviceLink
  legs: LegsModel
  readonly #options: ModelLinkOptions
  readonly #waiting: { readonly request: ControlRequest; readonly dueS: number }[] = []
  #sink: CalibratingSink | undefined
  #meterSink: DeviceSink | undefined
  #nowS = 0
  #reportDueS = 0

  constructor(options: ModelLinkOptions) {
    this.#options = options
    this.legs = options.legs
    this.model = new TrainerModel(options.spec)
    const powerRange = { minW: 0, maxW: this.model.spec.powerMaxW }
    this.desk = new ControlDesk({
      model: this.model,
      powerRange,
      onStatus: (status) => {
        if (status.op === 'control-lost') this.#sink?.controlLost(this.#nowS * 1000)
        const event = status.op === 'spin-down' ? SPIN_DOWN_EVENTS[status.spinDown] : undefined
        if (event !== undefined) this.#sink?.calibration?.({ event, ...this.#about(event) }, this.#nowS * 1000)
      },
    })
    const trainer: TrainerPort = {
      abilities: {
        ...{ simulation: true, power: true, resistance: true, spinDown: true },
        powerRangeW: { min: powerRange.minW, max: powerRange.maxW },
        resistanceRange: { min: 0, max: 100 },
      },
      send: (request) => {
        this.#waiting.push({ request, dueS: this.#nowS + (options.answerS ?? 0.03) })
      },
    }
    const id = options.id ?? 'simulated:1'
    const name = options.name ?? 'simulated trainer'
    this.link = {
      ...{ id, name, carrier: 'simulated', source: 'trainer', trainer },
      start: (sink) => (this.#sink = sink),
      close: () => this.drop(),
    }
    this.meter = {
      ...{ id: `${id}:meter`, name: `${name}'s cranks`, carrier: 'simulated', source: 'power-meter' },
      start: (sink) => (this.#meterSink = sink),
      close: () => (this.#meterSink = undefined),
    }
  }

  /** Time passes, `seconds` of it, in the model and for whoever listens: `#nowS` is theirs too, from 0. */
  step(seconds: number): TrainerState {
    while (this.#waiting.length > 0 && this.#waiting[0]!.dueS <= this.#nowS)
      this.#answer(this.#waiting.shift()!.request)
    this.model.step(this.legs, seconds)
    this.desk.watch()
    this.#nowS += seconds
    const state = this.model.report()
    if (this.#nowS >= this.#reportDueS - 1e-9) {
      this.#reportDueS += this.#options.reportS ?? 0.25
      this.#report(state)
    }
    return state
  }

  /** The link is gone, as when a cable is pulled. `link` may be started again. */
  drop(): void {
    const sink = this.#sink
    this.#sink = undefined
    this.#waiting.length = 0
    this.desk.left(APP)
    sink?.gone()
  }

  #answer(request: ControlRequest): void {
    if (this.#options.answers?.(request) === 'never') return
    const { result, parameters } = this.desk.take(request, APP)
    const answer = { requestCode: controlCode(request.op), result, parameters: parameters ?? new Uint8Array(0) }
    this.#sink?.answered(answer, this.#nowS * 1000)
  }

  #about(event: SpinDownEvent) {
    if (event === 'speed-up') return { targetKmh: { low: SPIN_DOWN_LOW_MPS * 3.6, high: SPIN_DOWN_HIGH_MPS * 3.6 } }
    const { spinDown } = this.model.report()
    return spinDown.state === 'passed' ? { spinDownMs: Math.round(spinDown.durationS * 1000) } : {}
  }

  #report(state: TrainerState): void {
    const atMs = this.#nowS * 1000
    const powerW = Math.round(state.reportedW)
    const cadenceRpm = Math.round(state.reportedRpm * 2) / 2
    const { speedMps } = state
    this.#sink?.reading(
      { source: 'trainer', powerW, cadenceRpm, heartRateBpm: Math.round(state.heartRateBpm), speedMps },
      atMs,
    )
    this.#meterSink?.reading(
      { source: 'power-meter', powerW: Math.round(state.legsW), cadenceRpm: Math.round(state.cadenceRpm) },
      atMs,
    )
  }
}
