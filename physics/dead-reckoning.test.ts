import { expect, test } from 'vitest'
import { carryTick, createCarried, startCarry } from './dead-reckoning.ts'
import { LINE_RATE_PS } from './lanes.ts'
import { rollingCourse } from './plain-courses.ts'
import { createRiders } from './riders.ts'
import { stepRiders } from './step.ts'
import { calmConditions } from './weather.ts'

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
    speedMps: riders.speedMps[0]!,
    powerW: riders.powerW[0]!,
    lateralM: riders.lateralM[0]!,
    lateralMps: riders.lateralMps[0]!,
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

test('[P11] a rider on the way to a line is carried towards it: of a 3 m swing, never 0.75 m off', () => {
  const riders = riding()
  riders.lineM[0] = -1.5
  for (let tick = 0; tick < 20; tick++) stepRiders(riders, course, AIR)
  const carried = carriedFrom(riders)
  expect(carried.lineM).toBe(riders.lateralM[0]! + riders.lateralMps[0]! / LINE_RATE_PS)
  for (let tick = 0; tick < 100; tick++) {
    stepRiders(riders, course, AIR)
    carryTick(carried, course, AIR)
    expect(Math.abs(carried.lateralM - riders.lateralM[0]!)).toBeLessThan(0.75)
  }
})
