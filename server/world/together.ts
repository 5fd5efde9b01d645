import { RIDER_FLAG, type Riders } from '#physics/riders'

/**
 * A group that stays together though its legs differ; docs/meet.md says the law with its figures. Every rider's watts are
 * multiplied, for the road alone, by what brings them to the middle between first and last: nobody's own watts are touched,
 * and nothing times anything is nothing, so who stops pedalling is not carried. Off the front, beyond what easing can do,
 * the brake holds. Pure, no state of its own, + − × ÷ alone.
 */

/** So far behind the middle watts count twice, m. */
const REACH_M = 25
/** So much slower than the middle, too, m/s: who comes back fast does not shoot through. */
const EASE_MPS = 3
/** Watts count at most and at least so much. */
const HELP_MAX = 2.5
const HELP_MIN = 0.3
/** Off the front beyond easing: so many watts of brake for each step of the law, and no more than this. */
const BRAKE_W = 600
const BRAKE_MAX_W = 900
/** Who is farther behind the first than this is helped, but not waited for, m. */
const WAIT_M = 400
/** With less than this nobody pedals, W. */
const PEDAL_W = 20
/** Who stands is not waited for either, m/s. */
const MOVING_MPS = 1

const NOT_RIDING = RIDER_FLAG.held | RIDER_FLAG.zone

/** Changes `powerW`, which for the length of a step is what moves the road's riders, of everybody on this route. */
export function keepTogether(riders: Riders, routeOf: ArrayLike<number>, route: number): void {
  const { count, distanceM, speedMps, powerW } = riders
  if (route === 0) return
  const first = furthest(riders, routeOf, route, 1, -Infinity, 0)
  if (first < 0) return
  // The last of those who pedal; downhill, where nobody does, of those who roll.
  let last = furthest(riders, routeOf, route, -1, PEDAL_W, distanceM[first]!)
  if (last < 0) last = furthest(riders, routeOf, route, -1, -Infinity, distanceM[first]!)
  const middleM = 0.5 * (distanceM[first]! + distanceM[last]!)
  const middleMps = 0.5 * (speedMps[first]! + speedMps[last]!)
  for (let i = 0; i < count; i++) {
    if (!isIn(riders, routeOf, i, route)) continue
    const share = 1 + (middleM - distanceM[i]!) / REACH_M + (middleMps - speedMps[i]!) / EASE_MPS
    const brakeW = share < HELP_MIN ? Math.min(BRAKE_MAX_W, (HELP_MIN - share) * BRAKE_W) : 0
    // Watts below nothing are what the ledger takes back, and stay what they are.
    if (powerW[i]! > 0) powerW[i] = powerW[i]! * Math.min(HELP_MAX, Math.max(HELP_MIN, share))
    powerW[i] = powerW[i]! - brakeW
  }
}

/** The row farthest along the road, or (`way` −1) farthest back among those who are waited for; −1: nobody. */
function furthest(
  riders: Riders,
  routeOf: ArrayLike<number>,
  route: number,
  way: 1 | -1,
  leastW: number,
  firstM: number,
): number {
  const { count, distanceM, speedMps, powerW } = riders
  let found = -1
  for (let i = 0; i < count; i++) {
    if (!isIn(riders, routeOf, i, route) || speedMps[i]! < MOVING_MPS || powerW[i]! < leastW) continue
    if (way < 0 && firstM - distanceM[i]! > WAIT_M) continue
    if (found < 0 || (distanceM[i]! - distanceM[found]!) * way > 0) found = i
  }
  return found
}

function isIn({ id, flags, leg }: Riders, routeOf: ArrayLike<number>, row: number, route: number): boolean {
  return id[row] !== 0 && (flags[row]! & NOT_RIDING) === 0 && leg[row] !== 0 && routeOf[row] === route
}
