import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import type { Sealer } from '#protocol/session'

const CIPHER = 'chacha20-poly1305'
const TAG_BYTES = 16
const TAG = { authTagLength: TAG_BYTES } as const

/**
 * The bridge's end of the seal: ChaCha20-Poly1305 (RFC 8439), nonce four zero bytes and the packet number in 64 bits,
 * little endian. The server has its own; protocol/vectors/sealed.json holds the two equal.
 */
export function createSealer({ sealKey, openKey }: { sealKey: Uint8Array; openKey: Uint8Array }): Sealer {
  const keys = { seal: createSecretKey(sealKey), open: createSecretKey(openKey) }
  return {
    overhead: TAG_BYTES,
    seal(packetNumber, header, body) {
      const cipher = createCipheriv(CIPHER, keys.seal, nonceOf(packetNumber), TAG)
      cipher.setAAD(header, { plaintextLength: body.length })
      return Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()])
    },
    open(packetNumber, header, sealed) {
      const bodyBytes = sealed.length - TAG_BYTES
      if (bodyBytes < 0) return undefined
      const decipher = createDecipheriv(CIPHER, keys.open, nonceOf(packetNumber), TAG)
      decipher.setAAD(header, { plaintextLength: bodyBytes })
      decipher.setAuthTag(sealed.subarray(bodyBytes))
      const body = decipher.update(sealed.subarray(0, bodyBytes))
      try {
        decipher.final()
      } catch {
        return undefined // Not from our server.
      }
      return body
    },
  }
}

function nonceOf(packetNumber: number): Uint8Array {
  const nonce = new Uint8Array(12)
  const view = new DataView(nonce.buffer)
  view.setUint32(4, packetNumber % 4294967296, true)
  view.setUint32(8, Math.floor(packetNumber / 4294967296), true)
  return nonce
}
