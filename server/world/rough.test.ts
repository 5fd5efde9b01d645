import { expect, test } from 'vitest'
import { loadMap } from '#cli/sim/load-map'
import type { LoadedWorld } from '#maps/load'
import { storedJ } from '#physics/books'
import { lateralLimitM } from '#physics/lanes'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import { roughRide } from '#test/sim/rough-ride'
import type { JournalRecord } from './records.ts'
import { World } from './world.ts'

const WORLDS = ['thrushford', 'gannetholm', 'high-gentian', 'sorrelmere'] as const

/** The inputs among these records, taken up by another world. */
function feed(world: World, records: readonly JournalRecord[]): void {
  for (const record of records) {
    const row = record[2] as Row
    if (record[0] === 'join') world.join({ ...record[3], riderId: record[3].riderId as RiderId })
    if (record[0] === 'leave') world.leave(row)
    if (record[0] === 'session') world.resume(row)
    if (record[0] === 'turn') world.wish(row, record[3])
    if (record[0] === 'route') world.takeRoute(row, record[3])
    if (record[0] === 'fact') world.decide(record[2])
    if (record[0] !== 'sample') continue
    const [, , , sequence, atMs, powerW, cadenceHalfRpm, heartRateBpm, steer] = record
    world.post(row, { sequence: sequence as Sequence, atMs, powerW, cadenceHalfRpm, heartRateBpm, steer })
  }
}

function putBack(from: World, map: LoadedWorld): World {
  const { course, network } = map
  const world = new World({ course, network, riderCapacity: from.riders.capacity })
  expect(world.restore(from.tick, JSON.parse(JSON.stringify(from.checkpoint())))).toBe(true)
  return world
}

test.each(WORLDS)(
  '[J3] %s: put back at any tick of a rough evening, a world goes on as the old one, each tick, turns, zones and all',
  async (name) => {
    const map = await loadMap(name)
    const ride = roughRide(map, { seed: 11, riders: 30 })
    const { world, records } = ride
    let other = putBack(world, map)
    for (let tick = 0; tick < 800; tick++) {
      if (tick % 37 === 0) other = putBack(world, map)
      const from = records.length
      ride.step()
      const news = records.slice(from)
      feed(other, news)
      other.step()
      for (const record of news) if (record[0] === 'zone') other.zone(record[2] as Row, record[3])
      expect(other.stateHash()).toBe(world.stateHash())
    }
  },
)

test('[J2] two worlds that step by turns in one process are those that step alone', async () => {
  const maps = [await loadMap('thrushford'), await loadMap('gannetholm')]
  const alone = maps.map((map) => {
    const ride = roughRide(map, { seed: 5, riders: 20 })
    for (let tick = 0; tick < 300; tick++) ride.step()
    return ride.world.stateHash()
  })
  const both = maps.map((map) => roughRide(map, { seed: 5, riders: 20 }))
  for (let tick = 0; tick < 300; tick++) for (const ride of both) ride.step()
  expect(both.map(({ world }) => world.stateHash())).toEqual(alone)
})

test.each(WORLDS)(
  '[P51] %s: in still air nobody ever has more energy than the legs gave, whatever samples, bars, turns and others do',
  async (name) => {
    const ride = roughRide(await loadMap(name), { seed: 7, riders: 40, isCalm: true })
    const { world } = ride
    const { riders, course } = world
    const before = new Float64Array(riders.capacity)
    const ids = new Uint32Array(riders.capacity)
    const ownJ = (row: number) =>
      storedJ(row, riders, course) - riders.workJ[row]! + riders.brakeJ[row]! + riders.contactJ[row]!
    let mostJ = 0
    let ticks = 0
    for (let tick = 0; tick < 1200; tick++) {
      ride.step(() => {
        for (let row = 0; row < riders.count; row++) {
          before[row] = ownJ(row)
          ids[row] = riders.id[row]!
        }
      })
      for (let row = 0; row < riders.count; row++) {
        if (riders.id[row] === 0 || ids[row] !== riders.id[row]) continue
        mostJ = Math.max(mostJ, ownJ(row) - before[row]!)
        ticks++
      }
    }
    expect(ticks).toBeGreaterThan(40_000)
    // What the last tick before a stand rides up a hill, half a ton of rider included.
    expect(mostJ).toBeLessThan(0.2)
  },
)

test('[P50] riders who stand across the whole road, or in the first row of a pen, stop nobody for ever', async () => {
  const { course, network } = await loadMap('high-gentian')
  const way = network.ways.find(({ kind, startM, endM }) => kind === 'road' && endM - startM > 600)!
  const limitM = lateralLimitM(course.widthAt(way.startM + 300))
  const standing = Math.ceil((2 * limitM) / 0.52) + 1
  for (const behindM of [150, 2]) {
    const world = new World({ course, network, riderCapacity: 20 })
    const join = (riderId: number, placeM: number, lateralM: number) =>
      world.join({
        ...{ riderId: riderId as RiderId, massKg: 80, cdaM2: 0.3, isBot: false, held: false },
        ...{ distanceM: placeM, lateralM },
      })
    for (let i = 0; i < standing; i++) join(i + 1, way.startM + 300, -limitM + (2 * limitM * i) / (standing - 1))
    for (let i = 0; i < 6; i++) join(i + 11, way.startM + 300 - behindM - 2 * i, 0)
    for (let tick = 0; tick < 20 * 90; tick++) {
      const pedalling = tick % 20 === 0 ? 6 : 0
      for (let row = standing; row < standing + pedalling; row++)
        world.post(row as Row, {
          ...{ sequence: (tick / 20) as Sequence, atMs: tick * 50, powerW: 250 },
          ...{ cadenceHalfRpm: 180, heartRateBpm: 0, steer: 0 },
        })
      world.step()
    }
    for (let row = standing; row < standing + 6; row++)
      expect(world.riders.distanceM[row]! - way.startM).toBeGreaterThan(310)
  }
})
