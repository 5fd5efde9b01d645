import type { Level } from '#bridges/core/devices'
import type { KeptState } from './kept-device.ts'

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
export function whyUnavailable({ isSecure, hasBluetooth, system }: BrowserFacts): string | undefined {
  if (!isSecure) {
    return 'Browsers allow Bluetooth only on secure pages: open this address with https, or as localhost on the server itself.'
  }
  if (hasBluetooth) return undefined
  if (/linux/i.test(system) && !/android/i.test(system)) {
    return 'This browser has Bluetooth for pages only when it is told so: in Chromium open chrome://flags, enable “Web Bluetooth” and start it again; or pair the trainer with “gruppetto bridge”.'
  }
  return 'This browser has no Bluetooth for pages: use Chrome or Edge, or pair the trainer with “gruppetto bridge”.'
}

/** The chooser ended without a device. */
export function whyNotChosen(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  const message = error instanceof DOMException ? error.message : ''
  if (name === 'NotFoundError' && /adapter/i.test(message))
    return 'Bluetooth is switched off on this computer: switch it on and pair again.'
  if (name === 'NotFoundError') return 'No device was chosen. Wake the trainer by pedalling, then pair again.'
  if (name === 'SecurityError') return 'The browser was told not to use Bluetooth here: allow it for this page.'
  return 'The browser’s Bluetooth window did not open. Reload the page and pair again.'
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
