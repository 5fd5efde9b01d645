import { expect, test } from 'vitest'
import { siteZones } from '#physics/zone-site'
import { smallMap } from '#test/sim/small-map'
import { AppError } from '../errors.ts'
import type { MeetBody } from '../http/shapes.ts'
import type { RideRoom } from '../room/ride-room.ts'
import { Ride } from '../room/ride.ts'
import type { Where } from '../room/ride-options.ts'
import type { HouseWorld } from '../room/worlds.ts'
import type { StoredMeet } from '../store/store.ts'
import { MeetDesk } from './meet-desk.ts'

const small = smallMap()
const world: HouseWorld = {
  ...{ ...small, zoneSites: siteZones([], small.course).sites, roadM: 700, lowestM: 94, highestM: 106 },
}
const MINUTE_MS = 60_000

/** A desk with a clock turned by hand, a store in memory, and rooms that are a ride and a roster. */
async function deskWith(kept: StoredMeet[] = []) {
  const held = {
    wallMs: Date.UTC(2026, 10, 22, 18),
    ring: () => {},
    broken: '',
    isBroken: false,
    errors: [] as string[],
  }
  const rooms: RideRoom[] = []
  const ended: string[] = []
  const desk = await MeetDesk.open({
    store: {
      createMeet: async (meet) => void kept.push(meet),
      openMeets: async () => kept.filter(({ id }) => !ended.includes(id)),
      endMeet: async (id) => void ended.push(id),
    },
    clock: {
      nowMs: () => held.wallMs,
      wallMs: () => held.wallMs,
      after: (_ms, call) => {
        held.ring = call
        return () => {}
      },
    },
    worldOf: async (id) => (id === 'ring' ? world : undefined),
    openRoom: async (_world, whereToBegin) => {
      if (held.broken !== '') {
        const sentence = held.broken
        held.broken = ''
        held.isBroken = true
        throw new Error(sentence)
      }
      const room = roomOf(whereToBegin)
      rooms.push(room)
      return room
    },
    onError: (error) => {
      if (!held.isBroken) throw error
      held.errors.push(String(error))
    },
  })
  desk.start()
  const pass = async (ms: number): Promise<void> => {
    held.wallMs += ms
    held.ring()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { desk, held, rooms, ended, pass, startsIn: (ms: number) => new Date(held.wallMs + ms).toISOString() }
}

function roomOf(whereToBegin: () => Where): RideRoom {
  const riders = new Map<string, { id: number; name: string; isBot: boolean }>()
  const ride = new Ride({
    ...{
      clock: { nowMs: () => 0, wallMs: () => 0, after: () => () => {} },
      randomBytes: (count) => new Uint8Array(count).fill(riders.size + 1),
    },
    ...{ tokenKey: new Uint8Array(32), roomId: 'meet', mapId: 'ring', mapHash: world.mapHash, course: world.course },
    ...{ network: world.network, spawnM: world.spawnM, seed: 1, riderCapacity: 8, leaveAfterS: 600 },
    onJoined: ({ riderId, name, isBot }) => void riders.set(String(riderId), { id: riderId, name, isBot }),
    onLeft: (riderId) => void riders.delete(String(riderId)),
  })
  return {
    ...{ ride, roomId: 'meet', plan: { kind: 'meet', whereToBegin }, state: { riders, meetStartTick: 0 } },
    lastPerson: () => [...riders.values()][0]?.id,
    end: async () => ride.stop(),
  } as unknown as RideRoom
}

const BODY: MeetBody = {
  ...{ title: ' Our hill\u202e ', name: 'Ada', mapId: 'ring', routeId: 'ring', laps: 3 },
  ...{ isTogether: true, isListed: false },
}
const join = (room: RideRoom, name: string) =>
  room.ride.join({ name, massKg: 70, heightM: 1.75 }, room.plan.whereToBegin!({ name, massKg: 70, heightM: 1.75 }))

test('[U54] planned, waited for in the pen, let go at its time, and over ten minutes after the last has left', async () => {
  const { desk, rooms, ended, pass, startsIn } = await deskWith()
  const made = await desk.create({ ...BODY, startsAt: startsIn(60 * MINUTE_MS) })
  expect(made).toMatchObject({ title: 'Our hill', phase: 'planned', roomId: null, startsInMs: 60 * MINUTE_MS, laps: 3 })
  expect([desk.list(), desk.get(made.id).madeBy]).toEqual([[], 'Ada'])
  await pass(44 * MINUTE_MS)
  expect(rooms).toHaveLength(0)
  await pass(1 * MINUTE_MS)
  const [room] = rooms
  expect(desk.get(made.id)).toMatchObject({ phase: 'waiting', roomId: 'meet', riderCount: 0 })
  const early = join(room!, 'Ada')
  const world0 = room!.ride.world
  expect([world0.isHeld(early.row), world0.togetherRoute]).toEqual([true, 'ring'])
  await pass(15 * MINUTE_MS)
  expect(world0.isHeld(early.row)).toBe(false)
  expect(desk.get(made.id)).toMatchObject({ phase: 'riding', riders: ['Ada'] })
  await pass(60 * MINUTE_MS)
  expect(ended).toEqual([])
  room!.ride.leave(early.riderId)
  await pass(1000)
  await pass(9 * MINUTE_MS)
  expect(ended).toEqual([])
  await pass(2 * MINUTE_MS)
  expect(ended).toEqual([made.id])
  expect(() => desk.get(made.id)).toThrow(/This meet-up is over/)
})

test('[U55] who comes late rides behind the last of them, at their speed; nobody is put onto another', async () => {
  const { desk, rooms, pass } = await deskWith()
  await desk.create(BODY)
  const [room] = rooms
  await pass(1000)
  const first = join(room!, 'Ada')
  const { riders } = room!.ride.world
  riders.distanceM[first.row] = 300
  riders.speedMps[first.row] = 9
  const late = join(room!, 'Bo')
  const third = join(room!, 'Cy')
  expect(riders.distanceM[late.row]).toBe(294)
  expect(riders.speedMps[late.row]).toBe(9)
  expect(riders.distanceM[third.row]).toBe(291)
  expect(room!.ride.whereBeside(first.riderId)?.distanceM).toBe(288)
})

test('[U56] only who made it, or the organiser, calls it off; a road, a time or a pace that cannot be is a sentence', async () => {
  const { desk, ended, startsIn } = await deskWith()
  const { id, key } = await desk.create({ ...BODY, isListed: true, startsAt: startsIn(60 * MINUTE_MS) })
  expect(desk.list().map((meet) => [meet.id, 'key' in meet])).toEqual([[id, false]])
  const code = async (work: Promise<unknown>) =>
    await work.then(
      () => 'done',
      (error: AppError) => error.code,
    )
  expect(await code(desk.remove(id, { key: 'guessed', isOrganiser: false }))).toBe('ERR_FORBIDDEN')
  expect(await code(desk.remove(id, { isOrganiser: false }))).toBe('ERR_FORBIDDEN')
  expect(await code(desk.remove(id, { key, isOrganiser: false }))).toBe('done')
  expect(await code(desk.remove(id, { key, isOrganiser: false }))).toBe('ERR_MEET_UNKNOWN')
  expect(ended).toEqual([id])
  expect(await code(desk.create({ ...BODY, mapId: 'elsewhere' }))).toBe('ERR_MAP_INVALID')
  expect(await code(desk.create({ ...BODY, startsAt: startsIn(-60 * MINUTE_MS) }))).toBe('ERR_BAD_REQUEST')
  expect(await code(desk.create({ ...BODY, paceWkg: { low: 3, high: 2 } }))).toBe('ERR_BAD_REQUEST')
})

test('[U56] after a restart a meet-up that was on is on; one whose road changed is over', async () => {
  const kept: StoredMeet[] = []
  const before = await deskWith(kept)
  const { id } = await before.desk.create(BODY)
  const other = { ...kept[0]!, id: 'other', mapHash: 'another' }
  kept.push(other)
  const after = await deskWith(kept)
  expect(after.desk.get(id).roomId).toBe('meet')
  expect(after.ended).toEqual(['other'])
})

test('[A49] one that cannot be opened keeps no other waiting; one address has twelve', async () => {
  const { desk, held, rooms, pass, startsIn } = await deskWith()
  for (let i = 0; i < 12; i++) await desk.create({ ...BODY, startsAt: startsIn(60 * MINUTE_MS) }, '192.0.2.1')
  await expect(desk.create(BODY, '192.0.2.1')).rejects.toThrow(/12 meet-ups of your network/)
  await desk.create({ ...BODY, startsAt: startsIn(60 * MINUTE_MS) }, '192.0.2.2')
  held.broken = 'no room for it'
  await pass(45 * MINUTE_MS)
  expect([held.errors, rooms.length]).toEqual([['Error: no room for it'], 12])
  await pass(1000)
  expect(rooms).toHaveLength(13)
})
