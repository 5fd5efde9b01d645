import { ByteReader, ByteWriter } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { type Field, flagsFor, readFields, type Values, writeFields } from '../fields.ts'

/** Cycling Speed and Cadence 1.0, characteristic 0x2A5B: u8 flags, then counters with the time of the last turn, 1/1024 s. */
const SPEED_CADENCE = [
  { name: 'wheelRevolutions', bit: 0, kind: 'u32', step: 1 },
  { name: 'wheelTime1024', bit: 0, kind: 'u16', step: 1 },
  { name: 'crankRevolutions', bit: 1, kind: 'u16', step: 1 },
  { name: 'crankTime1024', bit: 1, kind: 'u16', step: 1 },
] as const satisfies readonly Field[]

export type SpeedCadence = Values<typeof SPEED_CADENCE>

export function decodeSpeedCadence(bytes: Uint8Array): Decoded<SpeedCadence> {
  const r = new ByteReader(bytes)
  const value = readFields(SPEED_CADENCE, r, r.read('u8'))
  return r.isOverrun ? refused('too-short') : decoded(value)
}

export function encodeSpeedCadence(value: SpeedCadence): Uint8Array {
  const flags = flagsFor(SPEED_CADENCE, value)
  const w = new ByteWriter().write('u8', flags)
  writeFields(SPEED_CADENCE, w, flags, value)
  return w.bytes()
}
