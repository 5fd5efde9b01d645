import { bicycle, type Fineness } from './rider-bike.ts'
import { body } from './rider-body.ts'
import { BONE, LEFT, TINT } from './rider-parts.ts'
import { Shapes, type At } from './rider-shapes.ts'

/** From close by to a dot. docs/client.md has how many triangles each has, and V66 counts them. */
export const DETAILS = ['near', 'mid', 'low', 'far', 'shade'] as const
export type RiderDetail = (typeof DETAILS)[number]

export interface RiderArrays {
  readonly position: Float32Array
  readonly normal: Float32Array
  /** What is added for an aero bicycle, or for a broad body; as much is taken away at −1. */
  readonly morph: Float32Array
  /** [bone, tint] of each vertex. */
  readonly bone: Float32Array
  readonly index: Uint16Array
}

const FINENESS = { near: 2, mid: 1, low: 0 } as const satisfies Record<string, Fineness>

const made = new Map<RiderDetail, RiderArrays>()

/** Rider and bicycle as arrays, made once; no three.js, so a test can count them. */
export function riderArrays(detail: RiderDetail): RiderArrays {
  const known = made.get(detail)
  if (known !== undefined) return known
  const [base, other] = [shapesOf(detail, 0), shapesOf(detail, 1)]
  const arrays = {
    position: Float32Array.from(base.position),
    normal: Float32Array.from(base.normal),
    morph: Float32Array.from(base.position, (value, i) => other.position[i]! - value),
    bone: Float32Array.from(base.bone),
    index: Uint16Array.from(base.index),
  }
  made.set(detail, arrays)
  return arrays
}

function shapesOf(detail: RiderDetail, form: number): Shapes {
  const out = new Shapes()
  if (detail === 'far') card(out)
  else if (detail === 'shade') shade(out)
  else {
    bicycle(out, FINENESS[detail], form)
    body(out, FINENESS[detail], form)
  }
  return out
}

/** What throws a shadow far from the eye: both sides count, so wheels are flat rings and limbs have three. */
function shade(out: Shapes): void {
  for (const bone of [BONE.frontWheel, BONE.rearWheel])
    out.on(bone, TINT.wheel).lathe(
      [
        [0, 0.34],
        [0, 0.29],
      ],
      8,
    )
  out.on(BONE.frame, TINT.frame).tube(
    [
      [0, 0.27, 0],
      [0, 0.79, 0.42],
    ],
    [0.035],
    3,
  )
  out
    .tube(
      [
        [0, 0.27, 0],
        [0, 0.9, -0.18],
      ],
      [0.025],
      3,
    )
    .tube(
      [
        [0, 0.83, -0.15],
        [0, 0.868, 0.4],
      ],
      [0.022],
      3,
    )
  out.on(BONE.torso, TINT.torso).loft(
    [
      [-0.1, 0.08, 0.06, 0.08],
      [0.1, 0.15, 0.1, 0.1],
      [0.42, 0.18, 0.1, 0.1],
      [0.55, 0.06, 0.05, 0.05],
    ],
    4,
  )
  out.on(BONE.head, TINT.helmet).loft(
    [
      [-0.06, 0.03, 0.06, 0.03],
      [0.1, 0.1, 0.11, 0.14],
      [0.23, 0.02, 0.02, 0.02],
    ],
    4,
  )
  for (const left of [0, LEFT]) {
    out.on(BONE.leg + left, TINT.leg).loft(
      [
        [0.03, 0.09, 0.09, 0.09],
        [-0.44, 0.055, 0.058, 0.048],
        [-0.93, 0.04, 0.05, 0.04],
      ],
      3,
    )
    out.on(BONE.arm + left, TINT.arm).loft(
      [
        [0.04, 0.06, 0.06, 0.06],
        [-0.3, 0.042, 0.042, 0.042],
        [-0.62, 0.035, 0.035, 0.035],
      ],
      3,
    )
  }
}

/** A dozen triangles seen at a hundred metres and more: wheels, legs, trunk, arms, head; x is half as wide as from behind, z as from the side. */
function card(out: Shapes): void {
  const four = (tint: number, points: readonly (readonly [number, number, number])[]) =>
    out.on(BONE.card, tint).fan(points as readonly At[], [0, 0, 1])
  const wheel = (from: number, to: number, s: number) =>
    four(TINT.black, [
      [-0.03, 0, from],
      [0.03, 0, to],
      [0.03, 0.66, to - s],
      [-0.03, 0.66, from + s],
    ])
  wheel(-0.68, -0.14, 0.1)
  wheel(0.32, 0.86, 0.1)
  four(TINT.frame, [
    [-0.03, 0.3, -0.1],
    [0.03, 0.3, 0.14],
    [0.05, 0.86, 0.42],
    [-0.05, 0.86, -0.18],
  ])
  four(TINT.leg, [
    [-0.13, 0.16, -0.08],
    [0.13, 0.16, 0.12],
    [0.19, 1.02, 0.16],
    [-0.19, 1.02, -0.26],
  ])
  four(TINT.torso, [
    [-0.18, 0.98, -0.28],
    [0.18, 0.98, 0.0],
    [0.24, 1.4, 0.36],
    [-0.24, 1.4, 0.06],
  ])
  four(TINT.helmet, [
    [-0.1, 1.4, 0.24],
    [0.1, 1.4, 0.44],
    [0.1, 1.68, 0.46],
    [-0.1, 1.68, 0.2],
  ])
}
