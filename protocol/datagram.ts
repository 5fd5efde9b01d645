import { decoded, type Decoded, refused } from './decoded.ts'
import { DATAGRAM_BYTES_MAX, PROTOCOL_VERSION } from './limits.ts'
import { BitReader } from './reader.ts'
import { TOKEN_SEALED_BYTES } from './token.ts'
import { BitWriter } from './writer.ts'

/** First byte of every datagram: which of seven it is. docs/protocol.md draws each. */
const DATAGRAM = {
  connect: 0x01,
  challenge: 0x02,
  response: 0x03,
  up: 0x04,
  down: 0x05,
  token: 0x06,
  upChannel: 0x07,
} as const

export const CONNECTION_ID_BYTES = 8
/** u32 of server time, and 16 bytes of MAC. */
const COOKIE_BYTES = 20

export type Datagram =
  | { readonly kind: 'connect'; readonly connectionId: Uint8Array; readonly token: Uint8Array }
  | { readonly kind: 'challenge'; readonly connectionId: Uint8Array; readonly cookie: Uint8Array }
  | {
      readonly kind: 'response'
      readonly connectionId: Uint8Array
      readonly cookie: Uint8Array
      readonly token: Uint8Array
      readonly numberLow: number
      /** Authenticated, not sealed. */
      readonly header: Uint8Array
      readonly sealed: Uint8Array
    }
  | {
      readonly kind: 'up'
      readonly connectionId: Uint8Array
      readonly numberLow: number
      readonly header: Uint8Array
      readonly sealed: Uint8Array
    }
  | {
      readonly kind: 'down' | 'upChannel'
      readonly numberLow: number
      readonly header: Uint8Array
      readonly sealed: Uint8Array
    }
  | { readonly kind: 'token'; readonly token: Uint8Array }

/** [D4] CONNECT fills the datagram: an answer is always smaller, and the path is known to carry our packets. */
export function encodeConnect(connectionId: Uint8Array, token: Uint8Array): Uint8Array {
  const w = new BitWriter()
  w.bits(DATAGRAM.connect, 8)
  w.bits(PROTOCOL_VERSION, 8)
  w.bytes(connectionId)
  w.bytes(token)
  const datagram = new Uint8Array(DATAGRAM_BYTES_MAX)
  datagram.set(w.view())
  return datagram
}

export function encodeChallenge(connectionId: Uint8Array, cookie: Uint8Array): Uint8Array {
  const w = new BitWriter()
  w.bits(DATAGRAM.challenge, 8)
  w.bytes(connectionId)
  w.bytes(cookie)
  return w.finish()
}

/** Head of a RESPONSE; the first inner packet, sealed, follows. */
export function encodeResponseHeader(
  connectionId: Uint8Array,
  cookie: Uint8Array,
  token: Uint8Array,
  packetNumber: number,
): Uint8Array {
  const w = new BitWriter()
  w.bits(DATAGRAM.response, 8)
  w.bits(PROTOCOL_VERSION, 8)
  w.bytes(connectionId)
  w.bytes(cookie)
  w.bytes(token)
  w.bits(packetNumber % 0x10000, 16)
  return w.finish()
}

export function encodeUpHeader(connectionId: Uint8Array, packetNumber: number): Uint8Array {
  const header = new Uint8Array(1 + CONNECTION_ID_BYTES + 2)
  header[0] = DATAGRAM.up
  header.set(connectionId, 1)
  header[9] = packetNumber % 0x100
  header[10] = Math.floor(packetNumber / 0x100) % 0x100
  return header
}

export function encodeShortHeader(kind: 'down' | 'upChannel', packetNumber: number): Uint8Array {
  return Uint8Array.of(DATAGRAM[kind], packetNumber % 0x100, Math.floor(packetNumber / 0x100) % 0x100)
}

export function encodeTokenMessage(token: Uint8Array): Uint8Array {
  const w = new BitWriter(2 + TOKEN_SEALED_BYTES)
  w.bits(DATAGRAM.token, 8)
  w.bits(PROTOCOL_VERSION, 8)
  w.bytes(token)
  return w.finish()
}

/** [D71] Header and body together, as they go out. */
export function joinDatagram(header: Uint8Array, sealed: Uint8Array): Uint8Array {
  const datagram = new Uint8Array(header.length + sealed.length)
  datagram.set(header)
  datagram.set(sealed, header.length)
  return datagram
}

/** Takes a datagram apart; what is sealed stays sealed. */
export function decodeDatagram(
  bytes: Uint8Array,
): Decoded<Datagram, 'wrong-kind' | 'truncated-or-trailing' | 'too-long' | 'not-canonical' | 'wrong-version'> {
  if (bytes.length > DATAGRAM_BYTES_MAX) return refused('too-long')
  const r = new BitReader(bytes)
  switch (r.bits(8)) {
    case DATAGRAM.connect: {
      if (bytes.length !== DATAGRAM_BYTES_MAX) return refused('truncated-or-trailing')
      if (r.bits(8) !== PROTOCOL_VERSION) return refused('wrong-version')
      const connectionId = r.bytes(CONNECTION_ID_BYTES)
      const token = r.bytes(TOKEN_SEALED_BYTES)
      const padding = r.bytes(r.bitsLeft >>> 3)
      if (padding.some((byte) => byte !== 0)) return refused('not-canonical')
      return decoded({ kind: 'connect', connectionId, token })
    }
    case DATAGRAM.challenge: {
      const connectionId = r.bytes(CONNECTION_ID_BYTES)
      const cookie = r.bytes(COOKIE_BYTES)
      return r.finished ? decoded({ kind: 'challenge', connectionId, cookie }) : refused('truncated-or-trailing')
    }
    case DATAGRAM.response: {
      if (r.bits(8) !== PROTOCOL_VERSION) return refused(r.overrun ? 'truncated-or-trailing' : 'wrong-version')
      const connectionId = r.bytes(CONNECTION_ID_BYTES)
      const cookie = r.bytes(COOKIE_BYTES)
      const token = r.bytes(TOKEN_SEALED_BYTES)
      const numberLow = r.bits(16)
      if (r.overrun) return refused('truncated-or-trailing')
      return decoded({ kind: 'response', connectionId, cookie, token, numberLow, ...rest(r, bytes) })
    }
    case DATAGRAM.up: {
      const connectionId = r.bytes(CONNECTION_ID_BYTES)
      const numberLow = r.bits(16)
      if (r.overrun) return refused('truncated-or-trailing')
      return decoded({ kind: 'up', connectionId, numberLow, ...rest(r, bytes) })
    }
    case DATAGRAM.down:
    case DATAGRAM.upChannel: {
      const kind = bytes[0] === DATAGRAM.down ? 'down' : 'upChannel'
      const numberLow = r.bits(16)
      if (r.overrun) return refused('truncated-or-trailing')
      return decoded({ kind, numberLow, ...rest(r, bytes) })
    }
    case DATAGRAM.token: {
      if (r.bits(8) !== PROTOCOL_VERSION) return refused(r.overrun ? 'truncated-or-trailing' : 'wrong-version')
      const token = r.bytes(TOKEN_SEALED_BYTES)
      return r.finished ? decoded({ kind: 'token', token }) : refused('truncated-or-trailing')
    }
    default:
      return refused(bytes.length === 0 ? 'truncated-or-trailing' : 'wrong-kind')
  }
}

function rest(r: BitReader, bytes: Uint8Array): { header: Uint8Array; sealed: Uint8Array } {
  const headerBytes = bytes.length - (r.bitsLeft >>> 3)
  return { header: bytes.subarray(0, headerBytes), sealed: bytes.subarray(headerBytes) }
}
