import { expect, test } from 'vitest'
import { plainCourse } from './plain-courses.ts'
import { dragN, effectiveAirMps } from './resistance.ts'
import { CALM, type Weather } from './weather.ts'
import { createRoadWind, toRoad, windOnRoad, windOver } from './wind.ts'

const BLOWING: Weather = { ...CALM, windEastMps: 4, windNorthMps: 3, gustShare: 1 }

/** Along and across the mean wind, as shares of it, at one place and time. */
function gust(tick: number, xM: number, yM: number): [number, number] {
  const { eastMps, northMps } = windOver(BLOWING, tick, xM, yM, { eastMps: 0, northMps: 0 })
  return [(eastMps * 0.8 + northMps * 0.6) / 5 - 1, (northMps * 0.8 - eastMps * 0.6) / 5]
}

test('[P21] wind is turned onto the road as in Martin’s example: 10.91 m/s of air at −7.67°', () => {
  const rad = Math.PI / 180
  const [east, north] = [-2.94 * Math.sin(310 * rad), -2.94 * Math.cos(310 * rad)]
  const wind = toRoad(east, north, Math.sin(340 * rad), Math.cos(340 * rad), createRoadWind())
  const airMps = 471.8 / 56.42 + wind.headMps
  expect(airMps).toBeCloseTo(10.91, 2)
  expect(Math.atan(wind.crossMps / airMps) / rad).toBeCloseTo(-7.67, 1)
})

test('[P21] in yaw the air’s force along the road is CdA (cos²β + 1.2 sin²β) W va, and without side wind va·|va|', () => {
  for (const betaDeg of [0, 5, 10, 15, 30, 60, 89]) {
    const beta = (betaDeg * Math.PI) / 180
    const W = 12
    const [va, vc] = [W * Math.cos(beta), W * Math.sin(beta)]
    const shape = Math.cos(beta) ** 2 + 1.2 * Math.sin(beta) ** 2
    expect(dragN(va, 0.3, 1.2, vc)).toBeCloseTo(0.5 * 1.2 * 0.3 * shape * W * va, 9)
    expect(dragN(va, 0.3, 1.2, -vc)).toBe(dragN(va, 0.3, 1.2, vc))
    expect(dragN(-va, 0.3, 1.2, vc)).toBe(-dragN(va, 0.3, 1.2, vc))
  }
  expect(effectiveAirMps(-7.3, 0)).toBe(7.3)
  expect(dragN(0, 0.3, 1.2, 8)).toBe(0) // Straight from the side: nothing along the road.
})

test('[P22] gusts are a function of tick and place alone, and smooth in both', () => {
  let most = 0
  for (let tick = 0; tick < 4000; tick++) {
    const [now] = gust(tick, 310, 77)
    expect(gust(tick, 310, 77)[0]).toBe(now)
    most = Math.max(most, Math.abs(gust(tick + 1, 310, 77)[0] - now), Math.abs(gust(tick, 310.25, 77)[0] - now))
  }
  expect(most).toBeGreaterThan(0.001)
  expect(most).toBeLessThan(0.02)
})

test('[P22] the spectrum is the documented one: mean 0, swing within the share, σ 0.33 along and 0.26 across, some 57 m long and half as wide', () => {
  let [n, sum, sumAlong2, sumAcross2, most] = [0, 0, 0, 0, 0]
  const lags = [0, 24, 48, 96, 192]
  const products = lags.map(() => 0)
  for (let i = 0; i < 40_000; i++) {
    const [x, y] = [i * 37.7, (i % 211) * 191.3]
    const [along, across] = gust(0, x, y)
    n++
    sum += along
    sumAlong2 += along * along
    sumAcross2 += across * across
    most = Math.max(most, Math.abs(along))
    lags.forEach((lagM, k) => (products[k]! += along * gust(0, x + 0.8 * lagM, y + 0.6 * lagM)[0]))
  }
  expect(Math.abs(sum / n)).toBeLessThan(0.01)
  expect(Math.sqrt(sumAlong2 / n)).toBeGreaterThan(0.31)
  expect(Math.sqrt(sumAlong2 / n)).toBeLessThan(0.35)
  expect(Math.sqrt(sumAcross2 / n) / Math.sqrt(sumAlong2 / n)).toBeCloseTo(0.8, 1)
  expect(most).toBeLessThanOrEqual(1)
  expect(most).toBeGreaterThan(0.75)
  const [, at24, at48, at96, at192] = products.map((product) => product / sumAlong2) as [
    number,
    number,
    number,
    number,
    number,
  ]
  expect(at24).toBeGreaterThan(0.6)
  expect(at48).toBeGreaterThan(0.3)
  expect(at96).toBeLessThan(0.2)
  expect(Math.abs(at192)).toBeLessThan(0.05)
  let [lengthM, widthM] = [-2.5, -2.5]
  for (let lagM = 0; lagM < 200; lagM += 5) {
    let [alongSum, acrossSum, sum2] = [0, 0, 0]
    for (let i = 0; i < 4000; i++) {
      const [x, y] = [i * 377.7, (i % 211) * 191.3]
      const [along] = gust(0, x, y)
      sum2 += along * along
      alongSum += along * gust(0, x + 0.8 * lagM, y + 0.6 * lagM)[0]
      acrossSum += along * gust(0, x - 0.6 * lagM, y + 0.8 * lagM)[0]
    }
    lengthM += (5 * alongSum) / sum2
    widthM += (5 * acrossSum) / sum2
  }
  expect(lengthM).toBeGreaterThan(45)
  expect(lengthM).toBeLessThan(70)
  expect(widthM).toBeGreaterThan(23)
  expect(widthM).toBeLessThan(36)
})

test('[P22] gusts ride on the mean wind: what is here now is 5 m/s · t downwind later', () => {
  for (let s = 1; s < 60; s++) {
    const [here] = gust(0, 200, 500)
    const [there] = gust(20 * s, 200 + 4 * s, 500 + 3 * s)
    expect(there).toBeCloseTo(here, 9)
  }
})

test('[P23] a road gets its share of the wind, from where its direction lets it blow', () => {
  const calm = { weather: CALM, tick: 9 }
  const out = createRoadWind()
  expect(windOnRoad(plainCourse(), 0, calm, out)).toEqual({ headMps: 0, crossMps: 0 })
  const steady = { weather: { ...BLOWING, gustShare: 0 }, tick: 9 }
  // Air goes 4 east, 3 north; riding north it comes from behind and from the left.
  windOnRoad(plainCourse(), 0, steady, out)
  expect([out.headMps, out.crossMps]).toEqual([-3, -4])
  windOnRoad(plainCourse({ windShareAt: () => 0.5, eastAt: () => -1, northAt: () => 0 }), 0, steady, out)
  expect(out.headMps).toBe(2)
  expect(out.crossMps).toBe(-1.5)
})
