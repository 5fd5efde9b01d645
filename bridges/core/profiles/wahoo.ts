import { type Decoded, decoded, refused } from '../decoded.ts'
import { decodeOperation, encodeOperation, type Message, type Operation, operationTable } from '../operations.ts'

/** The extension in the Cycling Power service, characteristic a026e005-0a7d-4ab3-97fa-f1500f9feb8b; its answers begin 0x01. */
const WAHOO_REQUESTS = [
  { op: 'unlock', code: 0x20, fields: [{ name: 'key', kind: 'u16' }] },
  /** 16 383 is none, 0 is all of it. */
  { op: 'set-resistance', code: 0x40, fields: [{ name: 'share', kind: 'u16', step: -1 / 16_383, zero: 1 }] },
  { op: 'set-level', code: 0x41, fields: [{ name: 'level', kind: 'u8' }] },
  { op: 'set-power', code: 0x42, fields: [{ name: 'powerW', kind: 'u16' }] },
  {
    op: 'set-simulation',
    code: 0x43,
    fields: [
      { name: 'weightKg', kind: 'u16', step: 0.01 },
      { name: 'crr', kind: 'u16', step: 0.0001 },
      { name: 'cw', kind: 'u16', step: 0.001 },
    ],
  },
  { op: 'set-crr', code: 0x44, fields: [{ name: 'crr', kind: 'u16', step: 0.0001 }] },
  { op: 'set-cw', code: 0x45, fields: [{ name: 'cw', kind: 'u16', step: 0.001 }] },
  { op: 'set-grade', code: 0x46, fields: [{ name: 'gradeFraction', kind: 'u16', step: 1 / 32768, zero: -1 }] },
  { op: 'set-wind', code: 0x47, fields: [{ name: 'windMps', kind: 'u16', step: 0.001, zero: -32.768 }] },
  { op: 'set-wheel', code: 0x48, fields: [{ name: 'circumferenceMm', kind: 'u16', step: 0.1 }] },
] as const satisfies readonly Operation[]

const TABLE = operationTable(WAHOO_REQUESTS)

export type WahooRequest = Message<typeof WAHOO_REQUESTS>

export interface WahooAnswer {
  readonly requestCode: number
  readonly isOk: boolean
  /** What the trainer took, where it says so. */
  readonly value: number | undefined
}

export function decodeWahooRequest(bytes: Uint8Array): Decoded<WahooRequest> {
  const got = decodeOperation(TABLE, bytes)
  // Fourteen bits of resistance in sixteen.
  return got.ok && got.value.op === 'set-resistance' && got.value.share < 0 ? refused('out-of-range') : got
}

export const encodeWahooRequest = (request: WahooRequest): Uint8Array => encodeOperation(TABLE, request)

/** `01 <request> <01: taken> …`; in the one long answer known, bytes 4 and 5 hold the value. Undocumented, so read with care. */
export function decodeWahooAnswer(bytes: Uint8Array): Decoded<WahooAnswer> {
  if (bytes.length < 2) return refused('too-short')
  if (bytes[0] !== 0x01) return refused('unknown-kind')
  const value = bytes.length >= 6 ? bytes[4]! | (bytes[5]! << 8) : undefined
  return decoded({ requestCode: bytes[1]!, isOk: bytes.length < 3 || bytes[2] === 1, value })
}

/** As a trainer says it; with a value in the long form. */
export function encodeWahooAnswer({ requestCode, isOk, value }: WahooAnswer): Uint8Array {
  const head = [0x01, requestCode & 0xff, isOk ? 1 : 0]
  return Uint8Array.from(value === undefined ? head : [...head, 0, value & 0xff, (value >> 8) & 0xff])
}

/** The code of a request, to match an answer to it. */
export const wahooCode = (op: WahooRequest['op']): number => TABLE.byOp.get(op)!.code

/** The bytes that unlock the control point: without them everything else is ignored. */
export const WAHOO_UNLOCK: WahooRequest = { op: 'unlock', key: 0xfcee }
