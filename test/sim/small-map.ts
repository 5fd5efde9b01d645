import { bakeMap } from '#maps/bake'
import { encodeCourse } from '#maps/course-write'
import type { Point } from '#maps/format'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { parseMap } from '#maps/parse'

/** A ring of some 700 m with a rise in it, baked as any other map: small enough that a race on it is a second. */
export function smallMap(): TestWorld {
  const points: Point[] = []
  for (let i = 0; i < 24; i++) {
    const angle = (2 * Math.PI * i) / 24
    points.push([110 * Math.cos(angle), 110 * Math.sin(angle), 100 + 6 * Math.sin(angle)])
  }
  const mapJson: unknown = JSON.parse(
    JSON.stringify({
      format: 'gruppetto-map',
      version: 1,
      id: 'ring',
      name: 'Ring',
      licence: 'CC0-1.0',
      author: 'tests',
      surfaces: [{ id: 'asphalt', crr: 0.004, grip: 0.9 }],
      roads: [{ id: 'ring', name: 'Ring', isClosed: true, isOneWay: true, points, widthM: 7, surface: 'asphalt' }],
      lines: [{ id: 'start', name: 'Start', road: '>ring', atM: 20 }],
      pens: [{ id: 'home', road: '>ring', atM: 15, rows: 20, abreast: 4 }],
      routes: [{ id: 'ring', name: 'Ring', pen: 'home', roads: ['>ring'], isLap: true, laps: 1, finish: 'start' }],
      spawns: [{ road: '>ring', atM: 10 }],
      scenery: { seed: 1 },
    }),
  )
  return bakedWorld(mapJson)
}

export interface TestWorld extends LoadedWorld {
  readonly mapJson: unknown
  readonly courseBytes: Uint8Array
}

/** Any map, as if it lay in a folder. */
export function bakedWorld(mapJson: unknown): TestWorld {
  const map = parseMap(mapJson)
  if (!map.ok) throw new Error(map.error.join('; '))
  const baked = bakeMap(map.value)
  if (!baked.ok) throw new Error(baked.error.join('; '))
  const courseBytes = encodeCourse(baked.value)
  const loaded = loadWorld(mapJson, courseBytes)
  if (!loaded.ok) throw new Error(loaded.error.join('; '))
  return { ...loaded.value, mapJson, courseBytes }
}
