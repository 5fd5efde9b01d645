import type { ZoneGround } from './zone-ground.ts'

/**
 * The house's line through the park: who does not steer rides it once around and out again. It says how fast a bend may
 * be ridden on gravel, and brakes are on for who comes faster.
 */
export interface ZoneLine {
  readonly count: number
  readonly u: Float64Array
  readonly v: Float64Array
  /** Fastest there, braking for what follows included, m/s. */
  readonly speedMaxMps: Float64Array
  /** Index of the point nearest to a place, among those whose direction is not against the heading. */
  nearest(u: number, v: number, headU: number, headV: number): number
}

export const LINE_STEP_M = 0.5
/** Sideways and braking on gravel, of its grip 0.45 g; the rest is reserve, m/s². */
const SIDEWAYS_MPS2 = 3.4
const BRAKING_MPS2 = 2.4
const SPEED_MAX_MPS = 12

/** In metres of the 60 × 40 m layout; what lies on the road's strip is put in by `createZoneLine`. */
const POINTS: readonly (readonly [number, number])[] = [
  [17, 1.2],
  [24, 5.6],
  [31, 7.8],
  [37, 8],
  [43, 8.3],
  [50.5, 11.5],
  [54, 20],
  [50.5, 28.5],
  [43, 32],
  [36, 32],
  [28, 32],
  [20, 32],
  [13.2, 30],
  [11, 25],
  [13.2, 20],
  [19, 18],
  [26, 18],
  [33, 18],
  [39, 16.2],
  [43.5, 11],
  [46.6, 5],
  [49.4, 0.4],
]

export function createZoneLine(ground: ZoneGround): ZoneLine {
  const { stretchU, stretchV, apronM, entryM, exitM } = ground
  const inside = POINTS.map(([u, v]) => [u * stretchU, v * stretchV] as const)
  const firstU = inside[0]![0]
  const lastU = inside.at(-1)![0]
  const points = [
    [entryM - 3, -apronM],
    [entryM, -apronM],
    [entryM + 0.5 * (firstU - entryM), -0.72 * apronM],
    ...inside,
    [lastU + 0.55 * (exitM - lastU), -0.72 * apronM],
    [exitM, -apronM],
    [exitM + 6, -apronM],
  ] as const
  const us: number[] = []
  const vs: number[] = []
  for (let i = 1; i + 2 < points.length; i++) {
    const [a, b, c, d] = [points[i - 1]!, points[i]!, points[i + 1]!, points[i + 2]!]
    const chordM = Math.sqrt((c[0] - b[0]) * (c[0] - b[0]) + (c[1] - b[1]) * (c[1] - b[1]))
    const steps = Math.max(1, Math.round(chordM / LINE_STEP_M))
    for (let k = 0; k < steps; k++) {
      us.push(between(a[0], b[0], c[0], d[0], k / steps))
      vs.push(between(a[1], b[1], c[1], d[1], k / steps))
    }
  }
  const u = Float64Array.from(us)
  const v = Float64Array.from(vs)
  return { count: u.length, u, v, speedMaxMps: speeds(u, v), nearest: nearestOf(u, v) }
}

/** Catmull-Rom through b and c. */
function between(a: number, b: number, c: number, d: number, f: number): number {
  return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)))
}

/** From the bend over four metres either way, then backwards from bend to bend with what brakes can do. */
function speeds(u: Float64Array, v: Float64Array): Float64Array {
  const count = u.length
  const reach = 4
  const most = new Float64Array(count).fill(SPEED_MAX_MPS)
  for (let i = reach; i + reach < count; i++) {
    const au = u[i]! - u[i - reach]!
    const av = v[i]! - v[i - reach]!
    const bu = u[i + reach]! - u[i]!
    const bv = v[i + reach]! - v[i]!
    const cu = au + bu
    const cv = av + bv
    const sides = Math.sqrt((au * au + av * av) * (bu * bu + bv * bv) * (cu * cu + cv * cv))
    const bendPerM = (2 * Math.abs(au * bv - av * bu)) / sides
    if (bendPerM > 0) most[i] = Math.min(SPEED_MAX_MPS, Math.sqrt(SIDEWAYS_MPS2 / bendPerM))
  }
  for (let i = count - 2; i >= 0; i--) {
    const du = u[i + 1]! - u[i]!
    const dv = v[i + 1]! - v[i]!
    const awayM = Math.sqrt(du * du + dv * dv)
    most[i] = Math.min(most[i]!, Math.sqrt(most[i + 1]! * most[i + 1]! + 2 * BRAKING_MPS2 * awayM))
  }
  return most
}

function nearestOf(u: Float64Array, v: Float64Array) {
  return (atU: number, atV: number, headU: number, headV: number): number => {
    let best = Infinity
    let found = u.length - 1
    for (let i = 0; i + 1 < u.length; i++) {
      const du = u[i]! - atU
      const dv = v[i]! - atV
      const along = (u[i + 1]! - u[i]!) * headU + (v[i + 1]! - v[i]!) * headV
      // Where two stretches pass each other the one that is ridden the same way is nearer.
      const far = du * du + dv * dv + (along < 0 ? 60 : 0)
      if (far < best) {
        best = far
        found = i
      }
    }
    return found
  }
}
