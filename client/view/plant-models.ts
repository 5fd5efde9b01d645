import type { Random } from '#physics/random'
import { tuft, clump, fern, flowers, pebble } from './plant-covers.ts'
import { paintOf, TINTED, type Model } from './plant-kit.ts'
import { mugo, shrub, hedge, wall, fence, rock, kale, reed, haystack } from './plant-small.ts'
import { BARK, PALE_BARK, broadleaf, oak, birch, willow, bent, conifer, pine } from './plant-trees.ts'

interface PlantKind {
  readonly size: 'tree' | 'small'
  /** How high it is, and how far it reaches from its middle, m, at a size of 1. */
  readonly tallM: number
  readonly wideM: number
  make(random: Random): Model
}

/** Species by name. */
export const MODELS = {
  lime: {
    size: 'tree',
    tallM: 10.4,
    wideM: 2.9,
    make: (r: Random) => broadleaf(r, { trunkM: 2.6, at: [0, 6.2, 0], radius: [2.7, 4, 2.7], sizeM: 0.92, bark: BARK }),
  },
  plane: {
    size: 'tree',
    tallM: 10.2,
    wideM: 3.9,
    make: (r: Random) =>
      broadleaf(r, { trunkM: 3.2, at: [0, 6.6, 0], radius: [3.7, 3.3, 3.7], sizeM: 1.02, bark: PALE_BARK }),
  },
  oak: { size: 'tree', tallM: 8.3, wideM: 3.8, make: oak },
  birch: { size: 'tree', tallM: 9.8, wideM: 1.9, make: birch },
  poplar: {
    size: 'tree',
    tallM: 13.8,
    wideM: 1.6,
    make: (r: Random) =>
      broadleaf(r, { trunkM: 2, at: [0, 7.6, 0], radius: [1.35, 6, 1.35], sizeM: 0.75, bark: PALE_BARK }),
  },
  willow: { size: 'tree', tallM: 7.6, wideM: 3.8, make: willow },
  bent: { size: 'tree', tallM: 3.4, wideM: 2.6, make: bent },
  spruce: {
    size: 'tree',
    tallM: 16,
    wideM: 2.9,
    make: (r: Random) => conifer(r, { topM: 16, reachM: 2.9, tiers: 14, droop: 0.42, wide: 0.62 }),
  },
  larch: {
    size: 'tree',
    tallM: 15,
    wideM: 2.5,
    make: (r: Random) => conifer(r, { topM: 15, reachM: 2.7, tiers: 14, droop: 0.24, wide: 0.6 }),
  },
  pine: { size: 'tree', tallM: 10.2, wideM: 2.6, make: pine },
  mugo: { size: 'small', tallM: 1.5, wideM: 1.5, make: mugo },
  bush: { size: 'small', tallM: 1.5, wideM: 1.3, make: (r: Random) => shrub(r, TINTED, 0) },
  gorse: { size: 'small', tallM: 1.6, wideM: 1.3, make: (r: Random) => shrub(r, paintOf(0xe0b422), 0.42) },
  rose: { size: 'small', tallM: 1.5, wideM: 1.3, make: (r: Random) => shrub(r, paintOf(0xd98a9c), 0.16) },
  hedge: { size: 'small', tallM: 1.8, wideM: 0.7, make: hedge },
  wall: { size: 'small', tallM: 1.25, wideM: 0.4, make: wall },
  fence: { size: 'small', tallM: 1.2, wideM: 0.15, make: fence },
  rock: { size: 'small', tallM: 0.9, wideM: 1, make: rock },
  kale: { size: 'small', tallM: 1.7, wideM: 1.8, make: kale },
  reed: { size: 'small', tallM: 2.2, wideM: 1, make: reed },
  haystack: { size: 'small', tallM: 1.3, wideM: 0.8, make: haystack },
} as const satisfies Record<string, PlantKind>
export type PlantName = keyof typeof MODELS

/** What covers the ground beside the road. */
export const COVERS = {
  grass: (r: Random) => tuft(r, 0.36, 0.26),
  tallGrass: (r: Random) => tuft(r, 0.68, 0.3),
  heather: (r: Random) => clump(r, 0.34, paintOf(0x8a6a7c), paintOf(0x7a5266)),
  fern: (r: Random) => fern(r),
  white: (r: Random) => flowers(r, paintOf(0xf3f1e4)),
  yellow: (r: Random) => flowers(r, paintOf(0xf2c416)),
  red: (r: Random) => flowers(r, paintOf(0xd02f1e)),
  blue: (r: Random) => flowers(r, paintOf(0x3d54c4)),
  violet: (r: Random) => flowers(r, paintOf(0x9a4f9f)),
  pink: (r: Random) => flowers(r, paintOf(0xd879a6)),
  stone: (r: Random) => pebble(r),
} as const
export type CoverName = keyof typeof COVERS
