import { REEL_CHUNK_TICKS, ReelChunkWriter } from '#protocol/reel'
import { writeRecord } from '#protocol/rider-record'
import { TIER } from '#protocol/rider-state'
import { RiderStream, type StreamHost, WHOLE_DUE } from './stream.ts'

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
  #chunk: ReelChunkWriter | undefined
  #firstTick = 0

  constructor(host: StreamHost, onChunk: (firstTick: number, bytes: Uint8Array) => void) {
    this.#host = host
    this.#stream = new RiderStream(host)
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
    for (let row = 0; row < this.#filmedId.length; row++) this.#note(row, tick)
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
    if (this.#chunk === undefined || tick % REEL_CHUNK_TICKS === 0) {
      this.finish()
      this.#chunk = new ReelChunkWriter(tick)
      this.#firstTick = tick
      this.#filmedId.fill(0)
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
