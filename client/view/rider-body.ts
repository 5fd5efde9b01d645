import type { Fineness } from './rider-bike.ts'
import { BODY } from './rider-measures.ts'
import { BONE, LEFT, TINT } from './rider-parts.ts'
import type { At, Ring, Shapes } from './rider-shapes.ts'

/**
 * A body at rest, every chain of joints measured from its own first joint: trunk upright from the hips, legs and arms
 * hanging, head from the top of the neck. `build` −1 … 1: narrow shoulders and wider hips, or the other way round.
 */
export function body(out: Shapes, fine: Fineness, build: number): void {
  torso(out, fine, build)
  for (const s of [1, -1] as const) {
    leg(out, fine, build, s)
    arm(out, fine, build, s)
  }
  head(out, fine, build)
}

/** Of a list the ones a coarser body keeps. */
const some = <T>(list: readonly T[], kept: readonly number[]): T[] => kept.map((i) => list[i]!)

function torso(out: Shapes, fine: Fineness, build: number): void {
  const hips = 1 - 0.04 * build
  const waist = 1 + 0.05 * build
  const broad = 1 + 0.05 * build
  const chest = 0.006 * (1 - build)
  const rings: Ring[] = [
    [-0.112, 0.012, 0.012, 0.02, -0.012],
    [-0.102, 0.07 * hips, 0.045, 0.078, -0.012],
    [-0.06, 0.128 * hips, 0.078, 0.118, -0.01],
    [-0.01, 0.158 * hips, 0.094, 0.124, -0.006],
    [0.05, 0.163 * hips, 0.1, 0.108],
    [0.11, 0.15 * waist, 0.102, 0.09],
    [0.18, 0.138 * waist, 0.1, 0.085],
    [0.26, 0.144 * (0.5 + 0.5 * broad), 0.104 + chest * 0.5, 0.094],
    [0.34, 0.16 * broad, 0.108 + chest, 0.106],
    [0.41, 0.17 * broad, 0.104 + chest * 0.4, 0.11],
    [0.452, 0.168 * broad, 0.088, 0.106],
    [0.486, 0.142 * broad, 0.07, 0.094],
    [0.514, 0.104 * broad, 0.058, 0.078],
    [0.538, 0.075, 0.052, 0.063, 0.004],
    [0.556, 0.061, 0.053, 0.055, 0.008],
    [0.563, 0.05, 0.042, 0.044, 0.008],
  ]
  const kept = fine === 2 ? rings : fine === 1 ? some(rings, [0, 2, 4, 6, 8, 10, 12, 15]) : some(rings, [1, 4, 9, 13])
  out.on(BONE.torso, TINT.torso).loft(kept, [5, 10, 20][fine]!, { power: 0.88 })
  const neck: Ring[] = [
    [0, 0.055, 0.05, 0.052],
    [0.35, 0.052, 0.05, 0.052],
    [0.7, 0.052, 0.05, 0.054],
    [1, 0.053, 0.052, 0.058],
  ]
  if (fine > 0) out.on(BONE.neck, TINT.head).loft(fine === 2 ? neck : some(neck, [0, 3]), [4, 5, 10][fine]!)
}

function leg(out: Shapes, fine: Fineness, build: number, s: 1 | -1): void {
  const left = s > 0 ? LEFT : 0
  const thigh = 1 - 0.02 * build
  // Height below the hip, half width, front, back, and how far the middle lies forward: quadriceps, kneecap, calf.
  const rings: Ring[] = [
    [0.085, 0.03, 0.03, 0.03, -0.01],
    [0.06, 0.068, 0.066, 0.07, -0.01],
    [0.02, 0.088 * thigh, 0.088, 0.092, -0.008],
    [-0.04, 0.089 * thigh, 0.096, 0.094, -0.004],
    [-0.11, 0.084 * thigh, 0.094, 0.088],
    [-0.19, 0.075, 0.087, 0.076, 0.002],
    [-0.27, 0.065, 0.074, 0.066, 0.002],
    [-0.34, 0.056, 0.062, 0.058],
    [-0.385, 0.052, 0.057, 0.052],
    [-0.415, 0.0515, 0.058, 0.047],
    [-0.44, 0.0515, 0.059, 0.045],
    [-0.465, 0.05, 0.057, 0.046],
    [-0.5, 0.047, 0.05, 0.051, -0.002],
    [-0.55, 0.05, 0.045, 0.062, -0.006],
    [-0.605, 0.0515, 0.043, 0.066, -0.008],
    [-0.665, 0.046, 0.04, 0.055, -0.006],
    [-0.73, 0.038, 0.036, 0.042, -0.004],
    [-0.8, 0.0315, 0.033, 0.034, -0.004],
    [-0.86, 0.031, 0.034, 0.034, -0.004],
    [-0.9, 0.033, 0.036, 0.036, -0.002],
  ]
  const kept = fine === 2 ? rings : fine === 1 ? some(rings, [1, 3, 6, 8, 10, 12, 14, 17]) : some(rings, [2, 9, 11, 18])
  out.on(BONE.leg + left, TINT.leg).loft(kept, [3, 6, 12][fine]!, { from: Math.PI / 2 })
  shoe(out, fine, s, left)
}

/** From the ankle: heel behind, toe ahead. */
function shoe(out: Shapes, fine: Fineness, s: 1 | -1, left: number): void {
  // Rings along the foot: [forward, height of the middle, half width, half height].
  const rings: readonly (readonly [number, number, number, number])[] = [
    [-0.068, -0.045, 0.008, 0.018],
    [-0.062, -0.044, 0.024, 0.034],
    [-0.04, -0.036, 0.033, 0.048],
    [0, -0.032, 0.036, 0.056],
    [0.035, -0.044, 0.037, 0.046],
    [0.075, -0.057, 0.041, 0.034],
    [0.12, -0.064, 0.046, 0.027],
    [0.16, -0.068, 0.042, 0.022],
    [0.19, -0.071, 0.03, 0.016],
    [0.203, -0.073, 0.008, 0.006],
  ]
  const kept = fine === 2 ? rings : fine === 1 ? some(rings, [0, 2, 4, 6, 9]) : some(rings, [1, 8])
  const sides = [3, 5, 10][fine]!
  const ringOf = ([forward, y, half, high]: readonly [number, number, number, number]): At[] =>
    Array.from({ length: sides }, (_, k): At => {
      const angle = ((k + 0.5) / sides) * Math.PI * 2
      // Flat below, and the big toe inside.
      const up = Math.max(-0.82, Math.sin(angle))
      const inward = forward > 0.1 ? -s * (forward - 0.1) * 0.14 : 0
      return [Math.cos(angle) * half + inward, y + up * high, forward]
    })
  out.on(BONE.shoe + left, TINT.shoe).skin(kept.map(ringOf))
  if (fine < 2) return
  out.on(BONE.shoe + left, TINT.sole).skin(
    [
      [-0.06, 0.024],
      [-0.03, 0.033],
      [0.03, 0.031],
      [0.09, 0.043],
      [0.14, 0.044],
      [0.185, 0.028],
      [0.196, 0.01],
    ].map(([forward, half]): At[] => {
      const low = -0.085 - (forward! > 0 ? 0.004 : 0)
      return [
        [half!, low + 0.006, forward!],
        [half! * 0.9, low - 0.004, forward!],
        [-half! * 0.9, low - 0.004, forward!],
        [-half!, low + 0.006, forward!],
      ]
    }),
  )
  out.on(BONE.shoe + left, TINT.black).box([s * 0.03, -0.03, 0.045], [0.02, 0.024, 0.024])
}

function arm(out: Shapes, fine: Fineness, build: number, s: 1 | -1): void {
  const left = s > 0 ? LEFT : 0
  const strong = 1 + 0.05 * build
  const reach = BODY.upperArmM + BODY.forearmM
  const rings: Ring[] = [
    [0.045, 0.012, 0.012, 0.012, 0],
    [0.039, 0.032, 0.032, 0.036],
    [0.02, 0.047 * strong, 0.047, 0.053],
    [-0.015, 0.053 * strong, 0.055, 0.058],
    [-0.06, 0.051 * strong, 0.054, 0.056],
    [-0.12, 0.047 * strong, 0.05, 0.05],
    [-0.18, 0.044, 0.047, 0.047],
    [-0.24, 0.039, 0.041, 0.042],
    [-0.275, 0.038, 0.038, 0.041],
    [-0.3, 0.038, 0.037, 0.042],
    [-0.325, 0.04, 0.038, 0.041],
    [-0.37, 0.041, 0.039, 0.038],
    [-0.43, 0.036, 0.035, 0.033],
    [-0.5, 0.028, 0.028, 0.025],
    [-reach + 0.005, 0.026, 0.03, 0.022],
    [-reach - 0.012, 0.024, 0.03, 0.02],
  ]
  const kept = fine === 2 ? rings : fine === 1 ? some(rings, [0, 2, 4, 7, 9, 11, 13, 15]) : some(rings, [2, 9, 15])
  out.on(BONE.arm + left, TINT.arm).loft(kept, [3, 5, 10][fine]!, { from: Math.PI / 2 })
  if (fine === 0) return
  if (fine === 1) {
    out.on(BONE.hand + left, TINT.hand).ball([-s * 0.008, -0.06, 0], [0.026, 0.058, 0.038], 5, 3)
    return
  }
  hand(out, s, left)
}

/** A hand closed around what lies inside of it: palm, four curled fingers, thumb. Down the arm is −y, the thumb is at +z. */
function hand(out: Shapes, s: 1 | -1, left: number): void {
  const inside = -s
  const palm: Ring[] = [
    [0.012, 0.024, 0.029, 0.022],
    [-0.01, 0.021, 0.03, 0.026],
    [-0.045, 0.018, 0.036, 0.036],
    [-0.082, 0.016, 0.036, 0.04],
    [-0.094, 0.008, 0.03, 0.034],
  ]
  out.on(BONE.hand + left, TINT.hand).loft(palm, 8, { at: [-inside * 0.006, 0, 0], power: 0.75 })
  for (let k = 0; k < 4; k++) {
    const z = 0.028 - k * 0.0195
    const long = [0.97, 1.04, 1, 0.84][k]!
    const points: At[] = [
      [-inside * 0.004, -0.08, z],
      [inside * 0.008, -0.08 - 0.024 * long, z],
      [inside * 0.036, -0.08 - 0.02 * long, z - 0.001],
      [inside * 0.047, -0.078, z - 0.002],
      [inside * 0.036, -0.05, z - 0.003],
    ]
    out.on(BONE.hand + left, TINT.hand).tube(points.slice(0, 3), [0.011, 0.0108, 0.0102], 5)
    out.on(BONE.hand + left, TINT.finger).tube(points.slice(2), [0.0098, 0.0095, 0.005], 5)
  }
  const thumb: At[] = [
    [inside * 0.002, -0.022, 0.024],
    [inside * 0.014, -0.045, 0.04],
    [inside * 0.03, -0.066, 0.042],
    [inside * 0.04, -0.084, 0.034],
    [inside * 0.043, -0.092, 0.03],
  ]
  out.on(BONE.hand + left, TINT.hand).tube(thumb.slice(0, 3), [0.014, 0.0135, 0.011], 6)
  out.on(BONE.hand + left, TINT.finger).tube(thumb.slice(2), [0.0105, 0.0095, 0.004], 6)
}

function head(out: Shapes, fine: Fineness, build: number): void {
  const jaw = 1 + 0.06 * build
  const rings: Ring[] = [
    [-0.062, 0.014, 0.012, 0.012, 0.076],
    [-0.056, 0.03 * jaw, 0.026, 0.05, 0.068],
    [-0.035, 0.046 * jaw, 0.088, 0.035, 0.012],
    [-0.01, 0.057 * jaw, 0.084, 0.06, 0.01],
    [0.02, 0.066, 0.084, 0.082, 0.008],
    [0.05, 0.07, 0.084, 0.094, 0.006],
    [0.08, 0.073, 0.09, 0.1, 0.002],
    [0.115, 0.075, 0.092, 0.102],
    [0.15, 0.07, 0.08, 0.092, -0.002],
    [0.18, 0.048, 0.056, 0.066, -0.004],
    [0.196, 0.008, 0.01, 0.01, -0.006],
  ]
  const kept = fine === 2 ? rings : fine === 1 ? some(rings, [0, 2, 4, 6, 7]) : some(rings, [0, 3, 6])
  out.on(BONE.head, TINT.head).loft(kept, [4, 7, 16][fine]!, { from: Math.PI / 2, power: 0.94 })
  helmet(out, fine)
  if (fine === 0) return
  glasses(out, fine)
  if (fine === 1) return
  // Nose, ears, and hair below the helmet's edge.
  const nose: At[] = [
    [0, 0.066, 0.086],
    [0, 0.04, 0.101],
    [0, 0.018, 0.112],
    [0, 0.008, 0.106],
    [0, 0.004, 0.09],
  ]
  out.on(BONE.head, TINT.head).tube(
    nose,
    [
      [0.006, 0.004],
      [0.009, 0.009],
      [0.0135, 0.011],
      [0.013, 0.006],
      [0.008, 0.003],
    ],
    6,
  )
  for (const s of [1, -1]) out.ball([s * 0.073, 0.036, -0.004], [0.009, 0.03, 0.018], 6, 4)
  const nape: Ring[] = [
    [-0.03, 0.046, -0.02, 0.056, -0.01],
    [-0.01, 0.062, -0.006, 0.079, -0.008],
    [0.03, 0.072, 0.004, 0.098],
    [0.07, 0.0765, 0.02, 0.105],
    [0.11, 0.078, 0.03, 0.107],
  ]
  out.on(BONE.head, TINT.hair).skin(
    nape.map(([y, half, front, back, forward = 0]) =>
      Array.from({ length: 12 }, (_, k): At => {
        const angle = Math.PI + (k / 12) * Math.PI * 2
        const z = Math.sin(angle)
        return [Math.cos(angle) * half, y, forward + (z > 0 ? z * front : z * back)]
      }),
    ),
  )
  const tail: At[] = [
    [0, 0.06, -0.095],
    [0, 0.05, -0.135],
    [0, 0.0, -0.158],
    [0, -0.07, -0.155],
    [0, -0.13, -0.14],
  ]
  out.on(BONE.hair, TINT.hair).tube(tail, [0.014, [0.024, 0.021], [0.028, 0.023], [0.022, 0.018], 0.005], 6)
}

/** A shell from brow to nape, longer behind. Its vents are the shader's. */
function helmet(out: Shapes, fine: Fineness): void {
  // Rings along the head: [forward, height of the middle, half width, half height above, below].
  const rings: readonly (readonly [number, number, number, number, number])[] = [
    [-0.152, 0.128, 0.001, 0.001, 0.001],
    [-0.146, 0.13, 0.05, 0.034, 0.026],
    [-0.118, 0.13, 0.083, 0.068, 0.052],
    [-0.07, 0.13, 0.099, 0.096, 0.058],
    [-0.01, 0.132, 0.103, 0.106, 0.044],
    [0.045, 0.134, 0.099, 0.098, 0.034],
    [0.085, 0.13, 0.082, 0.076, 0.026],
    [0.112, 0.124, 0.052, 0.044, 0.02],
    [0.12, 0.12, 0.001, 0.001, 0.001],
  ]
  const kept = fine === 2 ? rings : fine === 1 ? some(rings, [0, 2, 4, 6, 8]) : some(rings, [0, 2, 6, 8])
  const sides = [4, 7, 18][fine]!
  // Four corners on a circle are a smaller head: they stand further out.
  const out4 = fine === 0 ? 1.24 : 1
  out.on(BONE.head, TINT.helmet).skin(
    kept.map(([forward, y, half, above, below]) =>
      Array.from({ length: sides }, (_, k): At => {
        const angle = ((k + 0.5) / sides) * Math.PI * 2
        const s = Math.sin(angle)
        return [Math.cos(angle) * half * out4, y + s * (s > 0 ? above * out4 : below), forward]
      }),
    ),
  )
}

/** One lens around the eyes, thicker than glass so that its edge is seen. */
function glasses(out: Shapes, fine: Fineness): void {
  const count = fine === 2 ? 13 : 4
  const rows: At[][] = []
  for (let i = 0; i < count; i++) {
    const turn = ((i / (count - 1)) * 2 - 1) * 1.4
    const [x, z] = [Math.sin(turn), Math.cos(turn)]
    const side = Math.abs(turn) / 1.4
    const top = 0.088
    const bottom = top - 0.044 * (1 - side * side * side * 0.72) + (Math.abs(turn) < 0.24 ? 0.013 : 0)
    const [rx, rz] = [0.0775, 0.0985]
    rows.push([
      [x * rx, top, z * rz],
      [x * (rx + 0.003), (top + bottom) / 2, z * (rz + 0.004)],
      [x * rx, bottom, z * rz],
      [x * (rx - 0.006), (top + bottom) / 2, z * (rz - 0.008)],
    ])
  }
  out.on(BONE.head, TINT.glasses).skin(rows)
}
