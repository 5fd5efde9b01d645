/** Bits in, in the writer's order. After the first overrun every read yields 0; ask `finished` once, at the end. */
export class BitReader {
  readonly #bytes: Uint8Array
  #bit = 0
  #overrun = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get bitsLeft(): number {
    return this.#bytes.length * 8 - this.#bit
  }

  get overrun(): boolean {
    return this.#overrun
  }

  /** What was read makes no sense: as if the packet had ended. */
  fail(): void {
    this.#overrun = true
  }

  /** An unsigned number of 0 … 32 bits. */
  bits(count: number): number {
    if (this.#overrun || this.#bit + count > this.#bytes.length * 8) {
      this.#overrun = true
      return 0
    }
    let value = 0
    let got = 0
    while (got < count) {
      const at = this.#bit & 7
      const take = Math.min(8 - at, count - got)
      value |= ((this.#bytes[this.#bit >>> 3]! >>> at) & ((1 << take) - 1)) << got
      got += take
      this.#bit += take
    }
    return value >>> 0
  }

  flag(): boolean {
    return this.bits(1) === 1
  }

  /** 64 bits as a number; past 2⁵³ it is an overrun, because nobody could have counted so far. */
  u64(): number {
    const low = this.bits(32)
    const high = this.bits(32)
    if (high >= 0x200000) this.#overrun = true
    return this.#overrun ? 0 : high * 4294967296 + low
  }

  /** A view into the packet, empty after an overrun. Only on a byte boundary. */
  bytes(count: number): Uint8Array {
    const from = this.#bit >>> 3
    if (this.#overrun || (this.#bit & 7) !== 0 || from + count > this.#bytes.length) {
      this.#overrun = true
      return this.#bytes.subarray(0, 0)
    }
    this.#bit += count * 8
    return this.#bytes.subarray(from, from + count)
  }

  /** Steps over the zero bits before the next whole byte; anything but zero is an overrun. */
  align(): void {
    const pad = (8 - (this.#bit & 7)) & 7
    if (this.bits(pad) !== 0) this.#overrun = true
  }

  /** True when every byte was read, none was missing, and the bits left in the last one are zero. */
  get finished(): boolean {
    if (this.#overrun) return false
    const left = this.bitsLeft
    if (left >= 8) return false
    return left === 0 || this.#bytes[this.#bytes.length - 1]! >>> (8 - left) === 0
  }
}
