import type { Random } from '#physics/random'
import { BLADE, NEEDLES, Soup, TINTED, type P3 } from './plant-kit.ts'

/** Leaning blades, two triangles each: widest a third of the way up. */
export function tuft(random: Random, tallM: number, spreadM: number): Soup {
  const soup = new Soup()
  for (let b = 0; b < 12; b++) {
    const angle = (b / 12) * Math.PI * 2 + random.fraction()
    const out = 0.02 + random.fraction() * spreadM
    const tall = tallM * (0.5 + 0.8 * random.fraction())
    const wide = 0.009 + random.fraction() * 0.009
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
export function clump(random: Random, sizeM: number, bloom: number, deep: number): Soup {
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

export function fern(random: Random): Soup {
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

export function flowers(random: Random, petal: number): Soup {
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

export function pebble(random: Random): Soup {
  const soup = new Soup()
  soup.rock(random, [0, 0.02, 0], [0.2, 0.13, 0.17], false, TINTED)
  return soup
}
