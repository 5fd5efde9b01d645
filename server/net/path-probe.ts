import { PATH_BYTES } from '#protocol/control'
import { PATH_RESEND_MS, PATH_VALIDATION_MS } from '#protocol/limits'
import type { Peer } from './peers.ts'

/** A path challenge on the wire: header, blocks and tick, challenge, tag. */
export const PATH_CHALLENGE_BYTES = 3 + 3 + PATH_BYTES + 16

/**
 * An address that a session was heard from and that has yet to prove that it is there. It is sent challenges and nothing
 * else, and never more bytes than came from it. [D111], [D112]
 */
export class PathProbe {
  readonly peer: Peer
  readonly challenge: Uint8Array
  readonly #sinceMs: number
  #sentMs = -Infinity
  #bytesLeft = 0

  constructor(peer: Peer, challenge: Uint8Array, nowMs: number) {
    this.peer = peer
    this.challenge = challenge
    this.#sinceMs = nowMs
  }

  isOver(nowMs: number): boolean {
    return nowMs - this.#sinceMs > PATH_VALIDATION_MS
  }

  /** So many valid bytes came from there; true when the challenge may and should be sent now. */
  heard(bytes: number, nowMs: number): boolean {
    this.#bytesLeft += bytes
    if (nowMs - this.#sentMs < PATH_RESEND_MS || this.#bytesLeft < PATH_CHALLENGE_BYTES) return false
    this.#bytesLeft -= PATH_CHALLENGE_BYTES
    this.#sentMs = nowMs
    return true
  }

  /** Only the very bytes, from the very address. */
  isProvenBy(bytes: Uint8Array, peer: Peer): boolean {
    return peer.key === this.peer.key && this.challenge.every((byte, i) => bytes[i] === byte)
  }
}
