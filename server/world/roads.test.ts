import { readdirSync, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadMap } from '#cli/sim/load-map'
import { rideRace } from '#cli/sim/race'
import { beginsAtLine, placeOnRoute, routeTotals } from '#maps/routes'
import type { LoadedWorld } from '#maps/load'
import type { Network, Route } from '#maps/network'
import { cornersOf } from '#physics/corners'
import { TURN } from '#physics/course'
import { plainCourse } from '#physics/plain-courses'
import type { RiderId, Row } from '#protocol/ids'
import { results } from '#server/event/results'
import { raceRules } from '#server/event/rules'
import { smallNetwork } from '#test/sim/small-network'
import { startJournal } from './journal.ts'
import type { JournalRecord } from './records.ts'
import { replayJournal } from './replay.ts'
import { World } from './world.ts'

const square = smallNetwork()
/** Every turn of the square can be taken so. */
const TURNING_MPS = 5.5
const BODY = { massKg: 80, cdaM2: 0.3, lateralM: 0, isBot: false, held: false }

interface Ridden {
  readonly world: World
  readonly records: JournalRecord[]
  readonly lines: string[]
  /** Ways in the order they were come onto, the first included. */
  readonly ways: number[]
  step(): void
}

/** One rider who is carried along at a speed, whatever the legs and the bends say. */
function carried(map: LoadedWorld, begin: { routeId?: string; distanceM: number; placeM?: number }, speedMps: number) {
  const records: JournalRecord[] = []
  const lines: string[] = []
  const { course, network, mapHash } = map
  const room = { mapId: map.map.id, mapHash, seed: 1, roomId: 'r', riderCapacity: 2 }
  const write = startJournal(room, (line) => lines.push(line))
  const world = new World({
    ...{ course, network, riderCapacity: 2 },
    journal(record) {
      records.push(record)
      write(record)
    },
  })
  world.join({ ...BODY, riderId: 1 as RiderId, ...begin })
  const ways = [world.riders.way[0]!]
  const ridden: Ridden = {
    world,
    records,
    lines,
    ways,
    step() {
      world.riders.speedMps[0] = speedMps
      world.step()
      if (world.riders.way[0] !== ways.at(-1)) ways.push(world.riders.way[0]!)
    },
  }
  return ridden
}

const placeOf = ({ riders }: World, row = 0) => riders.distanceM[row]! + riders.offsetM[row]!
const routeOf = (network: Network, id: string): Route => network.routes.find((route) => route.id === id)!
const efforts = (records: readonly JournalRecord[]) => records.filter((record) => record[0] === 'effort')

describe('over the ends of ways', () => {
  test('[W1] road behind a rider never jumps, the place always lies on the way, and who wishes nothing takes the first exit', () => {
    const { spawnM } = square
    const ride = carried(square, { distanceM: 0, placeM: spawnM }, 12)
    const { world, ways } = ride
    for (let tick = 0; tick < 3000; tick++) {
      const beforeM = world.riders.distanceM[0]!
      ride.step()
      expect(world.riders.distanceM[0]! - beforeM).toBeGreaterThan(0.3)
      expect(world.riders.distanceM[0]! - beforeM).toBeLessThan(0.7)
      const { startM, endM } = square.network.ways[world.riders.way[0]!]!
      expect(placeOf(world)).toBeGreaterThanOrEqual(startM)
      expect(placeOf(world)).toBeLessThan(endM)
    }
    expect(ways.length).toBeGreaterThan(8)
    for (let i = 1; i < ways.length; i++) expect(ways[i]).toBe(square.network.ways[ways[i - 1]!]!.exits[0]!.way)
  })

  test('[W2] a wish is taken at the next junction that has a choice, and is spent there; turning back waits for a place', () => {
    for (const turn of [TURN.left, TURN.straight, TURN.right]) {
      const ride = carried(square, { distanceM: 0, placeM: square.spawnM }, TURNING_MPS)
      const { world, ways } = ride
      expect(world.wish(0 as Row, turn)).toBe(true)
      while (world.riders.turn[0] !== 0 && world.tick < 3000) ride.step()
      const junction = square.network.ways[ways.at(-2)!]!
      expect(junction.exits.filter((exit) => exit.turn !== TURN.back).length).toBeGreaterThan(1)
      const nearest = Math.min(
        ...junction.exits.filter((exit) => exit.turn !== TURN.back).map((exit) => Math.abs(exit.turn - turn)),
      )
      const taken = junction.exits.find((exit) => exit.way === ways.at(-1))!
      expect(Math.abs(taken.turn - turn)).toBe(nearest)
    }
    const back = carried(square, { distanceM: 0, placeM: square.spawnM }, TURNING_MPS)
    back.world.wish(0 as Row, TURN.back)
    // Along the square nobody turns; the spur's end is a turning place, and the spur is a left or a straight on from there.
    for (let tick = 0; tick < 900; tick++) back.step()
    expect(back.world.riders.turn[0]).toBe(TURN.back)
  })

  test('[W2] a wish of the last moment is no way around the brakes: who is too fast for the turn rides on, and wishes on', () => {
    const { network, course } = square
    const corners = cornersOf(course, false)
    let missed = 0
    for (const way of network.ways.filter(({ kind, exits }) => kind === 'road' && exits.length > 1)) {
      for (const { turn, way: exit } of way.exits) {
        const world = new World({ course, network, riderCapacity: 1 })
        const row = world.join({ ...BODY, riderId: 1 as RiderId, distanceM: 0, placeM: way.endM - 3 })
        world.riders.speedMps[0] = 12
        world.wish(row, turn)
        while (world.riders.way[0] === way.id) world.step()
        const taken = world.riders.way[0]!
        const v2 = world.riders.speedMps[0]! ** 2
        const isTooFast = v2 > 1.06 * corners.limitM2ps2(way.endM, way.id, exit)
        const isAnother = way.exits.some((other) => v2 <= corners.limitM2ps2(way.endM, way.id, other.way))
        if (!isTooFast || !isAnother) continue
        missed++
        expect(v2).toBeLessThanOrEqual(corners.limitM2ps2(way.endM, way.id, taken))
        expect([taken === exit, world.riders.turn[0]]).toEqual([false, turn])
      }
    }
    expect(missed).toBeGreaterThan(8)
  })

  test('[W3] a road that leads nowhere stops its rider and says so, once', () => {
    const network: Network = {
      ...square.network,
      ways: square.network.ways.map((way) => ({ ...way, exits: [] })),
    }
    const course = plainCourse({
      wayCount: network.ways.length,
      wayAt: (placeM) => square.course.wayAt(placeM),
      wayStartM: (way) => network.ways[way]!.startM,
      wayEndM: (way) => network.ways[way]!.endM,
    })
    let ends = 0
    const world = new World({ course, network, riderCapacity: 1, onRoadEnd: () => ends++ })
    world.join({ ...BODY, riderId: 1 as RiderId, distanceM: 0, placeM: square.spawnM })
    for (let tick = 0; tick < 2000; tick++) {
      if (ends === 0) world.riders.speedMps[0] = 12
      world.step()
    }
    const { endM } = network.ways[world.riders.way[0]!]!
    expect([ends, world.riders.speedMps[0]]).toEqual([1, 0])
    expect(endM - placeOf(world)).toBeGreaterThan(0)
    expect(endM - placeOf(world)).toBeLessThan(0.01)
  })
})

describe('routes', () => {
  test('[W4] a route taken where it leads by counts its own metres from there; elsewhere it is refused', () => {
    const ride = carried(square, { distanceM: 0, placeM: square.spawnM }, 12)
    const { world } = ride
    const beforeM = placeOf(world)
    expect(world.takeRoute(0 as Row, 'nowhere')).toBe(false)
    expect(world.takeRoute(0 as Row, 'square')).toBe(true)
    expect(placeOf(world)).toBeCloseTo(beforeM, 9)
    const route = routeOf(square.network, 'square')
    expect(placeOnRoute(square.network, route, world.riders.distanceM[0]!).placeM).toBeCloseTo(beforeM, 9)
    world.wish(0 as Row, TURN.back)
    expect(world.takeRoute(0 as Row, '')).toBe(true)
    expect([world.riders.leg[0], world.ledger.route[0]]).toEqual([0, 0])
    const away = square.network.ways.find(
      (way) => !square.network.routes.some(({ legs }) => legs.some((leg) => leg.way === way.id)),
    )!
    const other = carried(square, { distanceM: 0, placeM: away.startM + 1 }, 12)
    expect(other.world.takeRoute(0 as Row, 'square')).toBe(false)
    expect(other.records.filter(([kind]) => kind === 'route')).toEqual([])
  })

  test('[W5] who turns off a route rides free and is on none', () => {
    const ride = carried(square, { routeId: 'square', distanceM: 0 }, TURNING_MPS)
    const { world, ways } = ride
    const { exits } = square.network.ways[world.riders.way[0]!]!
    const route = routeOf(square.network, 'square')
    const off = exits.find((exit) => exit.turn !== TURN.back && !route.legs.some((leg) => leg.way === exit.way))!
    world.wish(0 as Row, off.turn)
    while (ways.length < 2) ride.step()
    expect([ways[1], world.riders.leg[0], world.ledger.route[0], world.riders.turn[0]]).toEqual([off.way, 0, 0, 0])
  })

  test('[W6] turns and routes are in the journal, and a replay takes them', () => {
    const ride = carried(square, { routeId: 'from-the-spur', distanceM: -3 }, 12)
    const { world, lines } = ride
    // Legs that move by themselves: what a replay cannot know is left out.
    for (let tick = 0; tick < 1500; tick++) {
      if (tick % 20 === 0)
        world.post(0 as Row, {
          ...{ sequence: ((tick / 20) & 0xffff) as never, atMs: tick * 50, powerW: 400, cadenceHalfRpm: 180 },
          ...{ heartRateBpm: 0, steer: 0 },
        })
      if (tick === 600) world.wish(0 as Row, TURN.right)
      if (tick === 1100) world.wish(0 as Row, TURN.left)
      if (tick === 900) world.takeRoute(0 as Row, '')
      world.step()
    }
    world.end()
    const kinds = new Set(lines.slice(1).map((line) => (JSON.parse(line) as JournalRecord)[0]))
    expect(kinds.has('turn') && kinds.has('route')).toBe(true)
    const again = replayJournal(lines, square)
    if (!again.ok) expect.fail(again.error)
    expect(again.world.stateHash()).toBe(world.stateHash())
    const cut = replayJournal(lines, square, { from: 'last-checkpoint' })
    if (!cut.ok) expect.fail(cut.error)
    expect(cut.world.stateHash()).toBe(world.stateHash())
    const other = lines.map((line) => (line.startsWith('["turn",600') ? line.replace(',3]', ',1]') : line))
    expect(replayJournal(other, square).ok).toBe(false)
  })
})

describe('segments', () => {
  test('[W7] only who rides a segment whole has a time: not who joins in its middle, turns off, or comes the other way', () => {
    const { network } = square
    const [segment] = network.segments
    const [first, ...rest] = segment!.along
    const before = network.ways[first!.way]!.startM + first!.fromM - 5
    const along = new Set(segment!.along.map(({ way }) => way))
    const onto = (ride: Ridden) => {
      // Steers along the segment, junction by junction.
      const { riders } = ride.world
      const exits = network.ways[riders.way[0]!]!.exits
      const wanted = exits.find((exit) => along.has(exit.way))
      riders.turn[0] = wanted === undefined ? 0 : wanted.turn
      ride.step()
    }
    const whole = carried(square, { distanceM: 0, placeM: before }, TURNING_MPS)
    for (let tick = 0; tick < 1600; tick++) onto(whole)
    const [effort] = efforts(whole.records)
    expect(effort?.[3]).toBe(segment!.id)
    const seconds = ((effort![5] as number) - (effort![4] as number)) / 20
    expect(seconds).toBeGreaterThan((0.8 * segment!.lengthM) / TURNING_MPS)
    expect(seconds).toBeLessThan((1.25 * segment!.lengthM) / TURNING_MPS)

    const middle = carried(square, { distanceM: 0, placeM: before + 10 }, TURNING_MPS)
    for (let tick = 0; tick < 1600; tick++) onto(middle)
    expect(efforts(middle.records)).toEqual([])

    const off = carried(square, { distanceM: 0, placeM: before }, TURNING_MPS)
    const turnOff = network.ways[first!.way]!.exits.find((exit) => exit.way !== rest[0]!.way)!
    off.world.wish(0 as Row, turnOff.turn)
    for (let tick = 0; tick < 600; tick++) off.step()
    expect(efforts(off.records)).toEqual([])

    const twin = network.ways[first!.way]!.twin
    const against = carried(square, { distanceM: 0, placeM: network.ways[twin]!.startM + 1 }, TURNING_MPS)
    for (let tick = 0; tick < 1600; tick++) against.step()
    expect(efforts(against.records).filter((record) => record[3] === segment!.id)).toEqual([])
  })

  test('[W8] a line on the first metre of a way is passed in the tick that comes onto it, with its part of the tick', () => {
    const way = square.network.ways.find(({ exits }) => exits.length > 0)!
    const next = way.exits[0]!.way
    const along = [
      { way: next, fromM: 0, toM: Math.min(3, square.network.ways[next]!.endM - square.network.ways[next]!.startM) },
    ]
    const network: Network = {
      ...square.network,
      segments: [{ id: 'seam', name: 'Seam', kind: 'sprint', along, lengthM: along[0]!.toM }],
    }
    const ride = carried({ ...square, network }, { distanceM: 0, placeM: way.endM - 2.2 }, 10)
    for (let tick = 0; tick < 30; tick++) ride.step()
    const [effort] = efforts(ride.records)
    expect(effort?.[3]).toBe('seam')
    // 10 m/s is 0.5 m a tick, near enough: 2.2 m are 4.4 ticks.
    expect(effort![4]).toBeCloseTo(4.4, 0)
    expect(((effort![5] as number) - (effort![4] as number)) / 20).toBeCloseTo(along[0]!.toM / 10, 1)
  })
})

describe('crossings', () => {
  test('[W9] two riders a millisecond apart are told apart, those together share their place, over the end of a way too', () => {
    const { network } = square
    // A finish just behind a seam, so that the tick that crosses it passes from way to way.
    const route = routeOf(network, 'square')
    const seamM = route.legs[2]!.atM
    const made = raceRules(square, { routeId: 'square', laps: 1 })
    if (!made.ok) expect.fail(made.error)
    const rules = { ...made.rules, lineM: seamM + 0.05, lapM: 0, hasStartCrossing: false }
    const entries = [1, 2, 3].map((n) => ({ riderId: n as RiderId, bib: n, name: `R${n}`, isBot: false }))
    const world = new World({ course: square.course, network, riderCapacity: 3 })
    for (const { riderId } of entries) world.join({ ...BODY, riderId, distanceM: -2, routeId: 'square' })
    const run = { runId: 'run', eventId: 'e', rules, entries }
    world.decide({ kind: 'pen', run })
    world.decide({ kind: 'start', runId: 'run', startTick: 0 })
    world.step()
    const at = placeOnRoute(network, route, seamM - 6)
    for (let row = 0; row < 3; row++) {
      world.riders.way[row] = at.way
      world.riders.leg[row] = at.leg
      world.riders.distanceM[row] = seamM - 6 - (row === 1 ? 0.01 : 0) // 10 m/s: a millisecond is a centimetre.
      world.riders.offsetM[row] = at.placeM - (seamM - 6)
      world.riders.massKg[row] = 80
      world.riders.lateralM[row] = 3 * (row - 1) // Side by side, and in nobody's wind.
    }
    for (let tick = 0; tick < 40; tick++) {
      for (let row = 0; row < 3; row++) {
        world.riders.speedMps[row] = 10
        world.riders.lateralM[row] = 3 * (row - 1)
      }
      world.step()
    }
    const table = results({ run, startTick: 0, crossings: world.crossings, decisions: [] })
    expect(table.map(({ bib, place }) => [bib, place])).toEqual([
      [1, 1],
      [3, 1],
      [2, 3],
    ])
    expect(table[2]!.gapMs).toBeGreaterThan(0.5)
    expect(table[2]!.gapMs).toBeLessThan(1.5)
  })
})

const folder = fileURLToPath(new URL('../../maps/worlds', import.meta.url))
const worlds = readdirSync(folder).filter((id) => existsSync(`${folder}/${id}/map.json`))

describe('every route of every world we ship', () => {
  test.each(worlds)('[W10] %s: laps, finish and segments come in order and whole, way by way', async (id) => {
    const map = await loadMap(id)
    for (const route of map.network.routes) checkRoute(map, route)
  })

  test('[W10] and of the small network', () => {
    for (const route of square.network.routes) checkRoute(square, route)
  })
})

/** Two laps (or once from A to B) at a speed no rider has, forwards; what must be crossed is worked out apart. */
function checkRoute(map: LoadedWorld, route: Route): void {
  const laps = route.isLap ? 2 : 1
  const made = raceRules(map, { routeId: route.id, laps })
  if (!made.ok) expect.fail(made.error)
  const { rules } = made
  const { network, course } = map
  const records: JournalRecord[] = []
  const world = new World({ course, network, riderCapacity: 1, journal: (record) => records.push(record) })
  const entries = [{ riderId: 1 as RiderId, bib: 1, name: 'R', isBot: false }]
  world.join({ ...BODY, riderId: 1 as RiderId, distanceM: -1, routeId: route.id })
  world.decide({ kind: 'pen', run: { runId: 'run', eventId: 'e', rules, entries } })
  world.decide({ kind: 'start', runId: 'run', startTick: 0 })
  const ways = [world.riders.way[0]!]
  const speedMps = 60
  const { lengthM } = routeTotals(route, laps)
  while (world.run.phase !== 'finished' && world.tick < lengthM + 1000) {
    world.riders.speedMps[0] = speedMps
    world.step()
    if (world.riders.way[0] !== ways.at(-1)) ways.push(world.riders.way[0]!)
  }
  const name = `${map.map.id}/${route.id}`
  expect([name, world.run.phase]).toEqual([name, 'finished'])
  const expectedLaps = !route.isLap ? [1] : beginsAtLine(route) ? [0, 1, 2] : [1, 2]
  expect([name, world.crossings.map(({ lap }) => lap)]).toEqual([name, expectedLaps])
  // Where the first crossing was, by the route's own count of the road.
  const crossed = records.filter((record) => record[0] === 'crossing')
  expect([name, crossed.length]).toEqual([name, expectedLaps.length])
  expect([name, Math.abs(world.riders.distanceM[0]! - lengthM) < speedMps / 8]).toEqual([name, true])
  expect([name, ways.length > 1 || course.wayCount === 1]).toEqual([name, true])
  // Up to the line, and what ends on it; the tick of the finish goes a little farther.
  const last = world.crossings.at(-1)!
  const done = efforts(records).filter((record) => (record[5] as number) <= last.tick - 1 + last.fraction + 1e-6)
  expect([name, done.map((record) => record[3])]).toEqual([name, segmentsAlong(map, route, lengthM)])
}

/** Ids of the segments that lie whole within what was ridden of a route, by their ends, worked out from its legs alone. */
function segmentsAlong({ network, course }: LoadedWorld, route: Route, riddenM: number): string[] {
  const { legs, lapLeg, lapM } = route
  const isPlain = course.wayCount === 1
  const all: { way: number; fromM: number; toM: number; atM: number }[] = []
  for (let lap = 0; lap < (route.isLap ? 4 : 1); lap++)
    for (const [index, leg] of legs.entries())
      if (lap === 0 || index >= lapLeg) all.push({ ...leg, atM: leg.atM + lap * lapM })
  const found: { id: string; endM: number }[] = []
  for (const { id, along, lengthM } of network.segments) {
    all.forEach((leg, index) => {
      const [first] = along
      if (isPlain) {
        const beginM = leg.atM + ((first!.fromM - leg.fromM + 2 * lapM) % lapM)
        const endM = beginM + lengthM
        if (beginM > -1 && endM <= riddenM + 1e-6) found.push({ id, endM })
        return
      }
      if (leg.way !== first!.way || first!.fromM < leg.fromM) return
      // A line on the very first metre of the pen's leg is behind nobody.
      if (index === 0 && first!.fromM <= leg.fromM - 1) return
      const isAlong = along.every(({ way }, i) => all[index + i]?.way === way)
      const last = all[index + along.length - 1]
      if (!isAlong || last === undefined) return
      const endM = last.atM + along.at(-1)!.toM - last.fromM
      if (endM <= riddenM + 1e-6) found.push({ id, endM })
    })
  }
  return found.toSorted((a, b) => a.endM - b.endM).map(({ id }) => id)
}

test('[W11] a race of bots rides every route of the small network to its end, and replays to the bit', () => {
  for (const route of square.network.routes) {
    const race = rideRace({
      map: square,
      seed: 4,
      riders: 5,
      laps: 1,
      routeId: route.id,
      onTick: (world) => world.tick < 12_000,
    })
    expect([route.id, race.world.run.phase]).toEqual([route.id, 'finished'])
    const again = replayJournal(race.lines, square)
    if (!again.ok) expect.fail(again.error)
    expect(again.world.stateHash()).toBe(race.world.stateHash())
  }
})
