import { decoded, type Decoded, refused } from './decoded.ts'
import { fromCount, readFields, writeFields } from './fields.ts'
import type { RiderId } from './ids.ts'
import { CADENCE_MAX_RPM, HEART_RATE_MAX_BPM, POWER_MAX_W, VIEW_RIDERS_MAX } from './limits.ts'
import type { BitReader } from './reader.ts'
import {
  BODY_FIELDS,
  CORRECTION_FIELDS,
  CORRECTION_STATE_FIELDS,
  createRiderState,
  MOTION_FIELDS,
  type RiderState,
  TELEMETRY_FIELDS,
} from './rider-state.ts'
import type { Correction, Telemetry } from './rider-stream.ts'
import type { BitWriter } from './writer.ts'

/** What a record says, before slot and age have become rider and tick. */
export type RecordBody =
  | { readonly kind: 'absolute'; readonly riderId: RiderId; readonly state: RiderState }
  | Correction
  | { readonly kind: 'telemetry'; readonly telemetry: Telemetry }
  | { readonly kind: 'leave' }

export interface SlotRecord {
  readonly slot: number
  /** Ticks between the record and its packet; 0: fresh. */
  readonly age: number
  readonly body: RecordBody
}

export const RIDER_ID_BITS = 24
export const SLOT_COUNT_BITS = 9
/** Ages 2 … 17 have four bits. */
const AGE_MAX = 17

/** 0 · 10 · 11 + age − 2 in four bits. After an old record one bit says whether another record of the slot follows. */
export function writeAge(w: BitWriter, age: number): void {
  if (age === 0) w.bits(0, 1)
  else if (age === 1) w.bits(0b01, 2)
  else {
    w.bits(0b11, 2)
    w.bits(age - 2, 4)
  }
}

function readAge(r: BitReader): number {
  if (!r.flag()) return 0
  return r.flag() ? r.bits(4) + 2 : 1
}

/** Kinds as bits in the order sent: 0 telemetry · 10 correction · 110 absolute · 111 leave. */
export function writeRecord(w: BitWriter, body: RecordBody): void {
  switch (body.kind) {
    case 'telemetry':
      w.bits(0, 1)
      writeTelemetry(w, body.telemetry)
      return
    case 'correction':
      w.bits(0b01, 2)
      writeFields(w, CORRECTION_FIELDS, body)
      writeFields(w, CORRECTION_STATE_FIELDS, body)
      w.flag(body.telemetry !== undefined)
      if (body.telemetry !== undefined) writeTelemetry(w, body.telemetry)
      return
    case 'absolute':
      writeAbsolute(w, body.riderId, body.state)
      return
    case 'leave':
      w.bits(0b111, 3)
  }
}

export function writeAbsolute(w: BitWriter, riderId: RiderId, state: Readonly<RiderState>): void {
  w.bits(0b011, 3)
  w.bits(riderId, RIDER_ID_BITS)
  writeFields(w, MOTION_FIELDS, state)
  writeFields(w, BODY_FIELDS, state)
  writeFields(w, TELEMETRY_FIELDS, state)
}

/** One bit a quantity: changed, then its value. */
function writeTelemetry(w: BitWriter, news: Telemetry): void {
  for (const field of TELEMETRY_FIELDS) {
    const value = news[field[0]]
    w.flag(value !== undefined)
    if (value !== undefined) w.bits(Math.round(value / field[2]), field[1])
  }
}

/** The rider block of a packet made from records in slot order, oldest first in a slot. Servers compose bits instead. */
export function writeRiderBlock(w: BitWriter, records: readonly SlotRecord[]): void {
  const slotCount = records.length === 0 ? 0 : records.at(-1)!.slot + 1
  w.bits(slotCount, SLOT_COUNT_BITS)
  let i = 0
  for (let slot = 0; slot < slotCount; slot++) {
    w.flag(records[i]!.slot === slot)
    while (i < records.length && records[i]!.slot === slot) {
      const { age, body } = records[i]!
      writeAge(w, age)
      writeRecord(w, body)
      i++
      if (age > 0) w.flag(i < records.length && records[i]!.slot === slot)
    }
  }
}

/** Reads the block whole; nothing is believed until the packet has been read to its end. */
export function readRiderBlock(r: BitReader): Decoded<readonly SlotRecord[]> {
  const slotCount = r.bits(SLOT_COUNT_BITS)
  if (slotCount > VIEW_RIDERS_MAX) return refused('out-of-range')
  const records: SlotRecord[] = []
  for (let slot = 0; slot < slotCount && !r.overrun; slot++) {
    const isHere = r.flag()
    if (!isHere && slot === slotCount - 1) return refused(r.overrun ? 'truncated-or-trailing' : 'not-canonical')
    let more = isHere
    let ageBefore = AGE_MAX + 1
    while (more && !r.overrun) {
      const age = readAge(r)
      if (age >= ageBefore) return refused('not-canonical')
      const body = readRecord(r)
      if (!body.ok) return body
      records.push({ slot, age, body: body.value })
      ageBefore = age
      more = age > 0 && r.flag()
    }
  }
  return r.overrun ? refused('truncated-or-trailing') : decoded(records)
}

function readRecord(r: BitReader): Decoded<RecordBody> {
  if (!r.flag()) {
    const telemetry = readTelemetry(r)
    return telemetry.ok ? decoded({ kind: 'telemetry', telemetry: telemetry.value }) : telemetry
  }
  if (!r.flag()) return readCorrection(r)
  return r.flag() ? decoded({ kind: 'leave' }) : readAbsolute(r)
}

function readCorrection(r: BitReader): Decoded<RecordBody> {
  const body = { placeM: 0, speedMps: 0, lateralM: 0, lateralMps: 0, draftFactor: 0, flags: 0 }
  readFields(r, CORRECTION_FIELDS, body)
  readFields(r, CORRECTION_STATE_FIELDS, body)
  if (!r.flag()) return decoded({ kind: 'correction', ...body, telemetry: undefined })
  const telemetry = readTelemetry(r)
  return telemetry.ok ? decoded({ kind: 'correction', ...body, telemetry: telemetry.value }) : telemetry
}

function readAbsolute(r: BitReader): Decoded<RecordBody> {
  const riderId = r.bits(RIDER_ID_BITS) as RiderId
  const state = createRiderState()
  readFields(r, MOTION_FIELDS, state)
  readFields(r, BODY_FIELDS, state)
  readFields(r, TELEMETRY_FIELDS, state)
  if (r.overrun) return refused('truncated-or-trailing')
  if (riderId === 0 || !isTelemetryPossible(state)) return refused('out-of-range')
  return decoded({ kind: 'absolute', riderId, state })
}

function readTelemetry(r: BitReader): Decoded<Telemetry> {
  const news: { -readonly [K in keyof Telemetry]: Telemetry[K] } = {
    powerW: undefined,
    cadenceRpm: undefined,
    heartRateBpm: undefined,
  }
  let changes = 0
  for (const field of TELEMETRY_FIELDS) {
    if (!r.flag()) continue
    changes++
    news[field[0]] = fromCount(r.bits(field[1]), field)
  }
  if (r.overrun) return refused('truncated-or-trailing')
  if (changes === 0) return refused('not-canonical')
  return isTelemetryPossible(news) ? decoded(news) : refused('out-of-range')
}

function isTelemetryPossible(news: Telemetry): boolean {
  return (
    (news.powerW ?? 0) <= POWER_MAX_W &&
    (news.cadenceRpm ?? 0) <= CADENCE_MAX_RPM &&
    (news.heartRateBpm ?? 0) <= HEART_RATE_MAX_BPM
  )
}
