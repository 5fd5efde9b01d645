import type { Level } from '#bridges/core/devices'
import type { KeptState } from './kept-device.ts'
import { sensorWords } from '../words/sensors.ts'
import { TROUBLE_WORDS } from './legs-words.ts'
import type { TroubleId } from './trouble-names.ts'

/** What the rider reads of Bluetooth in this browser: what is wrong, and what to do about it. */

/** How something stands, in words for its rider. */
export interface SensorState {
  readonly level: Level
  readonly words: string
}

/** A device that has been away for this long has a reason that its rider can do something about. */
const AWAY_LONG_MS = 20_000

/** Why the chooser ended without a device. */
export function notChosenOf(error: unknown): TroubleId {
  const { name, message } = error instanceof DOMException ? error : { name: '', message: '' }
  if (name === 'NotFoundError') return /adapter/i.test(message) ? 'bluetooth-off' : 'nothing-chosen'
  return name === 'SecurityError' ? 'denied' : 'chooser-failed'
}

/** A trouble of the page in one line. */
export function lineOf(id: TroubleId): string {
  const { words, remedy } = TROUBLE_WORDS[id]('', '')
  return `${words} ${remedy}`
}

export const WORDS_OFF = sensorWords.links.off

/** How a device stands, by its link alone. */
export function wordsOf(state: KeptState, { name, nowMs }: { name: string; nowMs: number }): SensorState {
  const { links } = sensorWords
  switch (state.state) {
    case 'linked':
      return { level: 'good', words: links.connected }
    case 'connecting':
      return state.attempt < 3
        ? { level: 'working', words: links.connecting(name) }
        : { level: 'bad', words: links.silent(name) }
    case 'lost':
      return { level: 'bad', words: (nowMs - state.sinceMs < AWAY_LONG_MS ? links.gone : links.stillGone)(name) }
    case 'closed':
      return { level: 'bad', words: links.letGo(name) }
  }
}
