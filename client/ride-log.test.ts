import { expect, test } from 'vitest'
import type { Tick } from '#protocol/ids'
import { UNTOLD } from '#protocol/own'
import type { OwnState } from '#protocol/session'
import type { Course } from '#physics/course'
import { plainCourse } from '#physics/plain-courses'
import { RideLog } from './ride-log.ts'

/** Up 10 % for 100 m, then down as steep. */
const ROOF: Course = plainCourse({
  lengthM: 200,
  isLoop: true,
  slopeAt: () => 0,
  heightAt: (distanceM) => 10 - Math.abs(100 - (distanceM % 200)) * 0.1,
  crrAt: () => 0,
  widthAt: () => 8,
})

const own = (distanceM: number, workJ: number, powerW = 200, brakeJ = 0, contactJ = 0): OwnState => ({
  ...UNTOLD,
  tick: 0 as Tick,
  ackedSequence: undefined,
  distanceM,
  placeM: distanceM,
  route: 0,
  leg: 0,
  turn: 0,
  speedMps: 8,
  lateralM: 0,
  lateralMps: 0,
  powerW,
  cadenceRpm: 90,
  heartRateBpm: 0,
  draftFactor: 1,
  gradeFraction: 0,
  workJ,
  brakeJ,
  contactJ,
  flags: 0,
})

test('[S1] a ride is counted from its first record: distance, work, climbing, highest watts', () => {
  const log = new RideLog(ROOF)
  for (let distanceM = 0; distanceM <= 200; distanceM += 5)
    log.own(own(distanceM, 1000 + distanceM * 20, distanceM === 50 ? 412 : 200))
  const { climbM, ...rest } = log.totals
  expect(rest).toEqual({ distanceM: 200, workJ: 4000, brakeJ: 0, contactJ: 0, powerMaxW: 412 })
  expect(climbM).toBeCloseTo(10, 9)
})

test('[S2] being put into a pen is no distance', () => {
  const log = new RideLog(ROOF)
  log.own(own(5000, 100))
  log.own(own(10, 100))
  log.own(own(30, 600))
  expect(log.totals).toMatchObject({ distanceM: 20, workJ: 500 })
})

test('[S1] what brakes and contact took is counted from the first record too', () => {
  const log = new RideLog(ROOF)
  log.own(own(0, 0, 200, 700, -5))
  log.own(own(50, 900, 200, 1700, 35))
  expect(log.totals).toMatchObject({ brakeJ: 1000, contactJ: 40 })
})

test('[S3] nothing ridden is nothing, not NaN', () => {
  expect(new RideLog(ROOF).totals).toEqual({ distanceM: 0, climbM: 0, workJ: 0, brakeJ: 0, contactJ: 0, powerMaxW: 0 })
})
