import { expect, test } from 'vitest'
import { homeLineM, lateralLimitM, lineFromSteerM, nextLateralM, nextLateralMps } from './lanes.ts'
import { DT_S } from './step.ts'

test('[P13] a rider comes to the line without passing it, and stays', () => {
  let x = 2.5
  let u = 0
  for (let tick = 0; tick < 200; tick++) {
    const uNext = nextLateralMps(x, u, -1, 10, DT_S)
    x = nextLateralM(x, u, uNext, 7, DT_S)
    u = uNext
    expect(x).toBeGreaterThan(-1.02)
    expect(Math.abs(u)).toBeLessThanOrEqual(2)
  }
  expect(x).toBeCloseTo(-1, 3)
})

test('[P13] who stands does not slide sideways, and nobody leaves the road', () => {
  expect(nextLateralMps(3, 0, -3, 0, DT_S)).toBe(-0)
  expect(nextLateralM(2.99, 2, 2, 7, DT_S)).toBe(3)
  expect(nextLateralM(-2.99, -2, -2, 7, DT_S)).toBe(-3)
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
