import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { smallNetwork, smallNetworkJson } from '#test/sim/small-network'
import { bakeMap } from './bake.ts'
import type { ComplaintKind, MapComplaint } from './complaint.ts'
import { decodeCourse } from './course-file.ts'
import type { BakedColumns, Point } from './format.ts'
import { parseMap } from './parse.ts'
import { validateMap } from './validate.ts'

const json = smallNetworkJson()
type Json = typeof json
type RoadJson = Json['roads'][number]

/** The small network with a defect planted in its map … */
function planted(change: (json: Json) => object): readonly MapComplaint[] {
  const map = parseMap({ ...json, ...change(structuredClone(json)) })
  if (!map.ok) throw new Error(map.error.join('; '))
  const columns = bakeMap(map.value)
  if (!columns.ok) throw new Error(columns.error.join('; '))
  return validateMap(map.value, columns.value)
}

/** … or in its columns, as a broken baker would. */
function broken(change: (columns: BakedColumns) => void): readonly MapComplaint[] {
  const { map, courseBytes } = smallNetwork()
  const columns = decodeCourse(courseBytes)
  if (!columns.ok) throw new Error(columns.error.join('; '))
  change(columns.value)
  return validateMap(map, columns.value)
}

const withRoad = (id: string, change: object) => (all: Json) => ({
  roads: all.roads.map((road) => (road.id === id ? { ...road, ...change } : road)),
})
const kinds = (found: readonly MapComplaint[]): ComplaintKind[] =>
  [...new Set(found.map(({ kind }) => kind))].toSorted()
const road = (id: string): RoadJson => json.roads.find((one) => one.id === id)!
/** Points in a straight line, changed one by one. */
const line = (a: Point, b: Point, count: number, change: (point: Point, i: number) => Point): Point[] =>
  Array.from({ length: count + 1 }, (_, i) => {
    const f = i / count
    return change([a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f, a[2] + (b[2] - a[2]) * f], i)
  })
const spurAs = (change: (point: Point, i: number) => Point, count = 20) =>
  withRoad('spur', { points: line([0, 200, 54], [0, 400, 58], count, change) })

test('[M29] a sound network has no complaint', () => {
  expect(planted(() => ({}))).toEqual([])
})

test('[M29] every world we ship is sound', () => {
  const worlds = new URL('worlds/', import.meta.url)
  const ids = readdirSync(worlds)
  expect(ids.length).toBeGreaterThan(0)
  for (const id of ids) {
    const map = parseMap(JSON.parse(readFileSync(new URL(`${id}/map.json`, worlds), 'utf8')))
    const columns = decodeCourse(new Uint8Array(readFileSync(new URL(`${id}/course.bin`, worlds))))
    expect(map.ok && columns.ok && validateMap(map.value, columns.value)).toEqual([])
  }
})

test('[M19] on every world we ship a way begins at the very height at which the one before it ended', () => {
  const worlds = new URL('worlds/', import.meta.url)
  let joins = 0
  for (const id of readdirSync(worlds)) {
    const columns = decodeCourse(new Uint8Array(readFileSync(new URL(`${id}/course.bin`, worlds))))
    if (!columns.ok) throw new Error(columns.error.join('; '))
    const { ways, heightCount } = columns.value
    for (const { startM, lengthM, exits } of ways)
      for (const { way } of exits) {
        joins++
        expect(heightCount[ways[way]!.startM]).toBe(heightCount[startM + lengthM])
      }
  }
  expect(joins).toBeGreaterThan(500)
})

test('[M30] a road that ends beside its node: how far, in which axis, and where to put the point', () => {
  const points = road('spur').points.map((point, i) => (i === 0 ? [0, 200.02, point[2]] : point))
  const found = planted(withRoad('spur', { points }))
  expect(kinds(found)).toEqual(['gap'])
  expect(found[0]!.roadId).toBe('spur')
  expect(found[0]!.sentence).toBe(
    '"spur": its first point is not at node "n" but off by 0.00 m east, 0.02 m north, 0.00 m up; put it at [0, 200, 54], or move the node',
  )
  const high = road('spur').points.map((point, i) => (i === 0 ? [0, 200, 54.3] : point))
  expect(planted(withRoad('spur', { points: high }))[0]!.sentence).toMatch(/0\.30 m up/)
})

test('[M30] a gap between a way’s end and its connector, sideways and in height', () => {
  const shift = (name: 'xMm' | 'heightCount', by: number) =>
    broken((columns) => {
      const { startM, lengthM } = columns.ways[columns.ways.length - 1]!
      for (let i = startM; i <= startM + lengthM; i++) columns[name][i]! += by
    })
  expect(shift('xMm', 10)).toEqual([])
  for (const found of [shift('xMm', 12), shift('heightCount', 1600)]) {
    expect(kinds(found)).toEqual(['gap'])
    // Where the strip meets the turn, and where the turn meets the strip back.
    expect(found).toHaveLength(2)
    expect(found[0]!.sentence).toMatch(
      /"spur" at \d+ m, where the turn from ">spur" to "<spur" at node "spur-end" begins: a gap of .*0\.012.* m east, north, up/,
    )
  }
})

test('[M31] a corner between two straight pieces is a kink, with its metre', () => {
  // 3° in one place: fine points around it let no curve form.
  const found = planted(spurAs(([x, y, z]) => [y > 300 ? (y - 300) * 0.052 : x, y, z], 800))
  expect(kinds(found.filter(({ kind }) => kind === 'kink' || kind === 'radius'))).toEqual(['kink'])
  const kink = found.find(({ kind }) => kind === 'kink')!
  expect(kink.roadId).toBe('spur')
  expect(Math.abs(kink.atM - 100)).toBeLessThan(2)
  expect(kink.sentence).toMatch(/^"spur" at \d+ m: the direction jumps by [23]\.\d+°, at most 0\.5°; move the points/)
})

test('[M31] a place that lies beside the direction, and a turn that begins in another direction', () => {
  const beside = broken((columns) => (columns.xMm[columns.ways[16]!.startM + 60]! += 30))
  expect(kinds(beside)).toEqual(['kink'])
  const turned = broken((columns) => {
    const { startM } = columns.ways[columns.ways.length - 1]!
    ;[columns.eastCount[startM], columns.northCount[startM]] = [400, 32764]
  })
  expect(turned.find(({ kind }) => kind === 'kink')!.sentence).toMatch(
    /begins: the direction jumps by 0\.\d+°, at most 0\.5°/,
  )
})

test('[M32] grade that changes by more than 1 % within a metre, inside a way and where two join', () => {
  const inside = broken((columns) => (columns.slopeCount[columns.ways[16]!.startM + 60]! += 700))
  expect(inside.map(({ kind }) => kind)).toEqual(['grade-step'])
  expect(inside[0]!.sentence).toMatch(
    /^"spur" at \d+ m: the grade changes by 1\.\d % within a metre, at most 1 %; spread/,
  )
  const joined = broken((columns) => {
    const { startM, lengthM } = columns.ways[columns.ways.length - 1]!
    for (let i = startM; i <= startM + lengthM; i++) columns.slopeCount[i]! += 700
  })
  expect(kinds(joined)).toEqual(['grade-step'])
  expect(joined[0]!.sentence).toMatch(/begins: the grade jumps by 1\.\d %/)
})

test('[M32] steeper than 25 %', () => {
  const found = planted(spurAs(([x, y, z]) => [x, y, z + 0.24 * Math.min(80, Math.max(0, y - 260))]))
  expect(kinds(found)).toContain('slope')
  expect(found.find(({ kind }) => kind === 'slope')!.sentence).toMatch(
    /^"spur" at \d+ m: 2\d\.\d % steep, at most 25\.0 %; make the road longer/,
  )
})

test('[M33] a bend below 6 m radius, on a road and in a junction that is too small', () => {
  const hairpin: Point[] = [
    ...([
      [0, 200, 54],
      [0, 230, 54],
      [0, 260, 54],
      [3, 265, 54],
      [7, 265, 54],
      [10, 260, 54],
    ] as const),
    ...([
      [12, 230, 54],
      [40, 230, 54],
      [60, 300, 54],
      [0, 400, 58],
    ] as const),
  ]
  const found = planted(withRoad('spur', { points: hairpin }))
  expect(found.find(({ kind }) => kind === 'radius')!.sentence).toMatch(
    /^"spur" at \d+ m: a bend of [1-5]\.\d m radius, at least 6 m; draw it wider/,
  )
  const small = planted((all) => ({
    nodes: all.nodes.map((node) => (node.id === 'c' ? { ...node, reachM: 6 } : node)),
  }))
  expect(kinds(small)).toContain('radius')
  expect(small.find(({ kind }) => kind === 'radius')!.sentence).toMatch(
    /^the turn from ".*" to ".*" at node "c": a bend of [1-5]\.\d m radius, at least 6 m; give the node a larger reachM/,
  )
})

test('[M34] a bridge with less than 4.5 m under it, and one with enough', () => {
  const lowered = (by: number) =>
    planted(
      withRoad('over', {
        points: road('over').points.map(([x, y, z], i, all) => [
          x,
          y,
          Math.abs(i - (all.length - 1) / 2) < 5 ? z - by : z,
        ]),
      }),
    )
  expect(lowered(1.5)).toEqual([])
  const found = lowered(3)
  expect(kinds(found)).toEqual(['clearance'])
  expect(found).toHaveLength(1)
  expect(found[0]!.sentence).toMatch(/cross with 3\.\d m between them, at least 4\.5 m; raise one of them/)
  expect(found[0]!.sentence).toMatch(/"spur" at \d+ m/)
  expect(found[0]!.sentence).toMatch(/"over" at \d+ m/)
})

test('[M34] a crossing that says neither bridge nor tunnel; a tunnel below does as well as a bridge above', () => {
  const silent = planted(withRoad('over', { spans: [] }))
  expect(kinds(silent)).toEqual(['span'])
  expect(silent[0]!.sentence).toMatch(
    /cross with 6\.\d m between them, but neither says how; give the upper road a bridge there, or the lower one a tunnel/,
  )
  expect(planted(withRoad('over', { spans: [{ fromM: 100, toM: 200, kind: 'bridge' }] }))).toHaveLength(1)
  const tunnel = [{ fromM: 95, toM: 115, kind: 'tunnel' }]
  const below = planted((all) => ({
    roads: all.roads.map((one) =>
      one.id === 'over' ? { ...one, spans: [] } : one.id === 'spur' ? { ...one, spans: tunnel } : one,
    ),
  }))
  expect(below).toEqual([])
})

test('[M34] roads that lie in one another away from their junction', () => {
  const points: Point[] = [
    [-200, 0, 48],
    [-205, 60, 49],
    [-205, 110, 50.2],
    [-150, 210, 53],
    [-100, 205, 53],
    [0, 200, 54],
  ]
  const added = { ...road('wn'), id: 'beside', name: 'Beside', points, to: 'spur-end', widths: [], banks: [] }
  const nodes = (all: Json) =>
    all.nodes.map((node) => (node.id === 'spur-end' ? { ...node, at: [-100, 400, 57] as const } : node))
  const found = planted((all) => ({
    roads: [
      ...all.roads.map((one) =>
        one.id === 'spur' ? { ...one, points: line([0, 200, 54], [-100, 400, 57], 4, (point) => point) } : one,
      ),
      {
        ...added,
        points: [...points.slice(0, 3), [-195, 150, 51], [-190, 200, 52], [-100, 400, 57]] as Point[],
        from: 'w2',
      },
    ].map((one) =>
      one.id === 'beside'
        ? { ...one, from: 'far', points: [[-204, -150, 45], [-203, -50, 47], ...one.points.slice(2)] as Point[] }
        : one,
    ),
    nodes: [...nodes(all), { id: 'far', at: [-204, -150, 45] }],
  }))
  const overlap = found.filter(({ kind }) => kind === 'overlap')
  expect(overlap.length).toBeGreaterThan(0)
  expect(overlap[0]!.sentence).toMatch(
    /lie in one another by \d\.\d m; move them apart, or give the node there a larger reachM/,
  )
  expect(overlap.some(({ sentence }) => sentence.includes('"beside"'))).toBe(true)
})

test('[M35] a stretch beyond its road, a pen that does not fit, a spawn beside the road', () => {
  expect(
    planted(withRoad('spur', { widths: [{ fromM: 100, toM: 900, widthM: 6 }] })).map(({ sentence }) => sentence),
  ).toEqual(['"spur": widths[0] goes on to 900 m, but the road ends at 200.0 m; shorten it'])
  const pens = (change: object) => planted((all) => ({ pens: [{ ...all.pens[0]!, ...change }, all.pens[1]!] }))
  expect(pens({ rows: 41 }).map(({ sentence }) => sentence)).toEqual([
    '"ne" at 110 m: the pen "home" is 102.5 m deep, but its strip begins 100 m behind its line; fewer rows, or move it on',
  ])
  expect(pens({ abreast: 6 }).map(({ sentence }) => sentence)).toEqual([
    '"ne" at 110 m: the pen "home" has 6 abreast, 0.8 m each, on 4 m; fewer abreast, or a wider road',
  ])
  const spawns = planted((all) => ({ spawns: [{ ...all.spawns[0]!, lateralM: 1.8 }] }))
  expect(spawns.map(({ kind, roadId, atM }) => [kind, roadId, atM])).toEqual([['spawn', 'ne', 60]])
})

test('[M36] a road that nobody comes to, a dead end for those who may not turn, a place of no return', () => {
  const lonely = planted((all) => ({
    nodes: [...all.nodes, { id: 'a', at: [500, 0, 50] }, { id: 'b', at: [700, 0, 50] }],
    roads: [
      ...all.roads,
      {
        ...road('spur'),
        id: 'lonely',
        name: 'Lonely',
        from: 'a',
        to: 'b',
        points: [
          [500, 0, 50],
          [700, 0, 50],
        ],
      },
    ],
  }))
  expect(kinds(lonely)).toEqual(['unreachable'])
  expect(lonely.map(({ sentence }) => sentence)).toEqual(
    ['>lonely', '<lonely'].map(
      (strip) => `nobody can come to "${strip}" from a spawn or a pen; open a turn to it, or join it to a node`,
    ),
  )
  const trap = planted((all) => ({
    ...withRoad('spur', { isOneWay: true })(all),
    routes: [all.routes[0]!],
    pens: [all.pens[0]!],
  }))
  expect(trap.map(({ sentence }) => sentence)).toEqual([
    '">spur" ends and no turn leads on; lead it to a node with a way out, or make the road two-way',
  ])
  // Once into the ring of two one-way roads at the spur's end, never out again.
  const ring: Point[][] = [
    [
      [0, 400, 58],
      [30, 430, 58],
      [60, 480, 58],
      [0, 540, 58],
    ],
    [
      [0, 540, 58],
      [-60, 480, 58],
      [-30, 430, 58],
      [0, 400, 58],
    ],
  ]
  const noReturn = planted((all) => ({
    nodes: [
      ...all.nodes.map((node) =>
        node.id === 'spur-end'
          ? {
              ...node,
              closed: [
                { from: 'ring-1.end', to: 'spur.end' },
                { from: 'spur.end', to: 'spur.end' },
              ],
            }
          : node,
      ),
      { id: 'top', at: [0, 540, 58] },
    ],
    roads: [
      ...all.roads.map((one) => (one.id === 'spur' ? { ...one, isOneWay: true } : one)),
      ...ring.map((points, i) => ({
        ...road('over'),
        ...{
          id: `ring-${i}`,
          name: 'Ring',
          points,
          spans: [],
          from: i === 0 ? 'spur-end' : 'top',
          to: i === 0 ? 'top' : 'spur-end',
        },
      })),
    ],
    routes: [all.routes[0]!],
    pens: [all.pens[0]!],
  }))
  expect(noReturn.filter(({ kind }) => kind === 'trap').map(({ roadId }) => roadId)).toEqual([
    'spur',
    'ring-0',
    'ring-1',
  ])
})

test('[M37] a route that does not connect and a segment off its road are complaints of the validator too', () => {
  const [square] = json.routes
  const found = planted(() => ({
    routes: [{ ...square!, roads: ['>ne', '>sw'] }],
    segments: [{ ...json.segments[0]!, toM: 900 }],
  }))
  expect(kinds(found)).toEqual(['rules'])
  expect(found.map(({ sentence }) => sentence.split(':')[0])).toEqual([
    'segments[0].toM',
    'routes[0].roads[1]',
    'routes[0].roads[2]',
  ])
})

test('[M37] a road too short for its nodes is a sentence before anything is baked', () => {
  const map = parseMap({
    ...json,
    nodes: json.nodes.map((node) => (node.id === 'spur-end' ? { ...node, at: [0, 212, 54.24] } : node)),
    roads: json.roads.map((one) =>
      one.id === 'spur'
        ? {
            ...one,
            points: [
              [0, 200, 54],
              [0, 212, 54.24],
            ],
          }
        : one,
    ),
  })
  const made = map.ok ? bakeMap(map.value) : map
  expect(made).toEqual({
    ok: false,
    error: [
      'roads[8]: "spur" is 12.0 m long and its nodes take 4.8 and 4.8 m of it; make it longer or its nodes\' reachM smaller, so that 8 m are left',
    ],
  })
})
