import type { SourceChange } from './sample.ts'

const QUANTITIES = { powerW: 'power', cadenceRpm: 'cadence', heartRateBpm: 'heart rate' } as const

/** A change of source in a sentence; `nameOf` says what a person calls a device. */
export function sourceSentence({ quantity, fromId, toId, why }: SourceChange, nameOf: (id: string) => string): string {
  const what = QUANTITIES[quantity]
  if (toId === undefined) return `${what}: nobody gives it; ${nameOf(fromId!)} is silent`
  const because =
    why === 'silent' && fromId !== undefined
      ? `; ${nameOf(fromId)} is silent`
      : why === 'chosen'
        ? ', as you chose'
        : fromId === undefined
          ? ''
          : `, which is better than ${nameOf(fromId)}`
  return `${what}: from ${nameOf(toId)}${because}`
}
