import type { RiderId, Tick } from './ids.ts'
import type { RiderState } from './rider-state.ts'

/**
 * One rider's news of one tick. All records of a viewer arrive in tick order, each once. Both ends keep a state per
 * rider: every tick `advance` (rider-state.ts), then `applyRecord` with the record of that tick, if any.
 */
export type RiderRecord =
  /** All of it: where this rider is at `tick`. Also says that the rider came into view. */
  | { readonly kind: 'absolute'; readonly tick: Tick; readonly riderId: RiderId; readonly state: Readonly<RiderState> }
  | (Correction & { readonly tick: Tick; readonly riderId: RiderId })
  | { readonly kind: 'telemetry'; readonly tick: Tick; readonly riderId: RiderId; readonly telemetry: Telemetry }
  /** Out of view. */
  | { readonly kind: 'leave'; readonly tick: Tick; readonly riderId: RiderId }

/** Added to what the prediction says at its tick. */
export interface Correction {
  readonly kind: 'correction'
  readonly placeM: number
  readonly speedMps: number
  readonly lateralM: number
  readonly lateralMps: number
  /** The new values, not differences. */
  readonly draftFactor: number
  readonly flags: number
  readonly telemetry: Telemetry | undefined
}

/** What changed; undefined: as it was. */
export interface Telemetry {
  readonly powerW: number | undefined
  readonly cadenceRpm: number | undefined
  readonly heartRateBpm: number | undefined
}

/** Brings a state that was carried to the record's tick up to date. `leave` changes nothing. */
export function applyRecord(state: RiderState, record: RiderRecord): void {
  switch (record.kind) {
    case 'absolute':
      Object.assign(state, record.state)
      return
    case 'correction':
      state.placeM += record.placeM
      state.speedMps += record.speedMps
      state.lateralM += record.lateralM
      state.lateralMps += record.lateralMps
      state.draftFactor = record.draftFactor
      state.flags = record.flags
      if (record.telemetry !== undefined) applyTelemetry(state, record.telemetry)
      return
    case 'telemetry':
      applyTelemetry(state, record.telemetry)
      return
    case 'leave':
  }
}

function applyTelemetry(state: RiderState, news: Telemetry): void {
  if (news.powerW !== undefined) state.powerW = news.powerW
  if (news.cadenceRpm !== undefined) state.cadenceRpm = news.cadenceRpm
  if (news.heartRateBpm !== undefined) state.heartRateBpm = news.heartRateBpm
}
