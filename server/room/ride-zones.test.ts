import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeZonePoses } from '#protocol/zone-poses'
import type { Sequence } from '#protocol/ids'
import { TURN } from '#physics/course'
import { createRandom } from '#physics/random'
import { RIDER_FLAG } from '#physics/riders'
import { siteZones } from '#physics/zone-site'
import { loadWorld } from '#maps/load'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { bytesFrom } from '#cli/sim/simulation'
import { replayJournal } from '../world/replay.ts'
import { Ride } from './ride.ts'

const file = (name: string) => readFileSync(new URL(`../../maps/worlds/thrushford/${name}`, import.meta.url))
const loaded = loadWorld(JSON.parse(file('map.json').toString('utf8')), new Uint8Array(file('course.bin')))
if (!loaded.ok) throw new Error(loaded.error.join('; '))
const { course, network, mapHash } = loaded.value
const { sites } = siteZones(network.zones, course)

test('[P89] a ride on a map of ours: a wish takes a rider into the park, those near see it ten times a second, and it replays', () => {
  const clock = new VirtualClock()
  const randomBytes = bytesFrom(createRandom(2))
  const lines: string[] = []
  const seen: { tick: number; zone: number; bytes: Uint8Array }[] = []
  const ride: Ride = new Ride({
    ...{ clock, randomBytes, tokenKey: randomBytes(32), roomId: 'room', mapId: 'thrushford', mapHash, course, network },
    ...{ spawnM: sites[0]!.entryPlaceM - 40, seed: 1, riderCapacity: 4, leaveAfterS: 300, zones: sites },
    journal: (line) => lines.push(line),
    onZonePoses: (zone, bytes) => seen.push({ tick: ride.world.tick, zone, bytes }),
  })
  ride.start()
  const { riderId, row } = ride.join({ name: 'Anna', massKg: 61, heightM: 1.7 })
  const { riders } = ride.world
  ride.world.wish(row, TURN.right)
  let wasInside = false
  for (let second = 0; second < 90; second++) {
    ride.world.post(row, {
      ...{
        sequence: (second + 1) as Sequence,
        atMs: clock.nowMs(),
        powerW: 180,
        cadenceHalfRpm: 170,
        heartRateBpm: 0,
        steer: 0,
      },
    })
    clock.runUntil(clock.nowMs() + 1000)
    const isInside = (riders.flags[row]! & RIDER_FLAG.zone) !== 0
    if (wasInside && !isInside) break
    wasInside ||= isInside
    expect(ride.isNearZone(riderId, 0)).toBe(true)
  }
  expect(ride.zones!.counters).toMatchObject({ entered: 1, exits: { gate: 1 } })
  const shown = seen.flatMap(({ tick, bytes }) => {
    const poses = decodeZonePoses(bytes)
    if (!poses.ok) throw new Error(poses.error)
    return poses.value.riders.some((one) => one.riderId === riderId) ? [tick] : []
  })
  expect(shown.length).toBeGreaterThan(100)
  // Every second tick while inside; a rider who left is in none.
  expect(new Set(shown.slice(1).map((tick, i) => tick - shown[i]!))).toEqual(new Set([2]))
  ride.stop()
  const replayed = replayJournal(lines, { course, network, mapHash })
  expect(replayed).toMatchObject({ ok: true })
  expect(replayed.ok && replayed.world.stateHash()).toBe(ride.world.stateHash())
})
