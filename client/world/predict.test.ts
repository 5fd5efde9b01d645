import { beforeAll, expect, test } from 'vitest'
import type { RiderId, Sequence, Tick } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { UNTOLD } from '#protocol/own'
import type { OwnState } from '#protocol/session'
import type { Course } from '#physics/course'
import { plainCourse } from '#physics/plain-courses'
import { createRandom } from '#physics/random'
import { World } from '#server/world/world'
import { PREDICT_TICKS_MAX, Predictor } from './predict.ts'

const HILLS: Course = plainCourse({
  lengthM: 6000,
  isLoop: true,
  slopeAt: (distanceM) => 0.06 * Math.sin((distanceM * 2 * Math.PI) / 600),
  heightAt: () => 0,
  crrAt: () => 0.004,
  widthAt: () => 8,
})
const BODY = { riderId: 1, massKg: 84, cdaM2: 0.32 }
const ONE_WAY_MS = 75
const FRAME_MS = 1000 / 60

interface Ridden {
  readonly errorsM: number[]
  readonly lateralM: number[]
  backwardM: number
  snaps: number
}

/** The real World behind 75 ms each way with loss and jitter; four samples a second with surges, steering now and then. */
function ride(lossShare: number, jitterMs: number): Ridden {
  const random = createRandom(8214)
  const world = new World({ course: HILLS, riderCapacity: 4 })
  const row = world.join({
    riderId: 1 as RiderId,
    massKg: BODY.massKg,
    cdaM2: BODY.cdaM2,
    distanceM: 0,
    lateralM: 0,
    isBot: false,
    held: false,
  })
  const predictor = new Predictor(HILLS, BODY)
  const up: { atMs: number; sample: InputSample }[] = []
  const down: { atMs: number; own: OwnState }[] = []
  const ridden: Ridden = { errorsM: [], lateralM: [], backwardM: 0, snaps: 0 }
  let sequence = 0
  let sampleMs = 0
  let powerW = 200
  let steer = 0
  let shownM = -Infinity
  for (let nowMs = 0; nowMs < 90_000; nowMs += FRAME_MS) {
    if (nowMs - sampleMs >= 250) {
      sampleMs = nowMs
      if (random.fraction() < 0.1) powerW = Math.floor(random.fraction() * 600)
      if (random.fraction() < 0.05) steer = Math.floor((random.fraction() - 0.5) * 200)
      const sample: InputSample = {
        sequence: sequence++ as Sequence,
        atMs: Math.round(nowMs),
        powerW,
        cadenceHalfRpm: 180,
        heartRateBpm: 140,
        steer,
      }
      predictor.offer(sample, nowMs / 50)
      // Lost samples come with the next packet, a quarter of a second later.
      const lateMs = random.fraction() < lossShare ? 250 : 0
      up.push({ atMs: nowMs + ONE_WAY_MS + random.fraction() * jitterMs + lateMs, sample })
    }
    while ((world.tick + 1) * 50 <= nowMs) {
      for (let i = up.length - 1; i >= 0; i--) {
        if (up[i]!.atMs <= (world.tick + 1) * 50) world.post(row, up.splice(i, 1)[0]!.sample)
      }
      world.step()
      const isLost = random.fraction() < lossShare
      if (world.tick % 5 === 0 && !isLost) {
        down.push({ atMs: nowMs + ONE_WAY_MS + random.fraction() * jitterMs, own: ownState(world, row) })
      }
    }
    for (let i = 0; i < down.length; i++) {
      if (down[i]!.atMs <= nowMs) predictor.rebase(down.splice(i--, 1)[0]!.own, nowMs / 50)
    }
    predictor.frame(nowMs / 50, FRAME_MS / 1000)
    if (!predictor.isPlaced) continue
    ridden.backwardM = Math.max(ridden.backwardM, shownM - predictor.distanceM)
    shownM = predictor.distanceM
    if (nowMs < 5000) continue
    const sinceS = (nowMs / 50 - world.tick) * 0.05
    const trueM = world.riders.distanceM[row]! + world.riders.speedMps[row]! * sinceS
    ridden.errorsM.push(Math.abs(shownM - trueM))
    ridden.lateralM.push(Math.abs(predictor.lateralM(nowMs / 50) - world.riders.lateralM[row]!))
  }
  ridden.snaps = predictor.correction.snaps
  ridden.errorsM.sort((a, b) => a - b)
  ridden.lateralM.sort((a, b) => a - b)
  return ridden
}

function ownState(world: World, row: number): OwnState {
  const { riders } = world
  return {
    ...UNTOLD,
    tick: world.tick,
    ackedSequence: world.ackedSequence(row as never) as Sequence | undefined,
    distanceM: riders.distanceM[row]!,
    placeM: riders.distanceM[row]!,
    route: 0,
    leg: 0,
    turn: 0,
    speedMps: riders.speedMps[row]!,
    lateralM: riders.lateralM[row]!,
    lateralMps: riders.lateralMps[row]!,
    powerW: riders.powerW[row]!,
    cadenceRpm: riders.cadenceRpm[row]!,
    heartRateBpm: riders.heartRateBpm[row]!,
    draftFactor: riders.draftFactor[row]!,
    gradeFraction: 0,
    workJ: riders.workJ[row]!,
    brakeJ: riders.brakeJ[row]!,
    contactJ: riders.contactJ[row]!,
    flags: riders.flags[row]!,
  }
}

const share = (errors: readonly number[], part: number): number => errors[Math.floor(errors.length * part)]!

let ridden: Ridden
beforeAll(() => {
  ridden = ride(0.05, 15)
})

test('[P1] at 150 ms round trip and 5 % loss I am drawn within 25 cm of the server, 99 times in 100', () => {
  expect(share(ridden.errorsM, 0.5)).toBeLessThan(0.06)
  expect(share(ridden.errorsM, 0.99)).toBeLessThan(0.25)
  expect(ridden.errorsM.at(-1)!).toBeLessThan(0.6)
})

test('[P2] steering, too: within 30 cm sideways, 99 times in 100', () => {
  expect(share(ridden.lateralM, 0.99)).toBeLessThan(0.3)
})

test('[P3] I am never drawn moving backward, and never moved by force', () => {
  expect([ridden.backwardM, ridden.snaps]).toEqual([0, 0])
})

test('[P4] without word from the server I ride on for four seconds and then stand', () => {
  const predictor = new Predictor(HILLS, BODY)
  const own: OwnState = {
    ...UNTOLD,
    tick: 0 as Tick,
    ackedSequence: undefined,
    distanceM: 100,
    placeM: 100,
    route: 0,
    leg: 0,
    turn: 0,
    speedMps: 9,
    lateralM: 0,
    lateralMps: 0,
    powerW: 200,
    cadenceRpm: 90,
    heartRateBpm: 0,
    draftFactor: 1,
    gradeFraction: 0,
    workJ: 0,
    brakeJ: 0,
    contactJ: 0,
    flags: 0,
  }
  predictor.rebase(own, 0)
  predictor.frame(PREDICT_TICKS_MAX, 0.016)
  const lastM = predictor.distanceM
  expect(lastM).toBeGreaterThan(125)
  predictor.frame(PREDICT_TICKS_MAX + 400, 0.016)
  expect(predictor.distanceM).toBe(lastM)
})

test('[P6] word from the server that is newer than the last frame is no error', () => {
  const predictor = new Predictor(HILLS, BODY)
  const ahead = new Predictor(HILLS, BODY)
  const own = { ...ownAtRest(), speedMps: 12, powerW: 250 }
  predictor.rebase(own, 0)
  predictor.frame(2, 0.1)
  ahead.rebase(own, 0)
  ahead.frame(12, 0.6)
  predictor.rebase(
    { ...own, tick: 12 as Tick, distanceM: ahead.distanceM, placeM: ahead.distanceM, speedMps: ahead.speedMps(12) },
    2,
  )
  expect(predictor.correction.alongM).toBeCloseTo(0, 9)
  expect(predictor.correction.snaps).toBe(0)
})

test('[P8] time over there was set anew: I am drawn where I was, and folded to where I am', () => {
  const predictor = new Predictor(HILLS, BODY)
  predictor.rebase({ ...ownAtRest(), speedMps: 10, powerW: 250 }, 0)
  predictor.frame(20, 0.016)
  const before = predictor.distanceM
  predictor.stepTime(22.5)
  predictor.frame(22.5, 0)
  expect(predictor.distanceM).toBeCloseTo(before, 9)
  predictor.stepTime(18)
  predictor.frame(18, 0)
  expect(predictor.distanceM).toBeCloseTo(before, 9)
  expect(predictor.correction.snaps).toBe(0)
  // Half an hour of sleep is not folded: where I am is where I am.
  predictor.stepTime(70)
  predictor.frame(70, 0)
  expect(predictor.correction.snaps).toBe(1)
  expect(predictor.distanceM).toBe(predictor.modelDistanceM(70))
})

test('[P5] in the pen my watts are shown and move nobody', () => {
  const predictor = new Predictor(HILLS, BODY)
  const held = { ...ownAtRest(), flags: 1 }
  predictor.offer(sampleOf(400), 0)
  predictor.rebase(held, 0)
  predictor.frame(40, 0.016)
  expect([predictor.distanceM, predictor.powerW]).toEqual([held.distanceM, 400])
})

function ownAtRest(): OwnState {
  return {
    ...UNTOLD,
    tick: 0 as Tick,
    ackedSequence: undefined,
    distanceM: 20,
    placeM: 20,
    route: 0,
    leg: 0,
    turn: 0,
    speedMps: 0,
    lateralM: 0,
    lateralMps: 0,
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
}

function sampleOf(powerW: number): InputSample {
  return { sequence: 0 as Sequence, atMs: 0, powerW, cadenceHalfRpm: 160, heartRateBpm: 0, steer: 0 }
}
