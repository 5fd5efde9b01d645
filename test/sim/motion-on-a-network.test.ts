import { expect, test } from 'vitest'
import type { RiderId, Tick } from '#protocol/ids'
import { UNTOLD } from '#protocol/own'
import { airDensityKgpm3 } from '#physics/air'
import { Books } from '#physics/books'
import { bendM2ps2, cornersOf } from '#physics/corners'
import { createRandom } from '#physics/random'
import { createRiders, type Riders } from '#physics/riders'
import { DT_S, stepRiders } from '#physics/step'
import { passJunctions } from '#physics/ways'
import type { Weather } from '#physics/weather'
import { createRoadPoint } from '#maps/course'
import { RideModel } from '#client/world/ride-model'
import { smallNetwork } from './small-network.ts'

const world = smallNetwork()
const { course } = world
const DRY: Weather = { windEastMps: 4, windNorthMps: -3, gustShare: 0.6, seaLevelC: 25, isWet: false }
const WET: Weather = { ...DRY, isWet: true }
const RIDERS = 12

/** A field that turns as dice say, for ten minutes; `look` is called after every tick. */
function ride(weather: Weather, books: Books, look: (riders: Riders, row: number, decelMps2: number) => void): Riders {
  const random = createRandom(7)
  const riders = createRiders(RIDERS)
  riders.count = RIDERS
  for (let row = 0; row < RIDERS; row++) {
    riders.id[row] = row + 1
    riders.massKg[row] = 70 + row
    riders.cdaM2[row] = 0.32
    riders.way[row] = row % Math.min(RIDERS, course.wayCount)
    riders.offsetM[row] = course.wayStartM(riders.way[row]!) + 1
    books.open(row, riders, course)
  }
  const next = (row: number) => course.exitOf(riders.way[row]!, riders.turn[row]!)
  const before = new Float64Array(RIDERS)
  for (let tick = 0; tick < 20 * 600; tick++) {
    for (let row = 0; row < RIDERS; row++) {
      riders.powerW[row] = 150 + 30 * row
      if (riders.turn[row] === 0) riders.turn[row] = 1 + (random.u32() % 4)
      before[row] = riders.speedMps[row]!
    }
    stepRiders(riders, course, { weather, tick }, next, books)
    passJunctions(riders, course, next)
    for (let row = 0; row < RIDERS; row++) look(riders, row, (before[row]! - riders.speedMps[row]!) / DT_S)
  }
  return riders
}

test('[P33] over junctions chosen by dice nobody leans further than the grip allows, and brakes stay within theirs', () => {
  for (const weather of [DRY, WET]) {
    let [worst, hardestMps2, passed] = [0, 0, 0]
    const ways = new Set<number>()
    ride(weather, new Books(RIDERS), (riders, row, decelMps2) => {
      const placeM = riders.distanceM[row]! + riders.offsetM[row]!
      const v2 = riders.speedMps[row]! * riders.speedMps[row]!
      worst = Math.max(worst, v2 / bendM2ps2(course, placeM, weather.isWet))
      hardestMps2 = Math.max(hardestMps2, decelMps2)
      ways.add(riders.way[row]!)
      passed++
    })
    expect(passed).toBe(RIDERS * 12_000)
    expect(ways.size).toBeGreaterThan(10)
    expect(worst).toBeLessThan(1.02)
    expect(hardestMps2).toBeLessThan(0.62 * 9.80665)
  }
})

test('[P28] on a network too the books close, though places jump from way to way', () => {
  const books = new Books(RIDERS)
  const riders = ride(DRY, books, () => {})
  for (let row = 0; row < RIDERS; row++) {
    expect(Math.abs(books.residualJ(row, riders, course) / books.legsJ[row]!)).toBeLessThan(0.0001)
  }
})

test('[P17] the road’s own table of air is the law’s, at every way’s beginning', () => {
  for (let way = 0; way < course.wayCount; way++) {
    const placeM = course.wayStartM(way)
    expect(course.airDensityAt(placeM) / airDensityKgpm3(course.heightAt(placeM))).toBeCloseTo(1, 6)
  }
})

/** Bend to the right of the drawn line, from three of its points. */
function drawnBendPm(placeM: number, reachM: number): number {
  const [a, b, c] = [placeM - reachM, placeM, placeM + reachM].map((atM) => {
    const { xM, yM } = course.at(atM, createRoadPoint())
    return [xM, yM] as const
  }) as [readonly [number, number], readonly [number, number], readonly [number, number]]
  const cross = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
  const sides = Math.hypot(b[0] - a[0], b[1] - a[1]) * Math.hypot(c[0] - b[0], c[1] - b[1])
  return (-2 * cross) / (sides * Math.hypot(c[0] - a[0], c[1] - a[1]))
}

test('[P37] on screen a rider leans atan(v²/gR) of the drawn road, to 1°, wherever on the tape the place is', () => {
  const body = { riderId: 1 as RiderId, massKg: 80, cdaM2: 0.32 }
  const { network } = world
  let [looked, most, steepest] = [0, 0, 0]
  for (let way = 0; way < course.wayCount; way++) {
    for (let placeM = course.wayStartM(way) + 5; placeM < course.wayEndM(way) - 5; placeM += 3.7) {
      // Where an S flips within two metres no three points on the road have a circle.
      const bends = [-3, 0, 3].map((byM) => drawnBendPm(placeM + byM, 2))
      if (Math.max(...bends) - Math.min(...bends) > 0.02) continue
      const speedMps = Math.min(15, cornersOf(course, false).limitMps(placeM))
      const model = new RideModel({ course, body, network })
      const still = {
        powerW: 0,
        cadenceRpm: 0,
        heartRateBpm: 0,
        draftFactor: 1,
        gradeFraction: 0,
        workJ: 0,
        brakeJ: 0,
        contactJ: 0,
        flags: 0,
      }
      const where = { distanceM: placeM + 4321, placeM, route: 0, leg: 0, turn: 0, lateralM: 0, lateralMps: 0 }
      model.acceptOwn({ ...UNTOLD, tick: 100 as Tick, ackedSequence: undefined, ...where, ...still, speedMps })
      // Two seconds: a rider leans over in a sixth of one.
      model.frame(100, 2)
      const leanDeg = (model.scene.leanRad[0]! * 180) / Math.PI
      const drawnDeg = (Math.atan((speedMps * speedMps * bends[1]!) / 9.80665) * 180) / Math.PI
      looked++
      most = Math.max(most, Math.abs(leanDeg - drawnDeg))
      steepest = Math.max(steepest, Math.abs(leanDeg))
    }
  }
  expect(looked).toBeGreaterThan(1000)
  expect(steepest).toBeGreaterThan(30)
  expect(most).toBeLessThan(1)
})
