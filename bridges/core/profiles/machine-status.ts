import type { Decoded } from '../decoded.ts'
import { decodeOperation, encodeOperation, type Message, type Operation } from '../operations.ts'
import { SIMULATION_FIELDS } from './simulation.ts'

/** FTMS 1.0 §4.17, characteristic 0x2ADA: what changed at the trainer, and at whose wish. */
const MACHINE_STATUSES = [
  { op: 'reset', code: 0x01, fields: [] },
  { op: 'stopped-or-paused', code: 0x02, fields: [{ name: 'stopOrPause', kind: 'u8', step: 1 }] },
  { op: 'stopped-by-safety-key', code: 0x03, fields: [] },
  { op: 'started', code: 0x04, fields: [] },
  { op: 'target-speed-changed', code: 0x05, fields: [{ name: 'speedKmh', kind: 'u16', step: 0.01 }] },
  { op: 'target-incline-changed', code: 0x06, fields: [{ name: 'gradeFraction', kind: 's16', step: 0.001 }] },
  {
    op: 'target-resistance-changed',
    code: 0x07,
    fields: [{ name: 'resistanceLevel', kind: 's16', step: 0.1 }],
    short: [{ name: 'resistanceLevel', kind: 'u8', step: 0.1 }],
  },
  { op: 'target-power-changed', code: 0x08, fields: [{ name: 'powerW', kind: 's16', step: 1 }] },
  { op: 'target-heart-rate-changed', code: 0x09, fields: [{ name: 'heartRateBpm', kind: 'u8', step: 1 }] },
  { op: 'simulation-changed', code: 0x12, fields: SIMULATION_FIELDS },
  { op: 'wheel-circumference-changed', code: 0x13, fields: [{ name: 'circumferenceMm', kind: 'u16', step: 0.1 }] },
  /** 1 requested, 2 success, 3 error, 4 stop pedalling. */
  { op: 'spin-down', code: 0x14, fields: [{ name: 'spinDown', kind: 'u8', step: 1 }] },
  { op: 'target-cadence-changed', code: 0x15, fields: [{ name: 'cadenceRpm', kind: 'u16', step: 0.5 }] },
  /** Somebody else has the trainer, or nobody: control must be requested again. */
  { op: 'control-lost', code: 0xff, fields: [] },
] as const satisfies readonly Operation[]

export type MachineStatus = Message<typeof MACHINE_STATUSES>

export const decodeMachineStatus = (bytes: Uint8Array): Decoded<MachineStatus> =>
  decodeOperation(MACHINE_STATUSES, bytes)
export const encodeMachineStatus = (status: MachineStatus): Uint8Array => encodeOperation(MACHINE_STATUSES, status)
