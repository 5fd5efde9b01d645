import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bakeMap } from '../bake.ts'
import { createRoadPoint } from '../course.ts'
import { encodeCourse } from '../course-write.ts'
import { loadWorld } from '../load.ts'
import { parseMap } from '../parse.ts'
import { finishCrossingM, placeOnRoute } from '../routes.ts'
import { validateMap } from '../validate.ts'
import { mapText } from './map-text.ts'
import { widthAt } from './nearest.ts'
import { surveyRoads } from './survey.ts'
import { composeMap } from './world.ts'
import { AUTHORED } from './worlds.ts'

const worlds = Object.entries(AUTHORED).map(([id, author]) => {
  const folder = new URL(`../worlds/${id}/`, import.meta.url)
  const shipped = readFileSync(new URL('map.json', folder), 'utf8')
  const courseBytes = new Uint8Array(readFileSync(new URL('course.bin', folder)))
  const plan = author()
  const drawn = mapText(composeMap(plan))
  const loaded = loadWorld(JSON.parse(shipped), courseBytes)
  if (!loaded.ok) throw new Error(`${id}: ${loaded.error.join('; ')}`)
  return { id, plan, shipped, drawn, courseBytes, survey: surveyRoads(plan.roads), ...loaded.value }
})
const each = worlds.map((world) => [world.id, world] as const)

test.each(each)('[M40] %s: map.json is what its program draws, and course.bin what that bakes to', (_, world) => {
  expect(world.drawn).toBe(world.shipped)
  const map = parseMap(JSON.parse(world.drawn))
  const columns = map.ok ? bakeMap(map.value) : map
  expect(columns.ok && Buffer.from(encodeCourse(columns.value)).equals(world.courseBytes)).toBe(true)
})

test.each(each)('[M41] %s: the validator has nothing to say', (_, { map, course }) => {
  expect(validateMap(map, course.columns)).toEqual([])
})

test('[M42] together: at least 60 km of road, each metre once, 12 routes and 15 segments', () => {
  const sum = (of: (world: (typeof worlds)[number]) => number) => worlds.reduce((total, world) => total + of(world), 0)
  expect(sum(({ survey }) => survey.roadM)).toBeGreaterThan(60_000)
  expect(sum(({ network }) => network.routes.length)).toBeGreaterThanOrEqual(12)
  expect(sum(({ network }) => network.segments.length)).toBeGreaterThanOrEqual(15)
  // The baked strips agree about the road, their junctions left out.
  for (const { survey, network } of worlds) {
    const bakedM = network.ways.reduce(
      (total, { kind, isReversed, startM, endM }) => total + (kind === 'road' && !isReversed ? endM - startM : 0),
      0,
    )
    expect(bakedM).toBeLessThan(survey.roadM)
    expect(bakedM).toBeGreaterThan(survey.roadM * 0.9)
  }
})

test('[M42] each world keeps its promise of height and steepness', () => {
  const [town, island, alps] = worlds.map(({ survey }) => survey)
  expect(town!.highestM - town!.lowestM).toBeLessThan(25)
  expect(town!.steepestGrade).toBeLessThan(0.035)
  expect(island!.lowestM).toBeGreaterThan(3)
  expect(island!.highestM).toBeGreaterThan(150)
  expect(island!.steepestGrade).toBeGreaterThan(0.1)
  expect(island!.steepestGrade).toBeLessThan(0.125)
  expect(alps!.highestM).toBeGreaterThan(2000)
  expect(alps!.hairpins).toBe(22)
  const pass = worlds[2]!.network.segments.find(({ id }) => id === 'gentian')!
  const { course } = worlds[2]!
  const heightOf = ({ way, fromM }: { way: number; fromM: number }) => course.heightAt(course.wayStartM(way) + fromM)
  const last = pass.along.at(-1)!
  const climbedM = heightOf({ way: last.way, fromM: last.toM }) - heightOf(pass.along[0]!)
  expect(pass.lengthM).toBeGreaterThan(12_000)
  expect(climbedM / pass.lengthM).toBeGreaterThan(0.07)
  expect(climbedM / pass.lengthM).toBeLessThan(0.08)
})

test('[M42] the table of routes in docs/maps.md is what the maps say', () => {
  const docs = readFileSync(new URL('../../docs/maps.md', import.meta.url), 'utf8')
  for (const { network } of worlds) {
    for (const { name, isLap, lapM, finishM, climbM, leadInClimbM } of network.routes) {
      const [ridden, lengthM, upM] = isLap ? ['laps', lapM, climbM] : ['once', finishM, leadInClimbM + climbM]
      expect(docs).toContain(`| ${name} | ${ridden} | ${(lengthM / 1000).toFixed(2)} | ${upM.toFixed(0)} |`)
    }
  }
})

test.each(each)('[M43] %s: every route is ridden leg by leg, comes to its finish, and its lap closes', (_, world) => {
  const { network, course } = world
  const end = createRoadPoint()
  const start = createRoadPoint()
  for (const route of network.routes) {
    const { legs, lapLeg } = route
    const following = legs.map((leg, i) => [leg, legs[i + 1] ?? (route.isLap ? legs[lapLeg] : undefined)] as const)
    for (const [leg, next] of following) {
      const way = network.ways[leg.way]!
      if (next === undefined) continue
      expect(way.exits.map((exit) => exit.way)).toContain(next.way)
      course.at(way.endM - 1e-6, end)
      course.at(network.ways[next.way]!.startM, start)
      expect(Math.hypot(end.xM - start.xM, end.yM - start.yM, end.zM - start.zM)).toBeLessThan(0.01)
      expect(end.dx * start.dx + end.dy * start.dy).toBeGreaterThan(0.9999)
    }
    const finish = network.lines.find(({ id }) => id === route.finishLineId)!
    for (const n of route.isLap ? [0, 1, 7] : [0])
      expect(placeOnRoute(network, route, finishCrossingM(route, n)).placeM).toBeCloseTo(
        network.ways[finish.way]!.startM + finish.atM,
        4,
      )
    if (route.isLap) expect(route.lapM).toBeGreaterThan(900)
  }
})

test.each(each)(
  '[M44] %s: where roads pass over each other there is room, elsewhere they keep apart',
  (_, { survey }) => {
    expect(survey.crossings).toHaveLength(1)
    for (const { heightM } of survey.crossings) expect(Math.abs(heightM)).toBeGreaterThan(5)
    for (const { freeM } of survey.nearest) expect(freeM).toBeGreaterThan(4)
    expect(survey.narrowestForkDeg).toBeGreaterThanOrEqual(45)
    expect(survey.tightestRadiusM).toBeGreaterThanOrEqual(9)
  },
)

test('[M47] segments lie on one road in both directions, and some run across junctions', () => {
  for (const { network } of worlds) {
    const roads = network.segments.map(({ along }) => along.map(({ way }) => network.ways[way]!))
    const across = roads.filter((ways) => ways.some(({ kind }) => kind === 'connector'))
    expect(across.length).toBeGreaterThan(0)
    const oneWay = (isReversed: boolean) =>
      new Set(roads.flat().flatMap((way) => (way.kind === 'road' && way.isReversed === isReversed ? [way.roadId] : [])))
    expect([...oneWay(true)].some((id) => oneWay(false).has(id))).toBe(true)
  }
})

test('[M47] everybody in a pen stands on the road, and the zone lies beside it on level ground', () => {
  for (const { network, course } of worlds) {
    for (const { way, atM, rows, abreast } of network.pens) {
      const startM = course.wayStartM(way)
      expect(atM - rows * 2).toBeGreaterThan(0)
      expect(course.widthAt(startM + atM) / abreast).toBeGreaterThan(0.95)
    }
  }
  const [town] = worlds
  const [zone] = town!.network.zones
  const quay = town!.plan.roads.find(({ id }) => id === 'quay')!
  let nearestM = Infinity
  for (let s = 0; s < quay.lengthM; s++) {
    const { x, y } = quay.at(s)
    const [dx, dy] = [x - zone!.xM, y - zone!.yM]
    const along = Math.abs(dx * zone!.dirX + dy * zone!.dirY) - zone!.lengthM / 2
    const across = Math.abs(dy * zone!.dirX - dx * zone!.dirY) - zone!.widthM / 2
    const awayM = Math.hypot(Math.max(0, along), Math.max(0, across))
    nearestM = Math.min(nearestM, awayM - widthAt(quay, s) / 2)
    if (awayM < 40) expect(Math.abs(quay.profile.heightAt(s) - zone!.zM)).toBeLessThan(0.3)
  }
  expect(nearestM).toBeGreaterThan(3)
  expect(nearestM).toBeLessThan(15)
})
