import { ByteWriter } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { type Field, fieldTable, readFields, type Values, writeFields } from '../fields.ts'
import { decodeOperation, encodeOperation, type Message, type Operation, operationTable } from '../operations.ts'
import { SIMULATION_FIELDS, zoneTimes } from './simulation.ts'

/** FTMS 1.0 §4.16, characteristic 0x2AD9: written with a response; the trainer answers by an indication that begins 0x80. */
const CONTROL_REQUESTS = [
  { op: 'request-control', code: 0x00, fields: [] },
  { op: 'reset', code: 0x01, fields: [] },
  { op: 'set-target-speed', code: 0x02, fields: [{ name: 'speedKmh', kind: 'u16', step: 0.01 }] },
  { op: 'set-target-incline', code: 0x03, fields: [{ name: 'gradeFraction', kind: 's16', step: 0.001 }] },
  {
    op: 'set-target-resistance',
    code: 0x04,
    // One byte in the text of FTMS 1.0, two on most devices.
    fields: [{ name: 'resistanceLevel', kind: 's16', step: 0.1 }],
    short: [{ name: 'resistanceLevel', kind: 'u8', step: 0.1 }],
  },
  { op: 'set-target-power', code: 0x05, fields: [{ name: 'powerW', kind: 's16' }] },
  { op: 'set-target-heart-rate', code: 0x06, fields: [{ name: 'heartRateBpm', kind: 'u8' }] },
  { op: 'start-or-resume', code: 0x07, fields: [] },
  /** 1 stop, 2 pause. */
  { op: 'stop-or-pause', code: 0x08, fields: [{ name: 'stopOrPause', kind: 'u8' }] },
  { op: 'set-target-energy', code: 0x09, fields: [{ name: 'energyKcal', kind: 'u16' }] },
  { op: 'set-target-steps', code: 0x0a, fields: [{ name: 'steps', kind: 'u16' }] },
  { op: 'set-target-strides', code: 0x0b, fields: [{ name: 'strides', kind: 'u16' }] },
  { op: 'set-target-distance', code: 0x0c, fields: [{ name: 'distanceM', kind: 'u24' }] },
  { op: 'set-target-time', code: 0x0d, fields: [{ name: 'timeS', kind: 'u16' }] },
  { op: 'set-target-times-in-2-zones', code: 0x0e, fields: zoneTimes('fat', 'fitness') },
  { op: 'set-target-times-in-3-zones', code: 0x0f, fields: zoneTimes('light', 'moderate', 'hard') },
  {
    op: 'set-target-times-in-5-zones',
    code: 0x10,
    fields: zoneTimes('veryLight', 'light', 'moderate', 'hard', 'maximum'),
  },
  { op: 'set-simulation', code: 0x11, fields: SIMULATION_FIELDS },
  { op: 'set-wheel-circumference', code: 0x12, fields: [{ name: 'circumferenceMm', kind: 'u16', step: 0.1 }] },
  /** 1 start, 2 ignore. */
  { op: 'spin-down', code: 0x13, fields: [{ name: 'startOrIgnore', kind: 'u8' }] },
  { op: 'set-target-cadence', code: 0x14, fields: [{ name: 'cadenceRpm', kind: 'u16', step: 0.5 }] },
] as const satisfies readonly Operation[]

const TABLE = operationTable(CONTROL_REQUESTS)

export type ControlRequest = Message<typeof CONTROL_REQUESTS>

const CONTROL_RESULTS = {
  success: 0x01,
  'not-supported': 0x02,
  'invalid-parameter': 0x03,
  failed: 0x04,
  'not-permitted': 0x05,
} as const
export type ControlResult = keyof typeof CONTROL_RESULTS

export interface ControlAnswer {
  /** The first byte of the request that is answered. */
  readonly requestCode: number
  readonly result: ControlResult
  /** What follows, as with a spin-down's speeds. */
  readonly parameters: Uint8Array
}

const ANSWER = 0x80

export const decodeControlRequest = (bytes: Uint8Array): Decoded<ControlRequest> => decodeOperation(TABLE, bytes)
/** `isShort`: a resistance in the one-byte form, for trainers that refuse the other as an invalid parameter. */
export const encodeControlRequest = (request: ControlRequest, options?: { readonly isShort?: boolean }): Uint8Array =>
  encodeOperation(TABLE, request, options)

/** The code of a request, to match an answer to it. */
export const controlCode = (op: ControlRequest['op']): number => TABLE.byOp.get(op)!.code

export function decodeControlAnswer(bytes: Uint8Array): Decoded<ControlAnswer> {
  if (bytes.length < 3) return refused('too-short')
  if (bytes[0] !== ANSWER) return refused('unknown-kind')
  const found = Object.entries(CONTROL_RESULTS).find(([, code]) => code === bytes[2])
  if (found === undefined) return refused('out-of-range')
  return decoded({
    requestCode: bytes[1]!,
    result: found[0] as ControlResult,
    parameters: Uint8Array.from(bytes.subarray(3)),
  })
}

export const encodeControlAnswer = (requestCode: number, result: ControlResult, parameters?: Uint8Array): Uint8Array =>
  Uint8Array.of(ANSWER, requestCode & 0xff, CONTROL_RESULTS[result], ...(parameters ?? []))

/** What a successful spin-down request answers: pedal to a speed between these, then stop (FTMS 1.0 §4.16.2.20). */
const SPIN_DOWN_SPEEDS = [
  { name: 'lowKmh', kind: 'u16', step: 0.01 },
  { name: 'highKmh', kind: 'u16', step: 0.01 },
] as const satisfies readonly Field[]
const SPEEDS = fieldTable(SPIN_DOWN_SPEEDS)

export type SpinDownSpeeds = Required<Values<typeof SPIN_DOWN_SPEEDS>>

/** From an answer's `parameters`. */
export function decodeSpinDownSpeeds(parameters: Uint8Array): Decoded<SpinDownSpeeds> {
  const value = {} as SpinDownSpeeds
  const end = readFields(value, SPEEDS, parameters, 0, 0)
  if (end < 0) return refused('too-short')
  return value.lowKmh <= value.highKmh ? decoded(value) : refused('out-of-range')
}

export function encodeSpinDownSpeeds(value: SpinDownSpeeds): Uint8Array {
  const w = new ByteWriter()
  writeFields(SPEEDS, w, 0, value)
  return w.bytes()
}
