import type { BakedCourse } from '#maps/course'
import { createRandom } from '#physics/random'
import { chanceOf } from './chance.ts'
import { KIT_COLORS, SKIN_TONES } from './kit-colors.ts'
import type { RosterEntry, SceneRiders } from './scene-riders.ts'

/** Riders of nobody's, for pictures and for measuring. */

const NAMES = [
  'You',
  'Pacer Merle',
  'A. Lindqvist',
  'T. Nakamura',
  'J. Okafor',
  'S. Dubois',
  'M. Ruiz',
  'K. Novak',
  'P. Ferreira',
  'L. Haas',
] as const

/** So many people, told apart by what they wear; the first has this number on the back, the others those after it. */
export function rosterOf(count: number, firstNumber = 0): RosterEntry[] {
  const colors = KIT_COLORS.length
  return Array.from({ length: count }, (_, i) => {
    // A third ride in one of five clubs' kits, the others in what they like; who leads is always the same.
    const lot = (salt: number, of: number): number => Math.floor(chanceOf(i + 1, 700 + salt) * of)
    const club = i % 3 === 2 ? 1 + lot(0, 5) : 0
    const wears = (salt: number): number =>
      KIT_COLORS[club > 0 ? (club * 5 + salt * 3) % colors : lot(salt, colors)]!.color
    return {
      id: i + 1,
      name:
        i < NAMES.length ? NAMES[i]! : `${NAMES[1 + (i % (NAMES.length - 1))]!} ${1 + Math.floor(i / NAMES.length)}`,
      isBot: i % 10 === 1,
      massKg: 52 + lot(6, 42),
      jersey: i === 0 ? 0xc4142f : wears(1),
      accent: i === 0 ? 0xf7b51c : wears(2),
      shorts: lot(7, 5) === 0 ? 0x14285c : 0x17181c,
      helmet: i > 0 && lot(8, 3) === 0 ? 0x17181c : lot(9, 2) === 0 ? 0xf4f1e6 : wears(1),
      frame: KIT_COLORS[lot(4, colors)]!.color,
      skin: SKIN_TONES[i === 0 ? 3 : lot(5, SKIN_TONES.length)]!,
      pattern: club > 0 ? club : i === 0 ? 0 : lot(3, 8),
      bike: lot(10, 3),
      number: firstNumber > 0 ? firstNumber + i : 0,
    }
  })
}

/** Everybody further on by so much time; at the end of the road from its beginning. */
export function rideOn(riders: SceneRiders, stepS: number): void {
  for (let i = 0; i < riders.count; i++) {
    const stepM = riders.speedMps[i]! * stepS
    riders.placeM[i]! += stepM
    riders.distanceM[i]! += stepM
    riders.crankRad[i]! += (riders.cadenceRpm[i]! * Math.PI * stepS) / 30
    riders.wheelRad[i]! += stepM / 0.34
  }
}

export interface BunchOptions {
  /** Where the first of them is. */
  readonly atM: number
  readonly timeS: number
  readonly seed: number
  /** Five abreast ahead of the first, instead of strung out around. */
  readonly isBunch: boolean
}

/** A group strung out ahead of and behind the first rider, two or three abreast, as riders sit on the road. */
export function arrangeBunch(
  riders: SceneRiders,
  course: BakedCourse,
  roster: readonly RosterEntry[],
  { atM, timeS, seed, isBunch }: BunchOptions,
): void {
  const random = createRandom(seed)
  const slope = course.slopeAt(atM)
  const speedMps = Math.max(4.2, Math.min(14, 10.2 - slope * 75))
  riders.count = roster.length
  roster.forEach((entry, i) => {
    const file = i % 3
    const aheadM = i === 0 ? 0 : (i % 2 === 0 ? -1 : 1) * (2.6 + Math.ceil(i / 2) * 2.1) + (i % 2 === 0 ? -4 : 1.5)
    riders.id[i] = entry.id
    riders.distanceM[i] = atM + aheadM + random.fraction() * 1.2 + (random.fraction() < 0.2 ? aheadM * 1.4 : 0)
    // Five abreast, wheel to wheel.
    if (isBunch && i > 0) riders.distanceM[i] = atM + 3.4 + Math.floor((i - 1) / 5) * 2 + random.fraction() * 0.7
    riders.placeM[i] = riders.distanceM[i]!
    riders.gapM[i] = riders.distanceM[i]! - riders.distanceM[0]!
    const widthM = course.widthAt(atM)
    riders.lateralM[i] = i === 0 ? widthM / 8 : (file - 1) * 0.95 + widthM / 10 + (random.fraction() - 0.5) * 0.5
    if (isBunch && i > 0)
      riders.lateralM[i] = (((i - 1) % 5) - 2) * 0.95 + widthM / 10 + (random.fraction() - 0.5) * 0.4
    riders.speedMps[i] = speedMps + (random.fraction() - 0.5) * 0.5
    riders.powerW[i] = i === 0 ? 247 : Math.round(205 + random.fraction() * 90)
    riders.cadenceRpm[i] = i === 0 ? 91 : 82 + random.fraction() * 16
    riders.heartRateBpm[i] = i === 0 ? 148 : 0
    riders.crankRad[i] = random.fraction() * 6.28 + (timeS * riders.cadenceRpm[i]! * Math.PI) / 30
    riders.wheelRad[i] = riders.distanceM[i]! / 0.34
    riders.leanRad[i] = 0
  })
}
