import { expect, test } from 'vitest'
import type { RiderId } from '#protocol/ids'
import { hashSecret, type Store, type StoredRider } from '../store/store.ts'
import { Places } from './places.ts'
import { RideDirectory } from './ride-directory.ts'
import type { NewRider } from './ride-options.ts'
import type { RideRoom } from './ride-room.ts'

const SECRET = 'S'.repeat(43)
const ANNA: StoredRider = { id: 'anna', name: 'Anna', massKg: 61, heightM: 1.7, secretHash: hashSecret(SECRET) }

function roomOf(roomId: string, kind: 'free' | 'event') {
  const riders = new Map<string, RiderId>()
  const ride = { riderOfSecret: (secret: string) => riders.get(secret) }
  const room = {
    ...{ roomId, plan: { kind, isPermanent: kind === 'free' }, ride },
    admit(_rider: NewRider, _where: unknown, _uuid: string, secret = `made ${riders.size}`) {
      const riderId = (riders.size + 1) as RiderId
      riders.set(secret, riderId)
      return { riderId, secret }
    },
  } as unknown as RideRoom
  return { room, riders }
}

/** A house that was just started again: the road is empty, the store remembers Anna. */
function freshHouse() {
  const { room, riders } = roomOf('road', 'free')
  const store = { riderBySecret: async (hash: string) => (hash === ANNA.secretHash ? ANNA : undefined) }
  const directory = new RideDirectory({ store: () => store as unknown as Store, onSaveFailed: () => {} })
  directory.add(room)
  return { directory, riders }
}

test('after a restart one secret is one rider, though page and bridge come back in the same moment', async () => {
  const { directory, riders } = freshHouse()
  const both = await Promise.all([directory.bySecret(SECRET), directory.bySecret(SECRET)])
  const later = await directory.bySecret(SECRET)
  expect([...both, later].map(({ riderId, secret }) => [riderId, secret])).toEqual(
    Array.from({ length: 3 }, () => [1, undefined]),
  )
  expect([...riders.keys()]).toEqual([SECRET])
})

test('a secret nobody knows makes no rider', async () => {
  const { directory, riders } = freshHouse()
  await expect(directory.bySecret('T'.repeat(43))).rejects.toMatchObject({ code: 'ERR_SEAT_UNKNOWN' })
  expect(riders.size).toBe(0)
})

test('nobody drops into a race by a seat of its room: wakes and elbows are for those who signed up', () => {
  const { directory } = freshHouse()
  const race = roomOf('race', 'event')
  directory.add(race.room)
  expect(() => directory.bySeat('race', 'a session')).toThrow(expect.objectContaining({ code: 'ERR_FORBIDDEN' }))
})

test('who has entered a race comes back to the race until it closes, then to the road, with one secret all along', async () => {
  const { directory } = freshHouse()
  await directory.bySecret(SECRET)
  const race = roomOf('race', 'event')
  directory.add(race.room)
  const whereIsAnna = async () => (await directory.bySecret(SECRET)).room.roomId
  expect(await whereIsAnna()).toBe('road')
  race.room.admit(ANNA, { distanceM: 0, held: true }, ANNA.id, SECRET)
  expect(await whereIsAnna()).toBe('race')
  directory.remove(race.room)
  expect(await whereIsAnna()).toBe('road')
})

test('[U108] a button is told to the pages of every room the secret is in: who is in a race has one in two', async () => {
  const { directory } = freshHouse()
  const race = roomOf('race', 'event')
  directory.add(race.room)
  await directory.bySecret(SECRET)
  race.room.admit(ANNA, { distanceM: 0, held: true }, ANNA.id, SECRET)
  const pressed: string[] = []
  for (const room of directory.rooms) room.press = (riderId) => pressed.push(`${room.roomId} ${riderId}`)
  directory.press({ secret: SECRET }, {})
  expect(pressed.toSorted()).toEqual(['race 1', 'road 1'])
  expect(() => directory.press({ secret: 'T'.repeat(43) }, {})).toThrow(
    expect.objectContaining({ code: 'ERR_SEAT_UNKNOWN' }),
  )
})

test('[W19] after a restart a rider stands where they were: on that road, route and metre', async () => {
  const where = { distanceM: 812, placeM: 1007, routeId: 'lap', lateralM: 0.5 }
  const settings = new Map<string, string>()
  const store = {
    riderBySecret: async () => ANNA,
    setting: async (key: string) => settings.get(key),
    putSetting: async (key: string, value: string) => void settings.set(key, value),
  } as unknown as Store
  const world = (mapHash: string) => ({ world: { mapHash } })
  const before = { plan: { kind: 'free', ...world('b') }, places: () => [[ANNA.id, where]] } as unknown as RideRoom
  let nowMs = 1e12
  await new Places(
    () => store,
    () => nowMs,
  ).save([before])

  const admitted: unknown[] = []
  const come = async () => {
    const places = new Places(
      () => store,
      () => nowMs,
    )
    const directory = new RideDirectory({ store: () => store, onSaveFailed: () => {}, places })
    for (const id of ['a', 'b']) {
      const { room } = roomOf(id, 'free')
      Object.assign(room.plan, world(id), { isPermanent: id === 'a' })
      const { admit } = room
      room.admit = (rider, place, uuid, secret) => {
        admitted.push([id, place])
        return admit.call(room, rider, place, uuid, secret)
      }
      directory.add(room)
    }
    await directory.bySecret(SECRET)
  }
  await come()
  expect(admitted).toEqual([['b', where]])
  nowMs += 2 * 3600_000 // Long gone: begins anew.
  await come()
  expect(admitted.at(-1)).toEqual(['a', undefined])
})

test('[A36] who came while the store was away is saved when it is back: a ride of nobody could not be kept', async () => {
  const held = { isAway: true, saved: [] as StoredRider[], failures: 0 }
  const store = {
    saveRider: async (rider: StoredRider) => {
      if (held.isAway) throw new Error('the database is away')
      held.saved.push(rider)
    },
  } as unknown as Store
  const directory = new RideDirectory({ store: () => store, onSaveFailed: () => held.failures++ })
  const { room } = roomOf('road', 'free')
  const body = { uuid: ANNA.id, name: ANNA.name, massKg: ANNA.massKg, heightM: ANNA.heightM }
  Object.assign(room, { redeemSeat: () => ({ riderId: 1, secret: SECRET }), bodyOf: () => body })
  directory.add(room)
  directory.bySeat('road', 'a session')
  await expect(directory.saveAgain()).rejects.toThrow('away')
  expect([held.failures, held.saved]).toEqual([1, []])
  held.isAway = false
  await directory.saveAgain()
  await directory.saveAgain()
  expect(held.saved).toEqual([{ ...ANNA, look: undefined }])
})
