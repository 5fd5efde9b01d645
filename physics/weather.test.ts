import { expect, test } from 'vitest'
import { airDensityKgpm3, warmthShare } from './air.ts'
import { gripIn, rollingShare } from './surface.ts'
import { CALM, calmConditions, WeatherLog } from './weather.ts'

const RAIN = { ...CALM, isWet: true }
const HOT = { ...CALM, seaLevelC: 35 }

test('[P24] a warm day is the same law with another temperature at sea level, 10⁻⁵ off at most', () => {
  for (const seaLevelC of [-25, 0, 14, 15, 16, 30, 45]) {
    for (const heightM of [-50, 0, 400, 1250, 2000, 3000]) {
      const dayK = 273.15 + seaLevelC
      const exact = 1.225 * (288.15 / dayK) * Math.pow(1 - (0.0065 * heightM) / dayK, 4.2559)
      expect(Math.abs((airDensityKgpm3(heightM) * warmthShare(seaLevelC, heightM)) / exact - 1)).toBeLessThan(1e-5)
    }
  }
  expect(warmthShare(15, 1234)).toBe(1)
})

test('[P25] rain takes a third of asphalt’s grip, little of gravel’s, never adds any, and rolls a little harder', () => {
  expect(gripIn(0.9, true)).toBeCloseTo(0.6, 12)
  expect(gripIn(0.45, true)).toBeCloseTo(0.4, 12)
  for (let grip = 0.1; grip <= 1; grip += 0.05) {
    expect(gripIn(grip, true)).toBeLessThanOrEqual(grip)
    expect(gripIn(grip, false)).toBe(grip)
  }
  expect([rollingShare(false), rollingShare(true)]).toEqual([1, 1.05])
})

test('[P34] a log of weather answers for every tick, past, present and announced', () => {
  const log = new WeatherLog(CALM)
  log.change(RAIN, 400)
  log.change(HOT, 900)
  expect([0, 399, 400, 899, 900, 1e9].map((tick) => log.at(tick))).toEqual([CALM, CALM, RAIN, RAIN, HOT, HOT])
  const conditions = calmConditions()
  log.enter(conditions, 899)
  expect(conditions).toEqual({ weather: RAIN, tick: 899 })
})

test('[P34] the last word about a tick holds, and a log that is told for ever stays small', () => {
  const log = new WeatherLog(CALM)
  log.change(RAIN, 400)
  log.change(HOT, 400)
  expect(log.at(400)).toBe(HOT)
  log.change(RAIN, 300)
  expect(log.at(500)).toBe(RAIN)
  for (let tick = 1000; tick < 100_000; tick += 100) log.change({ ...CALM, seaLevelC: tick % 30 }, tick)
  expect(log.spells.length).toBeLessThanOrEqual(8)
  expect(log.at(99_900)).toEqual({ ...CALM, seaLevelC: 99_900 % 30 })
})
