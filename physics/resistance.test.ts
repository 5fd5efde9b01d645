import { expect, test } from 'vitest'
import { bearingN, dragN, gravityN, resistanceN, ROAD_BIKE, rollingN, shelteredAreaM2 } from './resistance.ts'

/** Martin et al. 1998, worked example: 471.8 m in 56.42 s, grade 0.003, wind 2.94 m/s from 310° riding 340°. */
const massKg = 90
const speedMps = 471.8 / 56.42
const slope = 0.003 / Math.sqrt(1 + 0.003 * 0.003)
const airMps = speedMps + 2.94 * Math.cos((30 * Math.PI) / 180)
const areaM2 = shelteredAreaM2(0.2565, 1)

test('[P1] each component of the worked example is within 0.2 %, the total within 0.3 W', () => {
  const aeroW = dragN(airMps, areaM2, 1.2234) * speedMps
  const rollingW = rollingN(massKg, slope, 0.0032) * speedMps
  const bearingW = bearingN(speedMps) * speedMps
  const gravityW = gravityN(massKg, slope) * speedMps
  const kineticW = (0.5 * (massKg + ROAD_BIKE.inertiaKg) * (8.45 * 8.45 - 8.28 * 8.28)) / 56.42
  const published = [158.8, 23.6, 1.37, 22.1, 2.305]
  ;[aeroW, rollingW, bearingW, gravityW, kineticW].forEach((watts, i) => {
    expect(Math.abs(watts / published[i]! - 1)).toBeLessThan(0.002)
  })
  const againstN = resistanceN(speedMps, airMps, massKg, slope, 0.0032, areaM2, 1.2234)
  expect(Math.abs((againstN * speedMps + kineticW) / ROAD_BIKE.efficiency - 213.3)).toBeLessThan(0.3)
})

test('[P1] a tailwind faster than the rider pushes', () => {
  expect(dragN(-3, 0.3, 1.2)).toBe(-dragN(3, 0.3, 1.2))
  expect(dragN(3, 0.3, 1.2)).toBeCloseTo(0.5 * 1.2 * 0.3 * 9, 12)
})

test('[P1] shelter covers rider and wheels', () => {
  expect(shelteredAreaM2(0.3, 0.5)).toBe((0.3 + 0.0044) * 0.5)
})
