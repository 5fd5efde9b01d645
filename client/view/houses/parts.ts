import { FACADE, STYLE, type Mason } from '../mason.ts'
import type { Site } from '../sites.ts'

/** Lays one building; its front looks along +z. `trim` is what is seen from near by only. */
export type HouseBuilder = (mason: Mason, trim: Mason, site: Site) => void

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
export const TILES = [0x9a5a44, 0xa3664c, 0x8a4f40, 0xb0705a] as const
export const SLATES = [0x5b5f66, 0x666a6c, 0x50565e] as const

export const STONE = 0x9a9186

export const FOUNDATION_M = 3.2

export const pick = <T>(list: readonly T[], share: number): T => list[Math.floor(share * 0.9999 * list.length)]!
/** Further lots out of one. */
export const again = (lot: number, k: number): number => (lot * (7.31 + 5.17 * k)) % 1

export function body(mason: Mason, site: Site, color: number, kind: number, storeys: number, bays: number): void {
  const { wide, deep, eavesM, lot } = site
  const [x, z] = [wide / 2, deep / 2]
  const sideBays = Math.max(1, Math.round(deep / 3.4))
  mason.ink(color, STYLE.facade, kind + lot * 0.999).wall(-x, z, x, z, 0, eavesM, bays, storeys, FOUNDATION_M)
  mason.ink(color, STYLE.facade, FACADE.sash + lot * 0.999).wall(x, -z, -x, -z, 0, eavesM, bays, storeys, FOUNDATION_M)
  // In a row the neighbour's wall is the same wall; the last house of a row looks round the corner.
  const open = site.kind === 'terrace' ? (site.openSides ?? 0) : 3
  const sideOf = (bit: number): number => (open & bit ? FACADE.sash : FACADE.barn) + lot * 0.999
  mason.ink(color, STYLE.facade, sideOf(1)).wall(x, z, x, -z, 0, eavesM, sideBays, storeys, FOUNDATION_M)
  mason.ink(color, STYLE.facade, sideOf(2)).wall(-x, -z, -x, z, 0, eavesM, sideBays, storeys, FOUNDATION_M)
}

export function chimney(mason: Mason, trim: Mason, x: number, z: number, foot: number, top: number): void {
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
