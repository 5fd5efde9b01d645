import { airDensityKgpm3 } from './air.ts'
import { AIR_DENSITY_KGPM3 } from './constants.ts'
import type { Course } from './course.ts'

/** Roads one can do sums on: for tests, measurements and first sketches. */
export function rampCourse(slope: number, crr = 0.004, widthM = 7): Course {
  return plainCourse({
    slopeAt: () => slope,
    heightAt: (placeM) => slope * placeM,
    crrAt: () => crr,
    widthAt: () => widthM,
  })
}

/** Up and down once a lap: slope is a triangle wave of height `slopeMost`, height its exact integral. */
export function rollingCourse(lengthM: number, slopeMost: number, crr = 0.004, widthM = 7): Course {
  const quarterM = lengthM / 4
  const onLap = (placeM: number) => placeM - lengthM * Math.floor(placeM / lengthM)
  const slopeAt = (placeM: number) => {
    const x = onLap(placeM) / quarterM
    return slopeMost * (x < 1 ? x : x < 3 ? 2 - x : x - 4)
  }
  const heightAt = (placeM: number) => {
    const x = onLap(placeM) / quarterM
    return slopeMost * quarterM * (x < 1 ? x * x * 0.5 : x < 3 ? 1 - (x - 2) * (x - 2) * 0.5 : (x - 4) * (x - 4) * 0.5)
  }
  return plainCourse({ lengthM, isLoop: true, slopeAt, heightAt, crrAt: () => crr, widthAt: () => widthM })
}

/** A level, straight, sheltered-from-nothing road to the north at sea level, where `parts` do not say otherwise. */
export function plainCourse(parts: Partial<Course> = {}): Course {
  return {
    lengthM: Infinity,
    isLoop: false,
    slopeAt: () => 0,
    heightAt: () => 0,
    crrAt: () => 0.004,
    gripAt: () => 0.9,
    widthAt: () => 7,
    curvatureAt: () => 0,
    bankAt: () => 0,
    eastAt: () => 0,
    northAt: () => 1,
    xAt: () => 0,
    yAt: (placeM) => placeM,
    windShareAt: () => 1,
    airDensityAt: () => AIR_DENSITY_KGPM3,
    wayCount: 1,
    wayAt: () => 0,
    wayStartM: () => 0,
    wayEndM: () => Infinity,
    exitOf: () => -1,
    ...parts,
  }
}

/** A stretch of a sketched road: what holds from its begin to its end. */
export interface Piece {
  readonly lengthM: number
  /** Bend to the right, 1/m. */
  readonly curvature?: number
  readonly slope?: number
  readonly crr?: number
  readonly grip?: number
  readonly bank?: number
  readonly windShare?: number
}

/** Metres over which one piece's slope and bend become the next one's. */
const EASE_M = 21

/**
 * A road out of pieces, in samples a metre apart as maps have them: slope a straight line between samples, height its
 * exact integral, direction turned by the bend. Where it is closed to a loop its last piece gives back the height.
 */
export function sketchedCourse(pieces: readonly Piece[], isLoop: boolean, baseHeightM = 0): Course {
  const metres: Piece[] = pieces.flatMap((piece) => Array.from({ length: piece.lengthM }, () => piece))
  const n = metres.length
  const slopes = eased(
    metres.map((piece) => piece.slope ?? 0),
    isLoop,
  )
  if (isLoop) {
    const last = pieces.at(-1)!.lengthM
    const excess = slopes.reduce((sum, slope) => sum + slope, 0)
    for (let i = n - last; i < n; i++) slopes[i]! -= excess / last
  }
  const bends = eased(
    metres.map((piece) => piece.curvature ?? 0),
    isLoop,
  )
  const heights = [baseHeightM]
  const [x, y, east, north] = [[0], [0], [0], [1]] as [number[], number[], number[], number[]]
  for (let i = 0; i < n; i++) {
    const j = isLoop ? (i + 1) % n : Math.min(n - 1, i + 1)
    heights.push(heights[i]! + 0.5 * (slopes[i]! + slopes[j]!))
    // A turn to the right by 2a / (1 + a²), without a sine.
    const a = 0.25 * (bends[i]! + bends[j]!)
    const [c, s] = [(1 - a * a) / (1 + a * a), (2 * a) / (1 + a * a)]
    east.push(east[i]! * c + north[i]! * s)
    north.push(north[i]! * c - east[i]! * s)
    x.push(x[i]! + 0.5 * (east[i]! + east[i + 1]!))
    y.push(y[i]! + 0.5 * (north[i]! + north[i + 1]!))
  }
  const onLap = (placeM: number) =>
    isLoop ? placeM - n * Math.floor(placeM / n) : Math.min(n - 1e-9, Math.max(0, placeM))
  const line = (values: readonly number[]) => (placeM: number) => {
    const atM = onLap(placeM)
    const i = Math.min(n - 1, Math.floor(atM))
    const next = values[i + 1 < values.length ? i + 1 : isLoop ? 0 : i]!
    return values[i]! + (next - values[i]!) * (atM - i)
  }
  const stretch = (value: (piece: Piece) => number) => (placeM: number) => value(metres[Math.floor(onLap(placeM))]!)
  const heightAt = (placeM: number) => {
    const atM = onLap(placeM)
    const i = Math.min(n - 1, Math.floor(atM))
    const f = atM - i
    const from = slopes[i]!
    const to = slopes[isLoop ? (i + 1) % n : Math.min(n - 1, i + 1)]!
    return heights[i]! + f * (from + 0.5 * (to - from) * f)
  }
  return plainCourse({
    lengthM: n,
    isLoop,
    slopeAt: line(slopes),
    heightAt,
    crrAt: stretch((piece) => piece.crr ?? 0.004),
    gripAt: stretch((piece) => piece.grip ?? 0.9),
    bankAt: stretch((piece) => piece.bank ?? 0),
    windShareAt: stretch((piece) => piece.windShare ?? 1),
    curvatureAt: line(bends),
    eastAt: line(east),
    northAt: line(north),
    xAt: line(x),
    yAt: line(y),
    airDensityAt: (placeM) => airDensityKgpm3(heightAt(placeM)),
  })
}

/** Six kilometres that have everything: a climb with hairpins, a fast descent, gravel, cobbles, a wood. */
export function mixedCourse(): Course {
  const hairpin = { lengthM: 40, curvature: 0.1, slope: 0.05 }
  return sketchedCourse(
    [
      { lengthM: 500 },
      { lengthM: 80, curvature: 1 / 60 },
      { lengthM: 320, windShare: 0.6 },
      { lengthM: 500, slope: 0.06, crr: 0.0035 },
      hairpin,
      { lengthM: 400, slope: 0.07 },
      { ...hairpin, curvature: -0.1 },
      { lengthM: 300, slope: 0.08 },
      { lengthM: 200, crr: 0.005 },
      { lengthM: 500, slope: -0.07 },
      { lengthM: 60, curvature: 1 / 25, slope: -0.06 },
      { lengthM: 250, slope: -0.08 },
      { lengthM: 50, curvature: -1 / 15, slope: -0.05, bank: -0.05 },
      { lengthM: 400, slope: -0.06 },
      { lengthM: 70, curvature: 1 / 35, slope: -0.04 },
      { lengthM: 400, crr: 0.008, grip: 0.45 },
      { lengthM: 40, curvature: -1 / 20, crr: 0.008, grip: 0.45 },
      { lengthM: 200, crr: 0.012, grip: 0.7 },
      { lengthM: 650, windShare: 0.3 },
      { lengthM: 60, curvature: 1 / 30, windShare: 0.3 },
      { lengthM: 940 },
    ],
    true,
    800,
  )
}

/** Means over `EASE_M`, so that nothing steps. */
function eased(values: readonly number[], isLoop: boolean): number[] {
  const n = values.length
  const reach = (EASE_M - 1) / 2
  return values.map((_, i) => {
    let sum = 0
    for (let k = i - reach; k <= i + reach; k++) sum += values[isLoop ? (k + n) % n : Math.min(n - 1, Math.max(0, k))]!
    return sum / EASE_M
  })
}
