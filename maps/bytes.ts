/** Little-endian, one value after the other. */
export class Writer {
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u8(value: number): void {
    this.#view.setUint8(this.#at, value)
    this.#at += 1
  }

  u16(value: number): void {
    this.#view.setUint16(this.#at, value, true)
    this.#at += 2
  }

  u32(value: number): void {
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }
}

/** Beyond the end it reads zeros; ask `isOver` once. */
export class Reader {
  readonly #view: DataView
  at = 0

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isOver(): boolean {
    return this.at > this.#view.byteLength
  }

  u8(): number {
    return this.#has(1) ? this.#view.getUint8(this.at - 1) : 0
  }

  u16(): number {
    return this.#has(2) ? this.#view.getUint16(this.at - 2, true) : 0
  }

  u32(): number {
    return this.#has(4) ? this.#view.getUint32(this.at - 4, true) : 0
  }

  i32(): number {
    return this.#has(4) ? this.#view.getInt32(this.at - 4, true) : 0
  }

  #has(bytes: number): boolean {
    this.at += bytes
    return this.at <= this.#view.byteLength
  }
}
