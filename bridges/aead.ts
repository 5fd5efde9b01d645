import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Sealer } from '#protocol/sealer'

const CIPHER = 'chacha20-poly1305'
const TAG_BYTES = 16
const TAG = { authTagLength: TAG_BYTES } as const
const NEXT_KEY = 'gruppetto next key'

/**
 * The bridge's end of the seal: ChaCha20-Poly1305 (RFC 8439), nonce four zero bytes and the packet number in 64 bits,
 * little endian; the next epoch's keys are made of these. The server has its own; protocol/vectors/sealed.json and
 * protocol/vectors/key-phases.json hold the two equal.
 */
export function createSealer({ sealKey, openKey }: { sealKey: Uint8Array; openKey: Uint8Array }): Sealer {
  return sealerOf(createSecretKey(sealKey), createSecretKey(openKey))
}

function sealerOf(sealKey: KeyObject, openKey: KeyObject): Sealer {
  return {
    overhead: TAG_BYTES,
    seal(packetNumber, datagram, headerBytes) {
      const end = datagram.length - TAG_BYTES
      const cipher = createCipheriv(CIPHER, sealKey, nonceOf(packetNumber), TAG)
      cipher.setAAD(datagram.subarray(0, headerBytes), { plaintextLength: end - headerBytes })
      datagram.set(cipher.update(datagram.subarray(headerBytes, end)), headerBytes)
      cipher.final()
      datagram.set(cipher.getAuthTag(), end)
    },
    open(packetNumber, datagram, headerBytes) {
      const end = datagram.length - TAG_BYTES
      if (end < headerBytes) return undefined
      const decipher = createDecipheriv(CIPHER, openKey, nonceOf(packetNumber), TAG)
      decipher.setAAD(datagram.subarray(0, headerBytes), { plaintextLength: end - headerBytes })
      decipher.setAuthTag(datagram.subarray(end))
      const body = decipher.update(datagram.subarray(headerBytes, end))
      try {
        decipher.final()
      } catch {
        return undefined // Not from our server.
      }
      return body
    },
    next: () => sealerOf(nextKey(sealKey), nextKey(openKey)),
  }
}

function nextKey(key: KeyObject): KeyObject {
  return createSecretKey(createHmac('sha256', key).update(NEXT_KEY).digest())
}

function nonceOf(packetNumber: number): Uint8Array {
  const nonce = new Uint8Array(12)
  const view = new DataView(nonce.buffer)
  view.setUint32(4, packetNumber % 4294967296, true)
  view.setUint32(8, Math.floor(packetNumber / 4294967296), true)
  return nonce
}
