import { readGolomb, writeGolomb } from './codes.ts'
import { decoded, type Decoded, refused } from './decoded.ts'
import type { RiderId, Tick } from './ids.ts'
import { BitReader } from './reader.ts'
import { readRecord } from './rider-record.ts'
import type { RiderRecord } from './rider-stream.ts'
import { BitWriter } from './writer.ts'

/**
 * A reel: the records of a whole room, kept. It is cut into chunks that stand alone, each beginning with everybody told
 * whole, so that a film opens at any chunk; between the records the shared prediction fills in, as on a live line.
 *
 *     chunk   u32 first tick · u16 ticks · the ticks, one after the other
 *     tick    count of records (Exp-Golomb, order 0) · the records, by slot · zero bits to a whole byte
 *     record  slot, as the step from the one before it (order 2) · one record as in a rider block
 *
 * A slot belongs to the rider it was told whole for, until a record says `leave`. docs/replay.md, [S1] to [S4].
 */

/** A chunk lasts a minute: as far apart as the checkpoints of a journal. */
export const REEL_CHUNK_TICKS = 1200
/** Bounds of what is believed when a chunk is read. */
export const REEL_SLOTS_MAX = 4096
const TICK_BYTES_MAX = 1 << 17
const SLOT_K = 2

/** One tick of a chunk. */
export interface ReelTick {
  readonly tick: Tick
  readonly records: readonly RiderRecord[]
}

/** Writes one chunk, tick by tick. */
export class ReelChunkWriter {
  readonly #parts: Uint8Array[] = []
  readonly #firstTick: number
  readonly #writer = new BitWriter(TICK_BYTES_MAX)
  #ticks = 0
  #lastSlot = 0

  constructor(firstTick: number) {
    this.#firstTick = firstTick
  }

  /** `count` records follow by `record`, in the order of their slots. */
  begin(count: number): void {
    this.#writer.reset()
    this.#lastSlot = 0
    writeGolomb(this.#writer, count, 0)
  }

  /** Where the record of a slot is to be written, by `writeRecord` or as a copy of one. */
  record(slot: number): BitWriter {
    writeGolomb(this.#writer, slot - this.#lastSlot, SLOT_K)
    this.#lastSlot = slot
    return this.#writer
  }

  end(): void {
    this.#parts.push(this.#writer.finish())
    this.#ticks++
  }

  get ticks(): number {
    return this.#ticks
  }

  finish(): Uint8Array {
    const head = new BitWriter(6)
    head.bits(this.#firstTick, 32)
    head.bits(this.#ticks, 16)
    const all = [head.finish(), ...this.#parts]
    const bytes = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of all) {
      bytes.set(part, at)
      at += part.length
    }
    return bytes
  }
}

/**
 * Everything a chunk says, or why it is none. A live reel is cut finer than it tells everybody whole: `riderOf` is then
 * what the chunks before it have left, by slot; it is brought up to date.
 */
export function decodeReelChunk(bytes: Uint8Array, riderOf = new Map<number, RiderId>()): Decoded<readonly ReelTick[]> {
  const r = new BitReader(bytes)
  const firstTick = r.bits(32)
  const count = r.bits(16)
  const ticks: ReelTick[] = []
  for (let i = 0; i < count; i++) {
    const records = readTick(r, (firstTick + i) as Tick, riderOf)
    if (!records.ok) return records
    ticks.push({ tick: (firstTick + i) as Tick, records: records.value })
  }
  return r.finished ? decoded(ticks) : refused('truncated-or-trailing')
}

function readTick(r: BitReader, tick: Tick, riderOf: Map<number, RiderId>): Decoded<readonly RiderRecord[]> {
  const records: RiderRecord[] = []
  let slot = 0
  const count = readGolomb(r, 0)
  // A rider's record has three bits at the least: a count beyond what is left is no count.
  if (count > r.bitsLeft) return refused('truncated-or-trailing')
  for (let i = 0; i < count; i++) {
    slot += readGolomb(r, SLOT_K)
    if (slot >= REEL_SLOTS_MAX) return refused('out-of-range')
    const body = readRecord(r)
    if (!body.ok) return body
    if (body.value.kind === 'absolute') riderOf.set(slot, body.value.id)
    const riderId = riderOf.get(slot)
    if (riderId === undefined) return refused('out-of-range')
    if (body.value.kind === 'leave') riderOf.delete(slot)
    records.push({ ...body.value, tick, riderId })
  }
  r.align()
  return r.overrun ? refused('truncated-or-trailing') : decoded(records)
}
