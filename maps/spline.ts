import type { Point } from './format.ts'

/**
 * A curve with continuous bend (a cubic spline, C²) through points, its parameter stepping by the square root of each
 * chord (centripetal: no loops and no overshoot at short chords). + − × ÷ and sqrt only, so every engine lays the same road.
 */
export interface Spline {
  readonly isLoop: boolean
  /** Parameter at each point; on a loop one more, where it comes back to the first. */
  readonly knots: Float64Array
  /** Per axis: values at the knots and second derivatives there. */
  readonly values: readonly Float64Array[]
  readonly bends: readonly Float64Array[]
}

export function splineThrough(points: readonly Point[], isLoop: boolean): Spline {
  const closed = isLoop ? [...points, points[0]!] : points
  const knots = new Float64Array(closed.length)
  for (let i = 1; i < closed.length; i++) {
    const [ax, ay, az] = closed[i - 1]!
    const [bx, by, bz] = closed[i]!
    const chordM = Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay) + (bz - az) * (bz - az))
    knots[i] = knots[i - 1]! + Math.sqrt(chordM)
  }
  const values = [0, 1, 2].map((axis) => Float64Array.from(closed, (point) => point[axis]!))
  const bends = values.map((axis) => (isLoop ? loopBends(knots, axis) : endedBends(knots, axis)))
  return { isLoop, knots, values, bends }
}

/** The point at `f` (0 … 1) of piece `piece`, into `out`. */
export function splineAt({ knots, values, bends }: Spline, piece: number, f: number, out: Float64Array): void {
  const h = knots[piece + 1]! - knots[piece]!
  const g = 1 - f
  for (let axis = 0; axis < 3; axis++) {
    const line = g * values[axis]![piece]! + f * values[axis]![piece + 1]!
    const bow = (g * g * g - g) * bends[axis]![piece]! + (f * f * f - f) * bends[axis]![piece + 1]!
    out[axis] = line + (bow * h * h) / 6
  }
}

/** Second derivatives of a spline with free ends (natural): a tridiagonal system, by elimination. */
function endedBends(knots: Float64Array, values: Float64Array): Float64Array {
  const n = values.length
  const bends = new Float64Array(n)
  if (n < 3) return bends
  const { below, diagonal, above, right } = rows(knots, values, 1, n - 2, n)
  const inner = solveTridiagonal(below, diagonal, above, right)
  bends.set(inner, 1)
  return bends
}

/** … and of a closed one: the same system with corners, by Sherman and Morrison. */
function loopBends(knots: Float64Array, values: Float64Array): Float64Array {
  const n = values.length - 1
  const { below, diagonal, above, right } = rows(knots, values, 0, n - 1, n)
  const corner = below[0]!
  const gamma = -diagonal[0]!
  const changed = Float64Array.from(diagonal)
  changed[0] = diagonal[0]! - gamma
  changed[n - 1] = diagonal[n - 1]! - (corner * corner) / gamma
  const u = new Float64Array(n)
  u[0] = gamma
  u[n - 1] = corner
  const x = solveTridiagonal(below, changed, above, right)
  const z = solveTridiagonal(below, changed, above, u)
  const factor = (x[0]! + (x[n - 1]! * corner) / gamma) / (1 + z[0]! + (z[n - 1]! * corner) / gamma)
  const bends = new Float64Array(n + 1)
  for (let i = 0; i < n; i++) bends[i] = x[i]! - factor * z[i]!
  bends[n] = bends[0]!
  return bends
}

/** h₋ M₋ + 2 (h₋ + h₊) M + h₊ M₊ = 6 (slope₊ − slope₋), for knots `first` … `last` of a ring of `n`. */
function rows(knots: Float64Array, values: Float64Array, first: number, last: number, n: number) {
  const size = last - first + 1
  const below = new Float64Array(size)
  const diagonal = new Float64Array(size)
  const above = new Float64Array(size)
  const right = new Float64Array(size)
  for (let row = 0; row < size; row++) {
    const i = first + row
    const before = i === 0 ? n - 1 : i - 1
    const hBefore = knots[before + 1]! - knots[before]!
    const hAfter = knots[i + 1]! - knots[i]!
    const slopeBefore = (values[before + 1]! - values[before]!) / hBefore
    const slopeAfter = (values[i + 1]! - values[i]!) / hAfter
    below[row] = hBefore
    diagonal[row] = 2 * (hBefore + hAfter)
    above[row] = hAfter
    right[row] = 6 * (slopeAfter - slopeBefore)
  }
  return { below, diagonal, above, right }
}

function solveTridiagonal(
  below: Float64Array,
  diagonal: Float64Array,
  above: Float64Array,
  right: Float64Array,
): Float64Array {
  const n = diagonal.length
  const upper = new Float64Array(n)
  const solution = new Float64Array(n)
  upper[0] = above[0]! / diagonal[0]!
  solution[0] = right[0]! / diagonal[0]!
  for (let i = 1; i < n; i++) {
    const pivot = diagonal[i]! - below[i]! * upper[i - 1]!
    upper[i] = above[i]! / pivot
    solution[i] = (right[i]! - below[i]! * solution[i - 1]!) / pivot
  }
  for (let i = n - 2; i >= 0; i--) solution[i] = solution[i]! - upper[i]! * solution[i + 1]!
  return solution
}
