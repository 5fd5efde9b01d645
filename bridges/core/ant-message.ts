import { ByteReader, ByteWriter } from './bytes.ts'
import { type Decoded, decoded, refused } from './decoded.ts'
import { type Field, readFields, writeFields } from './fields.ts'

/**
 * ANT's serial frames: A4, number of content bytes, id, content, checksum. The checksum is the XOR of every byte before
 * it — all 256 values of it: three published libraries take it modulo 255 and so lose every frame whose sum is FF.
 */
export interface AntFrame {
  readonly id: number
  readonly content: Uint8Array
}

const SYNC = 0xa4
/** Channel, eight data bytes and the longest extension known, with room. A larger length is not a frame. */
const CONTENT_BYTES_MAX = 64

export function encodeAntFrame(id: number, content: Uint8Array): Uint8Array {
  const frame = new Uint8Array(content.length + 4)
  frame.set([SYNC, content.length, id])
  frame.set(content, 3)
  frame[frame.length - 1] = xorOf(frame.subarray(0, -1))
  return frame
}

/** Exactly one frame. */
export function decodeAntFrame(bytes: Uint8Array): Decoded<AntFrame & { isChecksumRight: boolean }> {
  if (bytes.length < 4) return refused('too-short')
  if (bytes[0] !== SYNC || bytes[1]! > CONTENT_BYTES_MAX) return refused('unknown-kind')
  const length = bytes[1]! + 4
  if (bytes.length < length) return refused('truncated-frame')
  if (bytes.length > length) return refused('too-long')
  const isChecksumRight = bytes[length - 1] === xorOf(bytes.subarray(0, -1))
  return decoded({ id: bytes[2]!, content: bytes.slice(3, -1), isChecksumRight })
}

/** Frames out of a stream that may split, join or damage them. A frame with a wrong checksum is dropped, never passed on. */
export class AntFramer {
  #bytes = new Uint8Array(0)
  garbageBytes = 0
  badChecksums = 0

  push(chunk: Uint8Array): AntFrame[] {
    const bytes = new Uint8Array(this.#bytes.length + chunk.length)
    bytes.set(this.#bytes)
    bytes.set(chunk, this.#bytes.length)
    const frames: AntFrame[] = []
    let at = 0
    while (at < bytes.length) {
      if (bytes[at] !== SYNC || (at + 1 < bytes.length && bytes[at + 1]! > CONTENT_BYTES_MAX)) {
        this.garbageBytes++
        at++
        continue
      }
      const end = at + 4 + (bytes[at + 1] ?? CONTENT_BYTES_MAX)
      if (end > bytes.length) break
      if (bytes[end - 1] === xorOf(bytes.subarray(at, end - 1))) {
        frames.push({ id: bytes[at + 2]!, content: bytes.slice(at + 3, end - 1) })
        at = end
      } else {
        // The sync may have been data: look again from the next byte, so that the frame behind it is not lost.
        this.badChecksums++
        at++
      }
    }
    this.#bytes = bytes.slice(at)
    return frames
  }
}

function xorOf(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) sum ^= byte
  return sum
}

/** Messages to and from the stick: id, name, content. Fields after `optionalFrom` may be missing. */
const ch = { name: 'channel', kind: 'u8', step: 1 } as const
const ANT_MESSAGES = [
  { id: 0x40, name: 'channel-event', fields: [ch, u8('aboutId'), u8('code')] },
  { id: 0x41, name: 'unassign', fields: [ch] },
  { id: 0x42, name: 'assign', fields: [ch, u8('type'), u8('network'), u8('extended')], optionalFrom: 3 },
  { id: 0x43, name: 'period', fields: [ch, u16('period32768')] },
  { id: 0x44, name: 'search-timeout', fields: [ch, u8('timeout')] },
  { id: 0x45, name: 'frequency', fields: [ch, u8('frequency')] },
  { id: 0x46, name: 'network-key', fields: [u8('network')], hasRest: true },
  { id: 0x4a, name: 'reset', fields: [u8('filler')] },
  { id: 0x4b, name: 'open', fields: [ch] },
  { id: 0x4c, name: 'close', fields: [ch] },
  { id: 0x4d, name: 'request', fields: [ch, u8('requestedId')] },
  { id: 0x4e, name: 'broadcast', fields: [ch], hasRest: true },
  { id: 0x4f, name: 'acknowledged', fields: [ch], hasRest: true },
  { id: 0x51, name: 'channel-id', fields: [ch, u16('deviceNumber'), u8('deviceType'), u8('transmissionType')] },
  { id: 0x54, name: 'capabilities', fields: [u8('channels'), u8('networks')], hasRest: true },
  { id: 0x66, name: 'extended-messages', fields: [u8('filler'), u8('isOn')] },
  { id: 0x6f, name: 'startup', fields: [u8('reason')] },
] as const satisfies readonly {
  id: number
  name: string
  fields: readonly Field[]
  optionalFrom?: number
  hasRest?: boolean
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
  0x15: 'CHANNEL_IN_WRONG_STATE',
  0x16: 'CHANNEL_NOT_OPENED',
  0x18: 'CHANNEL_ID_NOT_SET',
  0x1f: 'TRANSFER_IN_PROGRESS',
  0x28: 'INVALID_MESSAGE',
  0x29: 'INVALID_NETWORK_NUMBER',
}

interface AntRow {
  readonly id: number
  readonly name: AntMessageName
  readonly fields: readonly Field[]
  readonly optionalFrom?: number
  readonly hasRest?: boolean
}

export function decodeAntMessage(frame: AntFrame): Decoded<AntMessage> {
  const row = (ANT_MESSAGES as readonly AntRow[]).find((m) => m.id === frame.id)
  if (row === undefined) return refused('unknown-kind')
  const r = new ByteReader(frame.content)
  const needed = readFields(row.fields.slice(0, row.optionalFrom ?? row.fields.length), r, 0)
  if (r.isOverrun) return refused('too-short')
  const more =
    row.optionalFrom === undefined || r.remaining === 0 ? {} : readFields(row.fields.slice(row.optionalFrom), r, 0)
  if (r.isOverrun) return refused('too-short')
  if (r.remaining > 0 && row.hasRest !== true) return refused('too-long')
  return decoded({
    name: row.name,
    values: { ...needed, ...more } as Record<string, number>,
    rest: frame.content.slice(r.at),
  })
}

export function encodeAntMessage(
  name: AntMessageName,
  values: Readonly<Record<string, number>>,
  rest: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const row = (ANT_MESSAGES as readonly AntRow[]).find((m) => m.name === name)!
  const isFull = row.optionalFrom === undefined || values[row.fields[row.optionalFrom]!.name] !== undefined
  const w = new ByteWriter()
  writeFields(isFull ? row.fields : row.fields.slice(0, row.optionalFrom), w, 0, values)
  const head = w.bytes()
  const content = new Uint8Array(head.length + rest.length)
  content.set(head)
  content.set(rest, head.length)
  return encodeAntFrame(row.id, content)
}

/** Who sent a page, from the bytes behind its eight, where the stick was told to add them. */
export interface AntSender {
  readonly deviceNumber: number
  readonly deviceType: number
  readonly transmissionType: number
}

export interface AntPage {
  readonly channel: number
  readonly page: Uint8Array
  readonly sender: AntSender | undefined
}

/** A page as broadcast or acknowledged data brings it: channel, eight bytes, and perhaps the sender. */
export function decodeAntPage(frame: AntFrame): Decoded<AntPage> {
  if (frame.id !== 0x4e && frame.id !== 0x4f) return refused('unknown-kind')
  if (frame.content.length < 9) return refused('too-short')
  const r = new ByteReader(frame.content, 9)
  const hasSender = (r.read('u8') & 0x80) !== 0
  const sender = hasSender
    ? { deviceNumber: r.read('u16'), deviceType: r.read('u8'), transmissionType: r.read('u8') }
    : undefined
  if (hasSender && r.isOverrun) return refused('too-short')
  return decoded({ channel: frame.content[0]!, page: frame.content.slice(1, 9), sender })
}

function u8<N extends string>(name: N): { name: N; kind: 'u8'; step: 1 } {
  return { name, kind: 'u8', step: 1 }
}
function u16<N extends string>(name: N): { name: N; kind: 'u16'; step: 1 } {
  return { name, kind: 'u16', step: 1 }
}
