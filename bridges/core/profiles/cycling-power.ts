import { ByteWriter } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { type Field, fieldTable, flagsFor, readFields, type Values, writeFields } from '../fields.ts'

/** Cycling Power Service 1.1, characteristic 0x2A63: u16 flags, power always (signed), then what the flags announce. */
const CYCLING_POWER = [
  { name: 'powerW', kind: 's16' },
  { name: 'balancePercent', bit: 0, kind: 'u8', step: 0.5, countMax: 200 },
  /** 1/32 Nm, rolls over. */
  { name: 'accumulatedTorque32', bit: 2, kind: 'u16' },
  { name: 'wheelRevolutions', bit: 4, kind: 'u32' },
  /** 1/2048 s here, 1/1024 s in the speed and cadence profile. */
  { name: 'wheelTime2048', bit: 4, kind: 'u16' },
  { name: 'crankRevolutions', bit: 5, kind: 'u16' },
  { name: 'crankTime1024', bit: 5, kind: 'u16' },
  { name: 'forceMaxN', bit: 6, kind: 's16' },
  { name: 'forceMinN', bit: 6, kind: 's16' },
  { name: 'torqueMaxNm', bit: 7, kind: 's16', step: 1 / 32 },
  { name: 'torqueMinNm', bit: 7, kind: 's16', step: 1 / 32 },
  /** Two angles of twelve bits: the largest force's in the low half, the smallest's in the high half. */
  { name: 'angles12', bit: 8, kind: 'u24' },
  { name: 'topDeadSpotDeg', bit: 9, kind: 'u16', countMax: 360 },
  { name: 'bottomDeadSpotDeg', bit: 10, kind: 'u16', countMax: 360 },
  { name: 'energyKj', bit: 11, kind: 'u16' },
] as const satisfies readonly Field[]

const TABLE = fieldTable(CYCLING_POWER)
const FLAGS_BYTES = 2

/** Flags that stand for themselves. */
const BALANCE_FROM_LEFT = 1 << 1
const TORQUE_FROM_CRANK = 1 << 3
const OFFSET_INDICATOR = 1 << 12

export type CyclingPower = Omit<Values<typeof CYCLING_POWER>, 'angles12' | 'powerW'> & {
  powerW: number
  angleMaxDeg?: number
  angleMinDeg?: number
  isBalanceFromLeft?: boolean
  isTorqueFromCrank?: boolean
  isOffsetIndicated?: boolean
}

export function decodeCyclingPower(bytes: Uint8Array): Decoded<CyclingPower> {
  if (bytes.length < FLAGS_BYTES) return refused('too-short')
  const flags = bytes[0]! | (bytes[1]! << 8)
  const value = { powerW: 0 } as CyclingPower & { angles12?: number }
  if (readFields(value as unknown as Record<string, number>, TABLE, bytes, FLAGS_BYTES, flags) < 0)
    return refused('too-short')
  const { angles12 } = value
  if (angles12 !== undefined) {
    delete value.angles12
    value.angleMaxDeg = angles12 & 0xfff
    value.angleMinDeg = angles12 >>> 12
  }
  if (flags & BALANCE_FROM_LEFT) value.isBalanceFromLeft = true
  if (flags & TORQUE_FROM_CRANK) value.isTorqueFromCrank = true
  if (flags & OFFSET_INDICATOR) value.isOffsetIndicated = true
  return decoded(value)
}

export function encodeCyclingPower(value: CyclingPower): Uint8Array {
  const { angleMaxDeg, angleMinDeg, isBalanceFromLeft, isTorqueFromCrank, isOffsetIndicated, ...rest } = value
  const values: Values<typeof CYCLING_POWER> = rest
  if (angleMaxDeg !== undefined || angleMinDeg !== undefined)
    values.angles12 = ((angleMaxDeg ?? 0) & 0xfff) | (((angleMinDeg ?? 0) & 0xfff) << 12)
  const layout = flagsFor(TABLE, values)
  const flags =
    layout |
    (isBalanceFromLeft ? BALANCE_FROM_LEFT : 0) |
    (isTorqueFromCrank ? TORQUE_FROM_CRANK : 0) |
    (isOffsetIndicated ? OFFSET_INDICATOR : 0)
  const w = new ByteWriter().write('u16', flags)
  writeFields(TABLE, w, layout, values)
  return w.bytes()
}
