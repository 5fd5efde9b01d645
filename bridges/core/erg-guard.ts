/**
 * Watts are held by force: F = P / v. Legs that tire turn slower, so the force grows, so they turn slower still: the spiral
 * of death. The guard ends it. While it holds, it passes the target on. When cadence falls below 50 rpm for 0.6 s, or
 * (where nobody tells cadence) power below 60 % of the target for two, it lets go: the trainer is to be a flat road. When the legs turn
 * again at 60 rpm or more for a second, it comes back from about half the target, a tenth of it a second. Legs that fade
 * again within a minute get 10 % less each time, down to half, and 1 % of it back for every five seconds they hold it.
 */
export type ErgGuarded =
  | { readonly state: 'holding'; readonly targetW: number }
  | { readonly state: 'released' }
  | { readonly state: 'returning'; readonly targetW: number }

export interface ErgFeel {
  readonly targetW: number
  /** undefined: nobody tells it. */
  readonly cadenceRpm: number | undefined
  readonly powerW: number | undefined
}

const COLLAPSE_RPM = 50
const COLLAPSE_MS = 600
const WEAK_SHARE = 0.6
const WEAK_MS = 2000
const RETURN_RPM = 60
const RETURN_MS = 1000
/** Without cadence: legs that push so much are there again. */
const RETURN_W = 30
const RAMP_SHARE_PER_S = 0.1
/** Where coming back begins: what legs push then, but no less and no more of the target than this. */
const START_MIN_SHARE = 0.4
const START_MAX_SHARE = 0.6
const LESS_SHARE = 0.1
const LEAST_SHARE = 0.5
const AGAIN_MS = 60_000
const REGAIN_SHARE_PER_S = 0.002
/** A target that has just come or risen finds legs that are not there yet. */
const GRACE_MS = 5000
const RISE_W = 20

export class ErgGuard {
  #state: ErgGuarded = { state: 'holding', targetW: 0 }
  #atMs: number | undefined
  #badMs: number | undefined
  #goodMs: number | undefined
  #graceUntilMs = -Infinity
  #releasedMs = -Infinity
  #targetW = 0
  /** What is left of the target after legs have faded several times. */
  #share = 1
  #hasTurned = false

  get state(): ErgGuarded['state'] {
    return this.#state.state
  }

  /** Another mode was ridden meanwhile: the next target finds fresh legs. */
  reset(): void {
    this.#state = { state: 'holding', targetW: 0 }
    this.#atMs = this.#badMs = this.#goodMs = undefined
    this.#graceUntilMs = this.#releasedMs = -Infinity
    this.#targetW = 0
    this.#share = 1
    this.#hasTurned = false
  }

  /** Call every beat; says what the trainer is to do. */
  step(feel: ErgFeel, atMs: number): ErgGuarded {
    const elapsedS = Math.min((atMs - (this.#atMs ?? atMs)) / 1000, 1)
    this.#atMs = atMs
    if (this.#isTurning(feel)) this.#hasTurned = true
    if (this.#targetW === 0 || feel.targetW - this.#targetW > RISE_W) this.#graceUntilMs = atMs + GRACE_MS
    this.#targetW = feel.targetW
    if (this.#state.state === 'released') this.#rest(feel, atMs)
    else this.#hold(feel, atMs, elapsedS)
    return this.#state
  }

  #hold(feel: ErgFeel, atMs: number, elapsedS: number): void {
    this.#badMs = this.#isCollapsing(feel, atMs) ? (this.#badMs ?? atMs) : undefined
    const limitMs = feel.cadenceRpm === undefined ? WEAK_MS : COLLAPSE_MS
    if (this.#badMs !== undefined && atMs - this.#badMs >= limitMs) {
      const isAgain = atMs - this.#releasedMs < AGAIN_MS
      this.#share = isAgain ? Math.max(this.#share - LESS_SHARE, LEAST_SHARE) : this.#share
      this.#releasedMs = atMs
      this.#badMs = this.#goodMs = undefined
      this.#state = { state: 'released' }
      return
    }
    if (atMs - this.#releasedMs >= AGAIN_MS) this.#share = Math.min(this.#share + REGAIN_SHARE_PER_S * elapsedS, 1)
    const goalW = feel.targetW * this.#share
    if (this.#state.state === 'returning') {
      const targetW = Math.min(this.#state.targetW + RAMP_SHARE_PER_S * feel.targetW * elapsedS, goalW)
      this.#state = targetW < goalW ? { state: 'returning', targetW } : { state: 'holding', targetW: goalW }
    } else this.#state = { state: 'holding', targetW: goalW }
  }

  #rest(feel: ErgFeel, atMs: number): void {
    this.#goodMs = this.#isTurning(feel) ? (this.#goodMs ?? atMs) : undefined
    if (this.#goodMs === undefined || atMs - this.#goodMs < RETURN_MS) return
    this.#goodMs = undefined
    this.#graceUntilMs = feel.cadenceRpm === undefined ? atMs + GRACE_MS : -Infinity
    const goalW = feel.targetW * this.#share
    const fromW = Math.max(Math.min(feel.powerW ?? 0, START_MAX_SHARE * goalW), START_MIN_SHARE * goalW)
    this.#state = { state: 'returning', targetW: fromW }
  }

  /** Legs that have not begun yet cannot collapse. */
  #isCollapsing({ cadenceRpm, powerW, targetW }: ErgFeel, atMs: number): boolean {
    if (cadenceRpm !== undefined) return this.#hasTurned && cadenceRpm < COLLAPSE_RPM
    return this.#hasTurned && atMs >= this.#graceUntilMs && (powerW ?? 0) < WEAK_SHARE * targetW * this.#share
  }

  #isTurning({ cadenceRpm, powerW }: ErgFeel): boolean {
    return cadenceRpm === undefined ? (powerW ?? 0) >= RETURN_W : cadenceRpm >= RETURN_RPM
  }
}
