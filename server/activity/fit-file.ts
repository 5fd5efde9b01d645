import { fitCrc } from '../fit-protocol.ts'

/**
 * A FIT file, written: header, definitions, data, checksums (FIT protocol 2.0). A message is a table of fields; the
 * definition is made from it, and written again only when the shape changes.
 */

/** Base types: number on the wire, bytes, what "nothing here" looks like. */
const TYPES = {
  enum: [0x00, 1, 0xff],
  sint8: [0x01, 1, 0x7f],
  uint8: [0x02, 1, 0xff],
  sint16: [0x83, 2, 0x7fff],
  uint16: [0x84, 2, 0xffff],
  sint32: [0x85, 4, 0x7fffffff],
  uint32: [0x86, 4, 0xffffffff],
  uint32z: [0x8c, 4, 0],
} as const
const TEXT = 0x07
const BYTE = 0x0d

export type FitNumberType = keyof typeof TYPES
/** Type, field number, value (undefined: none); a text says how many bytes it has. */
export type FitFieldValue =
  | readonly [FitNumberType, number, number | undefined]
  | readonly ['text', number, string, number]
  | readonly ['bytes', number, Uint8Array]

const HEADER_BYTES = 14
const PROTOCOL_2_0 = 0x20
/** Profile 21.158: the one these numbers were looked up in. */
const PROFILE = 21_158
const DEFINITION = 0x40
const HAS_DEVELOPER_FIELDS = 0x20
const LOCAL_TYPES = 16

export class FitFile {
  #buffer = new Uint8Array(1 << 16)
  #view = new DataView(this.#buffer.buffer)
  #at = HEADER_BYTES
  /** Shape of each local message type, and which one is written anew next. */
  readonly #shapes: string[] = []
  #next = 0

  /** `developer`: fields of our own, by their number under developer index 0. */
  message(globalNumber: number, fields: readonly FitFieldValue[], developer: readonly FitFieldValue[] = []): void {
    const local = this.#define(globalNumber, fields, developer)
    this.#room(1 + bytesOf(fields) + bytesOf(developer))
    this.#buffer[this.#at++] = local
    for (const field of fields) this.#value(field)
    for (const field of developer) this.#value(field)
  }

  /** The file, whole. */
  bytes(): Uint8Array {
    const end = this.#at
    this.#room(2)
    const view = this.#view
    this.#buffer.set([HEADER_BYTES, PROTOCOL_2_0])
    view.setUint16(2, PROFILE, true)
    view.setUint32(4, end - HEADER_BYTES, true)
    this.#buffer.set([0x2e, 0x46, 0x49, 0x54], 8) // ".FIT"
    view.setUint16(12, fitCrc(this.#buffer, 12), true)
    view.setUint16(end, fitCrc(this.#buffer, end), true)
    return this.#buffer.slice(0, end + 2)
  }

  #define(globalNumber: number, fields: readonly FitFieldValue[], developer: readonly FitFieldValue[]): number {
    const shape = `${globalNumber}:${fields.map(shapeOf).join(',')}:${developer.map(shapeOf).join(',')}`
    const known = this.#shapes.indexOf(shape)
    if (known >= 0) return known
    const local = this.#next
    this.#next = (this.#next + 1) % LOCAL_TYPES
    this.#shapes[local] = shape
    this.#room(7 + 3 * (fields.length + developer.length))
    const put = (byte: number): void => void (this.#buffer[this.#at++] = byte)
    put(local | DEFINITION | (developer.length > 0 ? HAS_DEVELOPER_FIELDS : 0))
    put(0)
    put(0) // Little-endian.
    put(globalNumber & 0xff)
    put(globalNumber >> 8)
    put(fields.length)
    for (const field of fields) {
      put(field[1])
      put(sizeOf(field))
      put(baseTypeOf(field))
    }
    if (developer.length === 0) return local
    put(developer.length)
    for (const field of developer) {
      put(field[1])
      put(sizeOf(field))
      put(0)
    }
    return local
  }

  #value(field: FitFieldValue): void {
    const at = this.#at
    this.#at += sizeOf(field)
    if (field[0] === 'bytes') {
      this.#buffer.set(field[2], at)
      return
    }
    if (field[0] === 'text') {
      this.#buffer.fill(0, at, this.#at)
      // Ends with a zero, and never in the middle of a letter.
      new TextEncoder().encodeInto(field[2], this.#buffer.subarray(at, this.#at - 1))
      return
    }
    const [type, , value] = field
    const [, size, invalid] = TYPES[type]
    const count = value === undefined || !Number.isFinite(value) ? invalid : within(type, Math.round(value))
    if (size === 1) this.#view.setUint8(at, count & 0xff)
    else if (size === 2) this.#view.setUint16(at, count & 0xffff, true)
    else this.#view.setUint32(at, count >>> 0, true)
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return
    const grown = new Uint8Array(2 * this.#buffer.length + bytes)
    grown.set(this.#buffer)
    this.#buffer = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** What does not fit is the nearest that does: a count that wraps around would be a lie. */
function within(type: FitNumberType, count: number): number {
  const [, size, invalid] = TYPES[type]
  const isSigned = type.startsWith('s')
  const most = type === 'uint32z' ? 0xffffffff : invalid - 1
  const least = isSigned ? -(2 ** (8 * size - 1)) : 0
  return Math.min(most, Math.max(least, count))
}

const sizeOf = (field: FitFieldValue): number =>
  field[0] === 'bytes' ? field[2].length : field[0] === 'text' ? field[3] : TYPES[field[0]][1]
const baseTypeOf = (field: FitFieldValue): number =>
  field[0] === 'bytes' ? BYTE : field[0] === 'text' ? TEXT : TYPES[field[0]][0]
const shapeOf = (field: FitFieldValue): string => `${field[1]}/${sizeOf(field)}/${baseTypeOf(field)}`
const bytesOf = (fields: readonly FitFieldValue[]): number => fields.reduce((sum, field) => sum + sizeOf(field), 0)
