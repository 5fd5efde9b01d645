import { FACADE, FACE, STYLE, type Mason } from '../mason.ts'
import type { Site } from '../sites.ts'
import { again, body, pick, WALLS, type HouseBuilder } from './parts.ts'

export const ISLE: Record<string, HouseBuilder> = { croft, ruin }

/** Low, thick-walled, whitewashed, its thatch of turf roped against the wind. */
function croft(mason: Mason, _: Mason, site: Site): void {
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

function ruin(mason: Mason, _: Mason, { wide, deep, eavesM }: Site): void {
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
