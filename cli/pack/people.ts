import type { Course } from '#physics/course'
import { plainCourse } from '#physics/plain-courses'
import type { Riders } from '#physics/riders'
import { steadyPowerW } from '#physics/steady'
import { BICYCLE_LENGTH_M } from '#physics/wake-law'

/** A wheel within this is followed; a string of riders ends at the second, m. */
const WHEEL_M = 90
const HOLE_M = 12
/** Who is alongside, so far to the side, has no wheel to offer, m. */
const BESIDE_M = 0.5
/** Wheel to wheel one likes to ride at, m, and how gaps and speeds are answered, 1/s² and 1/s; at most, m/s². */
const LIKED_M = 2.6
const GAP_PS2 = 0.03
const SPEED_PS = 0.3
const SOFTEST_MPS2 = -0.35
const HARDEST_MPS2 = 0.3
/** More than their own watts people push by this share, for so many seconds of it; easing earns it back. */
const PRESS_SHARE = 0.35
const PRESS_S = 60
/** A turn at the front, s; then one eases to this share of one's own watts until somebody comes past. */
const TURN_S = 45
const EASE_SHARE = 0.75
/** Who leads and sees the next one lose the wheel waits: farther than this, m, at this share. */
const LOST_M = 8
const WAIT_SHARE = 0.8
/** The second takes over where the first does less than this share of what the speed takes. */
const EASING_SHARE = 0.85

/**
 * Legs of somebody who rides with others and wants to stay with them: in the wheel they do what holds it and no more, they
 * push as soon as a gap opens, they take their turn and wait for who is dropped. Once a second, from what one sees.
 */
export function peopleLegs(
  ownW: number,
  course: Course = plainCourse(),
): (timeS: number, row: number, riders: Riders) => number {
  let second = -1
  let turnS = 0
  let bankJ = PRESS_SHARE * PRESS_S * ownW
  let wishW = ownW
  return (timeS, row, riders) => {
    if (Math.floor(timeS) === second) return wishW
    second = Math.floor(timeS)
    const seen = look(riders, row)
    const { ahead, gapM } = seen
    const v = riders.speedMps[row]!
    const isFirst = gapM > HOLE_M || isEasing(riders, ahead, course)
    turnS = isFirst ? turnS + 1 : 0
    if (isFirst && (gapM < HOLE_M || gapM > WHEEL_M)) {
      const share = seen.behindM > LOST_M && seen.behindM < WHEEL_M ? WAIT_SHARE : 1
      wishW = ownW * (turnS > TURN_S && seen.behindM < LOST_M ? EASE_SHARE : share)
    } else {
      const aheadMps = riders.speedMps[ahead]!
      const answer = GAP_PS2 * (gapM - LIKED_M) + SPEED_PS * (aheadMps - v)
      const mps2 = Math.max(SOFTEST_MPS2, Math.min(HARDEST_MPS2, answer))
      const mostW = ownW * (bankJ > 0 ? 1 + PRESS_SHARE : 1)
      const holdW = heldW(riders, row, course, aheadMps, riders.draftFactor[row]!)
      wishW = Math.max(0, Math.min(mostW, holdW + mps2 * riders.massKg[row]! * v))
    }
    bankJ = Math.max(0, Math.min(PRESS_SHARE * PRESS_S * ownW, bankJ + ownW - wishW))
    return wishW
  }
}

interface Seen {
  readonly ahead: number
  readonly gapM: number
  readonly behindM: number
}

function look({ count, distanceM, lateralM }: Riders, row: number): Seen {
  let ahead = -1
  let gapM = Infinity
  let behindM = Infinity
  for (let other = 0; other < count; other++) {
    const m = distanceM[other]! - distanceM[row]!
    if (other === row) continue
    if (m <= 0) behindM = Math.min(behindM, -m)
    else if (m < gapM && (m >= BICYCLE_LENGTH_M || Math.abs(lateralM[other]! - lateralM[row]!) <= BESIDE_M))
      [ahead, gapM] = [other, m]
  }
  return { ahead, gapM, behindM }
}

/** First of a string, and it shows that it is somebody else's turn. */
function isEasing(riders: Riders, row: number, course: Course): boolean {
  if (row < 0 || look(riders, row).gapM < HOLE_M) return false
  return riders.powerW[row]! < EASING_SHARE * heldW(riders, row, course, riders.speedMps[row]!, 1)
}

function heldW(riders: Riders, row: number, course: Course, speedMps: number, draftFactor: number): number {
  const placeM = riders.distanceM[row]! + riders.offsetM[row]!
  return steadyPowerW(Math.max(3, speedMps), {
    massKg: riders.massKg[row]!,
    cdaM2: riders.cdaM2[row]!,
    slope: course.slopeAt(placeM),
    crr: course.crrAt(placeM),
    airDensityKgpm3: course.airDensityAt(placeM),
    draftFactor,
  })
}
