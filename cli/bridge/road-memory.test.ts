import { expect, test } from 'vitest'
import { loadMap } from '#cli/sim/load-map'
import { gradeFromSlope } from '#physics/course'
import { gradesAhead } from './road-memory.ts'

test('[B90] the road ahead is the one that will be ridden: along the way, over its end and on, ten metres a step', async () => {
  const world = await loadMap('thrushford')
  const { course, network } = world
  const way = network.ways.findIndex((it) => it.endM < Infinity && it.exits.length > 0)
  expect(way).toBeGreaterThanOrEqual(0)
  const { endM, exits } = network.ways[way]!
  const placeM = endM - 105
  const grades = gradesAhead(world, { placeM, route: 0, leg: 0, turn: 0 })
  expect(grades.length).toBeGreaterThan(200)
  expect(grades.map(({ aheadM }) => aheadM)).toEqual(grades.map((_, i) => i * 10))
  const at = (m: number) => gradeFromSlope(course.slopeAt(m))
  expect(grades[3]!.gradeFraction).toBe(at(placeM + 30))
  expect(grades[11]!.gradeFraction).toBe(at(course.wayStartM(exits[0]!.way) + 5))
})
