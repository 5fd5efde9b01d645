import type { HeartRatePage } from './pages/heart-rate.ts'

/**
 * Intervals between heart beats out of ANT+ pages, 1/1024 s: between two messages one beat apart, or within one of page 4,
 * which also has the beat before. Old straps have no pages, only a byte that looks like their number: they are believed
 * once the bit above it was seen to turn.
 */
export class HeartBeats {
  #last: { time1024: number; count: number; atMs: number } | undefined
  #toggle: number | undefined
  #hasPages = false

  /** The interval that ended with this message's beat; undefined: no new beat, or one in between was not heard. */
  offer(page: HeartRatePage, atMs: number): number | undefined {
    if (this.#toggle !== undefined && page.toggle !== this.#toggle) this.#hasPages = true
    this.#toggle = page.toggle
    const last = this.#last
    const beats = last === undefined ? undefined : (page.beatCount - last.count) & 0xff
    if (last !== undefined && beats === 0) return undefined
    this.#last = { time1024: page.beatTime1024, count: page.beatCount, atMs }
    const { previousBeatTime1024 } = page
    if (this.#hasPages && previousBeatTime1024 !== undefined)
      return plausible((page.beatTime1024 - previousBeatTime1024) & 0xffff)
    // A clock of 64 s and a count of 256: after that long one beat more may be 257.
    if (last === undefined || beats !== 1 || atMs - last.atMs > HEARD_MS) return undefined
    return plausible((page.beatTime1024 - last.time1024) & 0xffff)
  }

  reset(): void {
    this.#last = undefined
    this.#toggle = undefined
    this.#hasPages = false
  }
}

const HEARD_MS = 4000
/** 20 to 300 beats a minute. */
const INTERVAL_MIN = 205
const INTERVAL_MAX = 3072

const plausible = (interval: number): number | undefined =>
  interval >= INTERVAL_MIN && interval <= INTERVAL_MAX ? interval : undefined
