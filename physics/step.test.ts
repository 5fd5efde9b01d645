import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { airDensityKgpm3 } from './air.ts'
import { AIR_DENSITY_KGPM3, DRIVE_MAX_N, PHYSICS_VERSION, WHEEL_INERTIA_KG } from './constants.ts'
import type { Course } from './course.ts'
import { rampCourse, rollingCourse } from './plain-courses.ts'
import { createRandom } from './random.ts'
import { resistanceN, ROAD_BIKE, shelteredAreaM2 } from './resistance.ts'
import { createRiders, RIDER_COLUMNS, RIDER_FLAG, type Riders } from './riders.ts'
import { steadyPowerW, steadySpeedMps } from './steady.ts'
import { stillAir } from './ground.ts'
import { driveN, DT_S, nextDistanceM, nextSpeedMps, pushFloorMps, stepRiders } from './step.ts'
import { calmConditions } from './weather.ts'

const AIR = calmConditions()

const RHO = AIR_DENSITY_KGPM3
const STILL = stillAir(RHO)

function riderOn(powerW: number, massKg = 84, cdaM2 = 0.32): Riders {
  const riders = createRiders(1)
  riders.count = 1
  riders.id[0] = 1
  riders.massKg[0] = massKg
  riders.cdaM2[0] = cdaM2
  riders.powerW[0] = powerW
  return riders
}

test(
  '[P2] ten minutes of steady power end within 0.05 % of the closed form, up, down and flat',
  { timeout: 60_000 },
  () => {
    for (const slope of [-0.05, -0.02, 0, 0.01, 0.04, 0.09, 0.15]) {
      for (const powerW of [60, 150, 247, 400, 900]) {
        const riders = riderOn(powerW)
        const course = rampCourse(slope)
        for (let tick = 0; tick < 20 * 600; tick++) stepRiders(riders, course, AIR)
        const closed = steadySpeedMps(powerW, { massKg: 84, cdaM2: 0.32, slope, crr: 0.004, airDensityKgpm3: RHO })
        expect(Math.abs(riders.speedMps[0]! / closed - 1)).toBeLessThan(0.0005)
      }
    }
  },
)

test('[P2] power and steady speed are each other’s inverse, wind and shelter included', () => {
  for (const speedMps of [3, 8.5, 14, 22]) {
    const ride = {
      massKg: 75,
      cdaM2: 0.3,
      slope: 0.02,
      crr: 0.005,
      airDensityKgpm3: 1.1,
      headwindMps: 2,
      draftFactor: 0.7,
    }
    expect(steadySpeedMps(steadyPowerW(speedMps, ride), ride)).toBeCloseTo(speedMps, 9)
  }
})

test(
  '[P26] with wind, side wind, shelter, height and heat, ten minutes end within 0.05 % of the closed form',
  { timeout: 60_000 },
  () => {
    for (const [headMps, crossMps] of [
      [3, 0],
      [-2, 4],
      [-14, 0],
      [0, 8],
    ] as const) {
      for (const [heightM, seaLevelC, draft, slope] of [
        [0, 15, 1, 0],
        [1800, 32, 0.65, 0.05],
        [600, -5, 0.4, -0.02],
      ] as const) {
        const course: Course = {
          ...rampCourse(slope),
          heightAt: () => heightM,
          airDensityAt: () => airDensityKgpm3(heightM),
        }
        // The road goes north: wind in the face goes south, from the right it goes west.
        const weather = { windEastMps: -crossMps, windNorthMps: -headMps, gustShare: 0, seaLevelC, isWet: true }
        const riders = riderOn(247)
        riders.draftFactor[0] = draft
        for (let tick = 0; tick < 20 * 600; tick++) stepRiders(riders, course, { weather, tick })
        const closed = steadySpeedMps(247, {
          massKg: 84,
          cdaM2: 0.32,
          slope,
          crr: 0.004 * 1.05,
          airDensityKgpm3:
            1.225 * (288.15 / (273.15 + seaLevelC)) * Math.pow(1 - (0.0065 * heightM) / (273.15 + seaLevelC), 4.2559),
          headwindMps: headMps,
          crossMps,
          draftFactor: draft,
        })
        expect(Math.abs(riders.speedMps[0]! / closed - 1)).toBeLessThan(0.0005)
      }
    }
  },
)

test('[P36] a wind from behind that is faster than the rider pushes, up to the speed where rolling holds it', () => {
  const riders = riderOn(0)
  riders.speedMps[0] = 1
  const weather = { ...AIR.weather, windNorthMps: 15 }
  let before = 1
  for (let tick = 0; tick < 20 * 300; tick++) {
    stepRiders(riders, rampCourse(0), { weather, tick })
    expect(riders.speedMps[0]!).toBeGreaterThanOrEqual(before - 1e-12)
    before = riders.speedMps[0]!
  }
  const relative = 15 - riders.speedMps[0]!
  const heldN = 84 * 9.80665 * 0.004 + 0.091 + 0.0087 * riders.speedMps[0]!
  expect(0.5 * RHO * (0.32 + 0.0044) * relative * relative).toBeCloseTo(heldN, 1)
})

test('[P36] no wind, however strong, rolls anybody backward, and a standing start against it moves with the legs', () => {
  const riders = riderOn(0)
  const storm = { ...AIR.weather, windNorthMps: -30, gustShare: 1 }
  for (let tick = 0; tick < 200; tick++) stepRiders(riders, rampCourse(0.1), { weather: storm, tick })
  expect([riders.speedMps[0], riders.distanceM[0]]).toEqual([0, 0])
  riders.powerW[0] = 500
  for (let tick = 0; tick < 200; tick++) stepRiders(riders, rampCourse(0.1), { weather: storm, tick })
  expect(riders.distanceM[0]).toBeGreaterThan(5)
})

test('[P3] over an hour of hills the legs’ work is losses and stored energy, within 0.1 %', () => {
  const course = rollingCourse(3300, 0.07)
  const massKg = 84
  const areaM2 = shelteredAreaM2(0.32, 1)
  const storedJ = (v: number, s: number) =>
    0.5 * (massKg + WHEEL_INERTIA_KG) * v * v + massKg * 9.80665 * course.heightAt(s)
  let v = 8
  let s = 0
  let lossJ = 0
  let legsJ = 0
  const beginJ = storedJ(v, s)
  for (let tick = 0; tick < 20 * 3600; tick++) {
    const powerW = tick % 6000 < 400 ? 600 : 220
    const vNext = nextSpeedMps(v, s, powerW, massKg, areaM2, course, STILL, DT_S)
    const sNext = nextDistanceM(s, v, vNext, DT_S)
    const lossN = (speed: number, at: number) =>
      resistanceN(speed, speed, massKg, course.slopeAt(at), course.crrAt(at), areaM2, RHO) -
      massKg * 9.80665 * course.slopeAt(at)
    lossJ += 0.5 * (lossN(v, s) * v + lossN(vNext, sNext) * vNext) * DT_S
    legsJ += powerW * ROAD_BIKE.efficiency * DT_S
    v = vNext
    s = sNext
  }
  const residualJ = legsJ - lossJ - (storedJ(v, s) - beginJ)
  expect(s).toBeGreaterThan(25_000)
  expect(Math.abs(residualJ / legsJ)).toBeLessThan(0.001)
})

test('[P4] without losses a hill coasted over gives its speed back to a millimetre per second', () => {
  const course = rollingCourse(4000, 0.02, 0)
  const lossless = { ...ROAD_BIKE, wheelDragAreaM2: 0, bearingN: 0, bearingNspm: 0 }
  let v = 22
  let s = 0
  while (s < 4000) {
    const vNext = nextSpeedMps(v, s, 0, 80, 0, course, STILL, DT_S, lossless)
    s = nextDistanceM(s, v, vNext, DT_S)
    v = vNext
  }
  // The last tick oversteps the lap by less than a metre of almost level road.
  const overJ = 80 * 9.80665 * course.heightAt(s)
  const atLapMps = Math.sqrt(v * v + (2 * overJ) / (80 + WHEEL_INERTIA_KG))
  expect(Math.abs(atLapMps - 22)).toBeLessThan(1e-3)
})

test('[P5] from standstill the push is finite and a tick makes at most a hundredth more energy than the legs gave', () => {
  for (const powerW of [0.5, 1, 5, 20, 100, 400, 1200, 3000]) {
    for (let v0 = 0; v0 < 2; v0 += 0.01) {
      const wheelW = powerW * ROAD_BIKE.efficiency
      expect(driveN(v0, wheelW, pushFloorMps(wheelW, 84, DT_S))).toBeLessThanOrEqual(DRIVE_MAX_N)
      const v1 = nextSpeedMps(v0, 0, powerW, 84, 0, rampCourse(0, 0), STILL, DT_S)
      const gainJ = 0.5 * (84 + WHEEL_INERTIA_KG) * (v1 * v1 - v0 * v0)
      expect(gainJ).toBeLessThanOrEqual(wheelW * DT_S * 1.01)
      expect(v1).toBeGreaterThan(0)
    }
  }
})

test('[P6] a rider who stops on a hill stands; nothing rolls back', () => {
  const riders = riderOn(0)
  riders.speedMps[0] = 3
  for (let tick = 0; tick < 400; tick++) {
    const before = riders.distanceM[0]!
    stepRiders(riders, rampCourse(0.08), AIR)
    expect(riders.distanceM[0]!).toBeGreaterThanOrEqual(before)
  }
  expect(riders.speedMps[0]).toBe(0)
})

test(
  '[P7] an hour at 20 Hz ends within 0.02 % and 0.5 m per 3 km of the same hour at 1 kHz',
  { timeout: 60_000 },
  () => {
    const course = rollingCourse(3300, 0.07)
    const areaM2 = shelteredAreaM2(0.32, 1)
    const ride = (stepsPerTick: number) => {
      let v = 5
      let s = 0
      const dtS = DT_S / stepsPerTick
      for (let tick = 0; tick < 20 * 3600; tick++) {
        const powerW = tick % 6000 < 400 ? 600 : 220
        for (let step = 0; step < stepsPerTick; step++) {
          const vNext = nextSpeedMps(v, s, powerW, 84, areaM2, course, STILL, dtS)
          s = nextDistanceM(s, v, vNext, dtS)
          v = vNext
        }
      }
      return s
    }
    const referenceM = ride(50)
    const tickedM = ride(1)
    expect(Math.abs(tickedM - referenceM)).toBeLessThan(Math.min((0.5 * referenceM) / 3000, 0.0002 * referenceM))
  },
)

test('[P8] a power sample changes nothing but its rider', () => {
  const a = manyRiders(20)
  const b = manyRiders(20)
  const course = rollingCourse(4000, 0.06)
  b.powerW[7] = b.powerW[7]! + 1
  for (let tick = 0; tick < 200; tick++) {
    stepRiders(a, course, AIR)
    stepRiders(b, course, AIR)
  }
  for (const column of RIDER_COLUMNS)
    for (let row = 0; row < 20; row++) if (row !== 7) expect(b[column][row]).toBe(a[column][row])
  expect(b.distanceM[7]).not.toBe(a.distanceM[7])
})

test('[P9] the order of rows does not matter', () => {
  const a = manyRiders(20)
  const b = manyRiders(20)
  for (const column of RIDER_COLUMNS) b[column].reverse()
  const course = rollingCourse(4000, 0.06)
  for (let tick = 0; tick < 200; tick++) {
    stepRiders(a, course, AIR)
    stepRiders(b, course, AIR)
  }
  for (const column of RIDER_COLUMNS) expect([...b[column]].toReversed()).toEqual([...a[column]])
})

test('[P10] who is held stands, and a free row is not touched', () => {
  const riders = manyRiders(3)
  riders.flags[0] = RIDER_FLAG.held
  riders.id[1] = 0
  const before = RIDER_COLUMNS.map((column) => [riders[column][0], riders[column][1]])
  for (let tick = 0; tick < 50; tick++) stepRiders(riders, rampCourse(0), AIR)
  expect(RIDER_COLUMNS.map((column) => [riders[column][0], riders[column][1]])).toEqual(before)
  expect(riders.distanceM[2]).toBeGreaterThan(2 * 7.3)
})

test(
  '[P16] twenty minutes of fifty riders are this hash; another one is another PHYSICS_VERSION',
  { timeout: 60_000 },
  () => {
    const riders = manyRiders(50)
    const random = createRandom(8214)
    const course: Course = rollingCourse(4000, 0.08)
    for (let tick = 0; tick < 20 * 1200; tick++) {
      const row = random.u32() % 50
      riders.powerW[row] = random.u32() % 600
      if (tick % 7 === 0) riders.lineM[random.u32() % 50] = random.fraction() * 6 - 3
      stepRiders(riders, course, AIR)
    }
    const hash = createHash('sha256')
    for (const column of RIDER_COLUMNS) hash.update(new Uint8Array(riders[column].buffer))
    expect(`${PHYSICS_VERSION} ${hash.digest('hex').slice(0, 16)}`).toBe('g3 c8af2afdbccd1dde')
  },
)

function manyRiders(n: number): Riders {
  const riders = createRiders(n)
  riders.count = n
  for (let i = 0; i < n; i++) {
    riders.id[i] = i + 1
    riders.massKg[i] = 60 + ((i * 7) % 40)
    riders.cdaM2[i] = 0.26 + ((i * 3) % 10) / 100
    riders.powerW[i] = 120 + ((i * 37) % 250)
    riders.distanceM[i] = 7.3 * i
    riders.speedMps[i] = (i * 5) % 11
    riders.lineM[i] = (i % 7) - 3
  }
  return riders
}
