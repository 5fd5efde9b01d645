import { type ControlAnswer, controlCode, type ControlRequest } from './profiles/control-point.ts'
import {
  isFarWish,
  isSameWish,
  type RoadWish,
  saneWish,
  sloped,
  type TrainerWish,
  wishKind,
  wishNumber,
  wishOfRequest,
} from './trainer-wish.ts'
import { type Haste, WriteBudget } from './write-budget.ts'

export type { RoadWish, TrainerWish } from './trainer-wish.ts'

export interface WishOptions {
  /** Where slopes begin when the trainer does something else now: what legs feel already. Without it the wish is a step. */
  readonly from?: number | undefined
  /** A shift: legs asked for it, and wait for it. */
  readonly isAtOnce?: boolean
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
  /** Rolling and drag the trainer shall simulate itself, FTMS units: used by trainers for their own speed. */
  readonly crr?: number
  readonly cwKgpm?: number
}

/** What the last command came to, where it came to nothing. */
export type ControlTrouble = 'no-answer' | 'refused' | 'not-supported'

/** A trainer that has not answered by now has lost the write; with the beat of who calls, below two seconds. */
export const ANSWER_MS = 1800
const TRIES_MAX = 3
const ASK_AGAIN_MS = 1000
/** What a trainer refused is said again after this. */
const REFUSED_MS = 1000
/** An unchanged target is said again now and then, for trainers that fall asleep over it. */
const REPEAT_MS = 10_000
/** Control that comes back within this finds the legs where they were. */
const REMEMBERED_MS = 10_000
/** Steps of one write: a wall of a road becomes a slope of 16 % in a second, watts rise by 100 in one. */
const GRADE_STEP = 0.04
const POWER_STEP_W = 25
const RESISTANCE_STEP = 10
/** Shelter and wind come and go by no more than this in a write: a wheel is lost in a second, not in a jerk. */
const DRAFT_SLOPE = 0.1
const WIND_SLOPE_MPS = 1

/**
 * What the trainer is to feel, written so that a trainer bears it: rarely enough (write-budget.ts), one at a time, the
 * newest wish wins, steps are sloped, an unanswered write is repeated, lost control is asked for again and the last target
 * with it. Time is an argument; who owns the link calls `next` often and sends what it returns.
 */
export class ControlLoop {
  readonly #crr: number
  readonly #cwKgpm: number
  readonly #budget = new WriteBudget()
  #state: ControlState = { state: 'unlinked' }
  #wish: TrainerWish | undefined
  #from: number | undefined
  #isAtOnce = false
  /** What the trainer has taken: undefined until it took something. */
  #taken: TrainerWish | undefined
  #takenMs = -Infinity
  /** The same, kept when control is lost. */
  #remembered: TrainerWish | undefined
  #notBeforeMs = -Infinity
  #tries = 0
  #isReleasing = false
  /** Something was asked of this trainer since it was linked; without that there is nothing to take back. */
  #hasWritten = false
  #extra: ControlRequest | undefined
  #isPaused = false
  #trouble: ControlTrouble | undefined

  constructor(options: ControlOptions = {}) {
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
  /** What it is on the way to. */
  get wished(): TrainerWish | undefined {
    return this.#wish
  }
  /** Every command is answered within two seconds, or this says what is wrong. */
  get trouble(): ControlTrouble | undefined {
    return this.#trouble
  }
  /** The rolling and drag that is told where nothing changes it. */
  get air(): { readonly crr: number; readonly cwKgpm: number } {
    return { crr: this.#crr, cwKgpm: this.#cwKgpm }
  }
  /** After `release`: the trainer has confirmed the flat, or there is nothing to take back. */
  get isReleased(): boolean {
    if (!this.#isReleasing) return false
    if (!this.#hasWritten || this.#state.state === 'unlinked' || this.#state.state === 'unsupported') return true
    return this.#taken !== undefined && this.#wish !== undefined && isSameWish(this.#taken, this.#wish)
  }

  /** No target is written, for something else is going on. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  linked(atMs: number): void {
    this.#taken = undefined
    this.#tries = 0
    this.#hasWritten = false
    this.#trouble = undefined
    this.#state = { state: 'asking', notBeforeMs: atMs }
  }

  unlinked(): void {
    this.#state = { state: 'unlinked' }
    this.#taken = undefined
    this.#extra = undefined
    this.#isPaused = false
  }

  /** The newest wish; an older one that was not yet written is forgotten. Nonsense is not a wish. */
  wish(wish: TrainerWish, { from, isAtOnce = false }: WishOptions = {}): void {
    if (this.#isReleasing) return
    const sane = saneWish(wish)
    if (sane === undefined) return
    const isOtherKind = this.#wish === undefined || wishKind(this.#wish) !== wishKind(sane)
    if (isOtherKind) this.#from = from
    if (isAtOnce) this.#isAtOnce = true
    this.#wish = sane
    if (isOtherKind && this.#state.state === 'unsupported') this.#state = { state: 'in-control', pending: undefined }
  }

  /** One request beside the targets, as a spin-down is; `undefined` takes it back. While `isPaused` no target is written. */
  request(request: ControlRequest | undefined, { isPaused }: { readonly isPaused: boolean }): void {
    // Nothing comes between legs and the flat.
    if (this.#isReleasing) return
    this.#extra = request
    this.#isPaused = isPaused
  }

  /** The ride is over: the flat, at once. `isForced`: though this end has asked nothing of the trainer, another has. */
  release(wish: TrainerWish = { gradeFraction: 0 }, { isForced = false } = {}): void {
    this.#wish = wish
    this.#isReleasing = true
    this.#isPaused = false
    this.#extra = undefined
    if (isForced) this.#hasWritten = true
  }

  /** The trainer said that control is gone (status FF), or another program took it. */
  controlLost(atMs: number): void {
    if (this.#state.state === 'unlinked') return
    this.#loseControl(atMs)
  }

  answered(answer: ControlAnswer, atMs: number): void {
    const state = this.#state
    const isAsked = state.state === 'asked' || state.state === 'asking'
    const isAboutControl = answer.requestCode === controlCode('request-control')
    if (answer.result === 'not-permitted' && state.state !== 'unlinked') {
      // Said of a target that was on its way when control went: that is known already.
      if (!isAsked || isAboutControl) this.#loseControl(atMs + (isAsked ? ASK_AGAIN_MS : 0))
    } else if (state.state === 'asked' && isAboutControl) {
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
    this.#expire(atMs)
    const state = this.#state
    if (!this.#budget.mayWrite(atMs, 'control')) return undefined
    switch (state.state) {
      case 'asking':
        if (atMs < state.notBeforeMs) return undefined
        this.#state = { state: 'asked', sentMs: atMs }
        return this.#written({ op: 'request-control' }, atMs, 'control')
      case 'starting':
        if (state.sentMs !== undefined) return undefined
        this.#state = { state: 'starting', sentMs: atMs }
        return this.#written({ op: 'start-or-resume' }, atMs, 'control')
      case 'in-control': {
        const mayWrite = atMs >= this.#notBeforeMs && this.#budget.mayWrite(atMs, 'urgent')
        if (state.pending !== undefined || !mayWrite) return undefined
        const request = this.#extra ?? (this.#isPaused ? undefined : this.#target(atMs))
        if (request === undefined) return undefined
        this.#extra = undefined
        this.#isAtOnce = false
        this.#state = { state: 'in-control', pending: { request, sentMs: atMs } }
        this.#hasWritten = true
        return this.#written(request, atMs, 'urgent')
      }
      default:
        return undefined
    }
  }

  #answeredTarget(pending: Pending, answer: ControlAnswer, atMs: number): void {
    if (answer.requestCode !== controlCode(pending.request.op)) return
    this.#tries = 0
    const { request } = pending
    const taken = wishOfRequest(request, this.#cwKgpm)
    this.#state = { state: 'in-control', pending: undefined }
    if (answer.result !== 'success') {
      this.#trouble = answer.result === 'not-supported' ? 'not-supported' : 'refused'
      if (taken === undefined) return
      this.#notBeforeMs = atMs + REFUSED_MS
      if (answer.result === 'not-supported') this.#state = { state: 'unsupported' }
      return
    }
    this.#trouble = undefined
    if (taken === undefined) return
    this.#takenMs = atMs
    this.#taken = taken
    this.#remembered = taken
    this.#from = undefined
  }

  #loseControl(askAtMs: number): void {
    this.#taken = undefined
    this.#state = { state: 'asking', notBeforeMs: askAtMs }
  }

  #expire(atMs: number): void {
    const state = this.#state
    if (state.state === 'asked' && atMs - state.sentMs >= ANSWER_MS) {
      this.#trouble = 'no-answer'
      this.#state = { state: 'asking', notBeforeMs: atMs }
    }
    const sentMs =
      state.state === 'starting' ? state.sentMs : state.state === 'in-control' ? state.pending?.sentMs : undefined
    if (sentMs === undefined || atMs - sentMs < ANSWER_MS) return
    this.#trouble = 'no-answer'
    this.#tries++
    if (this.#tries >= TRIES_MAX) {
      this.#tries = 0
      this.#loseControl(atMs)
    } else if (state.state === 'starting') this.#state = { state: 'starting', sentMs: undefined }
    else this.#state = { state: 'in-control', pending: undefined }
  }

  /** The next step towards the wish, when it is time for it. */
  #target(atMs: number): ControlRequest | undefined {
    const wish = this.#wish
    if (wish === undefined) return undefined
    const known = this.#taken ?? (atMs - this.#takenMs < REMEMBERED_MS ? this.#remembered : undefined)
    const before = known !== undefined && wishKind(known) === wishKind(wish) ? known : undefined
    if (
      this.#taken !== undefined &&
      before !== undefined &&
      isSameWish(before, wish) &&
      atMs - this.#takenMs < REPEAT_MS
    )
      return undefined
    const isNew = this.#taken === undefined || before === undefined
    const isUrgent = isNew || this.#isReleasing || this.#isAtOnce || isFarWish(before, wish)
    if (!isUrgent && !this.#budget.mayWrite(atMs, 'ordinary')) return undefined
    if ('gradeFraction' in wish) return this.#road(wish, before as RoadWish | undefined)
    const step = 'targetW' in wish ? POWER_STEP_W : RESISTANCE_STEP
    const from = before === undefined ? this.#from : wishNumber(before)
    const most = this.#isReleasing || from === undefined ? Infinity : step
    const value = sloped(from ?? 0, wishNumber(wish), most, 'targetW' in wish ? 1 : 10)
    return 'targetW' in wish
      ? { op: 'set-target-power', powerW: value }
      : { op: 'set-target-resistance', resistanceLevel: value }
  }

  #road(wish: RoadWish, before: RoadWish | undefined): ControlRequest {
    const from = before?.gradeFraction ?? this.#from
    const isFree = this.#isReleasing || from === undefined
    const isAirFree = isFree || this.#isAtOnce || before === undefined
    const draft = sloped(before?.draftFactor ?? 1, wish.draftFactor ?? 1, isAirFree ? Infinity : DRAFT_SLOPE, 1000)
    return {
      op: 'set-simulation',
      windMps: sloped(before?.headwindMps ?? 0, wish.headwindMps ?? 0, isAirFree ? Infinity : WIND_SLOPE_MPS, 1000),
      gradeFraction: sloped(from ?? 0, wish.gradeFraction, isFree ? Infinity : GRADE_STEP, 10_000),
      crr: this.#crr,
      cwKgpm: this.#cwKgpm * draft,
    }
  }

  #written(request: ControlRequest, atMs: number, haste: Haste): ControlRequest {
    this.#budget.spend(atMs, haste)
    return request
  }
}
