import { FACADE, FACE, STYLE, type Mason } from '../mason.ts'
import type { Site } from '../sites.ts'
import { again, body, chimney, FOUNDATION_M, pick, SLATES, STONE, TILES, WALLS, type HouseBuilder } from './parts.ts'

const WOOD = 0x6b4a30

export const COUNTRY: Record<string, HouseBuilder> = { cottage, barn }

function cottage(mason: Mason, trim: Mason, site: Site): void {
  const { wide, deep, eavesM, ridgeM, lot } = site
  const color = pick(WALLS.village, lot)
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

function barn(mason: Mason, _: Mason, site: Site): void {
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
