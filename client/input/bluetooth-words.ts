import type { Level } from '#bridges/core/devices'
import type { KeptState } from './kept-device.ts'
import { TROUBLE_WORDS, type TroubleId } from './legs-words.ts'

/** What the rider reads of Bluetooth in this browser: what is wrong, and what to do about it. */

/** How something stands, in words for its rider. */
export interface SensorState {
  readonly level: Level
  readonly words: string
}

/** A device that has been away for this long has a reason that its rider can do something about. */
const AWAY_LONG_MS = 20_000

export interface BrowserFacts {
  readonly isSecure: boolean
  readonly hasBluetooth: boolean
  /** The browser says which system it runs on; '' where it does not. */
  readonly system: string
}

/** Why this page cannot use Bluetooth at all; undefined: it can. */
export function unavailableOf({ isSecure, hasBluetooth, system }: BrowserFacts): TroubleId | undefined {
  if (!isSecure) return 'not-secure'
  if (hasBluetooth) return undefined
  return /linux/i.test(system) && !/android/i.test(system) ? 'bluetooth-hidden' : 'no-bluetooth'
}

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

export const WORDS_OFF = 'Bluetooth is switched off on this computer; it goes on by itself when it is on again'

/** How a device stands, by its link alone. */
export function wordsOf(state: KeptState, { name, nowMs }: { name: string; nowMs: number }): SensorState {
  switch (state.state) {
    case 'linked':
      return { level: 'good', words: 'Connected' }
    case 'connecting':
      return state.attempt < 3
        ? { level: 'working', words: `Connecting to ${name} …` }
        : { level: 'bad', words: `${name} does not answer; trying again. Is it awake, and does no other app hold it?` }
    case 'lost':
      return nowMs - state.sinceMs < AWAY_LONG_MS
        ? { level: 'bad', words: `${name} is gone, trying again` }
        : {
            level: 'bad',
            words: `${name} is still gone, trying again. Is it switched on, and does no other app hold it?`,
          }
    case 'closed':
      return { level: 'bad', words: `${name} was let go` }
  }
}
