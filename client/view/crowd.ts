import { createRandom } from '#physics/random'
import { createSpot, halfWidthAt, sampleAt, spotAt, type Path } from './path.ts'
import { FACE, STYLE, type Mason } from './mason.ts'
import { STREWN_ROW, type Strewn } from './piece.ts'
import { Shape } from './shape.ts'
import type { Works } from './works.ts'
import type { Quality } from './view-types.ts'

/** People and what they do; docs/client.md has the table. A row is a matrix and three lots: shirt, pose, skin. */
export const POSE = { stand: 0, clap: 1, wave: 2, cheer: 3, flag: 4, sit: 5 } as const
const POSES = 6

const SHARE: Record<Quality, number> = { test: 0.12, low: 0.3, medium: 0.75, high: 1 }
const MOST = 2600

interface Stretch {
  readonly path: Path
  readonly fromM: number
  readonly toM: number
  /** People per metre, both sides together. */
  readonly perM: number
  /** Behind barriers; on a climb they come nearer. */
  readonly outM: number
}

/** Up to here people have hands to clap with, beyond it a few triangles each, beyond that they are not drawn; m. */
const NEAR_M: Record<Quality, number> = { test: 1, low: 22, medium: 34, high: 48 }
const FAR_M: Record<Quality, number> = { test: 80, low: 120, medium: 190, high: 260 }

/** … and no more of each than so many. */
const MOST_NEAR: Record<Quality, number> = { test: 1, low: 6, medium: 18, high: 90 }
const MOST_FAR: Record<Quality, number> = { test: 60, low: 90, medium: 220, high: 420 }

export function buildCrowd(table: Float32Array, quality: Quality): Strewn {
  return {
    kind: 'strewn',
    name: 'people',
    count: table.length / STREWN_ROW,
    table,
    levels: [
      {
        surface: 'crowd',
        shape: personShape(true),
        toM: NEAR_M[quality],
        countMax: MOST_NEAR[quality],
        hasShadow: true,
        isShaded: true,
      },
      {
        surface: 'crowd',
        shape: personShape(false),
        toM: FAR_M[quality],
        countMax: MOST_FAR[quality],
        hasShadow: false,
        isShaded: true,
      },
    ],
  }
}

/** Where it is worth standing: at starts and lines, in hairpins, on steep roads, along village streets. */
export function layCrowd(works: Works, isWall: (x: number, z: number) => boolean): Float32Array {
  const { ways, land, lines, sites, seats, quality, seed, yard } = works
  const random = createRandom(seed ^ 0xc0de)
  const chance = (): number => random.fraction()
  const stretches: Stretch[] = []
  for (const { path, atM, isStart, isReversed, id } of lines) {
    const [beforeM, behindM, perM] = id === 'start' ? [85, 42, 1.9] : isStart ? [55, 25, 1.1] : [32, 14, 0.6]
    const [fromM, toM] = isReversed ? [atM - behindM, atM + beforeM] : [atM - beforeM, atM + behindM]
    stretches.push({ path, fromM, toM, perM, outM: 1.35 })
  }
  for (const street of sites.streets) stretches.push({ ...street, perM: 0.16, outM: 1.6 })
  for (const { path, isAloft, isRoofed } of ways.roads) {
    for (let m = 20; m < path.lengthM - 20; m += 30) {
      const i = sampleAt(path, m)
      if (isAloft[i] === 1 || isRoofed[i] === 1) continue
      if (Math.abs(path.bendPerM[i]!) > 1 / 30)
        stretches.push({ path, fromM: m - 15, toM: m + 15, perM: 0.42, outM: 2.2 })
      else if (land.isTown(path.x[i]!, path.z[i]!))
        stretches.push({ path, fromM: m - 15, toM: m + 15, perM: 0.07, outM: 0.9 })
      else if (Math.abs(path.slope[i]!) > 0.07)
        stretches.push({ path, fromM: m - 15, toM: m + 15, perM: 0.05, outM: 1.5 })
    }
  }
  const rows: number[] = []
  const stand = (
    at: { x: number; y: number; z: number },
    turn: number,
    tall: number,
    lots: readonly number[],
  ): void => {
    const [c, s] = [Math.cos(turn) * tall, Math.sin(turn) * tall]
    rows.push(c, 0, -s, 0, 0, tall, 0, 0, s, 0, c, 0, at.x, at.y, at.z, 1, ...lots)
  }
  for (const seat of seats) {
    const lot = chance()
    if (lot > SHARE[quality]) continue
    const pose = lot < 0.6 * SHARE[quality] ? POSE.sit : lot < 0.75 ? POSE.clap : lot < 0.85 ? POSE.wave : POSE.cheer
    stand(seat, seat.turnRad, 0.9 + 0.17 * chance(), [chance(), (pose + 0.5) / POSES, chance()])
  }
  const spot = createSpot()
  let owed = 0
  for (const { path, fromM, toM, perM, outM } of stretches) {
    owed += (toM - fromM) * perM * SHARE[quality]
    for (; owed >= 1 && rows.length < MOST * STREWN_ROW; owed--) {
      const side = chance() < 0.5 ? -1 : 1
      const atM = fromM + chance() * (toM - fromM)
      const back = chance()
      const facing = (chance() - 0.5) * 0.8
      const [tall, shirt, skin, lot] = [0.9 + 0.17 * chance(), chance(), chance(), chance()]
      if (!path.isLoop && (atM < 2 || atM > path.lengthM - 2)) continue
      const isTown = land.isTown(path.x[sampleAt(path, atM)]!, path.z[sampleAt(path, atM)]!)
      const half = halfWidthAt(path, atM)
      spotAt(path, atM, side * (half + (isTown ? 0.85 + 1.45 * back : outM + 2.4 * back * back)), spot)
      const y = isTown ? spot.y + 0.15 : land.heightAt(spot.x, spot.z)
      if (
        land.vergeAt(spot.x, spot.z) < 0.7 ||
        land.isPad(spot.x, spot.z) ||
        land.deckAt(spot.x, spot.z) < 4 ||
        Math.abs(y - spot.y) > 1.3
      )
        continue
      if (isWall(spot.x, spot.z) || land.shoreAt(spot.x, spot.z) < 1.5 || (!isTown && sites.isBuilt(spot.x, spot.z)))
        continue
      const isKeen = perM > 0.3
      const pose =
        !isTown && back > 0.8 && lot < 0.5
          ? POSE.sit
          : lot < (isKeen ? 0.16 : 0.55)
            ? POSE.stand
            : lot < 0.5
              ? POSE.clap
              : lot < 0.7
                ? POSE.wave
                : lot < 0.9
                  ? POSE.cheer
                  : POSE.flag
      const turn = Math.atan2(side * spot.dirZ, -side * spot.dirX) + facing
      stand({ x: spot.x, y, z: spot.z }, turn, tall, [shirt, (pose + 0.5) / POSES, skin])
      if (lot > 0.485 && lot < 0.5)
        dog(yard.at('detail', spot.x, spot.z).at(spot.x + 0.5 * spot.dirX, y, spot.z + 0.5 * spot.dirZ, turn), skin)
    }
  }
  return Float32Array.from(rows)
}

function dog(m: Mason, lot: number): void {
  m.ink([0x8a5a34, 0xe6ddcb, 0x2a2623, 0xb98a50][Math.floor(lot * 3.99)]!)
  m.bar(0, 0.42, -0.22, 0, 0.46, 0.24, 0.13, 6, 0.14)
    .bar(0, 0.5, 0.22, 0, 0.7, 0.36, 0.09, 5, 0.08)
    .box(0, 0.64, 0.42, 0.13, 0.14, 0.26, FACE.all)
  for (const x of [-0.08, 0.08]) for (const z of [-0.2, 0.2]) m.bar(x, -0.05, z, x, 0.42, z, 0.035, 4)
  m.bar(0, 0.46, -0.24, 0, 0.68, -0.4, 0.03, 4).ink(0x2a2623, STYLE.plain).box(0, 0.67, 0.55, 0.06, 0.05, 0.04)
}

type Ring = readonly [y: number, halfX: number, halfZ: number, atX: number, atZ: number]

/**
 * A person. `limb`: which one a vertex belongs to (0 body, 1 and 2 arms, 3 and 4 legs, 5 flag, 6 umbrella) and its dye (0 skin,
 * 1 shirt, 2 trousers, 3 hair, 4 flag).
 */
export function personShape(isNear: boolean): Shape {
  const position: number[] = []
  const normal: number[] = []
  const limb: number[] = []
  const loft = (rings: readonly Ring[], sides: number, part: number, dye: number): void => {
    for (let r = 0; r + 1 < rings.length; r++)
      for (let k = 0; k < sides; k++) {
        const corner = (ring: Ring, j: number): void => {
          const [y, hx, hz, ax, az] = ring
          const [s, c] = [Math.sin((j / sides) * 6.28319), Math.cos((j / sides) * 6.28319)]
          position.push(ax + hx * s, y, az + hz * c)
          normal.push(s, 0.15, c)
          limb.push(part, dye)
        }
        const [a, b] = [rings[r]!, rings[r + 1]!]
        for (const [ring, j] of [
          [a, k],
          [a, k + 1],
          [b, k + 1],
          [a, k],
          [b, k + 1],
          [b, k],
        ] as const)
          corner(ring, j)
      }
  }
  const n = isNear ? 6 : 4
  for (const [x, part] of [
    [-0.1, 3],
    [0.1, 4],
  ] as const)
    loft(
      isNear
        ? [
            [-0.04, 0.06, 0.12, x, 0.05],
            [0.08, 0.06, 0.07, x, 0],
            [0.48, 0.075, 0.08, x, 0],
            [0.88, 0.1, 0.11, x, 0],
          ]
        : [
            [-0.04, 0.07, 0.09, x, 0],
            [0.88, 0.1, 0.1, x, 0],
          ],
      isNear ? 5 : 3,
      part,
      2,
    )
  loft(
    isNear
      ? [
          [0.82, 0.17, 0.12, 0, 0],
          [1.05, 0.16, 0.11, 0, 0],
          [1.34, 0.21, 0.12, 0, 0],
          [1.46, 0.12, 0.08, 0, 0],
          [1.48, 0, 0, 0, 0],
        ]
      : [
          [0.82, 0.17, 0.12, 0, 0],
          [1.44, 0.19, 0.11, 0, 0],
        ],
    n,
    0,
    1,
  )
  if (isNear)
    loft(
      [
        [1.44, 0.05, 0.05, 0, 0],
        [1.54, 0.05, 0.05, 0, 0.01],
      ],
      4,
      0,
      0,
    )
  loft(
    isNear
      ? [
          [1.5, 0.05, 0.06, 0, 0.02],
          [1.57, 0.09, 0.1, 0, 0.02],
          [1.68, 0.1, 0.11, 0, 0.01],
        ]
      : [
          [1.42, 0.07, 0.07, 0, 0.02],
          [1.68, 0.1, 0.11, 0, 0.01],
        ],
    isNear ? n : 3,
    0,
    0,
  )
  loft(
    isNear
      ? [
          [1.62, 0.108, 0.115, 0, -0.02],
          [1.74, 0.085, 0.09, 0, -0.015],
          [1.79, 0, 0, 0, -0.01],
        ]
      : [
          [1.62, 0.115, 0.12, 0, -0.02],
          [1.79, 0.03, 0.03, 0, -0.01],
        ],
    isNear ? n : 4,
    0,
    3,
  )
  for (const [side, part] of [
    [-1, 1],
    [1, 2],
  ] as const) {
    const x = side * 0.235
    if (!isNear) {
      loft(
        [
          [1.43, 0.06, 0.06, x, 0],
          [0.8, 0.045, 0.04, x, 0.02],
        ],
        3,
        part,
        0,
      )
      continue
    }
    loft(
      [
        [1.43, 0.06, 0.065, x, 0],
        [1.18, 0.05, 0.05, x, 0],
      ],
      5,
      part,
      1,
    )
    loft(
      [
        [1.18, 0.045, 0.045, x, 0],
        [0.9, 0.036, 0.036, x, 0.03],
        [0.8, 0.045, 0.03, x, 0.03],
      ],
      5,
      part,
      0,
    )
  }
  // An umbrella, for when it rains; who has none keeps it in the head.
  loft(
    [
      [1.9, 0.56, 0.56, 0.1, 0.12],
      [2.06, 0.36, 0.36, 0.1, 0.12],
      [2.14, 0, 0, 0.1, 0.12],
    ],
    isNear ? 7 : 4,
    6,
    4,
  )
  if (!isNear) return new Shape(position).set('normal', normal, 3).set('limb', limb, 2)
  // The flag hangs from the right hand; whoever has none folds it into nothing.
  loft(
    [
      [0.85, 0.012, 0.012, 0.235, 0.03],
      [-0.15, 0.012, 0.012, 0.235, 0.03],
    ],
    3,
    5,
    0,
  )
  for (const face of [1, -1]) {
    const quad = [
      [0.235, -0.12],
      [0.235, 0.28],
      [0.9, 0.28],
      [0.9, -0.12],
    ]
    const order = face > 0 ? [0, 1, 2, 0, 2, 3] : [0, 2, 1, 0, 3, 2]
    for (const k of order) {
      position.push(quad[k]![0]!, quad[k]![1]!, 0.03)
      normal.push(0, 0.8, face * 0.6)
      limb.push(5, 4)
    }
  }
  return new Shape(position).set('normal', normal, 3).set('limb', limb, 2)
}
