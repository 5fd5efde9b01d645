import { expect, test } from 'vitest'
import { feltN } from './felt-force.ts'
import { CHAIN_RATIO, ChainRatio, GEAR_COUNT, gearedRoad, ratioOf } from './gears.ts'

test('[B88] there are 24 gears, each 7 to 11.5 % above the one below and at most 2 % beside its series', () => {
  expect(GEAR_COUNT).toBe(24)
  for (let gear = 1; gear <= 24; gear++) {
    const series = 0.75 * (5.5 / 0.75) ** ((gear - 1) / 23)
    expect(Math.abs(ratioOf(gear) / series - 1)).toBeLessThan(0.021)
    if (gear === 1) continue
    const step = ratioOf(gear) / ratioOf(gear - 1)
    expect(step).toBeGreaterThan(1.07)
    expect(step).toBeLessThan(1.115)
  }
})

test('[B88] through a virtual gear the pedals feel, at every cadence, the power that the road takes in that gear', () => {
  const road = { gradeFraction: 0.043, crr: 0.004, cwKgpm: 0.34, windMps: 2.5 }
  const [massKg, circumferenceM] = [78, 2.105]
  for (let gear = 1; gear <= GEAR_COUNT; gear++)
    for (const cadenceRpm of [40, 70, 95, 120]) {
      const speedMps = (cadenceRpm / 60) * ratioOf(gear) * circumferenceM
      const wheelMps = (cadenceRpm / 60) * CHAIN_RATIO * circumferenceM
      const roadW = feltN(road, massKg, speedMps) * speedMps
      const felt = gearedRoad(road, ratioOf(gear) / CHAIN_RATIO)
      expect(feltN(felt, massKg, wheelMps) * wheelMps).toBeCloseTo(roadW, 6)
    }
})

test('[B88] the chain that is there is learned from wheel and cadence, and a speed that is no wheel’s is not believed', () => {
  const chain = new ChainRatio()
  expect(chain.ratio).toBe(CHAIN_RATIO)
  for (let i = 0; i < 20; i++) chain.offer(((80 + i) / 60) * 2.94 * 2.105, 80 + i)
  expect(chain.ratio).toBeCloseTo(2.94, 2)
  // A model's speed: it falls on a climb while the cranks turn as before.
  for (let i = 0; i < 60; i++) chain.offer(6 - i * 0.05 - (i % 3), 90)
  expect(chain.ratio).toBeCloseTo(2.94, 2)
  for (const [speedMps, cadenceRpm] of [
    [8, 0],
    [8, 20],
    [0, 90],
    [Number.NaN, 90],
    [90, 90],
  ] as const)
    for (let i = 0; i < 20; i++) chain.offer(speedMps, cadenceRpm)
  expect(chain.ratio).toBeCloseTo(2.94, 2)
})
