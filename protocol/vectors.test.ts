import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { expandNumber } from './ack-window.ts'
import {
  decodeDownPacket,
  decodeUpPacket,
  type DownPacket,
  type UpPacket,
  writeDownPacket,
  writeUpPacket,
} from './control.ts'
import {
  type Datagram,
  decodeDatagram,
  encodeChallenge,
  encodeConnect,
  encodeTokenMessage,
  type Packet,
  writeResponseHeader,
  writeShortHeader,
  writeUpHeader,
} from './datagram.ts'
import { decodeInput, encodeInput, type InputSample } from './input.ts'
import { writeRiderBlock } from './rider-block.ts'
import { type ConnectToken, decodeToken, encodeToken } from './token.ts'
import { BitWriter } from './writer.ts'

function load<T>(name: string): readonly T[] {
  const file = new URL(`vectors/${name}`, import.meta.url)
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: T[] }
  if (vectors.length === 0) throw new Error(`${name} holds no vector`)
  return vectors
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
function written(write: (w: BitWriter) => void): string {
  const w = new BitWriter()
  write(w)
  return hex(w.finish())
}
/** JSON has no undefined: a quantity left out and one that is undefined are the same meaning. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, each: unknown) => (each instanceof Uint8Array ? hex(each) : each)))
function valueOf<T>(read: { ok: true; value: T } | { ok: false; error: string }): T {
  if (!read.ok) throw new Error(read.error)
  return read.value
}

describe('[D40] input blocks, decoded to the last bit and written again', () => {
  test.each(load<{ name: string; hex: string; samples: InputSample[] }>('input.json'))('$name', (vector) => {
    const samples = valueOf(decodeInput(bytesOf(vector.hex)))
    expect(samples).toEqual(vector.samples)
    expect(hex(encodeInput(samples))).toBe(vector.hex)
  })
})

describe('[D50] inner packets up', () => {
  test.each(load<{ name: string; hex: string; packet: UpPacket }>('up.json'))('$name', (vector) => {
    const packet = valueOf(decodeUpPacket(bytesOf(vector.hex)))
    expect(plain(packet)).toEqual(vector.packet)
    expect(written((w) => writeUpPacket(w, packet))).toBe(vector.hex)
  })
})

describe('[D51] inner packets down', () => {
  test.each(load<{ name: string; hex: string; packet: DownPacket }>('down.json'))('$name', (vector) => {
    const packet = valueOf(decodeDownPacket(bytesOf(vector.hex)))
    expect(plain(packet)).toEqual(vector.packet)
    const { riders, tickLow, ...rest } = packet
    const parts = { ...rest, tick: tickLow, riders: riders && ((w: BitWriter) => writeRiderBlock(w, riders)) }
    expect(written((w) => writeDownPacket(w, parts))).toBe(vector.hex)
  })
})

describe('[D70] connect tokens', () => {
  test.each(load<{ name: string; hex: string; token: Record<string, unknown> }>('token.json'))('$name', (vector) => {
    const token: ConnectToken = valueOf(decodeToken(bytesOf(vector.hex)))
    expect(plain(token)).toEqual(vector.token)
    expect(hex(encodeToken(token))).toBe(vector.hex)
  })
})

describe('[D71] datagrams', () => {
  interface Vector {
    readonly name: string
    readonly kind: string
    readonly hex: string
    readonly paddedTo?: number
    readonly fields: Record<string, string | number>
  }
  test.each(load<Vector>('datagram.json'))('$name', (vector) => {
    const bytes = new Uint8Array(vector.paddedTo ?? vector.hex.length / 2)
    bytes.set(bytesOf(vector.hex))
    const datagram = valueOf(decodeDatagram(bytes))
    expect(datagram.kind).toBe(vector.kind)
    for (const [name, value] of Object.entries(vector.fields)) {
      const field = name === 'sealed' ? sealedOf(datagram as Packet) : datagram[name as keyof Datagram]
      expect((field as unknown) instanceof Uint8Array ? hex(field as unknown as Uint8Array) : field, name).toBe(value)
    }
    expect(encode(datagram)).toBe(hex(bytes))
  })

  const sealedOf = ({ bytes, headerBytes }: Packet): Uint8Array => bytes.subarray(headerBytes)

  function encode(datagram: Datagram): string {
    switch (datagram.kind) {
      case 'connect':
        return hex(encodeConnect(datagram.connectionId, datagram.token))
      case 'challenge':
        return hex(encodeChallenge(datagram.connectionId, datagram.cookie))
      case 'response': {
        const { connectionId, cookie, token, numberLow } = datagram
        return written((w) => writeResponseHeader(w, connectionId, cookie, token, numberLow)) + hex(sealedOf(datagram))
      }
      case 'up': {
        const { connectionId, numberLow, phase } = datagram
        return written((w) => writeUpHeader(w, connectionId, numberLow, phase)) + hex(sealedOf(datagram))
      }
      case 'down':
      case 'upChannel': {
        const { kind, numberLow, phase } = datagram
        return written((w) => writeShortHeader(w, kind, numberLow, phase)) + hex(sealedOf(datagram))
      }
      case 'token':
        return hex(encodeTokenMessage(datagram.token))
    }
  }
})

test.each(load<{ low: number; expected: number; number: number }>('number.json'))(
  '[D73] low bits $low, expected $expected: packet $number',
  ({ low, expected, number }) => {
    expect(expandNumber(low, expected)).toBe(number)
    expect(number % 0x10000).toBe(low)
  },
)
