import { createRandom, type Random } from '#physics/random'
import type { Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'

/** Watts a rider holds for an hour, 150 to 290, and what comes on top. */
const STEADY_MIN_W = 150
const STEADY_SPAN_W = 140
/** A trainer's own noise: four per cent. */
const NOISE_SHARE = 0.04
/** Sprints and breathers begin with these chances a second. */
const SPRINT_PER_S = 1 / 90
const PAUSE_PER_S = 1 / 60
const STEER_PER_S = 1 / 20

/** A rider's legs and hands, from a seed: a trainer that reports one to four times a second, swells, sprints, pauses, steering. */
export class Legs {
  /** Between two samples, ms: 1, 2 or 4 Hz. */
  readonly everyMs: number
  readonly #random: Random
  readonly #steadyW: number
  readonly #clockMs: number
  #sequence: number
  #sprintUntilMs = 0
  #pauseUntilMs = 0
  #sprintW = 0
  #steer = 0
  #steerUntilMs = 0
  #heartRateBpm: number

  constructor(seed: number) {
    this.#random = createRandom(seed)
    const dice = this.#random.fraction()
    this.everyMs = dice < 0.25 ? 1000 : dice < 0.5 ? 500 : 250
    this.#steadyW = STEADY_MIN_W + STEADY_SPAN_W * this.#random.fraction()
    this.#clockMs = Math.floor(this.#random.fraction() * 2 ** 32)
    this.#sequence = Math.floor(this.#random.fraction() * 65_536)
    this.#heartRateBpm = 110 + 40 * this.#random.fraction()
  }

  get fraction(): number {
    return this.#random.fraction()
  }

  /** What the trainer says at `nowMs`. */
  sample(nowMs: number): InputSample {
    const random = this.#random
    const seconds = this.everyMs / 1000
    if (nowMs > this.#sprintUntilMs && random.fraction() < SPRINT_PER_S * seconds) {
      this.#sprintUntilMs = nowMs + 4000 + 10_000 * random.fraction()
      this.#sprintW = 200 + 500 * random.fraction()
    }
    if (nowMs > this.#pauseUntilMs && random.fraction() < PAUSE_PER_S * seconds)
      this.#pauseUntilMs = nowMs + 1000 + 4000 * random.fraction()
    if (nowMs > this.#steerUntilMs) {
      this.#steer = 0
      if (random.fraction() < STEER_PER_S * seconds) {
        this.#steer = Math.round(200 * (random.fraction() - 0.5))
        this.#steerUntilMs = nowMs + 500 + 1500 * random.fraction()
      }
    }
    const isPausing = nowMs < this.#pauseUntilMs
    const swellW = 25 * Math.sin(nowMs / 9000 + this.#steadyW)
    const wantedW = this.#steadyW + swellW + (nowMs < this.#sprintUntilMs ? this.#sprintW : 0)
    const powerW = isPausing ? 0 : wantedW * (1 + NOISE_SHARE * 2 * (random.fraction() - 0.5))
    this.#heartRateBpm += (90 + powerW / 4 - this.#heartRateBpm) * 0.01 * seconds
    this.#sequence = (this.#sequence + 1) & 0xffff
    return {
      sequence: this.#sequence as Sequence,
      atMs: (this.#clockMs + Math.floor(nowMs)) >>> 0,
      powerW: Math.round(powerW),
      cadenceHalfRpm: isPausing ? 0 : Math.round(2 * (84 + powerW / 60 + 3 * random.fraction())),
      heartRateBpm: Math.round(this.#heartRateBpm),
      steer: this.#steer,
    }
  }
}
