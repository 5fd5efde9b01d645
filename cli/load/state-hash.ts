import { type RiderState, STATE_FIELDS } from '#protocol/rider-state'

const doubles = new Float64Array(1)
const words = new Uint32Array(doubles.buffer)

/** 32 bits over every bit of a public state (what is only shown is no part of it): equal at both ends, or somebody is mistaken. */
export function hashRiderState(state: Readonly<RiderState>): number {
  let hash = 0x811c9dc5
  for (const [name] of STATE_FIELDS) {
    doubles[0] = state[name]
    hash = Math.imul(hash ^ words[0]!, 0x01000193)
    hash = Math.imul(hash ^ words[1]! ^ (hash >>> 15), 0x01000193)
  }
  return hash >>> 0
}
