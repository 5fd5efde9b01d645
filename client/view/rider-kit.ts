import { chanceOf } from '../world/chance.ts'
import type { RosterEntry } from '../world/scene-riders.ts'

/** Numbers of a row that a rider keeps: rd6, rd7, rd8 of the shader. */
export const KIT_NUMBERS = 12

/**
 * What makes one rider look like nobody else, from the look they chose and, where nobody chose, from their id: height and
 * girth to fit the weight, build, hair, socks, gloves, glasses. No fact about a person is asked for or told.
 */
export function kitOf(entry: RosterEntry, out: Float32Array = new Float32Array(KIT_NUMBERS)): Float32Array {
  const chance = (salt: number) => chanceOf(entry.id, salt)
  const kg = Math.min(110, Math.max(45, entry.massKg || 72))
  // Half of what somebody weighs above the middle is height, half is girth; and some are lean at any height.
  const build = Math.min(1, Math.max(-1, (kg - 66) / 18 + (chance(1) - 0.5) * 1.5))
  const size = 1 + Math.min(0.055, Math.max(-0.065, (kg - 71) * 0.0022 + (chance(2) - 0.5) * 0.05))
  const girth = Math.sqrt(kg / 71 / (size * size * size)) * (0.985 + 0.03 * chance(3))
  const isLong = chance(4) < 0.42 - 0.34 * build
  const light = lightness(entry.skin)
  // Fair hair mostly on fair skin; any dark hair on any.
  const hairs = light > 0.42 ? [0, 1, 2, 3, 4, 5, 2, 3] : light > 0.2 ? [0, 1, 1, 2] : [0, 0, 1]
  const hair = hairs[Math.floor(chance(5) * hairs.length)]!
  const beard = build > -0.1 && !isLong && chance(6) < 0.34
  const four = (salt: number, shares: readonly [number, number, number]) => {
    const roll = chance(salt)
    return roll < shares[0] ? 0 : roll < shares[1] ? 1 : roll < shares[2] ? 2 : 3
  }
  const style =
    (isLong ? 1 : 0) +
    2 * hair +
    16 * four(7, [0.5, 0.74, 0.88]) +
    64 * four(8, [0.2, 0.6, 0.85]) +
    256 * four(9, [0.4, 0.6, 0.8]) +
    1024 * (beard ? 1 : 0) +
    2048 * four(10, [0.45, 0.75, 0.9]) +
    8192 * (chance(11) < 0.3 ? 1 : 0)
  out.set([entry.jersey, entry.accent, entry.shorts, entry.helmet], 0)
  out.set([entry.frame, entry.skin, style, (entry.pattern % 8) * 10_000 + (entry.number % 10_000)], 4)
  out.set([size, girth, build, [0, 1, -0.4][entry.bike % 3]!], 8)
  return out
}

/** Of a rider nobody has told us about. */
export const PLAIN_KIT = kitOf({
  ...{ id: 0, name: '', isBot: false, massKg: 71, jersey: 0x3a6ea5, accent: 0xf2f2ee, shorts: 0x17181c },
  ...{ helmet: 0xe8e8e4, frame: 0xd8d8d8, skin: 0xc98d63, pattern: 0, bike: 0, number: 0 },
})

function lightness(color: number): number {
  return ((color >> 16) * 0.3 + ((color >> 8) & 255) * 0.55 + (color & 255) * 0.15) / 255
}
