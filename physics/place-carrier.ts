import type { Course } from './course.ts'
import { carryTick, createCarried, startCarry, type RiderRecord } from './dead-reckoning.ts'
import type { Conditions } from './weather.ts'

/** What the wire tells of a rider: a place on the tape instead of road ridden, offset and way. */
export type PlaceRecord = Omit<RiderRecord, 'distanceM' | 'offsetM' | 'way'> & { readonly placeM: number }

/**
 * `createCarrier` for such records: one tick on, in place, over the end of a way to its default exit. A place up to a
 * few metres beyond a way's end is still on that way (the tape has a guard there) and goes over in the next tick.
 */
export function createPlaceCarrier(
  course: Course,
  conditions: Conditions,
): (state: { -readonly [K in keyof PlaceRecord]: PlaceRecord[K] }) => void {
  const carried = createCarried()
  return (state) => {
    startPlaceCarry(carried, state, course)
    carryTick(carried, course, conditions)
    state.placeM = carried.distanceM + carried.offsetM
    state.speedMps = carried.speedMps
    state.lateralM = carried.lateralM
    state.lateralMps = carried.lateralMps
    state.turn = carried.turn
  }
}

const record: { -readonly [K in keyof RiderRecord]-?: number } = {
  ...{ distanceM: 0, offsetM: 0, way: 0, speedMps: 0, powerW: 0, lateralM: 0, lateralMps: 0, lineM: 0, turn: 0 },
  ...{ massKg: 1, cdaM2: 0, draftFactor: 1 },
}

/** As `startCarry`; the road ridden is `distanceM`, and counts on from there over the ends of ways. */
export function startPlaceCarry(
  carried: ReturnType<typeof createCarried>,
  state: PlaceRecord,
  course: Course,
  distanceM: number = state.placeM,
): void {
  record.distanceM = distanceM
  record.offsetM = state.placeM - distanceM
  record.way = course.wayAt(state.placeM)
  record.speedMps = state.speedMps
  record.powerW = state.powerW
  record.lateralM = state.lateralM
  record.lateralMps = state.lateralMps
  record.lineM = state.lineM
  record.turn = state.turn
  record.massKg = state.massKg
  record.cdaM2 = state.cdaM2
  record.draftFactor = state.draftFactor
  startCarry(carried, record)
}
