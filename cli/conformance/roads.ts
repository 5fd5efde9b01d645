import { bakeMap } from '#maps/bake'
import { BakedCourse } from '#maps/course'
import { encodeCourse } from '#maps/course-write'
import type { Point } from '#maps/format'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { parseMap } from '#maps/parse'

export interface VectorRoad {
  readonly course: BakedCourse
  readonly bytes: Uint8Array
}

/** The roads on which the law's vectors ride: small enough to stand in a file, with one of everything. */
export const ROADS = ['loop', 'network', 'straight'] as const
export type RoadName = (typeof ROADS)[number]

const made = new Map<RoadName, VectorRoad>()

export function vectorRoad(name: RoadName): VectorRoad {
  let road = made.get(name)
  if (road === undefined) {
    road = baked({ loop, network, straight }[name]())
    made.set(name, road)
  }
  return road
}

/** The same with all that a ride needs: routes, a place to begin. */
export function vectorWorld(name: 'network'): LoadedWorld {
  const json = { network }[name]()
  const world = loadWorld(json, vectorRoad(name).bytes)
  if (!world.ok) throw new Error(world.error.join('; '))
  return world.value
}

function baked(json: unknown): VectorRoad {
  const map = parseMap(json)
  if (!map.ok) throw new Error(map.error.join('; '))
  const columns = bakeMap(map.value)
  if (!columns.ok) throw new Error(columns.error.join('; '))
  return { course: new BakedCourse(columns.value), bytes: encodeCourse(columns.value) }
}

const SURFACES = [
  { id: 'asphalt', crr: 0.004, grip: 0.9 },
  { id: 'gravel', crr: 0.009, grip: 0.55 },
]
const MAP = { format: 'gruppetto-map', version: 1, licence: 'CC0-1.0', author: 'vectors', scenery: { seed: 1 } }

/** One way that closes: two narrow ends, a rise, gravel, a bank, shelter. */
function loop() {
  const points: Point[] = Array.from({ length: 20 }, (_zero, i) => {
    const angle = (2 * Math.PI * i) / 20
    return [95 * Math.cos(angle), 22 * Math.sin(angle), 300 + 5 * Math.sin(angle + 1)]
  })
  const stretches = {
    surfaces: [{ fromM: 100, toM: 150, surface: 'gravel' }],
    banks: [{ fromM: 20, toM: 60, slope: 0.06 }],
    shelters: [{ fromM: 160, toM: 220, windShare: 0.3 }],
    widths: [{ fromM: 70, toM: 110, widthM: 4 }],
  }
  return alone({ id: 'loop', isClosed: true, points, ...stretches })
}

/** A tape with two ends, both of them walls. */
function straight() {
  const points: Point[] = Array.from({ length: 7 }, (_zero, i) => [20 * i, 0.02 * i * i, 10 + 0.1 * i * i])
  return alone({ id: 'straight', isClosed: false, points })
}

function alone(road: { id: string; points: readonly Point[]; isClosed: boolean }) {
  return {
    ...MAP,
    ...{ id: road.id, name: road.id, surfaces: SURFACES },
    roads: [{ name: road.id, isOneWay: true, widthM: 7, surface: 'asphalt', ...road }],
    ...{ lines: [{ id: 'start', name: 'Start', road: `>${road.id}`, atM: 20 }], pens: [], routes: [] },
    spawns: [{ road: `>${road.id}`, atM: 10 }],
  }
}

/** Three roads meet; two end in a U-turn, the third is one-way and ends at a wall. */
function network() {
  const road = (id: string, to: string, points: readonly Point[], more = {}) => ({
    ...{ id, name: id, from: 'c', to, points, widthM: 8, surface: 'asphalt' },
    ...more,
  })
  return {
    ...MAP,
    ...{ id: 'network', name: 'Network', surfaces: SURFACES },
    nodes: [
      { id: 'c', at: [0, 0, 100] },
      { id: 'w', at: [-90, 10, 96] },
      { id: 'e', at: [95, -5, 103] },
      { id: 'n', at: [10, 110, 108] },
    ],
    roads: [
      road('west', 'w', bent([0, 0, 100], [-90, 10, 96], 0)),
      road('east', 'e', bent([0, 0, 100], [95, -5, 103], 6), {
        surfaces: [{ fromM: 30, toM: 60, surface: 'gravel' }],
        shelters: [{ fromM: 20, toM: 70, windShare: 0.5 }],
      }),
      road('north', 'n', bent([0, 0, 100], [10, 110, 108], -9), { isOneWay: true, widthM: 5 }),
    ],
    ...{ lines: [{ id: 'start', name: 'Start', road: '>east', atM: 40 }], pens: [], routes: [] },
    spawns: [{ road: '>east', atM: 30 }],
  }
}

/** From a to b, `bowM` to the side in the middle. */
function bent(a: Point, b: Point, bowM: number): Point[] {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = Math.sqrt(dx * dx + dy * dy)
  return [0, 0.25, 0.5, 0.75, 1].map((f) => {
    const side = (4 * f * (1 - f) * bowM) / length
    return [a[0] + dx * f - dy * side, a[1] + dy * f + dx * side, a[2] + (b[2] - a[2]) * f]
  })
}
