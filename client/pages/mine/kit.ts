import { BIKES, KIT_PATTERNS, type RiderLook } from '../../world/rider-look.ts'

/** Colours of the garage, each with a name (`words.colours`, same order), told apart by lightness as well as hue. */
export const COLOURS = [
  0xe4572e, 0x17809e, 0xf3a712, 0xa8284f, 0x2e5eaa, 0xf2f0e6, 0x6b2d8c, 0xd7263d, 0x1b998b, 0xff8fa3, 0x33415c,
  0xffd23f, 0x17181c, 0xffffff, 0x1f5b3a, 0x7fc4f0, 0xa8e6cf, 0xb5652b, 0x14213d, 0xc3a6e8, 0xd9c7a3, 0x6a6f78,
  0xb7e33f, 0x6d1a2b,
] as const
/** As the garage shows them: light to dark without colour, then round the wheel. A code holds the places above, which never change. */
export const SHOWN: readonly number[] = [
  13, 5, 20, 21, 10, 12, 18, 4, 15, 1, 8, 16, 22, 14, 11, 2, 17, 0, 7, 3, 23, 9, 19, 6,
]
export const SKINS = [0x3f2718, 0x5b3a21, 0x8d5524, 0xc68642, 0xe0ac69, 0xf1c9a5] as const

export const DEFAULT_LOOK: RiderLook = {
  ...{ jersey: COLOURS[1], accent: COLOURS[11], shorts: COLOURS[12], helmet: COLOURS[13], frame: COLOURS[12] },
  ...{ skin: SKINS[4], pattern: 0, bike: 0, number: 0 },
}

/** No letter that is taken for another. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const KIT = ['jersey', 'accent', 'shorts', 'helmet'] as const
const CHECK_PRIME = 31

/**
 * What a club wears, as seven letters: four colours, the pattern, and a check. All of the kit is in the code, so it needs no
 * server to look it up and works on every one. [A44]
 */
export function kitCode(look: RiderLook): string {
  const counts = [...KIT.map((part) => nearestColour(look[part])), look.pattern, 0]
  return [...counts, checkOf(counts)].map((count) => LETTERS[count]).join('')
}

/** Undefined: that is none. */
export function kitOfCode(code: string): Pick<RiderLook, (typeof KIT)[number] | 'pattern'> | undefined {
  const letters = code.toUpperCase().replaceAll(/[\s-]/g, '')
  const counts = [...letters].map((letter) => LETTERS.indexOf(letter))
  if (counts.length !== 7 || counts.some((count) => count < 0)) return undefined
  const [jersey = 0, accent = 0, shorts = 0, helmet = 0, pattern = 0, version, check] = counts
  if (version !== 0 || check !== checkOf(counts.slice(0, 6)) || pattern >= KIT_PATTERNS.length) return undefined
  const [a, b, c, d] = [jersey, accent, shorts, helmet].map((count) => COLOURS[count])
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined
  return { jersey: a, accent: b, shorts: c, helmet: d, pattern }
}

function checkOf(counts: readonly number[]): number {
  return counts.reduce((sum, count, i) => (sum * 3 + count + i) % CHECK_PRIME, 7)
}

/** Its place in COLOURS; of a colour from elsewhere the nearest. */
export function nearestColour(colour: number): number {
  let best = 0
  let bestD = Infinity
  COLOURS.forEach((one, i) => {
    const d = [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((colour >> shift) & 255)) ** 2, 0)
    if (d < bestD) [best, bestD] = [i, d]
  })
  return best
}

/** A kit by chance, colours that are told apart. */
export function anyLook(chance: () => number, now: RiderLook): RiderLook {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!
  const jersey = pick(COLOURS)
  const apart = COLOURS.filter((one) => Math.abs(lightness(one) - lightness(jersey)) > 0.25)
  const accent = pick(apart)
  const dark = COLOURS.filter((one) => lightness(one) < 0.25)
  return {
    ...now,
    ...{ jersey, accent, shorts: pick(dark), helmet: pick([jersey, accent]), frame: pick(COLOURS) },
    ...{ pattern: Math.floor(chance() * KIT_PATTERNS.length), bike: Math.floor(chance() * BIKES.length) },
  }
}

export function lightness(colour: number): number {
  return (0.3 * (colour >> 16) + 0.59 * ((colour >> 8) & 255) + 0.11 * (colour & 255)) / 255
}

export const css = (colour: number): string => `#${colour.toString(16).padStart(6, '0')}`
