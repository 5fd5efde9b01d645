import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto'
import { decoded, type Decoded, refused } from '#protocol/decoded'
import type { Sealer } from '#protocol/session'
import { type ConnectToken, decodeToken, encodeToken } from '#protocol/token'

const CIPHER = 'chacha20-poly1305'
const TAG_BYTES = 16
const NONCE_BYTES = 12
const TAG = { authTagLength: TAG_BYTES } as const
const TOKEN_LABEL = new TextEncoder().encode('gruppetto token 1')

/**
 * ChaCha20-Poly1305 (RFC 8439) with one key for each direction. The nonce is four zero bytes and the packet number,
 * 64 bits, little endian; a number is used once. Keys are KeyObjects: a raw key costs three times as much per packet.
 */
export function createSealer({ sealKey, openKey }: { sealKey: Uint8Array; openKey: Uint8Array }): Sealer {
  const forSealing = createSecretKey(sealKey)
  const forOpening = createSecretKey(openKey)
  const nonce = Buffer.alloc(NONCE_BYTES)
  const setNonce = (packetNumber: number): void => {
    nonce.writeUInt32LE(packetNumber % 4294967296, 4)
    nonce.writeUInt32LE(Math.floor(packetNumber / 4294967296), 8)
  }
  return {
    overhead: TAG_BYTES,
    seal(packetNumber, header, body) {
      setNonce(packetNumber)
      return sealWith(forSealing, nonce, header, body)
    },
    open(packetNumber, header, sealed) {
      setNonce(packetNumber)
      return openWith(forOpening, nonce, header, sealed)
    },
  }
}

function sealWith(key: KeyObject, nonce: Uint8Array, header: Uint8Array, body: Uint8Array): Uint8Array {
  const cipher = createCipheriv(CIPHER, key, nonce, TAG)
  cipher.setAAD(header, { plaintextLength: body.length })
  const sealed = new Uint8Array(body.length + TAG_BYTES)
  sealed.set(cipher.update(body))
  cipher.final()
  sealed.set(cipher.getAuthTag(), body.length)
  return sealed
}

function openWith(key: KeyObject, nonce: Uint8Array, header: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const bodyBytes = sealed.length - TAG_BYTES
  if (bodyBytes < 0) return undefined
  const decipher = createDecipheriv(CIPHER, key, nonce, TAG)
  decipher.setAAD(header, { plaintextLength: bodyBytes })
  decipher.setAuthTag(sealed.subarray(bodyBytes))
  const body = decipher.update(sealed.subarray(0, bodyBytes))
  try {
    decipher.final()
  } catch {
    return undefined // Forged: that is an answer, not an accident.
  }
  return body
}

/** Seals and opens connect tokens with the key of this process. Nonce in front, tag behind. */
export class TokenSealer {
  readonly #key: KeyObject
  readonly #cookieKey: KeyObject
  readonly #randomBytes: (count: number) => Uint8Array

  constructor(tokenKey: Uint8Array, randomBytes: (count: number) => Uint8Array) {
    this.#key = createSecretKey(tokenKey)
    this.#cookieKey = createSecretKey(createHmac('sha256', this.#key).update('gruppetto cookie 1').digest())
    this.#randomBytes = randomBytes
  }

  seal(token: ConnectToken): Uint8Array {
    const nonce = this.#randomBytes(NONCE_BYTES)
    return Buffer.concat([nonce, sealWith(this.#key, nonce, TOKEN_LABEL, encodeToken(token))])
  }

  open(sealed: Uint8Array): Decoded<ConnectToken, 'token-forged' | 'token-malformed'> {
    const plain = openWith(this.#key, sealed.subarray(0, NONCE_BYTES), TOKEN_LABEL, sealed.subarray(NONCE_BYTES))
    if (plain === undefined) return refused('token-forged')
    const token = decodeToken(plain)
    return token.ok ? decoded(token.value) : refused('token-malformed')
  }

  /** Time, then a MAC over time, address, connection id and token: proves an address without remembering it. */
  cookie(atMs: number, address: string, connectionId: Uint8Array, token: Uint8Array): Uint8Array {
    const cookie = new Uint8Array(4 + 16)
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
    const atMs = new DataView(cookie.buffer, cookie.byteOffset, 4).getUint32(0, true)
    return (Math.floor(nowMs) - atMs) >>> 0
  }

  #mac(time: Uint8Array, address: string, connectionId: Uint8Array, token: Uint8Array): Uint8Array {
    const mac = createHmac('sha256', this.#cookieKey).update(time).update(connectionId).update(token).update(address)
    return mac.digest().subarray(0, 16)
  }
}
