import { expect, test } from 'vitest'
import { Books } from './books.ts'
import { cornersOf } from './corners.ts'
import { mixedCourse, rampCourse } from './plain-courses.ts'
import { ROAD_BIKE } from './resistance.ts'
import { createRiders, type Riders } from './riders.ts'
import { DT_S, stepRiders } from './step.ts'
import type { Weather } from './weather.ts'

const course = mixedCourse()
const DRY: Weather = { windEastMps: 3, windNorthMps: 2, gustShare: 0.6, seaLevelC: 28, isWet: false }
const WET: Weather = { ...DRY, windEastMps: -4, isWet: true }

const HOUR_TICKS = 20 * 3600

/** An hour of a rider in a bunch that is there and not, with sprints and pauses, on a road that has everything. */
function ride(weather: Weather, stepsPerTick: number, books?: Books, ticks = HOUR_TICKS): Riders {
  const riders = createRiders(1)
  riders.count = 1
  riders.id[0] = 1
  riders.massKg[0] = 84
  riders.cdaM2[0] = 0.32
  const conditions = { weather, tick: 0 }
  books?.open(0, riders, course)
  for (let tick = 0; tick < ticks; tick++) {
    riders.powerW[0] = tick % 6000 < 400 ? 600 : tick % 900 < 100 ? 0 : 240
    riders.draftFactor[0] = tick % 2000 < 500 ? 0.7 : 1
    for (let step = 0; step < stepsPerTick; step++) {
      conditions.tick = tick + step / stepsPerTick
      stepRiders(riders, course, conditions, undefined, books, DT_S / stepsPerTick)
    }
    if (tick % 3600 === 3599) {
      // A touch of wheels: what it takes is booked by who takes it.
      const v = riders.speedMps[0]!
      riders.speedMps[0] = 0.98 * v
      riders.contactJ[0]! += 0.5 * (84 + ROAD_BIKE.inertiaKg) * (v * v - 0.98 * v * 0.98 * v)
    }
  }
  return riders
}

test(
  '[P27] an hour with hills, wind, gusts, bends and surfaces: 20 Hz ends within 0.02 % of 1 kHz',
  { timeout: 60_000 },
  () => {
    for (const [weather, ticks] of [
      [DRY, HOUR_TICKS],
      [WET, HOUR_TICKS / 3],
    ] as const) {
      const ticked = ride(weather, 1, undefined, ticks).distanceM[0]!
      const reference = ride(weather, 50, undefined, ticks).distanceM[0]!
      expect(reference).toBeGreaterThan(ticks / 4)
      expect(Math.abs(ticked / reference - 1)).toBeLessThan(0.0002)
    }
  },
)

test('[P28] what the legs gave is losses and stored energy within 0.1 %, each loss its own force times the way', () => {
  for (const weather of [DRY, WET]) {
    const books = new Books(1)
    const riders = ride(weather, 1, books)
    const legsJ = books.legsJ[0]!
    expect(legsJ).toBeCloseTo(864_000, 3)
    expect(Math.abs(books.residualJ(0, riders, course) / legsJ)).toBeLessThan(0.0001)
    // None is nothing, and brakes are what the table of riders says they are.
    for (const column of [books.drivetrainJ, books.startJ, books.airJ, books.rollingJ, books.bearingsJ])
      expect(column[0]!).toBeGreaterThan(100)
    expect(books.brakeJ[0]!).toBeCloseTo(riders.brakeJ[0]!, 6)
    expect(books.brakeJ[0]! / legsJ).toBeGreaterThan(0.05)
  }
})

test('[P28] a loss that is forgotten is found: without any one line the books do not close', () => {
  const books = new Books(1)
  const riders = ride(DRY, 1, books)
  const legsJ = books.legsJ[0]!
  for (const name of ['drivetrainJ', 'airJ', 'rollingJ', 'bearingsJ', 'brakeJ'] as const) {
    const kept = books[name][0]!
    books[name][0] = 0
    expect(Math.abs(books.residualJ(0, riders, course) / legsJ)).toBeGreaterThan(0.001)
    books[name][0] = kept
  }
})

test('[P28] watts that a tyre at its limit cannot take are booked as such, and a stop on a hill closes too', () => {
  const riders = createRiders(1)
  riders.count = 1
  riders.id[0] = 1
  riders.massKg[0] = 84
  riders.cdaM2[0] = 0.32
  const ramp = rampCourse(0.06)
  const books = new Books(1)
  books.open(0, riders, ramp)
  for (let tick = 0; tick < 1200; tick++) {
    riders.powerW[0] = tick < 200 ? 1400 : 0
    stepRiders(riders, ramp, { weather: DRY, tick }, undefined, books)
  }
  expect(riders.speedMps[0]).toBe(0)
  expect(books.startJ[0]!).toBeGreaterThan(400)
  expect(books.standJ[0]!).toBeLessThan(0)
  expect(Math.abs(books.residualJ(0, riders, ramp) / books.legsJ[0]!)).toBeLessThan(0.001)
})

test('[P33] nobody is faster than the road allows, in the wet neither', () => {
  for (const weather of [DRY, WET]) {
    const riders = createRiders(1)
    riders.count = 1
    riders.id[0] = 1
    riders.massKg[0] = 84
    riders.cdaM2[0] = 0.32
    riders.powerW[0] = 380
    const corners = cornersOf(course, weather.isWet)
    for (let tick = 0; tick < 20 * 1200; tick++) {
      stepRiders(riders, course, { weather, tick })
      expect(riders.speedMps[0]!).toBeLessThanOrEqual(corners.limitMps(riders.distanceM[0]!) * 1.00001)
    }
    expect(riders.brakeJ[0]!).toBeGreaterThan(10_000)
  }
})
