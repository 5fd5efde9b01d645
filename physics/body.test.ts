import { expect, test } from 'vitest'
import { onGrid } from '#protocol/fields'
import { BODY_FIELDS } from '#protocol/rider-state'
import { airDensityKgpm3 } from './air.ts'
import { createRandom } from './random.ts'
import { BIKE_AND_KIT_KG, shapeRider } from './rider-shape.ts'

test('[P17] standard air: 1.225, 1.1116 and 1.0065 kg/m³ at 0, 1000 and 2000 m, and the series is the power', () => {
  expect(airDensityKgpm3(0)).toBe(1.225)
  expect(airDensityKgpm3(1000)).toBeCloseTo(1.1116, 3)
  expect(airDensityKgpm3(2000)).toBeCloseTo(1.0065, 3)
  for (const heightM of [-400, 3, 812, 2757, 8848])
    expect(airDensityKgpm3(heightM)).toBeCloseTo(1.225 * (1 - (0.0065 * heightM) / 288.15) ** 4.2559, 12)
})

test('[P18] drag areas of 1.75 m and 69 kg are the published ones', () => {
  const body = { massKg: 69, heightM: 1.75 }
  expect(shapeRider(body, 'aero').cdaM2).toBeCloseTo(0.2284, 4)
  expect(shapeRider(body, 'drops').cdaM2).toBeCloseTo(0.3653, 4)
  expect(shapeRider(body).massKg).toBe(69 + BIKE_AND_KIT_KG)
})

test('[P19] a class is within half a step of what it stands for, and the ends hold everybody', () => {
  const [mass, cda] = BODY_FIELDS
  const told = { massKg: (massKg: number) => onGrid(massKg, mass), cdaM2: (cdaM2: number) => onGrid(cdaM2, cda) }
  for (let massKg = 46; massKg <= 140; massKg += 0.5)
    expect(Math.abs(told.massKg(massKg) - massKg)).toBeLessThanOrEqual(3)
  for (let cdaM2 = 0.17; cdaM2 <= 0.48; cdaM2 += 0.001)
    expect(Math.abs(told.cdaM2(cdaM2) - cdaM2)).toBeLessThanOrEqual(0.0101)
  expect([told.massKg(0), told.massKg(999), told.cdaM2(0), told.cdaM2(9)]).toEqual([
    48,
    138,
    0.18,
    expect.closeTo(0.48),
  ])
})

test('[P20] one seed is one sequence, another seed another', () => {
  const draw = (seed: number) => {
    const random = createRandom(seed)
    return [random.u32(), random.u32(), random.u32(), random.u32()]
  }
  expect(draw(8214)).toEqual(draw(8214))
  expect(draw(8214)).not.toEqual(draw(8215))
  const random = createRandom(1)
  const fractions = Array.from({ length: 4000 }, () => random.fraction())
  expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...fractions)).toBeLessThan(1)
  expect(fractions.reduce((sum, x) => sum + x, 0) / 4000).toBeCloseTo(0.5, 1)
})
