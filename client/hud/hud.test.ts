import { expect, test } from 'vitest'
import { en as hudEn } from '../words/hud.en.ts'
import { Announcer } from './announcer.ts'
import { climbLeft, climbsOf, climbTimeS, gradeAhead } from './climbs.ts'
import { gapText } from './figures.ts'
import type { HudRoad } from './hud-road.ts'
import { HUD_DEFAULT, parseSettings } from './settings.ts'

/** 2 km flat, 3 km at 5 %, 1 km flat, 2 km down. */
const heightM = (m: number): number =>
  m < 2000 ? 0 : m < 5000 ? (m - 2000) * 0.05 : m < 6000 ? 150 : 150 - (m - 6000) * 0.05
const road: HudRoad = {
  ...{ name: 'hill', lengthM: 8000, isLap: false, alongM: (m: number) => m, placeAt: (m: number) => m },
  progress: () => '',
  heightAt: heightM,
  slopeAt: (m) => (m < 2000 ? 0 : m < 5000 ? 0.05 : m < 6000 ? 0 : -0.05),
}

test('[U15] a climb is found once, told from 500 m before it, and what is left of it shrinks to its top', () => {
  const climbs = climbsOf(road)
  expect(climbs).toHaveLength(1)
  expect(Math.abs(climbs[0]!.fromM - 2000)).toBeLessThanOrEqual(50)
  expect(Math.abs(climbs[0]!.toM - 5000)).toBeLessThanOrEqual(50)
  expect(climbLeft(climbs, road, 1000)).toBeUndefined()
  expect(climbLeft(climbs, road, 1700)?.isOn).toBe(false)
  const left = climbLeft(climbs, road, 4000)!
  expect(left.leftM).toBeCloseTo(climbs[0]!.toM - 4000, 6)
  expect(left.gradeFraction).toBeCloseTo(0.05, 2)
  const rider = { massKg: 84.5, cdaM2: 0.34, crr: 0.004, airKgpm3: 1.2 }
  const slowS = climbTimeS(left, road, 4000, 150, rider)
  const fastS = climbTimeS(left, road, 4000, 300, rider)
  expect(fastS).toBeLessThan(slowS)
  expect(left.leftM / fastS).toBeGreaterThan(4)
  expect(climbLeft(climbs, road, 4990)).toBeUndefined()
})

test('[U15] the grade ahead is the mean of so many metres, and unknown where the road ends before', () => {
  expect(gradeAhead(road, 1500, 1000)).toBeCloseTo(0.025, 3)
  expect(gradeAhead(road, 7500, 1000)).toBeNaN()
  // Over the line of a lap it goes on at its beginning.
  const lap = { ...road, isLap: true, heightAt: (m: number) => (m < 4000 ? m * 0.01 : 40 - (m - 4000) * 0.01) }
  expect(gradeAhead(lap, 7500, 1000)).toBeCloseTo(0, 6)
  expect(gradeAhead(lap, 7500, 500)).toBeCloseTo(-0.01, 4)
})

test('[U17] at most one sentence in five seconds is said aloud, the newest of a kind', () => {
  const said: string[] = []
  const announcer = new Announcer((sentence) => said.push(sentence))
  announcer.add('lap', 'lap 1')
  announcer.work(0)
  announcer.add('junction', 'in 200 m')
  announcer.add('junction', 'in 100 m')
  announcer.add('lap', 'lap 2')
  for (let s = 0.1; s < 4.9; s += 0.1) announcer.work(s)
  expect(said).toEqual(['lap 1'])
  announcer.work(5)
  announcer.work(5.1)
  announcer.work(10)
  announcer.work(20)
  expect(said).toEqual(['lap 1', 'in 100 m', 'lap 2'])
})

test('[U18] what the browser kept is checked: anything else is as it was at first', () => {
  for (const bad of [null, '', '[]', 'null', '{"panels":7,"keys":[1]}', '{"wPrimeJ":1e9,"friends":"x"}'])
    expect(parseSettings(bad)).toEqual(HUD_DEFAULT)
  const kept = parseSettings(
    '{"panels":{"map":"off"},"map":"whole","isFar":true,"keys":{"lap":"KeyJ","x":"<b>"},"wPrimeJ":18000}',
  )
  expect(kept.panels).toEqual({ ...HUD_DEFAULT.panels, map: 'off' })
  expect(kept).toMatchObject({ map: 'whole', isFar: true, keys: { lap: 'KeyJ' }, wPrimeJ: 18000 })
})

test('[U10] gaps are told in tenths below a minute', () => {
  expect([-2.34, 0.04, 59.94, 59.96, 64].map(gapText)).toEqual(['−2.3', '0.0', '+59.9', '+1:00', '+1:04'])
})

test('[U30] there are eight quick messages, told by number', () => {
  expect(hudEn.quick).toHaveLength(8)
  expect(new Set(hudEn.quick).size).toBe(8)
})
