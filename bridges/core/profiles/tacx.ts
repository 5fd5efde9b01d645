import { decodeAntFrame } from '../ant-frame.ts'
import { encodeAntMessage } from '../ant-message.ts'
import { decodeAntPage } from '../ant-page.ts'
import { type Decoded, decoded, refused } from '../decoded.ts'

/**
 * Tacx FE-C over BLE: whole ANT serial frames in two characteristics, with the pages of fitness equipment in them
 * (pages/fitness-equipment.ts). The trainer broadcasts on one, commands go to the other as acknowledged data.
 */
export const TACX_GATT = {
  service: '6e40fec1-b5a3-f393-e0a9-e50e24dcca9e',
  notify: '6e40fec2-b5a3-f393-e0a9-e50e24dcca9e',
  write: '6e40fec3-b5a3-f393-e0a9-e50e24dcca9e',
} as const

/** The channel every such trainer has its pages on. */
const CHANNEL = 5

export interface TacxFrame {
  readonly channel: number
  /** Eight bytes. */
  readonly page: Uint8Array
  readonly isChecksumRight: boolean
}

/**
 * A frame with a wrong checksum is taken: the radio's own check has let it pass, and some trainers compute theirs wrongly.
 * (Over USB, where nothing else checks, such a frame is dropped: ant-message.ts.)
 */
export function decodeTacx(bytes: Uint8Array): Decoded<TacxFrame> {
  const frame = decodeAntFrame(bytes)
  if (!frame.ok) return frame
  const got = decodeAntPage(frame.value)
  if (!got.ok) return refused(got.error)
  const { channel, page } = got.value
  return decoded({ channel, page, isChecksumRight: frame.value.isChecksumRight })
}

/** A page to the trainer. */
export const encodeTacxCommand = (page: Uint8Array, channel = CHANNEL): Uint8Array =>
  encodeAntMessage('acknowledged', { channel }, page)

/** A page from a trainer. */
export const encodeTacxPage = (page: Uint8Array, channel = CHANNEL): Uint8Array =>
  encodeAntMessage('broadcast', { channel }, page)

/** Pages out of notifications, and how many had a wrong checksum. */
export class TacxPages {
  badChecksums = 0
  refused = 0

  /** Eight bytes; undefined: no page. */
  take(bytes: Uint8Array): Uint8Array | undefined {
    const got = decodeTacx(bytes)
    if (!got.ok) {
      this.refused++
      return undefined
    }
    if (!got.value.isChecksumRight) this.badChecksums++
    return got.value.page
  }
}
