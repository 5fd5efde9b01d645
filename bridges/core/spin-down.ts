import type { CalibrationEvent, Level, SpinDownFailure } from './devices.ts'
import { LEGS_WORDS, type LegsWords } from './legs-words.ts'
import { type ControlAnswer, type ControlRequest, decodeSpinDownSpeeds } from './profiles/control-point.ts'

/**
 * A spin-down, led by the hand: the trainer is asked, the rider brings the wheel up to a speed, stops, and the time it
 * takes to roll down tells the trainer what its bearings take. The same steps for FTMS (control point 0x13, status 0x14,
 * FTMS 1.0 §4.16.2.20) and FE-C (pages 1 and 2), whose carriers tell them as CalibrationEvents. Every wait has an end.
 *
 *   asking ── accepted ──▶ speeding-up ── fast enough, or told to stop ──▶ coasting ── told ──▶ succeeded | failed
 *     │ refused, 2 s silent       │ 120 s                                    │ 60 s
 *     └──────────▶ failed ◀───────┴──────────────────────────────────────────┘
 */
export type SpinDownState =
  | { readonly state: 'asking'; readonly sinceMs: number }
  | { readonly state: 'speeding-up'; readonly sinceMs: number; readonly targetKmh: SpeedWindow | undefined }
  | { readonly state: 'coasting'; readonly sinceMs: number; readonly targetKmh: SpeedWindow | undefined }
  | { readonly state: 'succeeded'; readonly spinDownMs: number | undefined }
  | { readonly state: 'failed'; readonly why: SpinDownFailure }

export interface SpeedWindow {
  readonly low: number
  readonly high: number
}

export const SPIN_DOWN_START: ControlRequest = { op: 'spin-down', startOrIgnore: 1 }
export const SPIN_DOWN_IGNORE: ControlRequest = { op: 'spin-down', startOrIgnore: 2 }

const ASKED_MS = 2000
const SPEED_UP_MS = 120_000
const COAST_MS = 60_000
/** A trainer that does not say "stop" hears it from us at its own speed, when that was kept so long. */
const FAST_ENOUGH_MS = 1000

export class SpinDown {
  #state: SpinDownState
  #speedKmh: number | undefined
  #fastSinceMs: number | undefined

  readonly #say: LegsWords['spinDown']

  constructor(atMs: number, words: LegsWords['spinDown'] = LEGS_WORDS.spinDown) {
    this.#say = words
    this.#state = { state: 'asking', sinceMs: atMs }
  }

  get state(): SpinDownState {
    return this.#state
  }
  get isOver(): boolean {
    return this.#state.state === 'succeeded' || this.#state.state === 'failed'
  }
  get speedKmh(): number | undefined {
    return this.#speedKmh
  }
  get targetKmh(): SpeedWindow | undefined {
    return 'targetKmh' in this.#state ? this.#state.targetKmh : undefined
  }

  answered(answer: Pick<ControlAnswer, 'result' | 'parameters'>, atMs: number): void {
    if (this.#state.state !== 'asking') return
    if (answer.result === 'not-supported') this.#fail('not-supported')
    else if (answer.result !== 'success') this.#fail('refused')
    else this.#state = { state: 'speeding-up', sinceMs: atMs, targetKmh: windowOf(answer.parameters) }
  }

  told(told: CalibrationEvent, atMs: number): void {
    if (this.isOver) return
    const { targetKmh } = this
    if (told.event === 'success') this.#state = { state: 'succeeded', spinDownMs: told.spinDownMs }
    else if (told.event === 'failure') this.#fail('trainer')
    else if (told.event === 'stop-pedalling') this.#coast(atMs)
    else if (this.#state.state !== 'coasting')
      this.#state = {
        state: 'speeding-up',
        sinceMs: sinceOf(this.#state, atMs),
        targetKmh: told.targetKmh ?? targetKmh,
      }
  }

  rolls(speedMps: number, atMs: number): void {
    this.#speedKmh = speedMps * 3.6
    if (this.#state.state !== 'speeding-up') return
    const high = this.#state.targetKmh?.high
    this.#fastSinceMs = high !== undefined && this.#speedKmh >= high ? (this.#fastSinceMs ?? atMs) : undefined
  }

  gone(): void {
    if (!this.isOver) this.#fail('gone')
  }
  stop(): void {
    if (!this.isOver) this.#fail('stopped')
  }

  /** Call every beat: waits end. */
  step(atMs: number): void {
    const state = this.#state
    if (state.state === 'asking' && atMs - state.sinceMs >= ASKED_MS) this.#fail('no-answer')
    if (state.state === 'speeding-up') {
      if (this.#fastSinceMs !== undefined && atMs - this.#fastSinceMs >= FAST_ENOUGH_MS) this.#coast(atMs)
      else if (atMs - state.sinceMs >= SPEED_UP_MS) this.#fail('slow')
    }
    if (state.state === 'coasting' && atMs - state.sinceMs >= COAST_MS) this.#fail('no-end')
  }

  /** What the rider is to do now. */
  get words(): { readonly level: Level; readonly words: string } {
    const state = this.#state
    switch (state.state) {
      case 'asking':
        return { level: 'working', words: this.#say.asking }
      case 'speeding-up': {
        const kmh = state.targetKmh?.high
        return { level: 'working', words: this.#say.faster(kmh === undefined ? undefined : Math.round(kmh)) }
      }
      case 'coasting':
        return { level: 'working', words: this.#say.coast }
      case 'succeeded': {
        const { spinDownMs } = state
        return { level: 'good', words: this.#say.done(spinDownMs === undefined ? undefined : spinDownMs / 1000) }
      }
      case 'failed':
        return { level: state.why === 'stopped' ? 'working' : 'bad', words: this.#say.failed[state.why] }
    }
  }

  #coast(atMs: number): void {
    if (this.#state.state === 'coasting') return
    this.#state = { state: 'coasting', sinceMs: atMs, targetKmh: this.targetKmh }
  }

  #fail(why: SpinDownFailure): void {
    this.#state = { state: 'failed', why }
  }
}

const sinceOf = (state: SpinDownState, atMs: number): number => (state.state === 'speeding-up' ? state.sinceMs : atMs)

function windowOf(parameters: Uint8Array): SpeedWindow | undefined {
  const got = decodeSpinDownSpeeds(parameters)
  return got.ok && got.value.highKmh > got.value.lowKmh ? { low: got.value.lowKmh, high: got.value.highKmh } : undefined
}
