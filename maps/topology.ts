import type { MapFile, MapNode, MapRoad } from './format.ts'

/** A way before it has a shape: which strip of which road, or which two strips a connector joins. Numbers are indices. */
export interface WayPlan {
  readonly kind: 'road' | 'connector'
  /** The road; of a connector, the road it leads to. */
  readonly road: number
  readonly isReversed: boolean
  /** The other strip of the road; −1: none. */
  readonly twin: number
  /** Nodes it comes from and leads to; −1: none. */
  readonly fromNode: number
  readonly toNode: number
  /** Of a connector: the ways it joins; −1 on roads. */
  readonly fromWay: number
  readonly toWay: number
}

/** All ways of a map in the order of the tape: strips road by road, then connectors node by node. */
export function planWays(map: MapFile): readonly WayPlan[] {
  const nodeOf = new Map(map.nodes.map(({ id }, i) => [id, i]))
  const node = (id: string | null) => (id === null ? -1 : (nodeOf.get(id) ?? -1))
  const plans: WayPlan[] = []
  map.roads.forEach((road, index) => {
    const strip = { kind: 'road', road: index, fromWay: -1, toWay: -1 } as const
    const [from, to] = [node(road.from), node(road.to)]
    const way = plans.length
    plans.push({ ...strip, isReversed: false, twin: road.isOneWay ? -1 : way + 1, fromNode: from, toNode: to })
    if (!road.isOneWay) plans.push({ ...strip, isReversed: true, twin: way, fromNode: to, toNode: from })
  })
  const strips = plans.length
  map.nodes.forEach((at, index) => {
    for (let fromWay = 0; fromWay < strips; fromWay++) {
      if (plans[fromWay]!.toNode !== index) continue
      for (let toWay = 0; toWay < strips; toWay++) {
        const to = plans[toWay]!
        if (to.fromNode !== index || !isPermitted(map, at, plans[fromWay]!, to)) continue
        const { road, isReversed } = to
        plans.push({ kind: 'connector', road, isReversed, twin: -1, fromNode: index, toNode: index, fromWay, toWay })
      }
    }
  })
  return plans
}

/** "coast.start" or "coast.end": where a strip comes to its node, and where it leaves one. */
export function arrivalEnd(map: MapFile, { road, isReversed }: WayPlan): string {
  return `${map.roads[road]!.id}.${isReversed ? 'start' : 'end'}`
}

export function departureEnd(map: MapFile, { road, isReversed }: WayPlan): string {
  return `${map.roads[road]!.id}.${isReversed ? 'end' : 'start'}`
}

/** Back where the road came from: the same end of the same road. */
export function isBackTurn(map: MapFile, from: WayPlan, to: WayPlan): boolean {
  return arrivalEnd(map, from) === departureEnd(map, to)
}

function isPermitted(map: MapFile, node: MapNode, from: WayPlan, to: WayPlan): boolean {
  const arrival = arrivalEnd(map, from)
  const departure = departureEnd(map, to)
  if (node.closed.some((turn) => turn.from === arrival && turn.to === departure)) return false
  if (arrival !== departure) return true
  const { uTurn } = map.roads[from.road]!
  return uTurn === 'both' || arrival.endsWith(`.${uTurn}`) || endsAt(map.roads, node.id) === 1
}

function endsAt(roads: readonly MapRoad[], nodeId: string): number {
  return roads.reduce((sum, { from, to }) => sum + (from === nodeId ? 1 : 0) + (to === nodeId ? 1 : 0), 0)
}

/** The way that a strip reference means; −1: none. Roads' strips come first, so a search is short. */
export function wayOfStrip(map: MapFile, plans: readonly WayPlan[], strip: string): number {
  const id = strip.slice(1)
  const isReversed = strip.startsWith('<')
  return plans.findIndex(
    (plan) => plan.kind === 'road' && plan.isReversed === isReversed && map.roads[plan.road]!.id === id,
  )
}
