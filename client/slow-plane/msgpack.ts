/**
 * MessagePack (github.com/msgpack/msgpack, spec.md), as far as messages of a room need it: nil, booleans, numbers,
 * strings, bytes, lists, and objects with names as keys. What else comes is refused with a sentence.
 */
export class Unreadable extends Error {}

const utf8 = new TextDecoder()
const toUtf8 = new TextEncoder()
/** Nobody who sends us lists in lists this deep means well. */
const DEPTH_MAX = 32

export function unpack(bytes: Uint8Array, at = 0): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let i = at
  const skip = (count: number): number => {
    if (i + count > bytes.length) throw new Unreadable(`The message ends at byte ${bytes.length}, in a value.`)
    i += count
    return i - count
  }
  const length = (width: 1 | 2 | 4): number => {
    const from = skip(width)
    return width === 1 ? view.getUint8(from) : width === 2 ? view.getUint16(from) : view.getUint32(from)
  }
  const text = (count: number): string => {
    const from = skip(count)
    return utf8.decode(bytes.subarray(from, from + count))
  }
  const blob = (count: number): Uint8Array => {
    const from = skip(count)
    return new Uint8Array(bytes.subarray(from, from + count))
  }
  const list = (count: number, depth: number): unknown[] => {
    const out: unknown[] = []
    for (let k = 0; k < count; k++) out.push(value(depth + 1))
    return out
  }
  const object = (count: number, depth: number): Record<string, unknown> => {
    // Without a prototype, so that a key is only ever a key.
    const out = Object.create(null) as Record<string, unknown>
    for (let k = 0; k < count; k++) {
      const key = value(depth + 1)
      if (typeof key !== 'string' && typeof key !== 'number') throw new Unreadable('A key of the message is no name.')
      out[key] = value(depth + 1)
    }
    return out
  }
  /** Seven and fifteen bytes of an extension are never ours; one of them says `undefined` (fixext 1 of type 0). */
  const extension = (count: number): undefined => {
    const type = view.getInt8(skip(1))
    skip(count)
    if (type !== 0 || count !== 1) throw new Unreadable(`The message has an extension of type ${type}.`)
    return undefined
  }
  const value = (depth: number): unknown => {
    if (depth > DEPTH_MAX) throw new Unreadable(`The message is nested deeper than ${DEPTH_MAX}.`)
    const first = view.getUint8(skip(1))
    if (first < 0x80) return first
    if (first < 0x90) return object(first & 15, depth)
    if (first < 0xa0) return list(first & 15, depth)
    if (first < 0xc0) return text(first & 31)
    if (first >= 0xe0) return first - 256
    switch (first) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
        return blob(length(1))
      case 0xc5:
        return blob(length(2))
      case 0xc6:
        return blob(length(4))
      case 0xca:
        return view.getFloat32(skip(4))
      case 0xcb:
        return view.getFloat64(skip(8))
      case 0xcc:
        return view.getUint8(skip(1))
      case 0xcd:
        return view.getUint16(skip(2))
      case 0xce:
        return view.getUint32(skip(4))
      case 0xcf:
        return Number(view.getBigUint64(skip(8)))
      case 0xd0:
        return view.getInt8(skip(1))
      case 0xd1:
        return view.getInt16(skip(2))
      case 0xd2:
        return view.getInt32(skip(4))
      case 0xd3:
        return Number(view.getBigInt64(skip(8)))
      case 0xd4:
        return extension(1)
      case 0xd9:
        return text(length(1))
      case 0xda:
        return text(length(2))
      case 0xdb:
        return text(length(4))
      case 0xdc:
        return list(length(2), depth)
      case 0xdd:
        return list(length(4), depth)
      case 0xde:
        return object(length(2), depth)
      case 0xdf:
        return object(length(4), depth)
      default:
        throw new Unreadable(`The message has a value of kind ${first.toString(16)}.`)
    }
  }
  return value(0)
}

export type Packable =
  | null
  | undefined
  | boolean
  | number
  | string
  | readonly Packable[]
  | { readonly [key: string]: Packable }

/** Absent values of an object are left out. */
export function pack(value: Packable): number[] {
  const out: number[] = []
  write(value, out)
  return out
}

function write(value: Packable, out: number[]): void {
  if (value === null || value === undefined) out.push(0xc0)
  else if (typeof value === 'boolean') out.push(value ? 0xc3 : 0xc2)
  else if (typeof value === 'number') writeNumber(value, out)
  else if (typeof value === 'string') {
    const bytes = toUtf8.encode(value)
    writeHead(bytes.length, out, [0xa0, 32], [0xd9, 0xda, 0xdb])
    for (const byte of bytes) out.push(byte)
  } else if (Array.isArray(value)) {
    writeHead(value.length, out, [0x90, 16], [undefined, 0xdc, 0xdd])
    for (const one of value as readonly Packable[]) write(one, out)
  } else {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined)
    writeHead(entries.length, out, [0x80, 16], [undefined, 0xde, 0xdf])
    for (const [key, one] of entries) {
      write(key, out)
      write(one, out)
    }
  }
}

function writeHead(
  count: number,
  out: number[],
  [short, shortMax]: readonly [number, number],
  [one, two, four]: readonly [number | undefined, number, number],
): void {
  if (count < shortMax) out.push(short + count)
  else if (one !== undefined && count < 0x100) out.push(one, count)
  else if (count < 0x1_0000) out.push(two, count >> 8, count & 255)
  else out.push(four, count >>> 24, (count >> 16) & 255, (count >> 8) & 255, count & 255)
}

function writeNumber(value: number, out: number[]): void {
  if (Number.isInteger(value) && value >= -32 && value < 128) {
    out.push(value & 255)
    return
  }
  const bytes = new Uint8Array(9)
  const view = new DataView(bytes.buffer)
  if (Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) {
    bytes[0] = 0xce
    view.setUint32(1, value)
    out.push(...bytes.subarray(0, 5))
    return
  }
  bytes[0] = 0xcb
  view.setFloat64(1, value)
  out.push(...bytes)
}
