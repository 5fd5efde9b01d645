import { type Decoded, decoded, refused } from './decoded.ts'

/**
 * ANT's serial frames: A4, number of content bytes, id, content, checksum. The checksum is the XOR of every byte before
 * it — all 256 values of it: three published libraries take it modulo 255 and so lose every frame whose sum is FF.
 */
export interface AntFrame {
  readonly id: number
  readonly content: Uint8Array
}

export const SYNC = 0xa4
/** Channel, eight data bytes and the longest extension known are 20, with room. A larger length is not a frame. */
const CONTENT_BYTES_MAX = 32

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

/** By hand, which for so few bytes is quicker than `slice`, and a copy of whatever kind of array it is. */
export function copyOf(bytes: Uint8Array, from: number, count: number): Uint8Array {
  const copy = new Uint8Array(count)
  for (let i = 0; i < count; i++) copy[i] = bytes[from + i]!
  return copy
}

/** Every byte from `from` to before `to`. Of a whole frame it is 0. */
export function xorOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum ^= bytes[i]!
  return sum
}
