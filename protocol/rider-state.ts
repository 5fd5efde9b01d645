import { type Field, type Mutable, onGrid, type Values } from './fields.ts'

/**
 * What everybody assumes about a rider. `placeM` is the place on the tape of the map (docs/maps.md): 31 bits reach
 * 2097 km, guards and laps of a plain loop included. Units per count are powers of two, so that a value on the grid is the same
 * double on every machine, and "carried one tick, put back on the grid" is the same state at both ends for ever.
 * `lineM` is the line the rider makes for, and `turn` the exit at the end of the way: who decides them knows the others,
 * who carries the state need not.
 * HOUSE: others see coarse classes, not a rider's weight.
 */
export const MOTION_FIELDS = [
  ['placeM', 31, 1 / 1024, 0],
  ['speedMps', 20, 1 / 16384, 0],
  ['lateralM', 15, 1 / 1024, -16],
  ['lateralMps', 13, 1 / 1024, -4],
] as const satisfies readonly Field[]

export const COURSE_FIELDS = [
  ['lineM', 8, 1 / 8, -16],
  ['turn', 3, 1, 0],
] as const satisfies readonly Field[]

export const BODY_FIELDS = [
  ['massKg', 4, 6, 48],
  ['cdaM2', 4, 0.02, 0.18],
  ['draftFactor', 6, 1 / 32, 1 / 32],
  ['flags', 4, 1, 0],
] as const satisfies readonly Field[]

export const TELEMETRY_FIELDS = [
  ['powerW', 12, 1, 0],
  ['cadenceRpm', 9, 0.5, 0],
  ['heartRateBpm', 8, 1, 0],
] as const satisfies readonly Field[]

/** Whole state as an absolute record says it, in the order of the wire. */
export const STATE_FIELDS = [...MOTION_FIELDS, ...COURSE_FIELDS, ...BODY_FIELDS, ...TELEMETRY_FIELDS] as const

export type RiderState = Mutable<Values<typeof STATE_FIELDS>> & {
  /** The tier whose state this is, one of TIER. */
  tier: number
  /** Watts and cadence to show: as `powerW` and `cadenceRpm`, and fresher for those who ride near. No part of the prediction. */
  shownW: number
  shownRpm: number
}

/** `fine`: the state of those near and in the middle; `coarse`: of those far away, with wider tolerances and units. */
export const TIER = { fine: 0, coarse: 1 } as const

/** The largest TURN there is. */
export const TURN_MAX = 4

export function createRiderState(): RiderState {
  return {
    placeM: 0,
    speedMps: 0,
    lateralM: 0,
    lateralMps: 0,
    lineM: 0,
    turn: 0,
    massKg: 78,
    cdaM2: 0.32,
    draftFactor: 1,
    flags: 0,
    powerW: 0,
    cadenceRpm: 0,
    heartRateBpm: 0,
    tier: 0,
    shownW: 0,
    shownRpm: 0,
  }
}

/** `into` becomes `from`. */
export function copyState(into: RiderState, from: Readonly<RiderState>): void {
  into.placeM = from.placeM
  into.speedMps = from.speedMps
  into.lateralM = from.lateralM
  into.lateralMps = from.lateralMps
  into.lineM = from.lineM
  into.turn = from.turn
  into.massKg = from.massKg
  into.cdaM2 = from.cdaM2
  into.draftFactor = from.draftFactor
  into.flags = from.flags
  into.powerW = from.powerW
  into.cadenceRpm = from.cadenceRpm
  into.heartRateBpm = from.heartRateBpm
  into.tier = from.tier
  into.shownW = from.shownW
  into.shownRpm = from.shownRpm
}

/** Bits of `flags`: stands in the pen, or rides in a zone beside the road: the prediction does not move the rider. */
const FLAGS_STILL = 1 | 8

/** One tick on, at both ends the same: carried by the law of motion (physics' `createPlaceCarrier`), then back on the grid. */
export function advance(state: RiderState, carry: (state: RiderState) => void): void {
  if ((state.flags & FLAGS_STILL) !== 0) return
  carry(state)
  settle(state)
}

/** Puts motion back on the grid; `MOTION_FIELDS` written out, for it is done for everybody in every tick. */
export function settle(state: RiderState): void {
  state.placeM = Math.min(Math.max(Math.round(state.placeM * 1024), 0), 0x7fffffff) / 1024
  state.speedMps = Math.min(Math.max(Math.round(state.speedMps * 16384), 0), 0xfffff) / 16384
  state.lateralM = Math.min(Math.max(Math.round((state.lateralM + 16) * 1024), 0), 0x7fff) / 1024 - 16
  state.lateralMps = Math.min(Math.max(Math.round((state.lateralMps + 4) * 1024), 0), 0x1fff) / 1024 - 4
}

/** Puts everything on the grid. */
export function settleWhole(state: RiderState): void {
  for (const field of STATE_FIELDS) state[field[0]] = onGrid(state[field[0]], field)
  state.shownW = state.powerW
  state.shownRpm = state.cadenceRpm
}

/** Bits of a check. A wrong state passes one of them in 4096 times, and is asked again. */
export const CHECK_BITS = 12

/** A number that says whether two ends believe the same of a rider: all but what is only shown, folded. */
export function checkOf(state: Readonly<RiderState>): number {
  // `STATE_FIELDS` written out: it is asked for in every tick.
  let h = state.tier
  h = fold(h, state.placeM * 1024)
  h = fold(h, state.speedMps * 16384)
  h = fold(h, (state.lateralM + 16) * 1024)
  h = fold(h, (state.lateralMps + 4) * 1024)
  h = fold(h, (state.lineM + 16) * 8)
  h = fold(h, state.turn)
  h = fold(h, (state.massKg - 48) / 6)
  h = fold(h, (state.cdaM2 - 0.18) / 0.02)
  h = fold(h, (state.draftFactor - 1 / 32) * 32)
  h = fold(h, state.flags)
  h = fold(h, state.powerW)
  h = fold(h, state.cadenceRpm * 2)
  h = fold(h, state.heartRateBpm)
  return (h >>> 0) % 4096
}

function fold(h: number, count: number): number {
  const folded = Math.imul(h ^ Math.round(count), 0x9e3779b1)
  return folded ^ (folded >>> 15)
}
