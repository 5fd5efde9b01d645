import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { gradeFromSlope, type Course } from '#physics/course'
import { bakeMap, bakeRoad } from './bake.ts'
import { encodeCourse } from './course-write.ts'
import { BakedCourse, createRoadPoint } from './course.ts'
import { HEIGHT_UNIT_M, SLOPE_UNIT, type Point } from './format.ts'
import { loadWorld } from './load.ts'
import { parseMap } from './parse.ts'

const folder = new URL('worlds/sorrelmere/', import.meta.url)
const mapJson: unknown = JSON.parse(readFileSync(new URL('map.json', folder), 'utf8'))
const courseBytes = new Uint8Array(readFileSync(new URL('course.bin', folder)))
const loaded = loadWorld(mapJson, courseBytes)
if (!loaded.ok) throw new Error(loaded.error.join('; '))
const { map, course } = loaded.value
const { columns } = course

test('[M1] course.bin of the first road is what its map.json bakes to', () => {
  const parsed = parseMap(mapJson)
  expect(parsed.ok).toBe(true)
  const baked = parsed.ok ? bakeMap(parsed.value) : parsed
  expect(baked.ok && Buffer.from(encodeCourse(baked.value)).equals(courseBytes)).toBe(true)
})

test('[M2] height is the exact sum of slopes, and a lap ends at the height it began', () => {
  let count = columns.heightCount[0]!
  for (let i = 0; i < columns.count; i++) {
    expect(columns.heightCount[i]).toBe(count)
    count += columns.slopeCount[i]! + columns.slopeCount[(i + 1) % columns.count]!
  }
  expect(count).toBe(columns.heightCount[0])
})

test('[M2] between samples height is the integral of slope', () => {
  for (const atM of [0, 3999.3, 5000.75, 12611.5]) {
    let sumM = 0
    for (let k = 0; k < 1000; k++) sumM += course.slopeAt(atM + (k + 0.5) / 1000) / 1000
    expect(course.heightAt(atM + 1) - course.heightAt(atM)).toBeCloseTo(sumM, 8)
  }
})

test('[M3] every finite distance is a place, and laps are the same road', () => {
  const point = createRoadPoint()
  const far = [
    0,
    -0,
    -1e-17,
    1e-300,
    -1,
    12612,
    12611.999999999998,
    25224,
    -12612,
    1e9 + 0.25,
    -1e15,
    1e300,
    -1e308,
    Number.MAX_VALUE,
  ]
  for (const atM of far) {
    const place: Course = course
    for (const value of [place.slopeAt(atM), place.heightAt(atM), place.crrAt(atM), place.widthAt(atM)])
      expect(Number.isFinite(value)).toBe(true)
    expect(Object.values(course.at(atM, point)).every(Number.isFinite)).toBe(true)
    expect(course.onLapM(atM)).toBeGreaterThanOrEqual(0)
    expect(course.onLapM(atM)).toBeLessThan(course.lengthM)
  }
  for (let atM = 0; atM < course.lengthM; atM += 97.25) {
    expect(course.heightAt(atM + 3 * course.lengthM)).toBe(course.heightAt(atM))
    expect(course.slopeAt(atM - course.lengthM)).toBe(course.slopeAt(atM))
  }
  expect([course.lapsAt(-1), course.lapsAt(0), course.lapsAt(12612), course.lapsAt(12611.9)]).toEqual([-1, 0, 1, 0])
})

test('[M3] nothing jumps where a lap ends', () => {
  const before = { ...course.at(course.lengthM - 1e-6, createRoadPoint()) }
  const after = course.at(course.lengthM + 1e-6, createRoadPoint())
  for (const key of ['xM', 'yM', 'zM', 'dx', 'dy', 'slope', 'widthM', 'curvaturePerM'] as const)
    expect(after[key]).toBeCloseTo(before[key], 4)
})

test('[M4] the drawn road is as long as the ridden one within 0.1 %, and its tangent is its direction', () => {
  const point = createRoadPoint()
  let { xM, yM, zM } = course.at(0, point)
  let drawnM = 0
  for (let k = 1; k <= course.lengthM * 4; k++) {
    const next = course.at(k / 4, point)
    const stepM = Math.hypot(next.xM - xM, next.yM - yM, next.zM - zM)
    drawnM += stepM
    const forward = ((next.xM - xM) * next.dx + (next.yM - yM) * next.dy) / Math.hypot(next.xM - xM, next.yM - yM)
    expect(forward).toBeGreaterThan(0.999)
    ;({ xM, yM, zM } = next)
  }
  expect(Math.abs(drawnM / course.lengthM - 1)).toBeLessThan(0.001)
})

test('[M5] grade changes by less than 1 % a metre, and no bend is tighter than 12 m', () => {
  const point = createRoadPoint()
  let lastGrade = gradeFromSlope(course.slopeAt(0))
  for (let atM = 1; atM <= course.lengthM; atM++) {
    const { slope, curvaturePerM } = course.at(atM, point)
    expect(Math.abs(gradeFromSlope(slope) - lastGrade)).toBeLessThan(0.01)
    expect(Math.abs(curvaturePerM)).toBeLessThan(1 / 12)
    lastGrade = gradeFromSlope(slope)
  }
})

test('[M6] the first road is a loop of 8 to 14 km with a climb of 150 m and more, a descent, a flat and rough ground', () => {
  expect(course.isLoop).toBe(true)
  expect(course.lengthM).toBeGreaterThan(8000)
  expect(course.lengthM).toBeLessThan(14_000)
  const climb = map.segments.find(({ id }) => id === 'larkstair')!
  expect(course.heightAt(climb.toM) - course.heightAt(climb.fromM)).toBeGreaterThan(150)
  const slopes = Array.from({ length: course.lengthM }, (_, atM) => course.slopeAt(atM))
  expect(slopes.filter((slope) => slope > 0.05 && slope < 0.09).length).toBeGreaterThan(1500)
  expect(slopes.filter((slope) => slope < -0.04).length).toBeGreaterThan(2000)
  expect(slopes.filter((slope) => Math.abs(slope) < 0.01).length).toBeGreaterThan(2000)
  expect(new Set(Array.from(columns.surface)).size).toBe(4)
  expect(map.licence).toBe('CC-BY-4.0')
})

test('[M7] a circle bends as its radius says, to the right where it runs clockwise', () => {
  const circle: Point[] = Array.from({ length: 12 }, (_, k) => {
    const angle = (-2 * Math.PI * k) / 12
    return [50 * Math.cos(angle), 50 * Math.sin(angle), 100]
  })
  const baked = bakeRoad({ points: circle, isLoop: true, widthM: 6, crr: 0.004 })
  if (!baked.ok) throw new Error(baked.error[0])
  const round = new BakedCourse(baked.value)
  expect(round.lengthM).toBe(314)
  for (let atM = 0; atM < 314; atM++) {
    expect(round.at(atM, createRoadPoint()).curvaturePerM).toBeCloseTo(1 / 50, 3)
    expect(round.heightAt(atM)).toBeCloseTo(100, 1)
  }
})

test('[M7] a straight ramp has its ends: beyond them the road goes on nowhere', () => {
  const points: Point[] = [0, 100, 200, 300].map((x) => [x, 0, 0.05 * x])
  const baked = bakeRoad({ points, isLoop: false, widthM: 6, crr: 0.004 })
  if (!baked.ok) throw new Error(baked.error[0])
  const ramp = new BakedCourse(baked.value)
  expect(ramp.lengthM).toBe(300)
  expect(ramp.heightAt(300) - ramp.heightAt(0)).toBeCloseTo(300 * (0.05 / Math.sqrt(1.0025)), 1)
  expect(ramp.heightAt(999)).toBe(ramp.heightAt(300))
  expect(ramp.heightAt(-5)).toBe(ramp.heightAt(0))
  expect(gradeFromSlope(ramp.slopeAt(150))).toBeCloseTo(0.05, 4)
})

test('[M7] units belong together: a metre at slope one unit climbs two height units', () => {
  expect(SLOPE_UNIT).toBe(2 * HEIGHT_UNIT_M)
})

test('[M8] what cannot be baked is a sentence: twins, a stub, a cliff, a planet', () => {
  const bake = (points: Point[]) => bakeRoad({ points, isLoop: false, widthM: 6, crr: 0.004 })
  const cases: [Point[], RegExp][] = [
    [
      [
        [0, 0, 0],
        [0, 0, 0],
        [200, 0, 0],
        [300, 0, 0],
      ],
      /points\[0\]: the next point is the same place/,
    ],
    [
      [
        [0, 0, 0],
        [9, 0, 0],
        [20, 0, 0],
        [30, 0, 0],
      ],
      /30\.0 m long; at least 100 m/,
    ],
    [
      [
        [0, 0, 0],
        [100, 0, 0],
        [200, 0, 90],
        [300, 0, 90],
      ],
      /steeper than 30 %/,
    ],
    [
      [
        [0, 0, 0],
        [9e4, 0, 0],
        [0, 9e4, 0],
        [9e4, 9e4, 0],
        [0, 9e4, 0],
      ],
      /longer than 360 km/,
    ],
  ]
  for (const [points, sentence] of cases) {
    const baked = bake(points)
    expect(baked.ok ? '' : baked.error.join('; ')).toMatch(sentence)
  }
})
