import { describe, expect, test } from 'vitest'
import { AccumulatedPower, CRANK_OPTIONS, POWER_WHEEL_OPTIONS, Revolutions, WHEEL_OPTIONS } from './revolutions.ts'

describe('turns and the time of the last one', () => {
  test('[B4] both counters roll over without a jump', () => {
    const crank = new Revolutions(CRANK_OPTIONS)
    expect(crank.offer(0xffff, 0xffff, 0)).toBeUndefined()
    expect(crank.offer(0, 0x3ff - 0, 1000)! * 60).toBeCloseTo(60, 1)
    const wheel = new Revolutions(WHEEL_OPTIONS)
    wheel.offer(0xffffffff, 1000, 0)
    expect(wheel.offer(3, 2024, 1000)).toBeCloseTo(4, 6)
  })

  test('[B4] the same message again holds the rate, then it falls below what can have been missed, to zero', () => {
    const crank = new Revolutions(CRANK_OPTIONS)
    crank.offer(10, 0, 0)
    crank.offer(11, 512, 500)
    for (const atMs of [750, 1000, 2000, 2500]) expect(crank.offer(11, 512, atMs)).toBe(2)
    // 2.1 s without a turn: not even one in 2.1 s.
    expect(crank.offer(11, 512, 2600)).toBeCloseTo(0.9 / 2.1, 9)
    expect(crank.offer(11, 512, 3000)).toBeCloseTo(0.5 / 2.5, 9)
    for (const atMs of [3500, 4000, 90_000]) expect(crank.offer(11, 512, atMs)).toBe(0)
    expect(crank.offer(12, 512 + 1024, 91_000)).not.toBe(0)
  })

  test('a sensor that says the same from the start stands still, and does not stay unknown', () => {
    const crank = new Revolutions(CRANK_OPTIONS)
    expect([0, 1000, 3000].map((atMs) => crank.offer(7, 100, atMs))).toEqual([undefined, undefined, undefined])
    expect(crank.offer(7, 100, 3001)).toBe(0)
  })

  test('[B4] a counter that begins anew is no speed, least of all a negative one', () => {
    const wheel = new Revolutions(WHEEL_OPTIONS)
    wheel.offer(3435, 33_506, 0)
    wheel.offer(3437, 34_530, 1000)
    expect(wheel.offer(0, 0, 2000)).toBeUndefined()
    wheel.reset()
    expect(wheel.offer(5, 100, 3000)).toBeUndefined()
    expect(wheel.offer(6, 612, 3500)).toBe(2)
  })

  test('[B23] how often the clock went round in a pause is told by when the messages came', () => {
    const crank = new Revolutions(CRANK_OPTIONS)
    crank.offer(1, 0, 0)
    crank.offer(2, 1024, 1000)
    // 65 s later by the sensor's clock, which shows one.
    expect(crank.offer(3, 2048, 66_200)).toBeCloseTo(1 / 65, 9)
    expect(crank.offer(4, 3072, 67_000)).toBe(1)
    // In the power profile a wheel's clock goes round in 32 s.
    const wheel = new Revolutions(POWER_WHEEL_OPTIONS)
    wheel.offer(100, 0, 0)
    expect(wheel.offer(500, 0, 64_000)).toBeCloseTo(400 / 64, 9)
  })

  test('[B23] messages that come late and all at once are as fast as they were ridden', () => {
    const crank = new Revolutions(CRANK_OPTIONS)
    crank.offer(0, 0, 0)
    for (let turn = 1; turn <= 20; turn++) expect(crank.offer(turn, 768 * turn, 9000 + turn)).toBeCloseTo(1024 / 768, 9)
  })

  test('[B23] turns without time between them are no rate, and nothing is divided by zero', () => {
    const crank = new Revolutions(CRANK_OPTIONS)
    crank.offer(1, 500, 0)
    expect(crank.offer(2, 500, 250)).toBeUndefined()
    expect(crank.offer(3, 1524, 1250)).toBe(1)
  })
})

describe('a running sum of watts', () => {
  test('[B4] one event from 255 to 0 is one event, and averages are finite', () => {
    const power = new AccumulatedPower()
    expect(power.offer(65_000, 255)).toBeUndefined()
    expect(power.offer((65_000 + 240) & 0xffff, 0)).toBe(240)
    expect(power.offer((65_000 + 240) & 0xffff, 0)).toBeUndefined()
    expect(power.offer((65_000 + 240 + 750) & 0xffff, 3)).toBe(250)
    expect([power.totalW, power.totalEvents]).toEqual([990, 4])
  })

  test('[B23] a sum that rolled over more than once is told by the watts of the moment', () => {
    const power = new AccumulatedPower()
    power.offer(0, 0)
    // 240 events of 700 W: the sum has been round twice.
    expect(power.offer((240 * 700) & 0xffff, 240, { powerW: 690 })).toBe(700)
    // 200 W stay 200 W when the moment is a sprint.
    expect(power.offer((240 * 700 + 4 * 200) & 0xffff, 244, { powerW: 1500 })).toBe(200)
  })

  test('[B23] a minute without a message begins anew, whatever the count of events says', () => {
    const power = new AccumulatedPower()
    power.offer(0, 0, { atMs: 0 })
    expect(power.offer(800, 4, { atMs: 1000 })).toBe(200)
    expect(power.offer(900, 4, { atMs: 65_000 })).toBeUndefined()
    expect(power.offer(1100, 5, { atMs: 65_250 })).toBe(200)
    expect([power.totalW, power.totalEvents]).toEqual([1000, 5])
  })
})
