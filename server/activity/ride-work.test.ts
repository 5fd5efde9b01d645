import { afterAll, expect, test } from 'vitest'
import type { ActivityRow } from './model.ts'
import { headLine, rowLine } from './ride-text.ts'
import { openRideThread, workHere } from './ride-work.ts'

const thread = openRideThread()
afterAll(async () => await thread.close())

const head = {
  ...{ id: 'ride', riderUuid: 'u', name: 'Anna', massKg: 61, mapId: 'ring', mapName: 'Ring', mapHash: 'h' },
  ...{ anchor: { latDeg: 0, lonDeg: 0 }, eventId: '', eventTitle: '', startMs: 1e12 },
}
const row = { powerW: 200, cadenceRpm: 90, heartRateBpm: 143, speedMps: 9, placeM: 0, way: 0, heightM: 0 }
const still = { gradeFraction: 0, savedW: 0, temperatureC: 15, xM: 0, yM: 0 }
const rows = Array.from({ length: 300 }, (_, i): ActivityRow => ({ ...row, ...still, atS: i + 1, distanceM: 9 * i }))
const text = `${[headLine(head), ...rows.map(rowLine)].join('\n')}\n`

test('[A48] sums, charts, films and FIT of a ride are made in a thread of their own, and are what they would be here', async () => {
  const kept = (await thread.sumUp(text))!
  expect(kept).toMatchObject({ head, summary: { movingS: 300, workJ: 60_000 }, hasFilm: false })
  const bytes = Uint8Array.from(kept.bytes)
  expect(await thread.fit(bytes, kept.summary)).toEqual(await workHere.fit(bytes, kept.summary))
  expect(await thread.rows(bytes, true)).toEqual(await workHere.rows(bytes, true))
  expect((await thread.rows(bytes, false)).heartRateBpm).toBeNull()
  expect([await thread.sumUp(''), await thread.film(bytes)]).toEqual([undefined, undefined])
})

test('[A48] what is no ride is an error to who asked, and the thread goes on; so many wait at most', async () => {
  await expect(thread.rows(Uint8Array.of(1, 2, 3), true)).rejects.toThrow(/header/)
  const many = Array.from({ length: 80 }, async () => await thread.sumUp(text))
  const done = await Promise.allSettled(many)
  const refused = done.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []))
  expect([refused.length, new Set(refused)]).toEqual([16, new Set(['ERR_TOO_MANY'])])
})
