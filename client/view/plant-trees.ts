import type { Random } from '#physics/random'
import { NEEDLES, paintOf, Soup, TINTED, type P3, type Model } from './plant-kit.ts'

export const BARK = paintOf(0x5a4836)
export const PALE_BARK = paintOf(0x9a8f7c)
const RED_BARK = paintOf(0x8f5d40)
const WHITE_BARK = paintOf(0xd8d4c8)

interface Broadleaf {
  readonly trunkM: number
  readonly at: P3
  readonly radius: P3
  readonly sizeM: number
  readonly bark: number
}

export function broadleaf(random: Random, { trunkM, at, radius, sizeM, bark }: Broadleaf): Model {
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

export function oak(random: Random): Model {
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

export function birch(random: Random): Model {
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

export function willow(random: Random): Model {
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
export function bent(random: Random): Model {
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

export function conifer(random: Random, { topM, reachM, tiers, droop, wide }: Conifer): Model {
  const shape = (): Soup => {
    const soup = new Soup()
    soup.bar([0, -0.6, 0], [0, topM * 0.8, 0], 0.26, 0.06, 4, BARK)
    // The leader is green.
    soup.bar([0, topM * 0.78, 0], [0, topM, 0], 0.1 * reachM, 0.01, 3, TINTED)
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
  far.fir(0.2, topM - 0.2, reachM * 1.2)
  const speck = new Soup()
  speck.fir(0, topM, reachM * 1.15)
  return { near: [shape(), shape(), shape()], far, speck }
}

export function pine(random: Random): Model {
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
