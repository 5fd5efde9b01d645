import type { Network, Route } from './network.ts'

/** Sums on compiled routes. Pure and small: the tick may call them. */

/** Index of the leg after this one; −1: the route is over. */
export function legAfter(route: Route, leg: number): number {
  if (leg + 1 < route.legs.length) return leg + 1
  return route.isLap ? route.lapLeg : -1
}

/** Number of a route, counted from 1; 0: there is none of that name. */
export function routeNumber(network: Network, routeId: string): number {
  return network.routes.findIndex(({ id }) => id === routeId) + 1
}

/** Where on the tape a metre of a route lies, and on which leg (counted from 1). Metres before its beginning lie in the pen. */
export function placeOnRoute(
  network: Network,
  route: Route,
  routeM: number,
): { readonly way: number; readonly leg: number; readonly placeM: number } {
  const { legs, lapLeg, lapM, isLap } = route
  const lapFromM = legs[lapLeg]!.atM
  const isEndless = network.ways[legs[0]!.way]!.endM === Infinity
  let foldedM = routeM
  if (isLap && !isEndless && routeM >= lapFromM) foldedM = routeM - Math.floor((routeM - lapFromM) / lapM) * lapM
  let leg = 0
  while (leg + 1 < legs.length && legs[leg + 1]!.atM <= foldedM) leg++
  const { way, fromM, atM } = legs[leg]!
  const { startM } = network.ways[way]!
  let placeM = startM + fromM + foldedM - atM
  // Behind the first metre: round the loop; elsewhere the back of a pen stands where the road begins.
  if (placeM < startM) placeM = isEndless && isLap ? placeM + lapM : startM
  return { way, leg: leg + 1, placeM }
}

/** Sums of metres are not exact. */
const EPSILON_M = 1e-6

/** The leg of a route that a place on a way lies on, counted from 1; 0: none. A lap goes before its lead-in. */
export function legAtPlace(network: Network, route: Route, way: number, placeM: number): number {
  const atM = placeM - network.ways[way]!.startM
  const isOn = (leg: number) => {
    const { way: its, fromM, toM } = route.legs[leg]!
    return its === way && (network.ways[way]!.endM === Infinity || (atM >= fromM - EPSILON_M && atM <= toM + EPSILON_M))
  }
  for (let leg = route.lapLeg; leg < route.legs.length; leg++) if (isOn(leg)) return leg + 1
  for (let leg = 0; leg < route.lapLeg; leg++) if (isOn(leg)) return leg + 1
  return 0
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
