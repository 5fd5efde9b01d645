import type { Network, Route } from './network.ts'

/**
 * Sums on compiled routes. Pure and small: the tick may call them. A route's metre 0 is the front of its pen; its lead-in
 * is ridden once, its lap again and again. `leg` counts on over the laps: legs of the second lap follow the last of the
 * first. Metres before 0 and beyond the end of a route that is no lap lie on the ways of its first and its last leg.
 */

/** The leg that holds a route metre. Give the leg of a moment ago: it is looked for from there. */
export function legAt(route: Route, routeM: number, hint = 0): number {
  const { legs, lapLeg, lapM } = route
  const perLap = legs.length - lapLeg
  const most = route.isLap ? Infinity : legs.length - 1
  let leg = Math.max(0, hint)
  if (route.isLap && Math.abs(routeM - legStartM(route, leg)) > lapM) {
    // Far from the hint: whole laps in one step.
    const laps = Math.max(0, Math.floor((routeM - route.leadInM) / lapM))
    leg = laps > 0 ? lapLeg + laps * perLap : 0
  }
  while (leg > 0 && legStartM(route, leg) > routeM) leg--
  while (leg < most && legStartM(route, leg + 1) <= routeM) leg++
  return leg
}

/** Route metres where a leg begins. */
export function legStartM(route: Route, leg: number): number {
  const { legs, lapLeg, lapM } = route
  if (leg < legs.length) return legs[leg]!.atM
  const perLap = legs.length - lapLeg
  const lap = Math.floor((leg - lapLeg) / perLap)
  return legs[lapLeg + ((leg - lapLeg) % perLap)]!.atM + lap * lapM
}

/** The way of a leg; −1 beyond the end of a route that is no lap. */
export function wayOfLeg(route: Route, leg: number): number {
  const { legs, lapLeg } = route
  if (leg < legs.length) return legs[leg]!.way
  return route.isLap ? legs[lapLeg + ((leg - lapLeg) % (legs.length - lapLeg))]!.way : -1
}

/** What follows a leg's way; −1 at the end of a route that is no lap. A connector is a leg like any other. */
export function wayAfterLeg(route: Route, leg: number): number {
  return wayOfLeg(route, leg + 1)
}

/** Route metres → place on the tape. */
export function placeOfRouteM(network: Network, route: Route, routeM: number, hint = 0): number {
  const leg = legAt(route, routeM, hint)
  const { legs, lapLeg } = route
  const { way, fromM } = legs[leg < legs.length ? leg : lapLeg + ((leg - lapLeg) % (legs.length - lapLeg))]!
  return network.ways[way]!.startM + fromM + routeM - legStartM(route, leg)
}

/** Place on the tape → route metres, on the given leg. */
export function routeMOfPlace(network: Network, route: Route, leg: number, placeM: number): number {
  const { legs, lapLeg } = route
  const { way, fromM } = legs[leg < legs.length ? leg : lapLeg + ((leg - lapLeg) % (legs.length - lapLeg))]!
  return legStartM(route, leg) + placeM - network.ways[way]!.startM - fromM
}

/** The leg nearest to `near` that runs along a way; −1: the route does not go there. For who joins or leaves the route. */
export function legOnWay(route: Route, way: number, near = 0): number {
  const { legs, isLap } = route
  for (let away = 0; away < legs.length; away++)
    for (const leg of away === 0 ? [near] : [near + away, near - away])
      if (leg >= 0 && (isLap || leg < legs.length) && wayOfLeg(route, leg) === way) return leg
  return -1
}

/** Route metres of the nth crossing of the finish line, n = 0, 1, 2 … */
export function finishCrossingM(route: Route, n: number): number {
  return route.finishM + n * route.lapM
}

/** How often the finish line was reached: who stands on it has. */
export function finishCrossings(route: Route, routeM: number): number {
  if (routeM < route.finishM) return 0
  return route.isLap ? Math.floor((routeM - route.finishM) / route.lapM) + 1 : 1
}

/** The pen stands just before the line: who first crosses it begins the first lap. Else that crossing ends it. */
export function beginsAtLine({ isLap, finishM, lapM }: Pick<Route, 'isLap' | 'finishM' | 'lapM'>): boolean {
  return isLap && finishM < 0.5 * lapM
}

/** Length and climb of a route ridden for some laps, from the pen to the finish line. */
export function routeTotals(route: Route, laps: number): { lengthM: number; climbM: number } {
  const times = route.isLap ? laps : 1
  if (beginsAtLine(route)) return { lengthM: route.finishM + times * route.lapM, climbM: times * route.climbM }
  return {
    lengthM: route.finishM + (times - 1) * route.lapM,
    climbM: route.leadInClimbM + times * route.climbM,
  }
}
