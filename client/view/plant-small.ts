import type { Random } from '#physics/random'
import { BLADE, paintOf, PLAIN, Soup, STONE, TINTED, type P3, type Model } from './plant-kit.ts'

const MOSSY = paintOf(0xb9b2a4)

export function mugo(random: Random): Model {
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
export function shrub(random: Random, flower: number, share: number): Model {
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

export function hedge(random: Random): Model {
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

export function wall(random: Random): Model {
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

export function fence(): Model {
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

export function rock(random: Random): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    soup.rock(random, [0, 0.2, 0], [1, 0.72, 0.85], true, TINTED)
    return soup
  }
  const far = new Soup()
  far.rock(random, [0, 0.2, 0], [1, 0.72, 0.85], false, TINTED)
  const speck = new Soup()
  speck.leaf([0, 0.2, 0], 0.9, [0, 0.9, 0.3])
  return { near: [shape(), shape(), shape(), shape()], far, speck }
}

/** A bed of an allotment: rows of cabbages and a row of beans on sticks. */
export function kale(random: Random): Model {
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

export function reed(random: Random): Model {
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

export function haystack(random: Random): Model {
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
