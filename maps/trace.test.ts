import { describe, expect, test } from 'vitest'
import { fitCourseOf } from '#test/support/fit'
import { curve, legs, recorded, ride, type Drawn } from '#test/support/recorded'
import { readTrack } from '#server/import/track'
import { bakeMap } from './bake.ts'
import { encodeCourse } from './course-write.ts'
import { loadWorld } from './load.ts'
import { distanceM, gainM, type TracePoint } from './trace-measure.ts'
import { mapIdOf, mapText, recordedMap } from './trace-map.ts'
import { traceRoad, type TracedRoad } from './trace.ts'

const OPTIONS = { widthM: 6, crr: 0.004 }
const METRES_PER_DEGREE = 111_195.08
const GAIN_SMALL_M = 150

function roadOf(trace: readonly TracePoint[], options: object = {}): TracedRoad {
  const road = traceRoad(trace, { ...OPTIONS, ...options })
  if (!road.ok) throw new Error(road.error[0])
  return road.value
}

const made = (drawn: readonly Drawn[], options: object = {}) => roadOf(recorded(drawn), options)
const refusal = (trace: readonly TracePoint[], options: object = {}) => {
  const road = traceRoad(trace, { ...OPTIONS, ...options })
  return road.ok ? 'a road' : road.error.join('; ')
}
const repair = ({ report }: TracedRoad, kind: string) => report.repairs.find((one) => one.kind === kind)

/** What every made road is, whatever it was made of. */
function expectRidable({ columns, report }: TracedRoad): void {
  const { road, mended } = report
  expect(Math.abs(road.lengthM / mended.lengthM - 1)).toBeLessThan(0.003)
  expect(Math.abs(road.length3dM / mended.length3dM - 1)).toBeLessThan(0.003)
  // Gain moves in steps of 5 m; on a flat road one of them is more than 3 %.
  const gainMissMaxM = mended.gain5mM > GAIN_SMALL_M ? 0.03 * mended.gain5mM : 5.1
  expect(Math.abs(road.gain5mM - mended.gain5mM)).toBeLessThanOrEqual(gainMissMaxM)
  expect(road.radiusMinM).toBeGreaterThanOrEqual(6)
  expect(road.gradeStepMaxPerM).toBeLessThan(0.01)
  expect(road.gradeMax).toBeLessThan(0.26)
  expect(columns.ways).toHaveLength(1)
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

describe('[M50] [M51] [M52] [M53] length, gain, grade and radius of a made road', () => {
  test('a straight climb of 4 % is itself', () => {
    const road = made(
      legs(
        [
          [0, 0],
          [4000, 0],
        ],
        20,
        (m) => 400 + 0.04 * m,
      ),
    )
    expectRidable(road)
    const { source, road: measured, heightScale, repairs } = road.report
    expect(source.lengthM).toBeCloseTo(4000, 0)
    expect(source.length3dM).toBeCloseTo(4003.2, 0)
    expect(source.gainRawM).toBeCloseTo(160, 6)
    expect(measured.gradeMax).toBeCloseTo(0.04, 2)
    expect(heightScale).toBeCloseTo(1, 2)
    expect(repairs.map(({ kind }) => kind)).toEqual(['heights-smoothed'])
  })

  test('an hour at 1 Hz with the errors of a real receiver', () => {
    const road = made(ride(3600))
    expectRidable(road)
    expect(road.report.repairs.map(({ kind }) => kind)).toEqual(['heights-smoothed'])
    expect(road.report.road.lengthM).toBeGreaterThan(20_000)
  })

  test('corners and hairpins that were drawn with a point at the corner', () => {
    const hairpins = made(
      legs(
        Array.from({ length: 24 }, (_, k) => [(k + 1) % 4 < 2 ? 0 : 250, 25 * (k >> 1)] as const),
        25,
        (m) => 400 + 0.06 * m,
      ),
    )
    expectRidable(hairpins)
  })

  test('hairpins whose legs are six metres apart grow round, the length kept', () => {
    const corners = Array.from({ length: 24 }, (_, k) => [(k + 1) % 4 < 2 ? 0 : 300, 6 * (k >> 1)] as const)
    const road = made(legs(corners, 10, (m) => 400 + 0.07 * m))
    expectRidable(road)
    expect(repair(road, 'bends-widened')).toMatchObject({ count: 11 })
  })

  test('steps of ten metres in height become ramps of no more than 25 %', () => {
    const road = made(
      legs(
        [
          [0, 0],
          [5000, 0],
        ],
        20,
        (m) => 400 + 10 * Math.round(m / 500),
      ),
    )
    expectRidable(road)
    expect(repair(road, 'grade-limited')).toMatchObject({ count: 10 })
  })
})

describe('[M57] a path that crosses or reuses itself is ridden in its order', () => {
  test('a figure of eight', () => {
    const road = made(
      curve(400, (f) => ({
        x: 800 * Math.sin(2 * Math.PI * f),
        y: 400 * Math.sin(4 * Math.PI * f),
        z: 500 + 40 * Math.sin(2 * Math.PI * f),
      })),
    )
    expectRidable(road)
    expect(road.isLoop).toBe(true)
  })

  test('out and back over the same road, with a turn that one can ride at the far end', () => {
    const road = made(
      legs(
        [
          [0, 0],
          [1500, 0],
          [3000, 500],
          [1500, 0],
          [0, 0],
        ],
        20,
        (m) => 500 + 0.03 * Math.min(m, 6162 - m),
      ),
    )
    expectRidable(road)
    // Closing it would ask for a second turn that nobody rode.
    expect(road.isLoop).toBe(false)
    expect(repair(road, 'bends-widened')).toMatchObject({ count: 1 })
  })

  test('two rounds of one circle are a loop of two rounds', () => {
    const road = made(
      curve(600, (f) => ({
        x: 300 * Math.cos(4 * Math.PI * f),
        y: 300 * Math.sin(4 * Math.PI * f),
        z: 500 + 22 * Math.sin(4 * Math.PI * f),
      })),
    )
    expectRidable(road)
    expect(road.report.road.lengthM).toBeCloseTo(1200 * Math.PI, -1)
  })
})

describe('[M56] ends that meet are a loop', () => {
  const ring = (shareRidden: number, driftM = 0) =>
    curve(300, (f) => ({
      x: 500 * Math.cos(2 * Math.PI * f * shareRidden),
      y: 500 * Math.sin(2 * Math.PI * f * shareRidden),
      z: 500 + 23 * Math.sin(4 * Math.PI * f) + driftM * f,
    }))

  test('the missing piece is added and said, the height it drifted is shared out', () => {
    const road = made(ring(0.99, 6))
    expectRidable(road)
    expect(road.isLoop).toBe(true)
    const closed = repair(road, 'loop-closed')!
    expect(closed).toMatchObject({ count: 1, firstPoint: 300 })
    expect(closed.what).toMatch(/^41\.\d m of road added, 5\.\d m of height shared out$/)
    expect(road.report.mended.lengthM / road.report.source.lengthM).toBeGreaterThan(1.01)
    expect(road.columns.slopeCount.reduce((sum, count) => sum + count, 0)).toBe(0)
  })

  test('a gap too wide, or an end on another floor, stays open', () => {
    expect(made(ring(0.95)).isLoop).toBe(false)
    expect(made(ring(0.99, 60)).isLoop).toBe(false)
  })
})

describe('[M54] what is put right in places is said: how often, and where first', () => {
  const clean = ride(1200)
  const plain = made(clean)
  const sameRoad = (road: TracedRoad) => {
    expectRidable(road)
    expect(Math.abs(road.report.road.lengthM / plain.report.road.lengthM - 1)).toBeLessThan(0.003)
  }

  test('twins and a spike', () => {
    const dirty = clean.flatMap((point, i) =>
      i === 700 ? [point, { ...point, y: point.y + 400 }] : i % 5 === 0 ? [point, point] : [point],
    )
    const road = made(dirty)
    sameRoad(road)
    expect(repair(road, 'twins')).toMatchObject({ count: 239, firstPoint: 2, firstAtM: 0 })
    expect(repair(road, 'position-spikes')).toMatchObject({ count: 1, firstPoint: 842 })
  })

  test('a clock that runs backwards: the order of the file stays where it is the way', () => {
    const trace = recorded(clean).map((point, i) => (i === 600 ? { ...point, timeMs: 0 } : point))
    const road = roadOf(trace)
    sameRoad(road)
    expect(repair(road, 'clock-backwards')).toMatchObject({ count: 1, firstPoint: 601 })
  })

  test('… and the order of the clock where the file is shuffled', () => {
    const trace = recorded(clean)
    const road = roadOf([...trace.slice(800), ...trace.slice(0, 800)])
    sameRoad(road)
    expect(repair(road, 'clock-backwards')!.what).toBe('put in the order of their clock')
  })

  test('several segments are joined, and a long gap is bridged', () => {
    const road = made(
      clean.filter((_, i) => i < 500 || i >= 600),
      { segmentStarts: [0, 500] },
    )
    expectRidable(road)
    expect(repair(road, 'segments-joined')).toMatchObject({ count: 1, firstPoint: 501 })
    const gap = made(clean.filter((_, i) => i < 500 || i >= 600))
    expect(repair(gap, 'gaps-bridged')).toMatchObject({ count: 1, firstPoint: 501 })
  })

  test('a receiver that stood still for five minutes', () => {
    const stood = Array.from({ length: 300 }, (_, i) => ({
      ...clean[400]!,
      x: clean[400]!.x + 5 * Math.sin(i * 2.4),
      y: clean[400]!.y + 5 * Math.cos(i * 1.7),
    }))
    const road = made([...clean.slice(0, 401), ...stood, ...clean.slice(401)])
    sameRoad(road)
    expect(repair(road, 'tangles')).toMatchObject({ count: 1 })
  })

  test('noise that zig-zags more tightly than any road is smoothed, and what it cost in length is said', () => {
    const noisy = clean.map((point, i) => ({ ...point, y: point.y + 2.5 * Math.sin(i * 2.2) }))
    const road = made(noisy)
    expectRidable(road)
    expect(repair(road, 'noise-smoothed')!.what).toMatch(/: \d+ m taken out$/)
    expect(Math.abs(road.report.road.lengthM / plain.report.road.lengthM - 1)).toBeLessThan(0.02)
  })
})

describe('[M55] what is put right in heights is said', () => {
  const clean = ride(1200)
  const plain = made(clean)
  const sameProfile = (road: TracedRoad) => {
    expectRidable(road)
    const heights = (one: TracedRoad) => one.columns.heightCount.map((count) => Math.round(count / 131_072))
    const [a, b] = [heights(road), heights(plain)]
    for (let m = 0; m < Math.min(a.length, b.length); m += 50) expect(Math.abs(a[m]! - b[m]!)).toBeLessThan(12)
  }

  test('missing ones, here and there and for a while', () => {
    const road = made(
      clean.map((point, i) => (i % 3 === 1 || (i > 600 && i < 640) ? { ...point, z: undefined } : point)),
    )
    sameProfile(road)
    expect(repair(road, 'heights-missing')).toMatchObject({ count: 426, firstPoint: 2 })
  })

  test('spikes up and down, two in a row, and the zeros of a recorder that knew none', () => {
    const road = made(
      clean.map((point, i) =>
        i === 300 || i === 301
          ? { ...point, z: point.z! + 120 }
          : i === 500
            ? { ...point, z: -400 }
            : i >= 800 && i < 860
              ? { ...point, z: 0 }
              : point,
      ),
    )
    sameProfile(road)
    expect(repair(road, 'height-spikes')).toMatchObject({ count: 63, firstPoint: 301 })
  })

  test('none at all: a level road, and it is said', () => {
    const road = made(clean.map((point) => ({ ...point, z: undefined })))
    expectRidable(road)
    expect(road.report.road.gradeMax).toBe(0)
    expect(repair(road, 'heights-missing')!.what).toBe('none in the file: a level road')
  })
})

test('[M58] one course as GPX and as FIT is one road: length and gain within 0.2 %', () => {
  for (const drawn of [
    ride(1500),
    legs(
      [
        [0, 0],
        [900, 100],
        [950, 900],
        [100, 950],
      ],
      30,
      (m) => 300.07 + 0.05 * m + 9 * Math.sin(m / 90),
    ),
  ]) {
    const points = recorded(drawn)
    const gpx = `<gpx><trk><trkseg>${points
      .map(
        ({ latDeg, lonDeg, heightM }) =>
          `<trkpt lat="${latDeg.toFixed(8)}" lon="${lonDeg.toFixed(8)}"><ele>${heightM!.toFixed(2)}</ele></trkpt>`,
      )
      .join('\n')}</trkseg></trk></gpx>`
    const fit = fitCourseOf(
      'course',
      points.map((point, atS) => ({ atS, latDeg: point.latDeg, lonDeg: point.lonDeg, heightM: point.heightM! })),
    )
    const [a, b] = [new TextEncoder().encode(gpx), fit].map((bytes) => {
      const track = readTrack(bytes, 'course')
      if (!track.ok) throw new Error(track.error)
      const road = roadOf(track.value.points, track.value)
      expectRidable(road)
      return road.report.road
    })
    for (const name of ['lengthM', 'length3dM', 'gain5mM'] as const)
      expect(Math.abs(a![name] / b![name] - 1)).toBeLessThan(0.002)
  }
})

describe('[I9] a recording that no road can be made of is one sentence with its place', () => {
  const clean = recorded(ride(600))
  const placeOf = (index: number) => `point ${index + 1}, line ${index + 3}`

  test('too few points, or all in one place', () => {
    expect(refusal([])).toBe('0 points; a road needs two or more')
    expect(refusal(clean.slice(0, 3))).toMatch(/^3 places on 11 m; a road needs 4 places and 100 m$/)
    expect(refusal(clean.map(() => clean[0]!))).toMatch(/^1 places on 0 m/)
  })

  test('teleports: one far point, a jump for good, a planet of points', () => {
    const away = (from: number, to: number) =>
      clean.map((p, i) => (i >= from && i < to ? { ...p, latDeg: p.latDeg - 1 } : p))
    expect(refusal(away(300, 301), { placeOf })).toMatch(/^point 301, line 303: 111 km away from the points before/)
    expect(refusal(away(300, 600), { placeOf })).toMatch(/^point 301, line 303: 111 km away from the point before it/)
    const far = clean.map((p, i) => ({ ...p, latDeg: (i * 0.2) % 80 }))
    expect(refusal(far, { placeOf })).toMatch(/^point \d+, line \d+: .*170 km/)
  })

  test('numbers that are no place', () => {
    for (const wrong of [{ latDeg: NaN }, { lonDeg: 1e308 }, { latDeg: 200 }, { heightM: NaN }, { heightM: Infinity }])
      expect(
        refusal(
          clean.map((p, i) => (i === 7 ? { ...p, ...wrong } : p)),
          { placeOf },
        ),
      ).toBe('point 8, line 10: not a place on earth')
  })

  test('points without any order', () => {
    const random = recorded(
      curve(2000, (f) => ({ x: 40 * Math.sin(f * 7e5), y: 40 * Math.cos(f * 11e5), z: 300 * Math.sin(f * 5e5) })),
    )
    expect(refusal(random)).toMatch(/the points turn again and again more tightly than a road can/)
  })
})

describe('[M59] a recording is a map that can be ridden', () => {
  const open = made(ride(900))
  const loop = made(
    curve(300, (f) => ({ x: 500 * Math.cos(2 * Math.PI * f), y: 500 * Math.sin(2 * Math.PI * f), z: 500 })),
  )

  test.each([
    ['a way from A to B', open],
    ['a loop', loop],
  ])('%s: its file parses, bakes to the same bytes and loads with a route from pen to finish', (_, road) => {
    const about = { id: 'my-hill', name: 'My hill', licence: 'mine', author: 'me', ...OPTIONS }
    const json: unknown = JSON.parse(mapText(recordedMap(road, about)))
    const columns = bakeMap(recordedMap(road, about))
    if (!columns.ok) throw new Error(columns.error[0])
    expect(columns.value.slopeCount).toEqual(road.columns.slopeCount)
    expect(columns.value.xMm).toEqual(road.columns.xMm)
    const world = loadWorld(json, encodeCourse(columns.value))
    if (!world.ok) throw new Error(world.error.join('; '))
    const { network, course, map } = world.value
    expect(map.name).toBe('My hill')
    expect(course.isLoop).toBe(road.isLoop)
    expect(network.routes).toHaveLength(1)
    const [route] = network.routes
    expect(route!.isLap).toBe(road.isLoop)
    expect(route!.finishM).toBeGreaterThan(0)
    expect(network.lines.map(({ id }) => id)).toEqual(
      road.isLoop ? ['start'] : ['start', 'climb-1-foot', 'climb-1-top', 'finish'],
    )
    expect(world.value.spawnM).toBeLessThan(network.lines[0]!.atM)
  })

  test('names become folder names', () => {
    expect(mapIdOf('X-BIONIC® Étzel  Bergzeitfahren!')).toBe('x-bionic-etzel-bergzeitfahren')
    expect(mapIdOf('…')).toBe('recording')
  })
})
