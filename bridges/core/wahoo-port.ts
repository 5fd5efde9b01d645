import { type BridgeClock, inTime } from './clock.ts'
import { MASS_KG } from './felt-force.ts'
import { type ControlAnswer, controlCode, type ControlRequest, type ControlResult } from './profiles/control-point.ts'
import {
  decodeWahooAnswer,
  encodeWahooRequest,
  WAHOO_UNLOCK,
  type WahooAnswer,
  wahooCode,
  type WahooRequest,
} from './profiles/wahoo.ts'

export interface WahooPortOptions {
  readonly clock: BridgeClock
  readonly write: (bytes: Uint8Array) => Promise<boolean>
  readonly onAnswer: (answer: ControlAnswer, atMs: number) => void
}

/** Each step is waited for so long: some trainers never answer some of them. Three make 1.5 s, less than whoever asked waits. */
const STEP_MS = 500

/**
 * The Wahoo trainer extension, told in the canonical language (FTMS): an unlock stands for control, a road is three steps
 * (what rolls and drags, the grade, the wind), of which only what has changed is written. A step that is not answered has
 * been taken, for the link has acknowledged it; one that is never answered is not waited for again.
 */
export class WahooPort {
  readonly #options: WahooPortOptions
  /** What was written last, by its kind. */
  readonly #told = new Map<WahooRequest['op'], string>()
  readonly #mute = new Set<WahooRequest['op']>()
  #awaited: { readonly code: number; readonly done: (answer: WahooAnswer) => void } | undefined
  #turn = 0

  constructor(options: WahooPortOptions) {
    this.#options = options
  }

  take(bytes: Uint8Array): void {
    const got = decodeWahooAnswer(bytes)
    if (got.ok && got.value.requestCode === this.#awaited?.code) this.#awaited.done(got.value)
  }

  async send(request: ControlRequest): Promise<void> {
    const turn = ++this.#turn
    const plan = planOf(request)
    let result: ControlResult | undefined = plan === undefined ? 'not-supported' : 'success'
    for (const step of plan ?? []) {
      result = await this.#step(step)
      // Something newer was asked meanwhile; or the link did not take it: no answer is the answer.
      if (turn !== this.#turn || result === undefined) return
      if (result !== 'success') break
    }
    const { clock, onAnswer } = this.#options
    onAnswer({ requestCode: controlCode(request.op), result, parameters: new Uint8Array(0) }, clock.nowMs())
  }

  async #step(step: WahooRequest): Promise<ControlResult | undefined> {
    const bytes = encodeWahooRequest(step)
    const isPart = step.op === 'set-simulation' || step.op === 'set-wind'
    if (isPart && this.#told.get(step.op) === bytes.toString()) return 'success'
    const answered = Promise.withResolvers<WahooAnswer>()
    this.#awaited = { code: wahooCode(step.op), done: answered.resolve }
    if (!(await this.#options.write(bytes))) return undefined
    // Another mode forgets the road: it is told whole again.
    if (!isPart && step.op !== 'set-grade') this.#told.clear()
    this.#told.set(step.op, bytes.toString())
    if (this.#mute.has(step.op)) return 'success'
    const answer = await inTime(this.#options.clock, STEP_MS, answered.promise)
    if (answer === undefined) this.#mute.add(step.op)
    return answer === undefined || answer.isOk ? 'success' : 'failed'
  }
}

/** `undefined`: this language has no word for it. */
function planOf(request: ControlRequest): readonly WahooRequest[] | undefined {
  switch (request.op) {
    case 'request-control':
      return [WAHOO_UNLOCK]
    case 'start-or-resume':
      return []
    case 'reset':
    case 'stop-or-pause':
      return [{ op: 'set-grade', gradeFraction: 0 }]
    case 'set-target-power':
      return [{ op: 'set-power', powerW: Math.max(request.powerW, 0) }]
    case 'set-target-resistance':
      return [{ op: 'set-resistance', share: Math.min(Math.max(request.resistanceLevel / 100, 0), 1) }]
    case 'set-simulation': {
      const { gradeFraction, crr, cwKgpm, windMps } = request
      return [
        { op: 'set-simulation', weightKg: MASS_KG, crr, cw: cwKgpm },
        { op: 'set-grade', gradeFraction: Math.min(Math.max(gradeFraction, -1), 1) },
        { op: 'set-wind', windMps },
      ]
    }
    default:
      return undefined
  }
}
