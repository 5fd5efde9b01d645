import type { Decoded } from '../decoded.ts'
import { decodeOperation, encodeOperation, type Message, type Operation, operationTable } from '../operations.ts'
import { SIMULATION_FIELDS, zoneTimes } from './simulation.ts'

/** FTMS 1.0 §4.17, characteristic 0x2ADA: what changed at the trainer, and at whose wish. */
const MACHINE_STATUSES = [
  { op: 'reset', code: 0x01, fields: [] },
  { op: 'stopped-or-paused', code: 0x02, fields: [{ name: 'stopOrPause', kind: 'u8' }] },
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
  { op: 'target-power-changed', code: 0x08, fields: [{ name: 'powerW', kind: 's16' }] },
  { op: 'target-heart-rate-changed', code: 0x09, fields: [{ name: 'heartRateBpm', kind: 'u8' }] },
  { op: 'target-energy-changed', code: 0x0a, fields: [{ name: 'energyKcal', kind: 'u16' }] },
  { op: 'target-steps-changed', code: 0x0b, fields: [{ name: 'steps', kind: 'u16' }] },
  { op: 'target-strides-changed', code: 0x0c, fields: [{ name: 'strides', kind: 'u16' }] },
  { op: 'target-distance-changed', code: 0x0d, fields: [{ name: 'distanceM', kind: 'u24' }] },
  { op: 'target-time-changed', code: 0x0e, fields: [{ name: 'timeS', kind: 'u16' }] },
  { op: 'target-times-in-2-zones-changed', code: 0x0f, fields: zoneTimes('fat', 'fitness') },
  { op: 'target-times-in-3-zones-changed', code: 0x10, fields: zoneTimes('light', 'moderate', 'hard') },
  {
    op: 'target-times-in-5-zones-changed',
    code: 0x11,
    fields: zoneTimes('veryLight', 'light', 'moderate', 'hard', 'maximum'),
  },
  { op: 'simulation-changed', code: 0x12, fields: SIMULATION_FIELDS },
  { op: 'wheel-circumference-changed', code: 0x13, fields: [{ name: 'circumferenceMm', kind: 'u16', step: 0.1 }] },
  /** 1 requested, 2 success, 3 error, 4 stop pedalling. */
  { op: 'spin-down', code: 0x14, fields: [{ name: 'spinDown', kind: 'u8' }] },
  { op: 'target-cadence-changed', code: 0x15, fields: [{ name: 'cadenceRpm', kind: 'u16', step: 0.5 }] },
  /** Somebody else has the trainer, or nobody: control must be requested again. */
  { op: 'control-lost', code: 0xff, fields: [] },
] as const satisfies readonly Operation[]

const TABLE = operationTable(MACHINE_STATUSES)

export type MachineStatus = Message<typeof MACHINE_STATUSES>

export const decodeMachineStatus = (bytes: Uint8Array): Decoded<MachineStatus> => decodeOperation(TABLE, bytes)
/** `isShort`: a resistance in the one-byte form. */
export const encodeMachineStatus = (status: MachineStatus, options?: { readonly isShort?: boolean }): Uint8Array =>
  encodeOperation(TABLE, status, options)

/** What a status 'spin-down' says. */
export const SPIN_DOWN_STATUS = { requested: 1, success: 2, error: 3, stopPedalling: 4 } as const
