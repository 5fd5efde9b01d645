import { createHmac } from 'node:crypto'
import {
  type Datagram,
  decodeDatagram,
  encodeChallenge,
  encodeConnect,
  encodeTokenMessage,
  writeResponseHeader,
  writeShortHeader,
  writeUpHeader,
} from '#protocol/datagram'
import type { RiderId } from '#protocol/ids'
import { PACKET_NUMBER_MAX } from '#protocol/limits'
import { type ConnectToken, decodeToken, encodeToken, TOKEN_SEALED_BYTES } from '#protocol/token'
import type { BitWriter } from '#protocol/writer'
import { createSealer } from '#server/net/aead'
import { TokenSealer } from '#server/net/token-sealer'
import { meaning, valueOf, written } from './meaning.ts'
import { countedBytes, hex, someBytes, type VectorFile } from './vector-file.ts'

const ID = countedBytes(8, 0xa0)
const COOKIE = countedBytes(20, 0x10)
const TOKEN = countedBytes(TOKEN_SEALED_BYTES)
const SEALED = countedBytes(21, 0xc0)

const packet = (header: (w: BitWriter) => void, body = SEALED): Uint8Array =>
  written((w) => {
    header(w)
    w.bytes(body)
  })

export const DATAGRAMS: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ['CONNECT', encodeConnect(ID, TOKEN)],
  ['CHALLENGE', encodeChallenge(ID, COOKIE)],
  ['RESPONSE, packet 3', packet((w) => writeResponseHeader(w, ID, COOKIE, TOKEN, 3))],
  [
    'RESPONSE with nothing sealed in it',
    packet((w) => writeResponseHeader(w, ID, COOKIE, TOKEN, 3), new Uint8Array(0)),
  ],
  ['UP, packet 258, an even epoch', packet((w) => writeUpHeader(w, ID, 258, 0))],
  ['UP, packet 65535, an odd epoch', packet((w) => writeUpHeader(w, ID, 65535, 1))],
  ['UP, packet 2³² + 2', packet((w) => writeUpHeader(w, ID, 2 ** 32 + 2, 0))],
  ['UP, of another connection', packet((w) => writeUpHeader(w, someBytes(8, 1), 4, 1))],
  ['DOWN, packet 65537, an even epoch', packet((w) => writeShortHeader(w, 'down', 65537, 0))],
  ['DOWN, the last packet, an odd epoch', packet((w) => writeShortHeader(w, 'down', PACKET_NUMBER_MAX, 1))],
  ['DOWN, 1200 bytes', packet((w) => writeShortHeader(w, 'down', 0x8000, 0), someBytes(1197, 2))],
  ['TOKEN', encodeTokenMessage(TOKEN)],
  ['UP on a channel, packet 3', packet((w) => writeShortHeader(w, 'upChannel', 3, 0), countedBytes(5))],
  ['UP on a channel, empty', packet((w) => writeShortHeader(w, 'upChannel', 0xffff, 0), new Uint8Array(0))],
]

/** What a reader of the document has in hand: not how our decoder keeps it. */
export function datagramMeaning(datagram: Datagram): Record<string, unknown> {
  if (!('bytes' in datagram)) return meaning(datagram) as Record<string, unknown>
  const { bytes, headerBytes, ...rest } = datagram
  return meaning({ ...rest, sealed: bytes.subarray(headerBytes) }) as Record<string, unknown>
}

const datagram: VectorFile = {
  name: 'datagram',
  about: 'Datagrams as they travel [D71]; zeros at the end of CONNECT are left out here (paddedTo).',
  vectors: () =>
    DATAGRAMS.map(([name, bytes]) => {
      const { kind, ...fields } = datagramMeaning(valueOf(decodeDatagram(bytes)))
      const padding = kind === 'connect' ? { paddedTo: bytes.length } : {}
      const told = kind === 'connect' ? bytes.subarray(0, 2 + ID.length + TOKEN.length) : bytes
      return { name, kind, hex: hex(told), ...padding, fields }
    }),
}

const KEYS = [countedBytes(32), countedBytes(32, 0x20), someBytes(32, 7)] as const
const NUMBERS = [0, 1, 65536, 65537, 2 ** 32, 2 ** 32 + 7, PACKET_NUMBER_MAX] as const
const BODIES = [0, 1, 5, 15, 16, 17, 63, 64, 65, 200, 1181] as const

function sealedVector(key: Uint8Array, packetNumber: number, body: Uint8Array): object {
  const header = written((w) => writeShortHeader(w, 'down', packetNumber, 0))
  const sealed = sealWith(key, packetNumber, header, body)
  return { key: hex(key), packetNumber, header: hex(header), body: hex(body), sealed }
}

function sealWith(key: Uint8Array, packetNumber: number, header: Uint8Array, body: Uint8Array): string {
  const sealer = createSealer({ sealKey: key, openKey: key })
  const bytes = new Uint8Array(header.length + body.length + sealer.overhead)
  bytes.set(header)
  bytes.set(body, header.length)
  sealer.seal(packetNumber, bytes, header.length)
  const opened = sealer.open(packetNumber, bytes, header.length)
  if (opened === undefined || hex(opened) !== hex(body)) throw new Error('what was sealed does not open')
  return hex(bytes.subarray(header.length))
}

const sealed: VectorFile = {
  name: 'sealed',
  about:
    'Sealed packets under fixed keys [D72]: ChaCha20-Poly1305, nonce 4 zero bytes and the packet number (u64, little endian), the header authenticated.',
  vectors: () => [
    ...NUMBERS.map((number) => sealedVector(KEYS[0], number, countedBytes(5, 1))),
    ...BODIES.map((length, i) => sealedVector(KEYS[(i % 2) + 1]!, 1000 + i, someBytes(length, length))),
  ],
}

const EPOCH_PACKETS = 1_048_576

const keyPhases: VectorFile = {
  name: 'key-phases',
  about:
    'Keys of the first epochs, and a packet sealed in each [D116]: the key of the next epoch is HMAC-SHA-256 with the present key as its key over the ASCII text "gruppetto next key", for each direction apart. `sealKey` seals `sealed`, `openKey` is that of the other direction; the first byte of `header` has the phase in its highest bit.',
  vectors: () => {
    const next = (key: Uint8Array): Uint8Array => createHmac('sha256', key).update('gruppetto next key').digest()
    let [sealKey, openKey]: Uint8Array[] = [KEYS[0], KEYS[1]]
    let sealer = createSealer({ sealKey: KEYS[0], openKey: KEYS[1] })
    return [0, 1, 2, 3].map((epoch) => {
      if (epoch > 0) {
        ;[sealKey, openKey] = [next(sealKey!), next(openKey!)]
        sealer = sealer.next!()
      }
      const packetNumber = epoch * (EPOCH_PACKETS + 4)
      const header = written((w) => writeShortHeader(w, 'down', packetNumber, epoch & 1))
      const body = Uint8Array.of(7, ...countedBytes(6, epoch))
      const bytes = Uint8Array.of(...header, ...body, ...new Uint8Array(16))
      sealer.seal(packetNumber, bytes, header.length)
      const keys = { sealKey: hex(sealKey!), openKey: hex(openKey!) }
      const told = { header: hex(header), body: hex(body), sealed: hex(bytes.subarray(header.length)) }
      return { epoch, ...keys, packetNumber, ...told }
    })
  },
}

const GRANT: ConnectToken = {
  tokenId: countedBytes(16, 1),
  processId: countedBytes(8, 0x31),
  riderId: 17 as RiderId,
  roomId: 'ride-1',
  use: 'ride',
  expiresAtMs: 1_800_000_045_000,
  upKey: countedBytes(32, 0x40),
  downKey: countedBytes(32, 0x80),
}

export const TOKENS: readonly (readonly [name: string, token: ConnectToken])[] = [
  ['rider 17 may ride in ride-1', GRANT],
  [
    'rider 2³² − 1 is watched, in a room of 16 letters',
    { ...GRANT, riderId: 0xffffffff as RiderId, use: 'watch', roomId: 'abcdefghijklmnop' },
  ],
  ['a room of one letter, at the end of countable time', { ...GRANT, roomId: '!', expiresAtMs: 2 ** 53 - 1 }],
]

const token: VectorFile = {
  name: 'token',
  about:
    'The connect token before it is sealed [D70], and sealed under the key of a process (`tokenKey`) with a nonce of eight given bytes and their mark, which is the server’s own matter. Keys and ids as hex.',
  vectors: () =>
    TOKENS.map(([name, grant], i) => {
      const plain = encodeToken(grant)
      const tokenKey = someBytes(32, 40 + i)
      const box = new TokenSealer(tokenKey, (count) => someBytes(count, 50 + i)).seal(grant)
      const told = { tokenKey: hex(tokenKey), sealed: hex(box) }
      return { name, hex: hex(plain), token: meaning(valueOf(decodeToken(plain))), ...told }
    }),
}

export const WIRE_VECTORS: readonly VectorFile[] = [datagram, sealed, keyPhases, token]
