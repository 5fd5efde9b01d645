import { expect, test } from 'vitest'
import { aheadOf, heightOf, heightUnit, lengthText, percent, roadOf, roadUnit, speedOf, speedUnit } from './figures.ts'

test('[U103] the instruments speak kilometres, or miles and feet, as the rest of the page does', () => {
  expect([speedUnit(true), roadUnit(true), heightUnit(true)]).toEqual(['mph', 'mi', 'ft'])
  expect([speedUnit(false), roadUnit(false), heightUnit(false)]).toEqual(['km/h', 'km', 'm'])
  expect(speedOf(10, true)).toBeCloseTo(22.369, 3)
  expect(speedOf(10, false)).toBe(36)
  expect(roadOf(1609.344, true)).toBe(1)
  expect(heightOf(1000, true)).toBeCloseTo(3280.84)
  expect([80, 240, 5300].map((m) => lengthText(m, true))).toEqual(['300 ft', '800 ft', '3.3 mi'])
  expect([80, 234, 5300].map((m) => lengthText(m, false))).toEqual(['80 m', '240 m', '5.3 km'])
  expect(aheadOf(true).map(([m]) => Math.round(m))).toEqual([402, 805])
  expect(aheadOf(false).map(([m]) => m)).toEqual([500, 1000])
})

test('[U103] a grade has one decimal, a true minus, and no minus before nothing', () => {
  expect([0.0521, -0.031, -0.0004].map(percent)).toEqual(['5.2', '−3.1', '0.0'])
})
