import { TURN, type Exit, type Network } from './network.ts'
import { legAfter } from './routes.ts'

/** Who rides: columns of physics' table of riders and of the world's ledger, by shape. */
export interface Travellers {
  readonly way: Uint32Array
  /** Leg of the route, counted from 1; 0 off every route. */
  readonly leg: Uint32Array
  /** What the rider wishes for at the next junction, one of TURN. */
  readonly turn: Uint32Array
}

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
  if (wish === TURN.back) {
    for (let i = 0; i < exits.length; i++) if (exits[i]!.turn === TURN.back) return exits[i]
    return undefined
  }
  let found: Exit | undefined
  let choices = 0
  let apart = Infinity
  for (let i = 0; i < exits.length; i++) {
    const exit = exits[i]!
    if (exit.turn === TURN.back) continue
    choices++
    // Where the wish does not exist the nearest turn is meant; between two as near, the first.
    const far = Math.abs(exit.turn - wish)
    if (far >= apart) continue
    found = exit
    apart = far
  }
  return choices > 1 ? found : undefined
}
