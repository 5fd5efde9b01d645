import type { NewRider, Where } from '#server/room/ride-options'
import type { ServerOrder } from './messages.ts'

/** Riders that begin together, three abreast, so far behind each other. */
const GROUP_RIDERS = 40
const ABREAST = 3
const BEHIND_M = 3

/**
 * Where the riders of a load begin. `groups`: groups of forty, spread evenly round the road as on a busy evening;
 * `bunch`: one behind the other from one place on, the largest bunch there can be.
 */
export function placesOf({ field, riders, roadM, routeId }: ServerOrder): (rider: NewRider) => Where {
  const groups = field === 'bunch' ? 1 : Math.max(1, Math.ceil(riders / GROUP_RIDERS))
  let next = 0
  return () => {
    const at = next++
    // One after the other into each group, so that all of them grow together.
    const inGroup = Math.floor(at / groups)
    const placeM = ((at % groups) + 1) * (roadM / groups) - 1 - Math.floor(inGroup / ABREAST) * BEHIND_M
    return { routeId, distanceM: ((placeM % roadM) + roadM) % roadM, lateralM: (inGroup % ABREAST) - 1 }
  }
}
