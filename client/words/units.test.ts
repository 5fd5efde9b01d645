import { expect, test } from 'vitest'
import {
  feetOf,
  heightText,
  IMPERIAL,
  kgOfPounds,
  massText,
  METRIC,
  metresOfFeet,
  poundsOf,
  roadText,
  speedText,
  statureText,
  units,
  unitsOfRegion,
} from './units.ts'

test('[U53] stored is metric; shown is what the region knows, and back again it is the same body', () => {
  expect([units(), unitsOfRegion('DE'), unitsOfRegion(undefined), unitsOfRegion('US')]).toEqual([
    METRIC,
    METRIC,
    METRIC,
    IMPERIAL,
  ])
  expect(unitsOfRegion('GB')).toEqual({ road: 'mi', body: 'metric' })
  expect([roadText(14_725, METRIC), roadText(14_725, IMPERIAL)]).toEqual(['14.7 km', '9.1 mi'])
  expect([heightText(1559, METRIC), heightText(1559, IMPERIAL)]).toEqual(['1,559 m', '5,115 ft'])
  expect([massText(75, METRIC), massText(75, IMPERIAL)]).toEqual(['75 kg', '165 lb'])
  expect([statureText(1.78, METRIC), statureText(1.78, IMPERIAL)]).toEqual(['178 cm', '5 ft 10 in'])
  expect([speedText(32.4, METRIC), speedText(32.4, IMPERIAL)]).toEqual(['32.4 km/h', '20.1 mph'])
  expect(kgOfPounds(poundsOf(75))).toBeCloseTo(75)
  for (let cm = 140; cm <= 210; cm++) {
    const { feet, inches } = feetOf(cm / 100)
    expect(Math.abs(metresOfFeet(feet, inches) - cm / 100)).toBeLessThan(0.013)
  }
})
