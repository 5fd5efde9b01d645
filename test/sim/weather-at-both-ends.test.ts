import { expect, test } from 'vitest'
import type { RiderId, Sequence, Tick } from '#protocol/ids'
import { RemoteRiders } from '#client/world/remote'
import { CALM, WeatherLog, type Weather } from '#physics/weather'
import { TIER } from '#protocol/rider-state'
import { RiderStream } from '#server/world/stream'
import { World } from '#server/world/world'
import { smallNetwork } from './small-network.ts'

const map = smallNetwork()
const BREEZE: Weather = { windEastMps: 5, windNorthMps: -4, gustShare: 0.8, seaLevelC: 28, isWet: false }
const STORM: Weather = { ...BREEZE, windEastMps: -7, isWet: true }

/**
 * A minute of riders on a network through a change of weather. The client hears exactly the records the server makes, and
 * of the weather what `told` says; answers in how many ticks of how many riders both believed the same.
 */
function ride(told: WeatherLog): { same: number; different: number; records: number; ways: number } {
  const world = new World({ course: map.course, network: map.network, riderCapacity: 6 })
  world.decide({ kind: 'weather', weather: BREEZE, fromTick: 0 })
  world.decide({ kind: 'weather', weather: STORM, fromTick: 600 })
  for (let row = 0; row < 6; row++) {
    const riderId = (row + 1) as RiderId
    const body = { massKg: 72 + 6 * row, cdaM2: 0.3, lateralM: 0, isBot: false, held: false }
    world.join({ riderId, ...body, distanceM: 30 + 60 * row } as Parameters<World['join']>[0])
  }
  const stream = new RiderStream({ riders: world.riders, course: map.course, conditions: world.conditions })
  const remote = new RemoteRiders(map.course, 6, told)
  for (let row = 0; row < 6; row++) stream.watch(row, TIER.fine, 1)
  const seen = { same: 0, different: 0, records: 0, ways: 0 }
  for (let i = 0; i < 1200; i++) {
    const sample = { cadenceHalfRpm: 180, heartRateBpm: 0, steer: 0 }
    for (let row = 0; row < 6; row++)
      if (i % 5 === 0)
        world.post(row as never, { sequence: i as Sequence, atMs: i * 50, powerW: 200 + 30 * row, ...sample })
    const before = [...world.riders.way]
    world.step()
    stream.step(world.tick)
    for (let row = 0; row < 6; row++) {
      const riderId = (row + 1) as RiderId
      const at = { tick: world.tick as Tick, riderId }
      if (world.riders.way[row] !== before[row]) seen.ways++
      const isNews = i === 0 || stream.lengthOf(row, TIER.fine, world.tick) > 0
      if (isNews) seen.records++
      if (isNews) remote.accept({ kind: 'absolute', ...at, id: riderId, state: { ...stream.stateOf(row) } })
      remote.accept({ kind: 'check', ...at, check: stream.checkOf(row, TIER.fine) })
      const { placeM, speedMps, lateralM } = remote.known[remote.rowOf(riderId)!]!
      const truth = stream.stateOf(row)
      if (placeM === truth.placeM && speedMps === truth.speedMps && lateralM === truth.lateralM) seen.same++
      else seen.different++
    }
  }
  return seen
}

test('[P38] [P11] told ahead of time, a client carries everybody through a change of weather bit for bit, over junctions', () => {
  const told = new WeatherLog(BREEZE)
  told.change(STORM, 600)
  const { same, different, records, ways } = ride(told)
  expect([same, different]).toEqual([6 * 1200, 0])
  expect(records).toBeLessThan(1200)
  expect(ways).toBeGreaterThan(6)
})

test('[P38] a client that was not told, or told another tick, believes something else', () => {
  expect(ride(new WeatherLog(CALM)).different).toBeGreaterThan(1000)
  const late = new WeatherLog(BREEZE)
  late.change(STORM, 605)
  expect(ride(late).different).toBeGreaterThan(10)
})
