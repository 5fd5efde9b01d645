import { decoded, type Decoded, refused } from './decoded.ts'
import { DATAGRAM_BYTES_MAX, PROTOCOL_VERSION } from './limits.ts'
import { TOKEN_SEALED_BYTES } from './token.ts'
import { BitWriter } from './writer.ts'

/** Low bits of the first byte: which of seven it is. docs/protocol.md draws each. */
const DATAGRAM = {
  connect: 0x01,
  challenge: 0x02,
  response: 0x03,
  up: 0x04,
  down: 0x05,
  token: 0x06,
  upChannel: 0x07,
} as const
/** The highest bit of UP and DOWN: 0 in even epochs of keys, 1 in odd ones. [D116] */
const PHASE = 0x80

export const CONNECTION_ID_BYTES = 8
/** u32 of server time, and 16 bytes of MAC. */
export const COOKIE_BYTES = 20
export const UP_HEADER_BYTES = 1 + CONNECTION_ID_BYTES + 2
export const SHORT_HEADER_BYTES = 3
export const RESPONSE_HEADER_BYTES = 2 + CONNECTION_ID_BYTES + COOKIE_BYTES + TOKEN_SEALED_BYTES + 2
/** Where in a datagram the connection id of an UP stands. */
const ID_AT = 1

/** A packet inside a datagram: what follows `headerBytes` is sealed, what stands before is authenticated with it. */
export interface Packet {
  readonly bytes: Uint8Array
  readonly headerBytes: number
  readonly numberLow: number
  /** Low bit of the keys' epoch. */
  readonly phase: number
}

export type Datagram =
  | { readonly kind: 'connect'; readonly connectionId: Uint8Array; readonly token: Uint8Array }
  | { readonly kind: 'challenge'; readonly connectionId: Uint8Array; readonly cookie: Uint8Array }
  | (Packet & {
      readonly kind: 'response'
      readonly connectionId: Uint8Array
      readonly cookie: Uint8Array
      readonly token: Uint8Array
    })
  | (Packet & { readonly kind: 'up'; readonly connectionId: Uint8Array })
  | (Packet & { readonly kind: 'down' | 'upChannel' })
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
export function writeResponseHeader(
  w: BitWriter,
  connectionId: Uint8Array,
  cookie: Uint8Array,
  token: Uint8Array,
  packetNumber: number,
): void {
  w.bits(DATAGRAM.response, 8)
  w.bits(PROTOCOL_VERSION, 8)
  w.bytes(connectionId)
  w.bytes(cookie)
  w.bytes(token)
  w.bits(packetNumber % 0x10000, 16)
}

export function writeUpHeader(w: BitWriter, connectionId: Uint8Array, packetNumber: number, phase: number): void {
  w.bits(DATAGRAM.up | (phase === 0 ? 0 : PHASE), 8)
  w.bytes(connectionId)
  w.bits(packetNumber % 0x10000, 16)
}

export function writeShortHeader(w: BitWriter, kind: 'down' | 'upChannel', packetNumber: number, phase: number): void {
  w.bits(DATAGRAM[kind] | (phase === 0 ? 0 : PHASE), 8)
  w.bits(packetNumber % 0x10000, 16)
}

export function encodeTokenMessage(token: Uint8Array): Uint8Array {
  const w = new BitWriter(2 + TOKEN_SEALED_BYTES)
  w.bits(DATAGRAM.token, 8)
  w.bits(PROTOCOL_VERSION, 8)
  w.bytes(token)
  return w.finish()
}

/** [D71] Takes a datagram apart; what is sealed stays sealed. Everything in the answer is a view into `bytes`. */
export function decodeDatagram(
  bytes: Uint8Array,
): Decoded<Datagram, 'wrong-kind' | 'truncated-or-trailing' | 'too-long' | 'not-canonical' | 'wrong-version'> {
  const { length } = bytes
  if (length > DATAGRAM_BYTES_MAX) return refused('too-long')
  if (length === 0) return refused('truncated-or-trailing')
  const first = bytes[0]!
  switch (first) {
    case DATAGRAM.up:
    case DATAGRAM.up | PHASE: {
      if (length < UP_HEADER_BYTES) return refused('truncated-or-trailing')
      const connectionId = bytes.subarray(ID_AT, ID_AT + CONNECTION_ID_BYTES)
      return decoded({ kind: 'up', connectionId, ...packetIn(bytes, UP_HEADER_BYTES) })
    }
    case DATAGRAM.down:
    case DATAGRAM.down | PHASE:
    case DATAGRAM.upChannel: {
      if (length < SHORT_HEADER_BYTES) return refused('truncated-or-trailing')
      const kind = first === DATAGRAM.upChannel ? 'upChannel' : 'down'
      return decoded({ kind, ...packetIn(bytes, SHORT_HEADER_BYTES) })
    }
    case DATAGRAM.connect: {
      if (length !== DATAGRAM_BYTES_MAX) return refused('truncated-or-trailing')
      if (bytes[1] !== PROTOCOL_VERSION) return refused('wrong-version')
      const { connectionId, token, end } = hello(bytes, 0)
      for (let i = end; i < length; i++) if (bytes[i] !== 0) return refused('not-canonical')
      return decoded({ kind: 'connect', connectionId, token })
    }
    case DATAGRAM.challenge: {
      if (length !== 1 + CONNECTION_ID_BYTES + COOKIE_BYTES) return refused('truncated-or-trailing')
      const connectionId = bytes.subarray(ID_AT, ID_AT + CONNECTION_ID_BYTES)
      return decoded({ kind: 'challenge', connectionId, cookie: bytes.subarray(ID_AT + CONNECTION_ID_BYTES) })
    }
    case DATAGRAM.response: {
      if (length > 1 && bytes[1] !== PROTOCOL_VERSION) return refused('wrong-version')
      if (length < RESPONSE_HEADER_BYTES) return refused('truncated-or-trailing')
      const { connectionId, token } = hello(bytes, COOKIE_BYTES)
      const cookie = bytes.subarray(2 + CONNECTION_ID_BYTES, 2 + CONNECTION_ID_BYTES + COOKIE_BYTES)
      return decoded({ kind: 'response', connectionId, cookie, token, ...packetIn(bytes, RESPONSE_HEADER_BYTES) })
    }
    case DATAGRAM.token: {
      if (length > 1 && bytes[1] !== PROTOCOL_VERSION) return refused('wrong-version')
      if (length !== 2 + TOKEN_SEALED_BYTES) return refused('truncated-or-trailing')
      return decoded({ kind: 'token', token: bytes.subarray(2) })
    }
    default:
      return refused('wrong-kind')
  }
}

/** Kind, version, connection id, so many bytes between, token. */
function hello(bytes: Uint8Array, between: number): { connectionId: Uint8Array; token: Uint8Array; end: number } {
  const tokenAt = 2 + CONNECTION_ID_BYTES + between
  const end = tokenAt + TOKEN_SEALED_BYTES
  return { connectionId: bytes.subarray(2, 2 + CONNECTION_ID_BYTES), token: bytes.subarray(tokenAt, end), end }
}

/** The packet number's low bits end the header, the phase begins it. */
function packetIn(bytes: Uint8Array, headerBytes: number): Packet {
  return {
    bytes,
    headerBytes,
    numberLow: bytes[headerBytes - 2]! | (bytes[headerBytes - 1]! << 8),
    phase: bytes[0]! >>> 7,
  }
}
