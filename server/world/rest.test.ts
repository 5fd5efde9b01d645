import { expect, test } from 'vitest'
import type { RiderId, Sequence } from '#protocol/ids'
import { RIDER_FLAG } from '#physics/riders'
import { smallMap } from '#test/sim/small-map'
import { startJournal } from './journal.ts'
import { replayJournal } from './replay.ts'
import { World } from './world.ts'

const { course, network, mapHash } = smallMap()
const ME = 1 as RiderId

function roadWith(speedMps: number) {
  const lines: string[] = []
  const room = { mapId: 'ring', mapHash, seed: 3, roomId: 'r', riderCapacity: 4 }
  const world = new World({
    course,
    network,
    riderCapacity: 4,
    journal: startJournal(room, (line) => lines.push(line)),
  })
  const join = { massKg: 80, cdaM2: 0.32, lateralM: 0, isBot: false, routeId: 'ring' }
  const row = world.join({ ...join, riderId: ME, distanceM: 40, held: false, speedMps })
  let sequence = 0
  const ride = (ticks: number, powerW: number): void => {
    for (let tick = 0; tick < ticks; tick++) {
      const telling = { sequence: sequence++ as Sequence, atMs: world.tick * 50, powerW }
      world.post(row, { ...telling, cadenceHalfRpm: 180, heartRateBpm: 0, steer: 0 })
      world.step()
    }
  }
  return { world, row, lines, ride }
}

test('[U100] who pauses comes to a stop and stands, who goes on rolls again: journalled, replayed to the last bit', () => {
  const { world, row, lines, ride } = roadWith(15)
  ride(100, 200)
  world.decide({ kind: 'rest', riderId: ME, isOn: true })
  const fromM = world.riders.distanceM[row]!
  ride(200, 0)
  const stoodM = world.riders.distanceM[row]!
  expect(world.riders.speedMps[row]).toBe(0)
  expect(stoodM - fromM).toBeLessThan(80)
  ride(1000, 0)
  expect(world.riders.distanceM[row]).toBe(stoodM)
  world.decide({ kind: 'rest', riderId: ME, isOn: false })
  expect(world.riders.flags[row]).toBe(0)
  ride(200, 200)
  expect(world.riders.distanceM[row]).toBeGreaterThan(stoodM + 20)
  world.end()
  const road = { course, network, mapHash }
  expect(replayJournal(lines, road)).toMatchObject({ ok: true })
  expect(replayJournal(lines, road, { from: 'last-checkpoint' })).toMatchObject({ ok: true })
})

test('[U100] who pedals rides, though nobody said that the pause is over; in a pen nobody pauses', () => {
  const { world, row, ride } = roadWith(8)
  world.decide({ kind: 'rest', riderId: ME, isOn: true })
  ride(200, 0)
  expect(world.isHeld(row)).toBe(true)
  ride(100, 180)
  expect([world.isHeld(row), world.riders.speedMps[row]! > 2]).toEqual([false, true])
  const join = { massKg: 80, cdaM2: 0.32, lateralM: 0, isBot: false, routeId: 'ring', distanceM: -1, held: true }
  const penned = world.join({ ...join, riderId: 2 as RiderId })
  expect(world.mayRest(penned)).toBe(false)
  world.decide({ kind: 'rest', riderId: 2 as RiderId, isOn: true })
  world.decide({ kind: 'rest', riderId: 2 as RiderId, isOn: false })
  expect(world.riders.flags[penned]).toBe(RIDER_FLAG.held)
})
