import type { Random } from '#physics/random'
import { BLADE, NEEDLES, paintOf, PLAIN, Soup, STONE, TINTED, type P3 } from './plant-kit.ts'

/**
 * Plants, stones and fences from code, one metre of plant per metre. `near` is one of a few shapes, `far` a few dozen
 * triangles, `speck` four; what covers the ground (grass, heather) is `near` only, and looked at from nearby.
 */
export interface Model {
  readonly near: readonly Soup[]
  readonly far?: Soup
  readonly speck?: Soup
}

const BARK = paintOf(0x5a4836)
const PALE_BARK = paintOf(0x9a8f7c)
const RED_BARK = paintOf(0x8f5d40)
const WHITE_BARK = paintOf(0xd8d4c8)
const MOSSY = paintOf(0xb9b2a4)

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

interface Broadleaf {
  readonly trunkM: number
  readonly at: P3
  readonly radius: P3
  readonly sizeM: number
  readonly bark: number
}

function broadleaf(random: Random, { trunkM, at, radius, sizeM, bark }: Broadleaf): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    soup.bar([0, -0.6, 0], [0, trunkM + 1.5, 0], 0.26, 0.15, 5, bark)
    for (let k = 0; k < 2; k++) {
      const angle = random.fraction() * 6.28
      soup.bar(
        [0, trunkM, 0],
        [Math.cos(angle) * radius[0] * 0.6, at[1] + 0.6, Math.sin(angle) * radius[2] * 0.6],
        0.11,
        0.05,
        3,
        bark,
      )
    }
    // One large crown and a few lobes that break its outline, each tree in its own way.
    soup.crown(random, at, radius, { leaves: 74, sizeM })
    for (let k = 0; k < 5; k++) {
      const angle = (k / 5) * 6.28 + random.fraction()
      const up = (random.fraction() - 0.35) * radius[1] * 1.1
      const lobe: P3 = [
        at[0] + Math.cos(angle) * radius[0] * 0.62,
        at[1] + up,
        at[2] + Math.sin(angle) * radius[2] * 0.62,
      ]
      soup.crown(random, lobe, [radius[0] * 0.52, radius[1] * 0.34, radius[2] * 0.52], {
        leaves: 12,
        sizeM: sizeM * 0.86,
        heart: at,
      })
    }
    return soup
  }
  return { near: [shape(), shape(), shape()], ...distant(random, trunkM, at, radius, bark) }
}

function distant(random: Random, trunkM: number, at: P3, radius: P3, bark: number): { far: Soup; speck: Soup } {
  const far = new Soup()
  far.bar([0, -0.6, 0], [0, trunkM + 0.8, 0], 0.25, 0.2, 3, bark)
  const mean = (radius[0] + radius[1]) / 2
  const inner: P3 = [radius[0] * 0.66, radius[1] * 0.72, radius[2] * 0.66]
  far.crown(random, at, inner, { leaves: 12, sizeM: Math.min(mean * 0.56, radius[0] * 0.9), heart: at })
  const speck = new Soup()
  const size = Math.min(radius[0], radius[1]) * 1.02
  const spread = Math.max(0, radius[1] - size)
  speck.leaf([at[0], at[1] - spread * 0.8 - 0.3, at[2]], size, [0, 0.72, 0])
  speck.leaf([at[0], at[1] + spread * 0.8 + 0.3, at[2]], size * 0.92, [0, 1, 0])
  return { far, speck }
}

function oak(random: Random): Model {
  const at: P3 = [0, 5.2, 0]
  const radius: P3 = [3.6, 2.9, 3.6]
  const shape = (): Soup => {
    const soup = new Soup()
    soup.bar([0, -0.6, 0], [0.2, 3.4, 0], 0.36, 0.24, 5, BARK)
    for (let k = 0; k < 7; k++) {
      const angle = (k / 6) * 6.28 + random.fraction() * 0.8
      const out = k === 6 ? 0 : 2 + random.fraction() * 0.7
      const lobe: P3 = [Math.cos(angle) * out, k === 6 ? 6.6 : 4.3 + random.fraction() * 1.5, Math.sin(angle) * out]
      if (k < 4) soup.bar([0.1, 2.6, 0], [lobe[0] * 0.8, lobe[1], lobe[2] * 0.8], 0.13, 0.06, 3, BARK)
      soup.crown(random, lobe, [1.8, 1.45, 1.8], { leaves: 17, sizeM: 0.9, heart: [0, 4, 0] })
    }
    return soup
  }
  return { near: [shape(), shape(), shape()], ...distant(random, 2.4, at, radius, BARK) }
}

function birch(random: Random): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    const lean = (random.fraction() - 0.5) * 0.9
    soup.bar([0, -0.6, 0], [lean, 8.6, 0], 0.15, 0.04, 5, WHITE_BARK)
    for (let k = 0; k < 9; k++) {
      const share = k / 8
      const up = 3.4 + share * 5.6
      const angle = k * 2.4 + random.fraction()
      const out = 1.35 * Math.sin(Math.PI * (0.25 + 0.7 * share)) * (0.5 + 0.5 * random.fraction())
      const lobe: P3 = [lean * share + Math.cos(angle) * out, up, Math.sin(angle) * out]
      soup.crown(random, lobe, [0.95, 1.15, 0.95], { leaves: 13, sizeM: 0.56, heart: [lean * share, up, 0] })
    }
    return soup
  }
  return { near: [shape(), shape(), shape()], ...distant(random, 3.4, [0, 6.2, 0], [1.75, 3.5, 1.75], WHITE_BARK) }
}

function willow(random: Random): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    soup.bar([0, -0.6, 0], [0.3, 3.6, 0], 0.34, 0.22, 5, BARK)
    soup.crown(random, [0, 5.6, 0], [2.8, 1.7, 2.8], { leaves: 44, sizeM: 0.9 })
    for (let k = 0; k < 74; k++) {
      const angle = k * 2.39996
      const out = 1.6 + 2 * Math.sqrt(random.fraction())
      const top: P3 = [Math.cos(angle) * out, 5.9 - out * 0.35 + random.fraction() * 0.5, Math.sin(angle) * out]
      const long = 2 + 2.2 * random.fraction()
      soup.branch(
        top,
        [top[0] * 1.12, top[1] - long, top[2] * 1.12],
        0.62,
        [Math.cos(angle) * 0.8, 0.35, Math.sin(angle) * 0.8],
        NEEDLES,
      )
    }
    return soup
  }
  return { near: [shape(), shape()], ...distant(random, 2.2, [0, 4.6, 0], [3.4, 2.9, 3.4], BARK) }
}

/** A hawthorn that grew with the wind: its crown lies downwind, towards +x. */
function bent(random: Random): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    soup.bar([0, -0.5, 0], [0.5, 1.2, 0], 0.2, 0.15, 5, BARK)
    soup.bar([0.5, 1.2, 0], [1.8, 2.2, 0.1], 0.15, 0.06, 4, BARK)
    for (let k = 0; k < 6; k++) {
      const share = k / 5
      const lobe: P3 = [0.2 + share * 3.1, 1.9 + share * 0.85, (random.fraction() - 0.5) * 1.6]
      const size = 0.9 - 0.35 * Math.abs(share - 0.45)
      soup.crown(random, lobe, [size * 1.2, size * 0.62, size], { leaves: 19, sizeM: 0.48, heart: [1.4, 1.2, 0] })
    }
    return soup
  }
  return { near: [shape(), shape(), shape()], ...distant(random, 1.2, [1.7, 2.2, 0], [1.7, 0.95, 1.2], BARK) }
}

interface Conifer {
  readonly topM: number
  readonly reachM: number
  readonly tiers: number
  readonly droop: number
  readonly wide: number
}

function conifer(random: Random, { topM, reachM, tiers, droop, wide }: Conifer): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    soup.bar([0, -0.6, 0], [0, topM * 0.8, 0], 0.26, 0.06, 4, BARK)
    // The leader is green.
    soup.cone([0, topM * 0.78, 0], topM * 0.22, 0.1 * reachM, 4, 1)
    for (let tier = 0; tier < tiers; tier++) {
      const share = tier / tiers
      const up = 1.3 + share * (topM - 1.6)
      const reach = reachM * (1 - share) ** 0.85 * (0.86 + 0.28 * random.fraction()) + 0.16
      const count = Math.max(5, Math.round(11 - share * 6))
      for (let b = 0; b < count; b++) {
        const angle = ((b + random.fraction() * 0.6) / count) * Math.PI * 2 + tier * 1.3
        const long = reach * (0.8 + 0.4 * random.fraction())
        const [c, s] = [Math.cos(angle), Math.sin(angle)]
        const light = 0.7 + 0.3 * share
        soup.branch(
          [c * 0.05, up + 0.25, s * 0.05],
          [c * long, up - long * droop * (0.8 + 0.4 * random.fraction()), s * long],
          long * wide + 0.32,
          [c * 0.62 * light, 0.72 * light, s * 0.62 * light],
          NEEDLES,
        )
      }
    }
    for (let k = 0; k < 6; k++)
      soup.leaf([0, topM * (0.3 + k * 0.11), 0], 0.6 * (1.2 - k * 0.15) * (reachM / 2.9), [0, 0.5, 0])
    return soup
  }
  const far = new Soup()
  far.bar([0, -0.6, 0], [0, 3, 0], 0.25, 0.2, 3, BARK)
  far.fir(0.3, topM - 0.2, reachM * 1.1)
  const speck = new Soup()
  speck.fir(0, topM, reachM)
  return { near: [shape(), shape(), shape()], far, speck }
}

function pine(random: Random): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    const lean = (random.fraction() - 0.5) * 1.6
    soup.bar([0, -0.6, 0], [lean * 0.4, 5, 0], 0.27, 0.2, 5, RED_BARK)
    soup.bar([lean * 0.4, 5, 0], [lean, 9.4, 0], 0.2, 0.06, 5, RED_BARK)
    for (let k = 0; k < 8; k++) {
      const angle = k * 2.4 + random.fraction()
      const share = k / 7
      const out = k === 7 ? 0 : 1.2 + random.fraction() * 1.1
      const pad: P3 = [lean * (0.5 + share * 0.5) + Math.cos(angle) * out, 5.4 + share * 4.1, Math.sin(angle) * out]
      if (k < 6) soup.bar([lean * 0.5, pad[1] - 0.5, 0], pad, 0.08, 0.04, 3, RED_BARK)
      soup.crown(random, pad, [1.35, 0.62, 1.35], { leaves: 14, sizeM: 0.62, heart: [lean * 0.6, 5, 0] })
    }
    return soup
  }
  return { near: [shape(), shape()], ...distant(random, 5, [0, 7.6, 0], [2.3, 2.3, 2.3], RED_BARK) }
}

function mugo(random: Random): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    for (let k = 0; k < 5; k++) {
      const angle = (k / 5) * 6.28
      const out = k === 0 ? 0 : 0.75
      soup.crown(random, [Math.cos(angle) * out, 0.55, Math.sin(angle) * out], [0.75, 0.6, 0.75], {
        leaves: 7,
        sizeM: 0.42,
        heart: [0, -0.2, 0],
      })
    }
    return soup
  }
  return { near: [shape(), shape()], far: low(1.3, 0.5) }
}

/** A round bush; a share of its clumps is in flower. */
function shrub(random: Random, flower: number, share: number): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    for (let k = 0; k < 3; k++) {
      const angle = (k / 3) * 6.28 + random.fraction()
      const out = 0.5 + 0.2 * random.fraction()
      const at: P3 = [Math.cos(angle) * out, 0.55 + 0.25 * random.fraction(), Math.sin(angle) * out]
      const inFlower = Math.round(12 * share)
      soup.crown(random, at, [0.72, 0.66, 0.72], { leaves: 12 - inFlower, sizeM: 0.44, heart: [0, 0.1, 0] })
      if (inFlower > 0)
        soup.crown(random, [at[0], at[1] + 0.12, at[2]], [0.8, 0.66, 0.8], {
          leaves: inFlower,
          sizeM: 0.26,
          heart: [0, 0.1, 0],
          paint: flower,
        })
    }
    return soup
  }
  const far = low(1.05, 0.62)
  if (share > 0.3) far.leaf([0, 1.05, 0], 0.6, [0, 1, 0], flower)
  return { near: [shape(), shape(), shape()], far }
}

function low(radiusM: number, upM: number): Soup {
  const soup = new Soup()
  for (let k = 0; k < 4; k++) {
    const angle = (k / 4) * 6.28
    soup.leaf([Math.cos(angle) * radiusM * 0.5, upM, Math.sin(angle) * radiusM * 0.5], radiusM * 0.62, [
      Math.cos(angle) * 0.5,
      0.7,
      Math.sin(angle) * 0.5,
    ])
  }
  return soup
}

/** Lengths of hedge, wall and fence, along x; the next one begins where this one ends. */
export const PIECE_M = { hedge: 4, wall: 3.2, fence: 5 } as const

function hedge(random: Random): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    for (let k = 0; k < 38; k++) {
      const x = -2.1 + ((k + 0.5) / 38) * 4.2
      const row = k % 4
      const up = [0.4, 0.85, 1.3, 1.45][row]! + (random.fraction() - 0.5) * 0.2
      const side = row === 3 ? 0 : (k % 8 < 4 ? -1 : 1) * 0.36
      soup.leaf([x, up, side], 0.46 + 0.1 * random.fraction(), [
        (random.fraction() - 0.5) * 0.4,
        0.45 + 0.4 * (up / 1.5),
        side * 1.5,
      ])
    }
    return soup
  }
  const far = new Soup()
  for (let k = 0; k < 7; k++) far.leaf([-2 + k * 0.66, 0.75, 0], 0.8, [0, 0.85, k % 2 === 0 ? 0.3 : -0.3])
  return { near: [shape(), shape()], far }
}

function wall(random: Random): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    const half = PIECE_M.wall / 2
    const COLUMNS = 6
    const top = Array.from({ length: COLUMNS + 1 }, () => 0.98 + 0.16 * (random.fraction() - 0.5))
    for (let k = 0; k < COLUMNS; k++) {
      const x0 = -half - 0.04 + (k / COLUMNS) * (2 * half + 0.08)
      const x1 = -half - 0.04 + ((k + 1) / COLUMNS) * (2 * half + 0.08)
      const [y0, y1] = [top[k]!, top[k + 1]!]
      for (const s of [-1, 1])
        soup.quad(
          [x0, -0.5, s * 0.34],
          [x1, -0.5, s * 0.34],
          [x1, y1, s * 0.22],
          [x0, y0, s * 0.22],
          [0, 0.12, s * 0.85],
          STONE,
          MOSSY,
        )
      soup.quad([x0, y0, 0.22], [x1, y1, 0.22], [x1, y1, -0.22], [x0, y0, -0.22], [0, 0.95, 0], STONE, MOSSY)
    }
    // Coping stones on edge.
    for (let k = 0; k < 8; k++) {
      const x = -half + 0.2 + k * 0.4
      const tall = 0.1 + 0.12 * random.fraction()
      const lean = (random.fraction() - 0.5) * 0.1
      soup.quad(
        [x - 0.16, 0.92, 0.2],
        [x + 0.16, 0.92, 0.2],
        [x + 0.12 + lean, 0.95 + tall, 0],
        [x - 0.12 + lean, 0.95 + tall, 0],
        [0, 0.5, 0.75],
        STONE,
        MOSSY,
      )
      soup.quad(
        [x + 0.16, 0.92, -0.2],
        [x - 0.16, 0.92, -0.2],
        [x - 0.12 + lean, 0.95 + tall, 0],
        [x + 0.12 + lean, 0.95 + tall, 0],
        [0, 0.5, -0.75],
        STONE,
        MOSSY,
      )
    }
    return soup
  }
  const far = new Soup()
  far.box([0, 0.3, 0], [PIECE_M.wall + 0.1, 1.6, 0.5], MOSSY, STONE)
  return { near: [shape(), shape(), shape()], far }
}

function fence(): Model {
  const wood = paintOf(0x8a7a66)
  const soup = new Soup()
  for (const x of [-2.5, 0]) soup.bar([x, -0.5, 0], [x + 0.03, 1.15, 0], 0.07, 0.06, 4, wood)
  for (const y of [0.5, 0.98]) soup.bar([-2.55, y, 0.07], [2.55, y + 0.03, 0.07], 0.045, 0.045, 4, wood)
  const far = new Soup()
  for (const x of [-2.5, 0]) far.bar([x, -0.5, 0], [x, 1.15, 0], 0.08, 0.08, 3, wood)
  far.quad([-2.5, 0.93, 0], [2.5, 0.93, 0], [2.5, 1.04, 0], [-2.5, 1.04, 0], [0, 0.7, 0.5], PLAIN, wood)
  far.quad([-2.5, 0.45, 0], [2.5, 0.45, 0], [2.5, 0.56, 0], [-2.5, 0.56, 0], [0, 0.7, 0.5], PLAIN, wood)
  return { near: [soup], far }
}

function rock(random: Random): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    soup.rock(random, [0, 0.2, 0], [1, 0.72, 0.85], true, TINTED)
    return soup
  }
  const far = new Soup()
  far.rock(random, [0, 0.2, 0], [1, 0.72, 0.85], false, TINTED)
  return { near: [shape(), shape(), shape(), shape()], far, speck: rockSpeck() }
}

function rockSpeck(): Soup {
  const soup = new Soup()
  soup.cone([0, -0.2, 0], 1, 1, 4, 0.9)
  return soup
}

/** A bed of an allotment: rows of cabbages and a row of beans on sticks. */
function kale(random: Random): Model {
  const soup = new Soup()
  for (let k = 0; k < 24; k++)
    soup.leaf(
      [-1.6 + (k % 8) * 0.46, 0.16, -0.7 + Math.floor(k / 8) * 0.5],
      0.2,
      [0, 0.9, 0],
      k % 16 < 8 ? TINTED : paintOf(0x6f8f76),
    )
  for (let k = 0; k < 4; k++) {
    soup.bar([-1.6 + k * 0.95, -0.1, 0.95], [-1.5 + k * 0.95, 1.7, 1.1], 0.025, 0.02, 3, paintOf(0x7a6446))
    soup.leaf([-1.55 + k * 0.95, 0.9 + 0.4 * random.fraction(), 1.02], 0.36, [0, 0.7, 0.3])
  }
  return { near: [soup], far: low(1.2, 0.3) }
}

function reed(random: Random): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    for (let k = 0; k < 20; k++) {
      const angle = k * 2.4
      const out = 0.9 * Math.sqrt(random.fraction())
      const root: P3 = [Math.cos(angle) * out, -0.3, Math.sin(angle) * out]
      const tall = 1.5 + 0.8 * random.fraction()
      const [bx, bz] = [(random.fraction() - 0.5) * 0.7, (random.fraction() - 0.5) * 0.7]
      soup.quad(
        root,
        [root[0] + 0.05, -0.3, root[2] + 0.03],
        [root[0] + bx + 0.02, tall, root[2] + bz],
        [root[0] + bx, tall, root[2] + bz],
        [bx * 0.5, 0.8, bz * 0.5],
        BLADE,
        TINTED,
      )
      if (k % 3 === 0) soup.leaf([root[0] + bx, tall, root[2] + bz], 0.13, [0, 0.8, 0], paintOf(0x6b4a2e))
    }
    return soup
  }
  return { near: [shape(), shape()], far: low(0.9, 0.8) }
}

function haystack(random: Random): Model {
  const soup = new Soup()
  soup.bar([-0.6, 0.6, 0], [0.6, 0.6, 0], 0.62, 0.62, 12, paintOf(0xc7a95c))
  for (const s of [-1, 1])
    for (let k = 0; k < 6; k++) {
      const a = (i: number): P3 => [s * 0.6, 0.6 + 0.62 * Math.sin((i / 12) * 6.28), 0.62 * Math.cos((i / 12) * 6.28)]
      soup.quad([s * 0.6, 0.6, 0], a(k * 2), a(k * 2 + 1), a(k * 2 + 2), [s * 0.9, 0, 0], PLAIN, paintOf(0xb89a4e))
    }
  const far = new Soup()
  far.bar([-0.6, 0.6, 0], [0.6, 0.6, 0], 0.62, 0.62, 6, paintOf(0xc7a95c))
  for (let k = 0; k < 5; k++) void random.fraction()
  return { near: [soup], far }
}

/** Leaning blades, two triangles each: widest a third of the way up. */
function tuft(random: Random, tallM: number, spreadM: number): Soup {
  const soup = new Soup()
  for (let b = 0; b < 12; b++) {
    const angle = (b / 12) * Math.PI * 2 + random.fraction()
    const out = 0.02 + random.fraction() * spreadM
    const tall = tallM * (0.5 + 0.8 * random.fraction())
    const wide = 0.006 + random.fraction() * 0.006
    const [c, s] = [Math.cos(angle), Math.sin(angle)]
    const lean = tall * (0.1 + 0.55 * random.fraction() * random.fraction())
    const at = (share: number, side: number): P3 => [
      c * (out + lean * share) - s * wide * side,
      -0.03 + (tall + 0.03) * share,
      s * (out + lean * share) + c * wide * side,
    ]
    soup.quad(at(0, 0), at(0.35, 1), at(1, 0), at(0.35, -1), [c * 0.15, 0.95, s * 0.15], BLADE, TINTED)
  }
  return soup
}

/** Low and bushy: heather, with some of it in flower. */
function clump(random: Random, sizeM: number, bloom: number, deep: number): Soup {
  const soup = new Soup()
  for (let k = 0; k < 12; k++) {
    const angle = k * 2.4
    const out = 0.42 * Math.sqrt(k / 12)
    const up = sizeM * (0.75 - out * 0.9) + 0.08 * random.fraction()
    const paint = k % 2 === 1 ? TINTED : k % 4 === 0 ? deep : bloom
    soup.leaf(
      [Math.cos(angle) * out, up, Math.sin(angle) * out],
      0.15 + 0.05 * random.fraction(),
      [Math.cos(angle) * 0.4, 0.6 + 0.3 * random.fraction(), Math.sin(angle) * 0.4],
      paint,
    )
  }
  return soup
}

function fern(random: Random): Soup {
  const soup = new Soup()
  for (let k = 0; k < 12; k++) {
    const angle = (k / 12) * 6.28 + random.fraction() * 0.4
    const long = 0.3 + 0.2 * random.fraction()
    const [c, s] = [Math.cos(angle), Math.sin(angle)]
    soup.branch(
      [0, 0.05, 0],
      [c * long, 0.34 - 0.24 * random.fraction(), s * long],
      0.13,
      [c * 0.3, 0.85, s * 0.3],
      NEEDLES,
    )
  }
  return soup
}

function flowers(random: Random, petal: number): Soup {
  const soup = new Soup()
  for (let k = 0; k < 6; k++) {
    const angle = k * 2.4
    const out = 0.3 * Math.sqrt((k + 0.5) / 6)
    const at: P3 = [Math.cos(angle) * out, 0.2 + 0.2 * random.fraction(), Math.sin(angle) * out]
    soup.quad(
      [at[0] * 0.8 - 0.008, -0.02, at[2] * 0.8],
      [at[0] * 0.8 + 0.008, -0.02, at[2] * 0.8],
      [at[0] + 0.004, at[1], at[2]],
      [at[0] - 0.004, at[1], at[2]],
      [0, 0.8, 0],
      BLADE,
      TINTED,
    )
    soup.leaf(at, 0.03 + 0.016 * random.fraction(), [0, 1, 0], petal)
  }
  return soup
}

function pebble(random: Random): Soup {
  const soup = new Soup()
  soup.rock(random, [0, 0.02, 0], [0.2, 0.13, 0.17], false, TINTED)
  return soup
}
