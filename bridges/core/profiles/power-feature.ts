import { ByteWriter } from '../bytes.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'
import { readLittle } from '../fields.ts'
import { decodeOperation, encodeOperation, type Message, type Operation, operationTable } from '../operations.ts'

/** Cycling Power Service 1.1, characteristic 0x2A65: bit n is row n. */
const POWER_BITS = [
  'balance',
  'accumulated-torque',
  'wheel',
  'crank',
  'extreme-magnitudes',
  'extreme-angles',
  'dead-spots',
  'energy',
  'offset-indicator',
  'offset-compensation',
  'masking',
  'locations',
  'crank-length',
  'chain-length',
  'chain-weight',
  'span-length',
  'torque-based',
  'direction',
  'calibration-date',
  'enhanced-offset-compensation',
] as const
export type PowerFeatureName = (typeof POWER_BITS)[number]

export interface PowerFeature {
  readonly bits: number
  readonly names: ReadonlySet<PowerFeatureName>
}

export function decodePowerFeature(bytes: Uint8Array): Decoded<PowerFeature> {
  if (bytes.length < 4) return refused('too-short')
  const bits = readLittle(bytes, 0, 4)
  return decoded({ bits, names: new Set(POWER_BITS.filter((_, bit) => (bits & (1 << bit)) !== 0)) })
}

export function encodePowerFeature(names: Iterable<PowerFeatureName>): Uint8Array {
  let bits = 0
  for (const name of names) bits |= 1 << POWER_BITS.indexOf(name)
  return new ByteWriter().write('u32', bits >>> 0).bytes()
}

/** Characteristic 0x2A5D, row n is location n: where on the bicycle, or on its rider. */
const SENSOR_LOCATIONS = [
  'other',
  'top-of-shoe',
  'in-shoe',
  'hip',
  'front-wheel',
  'left-crank',
  'right-crank',
  'left-pedal',
  'right-pedal',
  'front-hub',
  'rear-dropout',
  'chainstay',
  'rear-wheel',
  'rear-hub',
  'chest',
  'spider',
  'chain-ring',
] as const
export type SensorLocation = (typeof SENSOR_LOCATIONS)[number]

export function decodeSensorLocation(bytes: Uint8Array): Decoded<{ location: SensorLocation }> {
  if (bytes.length === 0) return refused('too-short')
  const location = SENSOR_LOCATIONS[bytes[0]!]
  return location === undefined ? refused('out-of-range') : decoded({ location })
}

export const encodeSensorLocation = ({ location }: { readonly location: SensorLocation }): Uint8Array =>
  Uint8Array.of(SENSOR_LOCATIONS.indexOf(location))

/** Characteristic 0x2A66, the requests a ride needs: the crank's length, and the zero of a meter with nobody on it. */
const POWER_REQUESTS = [
  { op: 'set-crank-length', code: 0x04, fields: [{ name: 'crankLengthMm', kind: 'u16', step: 0.5 }] },
  { op: 'request-crank-length', code: 0x05, fields: [] },
  { op: 'compensate-offset', code: 0x0c, fields: [] },
] as const satisfies readonly Operation[]

const TABLE = operationTable(POWER_REQUESTS)
export type PowerRequest = Message<typeof POWER_REQUESTS>

export const decodePowerRequest = (bytes: Uint8Array): Decoded<PowerRequest> => decodeOperation(TABLE, bytes)
export const encodePowerRequest = (request: PowerRequest): Uint8Array => encodeOperation(TABLE, request)

const ANSWER = 0x20
const RESULTS = ['success', 'not-supported', 'invalid-parameter', 'failed'] as const

export interface PowerAnswer {
  readonly requestCode: number
  readonly result: (typeof RESULTS)[number]
  /** After an offset compensation, in the meter's own unit: newtons, or 1/32 Nm. After a request of the crank, half millimetres. */
  readonly value?: number
}

export function decodePowerAnswer(bytes: Uint8Array): Decoded<PowerAnswer> {
  if (bytes.length < 3) return refused('too-short')
  if (bytes[0] !== ANSWER) return refused('unknown-kind')
  const result = RESULTS[bytes[2]! - 1]
  if (result === undefined) return refused('out-of-range')
  const answer = { requestCode: bytes[1]!, result }
  return bytes.length < 5 ? decoded(answer) : decoded({ ...answer, value: (readLittle(bytes, 3, 2) << 16) >> 16 })
}

export function encodePowerAnswer({ requestCode, result, value }: PowerAnswer): Uint8Array {
  const w = new ByteWriter()
    .write('u8', ANSWER)
    .write('u8', requestCode)
    .write('u8', RESULTS.indexOf(result) + 1)
  if (value !== undefined) w.write('s16', value)
  return w.bytes()
}
