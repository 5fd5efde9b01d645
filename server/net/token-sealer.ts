import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import { decoded, type Decoded, refused } from '#protocol/decoded'
import { COOKIE_BYTES } from '#protocol/datagram'
import { type ConnectToken, decodeToken, encodeToken, PROCESS_ID_BYTES } from '#protocol/token'
import { openWith, sealWith } from './aead.ts'
import { SipHash } from './siphash.ts'

/** This process: a token of another one opens nothing here, though the key be the same. [D120] */
export const PROCESS_ID: Uint8Array = randomBytes(PROCESS_ID_BYTES)

const LABEL = new TextEncoder().encode('gruppetto token 1')
const NONCE_BYTES = 12
const RANDOM_BYTES = 8
const TAG_BYTES = 16

/**
 * Seals and opens connect tokens with the key of this process. Nonce in front, tag behind. The nonce is eight random
 * bytes and a mark made of them, by which an invented token is known before any seal is opened. [D121]
 */
export class TokenSealer {
  readonly #key: KeyObject
  readonly #cookieKey: KeyObject
  readonly #marks: SipHash
  readonly #randomBytes: (count: number) => Uint8Array

  constructor(tokenKey: Uint8Array, random: (count: number) => Uint8Array) {
    this.#key = createSecretKey(tokenKey)
    const derived = (label: string): Buffer => createHmac('sha256', this.#key).update(label).digest()
    this.#cookieKey = createSecretKey(derived('gruppetto cookie 1'))
    this.#marks = new SipHash(derived('gruppetto mark 1'))
    this.#randomBytes = random
  }

  seal(token: ConnectToken): Uint8Array {
    const plain = encodeToken(token)
    const box = new Uint8Array(LABEL.length + plain.length + TAG_BYTES)
    box.set(LABEL)
    box.set(plain, LABEL.length)
    const nonce = new Uint8Array(NONCE_BYTES)
    nonce.set(this.#randomBytes(RANDOM_BYTES))
    new DataView(nonce.buffer).setUint32(RANDOM_BYTES, this.#markOf(nonce), true)
    sealWith(this.#key, nonce, box, LABEL.length)
    return Buffer.concat([nonce, box.subarray(LABEL.length)])
  }

  /** False: nobody here made this token. Costs no crypto; true proves nothing yet. */
  isMarked(sealed: Uint8Array): boolean {
    return word(sealed, RANDOM_BYTES) === this.#markOf(sealed)
  }

  open(sealed: Uint8Array): Decoded<ConnectToken, 'token-forged' | 'token-malformed'> {
    if (!this.isMarked(sealed)) return refused('token-forged')
    const box = new Uint8Array(LABEL.length + sealed.length - NONCE_BYTES)
    box.set(LABEL)
    box.set(sealed.subarray(NONCE_BYTES), LABEL.length)
    const plain = openWith(this.#key, sealed.subarray(0, NONCE_BYTES), box, LABEL.length)
    if (plain === undefined) return refused('token-forged')
    const token = decodeToken(plain)
    return token.ok ? decoded(token.value) : refused('token-malformed')
  }

  /** Time, then a MAC over time, address, connection id and token: proves an address without remembering it. */
  cookie(atMs: number, address: string, connectionId: Uint8Array, token: Uint8Array): Uint8Array {
    const cookie = new Uint8Array(COOKIE_BYTES)
    new DataView(cookie.buffer).setUint32(0, Math.floor(atMs) % 4294967296, true)
    cookie.set(this.#mac(cookie.subarray(0, 4), address, connectionId, token), 4)
    return cookie
  }

  /** Age of our own cookie, ms; undefined when it is not ours, or for another address, connection or token. */
  cookieAgeMs(
    cookie: Uint8Array,
    nowMs: number,
    address: string,
    connectionId: Uint8Array,
    token: Uint8Array,
  ): number | undefined {
    const mac = this.#mac(cookie.subarray(0, 4), address, connectionId, token)
    if (!timingSafeEqual(mac, cookie.subarray(4))) return undefined
    return (Math.floor(nowMs) - word(cookie, 0)) >>> 0
  }

  #markOf(nonce: Uint8Array): number {
    return this.#marks.hash(word(nonce, 0), word(nonce, 4))
  }

  #mac(time: Uint8Array, address: string, connectionId: Uint8Array, token: Uint8Array): Uint8Array {
    const mac = createHmac('sha256', this.#cookieKey).update(time).update(connectionId).update(token).update(address)
    return mac.digest().subarray(0, COOKIE_BYTES - 4)
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}
