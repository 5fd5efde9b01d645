import { type AntFrame, encodeAntFrame } from './ant-frame.ts'

/**
 * More than eight bytes at once: packets of eight whose first byte holds, above the channel, a number that goes 0, 1, 2, 3,
 * 1, 2, 3 … and a mark on the last. One that is missing spoils the whole.
 */
const BURST = 0x50
const PACKET_BYTES = 8
const CHANNEL_BITS = 0x1f
const LAST = 4
/** Longer ones do not belong to any sensor of a bicycle. */
const PACKETS_MAX = 32

export interface AntBurst {
  readonly channel: number
  readonly data: Uint8Array
}

export class AntBursts {
  readonly #open = new Map<number, { next: number; bytes: number[] }>()
  /** Begun and never ended as they should. */
  broken = 0

  /** The burst that this packet ends. */
  push({ id, content }: AntFrame): AntBurst | undefined {
    if (id !== BURST || content.length < PACKET_BYTES + 1) return undefined
    const channel = content[0]! & CHANNEL_BITS
    const number = content[0]! >> 5
    const sequence = number & 3
    const isFirst = sequence === 0
    const open = this.#open.get(channel)
    if (isFirst ? open !== undefined : open?.next !== sequence) this.broken++
    if (!isFirst && open?.next !== sequence) {
      this.#open.delete(channel)
      return undefined
    }
    const bytes = isFirst || open === undefined ? [] : open.bytes
    for (let i = 1; i <= PACKET_BYTES; i++) bytes.push(content[i]!)
    if (number & LAST) {
      this.#open.delete(channel)
      return { channel, data: Uint8Array.from(bytes) }
    }
    if (bytes.length >= PACKETS_MAX * PACKET_BYTES) this.#open.delete(channel)
    else this.#open.set(channel, { next: after(sequence), bytes })
    return undefined
  }
}

/** The frames of a burst; what is missing in the last packet is zero. */
export function encodeAntBurst({ channel, data }: AntBurst): Uint8Array[] {
  const frames: Uint8Array[] = []
  let sequence = 0
  for (let at = 0; at < data.length; at += PACKET_BYTES) {
    const isLast = at + PACKET_BYTES >= data.length
    const content = new Uint8Array(PACKET_BYTES + 1)
    content[0] = (channel & CHANNEL_BITS) | ((sequence | (isLast ? LAST : 0)) << 5)
    content.set(data.subarray(at, at + PACKET_BYTES), 1)
    frames.push(encodeAntFrame(BURST, content))
    sequence = after(sequence)
  }
  return frames
}

const after = (sequence: number): number => (sequence === 3 ? 1 : sequence + 1)
