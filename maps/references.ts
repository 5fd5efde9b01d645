import type { Door } from './door.ts'
import { MAP_LIMITS, type MapFile } from './format.ts'

/** Names that lead nowhere, ids that are there twice, roads whose ends are not said: what `parseMap` checks last. */
export function complaintsAboutReferences(map: MapFile, door: Door): void {
  for (const list of ['surfaces', 'nodes', 'roads', 'lines', 'routes', 'segments', 'pens', 'zones'] as const)
    door.unique(list, map[list])
  if (map.roads.length === 0) door.complain('roads', 'none; a map needs at least one')
  if (!map.lines.some(({ id }) => id === 'start')) door.complain('lines', 'no line with the id "start"')
  if (map.spawns.length === 0) door.complain('spawns', 'none; riders need a place to appear')
  complaintsAboutRoads(map, door)
  complaintsAboutNodes(map, door)
  const strip = stripChecker(map, door)
  map.lines.forEach(({ road }, i) => strip(`lines[${i}].road`, road))
  map.pens.forEach(({ road }, i) => strip(`pens[${i}].road`, road))
  map.spawns.forEach(({ road }, i) => strip(`spawns[${i}].road`, road))
  map.segments.forEach(({ along }, i) => {
    along.forEach((road, k) => strip(`segments[${i}].along[${k}]`, road))
    if (along.length === 0) door.complain(`segments[${i}].along`, 'empty')
  })
  map.zones.forEach(({ at, towards, entry, exit }, i) => {
    strip(`zones[${i}].entry.road`, entry.road)
    strip(`zones[${i}].exit.road`, exit.road)
    if (at[0] === towards[0] && at[1] === towards[1])
      door.complain(`zones[${i}].towards`, 'is the middle of the zone; a place in the direction of its long side')
  })
  map.routes.forEach((route, i) => {
    const path = `routes[${i}]`
    if (!map.pens.some(({ id }) => id === route.pen)) door.complain(`${path}.pen`, `no pen "${route.pen}"`)
    if (!map.lines.some(({ id }) => id === route.finish)) door.complain(`${path}.finish`, `no line "${route.finish}"`)
    route.leadIn.forEach((road, k) => strip(`${path}.leadIn[${k}]`, road))
    route.roads.forEach((road, k) => strip(`${path}.roads[${k}]`, road))
    if (route.roads.length === 0) door.complain(`${path}.roads`, 'empty')
    if (!route.isLap && route.laps !== 1) door.complain(`${path}.laps`, 'more than one, but the route is no lap')
  })
}

function complaintsAboutRoads(map: MapFile, door: Door): void {
  const surfaces = new Set(map.surfaces.map(({ id }) => id))
  const nodes = new Set(map.nodes.map(({ id }) => id))
  const isAlone = map.roads.length === 1
  map.roads.forEach((road, i) => {
    const path = `roads[${i}]`
    const surface = (at: string, id: string) => {
      if (!surfaces.has(id)) door.complain(at, `no surface "${id}"`)
    }
    surface(`${path}.surface`, road.surface)
    road.surfaces.forEach((stretch, k) => surface(`${path}.surfaces[${k}].surface`, stretch.surface))
    for (const end of ['from', 'to'] as const) {
      const id = road[end]
      if (id !== null && !nodes.has(id)) door.complain(`${path}.${end}`, `no node "${id}"`)
      else if (id !== null && road.isClosed) door.complain(`${path}.${end}`, 'a closed road has no nodes')
      else if (id === null && !(isAlone && road.isOneWay))
        door.complain(`${path}.${end}`, 'no node; only a one-way road that is the whole map needs none')
    }
    if ((road.from === null) !== (road.to === null)) door.complain(path, 'a node at one end and none at the other')
    if (road.isClosed && !(isAlone && road.isOneWay))
      door.complain(`${path}.isClosed`, 'only for a one-way road that is the whole map; give the road a node')
    if (road.isClosed && road.points.length < 4)
      door.complain(`${path}.points`, `${road.points.length} points; a closed road needs at least 4`)
    if (road.isOneWay && road.uTurn !== 'none') door.complain(`${path}.uTurn`, 'nobody turns back on a one-way road')
  })
}

function complaintsAboutNodes(map: MapFile, door: Door): void {
  const ends = new Map<string, Set<string>>(map.nodes.map(({ id }) => [id, new Set()]))
  for (const road of map.roads) {
    if (road.from !== null) ends.get(road.from)?.add(`${road.id}.start`)
    if (road.to !== null) ends.get(road.to)?.add(`${road.id}.end`)
  }
  map.nodes.forEach((node, i) => {
    const here = ends.get(node.id)!
    if (here.size === 0) door.complain(`nodes[${i}]`, 'no road begins or ends here')
    if (here.size > MAP_LIMITS.endsAtNode)
      door.complain(`nodes[${i}]`, `${here.size} road ends meet here; at most ${MAP_LIMITS.endsAtNode}`)
    for (const list of ['closed', 'first'] as const)
      node[list].forEach((turn, k) => {
        for (const end of ['from', 'to'] as const)
          if (!here.has(turn[end]))
            door.complain(`nodes[${i}].${list}[${k}].${end}`, `"${turn[end]}" is not at this node`)
      })
  })
}

function stripChecker(map: MapFile, door: Door): (path: string, strip: string) => void {
  const roads = new Map(map.roads.map((road) => [road.id, road]))
  return (path, strip) => {
    const road = roads.get(strip.slice(1))
    if (road === undefined) door.complain(path, `no road "${strip.slice(1)}"`)
    else if (road.isOneWay && strip.startsWith('<')) door.complain(path, `"${road.id}" is one-way; only ">${road.id}"`)
  }
}
