import type { InputSample } from '#protocol/input'
import { POWER_DECAY_MS, POWER_HOLD_MS, TICK_MS } from '#protocol/limits'
import type { OwnState } from '#protocol/session'
import { heldPowerW, heldWorkJ, payoutJ } from '#physics/hold'

/** Samples we remember; at twenty a second, which bars make, this is six seconds of silence from the server. */
const SAMPLES_MAX = 128
/** What a sample needs to reach the tick that uses it, ticks, until the first were seen to. */
const LAG_FIRST_TICKS = 2
/** Each sample that was seen to arrive moves our idea of that by this share of the difference … */
const LAG_SHARE = 0.15
/** … of at most so much: one that came with a later packet says little of the next, ticks. */
const LAG_STEP_TICKS = 1
const LAG_MAX_TICKS = 40

const HOLD = { holdMs: POWER_HOLD_MS, decayMs: POWER_DECAY_MS }

interface Stamped {
  readonly sequence: number
  /** Where on the sender's clock, and when by the server's ticks. */
  readonly atMs: number
  readonly atTick: number
  readonly powerW: number
  readonly steer: number
}

/**
 * My samples on their way to the server, and what its ticks will make of them: which tick takes up which, what it pays the
 * legs, what it owes them. The same arithmetic as the server's ledger, begun anew from each own record.
 */
export class OwnLegs {
  readonly #samples: Stamped[] = []
  #lagTicks = LAG_FIRST_TICKS
  /** The newest sample that the record's tick has taken up was counted for the lag. */
  #countedSequence = -1
  #baseTick = 0
  /** Index into `#samples` of the one that pays now; −1: one we do not know, of the record's watts. */
  #index = -1
  #powerW = 0
  #takenTick = 0
  #owedJ = 0

  /** What the bars say in the tick last paid. */
  steer = 0

  /** How long a sample takes to the tick that uses it, ticks. */
  get lagTicks(): number {
    return this.#lagTicks
  }

  offer(sample: InputSample, atTick: number): void {
    const { sequence, atMs, powerW, steer } = sample
    this.#samples.push({ sequence, atMs, atTick, powerW, steer })
    if (this.#samples.length <= SAMPLES_MAX) return
    this.#samples.shift()
    this.#index = Math.max(-1, this.#index - 1)
  }

  /** The server's word about `own.tick`: what was taken up by then, and what is owed. */
  rebase(own: OwnState): void {
    const samples = this.#samples
    const acked = own.ackedSequence
    if (acked !== undefined) while (samples.length > 1 && isTaken(samples[1]!.sequence, acked)) samples.shift()
    const first = samples[0]
    const isKnown = acked !== undefined && first !== undefined && isTaken(first.sequence, acked)
    this.#index = isKnown ? 0 : -1
    this.#powerW = isKnown ? first.powerW : own.powerW
    this.#takenTick = own.tick - own.ageTicks
    this.#owedJ = own.owedJ
    this.#baseTick = own.tick
    this.steer = isKnown ? first.steer : 0
    if (isKnown && first.sequence === acked && acked !== this.#countedSequence) {
      this.#countedSequence = acked
      // It was there in the tick that ends at takenTick + 1; where in it, nobody knows.
      const seenTicks = this.#takenTick + 0.5 - first.atTick
      const stepTicks = Math.min(LAG_STEP_TICKS, Math.max(-LAG_STEP_TICKS, seenTicks - this.#lagTicks))
      this.#lagTicks = Math.min(LAG_MAX_TICKS, Math.max(0, this.#lagTicks + LAG_SHARE * stepTicks))
    }
  }

  /** The step that leaves `tick`: takes up what will be there by then; answers the legs' watts. */
  pay(tick: number, speedMps: number): number {
    const samples = this.#samples
    for (let next = this.#index + 1; next < samples.length; next++) {
      const sample = samples[next]!
      // Whatever has not been taken up by now is still on its way, however long it should have been there.
      if (sample.atTick + this.#lagTicks > tick + 1 || tick < this.#baseTick) break
      this.#take(sample, next, tick)
    }
    const ageMs = (tick - this.#takenTick) * TICK_MS
    const heldJ = heldWorkJ(this.#powerW, ageMs, ageMs + TICK_MS, HOLD)
    const extraJ = payoutJ(this.#owedJ, heldJ, speedMps)
    this.#owedJ -= extraJ
    return (heldJ + extraJ) / (TICK_MS / 1000)
  }

  /** The newest sample's watts as they hold now: what a rider reads. undefined: no sample was made here. */
  shownW(nowTick: number): number | undefined {
    const newest = this.#samples.at(-1)
    return newest && heldPowerW(newest.powerW, Math.max(0, nowTick - newest.atTick) * TICK_MS, HOLD)
  }

  #take(sample: Stamped, index: number, tick: number): void {
    const before = this.#samples[this.#index]
    if (before !== undefined) {
      const worthJ = heldWorkJ(this.#powerW, 0, Math.max(0, (sample.atMs - before.atMs) | 0), HOLD)
      this.#owedJ += worthJ - heldWorkJ(this.#powerW, 0, (tick - this.#takenTick) * TICK_MS, HOLD)
    }
    this.#index = index
    this.#powerW = sample.powerW
    this.#takenTick = tick
    this.steer = sample.steer
  }
}

/** True when `acked` is this one or a later one. */
function isTaken(sequence: number, acked: number): boolean {
  return ((acked - sequence) & 0xffff) < 0x8000
}
