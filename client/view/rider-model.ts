import { JOINTS, LEFT, PART, TINT } from './rider-shader.ts'
import type { Shape } from './shape.ts'
import { ball, bar, box, cylinder, loft, merged, painted, tagged, type At } from './solids.ts'
import { icosahedron, lathe, torus } from './solids-round.ts'

/** `near` about 4000 triangles, `mid` about 900, `far` about 200. */
export type RiderDetail = 'near' | 'mid' | 'far'

const BLACK = 0x17181a
const STEEL = 0xa9adb2
const WHITE = 0xffffff

/** Rider and bike at rest, nose along +z, ground at y = 0, the rider's left at +x. */
export function riderShape(detail: RiderDetail): Shape {
  const parts = detail === 'far' ? farParts() : [...bike(detail), ...body(detail), ...legs(detail), ...wheels(detail)]
  return merged(parts, ['position', 'normal', 'color', 'part', 'tint'])
}

function piece(shape: Shape, tint: number, color = WHITE, part: number = PART.body): Shape {
  return tagged(tagged(painted(shape, color), 'tint', tint), 'part', part)
}

const both = <T>(make: (side: 1 | -1) => readonly T[]): T[] => [...make(1), ...make(-1)]

const at = (x: number, [up, forward]: readonly [number, number]): At => [x, up, forward]
const SEAT: At = [0, 0.93, -0.175]
const HEAD_TOP: At = [0, 0.86, 0.395]
const HEAD_BOTTOM: At = [0, 0.71, 0.44]
const BAR_MIDDLE: At = [0, 0.94, 0.455]

function bike(detail: RiderDetail): Shape[] {
  const sides = detail === 'near' ? 8 : 4
  const bb = at(0, JOINTS.bottomBracket)
  const frame = (a: At, b: At, r: number, r2 = r) => piece(bar(a, b, r, r2, sides), TINT.frame)
  const dark = (a: At, b: At, r: number) => piece(bar(a, b, r, r, detail === 'near' ? 7 : 4), TINT.own, BLACK)
  const seatCluster: At = [0, 0.83, -0.149]
  const parts = [
    frame(bb, SEAT, 0.019, 0.015),
    frame(bb, HEAD_BOTTOM, 0.031, 0.028),
    frame(seatCluster, HEAD_TOP, 0.019, 0.023),
    frame(HEAD_BOTTOM, HEAD_TOP, 0.028),
    dark(HEAD_TOP, BAR_MIDDLE, 0.018),
    piece(ball([0, 0.965, -0.2], [0.07, 0.022, 0.13], detail === 'near' ? 10 : 6, 4), TINT.own, BLACK),
    dark([-0.2, 0.94, 0.475], [0.2, 0.94, 0.475], 0.015),
  ]
  parts.push(
    ...both((s) => [
      frame([s * 0.035, 0.28, -0.01], [s * 0.062, 0.345, -0.405], 0.012, 0.009),
      frame([s * 0.018, 0.81, -0.145], [s * 0.06, 0.345, -0.405], 0.009, 0.008),
      frame([s * 0.04, 0.7, 0.45], [s * 0.055, 0.345, 0.58], 0.017, 0.01),
      dark([s * 0.2, 0.94, 0.475], [s * 0.21, 0.935, 0.56], 0.016),
      dark([s * 0.21, 0.935, 0.56], [s * 0.213, 0.84, 0.6], 0.014),
      dark([s * 0.213, 0.84, 0.6], [s * 0.215, 0.785, 0.49], 0.014),
      dark([s * 0.21, 0.94, 0.555], [s * 0.21, 0.995, 0.605], 0.017),
    ]),
  )
  if (detail !== 'near') return parts
  return [
    ...parts,
    piece(
      cylinder(0.095, 0.095, 0.008, 24)
        .rotateZ(Math.PI / 2)
        .translate(-0.052, 0.27, 0),
      TINT.own,
      0x26282b,
    ),
    piece(
      cylinder(0.045, 0.02, 0.03, 12)
        .rotateZ(Math.PI / 2)
        .translate(-0.048, 0.34, -0.41),
      TINT.own,
      0x55585c,
    ),
    piece(box([-0.052, 0.365, -0.2], [0.006, 0.008, 0.42]), TINT.own, 0x3a3a3c),
    piece(box([-0.052, 0.2, -0.23], [0.006, 0.008, 0.36]), TINT.own, 0x3a3a3c),
    piece(bar([-0.06, 0.33, -0.42], [-0.055, 0.21, -0.4], 0.016, 0.012, 5), TINT.own, BLACK),
    piece(bar([0, 0.4, 0.085], [0, 0.57, 0.245], 0.036, 0.034, 10), TINT.own, 0xe8eef2),
    piece(ball([0, 0.585, 0.26], [0.03, 0.03, 0.03], 8, 5), TINT.own, 0x222222),
    piece(box([0, 0.985, 0.53], [0.05, 0.012, 0.075]), TINT.own, 0x0c0d0f),
  ]
}

function body(detail: RiderDetail): Shape[] {
  const isNear = detail === 'near'
  const around = isNear ? 18 : 8
  const torso: [number, number, number, number][] = [
    [0.925, -0.2, 0.03, 0.03],
    [0.94, -0.2, 0.115, 0.085],
    [1.0, -0.175, 0.168, 0.125],
    [1.075, -0.115, 0.162, 0.125],
    [1.16, -0.035, 0.15, 0.112],
    [1.27, 0.075, 0.165, 0.12],
    [1.36, 0.17, 0.188, 0.128],
    [1.425, 0.25, 0.196, 0.115],
    [1.462, 0.305, 0.15, 0.088],
    [1.482, 0.335, 0.075, 0.062],
  ]
  const rings = isNear ? torso : torso.filter((_, i) => i % 2 === 1)
  const sides = isNear ? 10 : 5
  const parts = [
    piece(loft(rings, around), TINT.torso),
    piece(bar([0, 1.455, 0.3], [0, 1.56, 0.405], 0.062, 0.054, sides), TINT.skin),
    piece(ball([0, 1.6, 0.435], [0.077, 0.112, 0.098], isNear ? 14 : 7, isNear ? 10 : 5), TINT.skin),
    piece(
      loft(
        HELMET.map(([along, up, halfX, half]) => [up, along, halfX, half]),
        isNear ? 18 : 8,
      ),
      TINT.helmet,
    ),
    piece(ball([0, 1.612, 0.517], [0.074, 0.025, 0.03], isNear ? 12 : 6, isNear ? 6 : 4), TINT.own, 0x0c1016),
  ]
  parts.push(
    ...both((s) => {
      const shoulder: At = [s * 0.178, 1.412, 0.262]
      const elbow: At = [s * 0.238, 1.205, 0.372]
      const wrist: At = [s * 0.214, 1.03, 0.55]
      return [
        piece(ball(shoulder, [0.064, 0.062, 0.066], sides, isNear ? 8 : 4), TINT.arm),
        piece(bar(shoulder, elbow, 0.062, 0.05, sides), TINT.arm),
        piece(ball(elbow, [0.05, 0.05, 0.05], sides, isNear ? 6 : 4), TINT.arm),
        piece(bar(elbow, wrist, 0.05, 0.033, sides), TINT.arm),
        piece(ball([s * 0.212, 1.0, 0.578], [0.034, 0.036, 0.055], sides, isNear ? 6 : 4), TINT.own, 0x1d1e20),
      ]
    }),
  )
  return parts
}

/** Rings of the helmet from its tail to its brow: [forward, up, half width, half height]. */
const HELMET = [
  [0.265, 1.648, 0.01, 0.008],
  [0.275, 1.65, 0.045, 0.03],
  [0.32, 1.662, 0.078, 0.056],
  [0.39, 1.667, 0.098, 0.074],
  [0.46, 1.664, 0.097, 0.072],
  [0.52, 1.654, 0.08, 0.056],
  [0.553, 1.643, 0.048, 0.03],
  [0.562, 1.638, 0.01, 0.008],
] as const

/** Limb profiles, [along, radius]: one smooth surface of revolution per bone. */
const THIGH = [
  [-0.1, 0.03],
  [-0.05, 0.088],
  [0.02, 0.104],
  [0.12, 0.1],
  [0.22, 0.088],
  [0.31, 0.072],
  [0.39, 0.061],
  [0.44, 0.057],
  [0.468, 0.04],
] as const
const SHIN = [
  [-0.03, 0.045],
  [0, 0.056],
  [0.06, 0.055],
  [0.13, 0.064],
  [0.2, 0.059],
  [0.28, 0.045],
  [0.36, 0.036],
  [0.44, 0.038],
  [0.48, 0.02],
] as const

function legs(detail: RiderDetail): Shape[] {
  const isNear = detail === 'near'
  const sides = isNear ? 12 : 6
  const profile = (points: readonly (readonly [number, number])[], x: number) => {
    const kept = isNear ? points : points.filter((_, i) => i % 2 === 0 || i === points.length - 1)
    return lathe(
      kept.map(([y, r]) => [r, y]),
      sides,
    ).translate(x, 0, 0)
  }
  return both((s) => {
    // The right leg comes first in the shader; the rider's left is +x.
    const leg = s === 1 ? LEFT : 0
    const x = s * JOINTS.stanceM
    return [
      piece(profile(THIGH, x), TINT.thigh, WHITE, PART.thigh + leg),
      piece(
        ball([x, JOINTS.thighM, 0], [0.0575, 0.0575, 0.0575], isNear ? 10 : 5, isNear ? 7 : 4),
        TINT.thigh,
        WHITE,
        PART.thigh + leg,
      ),
      piece(profile(SHIN, x), TINT.shin, WHITE, PART.shin + leg),
      piece(
        ball([x, -0.055, 0.065], [0.042, 0.036, 0.128], isNear ? 12 : 6, isNear ? 8 : 4),
        TINT.own,
        0xe9e9e6,
        PART.foot + leg,
      ),
      piece(box([x, -0.092, 0.075], [0.07, 0.014, 0.2]), TINT.own, BLACK, PART.foot + leg),
      piece(
        bar([s * 0.066, 0, 0], [s * 0.072, JOINTS.crankM, 0], 0.015, 0.012, isNear ? 6 : 4),
        TINT.own,
        0x2b2d30,
        PART.crank + leg,
      ),
      piece(
        bar([s * 0.066, JOINTS.crankM, 0], [s * 0.14, JOINTS.crankM, 0], 0.014, 0.014, 4),
        TINT.own,
        BLACK,
        PART.crank + leg,
      ),
    ]
  })
}

function wheels(detail: RiderDetail): Shape[] {
  const isNear = detail === 'near'
  const make = (part: number) => {
    const segments = isNear ? 36 : 16
    const parts = [
      piece(torus(0.326, 0.0135, isNear ? 6 : 4, segments).rotateY(Math.PI / 2), TINT.own, 0x131314, part),
      piece(
        torus(0.297, 0.016, isNear ? 5 : 3, segments)
          .scale(1, 1, 0.62)
          .rotateY(Math.PI / 2),
        TINT.own,
        0x222428,
        part,
      ),
      piece(cylinder(0.02, 0.02, 0.1, isNear ? 8 : 4).rotateZ(Math.PI / 2), TINT.own, BLACK, part),
    ]
    const spokes = isNear ? 16 : 6
    for (let i = 0; i < spokes; i++) {
      const a = (i / spokes) * Math.PI * 2
      const rim: At = [0, Math.cos(a) * 0.288, Math.sin(a) * 0.288]
      const hub: At = [i % 2 === 0 ? 0.03 : -0.03, Math.cos(a + 0.3) * 0.018, Math.sin(a + 0.3) * 0.018]
      parts.push(piece(bar(hub, rim, 0.0022, 0.0022, 3), TINT.own, STEEL, part))
    }
    return parts
  }
  return [...make(PART.frontWheel), ...make(PART.rearWheel)]
}

function farParts(): Shape[] {
  const wheel = (part: number) => piece(torus(0.315, 0.022, 2, 9).rotateY(Math.PI / 2), TINT.own, 0x1a1a1c, part)
  return [
    wheel(PART.frontWheel),
    wheel(PART.rearWheel),
    piece(bar(at(0, JOINTS.bottomBracket), HEAD_BOTTOM, 0.034, 0.034, 3), TINT.frame),
    piece(bar([0, 0.86, -0.15], HEAD_TOP, 0.026, 0.026, 3), TINT.frame),
    piece(bar(at(0, JOINTS.bottomBracket), SEAT, 0.026, 0.026, 3), TINT.frame),
    piece(
      loft(
        [
          [0.94, -0.2, 0.12, 0.09],
          [1.1, -0.1, 0.16, 0.12],
          [1.4, 0.22, 0.19, 0.12],
          [1.48, 0.33, 0.06, 0.05],
        ],
        6,
      ),
      TINT.torso,
    ),
    piece(icosahedron(0.115, 0).translate(0, 1.63, 0.43), TINT.helmet),
    ...both((s) => [
      piece(bar([s * 0.185, 1.41, 0.27], [s * 0.215, 1.0, 0.57], 0.058, 0.036, 3), TINT.arm),
      piece(
        bar([s * 0.1, -0.05, 0], [s * 0.1, 0.44, 0], 0.1, 0.06, 4),
        TINT.thigh,
        WHITE,
        PART.thigh + (s === 1 ? LEFT : 0),
      ),
      piece(
        bar([s * 0.1, 0, 0], [s * 0.1, 0.5, 0], 0.06, 0.042, 4),
        TINT.shin,
        WHITE,
        PART.shin + (s === 1 ? LEFT : 0),
      ),
    ]),
  ]
}
