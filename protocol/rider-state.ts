import { type Field, type Mutable, onGrid, type Values } from './fields.ts'

/**
 * What everybody assumes about a rider. `placeM` is the place on the tape of the map (docs/maps.md): 31 bits reach
 * 2097 km, guards and laps of a plain loop included. Units per count are powers of two, so that a value on the grid is the same
 * double on every machine, and "carried one tick, put back on the grid" is the same state at both ends for ever.
 * HOUSE: others see coarse classes, not a rider's weight.
 */
export const MOTION_FIELDS = [
  ['placeM', 31, 1 / 1024, 0],
  ['speedMps', 20, 1 / 16384, 0],
  ['lateralM', 15, 1 / 1024, -16],
  ['lateralMps', 13, 1 / 1024, -4],
] as const satisfies readonly Field[]

export const BODY_FIELDS = [
  ['massKg', 4, 6, 48],
  ['cdaM2', 4, 0.02, 0.18],
  ['draftFactor', 5, 1 / 32, 1 / 32],
  ['flags', 4, 1, 0],
] as const satisfies readonly Field[]

export const TELEMETRY_FIELDS = [
  ['powerW', 12, 1, 0],
  ['cadenceRpm', 9, 0.5, 0],
  ['heartRateBpm', 8, 1, 0],
] as const satisfies readonly Field[]

export type RiderState = Mutable<
  Values<typeof MOTION_FIELDS> & Values<typeof BODY_FIELDS> & Values<typeof TELEMETRY_FIELDS>
>

export function createRiderState(): RiderState {
  return {
    placeM: 0,
    speedMps: 0,
    lateralM: 0,
    lateralMps: 0,
    massKg: 78,
    cdaM2: 0.32,
    draftFactor: 1,
    flags: 0,
    powerW: 0,
    cadenceRpm: 0,
    heartRateBpm: 0,
  }
}

/** Bits of `flags`: stands in the pen, or rides in a zone beside the road: the prediction does not move the rider. */
const FLAGS_STILL = 1 | 8

/** One tick on, at both ends the same: carried by the law of motion (physics' `createCarrier`), then back on the grid. */
export function advance(state: RiderState, carry: (state: RiderState) => void): void {
  if ((state.flags & FLAGS_STILL) !== 0) return
  carry(state)
  settle(state)
}

/** Puts motion back on the grid. */
export function settle(state: RiderState): void {
  for (const field of MOTION_FIELDS) state[field[0]] = onGrid(state[field[0]], field)
}

/** Puts everything on the grid. */
export function settleWhole(state: RiderState): void {
  settle(state)
  for (const field of BODY_FIELDS) state[field[0]] = onGrid(state[field[0]], field)
  for (const field of TELEMETRY_FIELDS) state[field[0]] = onGrid(state[field[0]], field)
}

/** Differences of a correction: coarser than the grid, and whole multiples of it. */
export const CORRECTION_FIELDS = [
  ['placeM', 8, 1 / 64, -2],
  ['speedMps', 8, 1 / 64, -2],
  ['lateralM', 7, 1 / 64, -1],
  ['lateralMps', 7, 1 / 64, -1],
] as const satisfies readonly Field[]

/** What a correction says anew, not as a difference. */
export const CORRECTION_STATE_FIELDS = [
  ['draftFactor', 5, 1 / 32, 1 / 32],
  ['flags', 4, 1, 0],
] as const satisfies readonly Field[]
