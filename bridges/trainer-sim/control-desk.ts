import { ByteWriter } from '../core/bytes.ts'
import type { ControlRequest, ControlResult } from '../core/profiles/control-point.ts'
import { type MachineStatus, SPIN_DOWN_STATUS } from '../core/profiles/machine-status.ts'
import { SPIN_DOWN_HIGH_MPS, SPIN_DOWN_LOW_MPS, type SpinDownState } from './spin-down.ts'
import { FLAT, type TrainerModel, type TrainerTarget } from './trainer-model.ts'

/** An app at the trainer, as its carrier numbers them. */
export type Client = number

export interface DeskEvents {
  /** A target was set, by whoever; the flat when it was let go. */
  onTarget?(target: TrainerTarget): void
  /** For everybody, or for `only`. */
  onStatus?(status: MachineStatus, to: { readonly only?: Client }): void
}

export interface DeskOptions extends DeskEvents {
  readonly model: TrainerModel
  readonly powerRange: { readonly minW: number; readonly maxW: number }
  /** No spin-down ever passes. */
  readonly spinDownFails?: boolean
  /** Holds what was set last when its app is gone, as many trainers do; else it lets go. */
  readonly keepsTarget?: boolean
}

export interface DeskAnswer {
  readonly result: ControlResult
  readonly parameters?: Uint8Array
}

const RESISTANCE_MAX = 100
/** Steeper roads are ridden as this one. */
const GRADE_MAX = 0.25

/**
 * Who may say what the trainer does, in the words of FTMS (1.0 §4.16). One app has control; the next that asks takes it over
 * and the one before hears that it is lost. Knows no bytes: FTMS and FE-C both come to it.
 */
export class ControlDesk {
  readonly #options: DeskOptions
  #controller: Client | undefined
  #spinDown: SpinDownState['state'] = 'idle'

  constructor(options: DeskOptions) {
    this.#options = options
  }

  get isControlled(): boolean {
    return this.#controller !== undefined
  }
  get controller(): Client | undefined {
    return this.#controller
  }

  take(request: ControlRequest, client: Client): DeskAnswer {
    if (request.op === 'request-control') return this.#control(client)
    if (client !== this.#controller) return { result: 'not-permitted' }
    return this.obey(request)
  }

  /** The same without asking who: FE-C has no control to ask for. */
  obey(request: ControlRequest): DeskAnswer {
    const { model, powerRange } = this.#options
    switch (request.op) {
      case 'reset':
        this.#letGo()
        this.#say({ op: 'reset' })
        return { result: 'success' }
      case 'start-or-resume':
        this.#say({ op: 'started' })
        return { result: 'success' }
      case 'stop-or-pause': {
        const { stopOrPause } = request
        if (stopOrPause !== 1 && stopOrPause !== 2) return { result: 'invalid-parameter' }
        this.#say({ op: 'stopped-or-paused', stopOrPause })
        return { result: 'success' }
      }
      case 'set-target-power': {
        const { powerW } = request
        if (powerW < powerRange.minW || powerW > powerRange.maxW) return { result: 'invalid-parameter' }
        this.#set({ mode: 'power', powerW })
        this.#say({ op: 'target-power-changed', powerW })
        return { result: 'success' }
      }
      case 'set-target-resistance': {
        const { resistanceLevel } = request
        if (resistanceLevel < 0 || resistanceLevel > RESISTANCE_MAX) return { result: 'invalid-parameter' }
        this.#set({ mode: 'resistance', share: resistanceLevel / RESISTANCE_MAX })
        this.#say({ op: 'target-resistance-changed', resistanceLevel })
        return { result: 'success' }
      }
      case 'set-simulation': {
        const { gradeFraction, crr, cwKgpm, windMps } = request
        const held = Math.min(Math.max(gradeFraction, -GRADE_MAX), GRADE_MAX)
        this.#set({ mode: 'simulation', gradeFraction: held, crr, cwKgpm, ...(windMps === 0 ? {} : { windMps }) })
        this.#say({ op: 'simulation-changed', windMps, gradeFraction, crr, cwKgpm })
        return { result: 'success' }
      }
      case 'spin-down': {
        if (request.startOrIgnore === 2) {
          model.ignoreSpinDown()
          return { result: 'success' }
        }
        if (request.startOrIgnore !== 1) return { result: 'invalid-parameter' }
        model.startSpinDown()
        const kmh = (mps: number): number => mps * 3.6 * 100
        const parameters = new ByteWriter()
          .write('u16', kmh(SPIN_DOWN_LOW_MPS))
          .write('u16', kmh(SPIN_DOWN_HIGH_MPS))
          .bytes()
        return { result: 'success', parameters }
      }
      default:
        return { result: 'not-supported' }
    }
  }

  /** Call after each step: says what became of a spin-down. */
  watch(): void {
    const { model, spinDownFails } = this.#options
    if (spinDownFails === true && model.spinDown.state === 'coast') model.failSpinDown()
    const { state } = model.spinDown
    if (state === this.#spinDown) return
    this.#spinDown = state
    const { requested, stopPedalling, success, error } = SPIN_DOWN_STATUS
    const code = { idle: undefined, accelerate: requested, coast: stopPedalling, passed: success, failed: error }[state]
    if (code !== undefined) this.#say({ op: 'spin-down', spinDown: code })
  }

  /** Takes control away, as another app on another carrier does. */
  loseControl(): void {
    const lost = this.#controller
    this.#controller = undefined
    if (lost !== undefined) this.#options.onStatus?.({ op: 'control-lost' }, { only: lost })
  }

  /** An app is gone. What it had set goes with it. */
  left(client: Client): void {
    if (client !== this.#controller) return
    if (this.#options.keepsTarget === true) this.#controller = undefined
    else this.#letGo()
  }

  #control(client: Client): DeskAnswer {
    const before = this.#controller
    this.#controller = client
    if (before !== undefined && before !== client) this.#options.onStatus?.({ op: 'control-lost' }, { only: before })
    return { result: 'success' }
  }

  #letGo(): void {
    this.#controller = undefined
    this.#set(FLAT)
  }

  #set(target: TrainerTarget): void {
    this.#options.model.target = target
    this.#options.onTarget?.(target)
  }

  #say(status: MachineStatus): void {
    this.#options.onStatus?.(status, {})
  }
}
