import { expect, test } from 'vitest'
import { airDensityKgpm3 } from '#physics/air'
import { TURN as PHYSICS_TURN, type Course } from '#physics/course'
import { gapBetweenM } from '#physics/ways'
import { smallNetwork, smallNetworkJson } from '#test/sim/small-network'
import { bakeMap } from './bake.ts'
import { createRoadPoint } from './course.ts'
import { GUARD_SAMPLES, SLOPE_UNIT } from './format.ts'
import { TURN, type Way } from './network.ts'
import { parseMap } from './parse.ts'

const world = smallNetwork()
const { course, network } = world
const { columns } = course
const { ways } = network
const wayOf = (roadId: string, isReversed = false): Way =>
  ways.find((way) => way.kind === 'road' && way.roadId === roadId && way.isReversed === isReversed)!
/** The connector between two strips. */
const turnOf = (from: Way, to: Way): Way | undefined =>
  ways.find(
    (way) => way.kind === 'connector' && from.exits.some((exit) => exit.way === way.id) && way.exits[0]!.way === to.id,
  )
const at = (placeM: number) => ({ ...course.at(placeM, createRoadPoint()) })

test('[M16] all ways lie on one tape, whole metres long, and every place knows its way', () => {
  const road: Course = course
  let nextM = 0
  for (const way of ways) {
    expect(way.startM).toBe(nextM)
    expect(Number.isInteger(way.endM)).toBe(true)
    nextM = way.endM + 1 + GUARD_SAMPLES
    for (const placeM of [way.startM, way.startM + 0.5, way.endM - 1e-9, way.endM, way.endM + 2])
      expect(road.wayAt(placeM)).toBe(way.id)
    expect([road.wayStartM(way.id), road.wayEndM(way.id)]).toEqual([way.startM, way.endM])
  }
  expect(road.wayCount).toBe(ways.length)
  expect(course.lengthM).toBe(nextM - 1)
  expect(course.isLoop).toBe(false)
})

test('[M16] a look-up a little beyond a way’s end goes on as the way went', () => {
  for (const { endM } of ways) {
    const end = at(endM)
    const beyond = at(endM + 2)
    expect(beyond.slope).toBe(end.slope)
    expect(beyond.zM - end.zM).toBeCloseTo(2 * end.slope, 9)
    expect(beyond.widthM).toBe(end.widthM)
    expect([beyond.dx, beyond.dy]).toEqual([end.dx, end.dy])
    expect(beyond.xM - end.xM).toBeCloseTo(2 * end.dx, 2)
    expect(beyond.yM - end.yM).toBeCloseTo(2 * end.dy, 2)
    expect(course.wayAt(endM + GUARD_SAMPLES)).toBe(course.wayAt(endM))
    for (const placeM of [endM + 3.9, endM + 4]) expect(at(placeM).slope).toBe(end.slope)
  }
})

test('[M16] a place that rounding put a hair before a way is its beginning, not the guard of another road', () => {
  for (const { id, startM } of ways.slice(1))
    for (const hairM of [1e-12, 1e-9, 1e-3, 0.9]) {
      expect(course.wayAt(startM - hairM)).toBe(id)
      expect(course.heightAt(startM - hairM)).toBe(course.heightAt(startM))
      expect(course.slopeAt(startM - hairM)).toBe(course.slopeAt(startM))
      expect(at(startM - hairM)).toEqual(at(startM))
    }
})

test('[M17] a two-way road is two strips, each half as wide and a quarter of the width right of the middle', () => {
  const there = wayOf('mid-n')
  const back = wayOf('mid-n', true)
  expect([there.twin, back.twin]).toEqual([back.id, there.id])
  for (const way of [there, back]) {
    const { xM, widthM, dy } = at((way.startM + way.endM) / 2)
    expect(widthM).toBe(4)
    expect(xM).toBeCloseTo(way.isReversed ? -2 : 2, 2)
    expect(dy).toBeCloseTo(way.isReversed ? -1 : 1, 6)
  }
  const over = wayOf('over')
  expect(over.twin).toBe(-1)
  expect(at(over.startM + 300).widthM).toBe(5)
})

test('[M17] each strip has its own arc length: the outer one of a bend is longer, by the angle times the way between them', () => {
  const inner = wayOf('ne')
  const outer = wayOf('ne', true)
  // A right-hand bend of a quarter turn, the strips 4 m apart: 2 π metres, and each way is a whole number of them.
  expect(Math.abs(outer.endM - outer.startM - (inner.endM - inner.startM) - 2 * Math.PI)).toBeLessThan(1)
  for (const way of [inner, outer]) {
    let drawnM = 0
    for (let k = way.startM; k < way.endM; k++) {
      const [a, b] = [at(k), at(k + 1)]
      drawnM += Math.hypot(b.xM - a.xM, b.yM - a.yM, b.zM - a.zM)
    }
    expect(Math.abs(drawnM - (way.endM - way.startM))).toBeLessThan(0.6)
  }
})

test('[M17] both strips are at one height where they are side by side', () => {
  const there = wayOf('wn')
  const back = wayOf('wn', true)
  const heightAtRoadM = (way: Way, roadCm: number) => {
    let best = Infinity
    let heightM = NaN
    for (let i = way.startM; i <= way.endM; i++)
      if (Math.abs(columns.roadCm[i]! - roadCm) < best) {
        best = Math.abs(columns.roadCm[i]! - roadCm)
        heightM =
          course.heightAt(i) + ((roadCm - columns.roadCm[i]!) / 100) * course.slopeAt(i) * (way.isReversed ? -1 : 1)
      }
    return heightM
  }
  for (let roadCm = 1500; roadCm < 36_000; roadCm += 500)
    expect(Math.abs(heightAtRoadM(there, roadCm) - heightAtRoadM(back, roadCm))).toBeLessThan(0.02)
})

test('[M18] a connector leads from the strip’s end to the strip’s start: place, height, direction and grade', () => {
  let joins = 0
  for (const way of ways)
    for (const exit of way.exits) {
      const next = ways[exit.way]!
      const a = at(way.endM)
      const b = at(next.startM)
      joins++
      expect(Math.abs(b.xM - a.xM)).toBeLessThan(0.0011)
      expect(Math.abs(b.yM - a.yM)).toBeLessThan(0.0011)
      expect(b.zM).toBe(a.zM)
      expect(a.dx * b.dy - a.dy * b.dx).toBeCloseTo(0, 3)
      expect(a.dx * b.dx + a.dy * b.dy).toBeGreaterThan(0)
      expect(Math.abs(b.slope - a.slope)).toBeLessThanOrEqual(2 * SLOPE_UNIT)
    }
  expect(joins).toBe(2 * ways.filter(({ kind }) => kind === 'connector').length)
})

test('[M18] every turn that is permitted has its connector, none bends tighter than 6 m, and closed turns have none', () => {
  // Four arms: each to three others. Three arms with one of them one-way: see below.
  expect(ways.filter((way) => way.kind === 'connector' && way.fromNode === 'c')).toHaveLength(12)
  expect(ways.filter((way) => way.kind === 'connector' && way.fromNode === 's')).toHaveLength(6)
  for (const way of ways.filter(({ kind }) => kind === 'connector'))
    for (let k = way.startM; k <= way.endM; k++) expect(Math.abs(course.curvatureAt(k))).toBeLessThan(1 / 6)
  const json = smallNetworkJson()
  const nodes = json.nodes.map((node) =>
    node.id === 'c' ? { ...node, closed: [{ from: 'mid-n.start', to: 'mid-e.start' }] } : node,
  )
  const closed = baked({ ...json, nodes })
  expect(closed.ways).toHaveLength(columns.ways.length - 1)
})

test('[M19] around any chain of ways that closes, climbing and descending are equal to the last count', () => {
  const lap = ['ne', 'es', 'sw', 'wn'].map((id) => wayOf(id))
  let climbed = 0
  lap.forEach((way, i) => {
    const turn = turnOf(way, lap[(i + 1) % lap.length]!)!
    for (const { startM, endM } of [way, turn])
      for (let k = startM; k < endM; k++) climbed += columns.slopeCount[k]! + columns.slopeCount[k + 1]!
  })
  expect(climbed).toBe(0)
})

test('[M20] who wishes for nothing goes straight on; a wish gets the nearest turn there is', () => {
  const south = wayOf('mid-s', true) // Comes to the crossing from the south.
  const to = (roadId: string, isReversed = false) => turnOf(south, wayOf(roadId, isReversed))!.id
  expect(TURN).toEqual(PHYSICS_TURN)
  const { none, left, straight, right, back } = TURN
  const wishes = [none, left, straight, right, back].map((wish) => course.exitOf(south.id, wish))
  expect(wishes).toEqual([to('mid-n'), to('mid-w'), to('mid-n'), to('mid-e'), to('mid-n')])
  // A T: from the crossing's arm only left and right; the rest of the wishes gets one of them, never a turn back.
  const arm = wayOf('mid-s')
  const [west, east] = [turnOf(arm, wayOf('sw'))!.id, turnOf(arm, wayOf('es', true))!.id]
  expect([left, right].map((wish) => course.exitOf(arm.id, wish))).toEqual([east, west])
  for (const wish of [none, straight, back]) expect([west, east]).toContain(course.exitOf(arm.id, wish))
  expect(course.exitOf(to('mid-w'), none)).toBe(wayOf('mid-w').id)
})

test('[M20] at a dead end one turns back, in a circle of 6 m and more; elsewhere where a road says so', () => {
  const spur = wayOf('spur')
  const circle = ways[course.exitOf(spur.id, TURN.none)]!
  expect(spur.exits).toEqual([{ way: circle.id, turn: TURN.back }])
  expect(circle.exits[0]!.way).toBe(wayOf('spur', true).id)
  expect(circle.endM - circle.startM).toBeGreaterThan(2 * Math.PI * 6)
  const json = smallNetworkJson()
  const roads = json.roads.map((road) => (road.id === 'mid-n' ? { ...road, uTurn: 'start' } : road))
  const [before, after] = [columns, baked({ ...json, roads })].map(
    ({ ways: all }) => all[wayOf('mid-n', true).id]!.exits,
  )
  expect(before!.map(({ turn }) => turn)).toEqual([TURN.straight, TURN.right, TURN.left])
  expect(after!.map(({ turn }) => turn)).toEqual([TURN.straight, TURN.right, TURN.left, TURN.back])
})

test('[M20] a node may name another exit as the first', () => {
  const json = smallNetworkJson()
  const nodes = json.nodes.map((node) =>
    node.id === 'c' ? { ...node, first: [{ from: 'mid-s.start', to: 'mid-w.start' }] } : node,
  )
  const { exits } = baked({ ...json, nodes }).ways[wayOf('mid-s', true).id]!
  expect(exits[0]!.turn).toBe(TURN.left)
})

test('[M20] neighbours on the road are found over the junction', () => {
  const way = wayOf('wn')
  const next = ways[course.exitOf(way.id, TURN.straight)]!
  expect(gapBetweenM(course, way.endM - 3, next.startM + 4)).toBe(7)
  expect(gapBetweenM(course, next.startM + 4, way.endM - 3)).toBe(-7)
})

test('[M21] surfaces, widths, banks and shelters lie where the map says, on both strips, banks mirrored', () => {
  const placeOf = (way: Way, roadM: number) => {
    let best = way.startM
    for (let i = way.startM; i <= way.endM; i++)
      if (Math.abs(columns.roadCm[i]! - roadM * 100) < Math.abs(columns.roadCm[best]! - roadM * 100)) best = i
    return best
  }
  for (const isReversed of [false, true]) {
    const gravel = wayOf('sw', isReversed)
    expect(course.crrAt(placeOf(gravel, 150))).toBeCloseTo(0.009, 4)
    expect(course.gripAt(placeOf(gravel, 150))).toBeCloseTo(0.6, 3)
    expect(course.crrAt(placeOf(gravel, 250))).toBeCloseTo(0.004, 4)
    expect(course.gripAt(placeOf(gravel, 250))).toBeCloseTo(0.9, 3)
    expect(course.windShareAt(placeOf(gravel, 170))).toBeCloseTo(0.4, 2)
    expect(course.windShareAt(placeOf(gravel, 340))).toBe(1)
    const narrow = wayOf('wn', isReversed)
    expect(course.widthAt(placeOf(narrow, 200))).toBe(3)
    expect(course.widthAt(placeOf(narrow, 320))).toBe(4)
    expect(course.bankAt(placeOf(narrow, 185))).toBeCloseTo(isReversed ? -0.05 : 0.05, 2)
    expect(course.bankAt(placeOf(narrow, 300))).toBe(0)
  }
})

test('[M21] a bend to the right is positive on the strip that bends right, negative on the other', () => {
  const turned = (way: Way) => {
    let sum = 0
    for (let k = way.startM; k < way.endM; k++) sum += 0.5 * (course.curvatureAt(k) + course.curvatureAt(k + 1))
    return sum
  }
  expect(turned(wayOf('ne'))).toBeCloseTo(Math.PI / 2, 1)
  expect(turned(wayOf('ne', true))).toBeCloseTo(-Math.PI / 2, 1)
})

test('[M21] the direction is a unit vector and the one that the positions go', () => {
  for (const way of ways)
    for (let placeM = way.startM + 1; placeM < way.endM - 1; placeM += 3.7) {
      const [east, north] = [course.eastAt(placeM), course.northAt(placeM)]
      expect(Math.hypot(east, north)).toBeCloseTo(1, 12)
      const [a, b] = [at(placeM - 0.5), at(placeM + 0.5)]
      const sine = ((b.xM - a.xM) * north - (b.yM - a.yM) * east) / Math.hypot(b.xM - a.xM, b.yM - a.yM)
      expect(Math.abs(sine)).toBeLessThan(0.02)
    }
})

test('[M22] air is as heavy as physics says at this height', () => {
  for (const placeM of [0, 1234.5, course.lengthM / 2])
    expect(course.airDensityAt(placeM)).toBeCloseTo(airDensityKgpm3(course.heightAt(placeM)), 6)
  expect(course.airDensityAt(0)).toBeLessThan(1.225)
})

test('[M23] the same map bakes to the same bytes, and a way of a network is an endless road for nobody', () => {
  expect(baked(smallNetworkJson())).toEqual(columns)
  expect(ways.every(({ endM }) => Number.isFinite(endM))).toBe(true)
})

function baked(json: unknown) {
  const map = parseMap(json)
  if (!map.ok) throw new Error(map.error.join('; '))
  const made = bakeMap(map.value)
  if (!made.ok) throw new Error(made.error.join('; '))
  return made.value
}
