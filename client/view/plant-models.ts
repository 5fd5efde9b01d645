import type { Random } from '#physics/random'
import { Shape } from './shape.ts'
import { bar, cone, loft, merged, painted, type At } from './solids.ts'
import { icosahedron, octahedron } from './solids-round.ts'

/** Trees from code, one metre of tree per metre; `near` a few hundred triangles, `far` a few dozen, `speck` at most twenty. */
export interface PlantModel {
  readonly near: Shape
  readonly far: Shape
  readonly speck: Shape
}

const BARK = 0x5d4a38
const PALE_BARK = 0x8d7f6c
/** Foliage is nearly white here: each tree brings its own green. */
const LEAF = 0xffffff
const KEPT = ['position', 'normal', 'color']

export function firModel(random: Random): PlantModel {
  const TOP_M = 15
  const position: number[] = []
  for (let tier = 0; tier < 13; tier++) {
    const share = tier / 13
    const up = 1.7 + share * (TOP_M - 2.2)
    const reach = 2.75 * (1 - share) ** 0.82 + 0.12
    const branches = 12 - Math.floor(tier / 2.4)
    for (let b = 0; b < branches; b++) {
      // A branch is a drooping diamond with a rib: from the stem out to its tip, widest half-way.
      const angle = ((b + random.fraction() * 0.7) / branches) * Math.PI * 2 + tier
      const long = reach * (0.78 + 0.4 * random.fraction())
      const wide = long * 0.3 + 0.12
      const droop = long * (0.3 + 0.2 * random.fraction())
      const c = Math.cos(angle)
      const s = Math.sin(angle)
      const along = (out: number, side: number, down: number) => [c * out - s * side, up - down, s * out + c * side]
      const root = along(0, 0, -0.35)
      const tip = along(long, 0, droop)
      const rib = along(long * 0.5, 0, droop * 0.28 - 0.12)
      const left = along(long * 0.55, wide, droop * 0.75)
      const right = along(long * 0.55, -wide, droop * 0.75)
      position.push(
        ...root,
        ...rib,
        ...right,
        ...root,
        ...left,
        ...rib,
        ...rib,
        ...left,
        ...tip,
        ...rib,
        ...tip,
        ...right,
      )
    }
  }
  const branches = new Shape(position).computeNormals()
  const core = cone(0.8, TOP_M - 2.6, 6, { isOpen: true }).translate(0, TOP_M / 2 + 0.4, 0)
  const far = [
    shaded(cone(2.3, 6.4, 6, { isOpen: true }).translate(0, 5, 0), [0, 3, 0], 0.4, 2, 14),
    shaded(cone(1.55, 6, 5, { isOpen: true }).translate(0, 8.8, 0), [0, 8, 0], 0.4, 2, 14),
    shaded(cone(0.8, 4.6, 4, { isOpen: true }).translate(0, 12.9, 0), [0, 10, 0], 0.4, 2, 14),
  ]
  return {
    near: merged([trunk(0.3, 4, BARK), shaded(branches, [0, 4, 0], 0.5, 0, 13), painted(core, 0x8d8d8d)], KEPT),
    far: merged([trunk(0.3, 3, BARK, 3), ...far], KEPT),
    speck: merged([shaded(cone(2, 13.4, 4, { isOpen: true }).translate(0, 8.4, 0), [0, 6, 0], 0.4, 2, 14)], KEPT),
  }
}

export function oakModel(random: Random): PlantModel {
  const blobs: [At, number][] = [
    [[0, 5.4, 0], 2.5],
    [[1.7, 4.6, 0.7], 1.8],
    [[-1.6, 4.5, -0.5], 1.9],
    [[0.3, 4.3, -1.7], 1.7],
    [[-0.4, 4.4, 1.7], 1.7],
    [[0.3, 7, 0.2], 1.7],
  ]
  return {
    near: merged(
      [
        trunk(0.34, 4, BARK),
        painted(bar([0, 2.6, 0], [1.4, 4.4, 0.5], 0.18, 0.1, 5), BARK),
        ...blobs.map(([at, radius]) => crown(random, at, radius, 1, 0.36, [0, 4.6, 0])),
      ],
      KEPT,
    ),
    far: merged([trunk(0.34, 3, BARK, 3), crown(random, [0, 5.2, 0], 3, 1, 0.5, [0, 4.6, 0], [1, 0.82, 1])], KEPT),
    speck: speck([0, 5, 0], [3, 2.6, 3], true),
  }
}

export function poplarModel(random: Random): PlantModel {
  const near: Shape[] = []
  // A column of clumps, each a little off the stem, narrower towards the top.
  for (let i = 0; i < 7; i++) {
    const share = i / 6
    const radius = 1.5 * (1 - share) ** 0.7 + 0.42 - (i === 0 ? 0.5 : 0)
    const swing = i * 2.4
    const at: At = [Math.cos(swing) * 0.34 * (1 - share), 3 + share * 9, Math.sin(swing) * 0.34 * (1 - share)]
    near.push(crown(random, at, radius, 1, 0.42, [0, 7, 0], [1, 1.35, 1]))
  }
  const far = [
    crown(random, [0, 5, 0], 1.7, 1, 0.4, [0, 7, 0], [1, 1.7, 1]),
    crown(random, [0, 9.6, 0], 1.1, 0, 0.3, [0, 7, 0], [1, 2.4, 1]),
  ]
  return {
    near: merged([trunk(0.22, 3, PALE_BARK), ...near], KEPT),
    far: merged([trunk(0.22, 3, PALE_BARK, 3), ...far], KEPT),
    speck: speck([0, 7, 0], [1.7, 5.6, 1.7]),
  }
}

export function cypressModel(random: Random): PlantModel {
  const rings = (sides: number, keep: (i: number) => boolean) =>
    shaded(
      ragged(
        loft(
          (
            [
              [0.5, 0, 0.25, 0.25],
              [1.2, 0, 0.72, 0.72],
              [3, 0, 0.92, 0.92],
              [5.5, 0, 0.86, 0.86],
              [8, 0, 0.62, 0.62],
              [10, 0, 0.34, 0.34],
              [11.6, 0, 0.03, 0.03],
            ] as const
          ).filter((_, i) => keep(i)),
          sides,
        ),
        random,
        0.16,
      ),
      [0, 4, 0],
      0.3,
      0,
      12,
    )
  return {
    near: merged([trunk(0.16, 1.2, BARK), rings(10, () => true)], KEPT),
    far: merged([rings(5, (i) => i % 2 === 0)], KEPT),
    speck: speck([0, 5.4, 0], [1, 6, 1]),
  }
}

export function stonePineModel(random: Random): PlantModel {
  const pads: [At, number][] = [
    [[0, 8.4, 0], 2.6],
    [[2, 7.9, 0.8], 1.8],
    [[-1.9, 8, 0.4], 1.9],
    [[-0.2, 7.9, -2], 1.8],
    [[0.4, 8, 1.9], 1.7],
  ]
  return {
    near: merged(
      [
        painted(bar([0, -0.4, 0], [0.25, 4, 0.1], 0.32, 0.24, 6), 0x7a5540),
        painted(bar([0.25, 4, 0.1], [0, 8, 0], 0.24, 0.14, 6), 0x7a5540),
        painted(bar([0.22, 5, 0.1], [1.9, 7.6, 0.8], 0.14, 0.08, 5), 0x7a5540),
        painted(bar([0.2, 5.4, 0.1], [-1.8, 7.7, 0.3], 0.14, 0.08, 5), 0x7a5540),
        ...pads.map(([at, radius]) => crown(random, at, radius, 1, 0.3, [0, 6.6, 0], [1, 0.44, 1])),
      ],
      KEPT,
    ),
    far: merged([trunk(0.3, 7, 0x7a5540, 3), crown(random, [0, 8.1, 0], 3.3, 1, 0.3, [0, 6.6, 0], [1, 0.4, 1])], KEPT),
    speck: speck([0, 7.9, 0], [3.3, 1.3, 3.3], true),
  }
}

export function bushModel(random: Random): PlantModel {
  return {
    near: merged(
      [
        crown(random, [0, 0.55, 0], 0.95, 1, 0.35, [0, 0, 0], [1, 0.8, 1]),
        crown(random, [0.75, 0.4, 0.3], 0.65, 1, 0.35, [0, 0, 0], [1, 0.8, 1]),
      ],
      KEPT,
    ),
    far: merged([crown(random, [0.2, 0.5, 0.1], 1.1, 0, 0.1, [0, 0, 0], [1, 0.75, 1])], KEPT),
    speck: speck([0.2, 0.5, 0.1], [1.15, 0.85, 1.15], true),
  }
}

/** A crown of eight triangles, a round one of twenty, for where a tree is a few pixels. */
function speck(at: At, size: At, isRound = false): Shape {
  const ball = isRound ? icosahedron(1, 0) : octahedron(1, 0)
  const body = ball.scale(...size).translate(...at)
  return merged([shaded(body, at, 0.75, at[1] - size[1], at[1] + size[1])], KEPT)
}

function trunk(radiusM: number, heightM: number, color: number, sides = 6): Shape {
  return painted(bar([0, -0.6, 0], [0, heightM, 0], radiusM, radiusM * 0.6, sides), color)
}

function crown(
  random: Random,
  at: At,
  radiusM: number,
  detail: number,
  raggedness: number,
  heart: At,
  squash: At = [1, 0.85, 1],
): Shape {
  const ball = ragged(icosahedron(radiusM, detail), random, raggedness)
  ball.scale(...squash).translate(...at)
  return shaded(ball, heart, 0.75, at[1] - radiusM, at[1] + radiusM)
}

/** Pushes vertices in and out; the same place moves the same way, so that no seam opens. */
function ragged(shape: Shape, random: Random, amount: number): Shape {
  const p = shape.position
  const moved = new Map<string, number>()
  for (let k = 0; k < p.length; k += 3) {
    const key = `${p[k]!.toFixed(3)},${p[k + 1]!.toFixed(3)},${p[k + 2]!.toFixed(3)}`
    let gain = moved.get(key)
    if (gain === undefined) {
      gain = 1 + amount * (random.fraction() - 0.5)
      moved.set(key, gain)
    }
    p[k]! *= gain
    p[k + 2]! *= gain
  }
  return shape.computeNormals()
}

/** Normals that lean outwards from the heart of the crown: foliage scatters light, it has no facets. Darker below. */
function shaded(shape: Shape, heart: At, round: number, lowM: number, highM: number): Shape {
  const { position: p, normal: n, color: c } = painted(shape, LEAF)
  for (let k = 0; k < p.length; k += 3) {
    const [x, y, z] = [p[k]! - heart[0], p[k + 1]! - heart[1], p[k + 2]! - heart[2]]
    const over = 1 / (Math.sqrt(x * x + y * y + z * z) || 1)
    n[k]! += (x * over - n[k]!) * round
    n[k + 1]! += (y * over - n[k + 1]!) * round
    n[k + 2]! += (z * over - n[k + 2]!) * round
    const shade = 0.55 + 0.45 * Math.min(1, Math.max(0, (p[k + 1]! - lowM) / (highM - lowM)))
    c.fill(shade, k, k + 3)
  }
  return shape.normalizeNormals()
}
