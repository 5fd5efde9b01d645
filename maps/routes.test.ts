import { expect, test } from 'vitest'
import { smallMap } from '#test/sim/small-map'
import { bakedWorld } from '#test/sim/small-map'
import { smallNetwork, smallNetworkJson } from '#test/sim/small-network'
import type { Route } from './network.ts'
import {
  beginsAtLine,
  finishCrossingM,
  finishCrossings,
  legAfter,
  legAtPlace,
  placeOnRoute,
  routeTotals,
} from './routes.ts'

const { network, course } = smallNetwork()
const routeOf = (id: string): Route => network.routes.find((route) => route.id === id)!
const roads = (route: Route) =>
  route.legs.flatMap(({ way }) => {
    const { kind, roadId, isReversed } = network.ways[way]!
    return kind === 'road' ? [(isReversed ? '<' : '>') + roadId] : []
  })

test('[M26] a route is the chain of its ways, connectors found, each leg beginning where the one before ends', () => {
  expect(network.routes).toHaveLength(4)
  for (const route of network.routes) {
    let atM = 0
    route.legs.forEach((leg, i) => {
      expect(leg.atM).toBeCloseTo(atM, 9)
      atM += leg.toM - leg.fromM
      const { exits, startM, endM } = network.ways[leg.way]!
      expect(leg.toM).toBe(endM - startM)
      const next = route.legs[i + 1] ?? (route.isLap ? route.legs[route.lapLeg] : undefined)
      if (next !== undefined) expect(exits.map((exit) => exit.way)).toContain(next.way)
    })
    if (route.isLap) expect(route.leadInM + route.lapM).toBeCloseTo(atM, 9)
  }
  expect(roads(routeOf('square'))).toEqual(['>ne', '>es', '>sw', '>wn', '>ne'])
  expect(roads(routeOf('from-the-spur'))).toEqual(['<spur', '>ne', '<mid-e', '>mid-w', '>wn'])
  expect(roads(routeOf('there-and-back'))).toEqual(['>ne', '>over', '>wn', '>spur', '<spur', '>ne'])
})

test('[M26] the finish line is crossed first where it first lies ahead of the pen, then once a lap', () => {
  const square = routeOf('square')
  expect(square.finishM).toBeCloseTo(10, 1)
  const { finishM, lapM } = square
  const metres = [0, finishM - 1e-9, finishM, finishM + lapM - 1e-6, finishM + lapM]
  expect(metres.map((routeM) => finishCrossings(square, routeM))).toEqual([0, 0, 1, 1, 2])
  const up = routeOf('up-the-spur')
  expect(up.leadInM + up.lapM).toBe(up.finishM)
  expect([0, up.finishM, 1e6].map((routeM) => finishCrossings(up, routeM))).toEqual([0, 1, 1])
  // Every crossing lies at the line.
  const line = network.lines.find(({ id }) => id === 'start')!
  const lineM = network.ways[line.way]!.startM + line.atM
  for (const route of network.routes.filter(({ finishLineId }) => finishLineId === 'start'))
    for (const n of [0, 1, 5, 1e6])
      expect(placeOnRoute(network, route, finishCrossingM(route, n)).placeM).toBeCloseTo(lineM, 4)
})

test('[M27] every metre of a route is a place on one of its legs, lap after lap, and back again; the pen stands before it', () => {
  for (const route of network.routes) {
    const endM = route.isLap ? route.leadInM + 3 * route.lapM : route.finishM
    for (let routeM = 0; routeM < endM; routeM += 7.3) {
      const { way, leg, placeM } = placeOnRoute(network, route, routeM)
      const { startM, endM: wayEndM } = network.ways[way]!
      expect(placeM).toBeGreaterThanOrEqual(startM)
      expect(placeM).toBeLessThanOrEqual(wayEndM)
      expect(route.legs[leg - 1]!.way).toBe(way)
      expect(course.wayAt(placeM)).toBe(way)
      const { fromM, atM } = route.legs[leg - 1]!
      const laps = (routeM - (placeM - startM - fromM + atM)) / route.lapM
      expect(laps - Math.round(laps)).toBeCloseTo(0, 9)
      expect(route.legs[legAtPlace(network, route, way, placeM) - 1]!.way).toBe(way)
    }
    const front = placeOnRoute(network, route, 0)
    expect(front.placeM - placeOnRoute(network, route, -3).placeM).toBeCloseTo(3, 9)
  }
})

test('[M27] following the legs rides the route: its ways in order, over the laps, until it ends', () => {
  for (const route of network.routes) {
    let leg = 0
    for (let ridden = 1; ridden < 40 && leg >= 0; ridden++) {
      const { exits } = network.ways[route.legs[leg]!.way]!
      leg = legAfter(route, leg)
      if (leg < 0) expect([route.isLap, ridden]).toEqual([false, route.legs.length])
      else expect(exits.map((exit) => exit.way)).toContain(route.legs[leg]!.way)
    }
  }
})

test('[M26] climb is every rise of the lap: what the heights of a ridden lap add up to', () => {
  for (const route of network.routes) {
    const riseOf = (fromM: number, toM: number) => {
      let sumM = 0
      for (let m = fromM; m + 0.5 <= toM; m += 0.5) {
        const a = course.heightAt(placeOnRoute(network, route, m).placeM)
        const b = course.heightAt(placeOnRoute(network, route, m + 0.5).placeM)
        // Where a step goes over a join, both places are of different ways but of one height.
        sumM += Math.max(0, b - a)
      }
      return sumM
    }
    expect(route.climbM).toBeGreaterThan(5)
    expect(Math.abs(riseOf(route.leadInM, route.leadInM + route.lapM) - route.climbM)).toBeLessThan(0.3)
  }
  const square = routeOf('square')
  // Its pen stands before the line: three laps are three laps.
  expect(beginsAtLine(square)).toBe(true)
  expect(routeTotals(square, 3)).toEqual({ lengthM: square.finishM + 3 * square.lapM, climbM: 3 * square.climbM })
  // Half a lap away the first crossing ends the first lap.
  const far = { ...square, finishM: square.leadInM + 0.9 * square.lapM }
  expect(routeTotals(far, 3).lengthM).toBe(far.finishM + 2 * square.lapM)
})

test('[M26] on a plain loop a route is one leg from the pen once round', () => {
  const { mapJson } = smallMap()
  const loop = bakedWorld({
    ...(mapJson as object),
    pens: [{ id: 'home', road: '>ring', atM: 15, rows: 2, abreast: 3 }],
    routes: [{ id: 'round', name: 'Round', pen: 'home', roads: ['>ring'], isLap: true, laps: 2, finish: 'start' }],
  })
  const [route] = loop.network.routes
  const { lengthM } = loop.course
  expect(route!.legs).toEqual([{ way: 0, fromM: 15, toM: 15 + lengthM, atM: 0 }])
  expect([route!.lapM, route!.finishM]).toEqual([lengthM, 5])
  for (const routeM of [0, 100, lengthM + 3, 7 * lengthM + 0.5]) {
    const placeM = placeOnRoute(loop.network, route!, routeM).placeM
    expect(loop.course.onLapM(placeM)).toBeCloseTo(loop.course.onLapM(routeM + 15), 6)
  }
})

test('[M28] a segment may span junctions: its stretches join, and its length is their sum', () => {
  const over = network.segments.find(({ id }) => id === 'over-the-n')!
  expect(over.along.map(({ way }) => network.ways[way]!.kind)).toEqual(['road', 'connector', 'road'])
  expect(over.along[0]!.toM).toBe(network.ways[over.along[0]!.way]!.endM - network.ways[over.along[0]!.way]!.startM)
  expect(over.along.slice(1).map(({ fromM }) => fromM)).toEqual([0, 0])
  expect(over.lengthM).toBeCloseTo(
    over.along.reduce((sum, { fromM, toM }) => sum + toM - fromM, 0),
    9,
  )
  const against = network.segments.find(({ id }) => id === 'against')!
  expect(network.ways[against.along[0]!.way]!.isReversed).toBe(true)
  expect(Math.abs(against.lengthM - 150)).toBeLessThan(5)
})

test('[M28] what does not connect or lies off its roads is a sentence with its path', () => {
  const json = smallNetworkJson()
  const wrong = (change: object): string => {
    try {
      bakedWorld({ ...json, ...change })
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  const [square, , up] = json.routes
  expect(wrong({ routes: [{ ...square, roads: ['>ne', '>sw'] }] })).toMatch(
    /^routes\[0\]\.roads\[1\]: nothing leads from ">ne" to ">sw"; let both meet at a node that permits the turn/,
  )
  expect(wrong({ routes: [{ ...square, roads: ['>ne', '>es'] }] })).toMatch(
    /^routes\[0\]\.roads\[2\]: nothing leads from ">es" to ">ne"/,
  )
  expect(wrong({ routes: [{ ...up, finish: 'start', roads: ['>ne', '<mid-e'], pen: 'spur' }] })).toMatch(
    /the pen "spur" is on "<spur", but the route begins on ">ne"/,
  )
  expect(wrong({ routes: [{ ...square, finish: 'spur-top' }] })).toMatch(
    /routes\[0\]\.finish: the line "spur-top" does not lie on the route's roads/,
  )
  expect(wrong({ segments: [{ ...json.segments[0], toM: 900 }] })).toMatch(
    /^segments\[0\]\.toM: 900 m, but ">spur" lies between/,
  )
  expect(wrong({ segments: [{ ...json.segments[1], fromM: 100, toM: 250 }] })).toMatch(
    /^segments\[0\]: it ends before it begins/,
  )
  expect(wrong({ spawns: [{ road: '>ne', atM: 2 }] })).toMatch(/^spawns\[0\]\.atM: 2 m, but ">ne" lies between/)
})
