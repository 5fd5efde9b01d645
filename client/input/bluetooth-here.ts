import type { TroubleId } from './trouble-names.ts'

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
