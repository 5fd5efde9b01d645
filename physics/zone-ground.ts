import type { PropShape, WallShape } from './bodies.ts'
import { createRandom, type Random } from './random.ts'

/**
 * The gravel park as a function of its seed: ground, fence and props, before anybody moves. Coordinates of its own: u along
 * the road in the direction it is ridden, v away from the road, both from the corner nearest to where riders come from;
 * z up. The road's strip lies at v < 0. The park is laid out for 60 × 40 m and stretched to its size.
 */
export interface ZoneSize {
  readonly lengthM: number
  readonly widthM: number
  readonly seed: number
  /** From the park's edge to the middle of the road's strip, m, and half the strip's width. */
  readonly apronM: number
  readonly roadHalfM: number
  /** Where riders are taken over from the road, and where they are put back at the latest: metres of u. */
  readonly entryM: number
  readonly exitM: number
  /** Height of the road abreast of u: the whole park lies on it, so that no gate is a step. */
  readonly roadHeightM: (u: number) => number
  /** Leaves out bumps, ramps and props: for measurements. */
  readonly isFlat?: boolean
}

export const PROP_KINDS = ['cone', 'crate', 'barrier', 'bale'] as const
export type PropKind = (typeof PROP_KINDS)[number]

export interface PropPlace {
  readonly kind: PropKind
  readonly u: number
  readonly v: number
  /** Height of its middle. */
  readonly z: number
  /** Which way it is turned, unit vector. */
  readonly headU: number
  readonly headV: number
}

export interface ZoneGround extends ZoneSize {
  /** Height of the ground, m, smooth to its first derivative. */
  heightAt(u: number, v: number): number
  readonly walls: readonly WallShape[]
  readonly props: readonly PropPlace[]
  /** Openings in the fence towards the road, [from, to] in u: in, out. */
  readonly openings: readonly (readonly [number, number])[]
  /** Park's own metres from those of a 60 × 40 m park. */
  readonly stretchU: number
  readonly stretchV: number
}

/** Bodies of the park in all: ground, fence, props and riders (docs/physics.md, P84). */
export const ZONE_BODIES_MAX = 40
export const ZONE_RIDERS_MAX = 12
const LAYOUT_LENGTH_M = 60
const LAYOUT_WIDTH_M = 40
const OPENING: readonly (readonly [number, number])[] = [
  [7, 22.5],
  [43, 56.5],
]
const WALL_HALF_TALL_M = 2.5
const FENCE_HALF_M = 0.15

/** Half sizes along its heading, across, up, m; mass, kg. */
const BOXES = {
  crate: { half: [0.3, 0.3, 0.3], massKg: 9 },
  barrier: { half: [0.75, 0.2, 0.4], massKg: 22 },
  bale: { half: [0.55, 0.24, 0.22], massKg: 14 },
} as const
const CONE_MASS_KG = 1.6
const FOOT_M = 0.05

/** What a prop is to the engine. A cone is a small ball on a larger one; boxes stand on balls in their corners. */
export function propShape(kind: PropKind): PropShape {
  if (kind === 'cone') {
    const corners = [-1, 1].flatMap((x) => [-1, 1].map((y) => [x * 0.15, y * 0.15, -0.2, FOOT_M] as const))
    const balls = [
      [0, 0, -0.1, 0.14],
      [0, 0, 0.1, 0.1],
    ] as const
    return { kind: 'balls', massKg: CONE_MASS_KG, balls, feet: [...corners, [0, 0, 0.3, FOOT_M]] }
  }
  const { half, massKg } = BOXES[kind]
  const [halfX, halfY, halfZ] = half
  const ends = [-1, 1]
  const feet = ends.flatMap((x) =>
    ends.flatMap((y) =>
      ends.map((z) => [x * (halfX - FOOT_M), y * (halfY - FOOT_M), z * (halfZ - FOOT_M), FOOT_M] as const),
    ),
  )
  return { kind: 'box', massKg, halfX, halfY, halfZ, feet }
}

/** From the ground to a standing prop's middle, m. */
export function standingM(kind: PropKind): number {
  return kind === 'cone' ? 0.25 : BOXES[kind].half[2]
}

export function createZoneGround(size: ZoneSize): ZoneGround {
  const stretchU = size.lengthM / LAYOUT_LENGTH_M
  const stretchV = size.widthM / LAYOUT_WIDTH_M
  const random = createRandom(size.seed)
  const bumps = size.isFlat === true ? [] : seedBumps(random)
  const { roadHeightM } = size
  const heightAt = (u: number, v: number): number => {
    const base = roadHeightM(u)
    if (size.isFlat === true || v <= 0) return base
    return base + reliefM(u / stretchU, v / stretchV, bumps)
  }
  const openings = OPENING.map(([from, to]) => [from * stretchU, to * stretchU] as const)
  const props = size.isFlat === true ? [] : seedProps(random, heightAt, stretchU, stretchV)
  return { ...size, heightAt, openings, props, walls: fence(size, openings), stretchU, stretchV }
}

/** Heights at the corners of square cells over the park and the road's strip beside it, for the engine and the picture. */
export function sampleGround(ground: ZoneGround, cellM: number) {
  const marginM = 2
  const x = -marginM
  const y = -ground.apronM - ground.roadHalfM - marginM
  const columns = Math.ceil((ground.lengthM + 2 * marginM) / cellM) + 1
  const rows = Math.ceil((ground.widthM + marginM - y) / cellM) + 1
  const heightM = new Float64Array(columns * rows)
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < rows; j++) heightM[i * rows + j] = ground.heightAt(x + i * cellM, y + j * cellM)
  }
  return { x, y, cellM, columns, rows, heightM }
}

/** On the ground one may ride on: the park, and the strip of road it opens to. */
export function isInside(ground: ZoneGround, u: number, v: number): boolean {
  if (v >= 0) return u >= 0 && u <= ground.lengthM && v <= ground.widthM
  return v >= -ground.apronM - ground.roadHalfM && u >= Math.min(0, ground.entryM) - 2 && u <= ground.exitM + 2
}

interface Bump {
  readonly u: number
  readonly v: number
  readonly radiusM: number
  readonly tallM: number
}

/** Everything above the road's height, in metres of the 60 × 40 m layout. */
function reliefM(u: number, v: number, bumps: readonly Bump[]): number {
  let sum = 0
  for (const bump of bumps) {
    const du = (u - bump.u) / bump.radiusM
    const dv = (v - bump.v) / bump.radiusM
    sum += bump.tallM * hill(du * du + dv * dv)
  }
  return sum + rollersM(u, v) + bermsM(u, v) + tableM(u, v) + kickerM(u, v)
}

/** Five rollers along the far side. */
function rollersM(u: number, v: number): number {
  const across = plateau(v, 28.2, 30.2, 34, 36)
  if (across === 0 || u < 17 || u > 43) return 0
  const along = (u - 17) / 5.2
  const x = 2 * (along - Math.floor(along)) - 1
  return 0.34 * across * hill(x * x)
}

/** Banked turns at both ends. */
function bermsM(u: number, v: number): number {
  const right = radius(u - 42, v - 20)
  const left = radius(u - 18, v - 25)
  return (
    1.15 * step(11.2, 17, right) * step(42, 48, u) * step(4, 12, v) +
    0.85 * step(6.4, 10.5, left) * step(18, 13, u) * step(11, 17, v)
  )
}

/** The table: up, along, down. A rider fast enough flies over its edge. */
function tableM(u: number, v: number): number {
  return 0.85 * plateau(u, 21.5, 26, 29, 33.5) * plateau(v, 14.4, 16.4, 19.6, 21.6)
}

/** The kicker, beside the house's line: who wants it steers for it. */
function kickerM(u: number, v: number): number {
  const across = plateau(v, 22.5, 24, 26.4, 27.9)
  return across * (0.7 * plateau(u, 25.5, 30.2, 30.3, 31.4) + 0.45 * plateau(u, 33, 35, 35.4, 39.5))
}

/** 1 in the middle, 0 from the rim on; smooth. Takes the square of the distance in radii. */
function hill(square: number): number {
  return square >= 1 ? 0 : (1 - square) * (1 - square)
}

function step(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)))
  return t * t * (3 - 2 * t)
}

/** Rises from a to b, stays, falls from c to d. */
function plateau(x: number, a: number, b: number, c: number, d: number): number {
  return x <= a || x >= d ? 0 : step(a, b, x) - step(c, d, x)
}

function radius(x: number, y: number): number {
  return Math.sqrt(x * x + y * y)
}

/** Gentle, and none where the ramps are. */
function seedBumps(random: Random): Bump[] {
  return Array.from({ length: 9 }, (_, i) => ({
    u: 8 + (i % 5) * 10.5 + 5 * random.fraction(),
    v: (i < 5 ? 7 : 36.2) + 3 * random.fraction() - 1.5,
    radiusM: 3.2 + 1.6 * random.fraction(),
    tallM: 0.07 + 0.1 * random.fraction(),
  }))
}

function fence(
  { lengthM, widthM, roadHeightM }: ZoneSize,
  openings: readonly (readonly [number, number])[],
): WallShape[] {
  const z = roadHeightM(lengthM / 2) + WALL_HALF_TALL_M - 0.5
  const wall = (fromU: number, toU: number, fromV: number, toV: number): WallShape => ({
    x: (fromU + toU) / 2,
    y: (fromV + toV) / 2,
    z,
    halfX: (toU - fromU) / 2,
    halfY: (toV - fromV) / 2,
    halfZ: WALL_HALF_TALL_M,
  })
  const [[inFrom, inTo], [outFrom, outTo]] = openings as [readonly [number, number], readonly [number, number]]
  return [
    wall(-1, 0, 0, widthM),
    wall(lengthM, lengthM + 1, 0, widthM),
    wall(-1, lengthM + 1, widthM, widthM + 1),
    wall(-1, inFrom, -FENCE_HALF_M, FENCE_HALF_M),
    wall(inTo, outFrom, -FENCE_HALF_M, FENCE_HALF_M),
    wall(outTo, lengthM + 1, -FENCE_HALF_M, FENCE_HALF_M),
  ]
}

/** Kind, place in the layout, how far chance may move it, and what it stands on. */
const PROPS: readonly (readonly [PropKind, number, number, number, number])[] = [
  // A slalom beside the first straight.
  ...[25.5, 29.3, 33.1, 36.9, 40.7].map((u, i) => ['cone', u, i % 2 === 0 ? 2.4 : 3.6, 0.25, 0] as const),
  // Both gates.
  ['cone', 7, 1.1, 0, 0],
  ['cone', 22.6, 1.1, 0, 0],
  ['cone', 43, 1.1, 0, 0],
  ['cone', 56.4, 1.1, 0, 0],
  // A heap that asks to be ridden into.
  ['crate', 38.3, 24, 0, 0],
  ['crate', 38.3, 24.75, 0, 0],
  ['crate', 38.3, 24.4, 0, 1],
  ['crate', 9.2, 12.5, 0.4, 0],
  ['barrier', 24.2, 13.1, 0.1, 0],
  ['barrier', 31, 13.1, 0.1, 0],
  ['barrier', 24.2, 22.3, 0.1, 0],
  ['bale', 45.5, 21.6, 0.3, 0],
  ['bale', 44.8, 19.4, 0.3, 0],
  ['bale', 17.6, 25, 0.3, 0],
  ['bale', 20, 26.4, 0.3, 0],
]

function seedProps(
  random: Random,
  heightAt: (u: number, v: number) => number,
  stretchU: number,
  stretchV: number,
): PropPlace[] {
  return PROPS.map(([kind, layoutU, layoutV, sway, floor]) => {
    const u = (layoutU + sway * (2 * random.fraction() - 1)) * stretchU
    const v = (layoutV + sway * (2 * random.fraction() - 1)) * stretchV
    const turn = sway === 0 ? 0 : 0.5 * (2 * random.fraction() - 1)
    const length = Math.sqrt(1 + turn * turn)
    const z = heightAt(u, v) + standingM(kind) * (1 + 2 * floor)
    return { kind, u, v, z, headU: 1 / length, headV: turn / length }
  })
}
