import { FACADE, FACE, STYLE, type Mason } from '../mason.ts'
import type { Ground } from '../sites.ts'
import type { Works } from '../works.ts'

/** Lays one landmark; the mason stands in its middle, the front looks along +z, to the road. */
export type Builder = (mason: Mason, works: Works, ground: Ground) => void

export const STONE = 0xb5aa94
export const BRICK = 0x9a5843
export const DARK = 0x3a3d42
export const COPPER = 0x6f9c86

export function hall(
  m: Mason,
  wide: number,
  deep: number,
  z: number,
  eaves: number,
  ridge: number,
  storeys: number,
  bays: number,
  color = STONE,
): void {
  const [x, f, b] = [wide / 2, z + deep / 2, z - deep / 2]
  const sides = Math.max(2, Math.round(deep / 3.6))
  m.ink(color, STYLE.facade, FACADE.sash + 0.44)
    .wall(-x, f, x, f, 0, eaves, bays, storeys)
    .wall(x, f, x, b, 0, eaves, sides, storeys)
  m.wall(x, b, -x, b, 0, eaves, bays, storeys).wall(-x, b, -x, f, 0, eaves, sides, storeys)
  m.ink(0x9a9186, STYLE.stone).box(0, -4, z, wide + 0.3, 4.5, deep + 0.3, FACE.most)
  m.ink(0xd8cfbc).box(0, eaves - 0.2, z, wide + 0.5, 0.3, deep + 0.5, FACE.all)
  m.ink(DARK, STYLE.slate).hip(wide, deep, eaves + 0.1, ridge, wide - deep * 0.8, 0.5, 0, z)
}

export function nave(
  m: Mason,
  wide: number,
  deep: number,
  eaves: number,
  ridge: number,
  wall: number,
  roof: number,
): void {
  const [x, z] = [wide / 2, deep / 2]
  m.ink(wall, STYLE.facade, FACADE.arched + 0.3)
    .wall(x, z, x, -z, 0, eaves, Math.round(deep / 3.6), 1)
    .wall(-x, -z, -x, z, 0, eaves, Math.round(deep / 3.6), 1)
  m.ink(wall, STYLE.stone).box(0, -4, 0, wide, 4 + eaves, deep, FACE.front | FACE.back)
  m.box(0, -4, 0, wide + 0.5, 4.6, deep + 0.5, FACE.most)
  m.flat([
    [-x, eaves, z],
    [x, eaves, z],
    [0, ridge, z],
  ]).flat([
    [x, eaves, -z],
    [-x, eaves, -z],
    [0, ridge, -z],
  ])
  m.ink(roof, STYLE.slate)
  const o = 0.5
  const slope = Math.sqrt(x * x + (ridge - eaves) ** 2)
  m.sheet(
    [
      [x + o, eaves - 0.3, z + o],
      [x + o, eaves - 0.3, -z - o],
      [0, ridge + 0.15, -z - o],
      [0, ridge + 0.15, z + o],
    ],
    [0, 0, deep, 0, deep, slope, 0, slope],
  )
  m.sheet(
    [
      [-x - o, eaves - 0.3, -z - o],
      [-x - o, eaves - 0.3, z + o],
      [0, ridge + 0.15, z + o],
      [0, ridge + 0.15, -z - o],
    ],
    [0, 0, deep, 0, deep, slope, 0, slope],
  )
  m.ink(wall, STYLE.stone)
  for (let k = -2; k <= 2; k++)
    for (const s of [-1, 1]) m.box(s * (x + 0.35), -2, (k * deep) / 5, 0.7, 2 + eaves * 0.75, 0.8)
}

export function tower(m: Mason, x: number, z: number, wide: number, tall: number, color: number, bays: number): void {
  const h = wide / 2
  const storeys = Math.max(2, Math.round(tall / 6))
  m.ink(color, STYLE.stone).box(x, -4, z, wide, 4 + tall * 0.45, wide, FACE.sides)
  const y = tall * 0.45
  m.ink(color, STYLE.facade, FACADE.arched + 0.1)
  for (const [ax, az, bx, bz] of [
    [-h, h, h, h],
    [h, h, h, -h],
    [h, -h, -h, -h],
    [-h, -h, -h, h],
  ] as const)
    m.wall(x + ax, z + az, x + bx, z + bz, y, tall - y, Math.max(1, Math.round(bays) - 1), Math.max(1, storeys - 2))
  m.ink(0xcfc5b0)
    .box(x, y - 0.2, z, wide + 0.3, 0.3, wide + 0.3, FACE.all)
    .box(x, tall - 0.1, z, wide + 0.9, 0.5, wide + 0.9, FACE.all)
}

export function cross(m: Mason, x: number, y: number, z: number): void {
  m.ink(0xd9b24a, STYLE.steel)
    .box(x, y - 0.3, z, 0.12, 2, 0.12)
    .box(x, y + 0.9, z, 0.9, 0.12, 0.12, FACE.all)
}

/** Setts around a public building, one step above the ground. */
export function square(m: Mason, radius: number): void {
  m.ink(0x8c857a, STYLE.setts).lathe(
    0,
    0,
    [
      [radius, -3],
      [radius, 0.12],
      [0, 0.14],
    ],
    24,
  )
}

export function clocks(
  { boards, sheet }: Works,
  { x, y, z, turnRad }: Ground,
  outM: number,
  upM: number,
  wideM: number,
  forwardM = 0,
): void {
  const cell = sheet.cell(160, 160, { kind: 'clock' })
  for (let k = 0; k < 4; k++) {
    const a = turnRad + (k * Math.PI) / 2
    const [nx, nz] = [Math.sin(a), Math.cos(a)]
    boards.board({
      ...{ cell, wideM, tallM: wideM, rightX: nz, rightZ: -nx, y: y + upM },
      x: x + Math.sin(turnRad) * forwardM + nx * (outM + 0.05),
      z: z + Math.cos(turnRad) * forwardM + nz * (outM + 0.05),
    })
  }
}
