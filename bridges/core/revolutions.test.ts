import { describe, expect, test } from 'vitest'
import { AccumulatedPower, CRANK_OPTIONS, Revolutions, WHEEL_OPTIONS } from './revolutions.ts'

describe('turns and the time of the last one', () => {
  test('[B4] both counters roll over without a jump', () => {
    const crank = new Revolutions(CRANK_OPTIONS)
    expect(crank.offer(0xffff, 0xffff, 0)).toBeUndefined()
    expect(crank.offer(0, 0x3ff - 0, 1000)! * 60).toBeCloseTo(60, 1)
    const wheel = new Revolutions(WHEEL_OPTIONS)
    wheel.offer(0xffffffff, 1000, 0)
    expect(wheel.offer(3, 2024, 1000)).toBeCloseTo(4, 6)
  })

  test('[B4] the same message again holds the rate, then the crank stands still', () => {
    const crank = new Revolutions(CRANK_OPTIONS)
    crank.offer(10, 0, 0)
    crank.offer(11, 512, 500)
    for (const atMs of [750, 1000, 2000, 2500]) expect(crank.offer(11, 512, atMs)).toBe(2)
    expect(crank.offer(11, 512, 2501)).toBe(0)
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

  test('after a pause longer than the clock goes round there is no rate until the next turn', () => {
    const crank = new Revolutions(CRANK_OPTIONS)
    crank.offer(1, 0, 0)
    crank.offer(2, 1024, 1000)
    expect(crank.offer(3, 2048, 70_000)).toBeUndefined()
    expect(crank.offer(4, 3072, 71_000)).toBe(1)
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
})
