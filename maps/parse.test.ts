import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { smallNetworkJson } from '#test/sim/small-network'
import { MAP_LIMITS } from './format.ts'
import { parseMap } from './parse.ts'

const good = JSON.parse(readFileSync(new URL('worlds/sorrelmere/map.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown
>
const network = smallNetworkJson()
type Json = Record<string, unknown>

function complaintsOf(change: Json): readonly string[] {
  const parsed = parseMap({ ...network, ...change })
  return parsed.ok ? [] : parsed.error
}

/** The network with one road, or one node, changed. */
const roads = (id: string, change: Json) =>
  network.roads.map((road) => (road.id === id ? { ...road, ...change } : road))
const nodes = (id: string, change: Json) =>
  network.nodes.map((node) => (node.id === id ? { ...node, ...change } : node))

test('[M11] the first road’s map is a map, and so is a network', () => {
  const parsed = parseMap(good)
  expect(parsed.ok && parsed.value.name).toBe('Sorrelmere')
  expect(parseMap(network).ok).toBe(true)
})

test('[M11] every complaint says where and what', () => {
  const points = [...network.roads[0]!.points]
  const cases: [Json, string][] = [
    [{ roads: roads('mid-n', { points: [...points, [1, 2, '3']] }) }, 'roads[0].points[4][2]: not a finite number'],
    [{ roads: roads('mid-n', { points: [[1, 2]] }) }, 'roads[0].points[0]: not [x, y, z]'],
    [{ roads: roads('mid-n', { points: [[0, 0, 0]] }) }, 'roads[0].points: 1 points; a road needs at least 2'],
    [{ roads: roads('mid-n', { widthM: 1 }) }, 'roads[0].widthM: 1 is not in 2 … 50'],
    [{ roads: roads('mid-n', { uTurn: 'yes' }) }, 'roads[0].uTurn: not one of none, start, end, both'],
    [{ roads: undefined }, 'roads: not a list'],
    [{ version: 2 }, 'version: must be 1'],
    [{ id: 'Über' }, 'id: not an id of lower case letters, digits and dashes'],
    [{ spwans: [] }, 'spwans: unknown name'],
    [
      { roads: roads('mid-n', { banks: [{ fromM: 9, toM: 3, slope: 0.04 }] }) },
      'roads[0].banks[0].toM: must be beyond fromM (9)',
    ],
    [{ scenery: {} }, 'scenery.seed: not a finite number'],
    [
      { spawns: [{ road: 'ne', atM: 3 }] },
      'spawns[0].road: not a road with its direction: ">id" as its points go, "<id" against them',
    ],
    [
      { nodes: nodes('c', { closed: [{ from: 'mid-n', to: 'mid-s.start' }] }) },
      'nodes[0].closed[0].from: not an end of a road: "id.start" or "id.end"',
    ],
    [{ pens: [{ ...network.pens[0], rows: 1.5 }] }, 'pens[0].rows: 1.5 is not a whole number'],
  ]
  for (const [change, sentence] of cases) expect(complaintsOf(change)).toContain(sentence)
})

test('[M25] a name that leads nowhere is a complaint with its path', () => {
  const start = network.lines[0]!
  const cases: [Json, string][] = [
    [{ lines: [network.lines[1]] }, 'lines: no line with the id "start"'],
    [{ lines: [start, start, network.lines[1]] }, 'lines[1].id: "start" is there twice'],
    [{ spawns: [] }, 'spawns: none; riders need a place to appear'],
    [{ spawns: [{ road: '>nowhere', atM: 3 }] }, 'spawns[0].road: no road "nowhere"'],
    [{ spawns: [{ road: '<over', atM: 3 }] }, 'spawns[0].road: "over" is one-way; only ">over"'],
    [{ roads: roads('mid-n', { surface: 'ice' }) }, 'roads[0].surface: no surface "ice"'],
    [{ roads: roads('mid-n', { from: 'x' }) }, 'roads[0].from: no node "x"'],
    [
      { roads: roads('mid-n', { from: null }) },
      'roads[0].from: no node; only a one-way road that is the whole map needs none',
    ],
    [{ roads: roads('over', { isClosed: true }) }, 'roads[9].from: a closed road has no nodes'],
    [{ roads: roads('over', { uTurn: 'end' }) }, 'roads[9].uTurn: nobody turns back on a one-way road'],
    [{ nodes: [...network.nodes, { id: 'x', at: [9, 9, 9] }] }, 'nodes[6]: no road begins or ends here'],
    [
      { nodes: nodes('c', { closed: [{ from: 'ne.start', to: 'mid-n.start' }] }) },
      'nodes[0].closed[0].from: "ne.start" is not at this node',
    ],
    [
      { roads: [...network.roads, { ...network.roads[8], id: 'fifth', name: 'Fifth', to: 'c' }] },
      'nodes[0]: 5 road ends meet here; at most 4',
    ],
    [{ routes: [{ ...network.routes[0], pen: 'x' }] }, 'routes[0].pen: no pen "x"'],
    [{ routes: [{ ...network.routes[0], finish: 'x' }] }, 'routes[0].finish: no line "x"'],
    [{ routes: [{ ...network.routes[2], laps: 2 }] }, 'routes[0].laps: more than one, but the route is no lap'],
    [
      { zones: [{ ...network.zones[0], towards: [100, 100] }] },
      'zones[0].towards: is the middle of the zone; a place in the direction of its long side',
    ],
  ]
  for (const [change, sentence] of cases) expect(complaintsOf(change)).toContain(sentence)
})

test('[M25] beyond each limit is a complaint, at it none', () => {
  const { routes, points, stretches, textChars, lines, sceneryDepth } = MAP_LIMITS
  const route = network.routes[0]!
  const many = <T>(count: number, one: (i: number) => T) => Array.from({ length: count }, (_, i) => one(i))
  expect(complaintsOf({ routes: many(routes, (i) => ({ ...route, id: `r${i}` })) })).toEqual([])
  expect(complaintsOf({ routes: many(routes + 1, (i) => ({ ...route, id: `r${i}` })) })).toEqual([
    `routes: ${routes + 1} entries; at most ${routes}`,
  ])
  const road = (count: number) => roads('mid-n', { points: many(count, (i) => [i, 0, 0]) })
  expect(complaintsOf({ roads: road(points + 1) })[0]).toBe(`roads[0].points: ${points + 1} entries; at most ${points}`)
  expect(complaintsOf({ roads: road(points - 10) })).toEqual([
    `roads: ${points - 10 + network.roads.slice(1).reduce((sum, one) => sum + one.points.length, 0)} points together; at most ${points}`,
  ])
  const widths = many(stretches + 1, (i) => ({ fromM: i, toM: i + 1, widthM: 5 }))
  expect(complaintsOf({ roads: roads('ne', { widths }) })).toEqual([
    `roads[4].widths: ${stretches + 1} entries; at most ${stretches}`,
  ])
  expect(complaintsOf({ name: 'x'.repeat(textChars + 1) })).toEqual([`name: longer than ${textChars} characters`])
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { inner: nested(depth - 1) })
  expect(complaintsOf({ scenery: { seed: 1, deep: nested(sceneryDepth - 1) } })).toEqual([])
  for (const depth of [sceneryDepth, 5000])
    expect(complaintsOf({ scenery: { seed: 1, deep: nested(depth) } })[0]).toBe(
      `scenery: nested deeper than ${sceneryDepth}`,
    )
  expect(complaintsOf({ lines: many(lines + 1, (i) => ({ ...network.lines[0], id: `l${i}` })) })).toContain(
    `lines: ${lines + 1} entries; at most ${lines}`,
  )
})

test('[M11] anything at all is a map or complaints, at most twenty, never a throw', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const parsed = parseMap(value)
      return parsed.ok || (parsed.error.length > 0 && parsed.error.length <= 20)
    }),
    { seed: 8214, numRuns: 300 },
  )
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(network)), fc.anything(), (key, value) => {
      const parsed = parseMap({ ...network, [key]: value })
      return parsed.ok || parsed.error.length > 0
    }),
    { seed: 8214, numRuns: 300 },
  )
  const inner = (list: 'roads' | 'nodes' | 'routes') =>
    Object.keys(network[list][0]!).map((key) => [list, key] as const)
  fc.assert(
    fc.property(
      fc.constantFrom(...inner('roads'), ...inner('nodes'), ...inner('routes')),
      fc.anything(),
      ([list, key], value) => {
        const [first, ...rest] = network[list]
        const parsed = parseMap({ ...network, [list]: [{ ...first, [key]: value }, ...rest] })
        return parsed.ok || parsed.error.length > 0
      },
    ),
    { seed: 8214, numRuns: 600 },
  )
})
