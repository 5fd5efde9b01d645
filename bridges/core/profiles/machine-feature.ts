import { ByteReader, ByteWriter } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { type Field, readFields, type Values, writeFields } from '../fields.ts'

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
  const r = new ByteReader(bytes)
  const machineBits = r.read('u32')
  const targetBits = r.read('u32')
  if (r.isOverrun) return refused('too-short')
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
  { name: 'minW', kind: 's16', step: 1 },
  { name: 'maxW', kind: 's16', step: 1 },
  { name: 'stepW', kind: 'u16', step: 1 },
] as const satisfies readonly Field[]
/** Characteristic 0x2AD6: six bytes on devices, three in the GATT Specification Supplement. */
const RESISTANCE_RANGE = [
  { name: 'min', kind: 's16', step: 0.1 },
  { name: 'max', kind: 's16', step: 0.1 },
  { name: 'step', kind: 'u16', step: 0.1 },
] as const satisfies readonly Field[]
const RESISTANCE_RANGE_SHORT = [
  { name: 'minRawU8', kind: 'u8', step: 1 },
  { name: 'maxRawU8', kind: 'u8', step: 1 },
  { name: 'stepRawU8', kind: 'u8', step: 1 },
] as const satisfies readonly Field[]

export type PowerRange = Required<Values<typeof POWER_RANGE>>
export type ResistanceRange = Values<typeof RESISTANCE_RANGE> & Values<typeof RESISTANCE_RANGE_SHORT>

export function decodePowerRange(bytes: Uint8Array): Decoded<PowerRange> {
  const r = new ByteReader(bytes)
  const value = readFields(POWER_RANGE, r, 0) as PowerRange
  if (r.isOverrun) return refused('too-short')
  return value.minW <= value.maxW ? decoded(value) : refused('out-of-range')
}

export function encodePowerRange(value: PowerRange): Uint8Array {
  const w = new ByteWriter()
  writeFields(POWER_RANGE, w, 0, value)
  return w.bytes()
}

export function decodeResistanceRange(bytes: Uint8Array): Decoded<ResistanceRange> {
  const r = new ByteReader(bytes)
  const value: ResistanceRange = readFields(bytes.length === 3 ? RESISTANCE_RANGE_SHORT : RESISTANCE_RANGE, r, 0)
  return r.isOverrun ? refused('too-short') : decoded(value)
}

export function encodeResistanceRange(value: Required<Values<typeof RESISTANCE_RANGE>>): Uint8Array {
  const w = new ByteWriter()
  writeFields(RESISTANCE_RANGE, w, 0, value)
  return w.bytes()
}
