import type { RiderState } from '#protocol/rider-state'
import { doubleHex } from './vector-file.ts'

const DOUBLES = ['placeM', 'speedMps', 'lateralM', 'lateralMps', 'cdaM2'] as const

/** A state as vectors have it: what may have a fraction as 64 bits in hex. */
export function told(state: RiderState): Record<string, unknown> {
  return { ...state, ...Object.fromEntries(DOUBLES.map((name) => [name, doubleHex(state[name])])) }
}
