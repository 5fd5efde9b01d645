import { FACADE, FACE, STYLE, type Mason } from './mason.ts'
import type { Site } from './sites.ts'

/** Colours of walls, roofs and woodwork, by family. */
export const WALLS = {
  /** Brick, painted render and stone of a town by a river. */
  town: [
    0x96624f, 0x8a5a4a, 0xa87860, 0xe6d9bf, 0xd9c7a0, 0xd3d6cc, 0xe3cdbd, 0xc3c9b2, 0xd2b585, 0xefe8d8, 0x9aa4aa,
    0x9c6c5e,
  ],
  lime: [0xf4f1e8, 0xefeade, 0xf7f5ee, 0xe9e4d6, 0xf0e6cf],
  chalet: [0xf1e9da, 0xe9ddc6, 0xf4efe4],
  village: [0xefe3cc, 0xe9d3ad, 0xdfb98d, 0xe7c4b0, 0xd9d2c3, 0xf3ead9, 0xcfc0a4],
} as const
const TILES = [0x9a5a44, 0xa3664c, 0x8a4f40, 0xb0705a] as const
const SLATES = [0x5b5f66, 0x666a6c, 0x50565e] as const
const TIMBER = [0x6a4a30, 0x7d5836, 0x58402c] as const
const AWNING = [0xb23a2e, 0x2f6f5e, 0x2d4f86, 0xc98a2b, 0x7d3b63] as const
const STONE = 0x9a9186
const WOOD = 0x6b4a30
const FOUNDATION_M = 3.2

const pick = <T>(list: readonly T[], share: number): T => list[Math.floor(share * 0.9999 * list.length)]!
/** Further lots out of one. */
const again = (lot: number, k: number): number => (lot * (7.31 + 5.17 * k)) % 1

/** Lays one building; its front looks along +z. `trim` is what is seen from near by only. */
export function layHouse(mason: Mason, trim: Mason, site: Site): void {
  mason.at(site.x, site.y, site.z, site.turnRad)
  trim.at(site.x, site.y, site.z, site.turnRad)
  switch (site.kind) {
    case 'terrace':
      return terrace(mason, trim, site)
    case 'cottage':
      return cottage(mason, trim, site, pick(WALLS.village, site.lot))
    case 'villa':
      return villa(mason, trim, site)
    case 'croft':
      return croft(mason, site)
    case 'chalet':
      return chalet(mason, trim, site)
    case 'barn':
      return barn(mason, site)
    case 'haybarn':
      return hayBarn(mason, site)
    case 'ruin':
      return ruin(mason, site)
  }
}

function body(mason: Mason, site: Site, color: number, kind: number, storeys: number, bays: number): void {
  const { wide, deep, eavesM, lot } = site
  const [x, z] = [wide / 2, deep / 2]
  const sideBays = Math.max(1, Math.round(deep / 3.4))
  mason.ink(color, STYLE.facade, kind + lot * 0.999).wall(-x, z, x, z, 0, eavesM, bays, storeys, FOUNDATION_M)
  mason.ink(color, STYLE.facade, FACADE.sash + lot * 0.999).wall(x, -z, -x, -z, 0, eavesM, bays, storeys, FOUNDATION_M)
  mason
    .ink(color, STYLE.facade, (site.kind === 'terrace' ? FACADE.barn : FACADE.sash) + lot * 0.999)
    .wall(x, z, x, -z, 0, eavesM, sideBays, storeys, FOUNDATION_M)
  mason.wall(-x, -z, -x, z, 0, eavesM, sideBays, storeys, FOUNDATION_M)
}

function chimney(mason: Mason, trim: Mason, x: number, z: number, foot: number, top: number): void {
  mason.ink(0x8a4f40, STYLE.brick).box(x, foot, z, 0.75, top - foot, 0.95)
  trim.ink(0x8f877a).box(x, top, z, 0.92, 0.14, 1.12)
  trim.ink(0xa56648).lathe(
    x,
    z - 0.2,
    [
      [0.13, top + 0.1],
      [0.11, top + 0.55],
    ],
    4,
  )
  trim.lathe(
    x,
    z + 0.22,
    [
      [0.13, top + 0.1],
      [0.11, top + 0.5],
    ],
    4,
  )
}

function dormer(mason: Mason, x: number, z: number, foot: number, color: number, roof: number): void {
  mason.ink(color, STYLE.facade, FACADE.sash + 0.3).wall(x - 0.75, z, x + 0.75, z, foot, 1.35, 1, 1)
  mason.ink(roof, STYLE.slate)
  mason.flat([
    [x + 0.75, foot, z],
    [x + 0.75, foot, z - 1.9],
    [x + 0.75, foot + 1.35, z - 1.9],
    [x + 0.75, foot + 1.35, z],
  ])
  mason.flat([
    [x - 0.75, foot, z - 1.9],
    [x - 0.75, foot, z],
    [x - 0.75, foot + 1.35, z],
    [x - 0.75, foot + 1.35, z - 1.9],
  ])
  mason.flat([
    [x - 0.95, foot + 1.3, z + 0.2],
    [x, foot + 1.95, z + 0.2],
    [x, foot + 1.95, z - 2.6],
    [x - 0.95, foot + 1.3, z - 2],
  ])
  mason.flat([
    [x + 0.95, foot + 1.3, z - 2],
    [x, foot + 1.95, z - 2.6],
    [x, foot + 1.95, z + 0.2],
    [x + 0.95, foot + 1.3, z + 0.2],
  ])
  mason.ink(color).flat([
    [x - 0.8, foot + 1.34, z + 0.05],
    [x + 0.8, foot + 1.34, z + 0.05],
    [x, foot + 1.88, z + 0.05],
  ])
}

function awning(mason: Mason, wide: number, z: number, color: number): void {
  const [l, r, y] = [-wide / 2 + 0.3, wide / 2 - 0.3, 2.72]
  const uv = [l, 0, r, 0, r, 1, l, 1]
  mason.ink(color, STYLE.stripes)
  mason.sheet(
    [
      [l, y - 0.55, z + 1.25],
      [r, y - 0.55, z + 1.25],
      [r, y, z + 0.03],
      [l, y, z + 0.03],
    ],
    uv,
  )
  mason.sheet(
    [
      [l, y - 0.75, z + 1.26],
      [r, y - 0.75, z + 1.26],
      [r, y - 0.54, z + 1.26],
      [l, y - 0.54, z + 1.26],
    ],
    uv,
  )
}

function terrace(mason: Mason, trim: Mason, site: Site): void {
  const { wide, deep, eavesM, ridgeM, lot, isShop } = site
  const storeys = Math.max(2, Math.round(eavesM / 2.95))
  const bays = Math.max(2, Math.round(wide / 2.5))
  const color = pick(WALLS.town, lot)
  const roof = again(lot, 1) < 0.55 ? pick(SLATES, again(lot, 2)) : pick(TILES, again(lot, 2))
  const roofStyle = again(lot, 1) < 0.55 ? STYLE.slate : STYLE.tiles
  body(mason, site, color, isShop ? FACADE.shop : again(lot, 3) < 0.5 ? FACADE.sash : FACADE.shutters, storeys, bays)
  const shape = again(lot, 4)
  mason.ink(color, color >> 16 > (color & 255) * 1.45 ? STYLE.brick : STYLE.plain)
  if (shape < 0.2 && ridgeM - eavesM > 2) {
    // A gable to the street, stepped or plain.
    const [x, z] = [wide / 2, deep / 2]
    const top = ridgeM - 0.2
    mason.flat([
      [-x, eavesM, z],
      [x, eavesM, z],
      [x * 0.62, (eavesM + top) / 2 + 0.5, z],
      [x * 0.2, top, z],
      [-x * 0.2, top, z],
      [-x * 0.62, (eavesM + top) / 2 + 0.5, z],
    ])
    mason.flat([
      [x, eavesM, -z],
      [-x, eavesM, -z],
      [0, top - 0.3, -z],
    ])
    mason.ink(roof, roofStyle)
    mason.flat(
      [
        [x + 0.1, eavesM - 0.05, z - 0.05],
        [x + 0.1, eavesM - 0.05, -z],
        [0, top - 0.25, -z],
        [0, top - 0.25, z - 0.05],
      ],
      [0, 0, deep, 0, deep, 4, 0, 4],
    )
    mason.flat(
      [
        [-x - 0.1, eavesM - 0.05, -z],
        [-x - 0.1, eavesM - 0.05, z - 0.05],
        [0, top - 0.25, z - 0.05],
        [0, top - 0.25, -z],
      ],
      [0, 0, deep, 0, deep, 4, 0, 4],
    )
  } else if (shape < 0.36) {
    // A parapet with a cornice, the roof low behind it.
    mason.box(0, eavesM, deep / 2 - 0.2, wide, 0.8, 0.4, FACE.most)
    trim.ink(0xd8d0c0).box(0, eavesM - 0.15, deep / 2 + 0.02, wide + 0.1, 0.3, 0.36)
    mason.ink(color).gableEnds(wide, deep - 0.6, eavesM, eavesM + 1.4)
    mason.ink(roof, STYLE.slate).gable(wide, deep - 0.6, eavesM, eavesM + 1.4, 0, 0, 0, true)
  } else {
    mason.gableEnds(wide, deep, eavesM, ridgeM)
    mason.ink(roof, roofStyle).gable(wide, deep, eavesM, ridgeM, 0.2, 0, 0, true)
    trim.ink(0xded6c6).box(0, eavesM - 0.22, deep / 2 + 0.08, wide, 0.16, 0.22)
    const slope = (ridgeM - eavesM) / (deep / 2)
    const count = again(lot, 5) < 0.55 ? Math.floor(wide / 3) : 0
    for (let k = 0; k < count; k++)
      dormer(trim, ((k + 0.5) / count - 0.5) * wide * 0.84, deep / 2 - 0.9, eavesM + slope * 0.9, color, roof)
  }
  chimney(mason, trim, wide / 2 - 0.45, -deep * 0.12, eavesM, Math.max(ridgeM, eavesM + 2.2) + 0.75)
  if (isShop && again(lot, 6) < 0.65) awning(trim, wide, deep / 2, pick(AWNING, again(lot, 7)))
  else if (!isShop)
    trim
      .ink(STONE)
      .box((0.5 + Math.floor(lot * 2.99) - bays / 2) * (wide / bays), -0.1, deep / 2 + 0.35, 1.3, 0.26, 0.7)
}

function villa(mason: Mason, trim: Mason, site: Site): void {
  const { wide, deep, eavesM, ridgeM, lot } = site
  const color = pick(WALLS.town, again(lot, 8))
  const bays = Math.max(2, Math.round(wide / 3))
  body(mason, site, color, again(lot, 2) < 0.5 ? FACADE.shutters : FACADE.sash, 2, bays)
  const roof = pick(TILES, again(lot, 1))
  mason.ink(roof, STYLE.tiles).hip(wide, deep, eavesM, ridgeM, wide * 0.4)
  chimney(mason, trim, wide * 0.22, 0, eavesM, ridgeM + 0.8)
  trim
    .ink(0xe9e4d8)
    .box((Math.floor(lot * 2.99) + 0.5 - bays / 2) * (wide / bays), 2.3, deep / 2 + 0.6, 1.9, 0.14, 1.2, FACE.all)
  mason
    .ink(color, STYLE.facade, FACADE.sash + lot)
    .wall(wide * 0.2, deep / 2 + 0.9, wide * 0.2 + 2.2, deep / 2 + 0.9, 0, 2.5, 1, 1)
  mason.ink(color).box(wide * 0.2 + 1.1, -1.5, deep / 2 + 0.44, 2.2, 4.02, 0.88, FACE.left | FACE.right | FACE.top)
}

function cottage(mason: Mason, trim: Mason, site: Site, color: number): void {
  const { wide, deep, eavesM, ridgeM, lot } = site
  const storeys = Math.max(1, Math.round(eavesM / 3.1))
  body(mason, site, color, FACADE.shutters, storeys, Math.max(3, Math.round(wide / 2.7)))
  mason.ink(color).gableEnds(wide, deep, eavesM, ridgeM)
  const isSlate = again(lot, 3) < 0.25
  mason
    .ink(isSlate ? pick(SLATES, lot) : pick(TILES, again(lot, 1)), isSlate ? STYLE.slate : STYLE.tiles)
    .gable(wide, deep, eavesM, ridgeM, 0.45)
  chimney(mason, trim, wide * 0.3 * (again(lot, 2) < 0.5 ? 1 : -1), 0, eavesM, ridgeM + 0.7)
  if (again(lot, 4) < 0.4) {
    // A lean-to at one end.
    const side = again(lot, 5) < 0.5 ? 1 : -1
    mason.ink(0x7d6a50, STYLE.boards).box(side * (wide / 2 + 1.4), -1.5, -0.6, 2.8, 3.9, deep * 0.6, FACE.sides)
    mason.ink(pick(TILES, lot), STYLE.tiles)
    const x0 = side * (wide / 2)
    const x1 = side * (wide / 2 + 3)
    const z = deep * 0.32
    const roof: [number, number, number][] = [
      [x1, 2.3, z - 0.6],
      [x1, 2.3, -z - 0.6],
      [x0, 3.2, -z - 0.6],
      [x0, 3.2, z - 0.6],
    ]
    mason.flat(side > 0 ? roof : roof.toReversed())
  }
}

/** Low, thick-walled, whitewashed, its thatch of turf roped against the wind. */
function croft(mason: Mason, site: Site): void {
  const { wide, deep, eavesM, ridgeM, lot } = site
  const color = pick(WALLS.lime, lot)
  body(mason, site, color, FACADE.sash, 1, Math.max(3, Math.round(wide / 2.9)))
  mason.ink(color).gableEnds(wide, deep, eavesM, ridgeM)
  const isTurf = again(lot, 1) < 0.6
  mason
    .ink(isTurf ? 0x6f7d3a : 0x545a5f, isTurf ? STYLE.turf : STYLE.slate)
    .gable(wide - 0.5, deep, eavesM, ridgeM + 0.12, 0.3)
  for (const side of [-1, 1]) {
    // Gables stand over the roof, a chimney on each.
    mason.ink(color).box(side * (wide / 2 - 0.3), ridgeM - 0.7, 0, 0.8, 1.35, 0.9, FACE.most)
  }
  if (again(lot, 2) < 0.5) {
    const x = (wide / 2 + 2.4) * (again(lot, 3) < 0.5 ? 1 : -1)
    mason.ink(0xa09a8c, STYLE.stone).box(x, -1.5, -deep * 0.1, 4.8, 3.6, deep * 0.7, FACE.sides)
    mason.ink(0xa09a8c).gableEnds(4.8, deep * 0.7, 2.1, 3.4, x, -deep * 0.1)
    mason.ink(0x6f7d3a, STYLE.turf).gable(4.8, deep * 0.7, 2.1, 3.45, 0.25, x, -deep * 0.1)
  }
}

/** Stone below, dark timber above, a broad shallow roof that keeps the snow, a balcony with flowers. */
function chalet(mason: Mason, trim: Mason, site: Site): void {
  const { wide, deep, eavesM, ridgeM, lot } = site
  const [x, z] = [wide / 2, deep / 2]
  const lime = pick(WALLS.chalet, lot)
  const wood = pick(TIMBER, again(lot, 1))
  const low = 2.9
  const bays = Math.max(3, Math.round(wide / 2.6))
  const walls: readonly (readonly [number, number, number, number, number])[] = [
    [-x, z, x, z, bays],
    [x, z, x, -z, 3],
    [x, -z, -x, -z, bays],
    [-x, -z, -x, z, 3],
  ]
  for (const [ax, az, bx, bz, n] of walls) {
    mason.ink(lime, STYLE.facade, FACADE.chalet + lot * 0.999).wall(ax, az, bx, bz, 0, low, n, 1)
    mason.ink(wood, STYLE.facade, FACADE.chalet + again(lot, 2) * 0.999).wall(ax, az, bx, bz, low, eavesM - low, n, 2)
  }
  mason.ink(STONE, STYLE.stone).box(0, -FOUNDATION_M, 0, wide + 0.2, FOUNDATION_M + 0.5, deep + 0.2, FACE.most)
  // The gable looks at the road: the ridge runs along z.
  mason.ink(wood, STYLE.boards)
  mason.flat([
    [-x, eavesM, z],
    [x, eavesM, z],
    [0, ridgeM, z],
  ])
  mason.flat([
    [x, eavesM, -z],
    [-x, eavesM, -z],
    [0, ridgeM, -z],
  ])
  mason.at(site.x, site.y, site.z, site.turnRad + Math.PI / 2)
  mason.ink(again(lot, 3) < 0.5 ? 0x6b625a : 0x7a5a46, STYLE.slate).gable(deep, wide, eavesM, ridgeM, 1.25)
  mason.at(site.x, site.y, site.z, site.turnRad)
  trim.ink(wood, STYLE.boards).box(0, low - 0.1, z + 0.55, wide * 0.94, 0.16, 1.1, FACE.all)
  trim.box(0, low + 0.85, z + 1.06, wide * 0.94, 0.12, 0.1, FACE.all)
  for (let k = 0; k <= 8; k++) trim.box((k / 8 - 0.5) * wide * 0.93, low, z + 1.06, 0.1, 0.9, 0.06, FACE.sides)
  for (let k = 0; k < 3; k++) {
    trim
      .ink([0xc8323a, 0xd8587a, 0xe0862c][(k + Math.floor(lot * 3)) % 3]!, STYLE.hedge)
      .box(((k + 0.5) / 3 - 0.5) * wide * 0.9, low + 0.66, z + 1.16, wide * 0.24, 0.32, 0.24)
  }
  chimney(mason, trim, wide * 0.2, -deep * 0.2, eavesM, ridgeM + 0.5)
}

function barn(mason: Mason, site: Site): void {
  const { wide, deep, eavesM, ridgeM, lot } = site
  const color = [0xa58a68, 0x8a4a3c, 0x9a8a70][Math.floor(lot * 2.99)]!
  mason
    .ink(color, STYLE.boards)
    .box(0, -1, 0, wide, eavesM + 1, deep, FACE.sides)
    .gableEnds(wide, deep, eavesM, ridgeM)
  mason.ink(STONE, STYLE.stone).box(0, -FOUNDATION_M, 0, wide + 0.15, FOUNDATION_M + 0.9, deep + 0.15, FACE.most)
  mason.ink(pick(TILES, again(lot, 1)), STYLE.tiles).gable(wide, deep, eavesM, ridgeM, 0.5)
  mason.ink(WOOD, STYLE.boards).box(0, 0, deep / 2, 3.4, 3.2, 0.24, FACE.most)
}

/** Logs on stilts of stone; hay behind the slits. */
function hayBarn(mason: Mason, site: Site): void {
  const { wide, deep, eavesM, ridgeM, lot } = site
  const wood = pick(TIMBER, lot)
  for (const sx of [-1, 1])
    for (const sz of [-1, 1])
      mason.ink(0x8f887c, STYLE.stone).box(sx * (wide / 2 - 0.5), -2, sz * (deep / 2 - 0.5), 0.8, 2.7, 0.8, FACE.sides)
  mason
    .ink(wood, STYLE.boards)
    .box(0, 0.6, 0, wide, eavesM - 0.6, deep, FACE.all)
    .gableEnds(wide, deep, eavesM, ridgeM)
  mason.ink(0x6b625a, STYLE.slate).gable(wide, deep, eavesM, ridgeM, 0.7)
}

function ruin(mason: Mason, { wide, deep, eavesM }: Site): void {
  mason.ink(0x8d887c, STYLE.stone)
  const heights = [1, 0.55, 0.8, 0.3]
  mason.box(-wide / 2, -2, 0, 0.9, 2 + eavesM * heights[0]!, deep, FACE.most)
  mason.box(wide / 2, -2, -deep * 0.2, 0.9, 2 + eavesM * heights[1]!, deep * 0.6, FACE.most)
  mason.box(0, -2, -deep / 2, wide, 2 + eavesM * heights[2]!, 0.9, FACE.most)
  mason.box(-wide * 0.2, -2, deep / 2, wide * 0.5, 2 + eavesM * heights[3]!, 0.9, FACE.most)
  mason.flat([
    [-wide / 2 - 0.45, eavesM, deep / 2],
    [-wide / 2 + 0.45, eavesM, deep / 2],
    [-wide / 2 + 0.45, eavesM * 1.5, 0],
    [-wide / 2 - 0.45, eavesM * 1.5, 0],
  ])
}
