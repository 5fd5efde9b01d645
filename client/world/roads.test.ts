import { describe, expect, test } from 'vitest'
import { createRoadPoint } from '#maps/course'
import { plainCourse } from '#physics/plain-courses'
import { TURN } from '#physics/course'
import type { RiderId, Row, Sequence, Tick } from '#protocol/ids'
import { UNTOLD } from '#protocol/own'
import { BitReader } from '#protocol/reader'
import { readRiderBlock } from '#protocol/rider-block'
import { PART, type RiderRecord } from '#protocol/rider-stream'
import { SlotTable } from '#protocol/slots'
import { BitWriter } from '#protocol/writer'
import { Viewer } from '#server/world/packets'
import { RiderStream } from '#server/world/stream'
import { World } from '#server/world/world'
import { smallNetwork } from '#test/sim/small-network'
import { Predictor } from './predict.ts'
import { RemoteRiders } from './remote.ts'
import { RoadGaps } from './road-gaps.ts'

const map = smallNetwork()
const { course, network } = map
const BODY = { massKg: 80, cdaM2: 0.3, lateralM: 0, isBot: false, held: false }
const here = createRoadPoint()
const there = createRoadPoint()

/** Between two places on the map, as the crow flies, m. */
function apartM(aM: number, bM: number): number {
  const a = course.at(aM, here)
  const b = course.at(bM, there)
  return Math.sqrt((a.xM - b.xM) ** 2 + (a.yM - b.yM) ** 2)
}

const placeM = ({ riders }: World, row: number) => riders.distanceM[row]! + riders.offsetM[row]!

function pedal(world: World, row: number, powerW: number): void {
  if (world.tick % 10 !== 0) return
  const sequence = ((world.tick / 10) & 0xffff) as Sequence
  world.post(row as Row, { sequence, atMs: world.tick * 50, powerW, cadenceHalfRpm: 180, heartRateBpm: 0, steer: 0 })
}

/** What a client that sees everybody is sent, tick by tick. */
function sender(world: World) {
  const stream = new RiderStream(world)
  const viewer = new Viewer(stream, { viewRiders: world.riders.capacity })
  const slots = new SlotTable()
  let number = 0
  return {
    stream,
    send(): readonly RiderRecord[] {
      stream.step(world.tick)
      const rows = Int32Array.from({ length: world.riders.count }, (_, row) => row)
      viewer.show({ count: rows.length, rows }, world.riders.id)
      const w = new BitWriter(2400)
      viewer.write(w, number, 8000)
      const read = readRiderBlock(new BitReader(w.finish()))
      if (!read.ok) throw new Error(read.error)
      const records = slots.resolve(read.value, world.tick)
      viewer.acked(number++, 0)
      return records
    },
  }
}

describe('others on a network', () => {
  /** `turns`: what each wishes for every ten seconds; 0 goes by first exits. */
  function watch(turns: readonly number[], delayTicks: number) {
    const world = new World({ course, network, riderCapacity: turns.length })
    turns.forEach((_, row) =>
      world.join({ ...BODY, riderId: (row + 1) as RiderId, distanceM: 0, placeM: map.spawnM + 80 * row }),
    )
    const { send, stream } = sender(world)
    const remote = new RemoteRiders(course, turns.length)
    const line: { atTick: number; records: readonly RiderRecord[] }[] = []
    const worst = { errorM: 0, jumpM: 0, backM: 0 }
    const shownM = turns.map(() => NaN)
    const countM = turns.map(() => -Infinity)
    let ways = 0
    let turnedOff = 0
    let toldS = 0
    let way = -1
    for (let tick = 0; tick < 2400; tick++) {
      turns.forEach((turn, row) => {
        pedal(world, row, 220 + 20 * row)
        if (turn !== 0 && tick % 200 === 100) world.wish(row as Row, turn)
      })
      const waysBefore = [...world.riders.way]
      world.step()
      turns.forEach((_, row) => {
        const now = world.riders.way[row]!
        if (now !== waysBefore[row] && now !== course.exitOf(waysBefore[row]!, TURN.none)) turnedOff++
      })
      if (world.riders.way[0] !== way) ways++
      way = world.riders.way[0]!
      const records = send()
      for (const record of records) {
        if (record.kind !== 'change' || (record.parts & PART.turn) === 0) continue
        const row = record.riderId - 1
        const leftM = course.wayEndM(world.riders.way[row]!) - placeM(world, row)
        toldS = Math.max(toldS, leftM / world.riders.speedMps[row]!)
      }
      line.push({ atTick: world.tick + delayTicks, records })
      while (line[0] !== undefined && line[0].atTick <= world.tick) {
        for (const record of line.shift()!.records) remote.accept(record)
      }
      remote.frame(world.tick, world.tick - delayTicks, 0.05)
      if (tick < 100) continue
      turns.forEach((_, row) => {
        const at = remote.rowOf(row + 1)!
        const shown = remote.shownPlaceM[at]!
        worst.errorM = Math.max(worst.errorM, apartM(shown, placeM(world, row)))
        const rideM = world.riders.speedMps[row]! * 0.05
        if (!Number.isNaN(shownM[row]!)) worst.jumpM = Math.max(worst.jumpM, apartM(shown, shownM[row]!) - rideM)
        worst.backM = Math.max(worst.backM, countM[row]! - remote.shownM[at]!)
        shownM[row] = shown
        countM[row] = remote.shownM[at]!
      })
    }
    return { ...worst, ways, turnedOff, toldS, made: stream.made }
  }

  test('[W12] go over the ends of ways without a jump, where the server has them', () => {
    const seen = watch([0, 0, 0, 0], 2)
    expect(seen.ways).toBeGreaterThan(5)
    expect(seen.errorM).toBeLessThan(0.6)
    expect(seen.jumpM).toBeLessThan(0.25)
    expect(seen.backM).toBeLessThanOrEqual(0)
  })

  test('[W13] [D105] who turns off is told of before the junction: nobody is told whole, and the turn is drawn as it is ridden', () => {
    const plain = watch([0, 0], 2)
    const turning = watch([TURN.left, TURN.right], 2)
    expect(turning.errorM).toBeLessThan(0.6)
    expect(turning.jumpM).toBeLessThan(0.25)
    expect(plain.turnedOff).toBe(0)
    expect(turning.turnedOff).toBeGreaterThan(3)
    expect(turning.toldS).toBeGreaterThan(9)
    expect(turning.toldS).toBeLessThanOrEqual(10.2)
    expect(turning.made.turn).toBeGreaterThanOrEqual(turning.turnedOff)
    expect(turning.made.absolute).toBe(plain.made.absolute)
  })
})

describe('oneself on a network', () => {
  test.each(network.routes.map(({ id }) => id))(
    '[W14] is predicted along the route %s, lap after lap, without a snap',
    (routeId) => {
      const world = new World({ course, network, riderCapacity: 1 })
      world.join({ ...BODY, riderId: 1 as RiderId, distanceM: 0, routeId })
      const predictor = new Predictor(course, { riderId: 1, massKg: 80, cdaM2: 0.3 }, { network })
      let errorM = 0
      let jumpM = 0
      let shownM = NaN
      for (let tick = 0; tick < 3000; tick++) {
        if (tick % 10 === 0) {
          const sequence = ((tick / 10) & 0xffff) as Sequence
          const sample = { sequence, atMs: tick * 50, powerW: 260, cadenceHalfRpm: 180, heartRateBpm: 0, steer: 0 }
          predictor.offer(sample, tick)
          world.post(0 as Row, sample)
        }
        world.step()
        const { riders, ledger } = world
        // Told every five ticks, and three ticks late: until then the page is on its own.
        if (tick % 5 === 0) {
          predictor.rebase(
            {
              ...UNTOLD,
              ...{ tick: world.tick, ackedSequence: ((Math.floor(tick / 10) * 1) & 0xffff) as Sequence },
              ...{ placeM: onGrid(placeM(world, 0)), distanceM: onGrid(riders.distanceM[0]!) },
              ...{ route: ledger.route[0]!, leg: riders.leg[0]!, turn: riders.turn[0]! },
              ...{ speedMps: riders.speedMps[0]!, lateralM: riders.lateralM[0]!, lateralMps: riders.lateralMps[0]! },
              ...{ powerW: riders.powerW[0]!, cadenceRpm: 90, heartRateBpm: 0, draftFactor: 1 },
              ...{ gradeFraction: 0, workJ: 0, brakeJ: 0, contactJ: 0, flags: riders.flags[0]! },
            },
            world.tick,
          )
        }
        predictor.frame(world.tick, 0.05)
        if (tick < 100) continue
        errorM = Math.max(errorM, apartM(predictor.placeM, placeM(world, 0)))
        if (!Number.isNaN(shownM))
          jumpM = Math.max(jumpM, apartM(predictor.placeM, shownM) - riders.speedMps[0]! * 0.05)
        shownM = predictor.placeM
      }
      expect(world.riders.leg[0] !== 0 || !network.routes.find(({ id }) => id === routeId)!.isLap).toBe(true)
      expect(predictor.correction.snaps).toBe(0)
      expect(errorM).toBeLessThan(0.3)
      expect(jumpM).toBeLessThan(0.2)
    },
  )

  test('[W15] a route taken while riding is another count of the same road: nothing drawn moves', () => {
    const predictor = new Predictor(course, { riderId: 1, massKg: 80, cdaM2: 0.3 }, { network })
    const at = map.spawnM
    const own = {
      ...UNTOLD,
      ...{ tick: 10 as Tick, ackedSequence: undefined, placeM: at, distanceM: 5000, route: 0, leg: 0, turn: 0 },
      ...{ speedMps: 8, lateralM: 0, lateralMps: 0, powerW: 200, cadenceRpm: 90, heartRateBpm: 0, draftFactor: 1 },
      ...{ gradeFraction: 0, workJ: 0, brakeJ: 0, contactJ: 0, flags: 0 },
    }
    predictor.rebase(own, 10)
    predictor.frame(12.5, 0.02)
    const before = predictor.placeM
    predictor.rebase({ ...own, distanceM: -50, route: 1, leg: 1 }, 12.5)
    predictor.frame(12.5, 0)
    expect(predictor.placeM).toBeCloseTo(before, 6)
    expect(predictor.distanceM).toBeLessThan(0)
    expect(predictor.correction.snaps).toBe(0)
  })
})

const onGrid = (metres: number) => Math.round(metres * 1024) / 1024

describe('gaps along the road', () => {
  test('[W16] reach over the ends of ways, ahead and behind; on a plain loop the shorter way round, and laps do not count', () => {
    const loop = plainCourse({ lengthM: 1000, isLoop: true })
    const round = new RoadGaps(loop)
    round.stand(990)
    expect([round.toM(10), round.toM(3010), round.toM(970)]).toEqual([20, 20, -20])
    const straight = new RoadGaps(plainCourse({ lengthM: 1000 }))
    straight.stand(990)
    expect(straight.toM(10)).toBe(-980)

    const gaps = new RoadGaps(course)
    const way = network.ways[course.wayAt(map.spawnM)]!
    const connector = network.ways[way.exits[0]!.way]!
    const road = network.ways[connector.exits[0]!.way]!
    gaps.stand(way.endM - 10)
    const lengthM = connector.endM - connector.startM
    expect(gaps.toM(way.endM - 4)).toBeCloseTo(6, 9)
    expect(gaps.toM(connector.startM + 1)).toBeCloseTo(11, 9)
    expect(gaps.toM(road.startM + 5)).toBeCloseTo(10 + lengthM + 5, 9)
    gaps.stand(road.startM + 5)
    expect(gaps.toM(way.endM - 10)).toBeCloseTo(-(10 + lengthM + 5), 9)
  })
})
