import type { Course } from './course.ts'
import { BICYCLE_LENGTH_M } from './wake-law.ts'
import { EASE_FROM_MPS2, easedMps2, gapWantedM } from './follow.ts'
import { lateralLimitM } from './lanes.ts'
import { NEAR_AHEAD_MAX, STANDS_MPS, type Near } from './near.ts'
import type { Neighbours } from './neighbours.ts'
import { ROAD_BIKE } from './resistance.ts'
import { RIDER_FLAG, type Riders } from './riders.ts'
import { DT_S } from './step.ts'

/** A rider from elbow to elbow, m: a handlebar of 0.42 m and what sticks out. */
export const RIDER_WIDTH_M = 0.5
/** What settling gives them, m: a little more, so that a row across a full road is not pressed together. */
const ROOM_M = 0.52
/** Nearer than this behind a wheel nobody rides on purpose, m. */
const GAP_LEAST_M = 0.1
/** A rider who comes nearer with no way round slows down so that the rest of the gap would last this long, s. */
const FEATHER_S = 0.5
/** … and no harder than this, m/s². */
const BRAKE_MOST_MPS2 = 6
/** Those side by side are moved apart over a few ticks, m per tick and rider at most. */
const APART_M = 0.05
const SWEEPS = 5
const NOT_RIDING = RIDER_FLAG.held | RIDER_FLAG.zone

/** Nobody rides into the wheel ahead, nobody is inside anybody; what that costs is booked in `contactJ`. */
export function settleContact(riders: Riders, course: Course, neighbours: Neighbours, near: Near): void {
  feather(riders, neighbours, near)
  for (let sweep = 0; sweep < SWEEPS; sweep++) part(riders, course, neighbours, near)
}

/** From the front to the back, so that a row of riders slows down in one tick and not one after the other. */
function feather(riders: Riders, { count, order }: Neighbours, near: Near): void {
  const { flags, lateralM, speedMps, distanceM, massKg, contactJ, spareMps2 } = riders
  for (let k = count - 1; k >= 0; k--) {
    const row = order[k]!
    if ((flags[row]! & NOT_RIDING) !== 0) continue
    const found = near.aheadCount[row]!
    const v = speedMps[row]!
    let mostMps = v
    const gained = (v - near.fromMps[row]!) / DT_S
    for (let n = 0; n < found; n++) {
      const gapM = near.nowAheadM(riders, row, n) - BICYCLE_LENGTH_M
      if (gapM > 5) break
      const other = near.aheadRow[row * NEAR_AHEAD_MAX + n]!
      if (near.fromMps[other]! < STANDS_MPS) continue
      if (gapM < -0.5 || Math.abs(lateralM[other]! - lateralM[row]!) >= ROOM_M) continue
      mostMps = Math.min(mostMps, speedMps[other]! + (gapM - GAP_LEAST_M) / FEATHER_S)
      const wantedM = gapWantedM(Math.abs(lateralM[other]! - lateralM[row]!), spareMps2[row]!)
      const eased = easedMps2(gapM, wantedM, v, speedMps[other]!)
      if (spareMps2[row]! > EASE_FROM_MPS2 && eased < gained) mostMps = Math.min(mostMps, v - (gained - eased) * DT_S)
    }
    if (mostMps >= v) continue
    const slower = Math.max(0, mostMps, v - BRAKE_MOST_MPS2 * DT_S)
    contactJ[row]! += 0.5 * (massKg[row]! + ROAD_BIKE.inertiaKg) * (v * v - slower * slower)
    speedMps[row] = slower
    distanceM[row]! -= 0.5 * (v - slower) * DT_S
  }
}

/** Those who overlap along the road keep a rider's width between them. */
function part(riders: Riders, course: Course, { count, order }: Neighbours, near: Near): void {
  const { flags, lateralM, lateralMps, distanceM, offsetM } = riders
  for (let k = count - 1; k >= 0; k--) {
    const row = order[k]!
    if ((flags[row]! & NOT_RIDING) !== 0) continue
    const found = near.aheadCount[row]!
    for (let n = 0; n < found; n++) {
      const aheadM = near.nowAheadM(riders, row, n)
      if (aheadM >= BICYCLE_LENGTH_M) {
        if (aheadM > BICYCLE_LENGTH_M + 1) break
        continue
      }
      const other = near.aheadRow[row * NEAR_AHEAD_MAX + n]!
      if ((flags[other]! & NOT_RIDING) !== 0) continue
      const asideM = lateralM[other]! - lateralM[row]!
      const insideM = ROOM_M - Math.abs(asideM)
      if (insideM <= 0) continue
      const isRight = asideM > 0 || (asideM === 0 && riders.id[other]! > riders.id[row]!)
      const limitM = lateralLimitM(course.widthAt(distanceM[row]! + offsetM[row]!))
      const side = isRight ? 1 : -1
      // Half each; who stands at the edge of the road leaves all of it to the other.
      let rightM = Math.min(APART_M, 0.5 * insideM)
      let leftM = rightM
      const roomRightM = Math.max(0, limitM - side * lateralM[other]!)
      const roomLeftM = Math.max(0, limitM + side * lateralM[row]!)
      if (roomRightM < rightM) leftM = Math.min(2 * APART_M, leftM + rightM - (rightM = roomRightM))
      else if (roomLeftM < leftM) rightM = Math.min(2 * APART_M, rightM + leftM - (leftM = roomLeftM))
      lateralM[row] = lateralM[row]! - side * leftM
      lateralM[other] = lateralM[other]! + side * rightM
      // They go on side by side: what brought them together ends.
      const towardsMps = (lateralMps[row]! - lateralMps[other]!) * side
      if (towardsMps > 0) {
        const middleMps = 0.5 * (lateralMps[row]! + lateralMps[other]!)
        lateralMps[row] = middleMps
        lateralMps[other] = middleMps
      }
    }
  }
}
