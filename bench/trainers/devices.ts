import type { Profile } from '#bridges/trainer-sim/services'
import { Child } from './child.ts'

export const PERIOD_MS = 250

export interface DevicesOrder {
  /** One simulated device on the network for each, and what it speaks. */
  readonly speaks: readonly (readonly Profile[])[]
  /** Where they listen; free ports, if not said. */
  readonly ports?: readonly number[]
  /** Who speaks this has the watts that are followed. */
  readonly marks: Profile
  /** Say when each of them was said. */
  readonly isTold: boolean
  /** Seven ANT+ sensors too. */
  readonly hasAnt: boolean
}

/** Moments are of the system's steady clock, the same in every process; nanoseconds, as text. */
export type DevicesWord =
  | ListeningWord
  | { readonly word: 'said'; readonly powerW: number; readonly atNs: string }
  | { readonly word: 'bare'; readonly number: number; readonly atNs: string }

export interface ListeningWord {
  readonly word: 'listening'
  readonly atNs: string
  readonly ports: readonly number[]
  readonly antPort?: number | undefined
  readonly barePort: number
}

/** A process of devices, from when they listen. */
export async function startDevices(order: DevicesOrder, onWord: (word: DevicesWord) => void = () => {}) {
  const heard = Promise.withResolvers<ListeningWord>()
  const child = new Child('devices-process.ts', order, (word: DevicesWord) => {
    if (word.word === 'listening') heard.resolve(word)
    onWord(word)
  })
  return { child, listening: await child.orEnd(heard.promise) }
}
