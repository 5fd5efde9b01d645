import { ByteWriter } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { type Field, fieldTable, flagsFor, lengthOf, readFields, type Values, writeFields } from '../fields.ts'

/**
 * FTMS 1.0 §4.9, characteristic 0x2AD2: u16 flags, then the fields present, in this order. Bit 0 is "More Data": speed
 * is there when it is *clear*, so the table reads flags with bit 0 turned over.
 */
const INDOOR_BIKE_DATA = [
  { name: 'speedKmh', bit: 0, kind: 'u16', step: 0.01 },
  { name: 'averageSpeedKmh', bit: 1, kind: 'u16', step: 0.01 },
  { name: 'cadenceRpm', bit: 2, kind: 'u16', step: 0.5 },
  { name: 'averageCadenceRpm', bit: 3, kind: 'u16', step: 0.5 },
  { name: 'distanceM', bit: 4, kind: 'u24' },
  { name: 'resistanceLevel', bit: 5, kind: 's16' },
  { name: 'powerW', bit: 6, kind: 's16' },
  { name: 'averagePowerW', bit: 7, kind: 's16' },
  { name: 'energyKcal', bit: 8, kind: 'u16', none: 0xffff },
  { name: 'energyPerHourKcal', bit: 8, kind: 'u16', none: 0xffff },
  { name: 'energyPerMinuteKcal', bit: 8, kind: 'u8', none: 0xff },
  { name: 'heartRateBpm', bit: 9, kind: 'u8' },
  { name: 'met', bit: 10, kind: 'u8', step: 0.1 },
  { name: 'elapsedS', bit: 11, kind: 'u16' },
  { name: 'remainingS', bit: 12, kind: 'u16' },
] as const satisfies readonly Field[]

// The GATT Specification Supplement gives the resistance level one byte, FTMS 1.0 and every trainer seen gives it two.
// Only the length of the whole tells them apart; the byte keeps a name of its own, since its unit differs.
const WIDE = fieldTable(INDOOR_BIKE_DATA)
const SHORT = fieldTable(
  INDOOR_BIKE_DATA.map((f) =>
    f.name === 'resistanceLevel' ? ({ ...f, name: 'resistanceRawU8', kind: 'u8' } as const) : f,
  ),
)

export type IndoorBikeData = Values<typeof INDOOR_BIKE_DATA> & {
  /** Resistance in the one-byte form, as counted. */
  resistanceRawU8?: number
}

const RESISTANCE = 1 << 5
const MORE_DATA = 1
const FLAGS_KNOWN = 0x1fff
const FLAGS_BYTES = 2

/** A record may come in two parts: what is missing here stays as it was. Bytes beyond the known fields are allowed. */
export function decodeIndoorBikeData(bytes: Uint8Array): Decoded<IndoorBikeData> {
  const value: IndoorBikeData = {}
  return readIndoorBikeData(value, bytes) ? decoded(value) : refused('too-short')
}

/** Sets what this notification says and leaves the rest of `into` alone; false: it ends too early, and nothing was set. */
export function readIndoorBikeData(into: IndoorBikeData, bytes: Uint8Array): boolean {
  if (bytes.length < FLAGS_BYTES) return false
  const flags = indoorBikeFlags(bytes)
  const wideBytes = FLAGS_BYTES + lengthOf(WIDE, flags)
  const isShort = (flags & RESISTANCE) !== 0 && bytes.length === wideBytes - 1
  if (bytes.length < wideBytes && !isShort) return false
  readFields(into as Record<string, number>, isShort ? SHORT : WIDE, bytes, FLAGS_BYTES, flags)
  return true
}

/** Which fields are there, bit 0 turned over: set where there is a speed, clear where more is to come of the record. */
export const indoorBikeFlags = (bytes: Uint8Array): number =>
  bytes.length < FLAGS_BYTES ? 0 : ((bytes[0]! | (bytes[1]! << 8)) & FLAGS_KNOWN) ^ MORE_DATA

/** A value without a speed is the first part of a record: More Data is set, the rest follows. */
export function encodeIndoorBikeData(value: IndoorBikeData): Uint8Array {
  const table = value.resistanceRawU8 === undefined ? WIDE : SHORT
  const flags = flagsFor(table, value)
  const w = new ByteWriter().write('u16', flags ^ MORE_DATA)
  writeFields(table, w, flags, value)
  return w.bytes()
}
