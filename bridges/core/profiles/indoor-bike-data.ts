import { ByteReader, ByteWriter, KIND_BYTES } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { type Field, flagsFor, readFields, type Values, writeFields } from '../fields.ts'

/**
 * FTMS 1.0 §4.9, characteristic 0x2AD2: u16 flags, then the fields present, in this order. Bit 0 is "More Data": speed
 * is there when it is *clear*, so the table reads flags with bit 0 turned over.
 */
const INDOOR_BIKE_DATA = [
  { name: 'speedKmh', bit: 0, kind: 'u16', step: 0.01 },
  { name: 'averageSpeedKmh', bit: 1, kind: 'u16', step: 0.01 },
  { name: 'cadenceRpm', bit: 2, kind: 'u16', step: 0.5 },
  { name: 'averageCadenceRpm', bit: 3, kind: 'u16', step: 0.5 },
  { name: 'distanceM', bit: 4, kind: 'u24', step: 1 },
  { name: 'resistanceLevel', bit: 5, kind: 's16', step: 1 },
  { name: 'powerW', bit: 6, kind: 's16', step: 1 },
  { name: 'averagePowerW', bit: 7, kind: 's16', step: 1 },
  { name: 'energyKcal', bit: 8, kind: 'u16', step: 1, none: 0xffff },
  { name: 'energyPerHourKcal', bit: 8, kind: 'u16', step: 1, none: 0xffff },
  { name: 'energyPerMinuteKcal', bit: 8, kind: 'u8', step: 1, none: 0xff },
  { name: 'heartRateBpm', bit: 9, kind: 'u8', step: 1 },
  { name: 'met', bit: 10, kind: 'u8', step: 0.1 },
  { name: 'elapsedS', bit: 11, kind: 'u16', step: 1 },
  { name: 'remainingS', bit: 12, kind: 'u16', step: 1 },
] as const satisfies readonly Field[]

// The GATT Specification Supplement gives the resistance level one byte, FTMS 1.0 and every trainer seen gives it two.
// Only the length of the whole tells them apart; the byte keeps a name of its own, since its unit differs.
const INDOOR_BIKE_DATA_SHORT = INDOOR_BIKE_DATA.map((f) =>
  f.name === 'resistanceLevel' ? ({ ...f, name: 'resistanceRawU8', kind: 'u8' } as const) : f,
)

export type IndoorBikeData = Values<typeof INDOOR_BIKE_DATA> & {
  /** Resistance in the one-byte form, as counted. */
  resistanceRawU8?: number
}

const RESISTANCE_BIT = 5
const MORE_DATA = 1
const FLAGS_KNOWN = 0x1fff

/** A record may come in two parts: what is missing here stays as it was. Bytes beyond the known fields are allowed. */
export function decodeIndoorBikeData(bytes: Uint8Array): Decoded<IndoorBikeData> {
  const r = new ByteReader(bytes)
  const flags = (r.read('u16') & FLAGS_KNOWN) ^ MORE_DATA
  const isShort = (flags & (1 << RESISTANCE_BIT)) !== 0 && bytes.length === lengthFor(flags) - 1
  const value: IndoorBikeData = readFields(isShort ? INDOOR_BIKE_DATA_SHORT : INDOOR_BIKE_DATA, r, flags)
  if (r.isOverrun) return refused('too-short')
  return decoded(value)
}

export function encodeIndoorBikeData(value: IndoorBikeData): Uint8Array {
  const table = value.resistanceRawU8 === undefined ? INDOOR_BIKE_DATA : INDOOR_BIKE_DATA_SHORT
  const flags = flagsFor(table, value)
  const w = new ByteWriter().write('u16', flags ^ MORE_DATA)
  writeFields(table, w, flags, value)
  return w.bytes()
}

function lengthFor(flags: number): number {
  let bytes = 2
  for (const field of INDOOR_BIKE_DATA) if ((flags & (1 << field.bit)) !== 0) bytes += KIND_BYTES[field.kind]
  return bytes
}
