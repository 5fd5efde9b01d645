import { WAKE_LAW, type WakeLaw } from '#physics/wake-law'
import { POINTS, type Point } from './points.ts'

/** What the fit may move, and within which bounds. The rest of WAKE_LAW is chosen (docs/physics.md says why). */
const BOUNDS = {
  core: [0.2, 0.97],
  coreLengthM: [0.5, 30],
  coreTail: [0, 0.5],
  coreHalfM: [0.35, 1],
  inflow: [0.1, 0.8],
  side: [0.01, 0.4],
  push: [0.02, 1],
  beside: [0.002, 1],
  softM: [0.1, 1.5],
  motorcycleAreaM2: [0.6, 2.5],
} as const

export type Fitted = Readonly<Record<keyof typeof BOUNDS, number>>
const NAMES = Object.keys(BOUNDS) as readonly (keyof typeof BOUNDS)[]

/** The drag area that stands for a motorcycle and its crew, m²: fitted with the rest, and larger than a real one's. */
export const MOTORCYCLE_AREA_M2 = 2.0681

/** What the tree holds. */
export const HELD: Fitted = { ...pick(WAKE_LAW), motorcycleAreaM2: MOTORCYCLE_AREA_M2 }

function pick(law: WakeLaw): Omit<Fitted, 'motorcycleAreaM2'> {
  const { core, coreLengthM, coreTail, coreHalfM, inflow, side, push, beside, softM } = law
  return { core, coreLengthM, coreTail, coreHalfM, inflow, side, push, beside, softM }
}

export interface Residual {
  readonly point: Point
  readonly model: number
}

export function residuals(fitted: Fitted = HELD, points: readonly Point[] = POINTS): Residual[] {
  const { motorcycleAreaM2, ...moved } = fitted
  const law: WakeLaw = { ...WAKE_LAW, ...moved }
  return points.map((point) => ({ point, model: point.share(law, motorcycleAreaM2) }))
}

export function cost(fitted: Fitted): number {
  return weighted(fitted).reduce((sum, r) => sum + r * r, 0)
}

const WEIGHED = POINTS.filter(({ weight }) => weight > 0)

function weighted(fitted: Fitted): number[] {
  return residuals(fitted, WEIGHED).map(({ point, model }) => point.weight * (model - point.published))
}

export interface FitResult {
  readonly fitted: Fitted
  readonly cost: number
  readonly rounds: number
}

/** Levenberg and Marquardt from one start: plain arithmetic, so the same start is the same answer everywhere. */
export function fitFrom(start: Fitted, roundsMost = 200): FitResult {
  let at = start
  let here = weighted(at)
  let costHere = squares(here)
  let damping = 0.01
  for (let round = 1; round <= roundsMost; round++) {
    const slopes = NAMES.map((name) => {
      const step = 1e-6 * (BOUNDS[name][1] - BOUNDS[name][0])
      const there = weighted({ ...at, [name]: at[name] + step })
      return there.map((r, i) => (r - here[i]!) / step)
    })
    const downhill = slopes.map((slope) => -dot(slope, here))
    const normal = slopes.map((a) => slopes.map((b) => dot(a, b)))
    let better = false
    for (let attempt = 0; attempt < 16 && !better; attempt++) {
      const damped = normal.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) + 1e-12 : value)))
      const moves = solve(damped, downhill)
      const next = moved(at, moves)
      const there = weighted(next)
      const costThere = squares(there)
      if (costThere < costHere) {
        const isSettled = costHere - costThere < 1e-10 * costHere
        at = next
        here = there
        costHere = costThere
        damping = Math.max(1e-9, damping / 3)
        if (isSettled) return { fitted: at, cost: costHere, rounds: round }
        better = true
      } else damping *= 4
    }
    if (!better) return { fitted: at, cost: costHere, rounds: round }
  }
  return { fitted: at, cost: costHere, rounds: roundsMost }
}

/** The best of several starts, drawn from one seed. */
export function fit(starts: number, seed: number, onStart: (done: number) => void = () => {}): FitResult {
  let state = seed >>> 0
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
  let best: FitResult | undefined
  for (let i = 0; i < starts; i++) {
    const start = Object.fromEntries(
      NAMES.map((name) => {
        const [low, high] = BOUNDS[name]
        return [name, low + (high - low) * (0.05 + 0.5 * draw())]
      }),
    ) as Fitted
    const found = fitFrom(start)
    if (best === undefined || found.cost < best.cost) best = found
    onStart(i + 1)
  }
  return best ?? fitFrom(HELD)
}

function moved(at: Fitted, moves: readonly number[]): Fitted {
  return Object.fromEntries(
    NAMES.map((name, i) => {
      const [low, high] = BOUNDS[name]
      const most = 0.2 * (high - low)
      const value = at[name] + Math.min(most, Math.max(-most, moves[i]!))
      return [name, Math.min(high, Math.max(low, value))]
    }),
  ) as Fitted
}

/** Gauss with pivots; the damped matrix is never singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length
  const rows = matrix.map((row, i) => [...row, right[i]!])
  for (let i = 0; i < n; i++) {
    let pivot = i
    for (let j = i + 1; j < n; j++) if (Math.abs(rows[j]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = j
    const held = rows[i]!
    rows[i] = rows[pivot]!
    rows[pivot] = held
    for (let j = i + 1; j < n; j++) {
      const factor = rows[j]![i]! / rows[i]![i]!
      for (let k = i; k <= n; k++) rows[j]![k]! -= factor * rows[i]![k]!
    }
  }
  const x = Array.from({ length: n }, () => 0)
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!
    for (let k = i + 1; k < n; k++) sum -= rows[i]![k]! * x[k]!
    x[i] = sum / rows[i]![i]!
  }
  return x
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

function squares(values: readonly number[]): number {
  return dot(values, values)
}
