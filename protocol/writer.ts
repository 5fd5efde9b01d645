import { DATAGRAM_BYTES_MAX } from './limits.ts'

/**
 * Bits out, least significant first: the first bit written is bit 0 of byte 0, so a 16-bit value on a byte boundary is
 * little endian. A writer that is full remembers `overflow` and writes nothing more.
 */
export class BitWriter {
  /** Whole words, so that none is written in part but the last. */
  readonly #bytes: Uint8Array
  readonly #bitsMax: number
  #bit = 0
  /** The bits of the word that is not full yet. */
  #word = 0
  #overflow = false

  constructor(capacityBytes: number = DATAGRAM_BYTES_MAX) {
    this.#bytes = new Uint8Array((capacityBytes + 3) & ~3)
    this.#bitsMax = capacityBytes * 8
  }

  get bitLength(): number {
    return this.#bit
  }

  get bitsLeft(): number {
    return this.#bitsMax - this.#bit
  }

  get overflow(): boolean {
    return this.#overflow
  }

  reset(): void {
    this.#bit = 0
    this.#word = 0
    this.#overflow = false
  }

  /** The low `count` bits of `value`, 0 … 32. */
  bits(value: number, count: number): void {
    const end = this.#bit + count
    if (end > this.#bitsMax) {
      this.#overflow = true
      return
    }
    const shift = this.#bit & 31
    const rest = count === 32 ? value | 0 : value & ((1 << count) - 1)
    const word = this.#word | (rest << shift)
    if (shift + count < 32) this.#word = word
    else {
      const bytes = this.#bytes
      const at = (this.#bit >>> 5) << 2
      bytes[at] = word
      bytes[at + 1] = word >>> 8
      bytes[at + 2] = word >>> 16
      bytes[at + 3] = word >>> 24
      this.#word = shift === 0 ? 0 : rest >>> (32 - shift)
    }
    this.#bit = end
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

  /** Copies what `saveWords` saved: how one rider's record gets into every viewer's packet. */
  copyWords(source: Int32Array, fromWord: number, count: number): void {
    let from = fromWord
    let left = count
    for (; left > 32; left -= 32) this.bits(source[from++]!, 32)
    this.bits(source[from]!, left)
  }

  /** What was written, to be copied into other writers: 32 bits a word, as many words as it takes. */
  saveWords(into: Int32Array, at: number): void {
    this.#flush()
    const bytes = this.#bytes
    const words = (this.#bit + 31) >>> 5
    for (let i = 0; i < words; i++) {
      const from = i << 2
      into[at + i] = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24)
    }
  }

  /** What was written, padded with zero bits to a whole byte. A copy. */
  finish(): Uint8Array {
    return this.view().slice()
  }

  /** The same without copying; valid until the next write or reset. */
  view(): Uint8Array {
    this.#flush()
    return this.#bytes.subarray(0, (this.#bit + 7) >>> 3)
  }

  /** The last word as far as it goes; it is written again when it is full. */
  #flush(): void {
    const at = (this.#bit >>> 5) << 2
    const left = ((this.#bit & 31) + 7) >>> 3
    for (let i = 0; i < left; i++) this.#bytes[at + i] = this.#word >>> (8 * i)
  }
}
