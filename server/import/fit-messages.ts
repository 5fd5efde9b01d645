import { fitCrc } from '../fit-protocol.ts'

/** A definition message: where each field of the messages that follow lies. */
interface Definition {
  readonly globalNumber: number
  readonly isLittleEndian: boolean
  readonly fields: readonly FitField[]
  readonly bytes: number
}

export interface FitField {
  readonly number: number
  readonly bytes: number
  /** From the first field of the message. */
  readonly offset: number
}

/** One data message; the same object is filled anew for each, so keep nothing of it. */
export class FitMessage {
  readonly #view: DataView
  globalNumber = 0
  fields: readonly FitField[] = []
  isLittleEndian = true
  /** Of its first field in the file, and of its header byte. */
  at = 0
  headerAt = 0
  /** Seconds of FIT's calendar: its own, or from a compressed header; undefined where it has none. */
  timestampS: number | undefined

  constructor(view: DataView) {
    this.#view = view
  }

  /** The count of an unsigned field; undefined when it is missing, says "invalid" (all ones) or has another size. */
  unsigned(number: number, bytes: 1 | 2 | 4): number | undefined {
    const at = this.#atOf(number, bytes)
    if (at === undefined) return undefined
    const view = this.#view
    const little = this.isLittleEndian
    const count =
      bytes === 1 ? view.getUint8(at) : bytes === 2 ? view.getUint16(at, little) : view.getUint32(at, little)
    return count === 2 ** (8 * bytes) - 1 ? undefined : count
  }

  /** A signed field of four bytes; "invalid" is the largest. */
  signed32(number: number): number | undefined {
    const at = this.#atOf(number, 4)
    const count = at === undefined ? undefined : this.#view.getInt32(at, this.isLittleEndian)
    return count === 0x7fffffff ? undefined : count
  }

  /** A text field, up to its zero. */
  text(number: number): string | undefined {
    const field = this.fields.find((one) => one.number === number)
    if (field === undefined) return undefined
    const view = this.#view
    const bytes = new Uint8Array(view.buffer, view.byteOffset + this.at + field.offset, field.bytes)
    const end = bytes.indexOf(0)
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
  }

  #atOf(number: number, bytes: number): number | undefined {
    for (const field of this.fields)
      if (field.number === number) return field.bytes === bytes ? this.at + field.offset : undefined
    return undefined
  }
}

/** A day of records with every field is 10 MB; more is not a ride. */
const FIT_BYTES_MAX = 32 * 1024 * 1024
const TIMESTAMP_FIELD = 253
const HEADER_BYTES_MIN = 12
const CRC_BYTES = 2

export function isFit(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES_MIN && String.fromCharCode(...bytes.subarray(8, 12)) === '.FIT'
}

/**
 * Walks the data messages of a FIT file in order: header, definitions, developer fields (passed over), compressed timestamps,
 * checksums. The answer is one sentence without the file's name, the visitor's own among them; undefined when all is well. Of
 * chained files only the first is read.
 */
export function walkFit(bytes: Uint8Array, visit: (message: FitMessage) => string | undefined): string | undefined {
  const framed = frameOf(bytes)
  if (typeof framed === 'string') return framed
  const { from, end, view } = framed
  const definitions: (Definition | undefined)[] = Array.from({ length: 16 })
  const message = new FitMessage(view)
  let lastTimestampS: number | undefined
  let at = from
  while (at < end) {
    const headerAt = at
    const head = bytes[at++]!
    const isCompressed = (head & 0x80) !== 0
    const local = isCompressed ? (head >> 5) & 3 : head & 0x0f
    if (!isCompressed && (head & 0x40) !== 0) {
      const definition = definitionAt(bytes, at, end, (head & 0x20) !== 0)
      if (typeof definition === 'string') return `the definition at byte ${headerAt} ${definition}.`
      definitions[local] = definition.value
      at = definition.end
      continue
    }
    const definition = definitions[local]
    if (definition === undefined) return `the message at byte ${headerAt} has no definition before it.`
    if (at + definition.bytes > end) return `the message at byte ${headerAt} goes on beyond the end of the data.`
    message.globalNumber = definition.globalNumber
    message.fields = definition.fields
    message.isLittleEndian = definition.isLittleEndian
    message.at = at
    message.headerAt = headerAt
    const own = message.unsigned(TIMESTAMP_FIELD, 4)
    if (isCompressed && lastTimestampS !== undefined) {
      // Five bits that count on from the last full time and roll over every 32 s. (FIT protocol, compressed timestamp header)
      lastTimestampS += ((head & 0x1f) - (lastTimestampS & 0x1f) + 32) & 0x1f
      message.timestampS = lastTimestampS
    } else message.timestampS = own
    if (own !== undefined) lastTimestampS = own
    const complaint = visit(message)
    if (complaint !== undefined) return complaint
    at += definition.bytes
  }
  return undefined
}

function definitionAt(
  bytes: Uint8Array,
  from: number,
  end: number,
  hasDeveloper: boolean,
): { readonly value: Definition; readonly end: number } | string {
  const CUT = 'goes on beyond the end of the data'
  if (from + 5 > end) return CUT
  const architecture = bytes[from + 1]!
  if (architecture > 1) return `has byte order ${architecture}; FIT knows 0 and 1`
  const isLittleEndian = architecture === 0
  const globalNumber = isLittleEndian
    ? bytes[from + 2]! | (bytes[from + 3]! << 8)
    : (bytes[from + 2]! << 8) | bytes[from + 3]!
  const count = bytes[from + 4]!
  let at = from + 5
  if (at + 3 * count > end) return CUT
  const fields: FitField[] = []
  let offset = 0
  for (let i = 0; i < count; i++, at += 3) {
    fields.push({ number: bytes[at]!, bytes: bytes[at + 1]!, offset })
    offset += bytes[at + 1]!
  }
  if (hasDeveloper) {
    if (at >= end) return CUT
    const developerCount = bytes[at++]!
    if (at + 3 * developerCount > end) return CUT
    for (let i = 0; i < developerCount; i++, at += 3) offset += bytes[at + 1]!
  }
  return { value: { globalNumber, isLittleEndian, fields, bytes: offset }, end: at }
}

/** Header, length and checksums, so that the reason comes with its place. */
function frameOf(bytes: Uint8Array): { readonly from: number; readonly end: number; readonly view: DataView } | string {
  if (bytes.length > FIT_BYTES_MAX) return `byte ${FIT_BYTES_MAX}: the file goes on; at most so many bytes are read.`
  if (bytes.length < 14) return `ends at byte ${bytes.length}; the header alone of a FIT file has 12 or 14.`
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isFit(bytes)) return 'not a FIT file: bytes 8 to 11 are not ".FIT".'
  const headerBytes = view.getUint8(0)
  if (headerBytes !== 12 && headerBytes !== 14)
    return `byte 0 gives a header of ${headerBytes} bytes; FIT has 12 or 14.`
  const version = view.getUint8(1) >> 4
  if (version !== 1 && version !== 2)
    return `byte 1 gives version ${version} of the FIT protocol; versions 1 and 2 are read.`
  const end = headerBytes + view.getUint32(4, true) + CRC_BYTES
  if (end > bytes.length)
    return `ends at byte ${bytes.length}, but its header (byte 4) promises ${end}; the copy is not complete.`
  if (headerBytes === 14) {
    const headerSum = view.getUint16(12, true)
    if (headerSum !== 0 && headerSum !== fitCrc(bytes, 12))
      return 'the checksum of the header (byte 12) is wrong; the file was damaged.'
  }
  if (view.getUint16(end - CRC_BYTES, true) !== fitCrc(bytes, end - CRC_BYTES))
    return `the checksum at byte ${end - CRC_BYTES} does not fit the bytes before it; the file was damaged.`
  return { from: headerBytes, end: end - CRC_BYTES, view }
}
