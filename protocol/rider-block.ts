import { readGolomb, writeGolomb } from './codes.ts'
import { decoded, type Decoded, refused } from './decoded.ts'
import { SLOTS } from './limits.ts'
import type { BitReader } from './reader.ts'
import { readRecord, writeRecord } from './rider-record.ts'
import type { RecordBody } from './rider-stream.ts'
import type { BitWriter } from './writer.ts'

export interface SlotRecord {
  readonly slot: number
  /** Ticks between the record and its packet; 0: of the packet's own tick. */
  readonly age: number
  readonly body: RecordBody
}

/** News older than this is not told any more: the rider is told whole. */
export const AGE_MAX = 63
/** Orders of the codes: a section has some eight records of 64 riders, seven quiet slots between two. */
export const AGE_K = 0
export const COUNT_K = 2
export const GAP_K = 2

/**
 * The rider block of a packet: a bit, whether there is news, then sections, each of one tick, oldest first; in a section records by rising slot, one a slot.
 * A section: age · count − 1 · for each record the quiet slots since the last one, and the record; after a section that is
 * not of the packet's own tick a bit: another follows. Servers compose bits instead (server/world/packets).
 */
export function writeRiderBlock(w: BitWriter, records: readonly SlotRecord[]): void {
  let i = 0
  w.flag(records.length > 0)
  while (i < records.length) {
    const { age } = records[i]!
    let end = i
    while (end < records.length && records[end]!.age === age) end++
    writeGolomb(w, age, AGE_K)
    writeGolomb(w, end - i - 1, COUNT_K)
    let slot = -1
    for (; i < end; i++) {
      const record = records[i]!
      writeGolomb(w, record.slot - slot - 1, GAP_K)
      writeRecord(w, record.body)
      slot = record.slot
    }
    if (age > 0) w.flag(end < records.length)
  }
}

/** How many bits of a block were what, for those who count. */
export type CountBits = (kind: 'slots' | RecordBody['kind'], bits: number, body?: RecordBody) => void

/** Reads the block whole; nothing is believed until the packet has been read to its end. */
export function readRiderBlock(r: BitReader, count?: CountBits): Decoded<readonly SlotRecord[]> {
  const records: SlotRecord[] = []
  count?.('slots', 1)
  let ageBefore = AGE_MAX + 1
  for (let more = r.flag(); more;) {
    const beganLeft = r.bitsLeft
    let recordBits = 0
    const age = readGolomb(r, AGE_K)
    if (r.overrun) return refused('truncated-or-trailing')
    if (age > AGE_MAX) return refused('out-of-range')
    if (age >= ageBefore) return refused('not-canonical')
    ageBefore = age
    const recordCount = readGolomb(r, COUNT_K) + 1
    let slot = -1
    for (let i = 0; i < recordCount; i++) {
      slot += readGolomb(r, GAP_K) + 1
      if (r.overrun) return refused('truncated-or-trailing')
      if (slot >= SLOTS) return refused('out-of-range')
      const left = r.bitsLeft
      const body = readRecord(r)
      if (!body.ok) return body
      count?.(body.value.kind, left - r.bitsLeft, body.value)
      recordBits += left - r.bitsLeft
      records.push({ slot, age, body: body.value })
    }
    more = age > 0 && r.flag()
    count?.('slots', beganLeft - r.bitsLeft - recordBits)
  }
  return r.overrun ? refused('truncated-or-trailing') : decoded(records)
}
