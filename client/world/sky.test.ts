import { expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { addSkySpell, type Sky, type SkySpell } from '#physics/sky'
import { CALM, WeatherLog } from '#physics/weather'
import { FAIR_MORNING, skyAt } from './sky.ts'

const FAIR: Sky = {
  ...{ hourH: 9, dayPace: 6, cloudShare: 0.2, hazeShare: 0.1, rainShare: 0, wetShare: 0, snowLineM: 2000 },
}
const RAIN: Sky = { ...FAIR, hourH: 12, cloudShare: 1, rainShare: 0.8, wetShare: 1, snowLineM: 1200 }
const log = new WeatherLog(CALM)
const HOUR_TICKS = 72_000

test('[V40] the hour runs on by the pace of the day, past midnight too, and stands still at none', () => {
  const spells = [{ fromTick: 0, easeTicks: 0, sky: FAIR }]
  expect(skyAt(spells, log, HOUR_TICKS).hourH).toBeCloseTo(15, 9)
  expect(skyAt(spells, log, 3 * HOUR_TICKS).hourH).toBeCloseTo(3, 9)
  const still = [{ fromTick: 0, easeTicks: 0, sky: { ...FAIR, dayPace: 0 } }]
  expect(skyAt(still, log, 5 * HOUR_TICKS).hourH).toBe(9)
  expect(skyAt([], log, 7)).toEqual({ ...FAIR_MORNING, tick: 7 })
})

test('[V40] a change comes by and by: nothing jumps, and the clock goes the short way round', () => {
  const spells: SkySpell[] = [
    { fromTick: 0, easeTicks: 0, sky: { ...FAIR, hourH: 22, dayPace: 0 } },
    { fromTick: 1000, easeTicks: 400, sky: { ...RAIN, hourH: 2, dayPace: 0 } },
    { fromTick: 1200, easeTicks: 600, sky: { ...FAIR, hourH: 9, dayPace: 0 } },
  ]
  expect(skyAt(spells, log, 1000)).toMatchObject({ hourH: 22, rainShare: 0, cloudShare: 0.2 })
  expect(skyAt(spells.slice(0, 2), log, 1400)).toMatchObject({ hourH: 2, rainShare: 0.8, wetShare: 1, snowLineM: 1200 })
  let before = skyAt(spells, log, 999)
  for (let tick = 1000; tick < 1900; tick++) {
    const now = skyAt(spells, log, tick)
    expect(Math.abs(now.rainShare - before.rainShare)).toBeLessThan(0.005)
    expect(Math.abs(now.snowLineM - before.snowLineM)).toBeLessThan(5)
    const turned = now.hourH - before.hourH
    expect(Math.abs(turned - 24 * Math.round(turned / 24))).toBeLessThan(0.06)
    before = now
  }
  expect(before).toMatchObject({ hourH: 9, rainShare: 0 })
  const halfWay = skyAt(spells, log, 1200).rainShare
  expect(halfWay).toBeCloseTo(0.4, 9)
})

test('[V40] who comes late has the same sky: spells that are over are dropped without a trace', () => {
  const random = createRandom(40)
  const all: SkySpell[] = []
  const kept: SkySpell[] = []
  for (let n = 0; n < 40; n++) {
    const tick = n * 500
    // Each is wholly there before the next is announced, as the fronts of a room are.
    const sky = {
      ...FAIR,
      hourH: (9 + tick / 12_000) % 24,
      cloudShare: random.fraction(),
      rainShare: random.fraction(),
    }
    const spell = { fromTick: tick + 100, easeTicks: 300, sky }
    all.push(spell)
    addSkySpell(kept, spell, tick)
    for (const at of [tick, tick + 100, tick + 250, tick + 499]) {
      const [late, early] = [skyAt(kept, log, at), skyAt(all, log, at)]
      if (at >= all[0]!.fromTick) expect(late.cloudShare).toBe(early.cloudShare)
      if (at >= all[0]!.fromTick) expect(late.rainShare).toBe(early.rainShare)
    }
  }
  expect(kept).toHaveLength(2)
})
