/** Bytes of sensors, little-endian unless said. */
export type NumberKind = 'u8' | 's8' | 'u16' | 's16' | 'u24' | 'u32' | 'u16be'

export const KIND_BYTES: Readonly<Record<NumberKind, number>> = {
  u8: 1,
  s8: 1,
  u16: 2,
  s16: 2,
  u24: 3,
  u32: 4,
  u16be: 2,
}

/** Smallest and largest count each kind can hold; a writer clamps to it. */
export const KIND_RANGE: Readonly<Record<NumberKind, readonly [min: number, max: number]>> = {
  u8: [0, 0xff],
  s8: [-0x80, 0x7f],
  u16: [0, 0xffff],
  s16: [-0x8000, 0x7fff],
  u24: [0, 0xffffff],
  u32: [0, 0xffffffff],
  u16be: [0, 0xffff],
}

/** Writes into a buffer of its own that grows by doubling; `bytes()` is what was written. What is no number is 0. */
export class ByteWriter {
  #bytes = new Uint8Array(32)
  #at = 0

  write(kind: NumberKind, count: number): this {
    const size = KIND_BYTES[kind]
    if (this.#at + size > this.#bytes.length) this.#grow()
    const [min, max] = KIND_RANGE[kind]
    const value = Number.isFinite(count) ? Math.min(Math.max(Math.round(count), min), max) : 0
    for (let i = 0; i < size; i++) {
      const shift = 8 * (kind === 'u16be' ? size - 1 - i : i)
      this.#bytes[this.#at + i] = (value >> shift) & 0xff
    }
    this.#at += size
    return this
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#at)
  }

  #grow(): void {
    const bigger = new Uint8Array(this.#bytes.length * 2)
    bigger.set(this.#bytes)
    this.#bytes = bigger
  }
}

/** Lower-case hex without gaps, as logs and vectors write bytes. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** The bytes of a hex text; undefined when it is not one. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16))
}
