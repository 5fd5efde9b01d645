import type { RiderId, Tick } from './ids.ts'
import { copyState, type RiderState, settle, TIER } from './rider-state.ts'

/**
 * One rider's news of one tick. Both ends keep a state per rider: every tick `advance` (rider-state.ts), then
 * `applyRecord` with the record of that tick, if any. News that was lost comes later, with its own tick: `follower.ts`.
 */
export type RiderRecord = RecordBody & { readonly tick: Tick; readonly riderId: RiderId }

/** What a record says, before slot and age have become rider and tick. */
export type RecordBody =
  /** All of it. Also says that the rider came into view; `state.tier` is the tier from now on. */
  | { readonly kind: 'absolute'; readonly id: RiderId; readonly state: Readonly<RiderState> }
  | Change
  | Watts
  | Transfer
  /** What `checkOf` gives after this tick's record. */
  | { readonly kind: 'check'; readonly check: number }
  /** Out of view. */
  | { readonly kind: 'leave' }

/** Which parts a change has. */
export const PART = { along: 1, sideways: 2, telemetry: 4, flags: 8, turn: 16 } as const

/** Added to what the prediction says at its tick, in units of the tier; parts that are not there are 0. */
export interface Change {
  readonly kind: 'change'
  /** Bits of PART. */
  readonly parts: number
  readonly placeSteps: number
  readonly speedSteps: number
  readonly draftSteps: number
  readonly lateralSteps: number
  readonly lateralSpeedSteps: number
  readonly lineSteps: number
  readonly powerSteps: number
  readonly cadenceSteps: number
  readonly heartRateSteps: number
  /** New values, not differences. */
  readonly flags: number
  readonly turn: number
}

/** Watts and cadence to show, as differences from those of the state; for those who ride near. */
export interface Watts {
  readonly kind: 'watts'
  readonly powerSteps: number
  readonly cadenceSteps: number
}

/** From one tier's state to the other's, exactly, in units of the grid. `turn` is the new value. */
export interface Transfer {
  readonly kind: 'transfer'
  readonly place: number
  readonly speed: number
  readonly lateral: number
  readonly lateralSpeed: number
  readonly line: number
  readonly draft: number
  readonly turn: number
  readonly power: number
  readonly cadence: number
  readonly heartRate: number
}

/** What one step of a change is worth, per tier: whole multiples of the grid, as coarse as the tolerances allow. */
export const STEPS = [
  { placeM: 1 / 16, speedMps: 1 / 16, lateralM: 1 / 16, lateralMps: 1 / 4 },
  { placeM: 1 / 4, speedMps: 1 / 8, lateralM: 1 / 8, lateralMps: 1 / 4 },
] as const
/** In both tiers the grid itself. */
export const LINE_STEP_M = 1 / 8
export const DRAFT_STEP = 1 / 32
export const CADENCE_STEP_RPM = 0.5

/** Brings a state that was carried to the record's tick up to date. `check` and `leave` change nothing. */
export function applyRecord(state: RiderState, record: RecordBody): void {
  switch (record.kind) {
    case 'absolute':
      copyState(state, record.state)
      return
    case 'change':
      applyChange(state, record)
      return
    case 'watts':
      state.shownW = state.powerW + record.powerSteps
      state.shownRpm = state.cadenceRpm + record.cadenceSteps * CADENCE_STEP_RPM
      return
    case 'transfer':
      applyTransfer(state, record)
      return
    case 'check':
    case 'leave':
  }
}

function applyChange(state: RiderState, change: Change): void {
  const step = STEPS[state.tier]!
  state.placeM += change.placeSteps * step.placeM
  state.speedMps += change.speedSteps * step.speedMps
  state.draftFactor += change.draftSteps * DRAFT_STEP
  state.lateralM += change.lateralSteps * step.lateralM
  state.lateralMps += change.lateralSpeedSteps * step.lateralMps
  state.lineM += change.lineSteps * LINE_STEP_M
  if ((change.parts & PART.flags) !== 0) state.flags = change.flags
  if ((change.parts & PART.turn) !== 0) state.turn = change.turn
  settle(state)
  if ((change.parts & PART.telemetry) === 0) return
  state.powerW += change.powerSteps
  state.cadenceRpm += change.cadenceSteps * CADENCE_STEP_RPM
  state.heartRateBpm += change.heartRateSteps
  state.shownW = state.powerW
  state.shownRpm = state.cadenceRpm
}

function applyTransfer(state: RiderState, transfer: Transfer): void {
  state.tier = state.tier === TIER.fine ? TIER.coarse : TIER.fine
  state.placeM += transfer.place / 1024
  state.speedMps += transfer.speed / 16384
  state.lateralM += transfer.lateral / 1024
  state.lateralMps += transfer.lateralSpeed / 1024
  state.lineM += transfer.line * LINE_STEP_M
  state.draftFactor += transfer.draft * DRAFT_STEP
  state.turn = transfer.turn
  state.powerW += transfer.power
  state.cadenceRpm += transfer.cadence * CADENCE_STEP_RPM
  state.heartRateBpm += transfer.heartRate
  state.shownW = state.powerW
  state.shownRpm = state.cadenceRpm
}
