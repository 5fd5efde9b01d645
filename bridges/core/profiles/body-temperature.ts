import { ByteReader } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { type Field, readFields, type Values } from '../fields.ts'

/** A body temperature sensor's characteristic 00002101-5b1e-4347-b07c-97b514dae121: u8 flags, core temperature, then these. */
const BODY_TEMPERATURE = [
  { name: 'coreC', kind: 's16', step: 0.01, none: 0x7fff },
  { name: 'skinC', bit: 0, kind: 's16', step: 0.01, none: 0x7fff },
  { name: 'reserved', bit: 1, kind: 's16', step: 1 },
  { name: 'quality', bit: 2, kind: 'u8', step: 1 },
  { name: 'heartRateBpm', bit: 4, kind: 'u8', step: 1 },
] as const satisfies readonly Field[]

export type BodyTemperature = Values<typeof BODY_TEMPERATURE> & { isFahrenheit?: boolean }

export function decodeBodyTemperature(bytes: Uint8Array): Decoded<BodyTemperature> {
  const r = new ByteReader(bytes)
  const flags = r.read('u8')
  const value: BodyTemperature = readFields(BODY_TEMPERATURE, r, flags)
  if (flags & 8) value.isFahrenheit = true
  return r.isOverrun ? refused('too-short') : decoded(value)
}
