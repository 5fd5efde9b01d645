import type { Riders } from '#physics/riders'
import { REEL_CHUNK_TICKS, ReelChunkWriter } from '#protocol/reel'
import { writeRecord } from '#protocol/rider-record'
import { TIER } from '#protocol/rider-state'
import { RiderStream, type StreamHost, WHOLE_DUE } from './stream.ts'

/** In ticks. A chunk is so long; and so often, a whole number of chunks, everybody is told whole. */
export interface ReelCut {
  readonly chunkTicks?: number
  readonly wholeTicks?: number
}

/**
 * Films a world that is being stepped: the same records its nearest viewers are told, kept in chunks (`protocol/reel`).
 * It looks on through a stream of its own, so that a ride of last week can be filmed from its journal as well.
 */
export class ReelMaker {
  readonly #host: StreamHost
  readonly #stream: RiderStream
  readonly #onChunk: (firstTick: number, bytes: Uint8Array) => void
  /** Whom the film knows in a row; 0: nobody. */
  readonly #filmedId: Uint32Array
  readonly #due: number[] = []
  readonly #chunkTicks: number
  readonly #wholeTicks: number
  #chunk: ReelChunkWriter | undefined
  #firstTick = -1
  /** Rows in use a tick ago. */
  #rows = 0

  constructor(host: StreamHost, onChunk: (firstTick: number, bytes: Uint8Array) => void, cut: ReelCut = {}) {
    this.#host = { ...withoutHearts(host), ...(host.wayAhead && { wayAhead: (row) => host.wayAhead!(row) }) }
    this.#chunkTicks = cut.chunkTicks ?? REEL_CHUNK_TICKS
    this.#wholeTicks = cut.wholeTicks ?? this.#chunkTicks
    this.#stream = new RiderStream(this.#host)
    this.#onChunk = onChunk
    const { capacity } = host.riders
    this.#filmedId = new Uint32Array(capacity)
    for (let row = 0; row < capacity; row++) this.#stream.watch(row, TIER.fine, 1)
  }

  /** After `world.step()`. */
  step(tick: number): void {
    this.#stream.step(tick)
    const chunk = this.#chunkOf(tick)
    const due = this.#due
    due.length = 0
    // Rows beyond have nobody, and had nobody: a road for a thousand has fifty riders.
    const { count } = this.#host.riders
    const rows = Math.max(count, this.#rows)
    this.#rows = count
    for (let row = 0; row < rows; row++) this.#note(row, tick)
    chunk.begin(due.length)
    for (const code of due) this.#film(code >> 1, (code & 1) === 1, tick, chunk)
    chunk.end()
  }

  /** Hands over what was filmed since the last chunk. */
  finish(): void {
    const chunk = this.#chunk
    this.#chunk = undefined
    if (chunk !== undefined && chunk.ticks > 0) this.#onChunk(this.#firstTick, chunk.finish())
  }

  /** Chunks begin at whole multiples of their length, where a journal has its checkpoints. */
  #chunkOf(tick: number): ReelChunkWriter {
    const isFirst = this.#chunk === undefined && this.#firstTick < 0
    if (this.#chunk === undefined || tick % this.#chunkTicks === 0) {
      this.finish()
      this.#chunk = new ReelChunkWriter(tick)
      this.#firstTick = tick
      if (isFirst || tick % this.#wholeTicks === 0) this.#filmedId.fill(0)
    }
    return this.#chunk
  }

  #idIn(row: number): number {
    const { id, count } = this.#host.riders
    return row < count ? id[row]! : 0
  }

  /** What is to be said of a row: twice the row for its record, one more for its watts. */
  #note(row: number, tick: number): void {
    const id = this.#idIn(row)
    const isNew = id !== this.#filmedId[row]
    if (isNew || (id !== 0 && this.#stream.lengthOf(row, TIER.fine, tick) > 0)) this.#due.push(row * 2)
    if (id === 0 || this.#stream.wattsLengthOf(row) === 0) return
    // Who is told whole anew shows the watts that were told before.
    if (isNew || this.#stream.wattsTickOf(row) === tick) this.#due.push(row * 2 + 1)
  }

  #film(row: number, isWatts: boolean, tick: number, chunk: ReelChunkWriter): void {
    const stream = this.#stream
    const w = chunk.record(row)
    if (isWatts) return stream.copyWatts(row, w)
    const id = this.#idIn(row)
    const isNew = this.#filmedId[row] !== id
    this.#filmedId[row] = id
    if (id === 0) writeRecord(w, { kind: 'leave' })
    else if (isNew || stream.lengthOf(row, TIER.fine, tick) === WHOLE_DUE) stream.copyWhole(row, TIER.fine, w)
    else stream.copy(row, TIER.fine, tick, w)
  }
}

/** Hearts are their owners' affair: who looks on is told of none. Everything else of the table is the table. */
function withoutHearts({ riders, course, conditions }: StreamHost): StreamHost {
  const hearts = { value: new Float64Array(riders.capacity) }
  return { riders: Object.create(riders, { heartRateBpm: hearts }) as Riders, course, conditions }
}
