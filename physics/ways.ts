import { TURN, type Course } from './course.ts'
import { ROAD_BIKE } from './resistance.ts'
import { RIDER_FLAG, type Riders } from './riders.ts'

const WISHES = Object.values(TURN)

/** The way that a rider takes at the end of the one they are on; −1: the road ends, the rider stands. Spends the wish, `turn`. */
export type NextWay = (row: number) => number

/** Moves riders who came to the end of their way onto the next one: `offsetM` jumps, `distanceM` does not. */
export function passJunctions(riders: Riders, course: Course, nextWay: NextWay): void {
  const { count, id, flags, distanceM, offsetM, way, speedMps, massKg, brakeJ } = riders
  for (let row = 0; row < count; row++) {
    if (id[row] === 0 || (flags[row]! & RIDER_FLAG.zone) !== 0) continue
    for (;;) {
      const endM = course.wayEndM(way[row]!)
      const beyondM = distanceM[row]! + offsetM[row]! - endM
      if (!(beyondM >= 0)) break
      const next = nextWay(row)
      if (next < 0) {
        // A wall: the rider waits a millimetre before it. Brakes have all but stopped them (`corners.ts`); the rest is theirs.
        distanceM[row] = endM - offsetM[row]! - 0.001
        const inertKg = massKg[row]! + ROAD_BIKE.inertiaKg
        brakeJ[row] = brakeJ[row]! + 0.5 * inertKg * speedMps[row]! * speedMps[row]!
        speedMps[row] = 0
        break
      }
      offsetM[row] = course.wayStartM(next) + beyondM - distanceM[row]!
      way[row] = next
    }
  }
}

/** What one can come onto from a way, whatever one wishes. */
export function exitsOf(course: Course, way: number): readonly number[] {
  const exits = new Set(WISHES.map((turn) => course.exitOf(way, turn)))
  exits.delete(-1)
  return [...exits]
}

/** Metres from one place ahead to another: along one way, or over to one that follows it; NaN when they are not joined so. */
export function gapBetweenM(course: Course, fromM: number, toM: number): number {
  const from = course.wayAt(fromM)
  const to = course.wayAt(toM)
  if (from === to) {
    const gapM = toM - fromM
    if (!course.isLoop) return gapM
    return gapM - course.lengthM * Math.round(gapM / course.lengthM)
  }
  for (const turn of WISHES) {
    if (course.exitOf(from, turn) === to) return course.wayEndM(from) - fromM + toM - course.wayStartM(to)
    if (course.exitOf(to, turn) === from) return -(course.wayEndM(to) - toM + fromM - course.wayStartM(from))
  }
  return NaN
}
