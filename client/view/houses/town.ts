import { FACADE, FACE, STYLE, type Mason } from '../mason.ts'
import type { Site } from '../sites.ts'
import { again, body, chimney, pick, SLATES, STONE, TILES, WALLS, type HouseBuilder } from './parts.ts'

const AWNING = [0xb23a2e, 0x2f6f5e, 0x2d4f86, 0xc98a2b, 0x7d3b63] as const

export const TOWN: Record<string, HouseBuilder> = { terrace, villa }

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
