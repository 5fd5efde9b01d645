import { decoded, type Decoded, refused } from './decoded.ts'
import type { RiderId } from './ids.ts'
import { PROTOCOL_VERSION, ROOM_ID_BYTES_MAX } from './limits.ts'
import { BitReader } from './reader.ts'
import { BitWriter } from './writer.ts'

/** ride: input, and a view. watch: a view. */
export type SessionUse = 'ride' | 'watch'

/** What a connect token says to the server that sealed it. Nobody else can read it. */
export interface ConnectToken {
  /** Random, 16 bytes; a token opens one session. */
  readonly tokenId: Uint8Array
  /** Random, of the process that gave it out; another one does not take it, though it may have the same key. */
  readonly processId: Uint8Array
  readonly riderId: RiderId
  readonly roomId: string
  readonly use: SessionUse
  /** Calendar time, ms since 1970. */
  readonly expiresAtMs: number
  /** Keys of the two directions, 32 bytes each. */
  readonly upKey: Uint8Array
  readonly downKey: Uint8Array
}

export const TOKEN_ID_BYTES = 16
export const PROCESS_ID_BYTES = 8
export const SESSION_KEY_BYTES = 32
/** version, use, room, rider, expiry, id, process, keys. */
const TOKEN_PLAIN_BYTES = 1 + 1 + ROOM_ID_BYTES_MAX + 4 + 8 + TOKEN_ID_BYTES + PROCESS_ID_BYTES + 2 * SESSION_KEY_BYTES
/** Nonce in front, tag behind. */
export const TOKEN_SEALED_BYTES = 12 + TOKEN_PLAIN_BYTES + 16

export function encodeToken(token: ConnectToken): Uint8Array {
  const w = new BitWriter(TOKEN_PLAIN_BYTES)
  w.bits(PROTOCOL_VERSION, 8)
  w.bits(token.use === 'ride' ? 1 : 2, 8)
  for (let i = 0; i < ROOM_ID_BYTES_MAX; i++) w.bits(i < token.roomId.length ? token.roomId.charCodeAt(i) : 0, 8)
  w.bits(token.riderId, 32)
  w.u64(token.expiresAtMs)
  w.bytes(token.tokenId)
  w.bytes(token.processId)
  w.bytes(token.upKey)
  w.bytes(token.downKey)
  return w.finish()
}

export function decodeToken(bytes: Uint8Array): Decoded<ConnectToken> {
  const r = new BitReader(bytes)
  const version = r.bits(8)
  const use = r.bits(8)
  const room = r.bytes(ROOM_ID_BYTES_MAX)
  const riderId = r.bits(32)
  const expiresAtMs = r.u64()
  const tokenId = r.bytes(TOKEN_ID_BYTES)
  const processId = r.bytes(PROCESS_ID_BYTES)
  const upKey = r.bytes(SESSION_KEY_BYTES)
  const downKey = r.bytes(SESSION_KEY_BYTES)
  if (!r.finished) return refused('truncated-or-trailing')
  if (version !== PROTOCOL_VERSION || use < 1 || use > 2) return refused('out-of-range')
  const roomId = readRoomId(room)
  if (roomId === undefined) return refused('not-canonical')
  return decoded({
    tokenId: tokenId.slice(),
    processId: processId.slice(),
    riderId: riderId as RiderId,
    roomId,
    use: use === 1 ? 'ride' : 'watch',
    expiresAtMs,
    upKey: upKey.slice(),
    downKey: downKey.slice(),
  })
}

/** True when a room id can stand in a token. */
function isRoomId(roomId: string): boolean {
  return roomId.length > 0 && roomId.length <= ROOM_ID_BYTES_MAX && /^[!-~]+$/.test(roomId)
}

/** Printable ASCII, then zeros to the end. */
function readRoomId(bytes: Uint8Array): string | undefined {
  let end = 0
  while (end < bytes.length && bytes[end] !== 0) end++
  for (let i = end; i < bytes.length; i++) if (bytes[i] !== 0) return undefined
  const roomId = String.fromCharCode(...bytes.subarray(0, end))
  return isRoomId(roomId) ? roomId : undefined
}
