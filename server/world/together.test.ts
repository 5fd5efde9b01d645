import { expect, test } from 'vitest'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import { createRiders, RIDER_FLAG } from '#physics/riders'
import { rideGroup } from '#cli/sim/group'
import { smallMap } from '#test/sim/small-map'
import { startJournal } from './journal.ts'
import { replayJournal } from './replay.ts'
import { keepTogether } from './together.ts'
import { World } from './world.ts'

const world = smallMap()
const group = { world, routeId: 'ring', seed: 3, seconds: 600, riders: 6, spread: 0.4 }

test('[U50] riders of ±40 % W/kg stay within 80 m for as long as they pedal; without the law they are a kilometre apart', () => {
  const together = rideGroup({ ...group, isTogether: true })
  expect(together.ratio).toBeGreaterThan(2.3)
  expect(together.worstM).toBeLessThan(80)
  expect(rideGroup({ ...group, isTogether: false }).worstM).toBeGreaterThan(500)
  expect(rideGroup({ ...group, isTogether: true }).hash).toBe(together.hash)
})

/** Rows of one route, as far along and as strong as said. */
function ridersAt(...rows: readonly { atM: number; watts: number; mps?: number; flags?: number }[]) {
  const riders = createRiders(rows.length)
  riders.count = rows.length
  for (const [i, { atM, watts, mps = 8, flags = 0 }] of rows.entries()) {
    riders.id[i] = i + 1
    riders.leg[i] = 1
    riders.distanceM[i] = atM
    riders.powerW[i] = watts
    riders.speedMps[i] = mps
    riders.flags[i] = flags
  }
  return riders
}

test('[U51] who stops pedalling is not carried, and not waited for; nobody else’s route is touched', () => {
  const riders = ridersAt({ atM: 500, watts: 200 }, { atM: 480, watts: 200 }, { atM: 400, watts: 0 })
  keepTogether(riders, [1, 1, 1], 1)
  expect(riders.powerW[2]).toBe(0)
  // The middle is that of the two who pedal.
  expect([riders.powerW[0]! < 200, riders.powerW[1]! > 200]).toEqual([true, true])
  expect(riders.powerW[0]! + riders.powerW[1]!).toBeCloseTo(400)
  const others = ridersAt({ atM: 500, watts: 200 }, { atM: 400, watts: 200 }, { atM: 450, watts: 200 })
  others.flags[2] = RIDER_FLAG.held
  keepTogether(others, [1, 2, 1], 1)
  expect([...others.powerW]).toEqual([200, 200, 200])
})

test('[U51] help ends at two and a half times one’s own watts, easing at three tenths; then the brake holds', () => {
  const riders = ridersAt({ atM: 1000, watts: 200 }, { atM: 700, watts: 100 })
  keepTogether(riders, [1, 1], 1)
  expect(riders.powerW[1]).toBe(250)
  expect(riders.powerW[0]).toBe(60 - 900)
})

test('[U52] the law is an input: journalled, replayed to the last bit, and silent while there is a race', () => {
  const lines: string[] = []
  const room = { mapId: 'ring', mapHash: world.mapHash, seed: 3, roomId: 'r', riderCapacity: 4 }
  const { course, network } = world
  const ride = new World({ course, network, riderCapacity: 4, journal: startJournal(room, (line) => lines.push(line)) })
  const join = { massKg: 80, cdaM2: 0.32, lateralM: 0, isBot: false, routeId: 'ring' }
  ride.join({ ...join, riderId: 1 as RiderId, distanceM: 40, held: false, speedMps: 7.5 })
  ride.join({ ...join, riderId: 2 as RiderId, distanceM: -1, held: true })
  ride.decide({ kind: 'together', routeId: 'ring' })
  expect(ride.riders.speedMps[0]).toBe(7.5)
  for (let tick = 0; tick < 1300; tick++) {
    if (tick === 100) ride.decide({ kind: 'go' })
    for (const row of [0, 1] as Row[])
      if (tick % 20 === 0)
        ride.post(row, {
          ...{ sequence: (tick / 20) as Sequence, atMs: tick * 50, powerW: 150 + 100 * row },
          ...{ cadenceHalfRpm: 180, heartRateBpm: 0, steer: 0 },
        })
    ride.step()
  }
  ride.end()
  expect(ride.riders.distanceM[1]).toBeGreaterThan(100)
  const road = { course, network, mapHash: world.mapHash }
  expect(replayJournal(lines, road)).toMatchObject({ ok: true })
  expect(replayJournal(lines, road, { from: 'last-checkpoint' })).toMatchObject({ ok: true })
})
