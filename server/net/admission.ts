import { Allowance } from '#protocol/allowance'
import type { Datagram } from '#protocol/datagram'
import type { RiderId } from '#protocol/ids'
import {
  COOKIE_TTL_MS,
  HANDSHAKES_AT_ONCE_MAX,
  HANDSHAKES_PER_S,
  TOKEN_OPENINGS_AT_ONCE_MAX,
  TOKEN_OPENINGS_PER_S,
  TOKEN_TTL_MS,
  TOKENS_REMEMBERED_MAX,
} from '#protocol/limits'
import { type ConnectToken, SESSION_KEY_BYTES, type SessionUse, TOKEN_ID_BYTES } from '#protocol/token'
import type { Clock } from '../clock.ts'
import type { Peer } from './peers.ts'
import { SpentTokens } from './spent-tokens.ts'
import { PROCESS_ID, TokenSealer } from './token-sealer.ts'

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
  /** Another process than this one: only in tests. */
  readonly processId?: Uint8Array
}

/** A token that may still open a session: nothing of it is opened again, and it may not knock without end. */
interface Remembered {
  readonly sealed: Uint8Array
  readonly token: ConnectToken
  readonly allowance: Allowance
}

/**
 * Who may come into a room: tokens are given out, addresses proven, and each token opens one session. A refusal is its
 * reason. What an invented token costs is a mark of eight bytes. The tokens given out are remembered while they hold, so that
 * one that only bears the mark of ours is told from it without opening anything. [D121]
 */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #processId: Uint8Array
  readonly #tokens: TokenSealer
  readonly #spent = new SpentTokens()
  /** By nonce; only tokens that we made come in here, and only until they are spent or expire. */
  readonly #remembered = new Map<string, Remembered>()
  readonly #openings: Allowance

  constructor(options: AdmissionOptions) {
    this.#options = options
    this.#processId = options.processId ?? PROCESS_ID
    this.#tokens = new TokenSealer(options.tokenKey, options.randomBytes)
    this.#openings = new Allowance(TOKEN_OPENINGS_AT_ONCE_MAX, options.clock.nowMs())
  }

  issue(grant: { riderId: RiderId; use: SessionUse; ttlMs?: number }): IssuedToken {
    const { randomBytes, clock, roomId } = this.#options
    const token: ConnectToken = {
      tokenId: randomBytes(TOKEN_ID_BYTES),
      processId: this.#processId,
      riderId: grant.riderId,
      roomId,
      use: grant.use,
      expiresAtMs: Math.floor(clock.wallMs() + (grant.ttlMs ?? TOKEN_TTL_MS)),
      upKey: randomBytes(SESSION_KEY_BYTES),
      downKey: randomBytes(SESSION_KEY_BYTES),
    }
    const sealed = this.#tokens.seal(token)
    this.#remember(nonceOf(sealed), sealed, token, HANDSHAKES_AT_ONCE_MAX)
    return { token: sealed, keys: { up: token.upKey, down: token.downKey } }
  }

  /** A token that begins so was given out or taken here, and not long ago. Costs no crypto. */
  remembers(sealed: Uint8Array): boolean {
    const key = nonceOf(sealed)
    return this.#remembered.has(key) || this.#spent.has(key)
  }

  /** What a CONNECT with a token of ours is worth. */
  cookie(peer: Peer, { connectionId, token }: Datagram & { kind: 'connect' }): Uint8Array | string {
    const open = this.open(token)
    if (typeof open === 'string') return open
    return this.#tokens.cookie(this.#options.clock.nowMs(), peer.key, connectionId, token)
  }

  /** The token of a RESPONSE whose cookie proves the address it came from. */
  proven(peer: Peer, { connectionId, cookie, token }: Datagram & { kind: 'response' }): ConnectToken | string {
    const open = this.open(token)
    if (typeof open === 'string') return open
    const ageMs = this.#tokens.cookieAgeMs(cookie, this.#options.clock.nowMs(), peer.key, connectionId, token)
    if (ageMs === undefined) return 'cookie-forged'
    return ageMs > COOKIE_TTL_MS ? 'cookie-expired' : open
  }

  /** A token of this process and room that has neither expired nor been spent. */
  open(sealed: Uint8Array): ConnectToken | string {
    if (!this.#tokens.isMarked(sealed)) return 'token-forged'
    const token = this.#known(sealed)
    if (typeof token === 'string') return token
    return token.expiresAtMs < this.#options.clock.wallMs() ? 'token-expired' : token
  }

  #known(sealed: Uint8Array): ConnectToken | string {
    const nowMs = this.#options.clock.nowMs()
    const key = nonceOf(sealed)
    if (this.#spent.has(key)) return 'token-spent'
    const known = this.#remembered.get(key)
    if (known !== undefined) {
      // Whoever has seen a token can make thousands that begin like it: they must not speak for the true one.
      if (!areEqual(known.sealed, sealed)) return 'token-forged'
      const isGranted = known.allowance.take(1, HANDSHAKES_PER_S, HANDSHAKES_AT_ONCE_MAX, nowMs)
      return isGranted === 0 ? 'too-fast' : known.token
    }
    if (this.#openings.take(1, TOKEN_OPENINGS_PER_S, TOKEN_OPENINGS_AT_ONCE_MAX, nowMs) === 0) return 'busy'
    const open = this.#tokens.open(sealed)
    if (!open.ok) return open.error
    const token = open.value
    if (token.roomId !== this.#options.roomId) return 'wrong-room'
    if (!areEqual(token.processId, this.#processId)) return 'wrong-process'
    this.#remember(key, sealed, token, HANDSHAKES_AT_ONCE_MAX - 1)
    return token
  }

  #remember(key: string, sealed: Uint8Array, token: ConnectToken, knocks: number): void {
    const allowance = new Allowance(knocks, this.#options.clock.nowMs())
    // Not slice(): that of a Buffer is the same bytes.
    this.#remembered.set(key, { sealed: Uint8Array.from(sealed), token, allowance })
    if (this.#remembered.size > TOKENS_REMEMBERED_MAX) this.#remembered.delete(this.#remembered.keys().next().value!)
  }

  /** It has opened a session and opens no other. */
  spend(sealed: Uint8Array, { expiresAtMs }: ConnectToken): void {
    const key = nonceOf(sealed)
    this.#spent.add(key, expiresAtMs)
    this.#remembered.delete(key)
  }

  /** Spent tokens that have expired need not be remembered: asked every tick, looks now and then. */
  forget(): void {
    const wallMs = this.#options.clock.wallMs()
    this.#spent.forget(wallMs)
    // In the order they were given out, which is nearly that of their expiry.
    for (const [key, { token }] of this.#remembered) {
      if (token.expiresAtMs >= wallMs) break
      this.#remembered.delete(key)
    }
  }
}

/** Twelve bytes, two a letter: a flood asks this of every datagram. */
function nonceOf(sealed: Uint8Array): string {
  const word = (at: number): number => sealed[at]! | (sealed[at + 1]! << 8)
  return String.fromCharCode(word(0), word(2), word(4), word(6), word(8), word(10))
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
