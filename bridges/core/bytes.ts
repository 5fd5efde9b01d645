/**
 * Bytes of sensors, little-endian unless said. A reader past its end yields zeros and remembers it; the caller asks
 * `isOverrun` once, at the end.
 */
export type NumberKind = 'u8' | 's8' | 'u16' | 's16' | 'u24' | 'u32' | 'u16be' | 'f32'

export const KIND_BYTES: Readonly<Record<NumberKind, number>> = {
  u8: 1,
  s8: 1,
  u16: 2,
  s16: 2,
  u24: 3,
  u32: 4,
  u16be: 2,
  f32: 4,
}

/** Smallest and largest count each kind can hold; a writer clamps to it. */
const KIND_RANGE: Readonly<Record<NumberKind, readonly [min: number, max: number]>> = {
  u8: [0, 0xff],
  s8: [-0x80, 0x7f],
  u16: [0, 0xffff],
  s16: [-0x8000, 0x7fff],
  u24: [0, 0xffffff],
  u32: [0, 0xffffffff],
  u16be: [0, 0xffff],
  f32: [-3.4e38, 3.4e38],
}

export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0
  #isOverrun = false

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = at
  }

  get at(): number {
    return this.#at
  }
  get remaining(): number {
    return Math.max(0, this.#bytes.length - this.#at)
  }
  /** Something was read that was not there. */
  get isOverrun(): boolean {
    return this.#isOverrun
  }

  skip(count: number): void {
    this.#take(count)
  }

  read(kind: NumberKind): number {
    const at = this.#take(KIND_BYTES[kind])
    if (at < 0) return 0
    const v = this.#view
    switch (kind) {
      case 'u8':
        return v.getUint8(at)
      case 's8':
        return v.getInt8(at)
      case 'u16':
        return v.getUint16(at, true)
      case 's16':
        return v.getInt16(at, true)
      case 'u24':
        return v.getUint16(at, true) + v.getUint8(at + 2) * 0x10000
      case 'u32':
        return v.getUint32(at, true)
      case 'u16be':
        return v.getUint16(at, false)
      case 'f32':
        return v.getFloat32(at, true)
    }
  }

  #take(count: number): number {
    if (this.#at + count > this.#bytes.length) {
      this.#isOverrun = true
      this.#at = this.#bytes.length
      return -1
    }
    const at = this.#at
    this.#at += count
    return at
  }
}

/** Writes into a buffer of its own that grows by doubling; `bytes()` is what was written. */
export class ByteWriter {
  #bytes = new Uint8Array(32)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  write(kind: NumberKind, count: number): this {
    const size = KIND_BYTES[kind]
    if (this.#at + size > this.#bytes.length) this.#grow()
    const [min, max] = KIND_RANGE[kind]
    const finite = Number.isFinite(count) ? count : 0
    const value = Math.min(Math.max(kind === 'f32' ? finite : Math.round(finite), min), max)
    const at = this.#at
    const v = this.#view
    if (kind === 'u8') v.setUint8(at, value)
    else if (kind === 's8') v.setInt8(at, value)
    else if (kind === 'u16') v.setUint16(at, value, true)
    else if (kind === 's16') v.setInt16(at, value, true)
    else if (kind === 'u32') v.setUint32(at, value, true)
    else if (kind === 'u16be') v.setUint16(at, value, false)
    else if (kind === 'f32') v.setFloat32(at, value, true)
    else {
      v.setUint16(at, value & 0xffff, true)
      v.setUint8(at + 2, Math.floor(value / 0x10000))
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
    this.#view = new DataView(bigger.buffer)
  }
}

/** Counts times a decimal step, without the dust of binary fractions: 2241 × 0.01 is 22.41. */
export function scaled(count: number, step: number): number {
  if (step >= 1) return count * step
  const perUnit = Math.round(1 / step)
  return perUnit * step === 1 ? count / perUnit : Number((count * step).toPrecision(12))
}

/** Lower-case hex without gaps, as logs and vectors write bytes. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** The bytes of a hex text; undefined when it is not one. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16))
}
