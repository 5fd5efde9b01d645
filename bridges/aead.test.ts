import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createSealer as createServerSealer } from '#server/net/aead'
import { createSealer } from './aead.ts'

interface Vector {
  readonly key: string
  readonly packetNumber: number
  readonly header: string
  readonly body: string
  readonly sealed: string
}
const file = new URL('../protocol/vectors/sealed.json', import.meta.url)
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const hex = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('hex')

describe.each([
  ['bridge', createSealer],
  ['server', createServerSealer],
])('[D72] the seal of the %s', (_where, create) => {
  test.each(vectors)('packet $packetNumber under the fixed key, both ways', (v) => {
    const sealer = create({ sealKey: bytesOf(v.key), openKey: bytesOf(v.key) })
    expect(hex(sealer.seal(v.packetNumber, bytesOf(v.header), bytesOf(v.body)))).toBe(v.sealed)
    expect(hex(sealer.open(v.packetNumber, bytesOf(v.header), bytesOf(v.sealed)))).toBe(v.body)
  })

  test('another number, header, key or one turned bit: not opened; nor is what is shorter than the tag', () => {
    const v = vectors[2]!
    const [key, header, sealed] = [bytesOf(v.key), bytesOf(v.header), bytesOf(v.sealed)]
    const sealer = create({ sealKey: key, openKey: key })
    expect(sealer.open(v.packetNumber + 1, header, sealed)).toBeUndefined()
    expect(sealer.open(v.packetNumber, header.with(0, 1), sealed)).toBeUndefined()
    expect(create({ sealKey: key, openKey: key.with(0, 1) }).open(v.packetNumber, header, sealed)).toBeUndefined()
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const turned = sealed.slice()
      turned[bit >>> 3]! ^= 1 << (bit & 7)
      expect(sealer.open(v.packetNumber, header, turned)).toBeUndefined()
    }
    for (let length = 0; length < 16; length++)
      expect(sealer.open(v.packetNumber, header, sealed.subarray(0, length))).toBeUndefined()
  })

  test('[D72] the two directions have keys of their own: what we sealed we cannot open', () => {
    const sealer = create({ sealKey: new Uint8Array(32).fill(1), openKey: new Uint8Array(32).fill(2) })
    const header = new Uint8Array(3)
    expect(sealer.open(1, header, sealer.seal(1, header, new Uint8Array(8)))).toBeUndefined()
  })
})
