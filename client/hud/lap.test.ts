import { expect, test } from 'vitest'
import { bakeMap } from '#maps/bake'
import { encodeCourse } from '#maps/course-write'
import { loadWorld } from '#maps/load'
import { traceRoad } from '#maps/trace'
import { mapText, recordedMap } from '#maps/trace-map'
import { createOutline } from './lap.ts'

const ROAD = { widthM: 6, crr: 0.004 }

/** A recording from A to B: 2 km to the north, gently up. */
function recorded() {
  const points = Array.from({ length: 200 }, (_, i) => ({ latDeg: 47 + i * 9e-5, lonDeg: 8.5, heightM: 500 + i / 10 }))
  const road = traceRoad(points, ROAD)
  if (!road.ok) throw new Error(road.error[0])
  const about = { id: 'mine', name: 'Mine', licence: 'mine', author: 'me', ...ROAD }
  const map = recordedMap(road.value, about)
  const baked = bakeMap(map)
  if (!baked.ok) throw new Error(baked.error[0])
  const world = loadWorld(JSON.parse(mapText(map)), encodeCourse(baked.value))
  if (!world.ok) throw new Error(world.error[0])
  return world.value
}

test('[M59] a recording from A to B, whose way never ends, is drawn from its first to its last metre', () => {
  const { course, network } = recorded()
  expect(network.ways[0]!.endM).toBe(Infinity)
  const { roads, spotOf } = createOutline(course.columns, network)
  const { x, y } = spotOf(course.lengthM)
  expect(roads.endsWith(`L${x.toFixed(0)} ${y.toFixed(0)}`)).toBe(true)
  expect(roads.length).toBeLessThan(20_000)
})
