import { expect, test } from 'vitest'
import { bend, roundCorners, straight, tangentRatio, walk } from './alignment.ts'
import { junction } from './junction.ts'
import { RoadPlan } from './road.ts'

const ORIGIN = { x: 0, y: 0, headingRad: 0 }

test('[M45] a bend turns by its angle, is as tight as it says, and its curvature has no jump', () => {
  const line = walk(ORIGIN, [straight(40), ...bend(25, Math.PI / 2), straight(40)])
  expect(line.at(Infinity).headingRad).toBeCloseTo(Math.PI / 2, 9)
  let before = 0
  let most = 0
  for (let s = 0; s <= line.lengthM; s += 0.25) {
    const { bendPerM } = line.at(s)
    expect(Math.abs(bendPerM - before)).toBeLessThan(0.0012)
    before = bendPerM
    most = Math.max(most, bendPerM)
  }
  expect(1 / most).toBeCloseTo(25, 6)
})

test('[M45] a place along the line is the end of the way to it, however it is cut', () => {
  const pieces = [...bend(30, 2), straight(7.3), ...bend(12, -2.9)]
  const line = walk(ORIGIN, pieces)
  // Fine steps of the heading alone are the second opinion.
  let [x, y] = [0, 0]
  const steps = 200_000
  for (let i = 0; i < steps; i++) {
    const { headingRad } = line.at(((i + 0.5) * line.lengthM) / steps)
    x += (Math.cos(headingRad) * line.lengthM) / steps
    y += (Math.sin(headingRad) * line.lengthM) / steps
  }
  const end = line.at(Infinity)
  expect(end.x).toBeCloseTo(x, 6)
  expect(end.y).toBeCloseTo(y, 6)
})

test('[M45] rounded corners lead from the first place to the last, along their legs', () => {
  const corners = [
    { x: 0, y: 0 },
    { x: 200, y: 20, radiusM: 30 },
    { x: 260, y: 240 },
    { x: 40, y: 300 },
    { x: 10, y: 520 },
  ]
  const { pieces, stationsM } = roundCorners(corners)
  const line = walk({ x: 0, y: 0, headingRad: Math.atan2(20, 200) }, pieces)
  const end = line.at(Infinity)
  expect([end.x, end.y]).toEqual([expect.closeTo(10, 6), expect.closeTo(520, 6)])
  expect(stationsM.at(-1)).toBeCloseTo(line.lengthM, 6)
  // Abreast of its corner a bend is nearest to it.
  const middle = line.at(stationsM[1]!)
  expect(1 / Math.abs(middle.bendPerM)).toBeCloseTo(30, 6)
})

test('[M45] the tangent of an arc of 90° is its radius, and a clothoid needs a little more', () => {
  expect(tangentRatio(Math.PI / 2)).toBeGreaterThan(1)
  expect(tangentRatio(Math.PI / 2)).toBeLessThan(1.6)
  expect(tangentRatio(0)).toBe(0)
})

test('[M45] a bend that does not fit is a sentence with its place', () => {
  const here = junction('here', 'Here', 0, 0, 10)
  const there = junction('there', 'There', 100, 30, 12)
  const plan = () => new RoadPlan('lane', 'Lane', 1).from(here).to(50, 0, { radiusM: 400 }).until(there)
  expect(plan).toThrow(/road lane: the bends at \(0, 0\) and \(50, 0\) need \d+\.\d m more/)
  const back = () =>
    new RoadPlan('lane', 'Lane', 1)
      .from(here)
      .to(50, 0)
      .until(junction('back', 'Back', 0, 1, 10))
  expect(back).toThrow(/turns back on itself/)
})

test('[M46] a road meets the height and the plane of every junction, whatever was wished between', () => {
  const low = junction('low', 'Low', 0, 0, 100)
  const middle = junction('middle', 'Middle', 900, 100, 153.21)
  const high = junction('high', 'High', 1800, 900, 201.987)
  const main = new RoadPlan('main', 'Main', 7)
    .from(low, 0)
    .climb(9, { easingTo: 3, overM: 400 })
    .to(500, -80)
    .climb(-2)
    .through(middle, 20)
    .climb(7)
    .to(1400, 300)
    .until(high, 80)
    .build()
  for (const { atM, junction: place } of main.junctions) {
    expect(main.profile.heightAt(atM)).toBeCloseTo(place.z!, 6)
    const { x, y, headingRad } = main.at(atM)
    expect([x, y]).toEqual([expect.closeTo(place.x, 6), expect.closeTo(place.y, 6)])
    const along = place.tilt!.x * Math.cos(headingRad) + place.tilt!.y * Math.sin(headingRad)
    expect(main.profile.gradeAt(Math.min(main.lengthM - 1, atM + 1))).toBeCloseTo(along, 6)
  }
  // A side road leaves in the same plane.
  const side = new RoadPlan('side', 'Side', 7)
    .from(middle, 110)
    .to(850, 400)
    .until(junction('end', 'End', 700, 700, 170))
    .build()
  const out = side.at(0).headingRad
  expect(side.profile.gradeAt(1)).toBeCloseTo(middle.tilt!.x * Math.cos(out) + middle.tilt!.y * Math.sin(out), 6)
})

test('[M46] grade is eased: it changes by less than 0.5 % from metre to metre', () => {
  const start = junction('start', 'Start', 0, 0, 500)
  const road = new RoadPlan('steps', 'Steps', 3).from(start, 0)
  for (const percent of [0, 12, -8, 15, 3]) road.climb(percent).straight(180)
  const { profile, lengthM } = road.build()
  for (let s = 0.5; s < lengthM - 1; s++)
    expect(Math.abs(profile.gradeAt(s + 1) - profile.gradeAt(s))).toBeLessThan(0.005)
})
