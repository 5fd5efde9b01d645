import { expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { bytesFrom } from '#cli/sim/simulation'
import { smallMap } from '#test/sim/small-map'
import type { Clock } from '../clock.ts'
import { Ride } from './ride.ts'
import type { TickTimes } from './ride-options.ts'

/** A loop by hand: timers fire when time has come, `soon` once a turn, and a letter stands for each turn. */
class Loop implements Clock {
  now = 0
  log = ''
  #timers: { atMs: number; callback: () => void }[] = []
  #soon: (() => void)[] = []

  nowMs = (): number => this.now
  wallMs = (): number => this.now
  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.now + delayMs, callback }
    this.#timers.push(timer)
    return () => (this.#timers = this.#timers.filter((each) => each !== timer))
  }
  soon = (callback: () => void): (() => void) => {
    this.#soon.push(callback)
    return () => (this.#soon = this.#soon.filter((each) => each !== callback))
  }

  /** Turns until nothing is left to do at this time, or so many. */
  settle(turns = 1000): void {
    for (let turn = 0; turn < turns; turn++) {
      const due = this.#timers.filter(({ atMs }) => atMs <= this.now)
      if (due.length === 0 && this.#soon.length === 0) return
      this.#timers = this.#timers.filter(({ atMs }) => atMs > this.now)
      for (const { callback } of due) callback()
      const soon = this.#soon
      this.#soon = []
      if (soon.length > 0) this.log += '.' // Here sockets are read.
      for (const callback of soon) callback()
    }
  }
}

function newRide(stepMs: number, slicesMs: readonly number[]) {
  const loop = new Loop()
  const map = smallMap()
  const randomBytes = bytesFrom(createRandom(3))
  const ticks: TickTimes[] = []
  const ride = new Ride({
    ...{ clock: loop, randomBytes, tokenKey: randomBytes(32), roomId: 'room', mapId: 'ring', mapHash: map.mapHash },
    ...{ course: map.course, spawnM: 10, seed: 1, riderCapacity: 4, leaveAfterS: 30 },
    onTick: (times) => ticks.push({ ...times }),
  })
  ride.world.source = {
    post() {
      loop.log += 'W'
      loop.now += stepMs
    },
  }
  let slice = 0
  ride.sessions.sendSome = () => {
    loop.log += 'p'
    loop.now += slicesMs[slice++ % slicesMs.length]!
    return slice % slicesMs.length !== 0
  }
  ride.start()
  return { loop, ride, ticks }
}

test('a tick’s packets are made in slices, and the sockets are read between them', () => {
  const { loop, ticks } = newRide(4, [2, 2, 1])
  loop.now = 50
  loop.settle()
  expect(loop.log).toBe('Wp.p.p')
  expect(ticks).toEqual([{ dueMs: 50, lateMs: 0, doneMs: 9, worldMs: 4, packetsMs: 5, isSparing: false }])
})

test('[D200] ticks that are done late one after the other make a ride spare packets; one that was held up does not', () => {
  const ridden = (packetsMs: number, stopMs: number) => {
    const { loop, ticks, ride } = newRide(4, [packetsMs])
    for (let i = 1; i <= 60; i++) {
      loop.now = Math.max(loop.now, 50 * i + (i < 30 ? 0 : stopMs))
      loop.settle()
    }
    return { spared: ticks.filter(({ isSparing }) => isSparing).length, isSparing: ride.sessions.isSparing }
  }
  expect(ridden(20, 0)).toEqual({ spared: 0, isSparing: false })
  expect(ridden(20, 900)).toEqual({ spared: 0, isSparing: false })
  const busy = ridden(42, 0)
  expect(busy.isSparing).toBe(true)
  expect(busy.spared).toBeGreaterThan(10)
})

test('ticks that come too late follow each other, the sockets are read between them, and one packet tells of all', () => {
  const { loop, ticks, ride } = newRide(1, [2])
  loop.now = 160
  loop.settle()
  expect(loop.log).toMatch(/^W\.{8,}W\.{8,}Wp$/)
  expect(ride.world.tick).toBe(3)
  expect(ticks.map(({ dueMs, lateMs, doneMs }) => [dueMs, lateMs, doneMs])).toEqual([
    [50, 110, 115],
    [100, 61, 65],
    [150, 12, 15],
  ])
})

test('a world that is always late still tells: no more than three ticks in a row without packets', () => {
  const { loop, ride } = newRide(60, [1])
  loop.now = 50
  loop.settle(300)
  expect(ride.world.tick).toBeGreaterThan(8)
  const untold = loop.log
    .replaceAll('.', '')
    .split('p')
    .map((ticks) => ticks.length)
  expect(Math.max(...untold)).toBe(4)
})
