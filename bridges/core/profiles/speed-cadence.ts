import { ByteWriter } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { type Field, fieldTable, flagsFor, readFields, type Values, writeFields } from '../fields.ts'

/** Cycling Speed and Cadence 1.0, characteristic 0x2A5B: u8 flags, then counters with the time of the last turn, 1/1024 s. */
const SPEED_CADENCE = [
  { name: 'wheelRevolutions', bit: 0, kind: 'u32' },
  { name: 'wheelTime1024', bit: 0, kind: 'u16' },
  { name: 'crankRevolutions', bit: 1, kind: 'u16' },
  { name: 'crankTime1024', bit: 1, kind: 'u16' },
] as const satisfies readonly Field[]

const TABLE = fieldTable(SPEED_CADENCE)

export type SpeedCadence = Values<typeof SPEED_CADENCE>

export function decodeSpeedCadence(bytes: Uint8Array): Decoded<SpeedCadence> {
  if (bytes.length === 0) return refused('too-short')
  const value: SpeedCadence = {}
  const end = readFields(value as Record<string, number>, TABLE, bytes, 1, bytes[0]!)
  return end < 0 ? refused('too-short') : decoded(value)
}

export function encodeSpeedCadence(value: SpeedCadence): Uint8Array {
  const flags = flagsFor(TABLE, value)
  const w = new ByteWriter().write('u8', flags)
  writeFields(TABLE, w, flags, value)
  return w.bytes()
}

/** Characteristic 0x2A5C: which counters the sensor has. */
export interface SpeedCadenceFeature {
  readonly hasWheel: boolean
  readonly hasCrank: boolean
}

export function decodeSpeedCadenceFeature(bytes: Uint8Array): Decoded<SpeedCadenceFeature> {
  if (bytes.length < 2) return refused('too-short')
  return decoded({ hasWheel: (bytes[0]! & 1) !== 0, hasCrank: (bytes[0]! & 2) !== 0 })
}

export const encodeSpeedCadenceFeature = ({ hasWheel, hasCrank }: SpeedCadenceFeature): Uint8Array =>
  Uint8Array.of((hasWheel ? 1 : 0) | (hasCrank ? 2 : 0), 0)
