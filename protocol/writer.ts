import { DATAGRAM_BYTES_MAX } from './limits.ts'

/**
 * Bits out, least significant first: the first bit written is bit 0 of byte 0, so a 16-bit value on a byte boundary is
 * little endian. A writer that is full remembers `overflow` and writes nothing more.
 */
export class BitWriter {
  readonly #bytes: Uint8Array
  #bit = 0
  #overflow = false

  constructor(capacityBytes: number = DATAGRAM_BYTES_MAX) {
    this.#bytes = new Uint8Array(capacityBytes)
  }

  get bitLength(): number {
    return this.#bit
  }

  get bitsLeft(): number {
    return this.#bytes.length * 8 - this.#bit
  }

  get overflow(): boolean {
    return this.#overflow
  }

  reset(): void {
    this.#bytes.fill(0, 0, (this.#bit + 7) >>> 3)
    this.#bit = 0
    this.#overflow = false
  }

  /** The low `count` bits of `value`, 0 … 32. */
  bits(value: number, count: number): void {
    if (this.#bit + count > this.#bytes.length * 8) {
      this.#overflow = true
      return
    }
    // Bytes not yet written are zero, so whole ones need no mask.
    const bytes = this.#bytes
    const shift = this.#bit & 7
    const rest = count === 32 ? value >>> 0 : value & ((1 << count) - 1)
    let at = this.#bit >>> 3
    bytes[at]! |= rest << shift
    for (let done = 8 - shift; done < count; done += 8) bytes[++at] = rest >>> done
    this.#bit += count
  }

  flag(value: boolean): void {
    this.bits(value ? 1 : 0, 1)
  }

  /** A whole number 0 … 2⁵³ − 1 in 64 bits. */
  u64(value: number): void {
    this.bits(value % 4294967296, 32)
    this.bits(Math.floor(value / 4294967296), 32)
  }

  bytes(value: Uint8Array): void {
    for (const byte of value) this.bits(byte, 8)
  }

  /** Zeros, to be filled by somebody else. */
  skipBytes(count: number): void {
    for (let i = 0; i < count; i++) this.bits(0, 8)
  }

  align(): void {
    this.bits(0, (8 - (this.#bit & 7)) & 7)
  }

  /** Copies bits written elsewhere: how one rider's record gets into every viewer's packet. */
  copy(source: Uint8Array, fromBit: number, count: number): void {
    let at = fromBit
    let left = count
    while (left > 0) {
      const shift = at & 7
      const take = Math.min(8 - shift, left)
      this.bits((source[at >>> 3]! >>> shift) & ((1 << take) - 1), take)
      at += take
      left -= take
    }
  }

  /** What was written, padded with zero bits to a whole byte. A copy. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, (this.#bit + 7) >>> 3)
  }

  /** The same without copying; valid until the next write or reset. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, (this.#bit + 7) >>> 3)
  }
}
