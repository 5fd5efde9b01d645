import fc from 'fast-check'
import { expect, test } from 'vitest'
import { smallNetworkJson } from '#test/sim/small-network'
import { bakeMap } from './bake.ts'
import { decodeCourse } from './course-file.ts'
import { encodeCourse } from './course-write.ts'
import type { BakedColumns } from './format.ts'
import { parseMap } from './parse.ts'
import { planWays } from './topology.ts'
import { validateMap } from './validate.ts'

const json = smallNetworkJson()

test('[M38] a road may lead from a node back to itself, and a rider may ride it round and round', () => {
  const ring = [
    ...([
      [0, 400, 58],
      [40, 420, 58],
      [60, 460, 59],
      [40, 500, 60],
      [0, 515, 60],
    ] as const),
    ...([
      [-40, 500, 60],
      [-60, 460, 59],
      [-40, 420, 58],
      [0, 400, 58],
    ] as const),
  ]
  const map = parseMap({
    ...json,
    roads: [
      ...json.roads,
      { ...json.roads[8], id: 'ring', name: 'Ring', from: 'spur-end', to: 'spur-end', points: ring },
    ],
    routes: [
      ...json.routes.slice(0, 3),
      { id: 'round', name: 'Round', pen: 'ring', roads: ['>ring'], isLap: true, laps: 2, finish: 'ring' },
    ],
    pens: [...json.pens, { id: 'ring', road: '>ring', atM: 100, rows: 3, abreast: 2 }],
    lines: [...json.lines, { id: 'ring', name: 'Ring', road: '>ring', atM: 105 }],
  })
  if (!map.ok) throw new Error(map.error.join('; '))
  const columns = bakeMap(map.value)
  if (!columns.ok) throw new Error(columns.error.join('; '))
  expect(validateMap(map.value, columns.value)).toEqual([])
  // Three strips arrive and three leave; each leads to two, for none turns back where it came from.
  const nodeIndex = map.value.nodes.findIndex(({ id }) => id === 'spur-end')
  const turns = planWays(map.value).filter(({ kind, fromNode }) => kind === 'connector' && fromNode === nodeIndex)
  expect(turns).toHaveLength(6)
  expect(turns.filter(({ fromWay, toWay }) => fromWay === toWay)).toHaveLength(2)
})

test(
  '[M39] whatever parses bakes, or says why: never a throw, and what is baked can be read again',
  { timeout: 60_000 },
  () => {
    const metres = fc.oneof(
      fc.double({ min: -400, max: 400, noNaN: true }),
      fc.constantFrom(0, -0, 1e-320, 1e-12, 1e-6, 0.001, 0.5, 900, -900),
    )
    const point = fc.tuple(metres, metres, fc.oneof(fc.double({ min: 0, max: 60, noNaN: true }), metres))
    const change = fc.record(
      {
        points: fc.array(point, { minLength: 2, maxLength: 9 }),
        widthM: fc.double({ min: 2, max: 50, noNaN: true }),
        isOneWay: fc.boolean(),
        windShare: fc.double({ min: 0, max: 1, noNaN: true }),
        widths: fc.array(fc.constant({ fromM: 3, toM: 1e6, widthM: 20 }), { maxLength: 1 }),
        banks: fc.array(fc.constant({ fromM: 0, toM: 0.001, slope: -0.5 }), { maxLength: 1 }),
      },
      { requiredKeys: [] },
    )
    const reachM = fc.oneof(fc.constant(null), fc.double({ min: 4, max: 80, noNaN: true }))
    let baked = 0
    fc.assert(
      fc.property(fc.nat(9), change, reachM, fc.boolean(), (which, more, reach, isNear) => {
        const roads = json.roads.map((road, i) => {
          if (i !== which) return road
          // Half of them keep their ends, so that there is something to join.
          const points = more.points?.map((one, k, all) =>
            isNear && (k === 0 || k === all.length - 1) ? road.points.at(k === 0 ? 0 : -1)! : one,
          )
          return { ...road, ...more, ...(points === undefined ? {} : { points }) }
        })
        const nodes = json.nodes.map((node) => ({ ...node, reachM: reach }))
        const map = parseMap({ ...json, roads, nodes, routes: [], segments: [], zones: [], pens: [] })
        if (!map.ok) return
        const columns = bakeMap(map.value)
        if (!columns.ok) {
          expect(columns.error.join('')).toMatch(/\w/)
          return
        }
        baked++
        validateMap(map.value, columns.value)
        expectReadable(columns.value)
      }),
      { seed: 8214, numRuns: 30 },
    )
    expect(baked).toBeGreaterThan(5)
  },
)

test(
  '[M39] a road alone: points a hair apart, doubled back, straight up and very far are a road or a sentence',
  { timeout: 60_000 },
  () => {
    const metres = fc.oneof(
      fc.double({ min: -300, max: 300, noNaN: true }),
      fc.constantFrom(0, 1e-320, 1e-9, 1e-3, 900),
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(metres, metres, metres), { minLength: 4, maxLength: 12 }),
        fc.boolean(),
        (points, isClosed) => {
          const map = parseMap({
            ...json,
            ...{ nodes: [], routes: [], segments: [], zones: [], pens: [], spawns: [{ road: '>a', atM: 1 }] },
            roads: [{ id: 'a', name: 'A', isOneWay: true, isClosed, points, widthM: 6, surface: 'asphalt' }],
            lines: [{ id: 'start', name: 'Start', road: '>a', atM: 1 }],
          })
          if (!map.ok) throw new Error(map.error.join('; '))
          const columns = bakeMap(map.value)
          if (!columns.ok) {
            expect(columns.error.join('')).toMatch(/^(roads\[0\]\.points|course\.bin)/)
            return
          }
          expectReadable(columns.value)
        },
      ),
      { seed: 8214, numRuns: 60 },
    )
  },
)

function expectReadable(columns: BakedColumns): void {
  const bytes = encodeCourse(columns)
  const decoded = decodeCourse(bytes)
  expect(decoded.ok && Buffer.from(encodeCourse(decoded.value)).equals(bytes)).toBe(true)
}
