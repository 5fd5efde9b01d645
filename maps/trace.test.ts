import { expect, test } from 'vitest'
import { distanceM, gainM, traceRoad, type TracePoint } from './trace.ts'

const options = { widthM: 6, crr: 0.004 }
const METRES_PER_DEGREE = 111_195.08

/** A road north-east up a hill of 4 %, a point every 20 m, with what is asked for added. */
function hill(points: number, change: (i: number) => Partial<TracePoint> = () => ({})): TracePoint[] {
  return Array.from({ length: points }, (_, i) => ({
    latDeg: 47 + (i * 20) / METRES_PER_DEGREE,
    lonDeg: 8,
    heightM: 400 + 0.8 * i,
    ...change(i),
  }))
}

test('[M13] a degree of latitude is 111.2 km, and a short way keeps its digits', () => {
  const at = (latDeg: number, lonDeg: number) => ({ latDeg, lonDeg, heightM: 0 })
  expect(distanceM(at(46, 8), at(47, 8))).toBeCloseTo(METRES_PER_DEGREE, 0)
  expect(distanceM(at(47, 8), at(47.000001, 8))).toBeCloseTo(0.1112, 4)
})

test('[M14] hysteresis: a reference moves only by 5 m and more, and its upward moves are summed', () => {
  expect(gainM([100, 104.9, 100, 104.9, 100], 5)).toBe(0)
  expect(gainM([100, 105, 101, 106, 100, 106], 5)).toBe(11)
  expect(gainM([100, 103, 101, 108], 5)).toBe(8)
  expect(gainM([100, 103, 101, 108], 0)).toBe(10)
  expect(gainM([], 5)).toBe(0)
})

test('[M15] a recorded hill becomes a road of its length and gain', () => {
  const road = traceRoad(hill(201), options)
  if (!road.ok) throw new Error(road.error[0])
  expect(road.value.report).toMatchObject({ points: 201, spikes: 0, isLoop: false })
  expect(road.value.report.lengthM).toBeCloseTo(4000, 0)
  expect(road.value.report.gainRawM).toBeCloseTo(160, 6)
  expect(Math.abs(road.value.report.bakedLengthM / Math.hypot(4000, 160) - 1)).toBeLessThan(0.003)
  expect(Math.abs(road.value.report.bakedGainM / 160 - 1)).toBeLessThan(0.06)
  expect(road.value.report.bakedGradeMax).toBeCloseTo(0.04, 2)
})

test('[M15] spikes, twins and missing heights leave the road as it was', () => {
  const clean = traceRoad(hill(201), options)
  const dirty = traceRoad(
    hill(201, (i) => (i === 50 ? { lonDeg: 8.01 } : i % 3 === 1 ? { heightM: undefined } : {})).flatMap((point, i) =>
      i % 5 === 0 ? [point, point] : [point],
    ),
    options,
  )
  if (!clean.ok || !dirty.ok) throw new Error('not baked')
  expect(dirty.value.report.spikes).toBe(1)
  expect(Math.abs(dirty.value.report.bakedLengthM - clean.value.report.bakedLengthM)).toBeLessThanOrEqual(1)
  expect(dirty.value.report.bakedGradeMax).toBeCloseTo(clean.value.report.bakedGradeMax, 2)
})

test('[M15] a track that comes back is welded into a loop that closes in height', () => {
  const ring = Array.from({ length: 120 }, (_, i) => ({
    latDeg: 47 + (500 / METRES_PER_DEGREE) * Math.sin((2 * Math.PI * i) / 119.5),
    lonDeg: 8 + (500 / METRES_PER_DEGREE / Math.cos((47 * Math.PI) / 180)) * Math.cos((2 * Math.PI * i) / 119.5),
    heightM: 500 + 20 * Math.sin((2 * Math.PI * i) / 119.5) + i * 0.03,
  }))
  const road = traceRoad(ring, options)
  if (!road.ok) throw new Error(road.error[0])
  const { columns, report } = road.value
  expect(report.isLoop).toBe(true)
  expect(columns.slopeCount.reduce((sum, count) => sum + count, 0)).toBe(0)
  expect(Math.abs(report.bakedLengthM / (1000 * Math.PI) - 1)).toBeLessThan(0.01)
  expect(report.bakedRadiusMinM).toBeGreaterThan(100)
})

test('[M15] what cannot be a road is a sentence', () => {
  expect(traceRoad([], options).ok).toBe(false)
  expect(
    traceRoad(
      hill(2, () => ({ latDeg: 47 })),
      options,
    ).ok,
  ).toBe(false)
  expect(traceRoad(hill(4), options)).toMatchObject({ ok: false })
})

test('[M15] one point on another continent is a sentence, and quickly', () => {
  const road = traceRoad(
    hill(201, (i) => (i > 100 ? { latDeg: -40 } : {})),
    options,
  )
  expect(road.ok ? '' : road.error[0]).toMatch(/^the points span \d+ km; up to 170 km are baked$/)
})
