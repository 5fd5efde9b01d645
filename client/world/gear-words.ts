import type { OwnGear } from '#protocol/own'
import { SOURCES, type SourceName, TRAINER_MODES } from '#protocol/rider-wish'

/** Words for what a bridge does (client/words/hud.ts). */
export interface GearWords {
  readonly devices: Readonly<Record<SourceName, string>>
  readonly some: string
  readonly watts: (device: string) => string
  readonly heart: (device: string) => string
  readonly road: string
  readonly held: (watts: number) => string
}

/** What the end that gives the legs does, for who looks on; it may have said nothing yet. In 64 characters, for the picture cuts. */
export function gearWords({ trainerMode, targetW, powerSource, heartRateSource }: OwnGear, words: GearWords): string {
  const power = words.devices[SOURCES[powerSource] ?? 'none']
  const heart = words.devices[SOURCES[heartRateSource] ?? 'none']
  const watts = power === '' ? words.some : words.watts(power)
  const mode = TRAINER_MODES[trainerMode]
  const drives = mode === 'road' ? `, ${words.road}` : mode === 'target' ? `, ${words.held(targetW)}` : ''
  return `${watts}${heart === '' || heart === power ? '' : `, ${words.heart(heart)}`}${drives}`
}
