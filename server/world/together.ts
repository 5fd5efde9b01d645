import type { Riders } from '#physics/riders'
import { isKeptTogether, type Middle, pullToMiddle } from '#physics/together'

/**
 * A group that stays together though its legs differ; docs/meet.md says the law with its figures. Every rider's watts are
 * multiplied, for the road alone, by what brings them to the middle between first and last: nobody's own watts are touched,
 * and nothing times anything is nothing, so who stops pedalling is not carried. Off the front, beyond what easing can do,
 * the brake holds. Pure, no state of its own, + − × ÷ alone.
 */

/** Who is farther behind the first than this is helped, but not waited for, m. */
const WAIT_M = 400
/** With less than this nobody pedals, W. */
const PEDAL_W = 20
/** Who stands is not waited for either, m/s. */
const MOVING_MPS = 1

/**
 * Changes `powerW`, which for the length of a step is what moves the road's riders, of everybody on this route; says in
 * `middle` where it was (its tick is the caller's).
 */
export function keepTogether(riders: Riders, routeOf: ArrayLike<number>, route: number, middle?: Middle): void {
  const { count, distanceM, speedMps } = riders
  if (middle !== undefined) middle.route = 0
  if (route === 0) return
  const first = furthest(riders, routeOf, route, 1, -Infinity, 0)
  if (first < 0) return
  // The last of those who pedal; downhill, where nobody does, of those who roll.
  let last = furthest(riders, routeOf, route, -1, PEDAL_W, distanceM[first]!)
  if (last < 0) last = furthest(riders, routeOf, route, -1, -Infinity, distanceM[first]!)
  const middleM = 0.5 * (distanceM[first]! + distanceM[last]!)
  const middleMps = 0.5 * (speedMps[first]! + speedMps[last]!)
  if (middle !== undefined) {
    middle.route = route
    middle.atM = middleM
    middle.speedMps = middleMps
  }
  for (let i = 0; i < count; i++)
    if (isKeptTogether(riders, i, routeOf[i]!, route)) pullToMiddle(riders, i, middleM, middleMps)
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
    if (!isKeptTogether(riders, i, routeOf[i]!, route)) continue
    if (speedMps[i]! < MOVING_MPS || powerW[i]! < leastW) continue
    if (way < 0 && firstM - distanceM[i]! > WAIT_M) continue
    if (found < 0 || (distanceM[i]! - distanceM[found]!) * way > 0) found = i
  }
  return found
}
