/**
 * The trainer holds what it measures; the rider trusts a power meter. With M what the meter says, T what the trainer says
 * and both for the same legs, b = M − T, and to ride W by the meter the trainer is asked for U = W − b. The estimate is the
 * mean of M − T while things are settled, over ten seconds at most; it waits 2.5 s after a step of what is asked or of what is
 * pushed, for the two answer a step at different speeds, then lets what is new count for more than what was. It believes no
 * meter that is further off than 40 W or a fifth.
 */
const SETTLE_MS = 2500
/** A step of what is asked; and watts that have moved so far in the time of settling are no steady ones. */
const STEP_W = 15
const MOVED_W = 12
/** Of each new reading; a second's worth of them is believed. */
const SMOOTH_SHARE = 0.3
/** What was known before a step counts as much as so much time after it. */
const KEPT_S = 1
const MEMORY_S = 10
const BIAS_MAX_W = 40
const BIAS_MAX_SHARE = 0.2
/** A reading older than this says nothing of now. */
const FRESH_MS = 2000
const PEDALLING_W = 40
/** The trainer's own target moves no faster by this law. */
const SLEW_WPS = 10

export class PowerMatch {
  #meter: { readonly w: number; readonly atMs: number } | undefined
  #trainer: { readonly w: number; readonly atMs: number } | undefined
  #stepMs = -Infinity
  #smoothW = 0
  #steadyW = 0
  #askedW = 0
  #meanW = 0
  #weightS = 0
  #biasW = 0
  #atMs: number | undefined

  /** What the meter reads beside the trainer, W, as far as it is known. */
  get biasW(): number {
    return this.#biasW
  }

  reset(): void {
    this.#meter = this.#trainer = undefined
    this.#meanW = this.#weightS = this.#biasW = 0
  }

  offerMeter(powerW: number, atMs: number): void {
    this.#meter = { w: powerW, atMs }
    this.#smoothW += (powerW - this.#smoothW) * SMOOTH_SHARE
    if (Math.abs(this.#smoothW - this.#steadyW) <= MOVED_W) return
    this.#steadyW = this.#smoothW
    this.#stepped(atMs)
  }

  offerTrainer(powerW: number, atMs: number): void {
    this.#trainer = { w: powerW, atMs }
  }

  /** Call every beat that holds no watts: the two can be compared on any road. */
  watch(atMs: number): void {
    this.#askedW = 0
    this.#estimate(this.#elapsedS(atMs), atMs)
  }

  /** Call every beat with the watts wished by the meter; says what to ask of the trainer. */
  ask(wishW: number, atMs: number): number {
    const elapsedS = this.#elapsedS(atMs)
    if (Math.abs(wishW - this.#askedW) > STEP_W) this.#stepped(atMs)
    this.#askedW = wishW
    this.#estimate(elapsedS, atMs)
    const mostW = Math.min(BIAS_MAX_W, BIAS_MAX_SHARE * wishW)
    const aimW = Math.min(Math.max(this.#meanW, -mostW), mostW)
    const reachW = SLEW_WPS * elapsedS
    this.#biasW += Math.min(Math.max(aimW - this.#biasW, -reachW), reachW)
    return wishW - this.#biasW
  }

  #stepped(atMs: number): void {
    this.#stepMs = atMs
    this.#weightS = Math.min(this.#weightS, KEPT_S)
  }

  #elapsedS(atMs: number): number {
    const elapsedS = Math.min((atMs - (this.#atMs ?? atMs)) / 1000, 1)
    this.#atMs = atMs
    return elapsedS
  }

  #estimate(elapsedS: number, atMs: number): void {
    const [meter, trainer] = [this.#meter, this.#trainer]
    if (meter === undefined || trainer === undefined || atMs - this.#stepMs < SETTLE_MS) return
    if (atMs - meter.atMs > FRESH_MS || atMs - trainer.atMs > FRESH_MS) return
    if (meter.w < PEDALLING_W || trainer.w < PEDALLING_W) return
    this.#weightS = Math.min(this.#weightS + elapsedS, MEMORY_S)
    if (this.#weightS > 0) this.#meanW += ((meter.w - trainer.w - this.#meanW) * elapsedS) / this.#weightS
  }
}
