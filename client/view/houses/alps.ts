import { FACADE, FACE, STYLE, type Mason } from '../mason.ts'
import type { Site } from '../sites.ts'
import { again, chimney, FOUNDATION_M, pick, STONE, WALLS, type HouseBuilder } from './parts.ts'

const TIMBER = [0x6a4a30, 0x7d5836, 0x58402c] as const

export const ALPS: Record<string, HouseBuilder> = { chalet, haybarn: hayBarn }

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

/** Logs on stilts of stone; hay behind the slits. */
function hayBarn(mason: Mason, _: Mason, site: Site): void {
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
