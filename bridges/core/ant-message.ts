import { type AntFrame, encodeAntFrame } from './ant-frame.ts'
import { ByteWriter } from './bytes.ts'
import { type Decoded, decoded, refused } from './decoded.ts'
import { type Field, fieldTable, type FieldTable, lengthOf, readFields, writeFields } from './fields.ts'

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

/** Some kind of message has this id and may have so many bytes of content. */
export function isLengthOfKind(id: number, bytes: number): boolean {
  const row = BY_ID[id]
  return row !== undefined && bytes >= row.bytesMin && bytes <= row.bytesMax
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

function u8<N extends string>(name: N): { name: N; kind: 'u8' } {
  return { name, kind: 'u8' }
}
function u16<N extends string>(name: N): { name: N; kind: 'u16' } {
  return { name, kind: 'u16' }
}
