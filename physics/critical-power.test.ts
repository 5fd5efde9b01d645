import { expect, test } from 'vitest'
import { nextWPrimeJ, recoveryTauS } from './critical-power.ts'

const rider = { criticalW: 280, wPrimeJ: 20_000 }

test('[P35] above critical power the reserve is spent one to one: 20 kJ at 100 W over last 200 s', () => {
  let leftJ = rider.wPrimeJ
  for (let tick = 0; tick < 200 * 20; tick++) leftJ = nextWPrimeJ(leftJ, 380, rider, 1 / 20)
  expect(leftJ).toBeCloseTo(0, 6)
})

test('[P35] below it comes back in proportion to what is missing: e-fold in W′ / (CP − P), never above W′', () => {
  let leftJ = 0
  for (let tick = 0; tick < 200 * 20; tick++) leftJ = nextWPrimeJ(leftJ, 180, rider, 1 / 20)
  expect(leftJ / rider.wPrimeJ).toBeCloseTo(1 - Math.exp(-1), 3)
  expect(nextWPrimeJ(19_999, 0, rider, 1e6)).toBeLessThanOrEqual(rider.wPrimeJ)
  expect(nextWPrimeJ(20_000, 100, rider, 1)).toBe(20_000)
})

test('[P35] Skiba’s time constant: 862.0, 516.9 and 389.9 s at 0, 100 and 200 W below', () => {
  for (const [belowW, tauS] of [
    [0, 862],
    [100, 516.9],
    [200, 389.9],
  ] as const) {
    expect(recoveryTauS(belowW)).toBeCloseTo(tauS, 1)
    expect(recoveryTauS(belowW)).toBeCloseTo(546 * Math.exp(-0.01 * belowW) + 316, 8)
  }
})
