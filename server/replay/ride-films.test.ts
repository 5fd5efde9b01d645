import { expect, test } from 'vitest'
import type { Activity, ActivityMark, ActivityRow } from '../activity/model.ts'
import { packRide } from '../activity/ride-text.ts'
import { workHere } from '../activity/ride-work.ts'
import type { StoredRide } from '../store/people.ts'
import { filmOf } from './ride-film.ts'
import { filmsOfRides } from './ride-films.ts'

const row = { powerW: 200, cadenceRpm: 90, heartRateBpm: 0, speedMps: 9, distanceM: 0, placeM: 0, way: 0, heightM: 0 }
const still = { gradeFraction: 0, savedW: 0, temperatureC: 15, xM: 0, yM: 0 }
const rows: ActivityRow[] = Array.from({ length: 300 }, (_, i) => ({ ...row, ...still, atS: i + 1 }))
const head = {
  ...{ id: 'ride', riderUuid: 'u', name: 'Anna', massKg: 61, mapId: 'ring', mapName: 'Ring', mapHash: 'h' },
  ...{ anchor: { latDeg: 0, lonDeg: 0 }, eventId: '', eventTitle: '', startMs: 1000 },
}
const stay = (atS: number, journal: string): ActivityMark => ({ kind: 'stay', atS, journal, riderId: 7, fromTick: 400 })
const ride: Activity = { head, rows, marks: [stay(0, 'one.jsonl'), stay(100, 'two.jsonl')] }

test('[U101] the film of a ride is the longest part of it in one journal, with its rider first', () => {
  expect(filmOf(ride)).toEqual({
    journal: 'two.jsonl',
    cut: { title: 'Ring', mapId: 'ring', mapHash: 'h', riderId: 7, fromTick: 400, toTick: 400 + 200 * 20 + 40 },
  })
  expect(filmOf({ ...ride, marks: [] })).toBeUndefined()
})

test('[U101] it is its rider’s alone until it is shared; to strangers it is as unknown as none', async () => {
  const shared = { isPublic: false, isGuests: false }
  const stored = (): StoredRide => ({ id: 'ride', head, summary: {} as StoredRide['summary'], ...shared })
  const find = filmsOfRides(
    {
      ride: async (id) => (id === 'ride' ? stored() : undefined),
      rideBytes: async () => packRide(ride),
      owns: async ({ accountId }) => accountId === 'anna',
    },
    workHere,
  )
  const asker = (accountId: string) => async () => ({ accountId, secretHashes: [] })
  expect(await find('ride', asker('bob'))).toBeUndefined()
  expect(await find('ride', asker('anna'))).toMatchObject({ journal: 'two.jsonl' })
  expect(await find('ride', asker('bob'))).toBeUndefined()
  shared.isPublic = true
  expect(await find('ride', asker('bob'))).toMatchObject({ journal: 'two.jsonl' })
  expect(await find('none', asker('anna'))).toBeUndefined()
})
