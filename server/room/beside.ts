import type { RiderId } from '#protocol/ids'
import { RIDER_FLAG } from '#physics/riders'
import { placeOnRoute } from '#maps/routes'
import type { World } from '../world/world.ts'
import type { Where } from './ride-options.ts'

/** Who drops in beside a rider comes so far behind them, then farther and farther back until there is room, m. */
const BESIDE_M = 6
const BESIDE_STEP_M = 3
const BESIDE_MAX_M = 90
/** Room for a bicycle and a moment, before and behind, m. */
const FREE_M = 2.5
/** Not faster than this: whoever is put into a descent has to look first. */
const BESIDE_MPS_MAX = 15
const NOT_ON_THE_ROAD = RIDER_FLAG.held | RIDER_FLAG.zone

/**
 * On the road just behind this rider, at their speed, where nobody is; undefined when nobody may be put there: the
 * rider is away, waits in a pen, is in a race or in a free-ride zone.
 */
export function whereBeside(world: World, riderId: RiderId): Where | undefined {
  const row = world.rowOf(riderId)
  const { riders, ledger, network, course } = world
  if (row === undefined || (riders.flags[row]! & NOT_ON_THE_ROAD) !== 0 || world.isBound(row)) return undefined
  const placeM = riders.distanceM[row]! + riders.offsetM[row]!
  const route = riders.leg[row] === 0 ? undefined : network.routes[ledger.route[row]! - 1]
  // Off every route there is nothing before the first metre of a way.
  const roomM = route === undefined ? placeM - course.wayStartM(riders.way[row]!) : riders.distanceM[row]!
  for (let backM = BESIDE_M; backM <= BESIDE_MAX_M && backM <= roomM; backM += BESIDE_STEP_M) {
    const distanceM = riders.distanceM[row]! - backM
    const atM = route === undefined ? placeM - backM : placeOnRoute(network, route, distanceM).placeM
    if (!isFree(world, atM)) continue
    const speedMps = Math.min(riders.speedMps[row]!, BESIDE_MPS_MAX)
    const lateralM = riders.lateralM[row]!
    return { routeId: route?.id ?? '', distanceM, placeM: atM, lateralM, speedMps }
  }
  return undefined
}

function isFree({ riders }: World, atM: number): boolean {
  for (let row = 0; row < riders.count; row++) {
    if (riders.id[row] === 0) continue
    const apartM = riders.distanceM[row]! + riders.offsetM[row]! - atM
    if (apartM > -FREE_M && apartM < FREE_M) return false
  }
  return true
}
