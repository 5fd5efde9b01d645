import { type Decoded, decoded, refused } from '../decoded.ts'
import { decodeOperation, encodeOperation, type Message, type Operation } from '../operations.ts'
import { SIMULATION_FIELDS } from './simulation.ts'

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
  { op: 'set-target-power', code: 0x05, fields: [{ name: 'powerW', kind: 's16', step: 1 }] },
  { op: 'set-target-heart-rate', code: 0x06, fields: [{ name: 'heartRateBpm', kind: 'u8', step: 1 }] },
  { op: 'start-or-resume', code: 0x07, fields: [] },
  /** 1 stop, 2 pause. */
  { op: 'stop-or-pause', code: 0x08, fields: [{ name: 'stopOrPause', kind: 'u8', step: 1 }] },
  { op: 'set-target-distance', code: 0x0c, fields: [{ name: 'distanceM', kind: 'u24', step: 1 }] },
  { op: 'set-target-time', code: 0x0d, fields: [{ name: 'timeS', kind: 'u16', step: 1 }] },
  { op: 'set-simulation', code: 0x11, fields: SIMULATION_FIELDS },
  { op: 'set-wheel-circumference', code: 0x12, fields: [{ name: 'circumferenceMm', kind: 'u16', step: 0.1 }] },
  /** 1 start, 2 ignore. */
  { op: 'spin-down', code: 0x13, fields: [{ name: 'startOrIgnore', kind: 'u8', step: 1 }] },
  { op: 'set-target-cadence', code: 0x14, fields: [{ name: 'cadenceRpm', kind: 'u16', step: 0.5 }] },
] as const satisfies readonly Operation[]

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

export const decodeControlRequest = (bytes: Uint8Array): Decoded<ControlRequest> =>
  decodeOperation(CONTROL_REQUESTS, bytes)
export const encodeControlRequest = (request: ControlRequest): Uint8Array => encodeOperation(CONTROL_REQUESTS, request)

/** The code of a request, to match an answer to it. */
export const controlCode = (op: ControlRequest['op']): number => CONTROL_REQUESTS.find((row) => row.op === op)!.code

export function decodeControlAnswer(bytes: Uint8Array): Decoded<ControlAnswer> {
  if (bytes.length < 3) return refused('too-short')
  if (bytes[0] !== ANSWER) return refused('unknown-kind')
  const found = Object.entries(CONTROL_RESULTS).find(([, code]) => code === bytes[2])
  if (found === undefined) return refused('out-of-range')
  return decoded({ requestCode: bytes[1]!, result: found[0] as ControlResult, parameters: bytes.slice(3) })
}

export const encodeControlAnswer = (requestCode: number, result: ControlResult, parameters?: Uint8Array): Uint8Array =>
  Uint8Array.of(ANSWER, requestCode & 0xff, CONTROL_RESULTS[result], ...(parameters ?? []))
