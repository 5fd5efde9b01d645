import type { Course } from './course.ts'
import { LINE_RATE_PS, nextLateralM, nextLateralMps } from './lanes.ts'
import { shelteredAreaM2 } from './resistance.ts'
import { DT_S, nextDistanceM, nextSpeedMps } from './step.ts'
import type { Conditions } from './weather.ts'

/**
 * One rider as one record tells: what everybody assumes until told otherwise. Fill it with `startCarry`, move it with
 * `carryTick`: the arithmetic is `stepRiders`', so a record whose numbers are exact stays exact while power and line stay.
 */
export interface Carried {
  distanceM: number
  speedMps: number
  powerW: number
  lateralM: number
  lateralMps: number
  /** Where the sideways motion is taken to end; set by `startCarry`. */
  lineM: number
  massKg: number
  /** Rider and wheels, sheltered. */
  dragAreaM2: number
}

export interface RiderRecord {
  readonly distanceM: number
  readonly speedMps: number
  readonly powerW: number
  readonly lateralM: number
  readonly lateralMps: number
  /** Of the rider's class: the grid of the wire (protocol/rider-state.ts) is the class. */
  readonly massKg: number
  readonly cdaM2: number
  readonly draftFactor: number
}

export function createCarried(): Carried {
  return {
    distanceM: 0,
    speedMps: 0,
    powerW: 0,
    lateralM: 0,
    lateralMps: 0,
    lineM: 0,
    massKg: 1,
    dragAreaM2: 0,
  }
}

/** The record says no line; a spring that has settled into its approach ends at x + u/ω. */
export function startCarry(carried: Carried, record: RiderRecord): void {
  carried.distanceM = record.distanceM
  carried.speedMps = record.speedMps
  carried.powerW = record.powerW
  carried.lateralM = record.lateralM
  carried.lateralMps = record.lateralMps
  carried.lineM = record.lateralM + record.lateralMps / LINE_RATE_PS
  carried.massKg = record.massKg
  carried.dragAreaM2 = shelteredAreaM2(record.cdaM2, record.draftFactor)
}

/** One whole tick on, in place; a frame between two ticks is a straight line. */
export function carryTick(carried: Carried, course: Course, _conditions: Conditions): void {
  const { distanceM, speedMps, powerW, lateralM, lateralMps, lineM, massKg, dragAreaM2 } = carried
  const airDensityKgpm3 = course.airDensityAt(distanceM)
  const speedNextMps = nextSpeedMps(speedMps, distanceM, powerW, massKg, dragAreaM2, course, airDensityKgpm3, DT_S)
  const lateralNextMps = nextLateralMps(lateralM, lateralMps, lineM, speedNextMps, DT_S)
  carried.distanceM = nextDistanceM(distanceM, speedMps, speedNextMps, DT_S)
  carried.speedMps = speedNextMps
  carried.lateralM = nextLateralM(lateralM, lateralMps, lateralNextMps, course.widthAt(distanceM), DT_S)
  carried.lateralMps = lateralNextMps
}

/**
 * A function that moves a record one tick on, in place, from its own numbers alone: the line is told anew from each
 * state, so that a client which learns of a rider now and one which has followed for an hour carry the same.
 */
export function createCarrier(
  course: Course,
  conditions: Conditions,
): (state: { -readonly [K in keyof RiderRecord]: RiderRecord[K] }) => void {
  const carried = createCarried()
  return (state) => {
    startCarry(carried, state)
    carryTick(carried, course, conditions)
    state.distanceM = carried.distanceM
    state.speedMps = carried.speedMps
    state.lateralM = carried.lateralM
    state.lateralMps = carried.lateralMps
  }
}
