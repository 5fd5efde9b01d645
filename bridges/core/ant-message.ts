import { ByteWriter } from './bytes.ts'
import { type Decoded, decoded, refused } from './decoded.ts'
import { type Field, fieldTable, type FieldTable, lengthOf, readFields, writeFields } from './fields.ts'

/**
 * ANT's serial frames: A4, number of content bytes, id, content, checksum. The checksum is the XOR of every byte before
 * it — all 256 values of it: three published libraries take it modulo 255 and so lose every frame whose sum is FF.
 */
export interface AntFrame {
  readonly id: number
  readonly content: Uint8Array
}

const SYNC = 0xa4
/** Channel, eight data bytes and the longest extension known are 20, with room. A larger length is not a frame. */
const CONTENT_BYTES_MAX = 32

const BROADCAST = 0x4e
const ACKNOWLEDGED = 0x4f
const BURST = 0x50
/** Channel and eight bytes; behind them who, how loud, when. */
const PAGE_END = 9
const PAGE_LENGTH_MAX = 20
const HAS_SENDER = 0x80
const HAS_RSSI = 0x40
const HAS_TIME = 0x20
/** Kinds of loudness, by their first byte: dBm and a threshold, or four bytes of something else. */
const RSSI_DBM = 0x20
const RSSI_DBM_BYTES = 3
const RSSI_OTHER = 0x10
const RSSI_OTHER_BYTES = 4

const isPage = (id: number): boolean => id === BROADCAST || id === ACKNOWLEDGED || id === BURST

/** Whether what stands behind a page is as long as its first byte says. */
function isPageLength(bytes: Uint8Array, at: number, length: number): boolean {
  if (length === PAGE_END) return true
  const flags = bytes[at + PAGE_END]!
  let needed = PAGE_END + 1 + (flags & HAS_SENDER ? 4 : 0) + (flags & HAS_TIME ? 2 : 0)
  if (flags & HAS_RSSI) {
    const kindAt = at + PAGE_END + 1 + (flags & HAS_SENDER ? 4 : 0)
    needed += bytes[kindAt] === RSSI_OTHER ? RSSI_OTHER_BYTES : RSSI_DBM_BYTES
  }
  return length === needed
}

/**
 * A page whose length was damaged may still add up to zero. Where no frame begins behind it, and with another length one
 * does and everything adds up too, it was that long.
 */
function isOtherLength(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (end === length || bytes[end] === SYNC) return false
  const given = bytes[at + 1]!
  for (let other = PAGE_END; other <= PAGE_LENGTH_MAX; other++) {
    const otherEnd = at + 4 + other
    if (other === given || otherEnd > length || (otherEnd < length && bytes[otherEnd] !== SYNC)) continue
    if (isPageLength(bytes, at + 3, other) && (xorOf(bytes, at, otherEnd) ^ given ^ other) === 0) return true
  }
  return false
}

export function encodeAntFrame(id: number, content: Uint8Array): Uint8Array {
  const frame = new Uint8Array(content.length + 4)
  frame.set([SYNC, content.length, id])
  frame.set(content, 3)
  frame[frame.length - 1] = xorOf(frame, 0, frame.length - 1)
  return frame
}

/** Exactly one frame. */
export function decodeAntFrame(bytes: Uint8Array): Decoded<AntFrame & { isChecksumRight: boolean }> {
  if (bytes.length < 4) return refused('too-short')
  if (bytes[0] !== SYNC || bytes[1]! > CONTENT_BYTES_MAX) return refused('unknown-kind')
  const length = bytes[1]! + 4
  if (bytes.length < length) return refused('truncated-frame')
  if (bytes.length > length) return refused('too-long')
  const isChecksumRight = xorOf(bytes, 0, length) === 0
  return decoded({ id: bytes[2]!, content: copyOf(bytes, 3, length - 4), isChecksumRight })
}

/**
 * Frames out of a stream that may split, join or damage them. One with a wrong checksum is dropped, never passed on. XOR
 * alone lets one frame in 256 through whose length was damaged, so a frame must also be one somebody knows, as long as its
 * kind is.
 */
export class AntFramer {
  readonly #ids: ReadonlySet<number> | undefined
  /** What has come and was not read: `#length` bytes, kept from push to push so that a read costs no memory. */
  #bytes = new Uint8Array(256)
  #length = 0
  garbageBytes = 0
  badChecksums = 0
  /** The stick was told to name senders: a broadcast page without one is a longer page whose length was damaged. */
  areSendersNamed = false

  /** Only these ids, if said: what an end never says is a piece of something else. */
  constructor(ids?: ReadonlySet<number>) {
    this.#ids = ids
  }

  push(chunk: Uint8Array): AntFrame[] {
    this.#append(chunk)
    const bytes = this.#bytes
    const length = this.#length
    const frames: AntFrame[] = []
    let at = 0
    while (at < length) {
      // A frame's kind is its third byte; without it nothing is known yet.
      if (bytes[at] === SYNC && at + 2 >= length) break
      const contentBytes = bytes[at + 1]!
      if (bytes[at] !== SYNC || !this.#isKnown(bytes[at + 2]!, contentBytes)) {
        this.garbageBytes++
        at++
        continue
      }
      const end = at + 4 + contentBytes
      if (end > length) break
      if (xorOf(bytes, at, end) !== 0) {
        // The sync may have been data: look again from the next byte, so that the frame behind it is not lost.
        this.badChecksums++
        at++
        continue
      }
      const id = bytes[at + 2]!
      const isWhole = isPageLength(bytes, at + 3, contentBytes) && !this.#lacksSender(id, contentBytes)
      if (isPage(id) && (!isWhole || isOtherLength(bytes, at, end, length))) {
        this.garbageBytes++
        at++
        continue
      }
      frames.push({ id, content: copyOf(bytes, at + 3, contentBytes) })
      at = end
    }
    if (at > 0) bytes.copyWithin(0, at, length)
    this.#length = length - at
    return frames
  }

  /** Some kind has this id and may be this long. */
  #isKnown(id: number, length: number): boolean {
    const row = BY_ID[id]
    return row !== undefined && length >= row.bytesMin && length <= row.bytesMax && (this.#ids?.has(id) ?? true)
  }

  /** Acknowledged pages come from remotes, which have no sender to be named. */
  #lacksSender(id: number, length: number): boolean {
    return this.areSendersNamed && id === BROADCAST && length === PAGE_END
  }

  /** What came before is of another connection. */
  reset(): void {
    this.#length = 0
  }

  #append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.#bytes.length) {
      const bigger = new Uint8Array(length * 2)
      bigger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = bigger
    }
    this.#bytes.set(chunk, this.#length)
    this.#length = length
  }
}

/** By hand, which for so few bytes is quicker than `slice`, and a copy of whatever kind of array it is. */
function copyOf(bytes: Uint8Array, from: number, count: number): Uint8Array {
  const copy = new Uint8Array(count)
  for (let i = 0; i < count; i++) copy[i] = bytes[from + i]!
  return copy
}

/** Every byte from `from` to before `to`. Of a whole frame it is 0. */
function xorOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum ^= bytes[i]!
  return sum
}

/** What a stick says: answers and events, pages, who was found, what it can, that it woke. */
export const STICK_SAYS: ReadonlySet<number> = new Set([0x3e, 0x40, 0x4e, 0x4f, 0x50, 0x51, 0x52, 0x54, 0x61, 0x6f])

/** Messages to and from the stick: id, name, content. Fields after `optionalFrom` may be missing. */
const ch = { name: 'channel', kind: 'u8' } as const
const ANT_MESSAGES = [
  { id: 0x3e, name: 'version', fields: [], rest: [9, 15] },
  { id: 0x40, name: 'channel-event', fields: [ch, u8('aboutId'), u8('code')] },
  { id: 0x41, name: 'unassign', fields: [ch] },
  { id: 0x42, name: 'assign', fields: [ch, u8('type'), u8('network'), u8('extended')], optionalFrom: 3 },
  { id: 0x43, name: 'period', fields: [ch, u16('period32768')] },
  /** In steps of 2.5 s; 255 is for ever. */
  { id: 0x44, name: 'search-timeout', fields: [ch, u8('timeout')] },
  /** Above 2400 MHz. */
  { id: 0x45, name: 'frequency', fields: [ch, u8('frequency')] },
  { id: 0x46, name: 'network-key', fields: [u8('network')], rest: [8, 8] },
  { id: 0x47, name: 'transmit-power', fields: [u8('filler'), u8('power')] },
  { id: 0x4a, name: 'reset', fields: [u8('filler')] },
  { id: 0x4b, name: 'open', fields: [ch] },
  { id: 0x4c, name: 'close', fields: [ch] },
  { id: 0x4d, name: 'request', fields: [ch, u8('requestedId')] },
  { id: 0x4e, name: 'broadcast', fields: [ch], rest: [8, 19] },
  { id: 0x4f, name: 'acknowledged', fields: [ch], rest: [8, 19] },
  /** The first byte is a channel and, above it, the number of the packet: see bursts below. */
  { id: 0x50, name: 'burst', fields: [u8('sequenceAndChannel')], rest: [8, 19] },
  { id: 0x51, name: 'channel-id', fields: [ch, u16('deviceNumber'), u8('deviceType'), u8('transmissionType')] },
  /** 0 unassigned, 1 assigned, 2 searching, 3 tracking, in the low two bits. */
  { id: 0x52, name: 'channel-status', fields: [ch, u8('status')] },
  { id: 0x54, name: 'capabilities', fields: [u8('channels'), u8('networks')], rest: [2, 8] },
  /** Devices that a search is to find, or to pass by; up to four, numbered from 0. */
  {
    id: 0x59,
    name: 'list-device',
    fields: [ch, u16('deviceNumber'), u8('deviceType'), u8('transmissionType'), u8('index')],
  },
  { id: 0x5a, name: 'list-use', fields: [ch, u8('size'), u8('isExcluding')] },
  { id: 0x5b, name: 'open-scan', fields: [ch] },
  { id: 0x60, name: 'channel-transmit-power', fields: [ch, u8('power')] },
  { id: 0x61, name: 'serial-number', fields: [], rest: [4, 4] },
  { id: 0x63, name: 'low-priority-search-timeout', fields: [ch, u8('timeout')] },
  { id: 0x66, name: 'extended-messages', fields: [u8('filler'), u8('isOn')] },
  /** What is added to every page: 0x80 who, 0x40 how loud, 0x20 when. */
  { id: 0x6e, name: 'library-config', fields: [u8('filler'), u8('flags')] },
  { id: 0x6f, name: 'startup', fields: [u8('reason')] },
  /** 0 off, 1 nearest … 10 farthest. */
  { id: 0x71, name: 'proximity', fields: [ch, u8('threshold')] },
  { id: 0xae, name: 'serial-error', fields: [u8('error')], rest: [0, 15] },
] as const satisfies readonly {
  id: number
  name: string
  fields: readonly Field[]
  optionalFrom?: number
  /** Bytes behind the fields, at least and at most. */
  rest?: readonly [least: number, most: number]
}[]

export type AntMessageName = (typeof ANT_MESSAGES)[number]['name']
export interface AntMessage {
  readonly name: AntMessageName
  readonly values: Readonly<Record<string, number>>
  /** What follows the named fields: a key, a page. */
  readonly rest: Uint8Array
}

/** Codes of a channel event; `aboutId` 1 makes it an event, anything else the answer to that message. */
export const ANT_EVENTS: Readonly<Record<number, string>> = {
  0x00: 'RESPONSE_NO_ERROR',
  0x01: 'EVENT_RX_SEARCH_TIMEOUT',
  0x02: 'EVENT_RX_FAIL',
  0x03: 'EVENT_TX',
  0x04: 'EVENT_TRANSFER_RX_FAILED',
  0x05: 'EVENT_TRANSFER_TX_COMPLETED',
  0x06: 'EVENT_TRANSFER_TX_FAILED',
  0x07: 'EVENT_CHANNEL_CLOSED',
  0x08: 'EVENT_RX_FAIL_GO_TO_SEARCH',
  0x09: 'EVENT_CHANNEL_COLLISION',
  0x0a: 'EVENT_TRANSFER_TX_START',
  0x15: 'CHANNEL_IN_WRONG_STATE',
  0x16: 'CHANNEL_NOT_OPENED',
  0x18: 'CHANNEL_ID_NOT_SET',
  0x1f: 'TRANSFER_IN_PROGRESS',
  0x20: 'TRANSFER_SEQUENCE_NUMBER_ERROR',
  0x28: 'INVALID_MESSAGE',
  0x29: 'INVALID_NETWORK_NUMBER',
}

interface AntRow {
  readonly id: number
  readonly name: AntMessageName
  readonly needed: FieldTable
  readonly optional: FieldTable | undefined
  readonly hasRest: boolean
  readonly bytesMin: number
  readonly bytesMax: number
}

const BY_ID: (AntRow | undefined)[] = Array.from({ length: 256 })
const BY_NAME = new Map<AntMessageName, AntRow>()
for (const row of ANT_MESSAGES) {
  const { id, name, fields } = row
  const cut = 'optionalFrom' in row ? row.optionalFrom : fields.length
  const needed = fieldTable(fields.slice(0, cut))
  const optional = cut < fields.length ? fieldTable(fields.slice(cut)) : undefined
  const hasRest = 'rest' in row
  const [restMin, restMax] = hasRest ? row.rest : [0, 0]
  const bytesMin = lengthOf(needed, 0) + restMin
  const bytesMax = lengthOf(needed, 0) + (optional === undefined ? 0 : lengthOf(optional, 0)) + restMax
  const ready = { id, name, needed, optional, hasRest, bytesMin, bytesMax }
  BY_ID[id] = ready
  BY_NAME.set(name, ready)
}

export function decodeAntMessage(frame: AntFrame): Decoded<AntMessage> {
  const { id, content } = frame
  const row = BY_ID[id]
  if (row === undefined) return refused('unknown-kind')
  const values: Record<string, number> = {}
  let at = readFields(values, row.needed, content, 0, 0)
  if (at >= 0 && row.optional !== undefined && at < content.length)
    at = readFields(values, row.optional, content, at, 0)
  if (at < 0) return refused('too-short')
  if (at < content.length && !row.hasRest) return refused('too-long')
  return decoded({ name: row.name, values, rest: content.slice(at) })
}

export function encodeAntMessage(
  name: AntMessageName,
  values: Readonly<Record<string, number>>,
  rest: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const row = BY_NAME.get(name)!
  const w = new ByteWriter()
  writeFields(row.needed, w, 0, values)
  const isFull = row.optional?.rows.every((field) => values[field.name] !== undefined) === true
  if (isFull) writeFields(row.optional!, w, 0, values)
  const head = w.bytes()
  const content = new Uint8Array(head.length + rest.length)
  content.set(head)
  content.set(rest, head.length)
  return encodeAntFrame(row.id, content)
}

/** Who sent a page, from the bytes behind its eight, where the stick was told to add them. */
export interface AntSender {
  /** Twenty bits: the upper four stand in the transmission type. */
  readonly deviceNumber: number
  readonly deviceType: number
  readonly transmissionType: number
}

export interface AntPage {
  readonly channel: number
  readonly page: Uint8Array
  readonly sender: AntSender | undefined
  /** How loud it was, dBm, where the stick says so in that unit. */
  readonly rssiDbm?: number
  /** When, on the stick's clock of sixteen bits. */
  readonly time32768?: number
}

/** A page as broadcast or acknowledged data brings it: channel, eight bytes, and perhaps who sent it, how loud and when. */
export function decodeAntPage(frame: AntFrame): Decoded<AntPage> {
  const { id, content } = frame
  if (id !== BROADCAST && id !== ACKNOWLEDGED) return refused('unknown-kind')
  if (content.length < PAGE_END) return refused('too-short')
  const channel = content[0]!
  const page = copyOf(content, 1, PAGE_END - 1)
  const flags = content.length > PAGE_END ? content[PAGE_END]! : 0
  let at = PAGE_END + 1
  let sender: AntSender | undefined
  if (flags & HAS_SENDER) {
    if (content.length < at + 4) return refused('too-short')
    const transmissionType = content[at + 3]!
    const deviceNumber = content[at]! | (content[at + 1]! << 8) | ((transmissionType >> 4) << 16)
    sender = { deviceNumber, deviceType: content[at + 2]!, transmissionType }
    at += 4
  }
  const value: { -readonly [K in keyof AntPage]: AntPage[K] } = { channel, page, sender }
  if (flags & HAS_RSSI) {
    const kind = content[at]
    if (kind === RSSI_DBM && at + 1 < content.length) value.rssiDbm = (content[at + 1]! << 24) >> 24
    // A kind of unknown length hides what stands behind it.
    if (kind !== RSSI_DBM && kind !== RSSI_OTHER) return decoded(value)
    at += kind === RSSI_DBM ? RSSI_DBM_BYTES : RSSI_OTHER_BYTES
  }
  if (flags & HAS_TIME && at + 1 < content.length) value.time32768 = content[at]! | (content[at + 1]! << 8)
  return decoded(value)
}

export type AntPageFrom = Omit<AntPage, 'page' | 'sender'> & { readonly sender?: AntSender | undefined }

/** The frame of a page as a stick passes it on: for fakes of sticks, and trainers that speak frames. */
export function encodeAntPage(value: AntPageFrom, page: Uint8Array, id = BROADCAST): Uint8Array {
  const { channel, sender, rssiDbm, time32768 } = value
  const content = [channel, ...page]
  if (sender !== undefined || rssiDbm !== undefined || time32768 !== undefined)
    content.push(
      (sender === undefined ? 0 : HAS_SENDER) |
        (rssiDbm === undefined ? 0 : HAS_RSSI) |
        (time32768 === undefined ? 0 : HAS_TIME),
    )
  if (sender !== undefined) {
    const { deviceNumber, deviceType, transmissionType } = sender
    const type = (transmissionType & 0x0f) | ((deviceNumber >> 16) << 4)
    content.push(
      deviceNumber & 0xff,
      (deviceNumber >> 8) & 0xff,
      deviceType,
      deviceNumber > 0xffff ? type : transmissionType,
    )
  }
  if (rssiDbm !== undefined) content.push(RSSI_DBM, rssiDbm & 0xff, 0x80)
  if (time32768 !== undefined) content.push(time32768 & 0xff, (time32768 >> 8) & 0xff)
  return encodeAntFrame(id, Uint8Array.from(content))
}

function u8<N extends string>(name: N): { name: N; kind: 'u8' } {
  return { name, kind: 'u8' }
}
function u16<N extends string>(name: N): { name: N; kind: 'u16' } {
  return { name, kind: 'u16' }
}
