import { expect, test } from 'vitest'
import { glide, homeLineM, lateralLimitM, lineFromSteerM } from './lanes.ts'
import { DT_S } from './step.ts'

const glidingAt = (lateralM: number, lateralMps: number, lineM: number, nextMps: number) => {
  return { lateralM, lateralMps, lineM, nextMps, widthM: 7, dtS: DT_S }
}

test('[P13] a rider comes to the line without passing it, and stays', () => {
  const rider = glidingAt(2.5, 0, -1, 10)
  for (let tick = 0; tick < 200; tick++) {
    glide(rider)
    expect(rider.lateralM).toBeGreaterThan(-1.02)
    expect(Math.abs(rider.lateralMps)).toBeLessThanOrEqual(2)
  }
  expect(rider.lateralM).toBeCloseTo(-1, 3)
})

test('[P13] who stands does not slide sideways, and nobody leaves the road', () => {
  const after = (...from: Parameters<typeof glidingAt>) => {
    const rider = glidingAt(...from)
    glide(rider)
    return rider
  }
  expect(after(3, 0, -3, 0).lateralM).toBe(3)
  expect(after(2.99, 2, 20, 100).lateralM).toBe(3)
  expect(after(-2.99, -2, -20, 100).lateralM).toBe(-3)
  expect(lateralLimitM(0.5)).toBe(0)
})

test('[P14] full lock is the edge of the road, and no steering is the rider’s own line', () => {
  expect(lineFromSteerM(127, 7, 0.4)).toBe(3)
  expect(lineFromSteerM(-127, 7, 0.4)).toBe(-3)
  expect(lineFromSteerM(0, 7, 0.4)).toBe(0.4)
  expect(lineFromSteerM(0, 3, 2.4)).toBe(1)
})

test('[P14] riders’ own lines spread over the road and stay on it', () => {
  const lines = Array.from({ length: 300 }, (_, id) => homeLineM(id + 1, 7))
  expect(Math.max(...lines.map(Math.abs))).toBeLessThanOrEqual(2.4)
  for (const from of [-2.4, -1.2, 0, 1.2]) {
    const share = lines.filter((line) => line >= from && line < from + 1.2).length / 300
    expect(share).toBeGreaterThan(0.2)
    expect(share).toBeLessThan(0.3)
  }
})
