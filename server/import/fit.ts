import { type FitRawField, type FitRawMessage, readFitMessages } from 'fit-file-parser/raw'

/** One row a device wrote: a point in time and what was known then. */
export interface FitRecord {
  /** Seconds since the first record. */
  readonly atS: number
  readonly powerW?: number
  readonly cadenceRpm?: number
  readonly heartRateBpm?: number
  readonly speedMps?: number
  readonly distanceM?: number
  readonly heightM?: number
}

export interface FitRide {
  readonly fileName: string
  /** Of the first record, ms since 1970. */
  readonly startMs: number
  readonly durationS: number
  /** Strictly in order of time. */
  readonly records: readonly FitRecord[]
}

/** `error` is one sentence: file, place, reason. */
export type FitRead = { readonly ok: true; readonly value: FitRide } | { readonly ok: false; readonly error: string }

/** A day of records with every field is 10 MB; more is not a ride. */
const FIT_BYTES_MAX = 32 * 1024 * 1024
/** Two days at one a second. */
const FIT_RECORDS_MAX = 172_800

/** A message can be a single byte, and the reader keeps each: a day of every kind of message has fewer. */
const FIT_MESSAGES_MAX = 500_000

const RECORD_MESSAGE = 20
const TIMESTAMP_FIELD = 253
/** The FIT epoch, 1989-12-31T00:00:00Z, in seconds since 1970. */
const FIT_EPOCH_S = 631_065_600

/** Fields of the record message: number, bytes, units per count, value of count 0. The wider of two forms stands last and wins. */
const RECORD_FIELDS = [
  ['heightM', 2, 2, 0.2, -500],
  ['heartRateBpm', 3, 1, 1, 0],
  ['cadenceRpm', 4, 1, 1, 0],
  ['distanceM', 5, 4, 0.01, 0],
  ['speedMps', 6, 2, 0.001, 0],
  ['powerW', 7, 2, 1, 0],
  ['speedMps', 73, 4, 0.001, 0],
  ['heightM', 78, 4, 0.2, -500],
] as const

/** Reads the rows of a FIT activity. Any bytes at all end in a ride or a sentence, never in a throw. */
export function readFit(bytes: Uint8Array, fileName: string): FitRead {
  const framed = frameOf(bytes)
  if ('error' in framed) return { ok: false, error: `${fileName}: ${framed.error}` }
  const { messageCount, brokenAt } = walk(framed.file)
  if (messageCount > FIT_MESSAGES_MAX)
    return { ok: false, error: `${fileName}: more than ${FIT_MESSAGES_MAX} messages; a ride has fewer.` }
  let messages: readonly FitRawMessage[]
  try {
    messages = readFitMessages(framed.file, { messageNumbers: [RECORD_MESSAGE] }).messages
  } catch (error) {
    // Checksum and frame are right, so a device wrote this structure; the parser says no more than that it is wrong.
    const reason = error instanceof Error ? error.message : String(error)
    return {
      ok: false,
      error: `${fileName}: the message at byte ${brokenAt} does not follow the FIT format (${reason}).`,
    }
  }
  const records = toRecords(messages)
  if (records.length === 0)
    return { ok: false, error: `${fileName}: a FIT file, but without a single record of a ride.` }
  if (records.length > FIT_RECORDS_MAX)
    return { ok: false, error: `${fileName}: more than ${FIT_RECORDS_MAX} records; a ride has fewer.` }
  const first = records[0]!
  const startS = first.atS
  const relative = records.map((record) => ({ ...record, atS: record.atS - startS }))
  return {
    ok: true,
    value: {
      fileName,
      startMs: (startS + FIT_EPOCH_S) * 1000,
      durationS: relative.at(-1)!.atS,
      records: relative,
    },
  }
}

/** Header, length and checksums, so that the reason comes with its place. Only the first of chained files is read. */
function frameOf(bytes: Uint8Array): { file: Uint8Array } | { error: string } {
  if (bytes.length > FIT_BYTES_MAX) return { error: `${bytes.length} bytes; at most ${FIT_BYTES_MAX} are read.` }
  if (bytes.length < 14) return { error: `ends at byte ${bytes.length}; the header alone of a FIT file has 12 or 14.` }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerBytes = view.getUint8(0)
  const isFit = view.getUint32(8, false) === 0x2e464954 // ".FIT"
  if (!isFit) return { error: 'not a FIT file: bytes 8 to 11 are not ".FIT".' }
  if (headerBytes !== 12 && headerBytes !== 14)
    return { error: `byte 0 gives a header of ${headerBytes} bytes; FIT has 12 or 14.` }
  const version = view.getUint8(1) >> 4
  if (version !== 1 && version !== 2)
    return { error: `byte 1 gives version ${version} of the FIT protocol; versions 1 and 2 are read.` }
  const end = headerBytes + view.getUint32(4, true) + 2
  if (end > bytes.length)
    return { error: `ends at byte ${bytes.length}, but its header (byte 4) promises ${end}; the copy is not complete.` }
  if (headerBytes === 14) {
    const headerSum = view.getUint16(12, true)
    if (headerSum !== 0 && headerSum !== checksum(bytes.subarray(0, 12)))
      return { error: 'the checksum of the header (byte 12) is wrong; the file was damaged.' }
  }
  if (view.getUint16(end - 2, true) !== checksum(bytes.subarray(0, end - 2)))
    return { error: `the checksum at byte ${end - 2} does not fit the bytes before it; the file was damaged.` }
  return { file: bytes.subarray(0, end) }
}

/** CRC-16/ARC, nibble by nibble, as the FIT protocol specifies it. */
function checksum(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  }
  return crc
}

function toRecords(messages: readonly FitRawMessage[]): FitRecord[] {
  const records: FitRecord[] = []
  for (const message of messages) {
    const atS = message.compressedTimestamp ?? message.timestamp
    if (atS === undefined) continue
    const record = toRecord(message, atS)
    const last = records.at(-1)
    // Some devices write one second in two rows; a clock set back while riding is not a time to go back to.
    if (last !== undefined && atS === last.atS) records[records.length - 1] = { ...last, ...record }
    else if (last === undefined || atS > last.atS) records.push(record)
    if (records.length > FIT_RECORDS_MAX) break
  }
  return records
}

function toRecord(message: FitRawMessage, atS: number): FitRecord {
  const record: { -readonly [K in keyof FitRecord]: number } = { atS }
  for (const [name, number, size, step, zero] of RECORD_FIELDS) {
    const field = message.fields.find((f) => f.fieldNumber === number)
    const count = field === undefined ? undefined : unsigned(field, size, message.littleEndian)
    if (count !== undefined) record[name] = count / Math.round(1 / step) + zero
  }
  return record
}

/** The count of an unsigned field; undefined when it says "invalid" (all ones) or has another size. */
function unsigned(field: FitRawField, size: number, littleEndian: boolean): number | undefined {
  if (field.fieldNumber === TIMESTAMP_FIELD || field.bytes.length !== size) return undefined
  const view = new DataView(field.bytes.buffer, field.bytes.byteOffset, size)
  const count =
    size === 1 ? view.getUint8(0) : size === 2 ? view.getUint16(0, littleEndian) : view.getUint32(0, littleEndian)
  return count === 2 ** (8 * size) - 1 ? undefined : count
}

/** Walks definitions and messages to the first that does not fit: how many there are, and where it breaks (for the sentence only). */
function walk(file: Uint8Array): { messageCount: number; brokenAt: number } {
  let messageCount = 0
  const end = file.length - 2
  const sizes = new Map<number, number>()
  let at = file[0]!
  while (at < end) {
    const start = at
    messageCount++
    const head = file[at++]!
    const isCompressed = (head & 0x80) !== 0
    const local = isCompressed ? (head >> 5) & 3 : head & 0x0f
    if (!isCompressed && (head & 0x40) !== 0) {
      const fieldCount = file[at + 4] ?? 0
      let size = 0
      for (let i = 0; i < fieldCount; i++) size += file[at + 5 + i * 3 + 1] ?? 0
      at += 5 + fieldCount * 3
      if ((head & 0x20) !== 0) {
        const developerCount = file[at++] ?? 0
        for (let i = 0; i < developerCount; i++) size += file[at + i * 3 + 1] ?? 0
        at += developerCount * 3
      }
      sizes.set(local, size)
    } else {
      const size = sizes.get(local)
      if (size === undefined) return { messageCount, brokenAt: start }
      at += size
    }
    if (at > end) return { messageCount, brokenAt: start }
  }
  return { messageCount, brokenAt: at }
}
