import { type AntFrame, copyOf, encodeAntFrame } from './ant-frame.ts'
import { type Decoded, decoded, refused } from './decoded.ts'

export const BROADCAST = 0x4e
const ACKNOWLEDGED = 0x4f
const BURST = 0x50
/** Channel and eight bytes; behind them who, how loud, when. */
export const PAGE_END = 9
const HAS_SENDER = 0x80
const HAS_RSSI = 0x40
const HAS_TIME = 0x20
/** Kinds of loudness, by their first byte: dBm and a threshold, or four bytes of something else. */
const RSSI_DBM = 0x20
const RSSI_DBM_BYTES = 3
const RSSI_OTHER = 0x10
const RSSI_OTHER_BYTES = 4

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

export const isPage = (id: number): boolean => id === BROADCAST || id === ACKNOWLEDGED || id === BURST

/** Whether what stands behind a page is as long as its first byte says. */
export function isPageLength(bytes: Uint8Array, at: number, length: number): boolean {
  if (length === PAGE_END) return true
  const flags = bytes[at + PAGE_END]!
  let needed = PAGE_END + 1 + (flags & HAS_SENDER ? 4 : 0) + (flags & HAS_TIME ? 2 : 0)
  if (flags & HAS_RSSI) {
    const kindAt = at + PAGE_END + 1 + (flags & HAS_SENDER ? 4 : 0)
    needed += bytes[kindAt] === RSSI_OTHER ? RSSI_OTHER_BYTES : RSSI_DBM_BYTES
  }
  return length === needed
}
