import type { Datagram } from '#protocol/datagram'
import type { RiderId } from '#protocol/ids'
import { COOKIE_TTL_MS, TOKEN_TTL_MS } from '#protocol/limits'
import { type ConnectToken, SESSION_KEY_BYTES, type SessionUse, TOKEN_ID_BYTES } from '#protocol/token'
import type { Clock } from '../clock.ts'
import { TokenSealer } from './aead.ts'
import type { Peer } from './peers.ts'
import { SpentTokens } from './spent-tokens.ts'

export interface IssuedToken {
  readonly token: Uint8Array
  readonly keys: { readonly up: Uint8Array; readonly down: Uint8Array }
}

export interface AdmissionOptions {
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /** 32 bytes, of this process. */
  readonly tokenKey: Uint8Array
  readonly roomId: string
}

/** Who may come into a room: tokens are given out, addresses proven, and each token opens one session. A refusal is its reason. */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #tokens: TokenSealer
  readonly #spent = new SpentTokens()

  constructor(options: AdmissionOptions) {
    this.#options = options
    this.#tokens = new TokenSealer(options.tokenKey, options.randomBytes)
  }

  issue(grant: { riderId: RiderId; use: SessionUse; ttlMs?: number }): IssuedToken {
    const { randomBytes, clock, roomId } = this.#options
    const token: ConnectToken = {
      tokenId: randomBytes(TOKEN_ID_BYTES),
      riderId: grant.riderId,
      roomId,
      use: grant.use,
      expiresAtMs: Math.floor(clock.wallMs() + (grant.ttlMs ?? TOKEN_TTL_MS)),
      upKey: randomBytes(SESSION_KEY_BYTES),
      downKey: randomBytes(SESSION_KEY_BYTES),
    }
    return { token: this.#tokens.seal(token), keys: { up: token.upKey, down: token.downKey } }
  }

  /** What a CONNECT with a token of ours is worth; nothing is kept. */
  cookie(peer: Peer, { connectionId, token }: Datagram & { kind: 'connect' }): Uint8Array | string {
    const open = this.open(token)
    if (typeof open === 'string') return open
    return this.#tokens.cookie(this.#options.clock.nowMs(), peer.key, connectionId, token)
  }

  /** The token of a RESPONSE whose cookie proves the address it came from. */
  proven(peer: Peer, { connectionId, cookie, token }: Datagram & { kind: 'response' }): ConnectToken | string {
    const ageMs = this.#tokens.cookieAgeMs(cookie, this.#options.clock.nowMs(), peer.key, connectionId, token)
    if (ageMs === undefined) return 'cookie-forged'
    if (ageMs > COOKIE_TTL_MS) return 'cookie-expired'
    return this.open(token)
  }

  /** A token of this room that has neither expired nor been spent. */
  open(sealed: Uint8Array): ConnectToken | string {
    const token = this.#tokens.open(sealed)
    if (!token.ok) return token.error
    if (token.value.roomId !== this.#options.roomId) return 'wrong-room'
    if (token.value.expiresAtMs < this.#options.clock.wallMs()) return 'token-expired'
    return this.#spent.has(token.value.tokenId) ? 'token-spent' : token.value
  }

  /** It has opened a session and opens no other. */
  spend({ tokenId, expiresAtMs }: ConnectToken): void {
    this.#spent.add(tokenId, expiresAtMs)
  }

  /** Spent tokens that have expired need not be remembered: asked every tick, looks now and then. */
  forget(): void {
    this.#spent.forget(this.#options.clock.wallMs())
  }
}
