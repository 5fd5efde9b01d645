import { KIT_COLORS, SKIN_TONES } from '../../world/kit-colors.ts'
import { BIKES, KIT_PATTERNS, type RiderLook } from '../../world/rider-look.ts'

/** Colours of the garage, those that every eye tells apart ([V70]); each has a name (`words.colours`, same order). */
export const COLOURS: readonly number[] = KIT_COLORS.map(({ color }) => color)
export const SKINS: readonly number[] = SKIN_TONES

const colour = (name: (typeof KIT_COLORS)[number]['name']): number => KIT_COLORS.find((one) => one.name === name)!.color

export const DEFAULT_LOOK: RiderLook = {
  ...{ jersey: colour('petrol'), accent: colour('amber'), shorts: colour('black'), helmet: colour('ivory') },
  ...{ frame: colour('black'), skin: SKIN_TONES[2], pattern: 0, bike: 0, number: 0 },
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
