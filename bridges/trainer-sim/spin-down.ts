/**
 * How a trainer learns what its bearings take: the rider brings the wheel above a speed, stops, and the time it takes to
 * roll down to a lower one says it. FTMS 1.0 §4.16.2.20 (op code 0x13, status 0x14); FE-C pages 1 and 2.
 */
export type SpinDownState =
  | { readonly state: 'idle' }
  /** Pedal until the high speed. */
  | { readonly state: 'accelerate' }
  /** Stop pedalling and let it roll. */
  | { readonly state: 'coast'; readonly sinceS: number }
  | { readonly state: 'passed'; readonly durationS: number }
  | { readonly state: 'failed' }

/** 10 and 30 km/h: 2.78 and 8.33 m/s. */
export const SPIN_DOWN_LOW_MPS = 10 / 3.6
export const SPIN_DOWN_HIGH_MPS = 30 / 3.6
/** Nobody reached the speed in time; or nobody stopped. */
const GIVE_UP_S = 120
/** A known brake, so that a coast takes seconds and not minutes. */
const BRAKE_N = 12
/** Legs that go on so long after they were told to stop spoil it. */
const STOP_WITHIN_S = 5
/** A coast further than this from what a sound trainer takes is no measurement. */
const SHORTEST = 0.5
const LONGEST = 2

interface SpinDownBody {
  readonly rollingKg: number
  /** What sound, warm bearings take. */
  lossNAt(speedMps: number): number
}

export class SpinDown {
  readonly #body: SpinDownBody
  #state: SpinDownState = { state: 'idle' }
  #startedS = 0
  /** When the wheel, not driven, last passed the high speed. */
  #coastsFromS: number | undefined

  constructor(body: SpinDownBody) {
    this.#body = body
  }

  get state(): SpinDownState {
    return this.#state
  }
  get isCoasting(): boolean {
    return this.#state.state === 'coast'
  }
  get brakeN(): number {
    return BRAKE_N
  }

  /** How long a sound trainer coasts from the high speed to the low one: ∫ m dv / F(v). */
  get expectedS(): number {
    let seconds = 0
    const steps = 100
    const widthMps = (SPIN_DOWN_HIGH_MPS - SPIN_DOWN_LOW_MPS) / steps
    for (let i = 0; i < steps; i++) {
      const v = SPIN_DOWN_LOW_MPS + (i + 0.5) * widthMps
      seconds += (this.#body.rollingKg * widthMps) / (BRAKE_N + this.#body.lossNAt(v))
    }
    return seconds
  }

  start(atS: number): void {
    this.#startedS = atS
    this.#coastsFromS = undefined
    this.#state = { state: 'accelerate' }
  }

  ignore(): void {
    this.#state = { state: 'idle' }
  }

  /** True when it has just passed. */
  step(now: { readonly atS: number; readonly speedMps: number; readonly isDriving: boolean }): boolean {
    const { atS, speedMps, isDriving } = now
    const state = this.#state
    if (state.state !== 'accelerate' && state.state !== 'coast') return false
    if (atS - this.#startedS > GIVE_UP_S) return this.fail()
    if (state.state === 'accelerate') {
      if (speedMps >= SPIN_DOWN_HIGH_MPS) this.#state = { state: 'coast', sinceS: atS }
      return false
    }
    if (isDriving) {
      if (atS - state.sinceS > STOP_WITHIN_S) return this.fail()
      // Still at the high speed: the clock starts when the legs stop.
      this.#coastsFromS = undefined
      return false
    }
    if (speedMps > SPIN_DOWN_HIGH_MPS) return false
    this.#coastsFromS ??= atS
    if (speedMps > SPIN_DOWN_LOW_MPS) return false
    const durationS = atS - this.#coastsFromS
    const share = durationS / this.expectedS
    if (share < SHORTEST || share > LONGEST) return this.fail()
    this.#state = { state: 'passed', durationS }
    return true
  }

  /** It is no measurement, whatever came of it. */
  fail(): false {
    this.#state = { state: 'failed' }
    return false
  }
}
