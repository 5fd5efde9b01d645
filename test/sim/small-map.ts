import { bakeMap } from '#maps/bake'
import { encodeCourse } from '#maps/course-file'
import type { MapFile, Point } from '#maps/format'
import { loadWorld, type LoadedWorld } from '#maps/load'

/** A ring of some 700 m with a rise in it, baked as any other map: small enough that a race on it is a second. */
export function smallMap(): LoadedWorld & { mapJson: unknown; courseBytes: Uint8Array } {
  const points: Point[] = []
  for (let i = 0; i < 24; i++) {
    const angle = (2 * Math.PI * i) / 24
    points.push([110 * Math.cos(angle), 110 * Math.sin(angle), 100 + 6 * Math.sin(angle)])
  }
  const map: MapFile = {
    format: 'gruppetto-map',
    version: 1,
    id: 'ring',
    name: 'Ring',
    licence: 'CC0-1.0',
    author: 'tests',
    isLoop: true,
    points,
    widthM: 7,
    crr: 0.004,
    surfaces: [],
    lines: [{ id: 'start', name: 'Start', atM: 20 }],
    segments: [],
    spawnM: 10,
    scenery: { seed: 1 },
  }
  const baked = bakeMap(map)
  if (!baked.ok) throw new Error(baked.error.join('; '))
  const courseBytes = encodeCourse(baked.value)
  const mapJson: unknown = JSON.parse(JSON.stringify(map))
  const loaded = loadWorld(mapJson, courseBytes)
  if (!loaded.ok) throw new Error(loaded.error.join('; '))
  return { ...loaded.value, mapJson, courseBytes }
}
