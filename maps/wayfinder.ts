import type { Exit, Network, Route } from './network.ts'

/** Who rides: columns of physics' table of riders and of the world's ledger, by shape. */
export interface Travellers {
  readonly way: Uint32Array
  /** Leg of the route, counted from 1; 0 off every route. */
  readonly leg: Uint32Array
  /** What the rider wishes for at the next junction, one of physics' TURN. */
  readonly turn: Uint32Array
}

/** As physics has them (`physics/course`); this room knows no physics. */
const BACK = 4

/**
 * Which way comes next, for server and client alike. A route leads over its legs, lap after lap, until a rider wishes for
 * another turn than it takes; who is on none takes the exit they wish for, or the first one.
 */
export class Wayfinder {
  readonly network: Network

  constructor(network: Network) {
    this.network = network
  }

  /**
   * The way that `row` will take at the end of the one it is on, as things stand; −1: the road ends there. `route` is a
   * column: 0, or the number of a route counted from 1.
   */
  ahead(riders: Travellers, route: Uint32Array, row: number): number {
    const { exits } = this.network.ways[riders.way[row]!]!
    const wished = exitFor(exits, riders.turn[row]!)
    return wished?.way ?? this.#onRoute(riders, route, row) ?? exits[0]?.way ?? -1
  }

  /**
   * Takes it: moves the leg on, or off the route where a wish leads away from it. A wish is spent at the first junction
   * that has a choice; a wish to turn back waits for a place that lets one.
   */
  take(riders: Travellers, route: Uint32Array, row: number): number {
    const { exits } = this.network.ways[riders.way[row]!]!
    const wished = exitFor(exits, riders.turn[row]!)
    const onward = this.#onRoute(riders, route, row)
    const way = wished?.way ?? onward ?? exits[0]?.way ?? -1
    if (wished !== undefined) riders.turn[row] = 0
    if (riders.leg[row] === 0) return way
    const made = this.network.routes[route[row]! - 1]
    if (way >= 0 && way === onward) riders.leg[row] = legAfter(made!, riders.leg[row]! - 1) + 1
    else {
      riders.leg[row] = 0
      route[row] = 0
    }
    return way
  }

  /** Where the route leads next; undefined off every route, and where it is over. */
  #onRoute({ leg }: Travellers, route: Uint32Array, row: number): number | undefined {
    if (leg[row] === 0) return undefined
    const made = this.network.routes[route[row]! - 1]
    const onward = made === undefined ? -1 : legAfter(made, leg[row]! - 1)
    return onward < 0 ? undefined : made!.legs[onward]!.way
  }
}

/** The exit that a wish takes here; undefined where there is nothing to choose, or no turning back. */
function exitFor(exits: readonly Exit[], wish: number): Exit | undefined {
  if (wish === 0) return undefined
  if (wish === BACK) {
    for (let i = 0; i < exits.length; i++) if (exits[i]!.turn === BACK) return exits[i]
    return undefined
  }
  let found: Exit | undefined
  let choices = 0
  let apart = Infinity
  for (let i = 0; i < exits.length; i++) {
    const exit = exits[i]!
    if (exit.turn === BACK) continue
    choices++
    // Where the wish does not exist the nearest turn is meant; between two as near, the first.
    const far = Math.abs(exit.turn - wish)
    if (far >= apart) continue
    found = exit
    apart = far
  }
  return choices > 1 ? found : undefined
}

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

/** A road without junctions, routes or anything along it, of one way: a plain loop or a plain straight. */
export function bareNetwork(): Network {
  const way = {
    ...{ id: 0, name: '', kind: 'road' as const, roadId: '', isReversed: false, fromNode: '', toNode: '' },
    ...{ startM: 0, endM: Infinity, twin: -1, exits: [], spans: [] },
  }
  return { ways: [way], routes: [], segments: [], lines: [], pens: [], spawns: [], zones: [] }
}
