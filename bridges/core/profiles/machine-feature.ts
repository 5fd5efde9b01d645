import { ByteWriter } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { type Field, fieldTable, type FieldTable, readFields, readLittle, type Values, writeFields } from '../fields.ts'

/** FTMS 1.0 §4.3, characteristic 0x2ACC: bit n of the first word is row n here; undefined rows are bits not used by bikes. */
const MACHINE_BITS = [
  'average-speed',
  'cadence',
  'distance',
  'inclination',
  'elevation',
  'pace',
  'steps',
  'resistance',
  'strides',
  'energy',
  'heart-rate',
  'met',
  'elapsed',
  'remaining',
  'power',
  'belt-force',
  'user-data',
] as const
/** The second word: targets that may be set. */
const TARGET_BITS = [
  'set-speed',
  'set-incline',
  'set-resistance',
  'set-power',
  'set-heart-rate',
  'set-energy',
  'set-steps',
  'set-strides',
  'set-distance',
  'set-time',
  'set-time-in-2-zones',
  'set-time-in-3-zones',
  'set-time-in-5-zones',
  'set-simulation',
  'set-wheel',
  'spin-down',
  'set-cadence',
] as const

export type MachineFeatureName = (typeof MACHINE_BITS)[number] | (typeof TARGET_BITS)[number]

export interface MachineFeature {
  readonly machineBits: number
  readonly targetBits: number
  /** The names of the bits that are set. */
  readonly names: ReadonlySet<MachineFeatureName>
}

export function decodeMachineFeature(bytes: Uint8Array): Decoded<MachineFeature> {
  if (bytes.length < 8) return refused('too-short')
  const machineBits = readLittle(bytes, 0, 4)
  const targetBits = readLittle(bytes, 4, 4)
  const names = new Set<MachineFeatureName>([
    ...MACHINE_BITS.filter((_, bit) => (machineBits & (1 << bit)) !== 0),
    ...TARGET_BITS.filter((_, bit) => (targetBits & (1 << bit)) !== 0),
  ])
  return decoded({ machineBits, targetBits, names })
}

export function encodeMachineFeature(names: Iterable<MachineFeatureName>): Uint8Array {
  const set = new Set<string>(names)
  const word = (rows: readonly string[]) =>
    rows.reduce((bits, name, bit) => (set.has(name) ? bits | (1 << bit) : bits), 0)
  return new ByteWriter().write('u32', word(MACHINE_BITS)).write('u32', word(TARGET_BITS)).bytes()
}

/** Characteristic 0x2AD8. */
const POWER_RANGE = [
  { name: 'minW', kind: 's16' },
  { name: 'maxW', kind: 's16' },
  { name: 'stepW', kind: 'u16' },
] as const satisfies readonly Field[]
/** Characteristic 0x2AD5, as fractions. */
const INCLINE_RANGE = [
  { name: 'minFraction', kind: 's16', step: 0.001 },
  { name: 'maxFraction', kind: 's16', step: 0.001 },
  { name: 'stepFraction', kind: 'u16', step: 0.001 },
] as const satisfies readonly Field[]
/** Characteristic 0x2AD4. */
const SPEED_RANGE = [
  { name: 'minKmh', kind: 'u16', step: 0.01 },
  { name: 'maxKmh', kind: 'u16', step: 0.01 },
  { name: 'stepKmh', kind: 'u16', step: 0.01 },
] as const satisfies readonly Field[]
/** Characteristic 0x2AD6: six bytes on devices, three in the GATT Specification Supplement. */
const RESISTANCE_RANGE = [
  { name: 'min', kind: 's16', step: 0.1 },
  { name: 'max', kind: 's16', step: 0.1 },
  { name: 'step', kind: 'u16', step: 0.1 },
] as const satisfies readonly Field[]
const RESISTANCE_RANGE_SHORT = [
  { name: 'minRawU8', kind: 'u8' },
  { name: 'maxRawU8', kind: 'u8' },
  { name: 'stepRawU8', kind: 'u8' },
] as const satisfies readonly Field[]

const POWER = fieldTable(POWER_RANGE)
const INCLINE = fieldTable(INCLINE_RANGE)
const SPEED = fieldTable(SPEED_RANGE)
const RESISTANCE = fieldTable(RESISTANCE_RANGE)
const RESISTANCE_SHORT = fieldTable(RESISTANCE_RANGE_SHORT)

export type PowerRange = Required<Values<typeof POWER_RANGE>>
export type InclineRange = Required<Values<typeof INCLINE_RANGE>>
export type SpeedRange = Required<Values<typeof SPEED_RANGE>>
export type ResistanceRange = Values<typeof RESISTANCE_RANGE> & Values<typeof RESISTANCE_RANGE_SHORT>

export const decodePowerRange = (bytes: Uint8Array): Decoded<PowerRange> => decodeRange(POWER, bytes, ['minW', 'maxW'])
export const encodePowerRange = (value: PowerRange): Uint8Array => encodeRange(POWER, value)

export const decodeInclineRange = (bytes: Uint8Array): Decoded<InclineRange> =>
  decodeRange(INCLINE, bytes, ['minFraction', 'maxFraction'])
export const encodeInclineRange = (value: InclineRange): Uint8Array => encodeRange(INCLINE, value)

export const decodeSpeedRange = (bytes: Uint8Array): Decoded<SpeedRange> =>
  decodeRange(SPEED, bytes, ['minKmh', 'maxKmh'])
export const encodeSpeedRange = (value: SpeedRange): Uint8Array => encodeRange(SPEED, value)

export const decodeResistanceRange = (bytes: Uint8Array): Decoded<ResistanceRange> =>
  bytes.length === 3
    ? decodeRange(RESISTANCE_SHORT, bytes, ['minRawU8', 'maxRawU8'])
    : decodeRange(RESISTANCE, bytes, ['min', 'max'])

/** In the one-byte form where the value is in that form. */
export const encodeResistanceRange = (value: ResistanceRange): Uint8Array =>
  encodeRange(value.maxRawU8 === undefined ? RESISTANCE : RESISTANCE_SHORT, value)

/** A range whose ends are the wrong way round is none. */
function decodeRange<T>(table: FieldTable, bytes: Uint8Array, [min, max]: readonly [string, string]): Decoded<T> {
  const value: Record<string, number> = {}
  if (readFields(value, table, bytes, 0, 0) < 0) return refused('too-short')
  return value[min]! <= value[max]! ? decoded(value as T) : refused('out-of-range')
}

function encodeRange(table: FieldTable, value: Readonly<Record<string, number | undefined>>): Uint8Array {
  const w = new ByteWriter()
  writeFields(table, w, 0, value)
  return w.bytes()
}
