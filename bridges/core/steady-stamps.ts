/**
 * When a reading was made, from when it arrived. A trainer speaks at a steady beat; what lies between its voice and us (a
 * radio that repeats, a busy machine) only ever adds to the time. So arrivals are held against the beat: one that is
 * late is stamped where the beat says, one that is early moves the beat to itself, and one that keeps no beat is stamped
 * as it came. Power is credited from stamp to stamp, so a sample that was on its way a little longer costs no joule.
 */
const INTERVALS = 15
/** Fewer intervals than this are no beat yet. */
const INTERVALS_MIN = 3
const PERIOD_MIN_MS = 100
const PERIOD_MAX_MS = 2500
/** Later than this share of a period is a pause, not a delay. */
const LATE_SHARE_MAX = 0.7
/** So much of each lateness moves the beat: a clock that runs slower than ours is followed, a hiccup is not. */
const FOLLOW = 0.1
/** Of the intervals, this share must agree with the beat within BEAT_TOLERANCE. */
const AGREE_SHARE = 0.5
const BEAT_TOLERANCE = 0.25

export class SteadyStamps {
  readonly #intervals: number[] = []
  #arrivedMs: number | undefined
  #stampMs = 0

  /** `arrivedMs` on a steady clock, never smaller than the last; the stamp is never later, and never before the last one. */
  stamp(arrivedMs: number): number {
    const intervalMs = arrivedMs - (this.#arrivedMs ?? -Infinity)
    this.#arrivedMs = arrivedMs
    const dueMs = this.#dueMs(intervalMs)
    const lateMs = arrivedMs - dueMs
    this.#stampMs = Math.max(this.#stampMs, lateMs > 0 ? dueMs + FOLLOW * lateMs : arrivedMs)
    if (intervalMs > 2 * PERIOD_MAX_MS) this.#intervals.length = 0
    else this.#intervals.push(intervalMs)
    if (this.#intervals.length > INTERVALS) this.#intervals.shift()
    return this.#stampMs
  }

  /** Where the beat expects this arrival; Infinity where there is none, so that the arrival counts. */
  #dueMs(intervalMs: number): number {
    const periodMs = this.#periodMs()
    if (periodMs === undefined) return Infinity
    // A reading that got lost leaves a gap of whole periods.
    const missed = Math.max(0, Math.floor(intervalMs / periodMs - LATE_SHARE_MAX))
    const dueMs = this.#stampMs + (missed + 1) * periodMs
    return this.#arrivedMs! - dueMs <= LATE_SHARE_MAX * periodMs ? dueMs : Infinity
  }

  /** The median interval, if enough of the others agree with it. */
  #periodMs(): number | undefined {
    const sorted = this.#intervals.toSorted((a, b) => a - b)
    const median = sorted[sorted.length >> 1]
    if (median === undefined || sorted.length < INTERVALS_MIN) return undefined
    if (median < PERIOD_MIN_MS || median > PERIOD_MAX_MS) return undefined
    const agreeing = sorted.filter((each) => Math.abs(each - median) <= BEAT_TOLERANCE * median).length
    return agreeing >= AGREE_SHARE * sorted.length ? median : undefined
  }
}
