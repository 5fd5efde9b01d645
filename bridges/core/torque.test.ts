import { expect, test } from 'vitest'
import { TorqueFrequency, TorqueSum } from './torque.ts'

test('[B23] torque and period make watts, across every roll-over', () => {
  const sum = new TorqueSum()
  expect(sum.offer({ eventCount: 255, period2048: 65_000, accumulatedTorque32: 65_500 })).toBeUndefined()
  // One turn in a second at 40 Nm: 2π · 40 W.
  const next = { eventCount: 0, period2048: (65_000 + 2048) & 0xffff, accumulatedTorque32: (65_500 + 1280) & 0xffff }
  const got = sum.offer(next)!
  expect(got.powerW).toBeCloseTo(2 * Math.PI * 40, 9)
  expect([got.torqueNm, got.turnsPerS]).toEqual([40, 1])
  expect(sum.offer(next)).toBeUndefined()
})

test('[B23] an event that took no time is nothing, and neither is the first after a reconnection', () => {
  const sum = new TorqueSum()
  sum.offer({ eventCount: 1, period2048: 100, accumulatedTorque32: 0 })
  expect(sum.offer({ eventCount: 2, period2048: 100, accumulatedTorque32: 50 })).toBeUndefined()
  sum.reset()
  expect(sum.offer({ eventCount: 3, period2048: 2000, accumulatedTorque32: 70 })).toBeUndefined()
})

test('[B23] a gauge of frequency: cadence at once, watts once its frequency at rest is known', () => {
  const meter = new TorqueFrequency()
  const at = (turns: number, ticks: number) =>
    meter.offer({
      eventCount: turns & 0xff,
      slopeNmPerHz: 20,
      time2000: (turns * 1600) & 0xffff,
      torqueTicks: ticks & 0xffff,
    })
  expect(at(200, 60_000)).toBeUndefined()
  expect(at(201, 60_400)).toEqual({ cadenceRpm: 75 })
  meter.offsetHz = 500
  // 1300 Hz are 800 above rest: 40 Nm at 1.25 turns a second.
  expect(at(202, 60_400 + 1040)!.torqueNm).toBeCloseTo(40, 9)
  expect(at(203, 60_400 + 2080)!.powerW).toBeCloseTo(2 * Math.PI * 40 * 1.25, 9)
  expect(at(203, 60_400 + 2080)).toBeUndefined()
})
