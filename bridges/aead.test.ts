import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Sealer } from '#protocol/sealer'
import { createSealer as createServerSealer, loadSodiumAead } from '#server/net/aead'
import { createSealer } from './aead.ts'

interface Vector {
  readonly key: string
  readonly packetNumber: number
  readonly header: string
  readonly body: string
  readonly sealed: string
}
interface PhaseVector extends Omit<Vector, 'key'> {
  readonly epoch: number
  readonly sealKey: string
  readonly openKey: string
}
const file = new URL('../protocol/vectors/sealed.json', import.meta.url)
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }
const phaseFile = new URL('../protocol/vectors/key-phases.json', import.meta.url)
const { vectors: phases } = JSON.parse(readFileSync(phaseFile, 'utf8')) as { vectors: PhaseVector[] }
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const hex = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('hex')
const sodium = await loadSodiumAead()

function sealed(sealer: Sealer, packetNumber: number, header: string, body: string): string {
  const datagram = bytesOf(header + body + '00'.repeat(sealer.overhead))
  sealer.seal(packetNumber, datagram, header.length / 2)
  return hex(datagram.subarray(header.length / 2))!
}

describe.each([
  ['bridge', createSealer],
  ['server', createServerSealer],
  // Where the optional package is not installed this is the server's own once more.
  ['server with the accelerator', sodium?.createSealer ?? createServerSealer],
])('[D72] the seal of the %s', (_where, create) => {
  test.each(vectors)('packet $packetNumber under the fixed key, both ways', (v) => {
    const sealer = create({ sealKey: bytesOf(v.key), openKey: bytesOf(v.key) })
    expect(sealed(sealer, v.packetNumber, v.header, v.body)).toBe(v.sealed)
    expect(hex(sealer.open(v.packetNumber, bytesOf(v.header + v.sealed), v.header.length / 2))).toBe(v.body)
  })

  test('another number, header, key or one turned bit: not opened; nor is what is shorter than the tag', () => {
    const v = vectors[2]!
    const at = v.header.length / 2
    const [key, datagram] = [bytesOf(v.key), bytesOf(v.header + v.sealed)]
    const sealer = create({ sealKey: key, openKey: key })
    expect(sealer.open(v.packetNumber + 1, datagram, at)).toBeUndefined()
    expect(create({ sealKey: key, openKey: key.with(0, 1) }).open(v.packetNumber, datagram, at)).toBeUndefined()
    for (let bit = 0; bit < datagram.length * 8; bit++) {
      const turned = datagram.slice()
      turned[bit >>> 3]! ^= 1 << (bit & 7)
      expect(sealer.open(v.packetNumber, turned, at)).toBeUndefined()
    }
    for (let length = 0; length < at + 16; length++)
      expect(sealer.open(v.packetNumber, datagram.subarray(0, length), at)).toBeUndefined()
    expect(hex(sealer.open(v.packetNumber, datagram, at))).toBe(v.body)
  })

  test('[D72] the two directions have keys of their own: what we sealed we cannot open', () => {
    const sealer = create({ sealKey: new Uint8Array(32).fill(1), openKey: new Uint8Array(32).fill(2) })
    const datagram = bytesOf(`050100${sealed(sealer, 1, '050100', '0102')}`)
    expect(sealer.open(1, datagram, 3)).toBeUndefined()
  })

  test.each(phases)('[D116] epoch $epoch: the keys that HMAC-SHA-256 makes of those before', (v) => {
    let sealer = create({ sealKey: bytesOf(phases[0]!.sealKey), openKey: bytesOf(phases[0]!.openKey) })
    for (let epoch = 0; epoch < v.epoch; epoch++) sealer = sealer.next!()
    expect(sealed(sealer, v.packetNumber, v.header, v.body)).toBe(v.sealed)
    // Whoever was given these keys directly is in the same epoch.
    const there = create({ sealKey: bytesOf(v.openKey), openKey: bytesOf(v.sealKey) })
    expect(hex(there.open(v.packetNumber, bytesOf(v.header + v.sealed), v.header.length / 2))).toBe(v.body)
    const back = bytesOf(v.header + sealed(there, v.packetNumber, v.header, v.body))
    expect(hex(sealer.open(v.packetNumber, back, v.header.length / 2))).toBe(v.body)
  })
})
