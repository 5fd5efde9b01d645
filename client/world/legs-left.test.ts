import { expect, test } from 'vitest'
import { LapBook } from './lap-book.ts'
import { LegsLeft, limitsOf, zoneOf } from './legs-left.ts'
import { heldSpeedMps, timesOver } from './pace.ts'

test('[U13] zones are Coggan’s seven, by share of FTP', () => {
  const ftpW = 200
  expect([0, 111, 112, 151, 152, 181, 182, 211, 212, 241, 242, 301, 302, 900].map((w) => zoneOf(w, ftpW))).toEqual([
    1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7,
  ])
})

test('[U13] FTP is told, else estimated from weight, else from the best twenty minutes of the ride', () => {
  expect(limitsOf({ massKg: 70 })).toMatchObject({ ftpW: 175, criticalW: 175, isEstimated: true })
  expect(limitsOf({ massKg: 70, best20W: 240 }).ftpW).toBeCloseTo(228, 6)
  expect(limitsOf({ massKg: 70, ftpW: 250, best20W: 300 })).toMatchObject({ ftpW: 250, isEstimated: false })
  expect(limitsOf({ massKg: 70, ftpW: 250, criticalW: 240 })).toMatchObject({ ftpW: 250, criticalW: 240 })
})

test('[U14] W′ is spent one to one above critical power and comes back below it, never past its ends', () => {
  const legs = new LegsLeft(limitsOf({ massKg: 70, criticalW: 250, wPrimeJ: 20_000 }))
  for (let t = 0; t <= 100; t++) legs.ride(350, t)
  expect(legs.leftJ).toBeCloseTo(10_000, 6)
  for (let t = 101; t <= 1900; t++) legs.ride(100, t)
  expect(legs.leftJ).toBeGreaterThan(19_000)
  expect(legs.leftJ).toBeLessThanOrEqual(20_000)
  for (let t = 1901; t <= 2200; t++) legs.ride(900, t)
  expect(legs.leftJ).toBe(0)
})

test('[U13] twenty minutes are twenty minutes: a shorter effort estimates nothing', () => {
  const legs = new LegsLeft(limitsOf({ massKg: 70 }))
  for (let t = 0; t <= 1190; t++) legs.ride(300, t)
  expect(legs.best20W).toBe(0)
  for (let t = 1191; t <= 1210; t++) legs.ride(300, t)
  expect(legs.best20W).toBeCloseTo(300, 0)
})

test('[U15] the speed that watts hold, and the time to the top, are those of the road’s own law', () => {
  const rider = { massKg: 84.5, cdaM2: 0.34, crr: 0.004, airKgpm3: 1.2 }
  const up = heldSpeedMps(250, 0.08, rider)
  expect(up).toBeGreaterThan(3)
  expect(up).toBeLessThan(3.6)
  const times = timesOver([0.08, 0.08, 0.08], 100, 250, rider)
  expect(times.at(-1)).toBeCloseTo(300 / up, 6)
  expect(heldSpeedMps(250, 0, rider)).toBeGreaterThan(9.5)
})

test('[U16] a lap by hand ends where the button was pressed, and can be taken back', () => {
  const book = new LapBook()
  for (let t = 0; t <= 60; t++)
    book.ride({ rideS: t, distanceM: 10 * t, powerW: t < 30 ? 100 : 300, heartRateBpm: 140 })
  expect(book.end(true)).toMatchObject({ number: 1, durationS: 60, distanceM: 600, meanW: 200, meanBpm: 140 })
  for (let t = 61; t <= 70; t++) book.ride({ rideS: t, distanceM: 10 * t, powerW: 300, heartRateBpm: 0 })
  expect(book.now()).toMatchObject({ number: 2, durationS: 10, distanceM: 100, meanW: 300 })
  expect(book.undo()).toBe(true)
  expect(book.now()).toMatchObject({ number: 1, durationS: 70, distanceM: 700 })
  expect(book.now()!.meanW).toBeCloseTo((30 * 100 + 40 * 300) / 70, 6)
})
