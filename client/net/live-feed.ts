import type { RiderId } from '#protocol/ids'
import { TICK_MS } from '#protocol/limits'
import { decodeReelChunk, type ReelTick } from '#protocol/reel'
import type { RiderRecord } from '#protocol/rider-stream'
import type { FilmFeed } from './film-feed.ts'

/** So far behind the newest record it plays, ticks: a piece is a second, and lines are uneven. */
const LAG_TICKS = 30
/** Farther behind, or with nothing left, it begins anew. */
const LAG_MAX_TICKS = 160
/** Gains or loses a tick of lag in so many. */
const CATCH_UP_TICKS = 120
const RATE_MOST = 0.15

/** A room as it is told to who looks on: pieces come in, records come out evenly. Time is handed in. */
export class LiveFeed implements FilmFeed {
  rate = 1
  trouble = ''
  isAtEnd = false
  readonly #riderOf = new Map<number, RiderId>()
  #waiting: ReelTick[] = []
  /** Newest tick heard of; −1: none since it began (anew). */
  #newestTick = -1
  #atTick = 0
  #nowMs = NaN
  #isFresh = false
  #isDry = true

  get tick(): number {
    return this.#atTick
  }

  get isWaiting(): boolean {
    return this.#isDry
  }

  takeFresh(): boolean {
    const was = this.#isFresh
    this.#isFresh = false
    return was
  }

  /** The line was opened (again): what comes now begins with everybody whole. */
  begin(): void {
    this.#riderOf.clear()
    this.#waiting = []
    this.#newestTick = -1
    this.#isDry = true
  }

  hear(bytes: Uint8Array): void {
    const piece = decodeReelChunk(bytes, this.#riderOf)
    const firstTick = piece.ok ? piece.value[0]?.tick : undefined
    const isNext = this.#newestTick < 0 || firstTick === this.#newestTick + 1
    // A piece is missing, or cannot be read: what comes after it says too little, until everybody is told whole again.
    if (!piece.ok || firstTick === undefined || !isNext) return this.begin()
    const isFirst = this.#newestTick < 0
    this.#waiting.push(...piece.value)
    this.#newestTick = this.#waiting.at(-1)!.tick
    if (!isFirst) return
    this.#atTick = firstTick
    this.#isFresh = true
  }

  advance(nowMs: number): number {
    const passedTicks = Number.isNaN(this.#nowMs) ? 0 : Math.max(0, nowMs - this.#nowMs) / TICK_MS
    this.#nowMs = nowMs
    if (this.#newestTick < 0) return this.#atTick
    const lagTicks = this.#newestTick - this.#atTick
    if (lagTicks > LAG_MAX_TICKS) this.#atTick = this.#newestTick - LAG_TICKS
    // Dry until there is enough to go on evenly.
    if (this.#isDry && lagTicks >= LAG_TICKS) this.#isDry = false
    if (this.#isDry || this.rate === 0) return this.#atTick
    const hurry = Math.max(-RATE_MOST, Math.min(RATE_MOST, (lagTicks - LAG_TICKS) / CATCH_UP_TICKS))
    this.#atTick += passedTicks * (1 + hurry)
    if (this.#atTick >= this.#newestTick) {
      this.#atTick = this.#newestTick
      this.#isDry = true
    }
    return this.#atTick
  }

  take(): RiderRecord[] {
    const until = Math.floor(this.#atTick)
    const records: RiderRecord[] = []
    let count = 0
    while (count < this.#waiting.length && this.#waiting[count]!.tick <= until)
      records.push(...this.#waiting[count++]!.records)
    if (count > 0) this.#waiting.splice(0, count)
    return records
  }
}
