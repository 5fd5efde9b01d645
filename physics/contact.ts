import type { Course } from './course.ts'
import { BICYCLE_LENGTH_M } from './wake-law.ts'
import { EASE_FROM_MPS2, EASE_MPS2, Follow } from './follow.ts'
import { lateralLimitM } from './lanes.ts'
import { NEAR_AHEAD_MAX, STANDS_MPS, type Near } from './near.ts'
import type { Neighbours } from './neighbours.ts'
import { ROAD_BIKE } from './resistance.ts'
import { NOT_RIDING, type Riders } from './riders.ts'
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
/** Farther ahead than this when the tick began, m from wheel to same wheel, nobody is met in it; nor beside within that. */
const REACH_M = BICYCLE_LENGTH_M + 5
const BESIDE_M = BICYCLE_LENGTH_M + 1

/** Nobody rides into the wheel ahead, nobody is inside anybody; what that costs is booked in `contactJ`. */
export class Contact {
  /** Those who overlap along the road: the rows behind, and the ones beside or ahead of them. Scratch of one tick. */
  readonly #pairRow: Uint32Array
  readonly #pairOther: Uint32Array
  #pairs = 0
  readonly #follow = new Follow()

  constructor(capacity: number) {
    this.#pairRow = new Uint32Array(capacity * NEAR_AHEAD_MAX)
    this.#pairOther = new Uint32Array(capacity * NEAR_AHEAD_MAX)
  }

  settle(riders: Riders, course: Course, neighbours: Neighbours, near: Near): void {
    this.#feather(riders, neighbours, near)
    for (let sweep = 0; sweep < SWEEPS && this.#part(riders, course); sweep++);
  }

  /**
   * From the front to the back, so that a row of riders slows down in one tick and not one after the other. Who then
   * overlaps whom stays the same over all sweeps: parting is sideways.
   */
  #feather(riders: Riders, { count, order }: Neighbours, near: Near): void {
    const { flags, lateralM, speedMps, distanceM, massKg, contactJ, spareMps2 } = riders
    const { aheadCount, aheadRow, fromM, fromMps } = near
    const follow = this.#follow
    let pairs = 0
    for (let k = count - 1; k >= 0; k--) {
      const row = order[k]!
      if ((flags[row]! & NOT_RIDING) !== 0) continue
      const base = row * NEAR_AHEAD_MAX
      const end = base + aheadCount[row]!
      const v = speedMps[row]!
      const x = lateralM[row]!
      const goneM = distanceM[row]! - fromM[row]!
      const isEasing = spareMps2[row]! > EASE_FROM_MPS2
      const gained = (v - fromMps[row]!) / DT_S
      let mostMps = v
      for (let n = base; n < end; n++) {
        if (near.aheadM[n]! > REACH_M) break
        const other = aheadRow[n]!
        const asideM = Math.abs(lateralM[other]! - x)
        if (asideM >= ROOM_M) continue
        const gapM = near.aheadM[n]! + (distanceM[other]! - fromM[other]!) - goneM - BICYCLE_LENGTH_M
        if (gapM < -0.5 || fromMps[other]! < STANDS_MPS) continue
        mostMps = Math.min(mostMps, speedMps[other]! + (gapM - GAP_LEAST_M) / FEATHER_S)
        if (!isEasing) continue
        // Who is boxed in eases off the pedals behind the wheel ahead.
        follow.gapM = gapM
        follow.asideM = asideM
        follow.spareMps2 = spareMps2[row]!
        follow.speedMps = v
        follow.aheadMps = speedMps[other]!
        follow.look()
        const eased = Math.max(-EASE_MPS2, follow.mps2)
        if (eased < gained) mostMps = Math.min(mostMps, v - (gained - eased) * DT_S)
      }
      if (mostMps < v) {
        const slower = Math.max(0, mostMps, v - BRAKE_MOST_MPS2 * DT_S)
        contactJ[row]! += 0.5 * (massKg[row]! + ROAD_BIKE.inertiaKg) * (v * v - slower * slower)
        speedMps[row] = slower
        distanceM[row]! -= 0.5 * (v - slower) * DT_S
      }
      for (let n = base; n < end && near.aheadM[n]! <= BESIDE_M; n++) {
        if (near.nowAheadM(riders, row, n - base) >= BICYCLE_LENGTH_M) continue
        const other = aheadRow[n]!
        if ((flags[other]! & NOT_RIDING) !== 0) continue
        this.#pairRow[pairs] = row
        this.#pairOther[pairs++] = other
      }
    }
    this.#pairs = pairs
  }

  /** Those who overlap along the road keep a rider's width between them. False: all of them do. */
  #part(riders: Riders, course: Course): boolean {
    const { lateralM } = riders
    let hasParted = false
    for (let n = 0; n < this.#pairs; n++) {
      const row = this.#pairRow[n]!
      const other = this.#pairOther[n]!
      if (Math.abs(lateralM[other]! - lateralM[row]!) >= ROOM_M) continue
      hasParted = true
      partTwo(riders, course, row, other)
    }
    return hasParted
  }
}

/** Moves two who are inside each other apart, by what one tick allows. */
function partTwo(riders: Riders, course: Course, row: number, other: number): void {
  const { id, lateralM, lateralMps, distanceM, offsetM } = riders
  const asideM = lateralM[other]! - lateralM[row]!
  const insideM = ROOM_M - Math.abs(asideM)
  const isRight = asideM > 0 || (asideM === 0 && id[other]! > id[row]!)
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
