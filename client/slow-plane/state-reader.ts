import { Unreadable } from './msgpack.ts'

/**
 * Numbers and strings as Colyseus' state has them: little-endian, and "number" is as small as its value allows
 * (the tags are MessagePack's).
 */
export class StateReader {
  readonly bytes: Uint8Array
  at: number
  readonly end: number
  private readonly view: DataView

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isAtEnd(): boolean {
    return this.at >= this.end
  }

  skip(count: number): number {
    if (this.at + count > this.end) throw new Unreadable(`The state ends at byte ${this.end}, in a value.`)
    this.at += count
    return this.at - count
  }

  uint8(): number {
    return this.bytes[this.skip(1)]!
  }

  text(count: number): string {
    const from = this.skip(count)
    return utf8.decode(this.bytes.subarray(from, from + count))
  }

  string(): string {
    const first = this.uint8()
    if (first < 0xc0) return this.text(first & 31)
    if (first === 0xd9) return this.text(this.uint8())
    if (first === 0xda) return this.text(this.view.getUint16(this.skip(2), true))
    if (first === 0xdb) return this.text(this.view.getUint32(this.skip(4), true))
    throw new Unreadable(`The state has a string of kind ${first.toString(16)}.`)
  }

  number(): number {
    const first = this.uint8()
    if (first < 0x80) return first
    if (first > 0xdf) return first - 256
    const type = NUMBERS[first - 0xca]
    if (type === undefined) throw new Unreadable(`The state has a number of kind ${first.toString(16)}.`)
    return this.primitive(type) as number
  }

  /** A value of one of the names a state's definition uses. */
  primitive(type: string): unknown {
    const { view } = this
    switch (type) {
      case 'string':
        return this.string()
      case 'number':
        return this.number()
      case 'boolean':
        return this.uint8() > 0
      case 'uint8':
        return this.uint8()
      case 'int8':
        return view.getInt8(this.skip(1))
      case 'uint16':
        return view.getUint16(this.skip(2), true)
      case 'int16':
        return view.getInt16(this.skip(2), true)
      case 'uint32':
        return view.getUint32(this.skip(4), true)
      case 'int32':
        return view.getInt32(this.skip(4), true)
      case 'uint64':
        return Number(view.getBigUint64(this.skip(8), true))
      case 'int64':
        return Number(view.getBigInt64(this.skip(8), true))
      case 'float32':
        return view.getFloat32(this.skip(4), true)
      case 'float64':
        return view.getFloat64(this.skip(8), true)
      default:
        throw new Unreadable(`The state has a value of type ${type}.`)
    }
  }
}

const utf8 = new TextDecoder()
/** By tag, from 0xca. */
const NUMBERS = ['float32', 'float64', 'uint8', 'uint16', 'uint32', 'uint64', 'int8', 'int16', 'int32', 'int64']
