import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Pack } from '#physics/pack'
import { rollingCourse } from '#physics/plain-courses'
import { shapeRider } from '#physics/rider-shape'
import { RIDER_COLUMNS } from '#physics/riders'
import { steadySpeedMps } from '#physics/steady'
import { DT_S, stepRiders } from '#physics/step'
import { Bunch, type Cast } from './bunch.ts'
import { castOf, rideField, soloSpeedMps } from './field.ts'
import { ECHELON, fileFigures, PACELINE, rideFile } from './lines.ts'
import { holdWheel, pair, steadyPlace } from './pair.ts'
import { HOLD_W } from './scenes.ts'
import { rideBend, rideIntoWall } from './roads.ts'
import { recordedWanders, syntheticWander } from './traces.ts'

const RECORDING = fileURLToPath(new URL('../../../shared/data/routes/edge810-vector-power.fit', import.meta.url))
const FORTY = { riders: 40, wattsPerKg: 3, spread: 0.1, seed: 3 }

describe('space', () => {
  test('[P50] forty riders in a heap: nobody is inside anybody by more than 5 cm for more than two ticks', () => {
    const { figures } = rideField(FORTY, 4)
    expect(figures.overlapTicks).toBeLessThanOrEqual(2)
    expect(figures.churn).toBeGreaterThan(1)
  })

  test('[P50] without contact they are', () => {
    const { figures } = rideField(FORTY, 2, { options: { isContact: false, isLineChoice: false } })
    expect(figures.overlapTicks).toBeGreaterThan(20)
  })

  test('[P51] what a rider is slowed by behind another is booked, joule by joule, and nobody gains', () => {
    const still: Cast = { distanceM: 104, speedMps: 5, powerW: () => 0 }
    const fast: Cast = { distanceM: 101, speedMps: 9, powerW: () => 0 }
    const { riders, course, conditions } = new Bunch([still, fast])
    const pack = new Pack({ isLineChoice: false, isShelter: false })
    for (let tick = 0; tick < 60; tick++) {
      riders.steer.fill(1)
      pack.prepare(riders, course, conditions)
      stepRiders(riders, course, conditions)
      const before = [0, 1].map((row) => riders.speedMps[row]!)
      const booked = [0, 1].map((row) => riders.contactJ[row]!)
      pack.settle(riders, course)
      for (const row of [0, 1]) {
        const inertKg = riders.massKg[row]! + 0.14 / 0.311 ** 2
        const lostJ = 0.5 * inertKg * (before[row]! ** 2 - riders.speedMps[row]! ** 2)
        expect(riders.contactJ[row]! - booked[row]!).toBeCloseTo(lostJ, 6)
        expect(lostJ).toBeGreaterThanOrEqual(0)
      }
    }
    expect(riders.contactJ[1]).toBeGreaterThan(500)
    expect(riders.contactJ[0]).toBe(0)
    expect(riders.distanceM[0]! - riders.distanceM[1]!).toBeGreaterThan(1.6)
  })
})

describe('a wheel', () => {
  test('[P52] watts have one place each: farther out and farther up from 215 to 295 W, past from 310 W', () => {
    const places = [215, 235, 255, 275, 295].map((powerW) => steadyPlace(powerW))
    for (let i = 1; i < places.length; i++) {
      expect(places[i]!.gapM).toBeLessThan(places[i - 1]!.gapM - 0.02)
      expect(places[i]!.asideM).toBeGreaterThan(places[i - 1]!.asideM + 0.03)
    }
    expect(places.every(({ lostShare }) => lostShare < 0.01)).toBe(true)
    expect(steadyPlace(310).gapM).toBeLessThan(-1.68)
  })

  test('[P52] without steering by shelter there is one place for all of them', () => {
    const [few, many] = [235, 275].map((powerW) => steadyPlace(powerW, { isShelterSteered: false }))
    expect(Math.abs(few!.asideM - many!.asideM)).toBeLessThan(0.05)
  })

  test.for([1, 2, 3])('[P53] power that wanders ±15 per cent keeps the wheel (dice %i) for ten minutes', (seed) => {
    expect(holdWheel(HOLD_W, syntheticWander(seed, 600, 0.15)).heldShare).toBeGreaterThanOrEqual(0.95)
  })

  test.skipIf(!existsSync(RECORDING))('[P53] so do recorded legs (needs ../shared/data/routes)', () => {
    const wanders = recordedWanders(RECORDING, 600, 0.15)
    expect(wanders.length).toBeGreaterThan(3)
    for (const wander of wanders) expect(holdWheel(HOLD_W, wander).heldShare).toBeGreaterThanOrEqual(0.95)
  })

  test('[P54] fifteen per cent more moves up within twenty seconds and stays there, an attack is past within ten', () => {
    const surplus = pair((timeS) => (timeS < 60 ? HOLD_W : 1.15 * HOLD_W))
    surplus.ride(60)
    const holdingM = surplus.gapM(1, 0)
    surplus.ride(20)
    expect(surplus.gapM(1, 0)).toBeLessThan(holdingM - 0.1)
    surplus.ride(60, () => expect(surplus.gapM(1, 0)).toBeLessThan(holdingM - 0.1))
    const attack = pair((timeS) => (timeS < 60 ? HOLD_W : 450))
    attack.ride(70)
    expect(attack.gapM(1, 0)).toBeLessThan(-1.68)
    expect(attack.riders.contactJ[1]).toBe(0)
  })

  test('[P54] who is steered into the wheel ahead stays behind it, and what that costs is booked', () => {
    const attack = pair(() => 450)
    attack.riders.steer.fill(1)
    attack.ride(30)
    expect(attack.gapM(1, 0)).toBeGreaterThan(-0.05)
    expect(attack.riders.contactJ[1]).toBeGreaterThan(1000)
  })
})

describe('lines', () => {
  test('[P56] bars that are turned override the line that is chosen', () => {
    const bunch = pair(() => 245)
    bunch.riders.steer[1] = 127
    bunch.ride(5)
    expect(bunch.riders.lineM[1]).toBe(3)
    bunch.riders.steer[1] = 0
    bunch.ride(5)
    expect(bunch.riders.lineM[1]).toBeLessThan(3)
  })

  test('[P57] the first of a file rides a bend outside, inside, outside, and is not braked; without corner lines straight on', () => {
    const [before, apex, after] = rideBend()
    expect(before![0]).toBeLessThan(-2)
    expect(apex![0]).toBeGreaterThan(2)
    expect(after![0]).toBeLessThan(-0.5)
    const middle = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(middle(apex!)).toBeGreaterThan(middle(before!) + 1)
    const straight = rideBend({ isCornerLine: false })
    for (const look of straight) expect(Math.abs(look[0]!)).toBeLessThan(1)
  })

  test('[P62] a wall of riders is passed where the road is free, however far to the side; without passing it is not', () => {
    const past = rideIntoWall(30).riders
    expect(past.distanceM[5]! - past.distanceM[0]!).toBeGreaterThan(10)
    const stuck = rideIntoWall(30, { isPassing: false }).riders
    expect(stuck.distanceM[5]! - stuck.distanceM[0]!).toBeLessThan(0)
    expect(past.contactJ[5]!).toBeLessThan(0.5 * stuck.contactJ[5]!)
  })

  test('[P58] in a side wind they ride in the lee: the file slants by more than a third of a metre a metre', () => {
    const windy = fileFigures(rideFile(ECHELON))
    expect(windy.together).toBeGreaterThanOrEqual(3)
    expect(windy.slant).toBeGreaterThan(0.3)
    expect(windy.meanDraft).toBeLessThan(0.85)
    expect(Math.abs(fileFigures(rideFile({ ...ECHELON, crossMps: 0 })).slant)).toBeLessThan(0.15)
  })

  test('[P59] at 43 km/h they ride in single and double file: a wheel each, no wall', () => {
    const { together, widthM, meanDraft } = fileFigures(rideFile(PACELINE))
    expect(together).toBeGreaterThanOrEqual(5)
    expect(widthM).toBeLessThan(0.6)
    expect(meanDraft).toBeLessThan(0.8)
  })
})

describe('a bunch', () => {
  test('[P60] twenty of mixed strength, 2.4 to 3.6 W/kg, waste at most 3 % of the work of half an hour', () => {
    const { figures } = rideField({ riders: 20, wattsPerKg: 3, spread: 0.2, seed: 1 }, 30)
    expect(figures.wasteShare).toBeLessThanOrEqual(0.03)
    expect(figures.wasteShare).toBeGreaterThan(0)
    expect(figures.meanDraft).toBeLessThan(0.93)
  })

  test('[P63] who eases in the wheel and pushes when a gap opens stays: twenty of ±20 %, none lost in a quarter of an hour', () => {
    const mixed = { riders: 20, wattsPerKg: 3, spread: 0.2, seed: 1 }
    const people = rideField({ ...mixed, isPeople: true }, 15).figures
    expect(people.groupShare).toBeGreaterThanOrEqual(0.9)
    expect(people.wasteShare).toBeLessThanOrEqual(0.03)
    // The same bodies with watts that ask about nobody come apart.
    expect(rideField(mixed, 15).figures.groupShare).toBeLessThan(0.7)
  })

  test('[P64] steady watts of ±20 % have to sort: what the least hold in a wheel is less than the strongest reach in turns', () => {
    const body = { ...shapeRider({ massKg: 75, heightM: 1.79 }), slope: 0, crr: 0.004, airDensityKgpm3: 1.225 }
    const kmh = (wattsPerKg: number, draftFactor: number) =>
      3.6 * steadySpeedMps(75 * wattsPerKg, { ...body, draftFactor })
    const turns = 0.5 * (0.98 + 0.61)
    expect(kmh(3.6, turns)).toBeGreaterThan(kmh(2.4, 0.61) + 2)
    // One who rides at the mean of all and alone in front pulls slowly enough for them.
    expect(kmh(3, 1)).toBeLessThan(kmh(2.4, 0.61) - 2)
    expect([kmh(3.6, 1), kmh(3.6, turns), kmh(2.4, 0.61), kmh(2.4, 0.5), kmh(3, 1)].map(Math.round)).toEqual([
      36, 38, 36, 38, 33,
    ])
  })

  test('[P61] a hundred at 3 W/kg ride 1.5 to 3 km/h faster than each alone, and do not surge', () => {
    const hundred = { riders: 100, wattsPerKg: 3, spread: 0, seed: 1 }
    const { figures } = rideField(hundred, 4)
    const gainKmh = 3.6 * (figures.speedMps - soloSpeedMps(hundred, 3))
    expect(gainKmh).toBeGreaterThan(1.5)
    expect(gainKmh).toBeLessThan(3)
    expect(3.6 * figures.surgeMps).toBeLessThan(1.5)
    expect(figures.overlapTicks).toBeLessThanOrEqual(2)
  })
})

describe('state', () => {
  /** Thirty riders over hills, a fresh pack from some tick on, and rows in this order. */
  function ride({ freshAt = -1, isReversed = false }: { freshAt?: number; isReversed?: boolean }): number[][] {
    const cast = castOf({ riders: 30, wattsPerKg: 3, spread: 0.1, seed: 9 })
    const { riders, conditions } = new Bunch(cast)
    const course = rollingCourse(1500, 0.04)
    const at = (i: number) => (isReversed ? cast.length - 1 - i : i)
    for (const column of RIDER_COLUMNS) {
      const values = Array.from(riders[column].subarray(0, cast.length))
      values.forEach((value, i) => (riders[column][at(i)] = value))
    }
    let pack = new Pack()
    for (let tick = 0; tick < 600; tick++) {
      if (tick === freshAt) pack = new Pack()
      cast.forEach((_, i) => (riders.powerW[at(i)] = riders.massKg[at(i)]! * (2.6 + 0.5 * ((tick >> 6) % 2))))
      conditions.tick = tick
      pack.prepare(riders, course, conditions)
      stepRiders(riders, course, conditions, undefined, undefined, DT_S)
      pack.settle(riders, course)
    }
    return cast.map((_, i) => RIDER_COLUMNS.map((column) => riders[column][at(i)]!))
  }

  test('[P55] the order of rows does not matter, and a pack that begins in the middle goes on as the old one would', () => {
    const whole = ride({})
    expect(ride({ isReversed: true })).toEqual(whole)
    expect(ride({ freshAt: 301 })).toEqual(whole)
  })
})
