import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bytesFrom } from '#cli/sim/simulation'
import { VirtualClock } from '#cli/sim/virtual-clock'
import type { RiderId, Sequence } from '#protocol/ids'
import { createRandom } from '#physics/random'
import { smallMap } from '#test/sim/small-map'
import { Ride } from '../room/ride.ts'
import { anchorOf } from './anchor.ts'
import { Recorder, ROWS_MAX, type RecordedRoom } from './recorder.ts'
import { headLine, readRide, unpackRide } from './ride-text.ts'
import { type KeptRide, workHere } from './ride-work.ts'

const map = smallMap()
const ANNA = { name: 'Anna', massKg: 61, heightM: 1.7 }
const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

/** A house with one road: rooms and recorders come and go over one clock and one folder. */
async function house() {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto-rides-'))
  folders.push(folder)
  const clock = new VirtualClock()
  const kept: KeptRide[] = []
  const said: string[] = []
  const held = { isStoreAway: false, roomNumber: 0 }
  const openRecorder = async () =>
    await Recorder.open({
      ...{ folder, clock, say: (sentence) => said.push(sentence) },
      sumUp: workHere.sumUp,
      keep: async (ride) => {
        if (held.isStoreAway) throw new Error('the database is away')
        kept.push(ride)
      },
    })
  let recorder = await openRecorder()
  function openRoom(eventId = '') {
    const people = new Map<RiderId, { uuid: string; name: string; massKg: number }>()
    const roomId = `room-${held.roomNumber++}`
    const randomBytes = bytesFrom(createRandom(held.roomNumber))
    const ride: Ride = new Ride({
      ...{ clock, randomBytes, tokenKey: randomBytes(32), roomId, mapId: 'ring', mapHash: map.mapHash },
      ...{ course: map.course, network: map.network, spawnM: 10, seed: 1, riderCapacity: 4, leaveAfterS: 60 },
      onSecond: () => recorder.second(seen),
      onEffort: (riderId, id, ms) => recorder.effort(people.get(riderId)!.uuid, { id, name: id, ms }),
    })
    const seen: RecordedRoom = {
      ...{
        roomId,
        journal: `${roomId}.jsonl`,
        mapId: 'ring',
        mapName: 'Ring',
        mapHash: map.mapHash,
        anchor: anchorOf(map.map),
      },
      ...{ eventId, eventTitle: eventId, world: ride.world, course: map.course, network: map.network },
      personOf: (riderId) => people.get(riderId),
    }
    ride.start()
    const join = (where = {}) => {
      const seated = ride.join(ANNA, where)
      people.set(seated.riderId, { uuid: 'anna', name: ANNA.name, massKg: ANNA.massKg })
      return seated
    }
    return { ride, join, people }
  }
  /** Pedals for so long, with a watt of its own each second; watts of 0 are a rider who rests. */
  async function pedal(
    { ride }: { ride: Ride },
    riderId: RiderId,
    seconds: number,
    wattsAt: (second: number) => number | undefined,
  ) {
    for (let i = 0; i < seconds; i++) {
      const nowMs = clock.nowMs()
      const powerW = wattsAt(i)
      const row = ride.world.rowOf(riderId)
      if (powerW !== undefined && row !== undefined)
        ride.world.post(row, {
          ...{ sequence: (nowMs / 1000) as Sequence, atMs: nowMs, powerW, steer: 0 },
          ...{ cadenceHalfRpm: powerW > 0 ? 180 : 0, heartRateBpm: 120 + (i % 40) },
        })
      clock.runUntil(nowMs + 1000)
    }
    await recorder.written
  }
  return {
    ...{ clock, kept, said, held, folder, openRoom, pedal },
    get recorder() {
      return recorder
    },
    /** As `kill -9` leaves it: nothing more is written, another one opens the folder. */
    killed: async () => {
      await recorder.written
      recorder = await openRecorder()
    },
  }
}

/** The ride as it was kept. */
async function ended(recorder: Recorder, riderUuid: string): Promise<KeptRide> {
  const end = await recorder.end(riderUuid)
  if (end.state !== 'kept') throw new Error(`it is ${end.state}`)
  return end.ride
}

const files = async (folder: string): Promise<number> => (await readdir(folder)).length

test('[A31] [A32] [A35] an hour with a rest, a silent line and a killed server is one ride, and its energy the ledger’s within 0.5 %', async () => {
  const at = await house()
  const first = at.openRoom()
  const anna = first.join()
  // 20 minutes of hills, four at rest, a line that is silent for half a minute.
  await at.pedal(first, anna.riderId, 1200, (s) => 180 + 60 * ((s >> 5) % 3))
  await at.pedal(first, anna.riderId, 240, () => 0)
  await at.pedal(first, anna.riderId, 303, (s) => (s > 100 && s < 130 ? undefined : 220))
  const paidJ = first.ride.world.riders.workJ[anna.row]!
  const where = first.ride.whereOf(anna.riderId)!
  first.ride.stop()
  const atKill = at.recorder.current('anna')!
  const id = atKill.head.id
  const lostFromS = atKill.atS
  await at.killed()
  // The file is behind by what was not written yet.
  expect(lostFromS - at.recorder.current('anna')!.atS).toBeLessThanOrEqual(10)
  expect(lostFromS - at.recorder.current('anna')!.atS).toBeGreaterThan(0)
  // It is back after twenty seconds, and so is she.
  at.clock.runUntil(at.clock.nowMs() + 20_000)
  const second = at.openRoom()
  const again = second.join(where)
  await at.pedal(second, again.riderId, 1840, (s) => 200 + (s % 7) * 10)
  const totalJ = paidJ + second.ride.world.riders.workJ[again.row]!
  const { bytes, ...rest } = { ...(await ended(at.recorder, 'anna')) }
  const { rows, marks } = unpackRide(bytes)
  second.ride.stop()
  expect(at.kept.map(({ head }) => head.id)).toEqual([id])
  expect(await files(at.folder)).toBe(0)
  expect(rest.summary.elapsedS).toBe(1200 + 240 + 303 + 20 + 1840)
  const rowsJ = rows.reduce((sum, { powerW }) => sum + powerW, 0)
  expect(Math.abs(rest.summary.workJ / totalJ - 1)).toBeLessThan(0.005)
  expect(Math.abs(rowsJ / totalJ - 1)).toBeLessThan(0.005)
  // One row a second while she moved: the rest is not there, the silent line is, for she rolled.
  expect(marks.filter(({ kind }) => kind === 'pause').length).toBeGreaterThanOrEqual(1)
  expect(rows.length).toBeGreaterThan(3300)
  expect(rows.length).toBeLessThan(3500)
  for (let i = 1; i < rows.length; i++) {
    expect(rows[i]!.atS).toBeGreaterThan(rows[i - 1]!.atS)
    expect(rows[i]!.distanceM).toBeGreaterThanOrEqual(rows[i - 1]!.distanceM)
  }
})

test('[A33] a try is no ride: under a minute, or under two hundred metres, nothing is kept', async () => {
  const at = await house()
  const room = at.openRoom()
  const anna = room.join()
  await at.pedal(room, anna.riderId, 50, () => 300)
  expect(await at.recorder.end('anna')).toEqual({ state: 'none' })
  // Samples that were under way begin no new one.
  await at.pedal(room, anna.riderId, 4, () => 300)
  expect(at.recorder.current('anna')).toBeUndefined()
  await at.pedal(room, anna.riderId, 65, () => 2)
  room.ride.stop()
  expect(at.recorder.current('anna')!.distanceM).toBeLessThan(200)
  expect(await at.recorder.end('anna')).toEqual({ state: 'none' })
  expect(at.kept).toEqual([])
  expect(await files(at.folder)).toBe(0)
})

test('[A34] who closes the page has ended the ride five minutes later; who comes back before goes on with it', async () => {
  const at = await house()
  const room = at.openRoom()
  const anna = room.join()
  await at.pedal(room, anna.riderId, 120, () => 250)
  const { id } = at.recorder.current('anna')!.head
  room.ride.leave(anna.riderId)
  await at.pedal(room, anna.riderId, 200, () => undefined)
  room.ride.resume(anna.riderId)
  await at.pedal(room, anna.riderId, 60, () => 250)
  expect(at.recorder.current('anna')!.head.id).toBe(id)
  room.ride.leave(anna.riderId)
  await at.pedal(room, anna.riderId, 310, () => undefined)
  await at.recorder.written
  expect(at.recorder.current('anna')).toBeUndefined()
  expect(at.kept.map(({ head }) => head.id)).toEqual([id])
  room.ride.stop()
})

test('[A34] a race is a ride of its own, and the free ride before it ends there', async () => {
  const at = await house()
  const free = at.openRoom()
  const race = at.openRoom('criterium')
  const anna = free.join()
  await at.pedal(free, anna.riderId, 100, () => 250)
  const racing = race.join()
  await at.pedal(race, racing.riderId, 100, () => 300)
  const kept = await ended(at.recorder, 'anna')
  expect(at.kept.map(({ head }) => head.eventId)).toEqual(['', 'criterium'])
  expect(kept.summary.distanceM).toBeGreaterThan(200)
  free.ride.stop()
  race.ride.stop()
})

test('[A36] a store that is away costs nothing: the ride waits in its file, and is taken once', async () => {
  const at = await house()
  const room = at.openRoom()
  const anna = room.join({ routeId: 'ring' })
  at.held.isStoreAway = true
  await at.pedal(room, anna.riderId, 240, () => 250)
  const kept = await ended(at.recorder, 'anna')
  expect(kept.summary.laps.length).toBeGreaterThan(2)
  expect(at.kept).toEqual([])
  expect(await files(at.folder)).toBe(1)
  expect(at.said[0]).toMatch(/^A ride waits for the store/)
  // Who deletes their account is not kept in a file that waits.
  const other = room.ride.join({ name: 'Bea', massKg: 70, heightM: 1.8 })
  room.people.set(other.riderId, { uuid: 'bea', name: 'Bea', massKg: 70 })
  await at.pedal(room, other.riderId, 120, () => 250)
  await at.recorder.end('bea')
  expect(await files(at.folder)).toBe(2)
  await at.recorder.forget('bea')
  expect(await files(at.folder)).toBe(1)
  at.held.isStoreAway = false
  await at.pedal(room, anna.riderId, 70, () => undefined)
  await at.recorder.written
  expect(at.kept.map(({ head }) => head.id)).toEqual([kept.head.id])
  expect(await files(at.folder)).toBe(0)
  room.ride.stop()
})

test('[A48] laps by hand are laps of a hand, and a ride is no longer than half a day: what a script asks for stays small', async () => {
  const at = await house()
  const room = at.openRoom()
  const anna = room.join()
  await at.pedal(room, anna.riderId, 100, () => {
    for (let i = 0; i < 50; i++) at.recorder.lap('anna')
    return 250
  })
  const first = at.recorder.current('anna')!
  expect(
    unpackRide((await ended(at.recorder, 'anna')).bytes).marks.filter(({ kind }) => kind === 'lap').length,
  ).toBeLessThanOrEqual(21)
  await at.pedal(room, anna.riderId, 70, () => 250)
  const second = at.recorder.current('anna')!
  second.movingS = ROWS_MAX
  await at.pedal(room, anna.riderId, 2, () => 250)
  const third = at.recorder.current('anna')!
  expect(new Set([first, second, third].map(({ head }) => head.id)).size).toBe(3)
  expect(at.kept.map(({ head }) => head.id)).toEqual([first.head.id, second.head.id])
  room.ride.stop()
})

test('[A35] [A60] a disk that takes nothing for a while loses nothing: lines wait, and the ride is whole when it ends', async () => {
  const at = await house()
  const room = at.openRoom()
  const anna = room.join()
  await at.pedal(room, anna.riderId, 60, () => 250)
  // A folder that is not there is as good as a full disk.
  const away = `${at.folder}-away`
  await rename(at.folder, away)
  await at.pedal(room, anna.riderId, 60, () => 250)
  expect(at.said).toHaveLength(1)
  await rename(away, at.folder)
  await at.pedal(room, anna.riderId, 60, () => 250)
  await at.killed()
  expect(at.recorder.current('anna')!.movingS).toBeGreaterThanOrEqual(174)
  await at.pedal(room, anna.riderId, 33, () => 250)
  await rename(at.folder, away)
  expect(await at.recorder.end('anna')).toEqual({ state: 'waiting' })
  await rename(away, at.folder)
  await at.pedal(room, anna.riderId, 66, () => undefined)
  await at.recorder.written
  expect(at.kept).toHaveLength(1)
  expect(unpackRide(at.kept[0]!.bytes).rows.length).toBeGreaterThanOrEqual(204)
  room.ride.stop()
})

test('[A35] a calendar that jumps by years, as on a machine without a clock of its own, is not ridden through', async () => {
  const at = await house()
  const room = at.openRoom()
  const anna = room.join()
  await at.pedal(room, anna.riderId, 70, () => 250)
  at.clock.wallMs = () => Date.UTC(2026, 10, 22) + at.clock.nowMs()
  await at.pedal(room, anna.riderId, 70, () => 250)
  room.ride.stop()
  expect((await ended(at.recorder, 'anna')).summary.elapsedS).toBeLessThan(150)
})

test('[A27] who has deleted their account is not written down while they roll on', async () => {
  const at = await house()
  const room = at.openRoom()
  const anna = room.join()
  await at.pedal(room, anna.riderId, 70, () => 250)
  await at.recorder.forget('anna')
  await at.pedal(room, anna.riderId, 70, () => 250)
  room.ride.stop()
  expect([at.recorder.current('anna'), await files(at.folder), at.kept]).toEqual([undefined, 0, []])
})

test('[A35] a file with lines that are nothing is read past them', () => {
  const head = headLine({ id: 'x', riderUuid: 'anna' } as never)
  for (const junk of ['null', '7', '"x"', '{}', head.slice(0, 30), '[1,2]']) {
    const ride = readRide(`${junk === '{}' ? '' : `${junk}\n`}${head}\n${junk}\n{"kind":"lap","atS":1}\n`)
    expect([junk, ride?.head.riderUuid, ride?.marks]).toEqual([junk, 'anna', [{ kind: 'lap', atS: 1 }]])
  }
})
