import { decodeReelChunk, REEL_CHUNK_TICKS, type ReelTick } from '#protocol/reel'
import { TICK_MS } from '#protocol/limits'
import type { RiderRecord } from '#protocol/rider-stream'
import type { FilmFeed } from './film-feed.ts'

export interface ReelPlayerOptions {
  /** First tick of the film, and the one behind its last. */
  readonly fromTick: number
  readonly toTick: number
  /** The chunk that begins at a tick: from the server, or from a folder of files. Throws with a sentence. */
  readonly fetchChunk: (firstTick: number) => Promise<Uint8Array>
  /** What is said where a chunk came and is none. */
  readonly unreadable?: string
}

/** How long before the end of a chunk the next one is asked for, in ticks at rate 1; and the one before, while it is as near. */
const AHEAD_TICKS = 300
/** Chunks that are read; of others there are the bytes, to be read again. */
const CHUNKS_KEPT = 4
const BYTES_KEPT_MAX = 16 << 20
/** Who drags the slider over an hour passes sixty chunks: the one it stops at waits for no more than this many others. */
const COMING_MAX = 2
/** What did not come is asked for again after so long, ms: a page that draws asks sixty times a second. */
const AGAIN_MS = 2000

/**
 * Plays a reel as if it were heard: records come out when their tick is reached, so the ordinary client rides along.
 * Time is handed in. Seeking begins anew at the chunk around the wanted tick and takes up what lies before it at once.
 */
export class ReelPlayer implements FilmFeed {
  /** Of the film: normal is 1, still is 0. */
  rate = 1
  /** Why it does not go on, as a sentence; '' while all is well. */
  trouble = ''
  readonly #options: ReelPlayerOptions
  readonly #chunks = new Map<number, readonly ReelTick[]>()
  /** Everything that came, as it came, the oldest first. */
  readonly #bytes = new Map<number, Uint8Array>()
  #bytesKept = 0
  readonly #coming = new Set<number>()
  #atTick: number
  #nowMs = NaN
  /** Not before this is anything asked for again. */
  #againMs = -Infinity
  /** Records up to here were handed out. */
  #toldTick: number
  #isFresh = true

  constructor(options: ReelPlayerOptions) {
    this.#options = options
    this.#atTick = options.fromTick
    this.#toldTick = chunkStart(options.fromTick) - 1
  }

  /** Where the film is, with fraction. */
  get tick(): number {
    return this.#atTick
  }

  get isAtEnd(): boolean {
    return this.#atTick >= this.#options.toTick - 1
  }

  /** The film has begun anew (by a seek): whoever draws it forgets what was. True once. */
  takeFresh(): boolean {
    const was = this.#isFresh
    this.#isFresh = false
    return was
  }

  /** Waits for data: time stands still meanwhile. */
  get isWaiting(): boolean {
    return !this.#chunks.has(chunkStart(this.#atTick))
  }

  seek(tick: number): void {
    const { fromTick, toTick } = this.#options
    this.#atTick = Math.max(fromTick, Math.min(toTick - 1, tick))
    this.#toldTick = chunkStart(this.#atTick) - 1
    this.#isFresh = true
    this.trouble = ''
    this.#againMs = -Infinity
    this.#want(chunkStart(this.#atTick))
  }

  /** The film goes on; answers the tick it has come to. */
  advance(nowMs: number): number {
    const passedMs = Number.isNaN(this.#nowMs) ? 0 : Math.max(0, nowMs - this.#nowMs)
    this.#nowMs = nowMs
    this.#want(chunkStart(this.#atTick))
    if (!this.isWaiting) {
      const nextTick = this.#atTick + (passedMs / TICK_MS) * this.rate
      const lastTick = this.#options.toTick - 1
      // Not beyond what has arrived.
      const chunk = chunkStart(nextTick)
      const isThere = nextTick >= lastTick || this.#chunks.has(chunk)
      this.#atTick = Math.min(lastTick, isThere ? nextTick : chunk - 1 / 1024)
      const aheadTicks = AHEAD_TICKS * Math.max(1, this.rate)
      this.#want(chunkStart(this.#atTick + aheadTicks))
      const before = chunkStart(this.#atTick - AHEAD_TICKS)
      if (before >= chunkStart(this.#options.fromTick) && !this.#bytes.has(before)) this.#fetch(before)
    }
    return this.#atTick
  }

  /** Everything said up to now that was not handed out before, in the order of ticks. */
  take(): RiderRecord[] {
    const records: RiderRecord[] = []
    const until = Math.floor(this.#atTick)
    while (this.#toldTick < until) {
      const chunk = this.#chunks.get(chunkStart(this.#toldTick + 1))
      if (chunk === undefined) break
      const said = chunk[this.#toldTick + 1 - chunk[0]!.tick]
      if (said !== undefined) records.push(...said.records)
      this.#toldTick++
    }
    return records
  }

  /** Is to be played soon: read, where it has come, else asked for. */
  #want(firstTick: number): void {
    if (firstTick >= this.#options.toTick || this.#chunks.has(firstTick)) return
    const bytes = this.#bytes.get(firstTick)
    if (bytes === undefined) return this.#fetch(firstTick)
    this.#read(firstTick, bytes)
  }

  #fetch(firstTick: number): void {
    if (this.#coming.has(firstTick) || this.#coming.size >= COMING_MAX || this.#nowMs < this.#againMs) return
    this.#coming.add(firstTick)
    this.#options
      .fetchChunk(firstTick)
      .then((bytes) => {
        this.#coming.delete(firstTick)
        // Read at once, wherever one has wound meanwhile: bytes that are kept are a chunk.
        this.#read(firstTick, bytes)
        this.#keep(firstTick, bytes)
        this.trouble = ''
      })
      .catch((error: unknown) => {
        this.#coming.delete(firstTick)
        this.#againMs = this.#nowMs + AGAIN_MS
        this.trouble = error instanceof Error ? error.message : this.#unreadable
      })
  }

  get #unreadable(): string {
    return this.#options.unreadable ?? 'film-unreadable'
  }

  #read(firstTick: number, bytes: Uint8Array): void {
    const ticks = decodeReelChunk(bytes)
    if (!ticks.ok || ticks.value.length === 0) throw new Error(this.#unreadable)
    this.#chunks.set(firstTick, ticks.value)
    const here = chunkStart(this.#atTick)
    for (const old of this.#chunks.keys()) {
      if (this.#chunks.size <= CHUNKS_KEPT) break
      if (old !== here) this.#chunks.delete(old)
    }
  }

  #keep(firstTick: number, bytes: Uint8Array): void {
    this.#bytes.set(firstTick, bytes)
    this.#bytesKept += bytes.length
    for (const old of this.#bytes.keys()) {
      if (this.#bytesKept <= BYTES_KEPT_MAX || old === firstTick) break
      this.#drop(old)
    }
  }

  #drop(firstTick: number): void {
    this.#bytesKept -= this.#bytes.get(firstTick)?.length ?? 0
    this.#bytes.delete(firstTick)
  }
}

export function chunkStart(tick: number): number {
  return Math.floor(tick / REEL_CHUNK_TICKS) * REEL_CHUNK_TICKS
}
