import { type ControlAnswer, controlCode, type ControlRequest } from './profiles/control-point.ts'

/**
 * What the road wants of the trainer, written so that a trainer bears it: never more than four writes a second, one at a
 * time, the newest wish wins, steps are sloped, an unanswered write is repeated, lost control is asked for again. Time is
 * an argument; who owns the link calls `next` often and sends what it returns.
 */
export type TrainerWish = RoadWish | { readonly targetW: number }

/** The road and the air on it. */
export interface RoadWish {
  readonly gradeFraction: number
  /** Share of the drag alone that shelter leaves; 1, if not said. */
  readonly draftFactor?: number
  /** Wind in the face, m/s; still air, if not said. */
  readonly headwindMps?: number
}

export type ControlState =
  | { readonly state: 'unlinked' }
  | { readonly state: 'asking'; readonly notBeforeMs: number }
  | { readonly state: 'asked'; readonly sentMs: number }
  | { readonly state: 'starting'; readonly sentMs: number | undefined }
  | { readonly state: 'in-control'; readonly pending: Pending | undefined }
  /** The trainer knows no such target: it rides as it is. */
  | { readonly state: 'unsupported' }

interface Pending {
  readonly request: ControlRequest
  readonly sentMs: number
}

export interface ControlOptions {
  /** The share of the road's grade that reaches the legs, 0 … 1. */
  readonly difficulty?: number
  /** Rolling and drag the trainer shall simulate itself, FTMS units: used by trainers for their own speed. */
  readonly crr?: number
  readonly cwKgpm?: number
}

/** Four writes a second: trainers queue what comes faster and fall behind the road. Counted from the answer, so that it holds where the trainer reads, too. */
export const WRITE_GAP_MS = 250
/** A trainer that has not answered by now has lost the write. */
const ANSWER_MS = 2000
const TRIES_MAX = 3
const ASK_AGAIN_MS = 1000
/** An unchanged target is said again now and then, for trainers that fall asleep over it. */
const REPEAT_MS = 10_000
/** Steps of one write: a wall of a road becomes a slope of 16 % in a second, watts rise by 100 in one. */
const GRADE_STEP = 0.04
const POWER_STEP_W = 25
const GRADE_MAX = 0.25
/** Air is told in steps that legs can feel, not in every breath of it: shares of the drag, m/s; one step a write. */
const DRAFT_STEP = 0.05
const WIND_STEP_MPS = 0.5
/** Shelter and wind come and go by no more than this in a write: a wheel is lost in a second, not in a jerk. */
const DRAFT_SLOPE = 0.1
const WIND_SLOPE_MPS = 1
const WIND_MAX_MPS = 30
const TARGET_MAX_W = 2000

export class ControlLoop {
  readonly #difficulty: number
  readonly #crr: number
  readonly #cwKgpm: number
  #state: ControlState = { state: 'unlinked' }
  #wish: TrainerWish | undefined
  /** What the trainer has taken: undefined until it took something. */
  #taken: TrainerWish | undefined
  #takenMs = -Infinity
  /** The last write, or the trainer's answer to it. */
  #lastExchangeMs = -Infinity
  #tries = 0
  #isReleasing = false
  /** Something was asked of this trainer since it was linked; without that there is nothing to take back. */
  #hasWritten = false

  constructor(options: ControlOptions = {}) {
    this.#difficulty = Math.min(Math.max(options.difficulty ?? 1, 0), 1)
    this.#crr = options.crr ?? 0.004
    this.#cwKgpm = options.cwKgpm ?? 0.51
  }

  get state(): ControlState {
    return this.#state
  }
  /** The target the trainer has confirmed. */
  get taken(): TrainerWish | undefined {
    return this.#taken
  }
  /** After `release`: the trainer has confirmed the flat, or there is nothing to take back. */
  get isReleased(): boolean {
    if (!this.#isReleasing) return false
    if (!this.#hasWritten || this.#state.state === 'unlinked' || this.#state.state === 'unsupported') return true
    return this.#taken !== undefined && 'gradeFraction' in this.#taken && isSameRoad(this.#taken, { gradeFraction: 0 })
  }

  linked(atMs: number): void {
    this.#taken = undefined
    this.#tries = 0
    this.#hasWritten = false
    this.#state = { state: 'asking', notBeforeMs: atMs }
  }

  unlinked(): void {
    this.#state = { state: 'unlinked' }
    this.#taken = undefined
  }

  /** The newest wish; an older one that was not yet written is forgotten. Nonsense is not a wish. */
  wish(wish: TrainerWish): void {
    if (this.#isReleasing) return
    if ('gradeFraction' in wish) {
      if (!Number.isFinite(wish.gradeFraction)) return
      const grade = clamp(wish.gradeFraction * this.#difficulty, -GRADE_MAX, GRADE_MAX)
      this.#wish = { gradeFraction: Math.round(grade * 10_000) / 10_000, ...airOf(wish) }
    } else if (Number.isFinite(wish.targetW)) this.#wish = { targetW: Math.round(clamp(wish.targetW, 0, TARGET_MAX_W)) }
  }

  /** The ride is over: the flat, at once. */
  release(): void {
    this.#wish = { gradeFraction: 0 }
    this.#isReleasing = true
  }

  /** The trainer said that control is gone (status FF), or another program took it. */
  controlLost(atMs: number): void {
    if (this.#state.state === 'unlinked') return
    this.#taken = undefined
    this.#state = { state: 'asking', notBeforeMs: atMs }
  }

  answered(answer: ControlAnswer, atMs: number): void {
    const state = this.#state
    this.#lastExchangeMs = atMs
    if (answer.result === 'not-permitted' && state.state !== 'unlinked') {
      this.#taken = undefined
      this.#state = { state: 'asking', notBeforeMs: atMs + (state.state === 'asked' ? ASK_AGAIN_MS : 0) }
    } else if (state.state === 'asked' && answer.requestCode === controlCode('request-control')) {
      this.#tries = 0
      this.#state =
        answer.result === 'success'
          ? { state: 'starting', sentMs: undefined }
          : { state: 'asking', notBeforeMs: atMs + ASK_AGAIN_MS }
    } else if (state.state === 'starting' && answer.requestCode === controlCode('start-or-resume')) {
      // Some trainers refuse to start what runs already; they take targets all the same.
      this.#tries = 0
      this.#state = { state: 'in-control', pending: undefined }
    } else if (state.state === 'in-control' && state.pending !== undefined)
      this.#answeredTarget(state.pending, answer, atMs)
  }

  /** What to write now, if anything. The caller writes it; a write that fails is one that is never answered. */
  next(atMs: number): ControlRequest | undefined {
    if (atMs - this.#lastExchangeMs < WRITE_GAP_MS) return undefined
    this.#expire(atMs)
    const state = this.#state
    switch (state.state) {
      case 'asking':
        if (atMs < state.notBeforeMs) return undefined
        this.#state = { state: 'asked', sentMs: atMs }
        return this.#written({ op: 'request-control' }, atMs)
      case 'starting':
        if (state.sentMs !== undefined) return undefined
        this.#state = { state: 'starting', sentMs: atMs }
        return this.#written({ op: 'start-or-resume' }, atMs)
      case 'in-control': {
        if (state.pending !== undefined) return undefined
        const request = this.#target(atMs)
        if (request === undefined) return undefined
        this.#state = { state: 'in-control', pending: { request, sentMs: atMs } }
        this.#hasWritten = true
        return this.#written(request, atMs)
      }
      default:
        return undefined
    }
  }

  #answeredTarget(pending: Pending, answer: ControlAnswer, atMs: number): void {
    if (answer.requestCode !== controlCode(pending.request.op)) return
    this.#tries = 0
    if (answer.result === 'not-supported') {
      this.#state = { state: 'unsupported' }
      return
    }
    this.#state = { state: 'in-control', pending: undefined }
    if (answer.result !== 'success') return
    this.#takenMs = atMs
    if (pending.request.op === 'set-simulation') this.#taken = this.#roadOf(pending.request)
    if (pending.request.op === 'set-target-power') this.#taken = { targetW: pending.request.powerW }
  }

  #expire(atMs: number): void {
    const state = this.#state
    if (state.state === 'asked' && atMs - state.sentMs >= ANSWER_MS)
      this.#state = { state: 'asking', notBeforeMs: atMs }
    const sentMs =
      state.state === 'starting' ? state.sentMs : state.state === 'in-control' ? state.pending?.sentMs : undefined
    if (sentMs === undefined || atMs - sentMs < ANSWER_MS) return
    this.#tries++
    if (this.#tries >= TRIES_MAX) {
      this.#tries = 0
      this.#taken = undefined
      this.#state = { state: 'asking', notBeforeMs: atMs }
    } else if (state.state === 'starting') this.#state = { state: 'starting', sentMs: undefined }
    else this.#state = { state: 'in-control', pending: undefined }
  }

  #target(atMs: number): ControlRequest | undefined {
    const wish = this.#wish
    if (wish === undefined) return undefined
    const isDue = atMs - this.#takenMs >= REPEAT_MS
    if ('gradeFraction' in wish) {
      const from = this.#taken !== undefined && 'gradeFraction' in this.#taken ? this.#taken : undefined
      if (from !== undefined && !isDue && isSameRoad(from, wish)) return undefined
      const isFree = this.#isReleasing || from === undefined
      return {
        op: 'set-simulation',
        windMps: sloped(from?.headwindMps ?? 0, wish.headwindMps ?? 0, isFree ? Infinity : WIND_SLOPE_MPS, 1000),
        gradeFraction: sloped(from?.gradeFraction ?? 0, wish.gradeFraction, isFree ? Infinity : GRADE_STEP, 10_000),
        crr: this.#crr,
        cwKgpm:
          this.#cwKgpm * sloped(from?.draftFactor ?? 1, wish.draftFactor ?? 1, isFree ? Infinity : DRAFT_SLOPE, 1000),
      }
    }
    const from = this.#taken !== undefined && 'targetW' in this.#taken ? this.#taken.targetW : undefined
    if (from === wish.targetW && !isDue) return undefined
    const powerW = Math.round(
      from === undefined ? wish.targetW : clamp(wish.targetW, from - POWER_STEP_W, from + POWER_STEP_W),
    )
    return { op: 'set-target-power', powerW }
  }

  /** What a trainer that has taken this feels: the road, and of the air what differs from riding alone in still air. */
  #roadOf(request: { readonly gradeFraction: number; readonly cwKgpm: number; readonly windMps: number }): RoadWish {
    const draftFactor = Math.round((request.cwKgpm / this.#cwKgpm) * 1000) / 1000
    const air = airOf({ gradeFraction: 0, draftFactor, headwindMps: request.windMps })
    return { gradeFraction: request.gradeFraction, ...air }
  }

  #written(request: ControlRequest, atMs: number): ControlRequest {
    this.#lastExchangeMs = atMs
    return request
  }
}

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max)

/** The air of a wish in the steps it is told in; what is as if alone in still air is left out. */
function airOf({ draftFactor = 1, headwindMps = 0 }: RoadWish): { draftFactor?: number; headwindMps?: number } {
  const draft = Number.isFinite(draftFactor) ? clamp(DRAFT_STEP * Math.round(draftFactor / DRAFT_STEP), 0.05, 1.2) : 1
  const wind = Number.isFinite(headwindMps) ? WIND_STEP_MPS * Math.round(headwindMps / WIND_STEP_MPS) : 0
  return {
    ...(draft === 1 ? {} : { draftFactor: Math.round(draft * 1000) / 1000 }),
    ...(wind === 0 ? {} : { headwindMps: clamp(wind, -WIND_MAX_MPS, WIND_MAX_MPS) }),
  }
}

function isSameRoad(a: RoadWish, b: RoadWish): boolean {
  return (
    a.gradeFraction === b.gradeFraction &&
    (a.draftFactor ?? 1) === (b.draftFactor ?? 1) &&
    (a.headwindMps ?? 0) === (b.headwindMps ?? 0)
  )
}

/** A step of at most `most` towards the wish, in units of one over `perUnit`. */
function sloped(from: number, wish: number, most: number, perUnit: number): number {
  return Math.round(clamp(wish, from - most, from + most) * perUnit) / perUnit
}
