import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { DATAGRAM_BYTES_MAX } from '#protocol/limits'
import type { Sealer } from '#protocol/sealer'

const CIPHER = 'chacha20-poly1305'
const TAG_BYTES = 16
const NONCE_BYTES = 12
const TAG = { authTagLength: TAG_BYTES } as const
/** What a key is hashed over to make that of the next epoch. [D116] */
const NEXT_KEY = 'gruppetto next key'

export interface SessionKeys {
  readonly sealKey: Uint8Array
  readonly openKey: Uint8Array
}

/** Who does the arithmetic; the bytes are the same. */
export interface Aead {
  readonly name: 'node:crypto' | 'sodium-native'
  createSealer(keys: SessionKeys): Sealer
}

export const nodeAead: Aead = {
  name: 'node:crypto',
  createSealer: ({ sealKey, openKey }) => new NodeSealer(createSecretKey(sealKey), createSecretKey(openKey)),
}

/** ChaCha20-Poly1305 (RFC 8439) by node:crypto, with one key for each direction. */
export const createSealer = nodeAead.createSealer

/** One for all: a packet is sealed or opened before the next. */
const NONCE = Buffer.alloc(NONCE_BYTES)

/** Four zero bytes and the packet number, 64 bits, little endian; a number is used once. */
function nonceOf(packetNumber: number): Uint8Array {
  const low = packetNumber >>> 0
  const high = (packetNumber - low) / 4294967296
  // Byte by byte: Buffer's own way of writing a number costs more than sealing a quarter of a packet.
  NONCE[4] = low
  NONCE[5] = low >>> 8
  NONCE[6] = low >>> 16
  NONCE[7] = low >>> 24
  NONCE[8] = high
  NONCE[9] = high >>> 8
  NONCE[10] = high >>> 16
  NONCE[11] = high >>> 24
  return NONCE
}

function nextKey(key: KeyObject | Uint8Array): Buffer {
  return createHmac('sha256', key).update(NEXT_KEY).digest()
}

/** Keys are KeyObjects: a raw key costs three times as much per packet. */
class NodeSealer implements Sealer {
  readonly overhead = TAG_BYTES
  readonly #sealKey: KeyObject
  readonly #openKey: KeyObject

  constructor(sealKey: KeyObject, openKey: KeyObject) {
    this.#sealKey = sealKey
    this.#openKey = openKey
  }

  seal(packetNumber: number, datagram: Uint8Array, headerBytes: number): void {
    sealWith(this.#sealKey, nonceOf(packetNumber), datagram, headerBytes)
  }

  open(packetNumber: number, datagram: Uint8Array, headerBytes: number): Uint8Array | undefined {
    return openWith(this.#openKey, nonceOf(packetNumber), datagram, headerBytes)
  }

  next(): Sealer {
    return new NodeSealer(createSecretKey(nextKey(this.#sealKey)), createSecretKey(nextKey(this.#openKey)))
  }
}

/** Seals in place: header, body, room for the tag. */
export function sealWith(key: KeyObject, nonce: Uint8Array, datagram: Uint8Array, headerBytes: number): void {
  const end = datagram.length - TAG_BYTES
  const cipher = createCipheriv(CIPHER, key, nonce, TAG)
  cipher.setAAD(datagram.subarray(0, headerBytes), { plaintextLength: end - headerBytes })
  datagram.set(cipher.update(datagram.subarray(headerBytes, end)), headerBytes)
  cipher.final()
  datagram.set(cipher.getAuthTag(), end)
}

export function openWith(
  key: KeyObject,
  nonce: Uint8Array,
  datagram: Uint8Array,
  headerBytes: number,
): Uint8Array | undefined {
  const end = datagram.length - TAG_BYTES
  if (end < headerBytes) return undefined
  const decipher = createDecipheriv(CIPHER, key, nonce, TAG)
  decipher.setAAD(datagram.subarray(0, headerBytes), { plaintextLength: end - headerBytes })
  decipher.setAuthTag(datagram.subarray(end))
  const body = decipher.update(datagram.subarray(headerBytes, end))
  try {
    decipher.final()
  } catch {
    return undefined // Forged: that is an answer, not an accident.
  }
  return body
}

/** The native accelerator; undefined where its package is missing or was built for another machine. */
export async function loadSodiumAead(): Promise<Aead | undefined> {
  const sodium = await import('sodium-native').then(
    (module) => module.default,
    () => undefined, // Optional: node:crypto does the same.
  )
  if (sodium === undefined) return undefined
  return {
    name: 'sodium-native',
    createSealer: ({ sealKey, openKey }) => new SodiumSealer(sodium, sealKey.slice(), openKey.slice()),
  }
}

const OPENED = new Uint8Array(DATAGRAM_BYTES_MAX)

type Sodium = typeof import('sodium-native').default

class SodiumSealer implements Sealer {
  readonly overhead = TAG_BYTES
  readonly #sodium: Sodium
  readonly #sealKey: Uint8Array
  readonly #openKey: Uint8Array

  constructor(sodium: Sodium, sealKey: Uint8Array, openKey: Uint8Array) {
    this.#sodium = sodium
    this.#sealKey = sealKey
    this.#openKey = openKey
  }

  seal(packetNumber: number, datagram: Uint8Array, headerBytes: number): void {
    const sealed = datagram.subarray(headerBytes)
    const body = sealed.subarray(0, sealed.length - TAG_BYTES)
    const header = datagram.subarray(0, headerBytes)
    const nonce = nonceOf(packetNumber)
    this.#sodium.crypto_aead_chacha20poly1305_ietf_encrypt(sealed, body, header, null, nonce, this.#sealKey)
  }

  open(packetNumber: number, datagram: Uint8Array, headerBytes: number): Uint8Array | undefined {
    const bodyBytes = datagram.length - headerBytes - TAG_BYTES
    if (bodyBytes < 0) return undefined
    const body = OPENED.subarray(0, bodyBytes)
    const header = datagram.subarray(0, headerBytes)
    const nonce = nonceOf(packetNumber)
    try {
      const sealed = datagram.subarray(headerBytes)
      this.#sodium.crypto_aead_chacha20poly1305_ietf_decrypt(body, null, sealed, header, nonce, this.#openKey)
    } catch {
      return undefined // Forged: that is an answer, not an accident.
    }
    return body
  }

  next(): Sealer {
    return new SodiumSealer(this.#sodium, nextKey(this.#sealKey), nextKey(this.#openKey))
  }
}
