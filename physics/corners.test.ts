import { expect, test } from 'vitest'
import { GRAVITY_MPS2 } from './constants.ts'
import { bendM2ps2, Corners, cornersOf } from './corners.ts'
import { TURN, type Course } from './course.ts'
import { plainCourse, sketchedCourse } from './plain-courses.ts'
import { createRiders, type Riders } from './riders.ts'
import { stepRiders } from './step.ts'
import { passJunctions } from './ways.ts'
import { CALM, calmConditions, type Conditions } from './weather.ts'

function riderOn(powerW: number, speedMps: number): Riders {
  const riders = createRiders(1)
  riders.count = 1
  riders.id[0] = 1
  riders.massKg[0] = 84
  riders.cdaM2[0] = 0.32
  riders.powerW[0] = powerW
  riders.speedMps[0] = speedMps
  return riders
}

/** A level road to a bend of 20 m and on. */
const toBend = sketchedCourse([{ lengthM: 400 }, { lengthM: 60, curvature: 1 / 20 }, { lengthM: 400 }], false)

test('[P29] a bend allows what 0.75 of its grip holds: 34° on dry asphalt, 24° in the wet, 19° on gravel', () => {
  const leans = [
    [0.9, false, 34],
    [0.9, true, 24.2],
    [0.45, false, 18.6],
    [0.45, true, 16.7],
  ] as const
  for (const [grip, isWet, leanDeg] of leans) {
    for (const radiusM of [8, 20, -50]) {
      const course = plainCourse({ curvatureAt: () => 1 / radiusM, gripAt: () => grip })
      const leanRad = Math.atan(bendM2ps2(course, 0, isWet) / (GRAVITY_MPS2 * Math.abs(radiusM)))
      expect((leanRad * 180) / Math.PI).toBeCloseTo(leanDeg, 0)
    }
  }
})

test('[P29] a bank that leans into the bend allows more, one that leans out less, on both sides', () => {
  const speed2 = (curvature: number, bank: number) =>
    bendM2ps2(plainCourse({ curvatureAt: () => curvature, bankAt: () => bank }), 0, false)
  const flat = speed2(0.05, 0)
  expect(speed2(0.05, 0.05)).toBeCloseTo((GRAVITY_MPS2 * 20 * (0.675 + 0.05)) / (1 - 0.675 * 0.05), 6)
  expect(speed2(0.05, -0.05)).toBeLessThan(flat)
  expect(speed2(-0.05, -0.05)).toBeCloseTo(speed2(0.05, 0.05), 9)
  expect(speed2(-0.05, 0)).toBe(flat)
})

test('[P30] who comes too fast brakes in good time, never harder than easily, and is in the bend at its speed', () => {
  const riders = riderOn(400, 16)
  const corners = cornersOf(toBend, false)
  const bendMps = Math.sqrt(bendM2ps2(toBend, 430, false))
  let hardestMps2 = 0
  let fastestShare = 0
  let brakesFromM = 0
  while (riders.distanceM[0]! < 800) {
    const before = riders.speedMps[0]!
    const taken = riders.brakeJ[0]!
    stepRiders(riders, toBend, calmConditions())
    if (riders.brakeJ[0]! > taken && brakesFromM === 0) brakesFromM = riders.distanceM[0]!
    hardestMps2 = Math.max(hardestMps2, (before - riders.speedMps[0]!) * 20)
    fastestShare = Math.max(fastestShare, riders.speedMps[0]! / corners.limitMps(riders.distanceM[0]!))
    if (riders.distanceM[0]! > 415 && riders.distanceM[0]! < 445)
      expect(riders.speedMps[0]!).toBeLessThan(bendMps * 1.001)
  }
  expect(bendMps).toBeCloseTo(11.5, 1)
  expect(fastestShare).toBeLessThan(1.0001)
  expect(fastestShare).toBeGreaterThan(0.999)
  expect(hardestMps2).toBeLessThan(0.32 * GRAVITY_MPS2)
  expect(brakesFromM).toBeGreaterThan(350)
  expect(brakesFromM).toBeLessThan(410)
})

test('[P30] where the road turns wet under a rider the brakes do what they can, 0.55 g · 0.6/0.9 and no more', () => {
  const riders = riderOn(0, 11.4)
  riders.distanceM[0] = 420
  const before = riders.speedMps[0]!
  stepRiders(riders, toBend, { weather: { ...CALM, isWet: true }, tick: 0 })
  const decelMps2 = (before - riders.speedMps[0]!) * 20
  expect(decelMps2).toBeGreaterThan(0.35 * GRAVITY_MPS2)
  expect(decelMps2).toBeLessThan((0.55 * 0.6 * GRAVITY_MPS2) / 0.9 + 0.5)
})

test('[P31] on a straight nobody is braked, at any speed, slope or grip, wet or dry', () => {
  for (const slope of [-0.15, 0, 0.1]) {
    for (const isWet of [false, true]) {
      const course = sketchedCourse([{ lengthM: 3000, slope, grip: 0.45 }], false)
      const riders = riderOn(900, 20)
      for (let tick = 0; tick < 1500; tick++) stepRiders(riders, course, { weather: { ...CALM, isWet }, tick })
      expect(riders.brakeJ[0]).toBe(0)
      expect(cornersOf(course, isWet).isFree).toBe(true)
    }
  }
  // A bend far behind or of 200 m does not brake either.
  const wide = sketchedCourse([{ lengthM: 500 }, { lengthM: 100, curvature: 1 / 200 }, { lengthM: 500 }], false)
  const riders = riderOn(300, 12)
  for (let tick = 0; tick < 1500; tick++) stepRiders(riders, wide, calmConditions())
  expect(riders.brakeJ[0]).toBe(0)
})

test('[P31] on a loop the first bend reaches back over the line', () => {
  const loop = sketchedCourse([{ lengthM: 5 }, { lengthM: 40, curvature: 0.1 }, { lengthM: 955 }], true)
  const corners = new Corners(loop, false)
  expect(corners.limitMps(990)).toBeLessThan(14)
  expect(corners.limitMps(1990)).toBe(corners.limitMps(990))
  expect(corners.limitMps(300)).toBe(Infinity)
})

/**
 * Way 0, 500 m straight, leads straight on to way 1 or left to way 2, a connector of 20 m with a bend of 6 m that leads
 * to way 3, where the road ends.
 */
function junction(): Course {
  const tape = sketchedCourse(
    [{ lengthM: 500 }, { lengthM: 500 }, { lengthM: 20, curvature: -1 / 6 }, { lengthM: 300 }],
    false,
  )
  const ends = [500, 1000, 1020, 1320]
  const exits = [{ [TURN.left]: 2, [TURN.none]: 1, [TURN.straight]: 1 }, {}, { [TURN.none]: 3 }, {}] as Record<
    number,
    number
  >[]
  return {
    ...tape,
    wayCount: 4,
    wayAt: (placeM) =>
      Math.max(
        0,
        ends.findIndex((endM) => placeM < endM),
      ),
    wayStartM: (way) => [0, 500, 1000, 1020][way]!,
    wayEndM: (way) => ends[way]!,
    // Eased bends of the sketch reach over the joints; a map's do not.
    curvatureAt: (placeM) => (placeM >= 1000 && placeM < 1020 ? -1 / 6 : 0),
    exitOf: (way, turn) => exits[way]![turn] ?? exits[way]![TURN.none] ?? -1,
  }
}

function rideJunction(turn: number): { riders: Riders; atJunctionMps: number; conditions: Conditions } {
  const course = junction()
  const riders = riderOn(350, 12)
  const conditions = calmConditions()
  riders.turn[0] = turn
  let atJunctionMps = 0
  for (let tick = 0; tick < 20 * 180; tick++) {
    conditions.tick = tick
    stepRiders(riders, course, conditions)
    passJunctions(riders, course, (row) => course.exitOf(riders.way[row]!, riders.turn[row]!))
    if (atJunctionMps === 0 && riders.way[0] !== 0) atJunctionMps = riders.speedMps[0]!
  }
  return { riders, atJunctionMps, conditions }
}

test('[P32] the exit decides: straight on nobody brakes before the junction, to the left in time for it', () => {
  const straight = rideJunction(TURN.straight)
  const left = rideJunction(TURN.left)
  const turnMps = Math.sqrt(GRAVITY_MPS2 * 6 * 0.675)
  expect(straight.atJunctionMps).toBeGreaterThan(11)
  expect(left.atJunctionMps).toBeLessThan(turnMps * 1.01)
  expect(left.atJunctionMps).toBeGreaterThan(turnMps * 0.95)
  expect(left.riders.way[0]).toBe(3)
})

test('[P32] where the road ends a rider stops by the brakes, which are booked, not by a wall', () => {
  const { riders } = rideJunction(TURN.straight)
  expect(riders.way[0]).toBe(1)
  expect(riders.distanceM[0]! + riders.offsetM[0]!).toBeGreaterThan(999)
  expect(riders.distanceM[0]! + riders.offsetM[0]!).toBeLessThan(1000)
  expect(riders.speedMps[0]).toBeLessThan(0.2)
  const atLeastJ = 0.5 * 84 * 10 * 10
  expect(riders.brakeJ[0]).toBeGreaterThan(atLeastJ)
})
