import type { Network } from '#maps/network'
import { beginsAtLine } from '#maps/routes'
import type { RaceRules } from './model.ts'

/** How long the others have after the winner, unless the organiser says otherwise: this, or this share of the winner's time. */
const TIME_LIMIT_S = 900
const TIME_LIMIT_SHARE = 0.3

/**
 * Rules for a race of so many laps on a route of a map; without a name on its first. From A to B is ridden once.
 */
export function raceRules(
  { map, network }: { readonly map: { readonly id: string }; readonly network: Network },
  wish: { readonly routeId?: string | undefined; readonly laps: number } & Partial<
    Pick<RaceRules, 'timeLimitS' | 'timeLimitShare'>
  >,
): { ok: true; rules: RaceRules } | { ok: false; error: string } {
  const { routeId = '' } = wish
  const route = routeId === '' ? network.routes[0] : network.routes.find(({ id }) => id === routeId)
  if (route === undefined) {
    const names = network.routes.map(({ id }) => id).join(', ')
    if (names === '') return { ok: false, error: `The map ${map.id} has no route to race on.` }
    return { ok: false, error: `The map ${map.id} has no route "${routeId}"; it has ${names}.` }
  }
  const { finishLineId, finishM, lapM, isLap } = route
  return {
    ok: true,
    rules: {
      mapId: map.id,
      routeId: route.id,
      lineId: finishLineId,
      lineM: finishM,
      lapM: isLap ? lapM : 0,
      laps: isLap ? wish.laps : 1,
      hasStartCrossing: beginsAtLine(route),
      timeLimitS: wish.timeLimitS ?? TIME_LIMIT_S,
      timeLimitShare: wish.timeLimitShare ?? (wish.timeLimitS === undefined ? TIME_LIMIT_SHARE : 0),
    },
  }
}
