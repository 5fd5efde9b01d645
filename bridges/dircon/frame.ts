/**
 * DIRCON: GATT over TCP, as trainers on the local network speak it. Undocumented; the layout is read from captures and
 * from programs that speak it (docs/carriers.md). version 1 | type | sequence | result | length u16 big-endian | body.
 */
export interface DirconFrame {
  readonly type: number
  readonly sequence: number
  readonly result: number
  readonly body: Uint8Array
}

export const DIRCON_TYPE = {
  services: 1,
  characteristics: 2,
  read: 3,
  write: 4,
  subscribe: 5,
  notification: 6,
  unknown: 7,
} as const

export const DIRCON_RESULT = {
  ok: 0,
  unknownType: 1,
  error: 2,
  noService: 3,
  noCharacteristic: 4,
  notSupported: 5,
  writeFailed: 6,
  unknownVersion: 7,
} as const

export const PROPERTY = { read: 1, write: 2, notify: 4, indicate: 8 } as const

export const HEADER_BYTES = 6
export const UUID_BYTES = 16
const VERSION = 1
/** A value of GATT has at most 512 bytes; a list of services or characteristics may be longer. */
export const BODY_BYTES_MAX = 4096

export function encodeDirconFrame(frame: DirconFrame): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + frame.body.length)
  bytes.set([
    VERSION,
    frame.type,
    frame.sequence & 0xff,
    frame.result,
    frame.body.length >>> 8,
    frame.body.length & 0xff,
  ])
  bytes.set(frame.body, HEADER_BYTES)
  return bytes
}

/** A header at `at`, or undefined when the bytes there cannot be one. Unknown types pass: they are answered, not feared. */
export interface DirconHeader {
  readonly version: number
  readonly type: number
  readonly sequence: number
  readonly result: number
  readonly length: number
}

export function readDirconHeader(bytes: Uint8Array, at = 0): DirconHeader | undefined {
  if (bytes.length < at + HEADER_BYTES) return undefined
  return {
    version: bytes[at]!,
    type: bytes[at + 1]!,
    sequence: bytes[at + 2]!,
    result: bytes[at + 3]!,
    length: (bytes[at + 4]! << 8) | bytes[at + 5]!,
  }
}

const isPlausible = (h: DirconHeader): boolean =>
  h.version === VERSION && h.type >= 1 && h.type <= 15 && h.result <= 7 && h.length <= BODY_BYTES_MAX

/**
 * Frames out of a stream cut anywhere. Some devices announce 17 bytes for the echo of a subscription and send 16: the
 * byte missing is then taken from the next frame (its version, 1, looks like "on") and is given back when the bytes
 * behind do not begin a frame without it. A stream that is out of step is closed by its owner, not searched.
 */
export class DirconFramer {
  #bytes = new Uint8Array(0)
  /** The last frame may have taken one byte of the next. */
  #mayOwe = false
  isBroken = false

  push(chunk: Uint8Array): DirconFrame[] {
    if (this.isBroken) return []
    const joined = new Uint8Array(this.#bytes.length + chunk.length)
    joined.set(this.#bytes)
    joined.set(chunk, this.#bytes.length)
    this.#bytes = joined
    const frames: DirconFrame[] = []
    for (;;) {
      const frame = this.#next()
      if (frame === undefined) break
      frames.push(frame)
    }
    // What waits is kept alone: not the chunk it came in.
    if (frames.length > 0) this.#bytes = this.#bytes.slice()
    return frames
  }

  /** A short echo at the very end of what came: call when nothing followed for a moment. */
  flush(): DirconFrame[] {
    const header = readDirconHeader(this.#bytes)
    if (header === undefined || !isPlausible(header) || !isShortEcho(header)) return []
    if (this.#bytes.length !== HEADER_BYTES + UUID_BYTES) return []
    const body = this.#bytes.slice(HEADER_BYTES)
    this.#bytes = new Uint8Array(0)
    return [{ type: header.type, sequence: header.sequence, result: header.result, body }]
  }

  /** Bytes waiting for the rest of their frame. */
  get waitingBytes(): number {
    return this.#bytes.length
  }

  #next(): DirconFrame | undefined {
    let header = readDirconHeader(this.#bytes)
    if (this.#mayOwe && this.#bytes.length >= HEADER_BYTES - 1 && (header === undefined || !isPlausible(header))) {
      const restored = new Uint8Array(this.#bytes.length + 1)
      restored[0] = VERSION
      restored.set(this.#bytes, 1)
      const other = readDirconHeader(restored)
      if (other !== undefined && isPlausible(other)) {
        this.#bytes = restored
        header = other
      }
    }
    if (header === undefined) return undefined
    if (header.version !== VERSION || header.length > BODY_BYTES_MAX) {
      this.isBroken = true
      this.#bytes = new Uint8Array(0)
      return undefined
    }
    const end = HEADER_BYTES + header.length
    if (this.#bytes.length < end) return undefined
    const body = this.#bytes.slice(HEADER_BYTES, end)
    this.#bytes = this.#bytes.subarray(end)
    this.#mayOwe = isShortEcho(header) && body[UUID_BYTES] === VERSION
    return { type: header.type, sequence: header.sequence, result: header.result, body }
  }
}

const isShortEcho = (header: DirconHeader): boolean =>
  header.type === DIRCON_TYPE.subscribe && header.length === UUID_BYTES + 1

/** Sixteen bytes in the order of the text, not turned round as in radio packets. */
export function uuidToBytes(uuid: string): Uint8Array {
  const hex = uuid.replaceAll('-', '')
  return Uint8Array.from({ length: UUID_BYTES }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16) || 0)
}

export function uuidFromBytes(bytes: Uint8Array, at = 0): string {
  let hex = ''
  for (let i = 0; i < UUID_BYTES; i++) hex += (bytes[at + i] ?? 0).toString(16).padStart(2, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
