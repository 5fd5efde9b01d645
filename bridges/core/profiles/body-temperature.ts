import { ByteWriter } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { type Field, fieldTable, flagsFor, readFields, type Values, writeFields } from '../fields.ts'

/** A body temperature sensor's characteristic 00002101-5b1e-4347-b07c-97b514dae121: u8 flags, core temperature, then these. */
const BODY_TEMPERATURE = [
  { name: 'coreC', kind: 's16', step: 0.01, none: 0x7fff },
  { name: 'skinC', bit: 0, kind: 's16', step: 0.01, none: 0x7fff },
  { name: 'reserved', bit: 1, kind: 's16' },
  { name: 'quality', bit: 2, kind: 'u8' },
  { name: 'heartRateBpm', bit: 4, kind: 'u8' },
] as const satisfies readonly Field[]

const FAHRENHEIT = 8
const TABLE = fieldTable(BODY_TEMPERATURE)

export type BodyTemperature = Values<typeof BODY_TEMPERATURE> & { isFahrenheit?: boolean }

export function decodeBodyTemperature(bytes: Uint8Array): Decoded<BodyTemperature> {
  if (bytes.length === 0) return refused('too-short')
  const flags = bytes[0]!
  const value: BodyTemperature = {}
  const end = readFields(value as unknown as Record<string, number>, TABLE, bytes, 1, flags)
  if (flags & FAHRENHEIT) value.isFahrenheit = true
  return end < 0 ? refused('too-short') : decoded(value)
}

export function encodeBodyTemperature({ isFahrenheit, ...value }: BodyTemperature): Uint8Array {
  const flags = flagsFor(TABLE, value)
  const w = new ByteWriter().write('u8', isFahrenheit === true ? flags | FAHRENHEIT : flags)
  writeFields(TABLE, w, flags, value)
  return w.bytes()
}
