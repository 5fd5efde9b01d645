import { expect, test } from 'vitest'
import { crossingFraction, crossings } from './segments.ts'

const start = { id: 'start', atM: 0 }
const top = { id: 'top', atM: 40 }

test('[M12] at constant speed the time in the tick is the share of the way', () => {
  expect(crossings(39.9, 40.4, 10, 10, [top], 100)).toEqual([{ line: 0, lap: 0, fraction: expect.closeTo(0.2, 12) }])
})

test('[M12] under constant acceleration the time solves v0 t + a t² / 2: from rest, half the way takes 1/√2', () => {
  expect(crossingFraction(0.5, 1, 0, 4)).toBeCloseTo(Math.SQRT1_2, 15)
  expect(crossingFraction(0.75, 1, 4, 0)).toBeCloseTo(0.5, 15)
  expect(crossingFraction(1, 1, 3, 7)).toBe(1)
  expect(crossingFraction(0, 1, 3, 7)).toBe(0)
})

test('[M12] the time is monotone in the way, whatever the speeds', () => {
  for (const [v0, v1] of [
    [0, 9],
    [9, 0],
    [5, 5],
    [8, 8.0000001],
    [1e-9, 2e-9],
  ] as const) {
    let last = -1
    for (let k = 0; k <= 1000; k++) {
      const fraction = crossingFraction(k / 1000, 1, v0, v1)
      expect(fraction).toBeGreaterThan(last)
      last = fraction
    }
    expect(last).toBe(1)
  }
})

test('[M12] a line belongs to the tick that reaches it: who waits on it has not crossed', () => {
  expect(crossings(40, 40.5, 10, 10, [top], 100)).toEqual([])
  expect(crossings(39.5, 40, 10, 10, [top], 100)).toEqual([{ line: 0, lap: 0, fraction: 1 }])
  expect(crossings(40, 40, 0, 0, [top], 100)).toEqual([])
})

test('[M12] laps count on, lines come in the order they were passed, and every line of a long ride is crossed once', () => {
  expect(crossings(99.8, 100.2, 8, 8, [start], 100)).toEqual([{ line: 0, lap: 1, fraction: expect.closeTo(0.5, 9) }])
  const both = crossings(239, 301, 620, 620, [start, top], 100)
  expect(both.map(({ line, lap }) => [line, lap])).toEqual([
    [1, 2],
    [0, 3],
  ])
  let found = 0
  let v = 3
  for (let s = 0; s < 1000;) {
    const vNext = 3 + ((found * 7) % 13)
    const next = s + 0.025 * (v + vNext)
    found += crossings(s, next, v, vNext, [start, top], 100).length
    s = next
    v = vNext
  }
  expect(found).toBe(20)
})

test('[M12] on a straight course a line is crossed once, and before the start there are laps below zero', () => {
  expect(crossings(139, 141, 40, 40, [top], Infinity)).toEqual([])
  expect(crossings(39, 41, 40, 40, [top], Infinity)).toHaveLength(1)
  expect(crossings(-61, -59, 40, 40, [top], 100)).toEqual([{ line: 0, lap: -1, fraction: expect.closeTo(0.5, 9) }])
})
