import type { MapFile, MapNode } from './format.ts'
import type { RoadShape } from './strip.ts'

/** Turns get at least this radius where the node's reach is left to the baker, m. */
const TURN_RADIUS_M = 8
const REACH_MIN_M = 8
const REACH_MAX_M = 40
/** A dead end is cut so far back that the turning circle ends about where the road does. */
const REACH_DEAD_END_M = 17
/** However large a node: this much of a road stays, as a share. */
const ROAD_SHARE_MAX = 0.4

/** A road end at a node: the direction that leads away from it, and half of the strip it has there. */
interface Arm {
  readonly end: string
  readonly east: number
  readonly north: number
  readonly widthM: number
  readonly offsetM: number
}

/** How much of each road its nodes take, at its start and at its end. */
export function reachesOf(map: MapFile, shapes: readonly RoadShape[]): readonly { startM: number; endM: number }[] {
  const reachOf = new Map(
    map.nodes.map((node) => [node.id, node.reachM ?? reachNeeded(node, armsAt(map, shapes, node))]),
  )
  return map.roads.map(({ from, to }, i) => {
    const most = shapes[i]!.lengthM * ROAD_SHARE_MAX
    const reach = (id: string | null) => (id === null ? 0 : Math.min(most, reachOf.get(id) ?? 0))
    return { startM: reach(from), endM: reach(to) }
  })
}

function reachNeeded(node: MapNode, arms: readonly Arm[]): number {
  if (arms.length === 1) return REACH_DEAD_END_M
  let reachM = REACH_MIN_M
  for (const a of arms) {
    reachM = Math.max(reachM, 0.5 * a.widthM + 2)
    for (const b of arms) {
      if (a === b) continue
      // Tangent of half the angle between the arms: two lines that meet at it are rounded by a circle of radius
      // R = reach · tan (θ / 2) − offset, for strips on the inner side; their edges part at half a width over tan (θ / 2).
      const cosine = a.east * b.east + a.north * b.north
      const tangent = Math.sqrt(Math.max(1e-6, 1 - cosine) / Math.max(1e-6, 1 + cosine))
      reachM = Math.max(reachM, (0.25 * (a.widthM + b.widthM)) / tangent + 2)
      const isClosed = node.closed.some(({ from, to }) => from === a.end && to === b.end)
      if (!isClosed) reachM = Math.max(reachM, (TURN_RADIUS_M + Math.max(a.offsetM, b.offsetM)) / tangent)
    }
  }
  return Math.min(REACH_MAX_M, reachM)
}

function armsAt(map: MapFile, shapes: readonly RoadShape[], node: MapNode): readonly Arm[] {
  return map.roads.flatMap((road, i) => {
    const { middle, width } = shapes[i]!
    const { east, north } = middle
    const last = east.length - 1
    const arm = (end: string, n: number, sign: number, widthM: number): Arm => ({
      ...{ end: `${road.id}.${end}`, east: east[n]! * sign, north: north[n]! * sign },
      ...{ widthM, offsetM: road.isOneWay ? 0 : widthM / 4 },
    })
    const { values } = width
    return [
      ...(road.from === node.id ? [arm('start', 0, 1, values[0]!)] : []),
      ...(road.to === node.id ? [arm('end', last, -1, values[values.length - 1]!)] : []),
    ]
  })
}
