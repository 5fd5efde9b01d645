import { expect, test } from 'vitest'
import { TURN, type Course } from './course.ts'
import { carryTick, createCarried, startCarry } from './dead-reckoning.ts'
import { mixedCourse, rollingCourse, sketchedCourse } from './plain-courses.ts'
import { createPlaceCarrier } from './place-carrier.ts'
import { createRiders } from './riders.ts'
import { stepRiders } from './step.ts'
import { passJunctions } from './ways.ts'
import { CALM, calmConditions, WeatherLog } from './weather.ts'

const AIR = calmConditions()

const course = rollingCourse(4000, 0.07)

function riding() {
  const riders = createRiders(1)
  riders.count = 1
  riders.id[0] = 1
  riders.massKg[0] = 84
  riders.cdaM2[0] = 0.32
  riders.powerW[0] = 247
  riders.speedMps[0] = 9
  riders.distanceM[0] = 731.25
  riders.lateralM[0] = 1.5
  riders.lineM[0] = 1.5
  return riders
}

function carriedFrom(riders: ReturnType<typeof riding>) {
  const carried = createCarried()
  startCarry(carried, {
    distanceM: riders.distanceM[0]!,
    offsetM: riders.offsetM[0]!,
    way: riders.way[0]!,
    speedMps: riders.speedMps[0]!,
    powerW: riders.powerW[0]!,
    lateralM: riders.lateralM[0]!,
    lateralMps: riders.lateralMps[0]!,
    lineM: riders.lineM[0]!,
    turn: 0,
    massKg: riders.massKg[0]!,
    cdaM2: riders.cdaM2[0]!,
    draftFactor: riders.draftFactor[0]!,
  })
  return carried
}

test('[P11] while power and line hold, dead reckoning is the tick, bit for bit', () => {
  const riders = riding()
  const carried = carriedFrom(riders)
  for (let tick = 0; tick < 2000; tick++) {
    stepRiders(riders, course, AIR)
    carryTick(carried, course, AIR)
    expect(carried.distanceM).toBe(riders.distanceM[0])
    expect(carried.speedMps).toBe(riders.speedMps[0])
    expect(carried.lateralM).toBe(riders.lateralM[0])
  }
})

test('[P11] a rider on the way to a line is carried towards it, bit for bit', () => {
  const riders = riding()
  riders.lineM[0] = -1.5
  for (let tick = 0; tick < 20; tick++) stepRiders(riders, course, AIR)
  const carried = carriedFrom(riders)
  for (let tick = 0; tick < 100; tick++) {
    stepRiders(riders, course, AIR)
    carryTick(carried, course, AIR)
    expect(carried.lateralM).toBe(riders.lateralM[0])
  }
})

const BLOWING = { windEastMps: -5, windNorthMps: 4, gustShare: 0.8, seaLevelC: 31, isWet: false }

test('[P11] wind, gusts, warmth, bends and rain are carried as they are ridden, bit for bit, through a change of weather', () => {
  const mixed = mixedCourse()
  const riders = riding()
  riders.powerW[0] = 420
  const carried = carriedFrom(riders)
  const log = new WeatherLog(BLOWING)
  log.change({ ...BLOWING, isWet: true }, 6000)
  const [here, there] = [calmConditions(), calmConditions()]
  for (let tick = 0; tick < 15_000; tick++) {
    log.enter(here, tick)
    stepRiders(riders, mixed, here)
    log.enter(there, tick)
    carryTick(carried, mixed, there)
    expect(carried.distanceM).toBe(riders.distanceM[0])
    expect(carried.speedMps).toBe(riders.speedMps[0])
    expect(carried.lateralM).toBe(riders.lateralM[0])
  }
  expect(riders.brakeJ[0]).toBeGreaterThan(1000)
})

/** Three ways of 300 m that lead to each other in turn, the second and third lying the other way round on the tape. */
function ring(): Course {
  const tape = sketchedCourse([{ lengthM: 600 }, { lengthM: 40, curvature: 1 / 12 }, { lengthM: 260 }], false)
  const starts = [0, 600, 300]
  return {
    ...tape,
    wayCount: 3,
    wayAt: (placeM) => (placeM < 300 ? 0 : placeM < 600 ? 2 : 1),
    wayStartM: (way) => starts[way]!,
    wayEndM: (way) => starts[way]! + 300,
    exitOf: (way) => (way + 1) % 3,
  }
}

test('[P11] at a way’s end the carried rider goes on where the way leads by itself, place for place, brakes for brakes', () => {
  const course3 = ring()
  const riders = riding()
  riders.distanceM[0] = 100
  riders.speedMps[0] = 13
  const carried = carriedFrom(riders)
  let ways = 0
  for (let tick = 0; tick < 6000; tick++) {
    const before = riders.way[0]
    const conditions = { weather: CALM, tick }
    stepRiders(riders, course3, conditions)
    passJunctions(riders, course3, (row) => course3.exitOf(riders.way[row]!, TURN.none))
    carryTick(carried, course3, conditions)
    if (riders.way[0] !== before) ways++
    expect([carried.distanceM, carried.offsetM, carried.way, carried.speedMps]).toEqual([
      riders.distanceM[0],
      riders.offsetM[0],
      riders.way[0],
      riders.speedMps[0],
    ])
  }
  expect(ways).toBeGreaterThan(6)
  expect(riders.brakeJ[0]).toBeGreaterThan(0)
})

test('[P11] a carrier moves a place as a rider is carried, and needs nothing but the record', () => {
  const course3 = ring()
  const riders = riding()
  riders.distanceM[0] = 100
  const carried = carriedFrom(riders)
  const { speedMps, powerW, lateralM, lateralMps, lineM, turn, massKg } = carried
  const body = { massKg, cdaM2: 0.32, draftFactor: 1 }
  const state = { placeM: carried.distanceM, speedMps, powerW, lateralM, lateralMps, lineM, turn, ...body }
  const conditions = calmConditions()
  const carry = createPlaceCarrier(course3, conditions)
  for (let tick = 0; tick < 3000; tick++) {
    conditions.tick = tick
    carry(state)
    carryTick(carried, course3, conditions)
    // A place and a sum of two numbers are rounded apart; metres of road are not.
    expect(state.placeM).toBeCloseTo(carried.distanceM + carried.offsetM, 6)
    expect(state.speedMps).toBeCloseTo(carried.speedMps, 6)
  }
  expect(carried.offsetM).not.toBe(0)
})
