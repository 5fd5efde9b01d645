import { TURN, type Course } from './course.ts'
import { shelteredAreaM2 } from './resistance.ts'
import { moveRider, type Moving } from './step.ts'
import type { Conditions } from './weather.ts'

/**
 * One rider as one record tells: what everybody assumes until told otherwise. Fill it with `startCarry`, move it with
 * `carryTick`: the arithmetic is `stepRiders`', wind, bends and junctions included, so a record whose numbers are exact
 * stays exact while power and line stay and the rider takes the exit of the record; after it, those that ways lead to by
 * themselves.
 */
export type Carried = Moving

export interface RiderRecord {
  readonly distanceM: number
  /** The place on the tape is distanceM + offsetM, and it lies on `way`. */
  readonly offsetM: number
  readonly way: number
  readonly speedMps: number
  readonly powerW: number
  readonly lateralM: number
  readonly lateralMps: number
  /** The line the rider makes for, metres right of the middle. */
  readonly lineM: number
  /** The exit that the rider takes at the end of this way, one of TURN. */
  readonly turn: number
  /** Of the rider's class: the grid of the wire (protocol/rider-state.ts) is the class. */
  readonly massKg: number
  readonly cdaM2: number
  readonly draftFactor: number
}

export function createCarried(): Carried {
  return {
    distanceM: 0,
    offsetM: 0,
    way: 0,
    speedMps: 0,
    powerW: 0,
    lateralM: 0,
    lateralMps: 0,
    lineM: 0,
    turn: TURN.none,
    massKg: 1,
    dragAreaM2: 0,
  }
}

export function startCarry(carried: Carried, record: RiderRecord): void {
  carried.distanceM = record.distanceM
  carried.offsetM = record.offsetM
  carried.way = record.way
  carried.speedMps = record.speedMps
  carried.powerW = record.powerW
  carried.lateralM = record.lateralM
  carried.lateralMps = record.lateralMps
  carried.lineM = record.lineM
  carried.turn = record.turn
  carried.massKg = record.massKg
  carried.dragAreaM2 = shelteredAreaM2(record.cdaM2, record.draftFactor)
}

/**
 * One whole tick on, in place: the step that leaves `conditions.tick`, so whoever carries says which tick it is. A frame
 * between two ticks is a straight line.
 */
export function carryTick(carried: Carried, course: Course, conditions: Conditions): void {
  moveRider(carried, course, conditions)
  passExit(carried, course)
}

/** As `passJunctions` does it; a wish is for one junction. */
function passExit(carried: Carried, course: Course): void {
  for (;;) {
    const endM = course.wayEndM(carried.way)
    const beyondM = carried.distanceM + carried.offsetM - endM
    if (!(beyondM >= 0)) return
    const next = course.exitOf(carried.way, carried.turn)
    if (next < 0) {
      carried.distanceM = endM - carried.offsetM - 0.001
      carried.speedMps = 0
      return
    }
    carried.offsetM = course.wayStartM(next) + beyondM - carried.distanceM
    carried.way = next
    carried.turn = TURN.none
  }
}
