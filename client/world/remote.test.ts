import { beforeAll, expect, test } from 'vitest'
import type { RiderId, Tick } from '#protocol/ids'
import { advance, createRiderState, settleWhole, type RiderState } from '#protocol/rider-state'
import { applyRecord, type RiderRecord } from '#protocol/rider-stream'
import { TOLERANCES } from '#protocol/limits'
import type { Course } from '#physics/course'
import { plainCourse } from '#physics/plain-courses'
import { createPlaceCarrier } from '#physics/place-carrier'
import { createRandom, type Random } from '#physics/random'
import { createRiders, type Riders } from '#physics/riders'
import { stepRiders } from '#physics/step'
import { CARRY_TICKS_MAX, FOLD_S, RemoteRiders } from './remote.ts'
import { calmConditions } from '#physics/weather'

const AIR = calmConditions()

/** A hill of ±6 % every 600 m: enough to change everybody's speed all the time. */
const HILLS: Course = plainCourse({
  lengthM: 6000,
  isLoop: true,
  slopeAt: (distanceM) => 0.06 * Math.sin((distanceM * 2 * Math.PI) / 600),
  heightAt: (distanceM) => -0.06 * (600 / (2 * Math.PI)) * Math.cos((distanceM * 2 * Math.PI) / 600),
  crrAt: () => 0.004,
  widthAt: () => 8,
})

const RIDERS = 40
const SEED = 8214

/** What the server does, thin: rides, keeps the prediction everybody shares, and says where it is wrong. */
class Server {
  readonly riders: Riders = createRiders(RIDERS)
  tick = 0
  readonly #told: RiderState[] = []
  readonly #toldSince: number[] = []
  readonly #carry = createPlaceCarrier(HILLS, AIR)
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
    this.riders.count = RIDERS
    for (let row = 0; row < RIDERS; row++) {
      this.riders.id[row] = row + 1
      this.riders.massKg[row] = 70 + (row % 5) * 5
      this.riders.cdaM2[row] = 0.3125
      this.riders.distanceM[row] = 40 * row
      this.riders.speedMps[row] = 8
      this.riders.powerW[row] = 200
      this.#told.push(createRiderState())
      this.#toldSince.push(-1000)
    }
  }

  step(): RiderRecord[] {
    const { riders } = this
    for (let row = 0; row < RIDERS; row++) {
      // Surges, coasting, and a new line now and then: the hard trace.
      if (this.#random.fraction() < 0.02) riders.powerW[row] = Math.floor(this.#random.fraction() * 500)
      if (this.#random.fraction() < 0.01) riders.lineM[row] = (this.#random.fraction() - 0.5) * 5
    }
    stepRiders(riders, HILLS, AIR)
    this.tick++
    return Array.from({ length: RIDERS }, (_, row) => this.#news(row)).filter((record) => record !== undefined)
  }

  #news(row: number): RiderRecord | undefined {
    const told = this.#told[row]!
    advance(told, this.#carry)
    const now = this.#truth(row)
    const isOff =
      Math.abs(now.placeM - told.placeM) > TOLERANCES[0].alongM ||
      Math.abs(now.lateralM - told.lateralM) > TOLERANCES[0].sidewaysM ||
      Math.abs(now.speedMps - told.speedMps) > 0.05 ||
      now.powerW !== told.powerW
    if (!isOff && this.tick - this.#toldSince[row]! < 100) return undefined
    this.#toldSince[row] = this.tick
    const record: RiderRecord = {
      kind: 'absolute',
      tick: this.tick as Tick,
      riderId: (row + 1) as RiderId,
      id: (row + 1) as RiderId,
      state: now,
    }
    applyRecord(told, record)
    return record
  }

  #truth(row: number): RiderState {
    const { riders } = this
    const state = createRiderState()
    for (const column of ['massKg', 'cdaM2', 'draftFactor', 'powerW', 'speedMps'] as const)
      state[column] = riders[column][row]!
    state.placeM = riders.distanceM[row]! + riders.offsetM[row]!
    state.lateralM = riders.lateralM[row]!
    state.lateralMps = riders.lateralMps[row]!
    state.lineM = riders.lineM[row]!
    settleWhole(state)
    return state
  }
}

interface Seen {
  readonly errors: number[]
  backwardM: number
  jumpM: number
}

/** 60 s at 60 frames a second behind a line of 75 ms with jitter and loss; a lost packet is told again two ticks later. */
function ride(options: { lossShare: number; jitterMs: number }): Seen {
  const random = createRandom(SEED)
  const server = new Server(createRandom(SEED + 1))
  const remote = new RemoteRiders(HILLS, RIDERS)
  const onTheWay: { atMs: number; tick: number; records: RiderRecord[] }[] = []
  const previousM = new Map<number, number>()
  const seen: Seen = { errors: [], backwardM: 0, jumpM: 0 }
  const FRAME_MS = 1000 / 60
  let newestTick = 0
  let lastArrivalMs = 0
  for (let nowMs = 0; nowMs < 60_000; nowMs += FRAME_MS) {
    while ((server.tick + 1) * 50 <= nowMs) {
      const records = server.step()
      const lostMs = random.fraction() < options.lossShare ? 100 : 0
      const atMs = server.tick * 50 + 75 + random.fraction() * options.jitterMs + lostMs
      lastArrivalMs = Math.max(lastArrivalMs, atMs) // The buffer hands records on in tick order.
      onTheWay.push({ atMs: lastArrivalMs, tick: server.tick, records })
    }
    while (onTheWay.length > 0 && onTheWay[0]!.atMs <= nowMs) {
      const packet = onTheWay.shift()!
      newestTick = packet.tick
      for (const record of packet.records) remote.accept(record)
    }
    remote.frame(nowMs / 50, newestTick, FRAME_MS / 1000)
    if (nowMs < 2000) continue
    const sinceTick = nowMs / 50 - server.tick
    for (let row = 0; row < RIDERS; row++) {
      const at = remote.rowOf(row + 1)!
      const shownM = remote.shownM[at]!
      const trueM = server.riders.distanceM[row]! + server.riders.speedMps[row]! * sinceTick * 0.05
      seen.errors.push(Math.abs(shownM - trueM))
      const stepM = shownM - (previousM.get(row) ?? shownM)
      seen.backwardM = Math.max(seen.backwardM, -stepM)
      seen.jumpM = Math.max(seen.jumpM, Math.abs(stepM - (server.riders.speedMps[row]! * FRAME_MS) / 1000))
      previousM.set(row, shownM)
    }
  }
  seen.errors.sort((a, b) => a - b)
  return seen
}

const share = (errors: readonly number[], part: number): number => errors[Math.floor(errors.length * part)]!

let calm: Seen
let rough: Seen
beforeAll(() => {
  calm = ride({ lossShare: 0.05, jitterMs: 15 })
  rough = ride({ lossShare: 0.2, jitterMs: 120 })
})

test('[R1] at 75 ms, 5 % loss and 15 ms jitter others are drawn within 12 cm of server-now, 99 times in 100', () => {
  expect(share(calm.errors, 0.99)).toBeLessThan(0.12)
  expect(share(calm.errors, 1 - 1e-9)).toBeLessThan(0.5)
})

test('[R2] at 20 % loss and 120 ms jitter others are drawn within 35 cm, 95 times in 100', () => {
  expect(share(rough.errors, 0.95)).toBeLessThan(0.35)
})

test('[R3] nobody is ever drawn moving backward, and nobody leaps', () => {
  expect([calm.backwardM, rough.backwardM]).toEqual([0, 0])
  expect(Math.max(calm.jumpM, rough.jumpM)).toBeLessThan(0.6)
})

const standing = (over: Partial<RiderState> = {}): RiderState => {
  const state: RiderState = { ...createRiderState(), speedMps: 10, powerW: 250, ...over }
  settleWhole(state)
  return state
}
const absolute = (tick: number, riderId: number, state: RiderState): RiderRecord => ({
  kind: 'absolute',
  tick: tick as Tick,
  riderId: riderId as RiderId,
  id: riderId as RiderId,
  state,
})

test('[R4] a correction is folded away within 200 ms', () => {
  const remote = new RemoteRiders(HILLS, 4)
  const twin = new RemoteRiders(HILLS, 4)
  remote.accept(absolute(0, 1, standing()))
  remote.frame(10, 10, 0.016)
  const later = absolute(10, 1, standing({ placeM: 6 }))
  remote.accept(later)
  twin.accept(later)
  for (let i = 0, tick = 10; i <= 20; i++, tick += 0.2) {
    remote.frame(tick, 10, 0.01)
    twin.frame(tick, 10, 0.01)
  }
  expect(0.01 * 20).toBeGreaterThanOrEqual(FOLD_S)
  expect(remote.shownM[0]).toBeCloseTo(twin.shownM[0]!, 9)
})

test('[R5] who leaves is gone, and the row is free for who comes', () => {
  const remote = new RemoteRiders(HILLS, 2)
  remote.accept(absolute(0, 1, standing()))
  remote.accept(absolute(0, 2, standing({ placeM: 50 })))
  remote.accept(absolute(0, 3, standing({ placeM: 90 })))
  expect([remote.count, remote.rowOf(3)]).toEqual([2, undefined])
  remote.accept({ kind: 'leave', tick: 1 as Tick, riderId: 1 as RiderId })
  remote.accept(absolute(1, 3, standing({ placeM: 90 })))
  remote.frame(1, 1, 0.016)
  expect([remote.count, remote.rowOf(1), remote.rowOf(3)]).toEqual([2, undefined, 0])
  expect(remote.shownM[0]).toBe(90)
})

test('[R6] news of a rider never told whole changes nothing', () => {
  const remote = new RemoteRiders(HILLS, 2)
  remote.accept({ kind: 'watts', tick: 3 as Tick, riderId: 9 as RiderId, powerSteps: 30, cadenceSteps: 0 })
  expect(remote.count).toBe(0)
})

test('[R7] on a dead line everybody rides on for two seconds and then waits', () => {
  const remote = new RemoteRiders(HILLS, 2)
  remote.accept(absolute(0, 1, standing()))
  remote.frame(CARRY_TICKS_MAX, 0, 0.016)
  const lastM = remote.shownM[0]!
  expect(lastM).toBeGreaterThan(15)
  remote.frame(CARRY_TICKS_MAX + 200, 0, 0.016)
  expect(remote.shownM[0]).toBe(lastM)
})

test('[R8] a record newer than the last frame is no error: the rider does not hang back', () => {
  const remote = new RemoteRiders(HILLS, 2)
  const state = standing()
  remote.accept(absolute(0, 1, { ...state }))
  remote.frame(1, 1, 0.016)
  const carry = createPlaceCarrier(HILLS, AIR)
  for (let tick = 0; tick < 20; tick++) advance(state, carry)
  remote.accept(absolute(20, 1, { ...state }))
  remote.frame(20, 20, 0.016)
  expect(remote.shownM[0]).toBeCloseTo(state.placeM, 2)
})
