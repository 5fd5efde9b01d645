/**
 * A heart that follows watts: steady state linear in power (Åstrand), reached first-order, up faster than down
 * (τ about 30 and 60 s: Bunc et al. 1988; Zakynthinaki 2015 gives the same order), with the slow drift of a long effort left out.
 */
export interface HeartSpec {
  readonly restBpm: number
  readonly maxBpm: number
  /** Watts at which the heart is at its maximum. */
  readonly maxAtW: number
}

const UP_S = 30
const DOWN_S = 60

export class Heart {
  readonly #spec: HeartSpec
  bpm: number

  constructor(spec: HeartSpec) {
    this.#spec = spec
    this.bpm = spec.restBpm
  }

  step(powerW: number, stepS: number): void {
    const { restBpm, maxBpm, maxAtW } = this.#spec
    const wantedBpm = restBpm + (maxBpm - restBpm) * Math.min(Math.max(powerW / maxAtW, 0), 1)
    const lagS = wantedBpm > this.bpm ? UP_S : DOWN_S
    this.bpm += ((wantedBpm - this.bpm) * stepS) / (lagS + stepS)
  }
}
