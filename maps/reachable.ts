import type { Baked, MapComplaint } from './complaint.ts'
import { wayOfStrip } from './topology.ts'

/** Roads that nobody comes to, ways that lead nowhere, and places from which nobody comes back. */
export function complaintsAboutReach({ map, columns, plans }: Baked): MapComplaint[] {
  if (plans.length === 1) return []
  const strip = (way: number) => `${plans[way]!.isReversed ? '<' : '>'}${map.roads[plans[way]!.road]!.id}`
  const complain = (kind: 'unreachable' | 'trap', way: number, sentence: string): MapComplaint => ({
    ...{ kind, roadId: map.roads[plans[way]!.road]!.id, atM: 0, sentence },
  })
  const begins = [...map.spawns, ...map.pens].map(({ road }) => wayOfStrip(map, plans, road))
  const forward = plans.map((_, way) => columns.ways[way]!.exits.map((exit) => exit.way))
  const backward: number[][] = plans.map(() => [])
  forward.forEach((ways, from) => ways.forEach((to) => backward[to]!.push(from)))
  const reached = spread(begins, forward)
  const home = spread(begins.slice(0, 1), backward)
  const found: MapComplaint[] = []
  plans.forEach((plan, way) => {
    if (plan.kind !== 'road') return
    if (forward[way]!.length === 0)
      found.push(
        complain(
          'trap',
          way,
          `"${strip(way)}" ends and no turn leads on; lead it to a node with a way out, or make the road two-way`,
        ),
      )
    else if (reached.has(way) && !home.has(way))
      found.push(
        complain(
          'trap',
          way,
          `from "${strip(way)}" nobody comes back to the spawn; open a turn, or add a road that leads back`,
        ),
      )
    if (!reached.has(way))
      found.push(
        complain(
          'unreachable',
          way,
          `nobody can come to "${strip(way)}" from a spawn or a pen; open a turn to it, or join it to a node`,
        ),
      )
  })
  return found
}

function spread(begins: readonly number[], next: readonly (readonly number[])[]): ReadonlySet<number> {
  const seen = new Set(begins)
  const waiting = [...seen]
  for (let way = waiting.pop(); way !== undefined; way = waiting.pop())
    for (const to of next[way]!) {
      if (seen.has(to)) continue
      seen.add(to)
      waiting.push(to)
    }
  return seen
}
