import { type Decoded, decoded, refused } from '../decoded.ts'
import { decodeOperation, encodeOperation, type Message, type Operation } from '../operations.ts'

/** The extension in the Cycling Power service, characteristic a026e005-0a7d-4ab3-97fa-f1500f9feb8b; its answers begin 0x01. */
const WAHOO_REQUESTS = [
  { op: 'unlock', code: 0x20, fields: [{ name: 'key', kind: 'u16', step: 1 }] },
  { op: 'set-level', code: 0x41, fields: [{ name: 'level', kind: 'u8', step: 1 }] },
  { op: 'set-power', code: 0x42, fields: [{ name: 'powerW', kind: 'u16', step: 1 }] },
  {
    op: 'set-simulation',
    code: 0x43,
    fields: [
      { name: 'weightKg', kind: 'u16', step: 0.01 },
      { name: 'crr', kind: 'u16', step: 0.0001 },
      { name: 'cw', kind: 'u16', step: 0.001 },
    ],
  },
  { op: 'set-grade', code: 0x46, fields: [{ name: 'gradeFraction', kind: 'u16', step: 1 / 32768, zero: -1 }] },
  { op: 'set-wind', code: 0x47, fields: [{ name: 'windMps', kind: 'u16', step: 0.001, zero: -32.768 }] },
  { op: 'set-wheel', code: 0x48, fields: [{ name: 'circumferenceMm', kind: 'u16', step: 0.1 }] },
] as const satisfies readonly Operation[]

export type WahooRequest = Message<typeof WAHOO_REQUESTS>

export interface WahooAnswer {
  readonly requestCode: number
  readonly isOk: boolean
  /** What the trainer took, where it says so. */
  readonly value: number | undefined
}

export const decodeWahooRequest = (bytes: Uint8Array): Decoded<WahooRequest> => decodeOperation(WAHOO_REQUESTS, bytes)
export const encodeWahooRequest = (request: WahooRequest): Uint8Array => encodeOperation(WAHOO_REQUESTS, request)

/** `01 <request> <01: taken> …`; in the one long answer known, bytes 4 and 5 hold the value. Undocumented, so read with care. */
export function decodeWahooAnswer(bytes: Uint8Array): Decoded<WahooAnswer> {
  if (bytes.length < 2) return refused('too-short')
  if (bytes[0] !== 0x01) return refused('unknown-kind')
  const value = bytes.length >= 6 ? bytes[4]! | (bytes[5]! << 8) : undefined
  return decoded({ requestCode: bytes[1]!, isOk: bytes.length < 3 || bytes[2] === 1, value })
}
