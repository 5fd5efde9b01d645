import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeDownPacket, decodeUpPacket } from './control.ts'
import { decodeDatagram } from './datagram.ts'
import type { Decoded } from './decoded.ts'
import { decodeInput } from './input.ts'
import { ClientSession, openSealer } from './session.ts'
import { decodeToken } from './token.ts'

/** Every decoder, and the vectors it reads. */
const DECODERS: [name: string, decode: (bytes: Uint8Array) => Decoded<unknown, string>, vectors: string][] = [
  ['decodeInput', decodeInput, 'input.json'],
  ['decodeUpPacket', decodeUpPacket, 'up.json'],
  ['decodeDownPacket', decodeDownPacket, 'down.json'],
  ['decodeToken', decodeToken, 'token.json'],
  ['decodeDatagram', decodeDatagram, 'datagram.json'],
]
const REASONS = new Set([
  'wrong-kind',
  'truncated-or-trailing',
  'too-long',
  'out-of-range',
  'not-canonical',
  'wrong-version',
])

function vectorsOf(name: string): Uint8Array[] {
  const file = new URL(`vectors/${name}`, import.meta.url)
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: { hex: string; paddedTo?: number }[] }
  return vectors.map(({ hex, paddedTo }) => {
    const bytes = new Uint8Array(paddedTo ?? hex.length / 2)
    bytes.set(Buffer.from(hex, 'hex'))
    return bytes
  })
}

describe.each(DECODERS)('[D80] %s refuses with a reason and never throws', (_name, decode, vectors) => {
  const check = (bytes: Uint8Array): boolean => {
    const read = decode(bytes)
    return read.ok || REASONS.has(read.error)
  }

  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1300 }), check), { seed: 8214, numRuns: 3000 })
  })

  test('every truncation of a valid packet is another packet or none', () => {
    for (const bytes of vectorsOf(vectors)) {
      expect(decode(bytes).ok).toBe(true)
      for (let length = 0; length < bytes.length; length++) expect(check(bytes.subarray(0, length))).toBe(true)
    }
  })

  test('every single turned bit', () => {
    let refused = 0
    for (const bytes of vectorsOf(vectors)) {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const turned = bytes.slice()
        turned[bit >>> 3]! ^= 1 << (bit & 7)
        const read = decode(turned)
        expect(read.ok || REASONS.has(read.error)).toBe(true)
        if (!read.ok) refused++
      }
    }
    expect(refused).toBeGreaterThan(0)
  })
})

test('[D81] whole packets only: cut or lengthened by a byte, an inner packet is refused', () => {
  for (const [name, decode] of [
    ['input.json', decodeInput],
    ['up.json', decodeUpPacket],
    ['down.json', decodeDownPacket],
    ['token.json', decodeToken],
  ] as const) {
    for (const bytes of vectorsOf(name)) {
      expect(decode(bytes.subarray(0, -1)).ok, name).toBe(false)
      expect(decode(Uint8Array.of(...bytes, 0)).ok, name).toBe(false)
    }
  }
})

test('[D82] unknown extensions are skipped by their length, unknown blocks refused', () => {
  const extended = Uint8Array.of(
    0x20, // only: extensions
    0x16,
    0x20, // tick 8214
    0x07,
    0x02,
    0xaa,
    0xbb, // kind 7, two bytes
    0x09,
    0x00, // kind 9, empty
  )
  expect(decodeDownPacket(extended)).toMatchObject({ ok: true, value: { tickLow: 8214, riders: undefined } })
  expect(decodeDownPacket(extended.subarray(0, -1))).toEqual({ ok: false, error: 'truncated-or-trailing' })
  expect(decodeDownPacket(extended.subarray(0, 3))).toEqual({ ok: false, error: 'truncated-or-trailing' })
  expect(decodeUpPacket(Uint8Array.of(0x80))).toEqual({ ok: false, error: 'wrong-kind' })
})

test('[D83] a client fed with rubbish stays as it was, and counts it by reason', () => {
  const session = new ClientSession({
    token: new Uint8Array(200),
    sealer: openSealer,
    path: 'channel',
    randomBytes: (count) => new Uint8Array(count),
    nowMs: 0,
  })
  let fed = 0
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      // A down packet whose body happens to be a welcome would be one: nothing seals this path.
      if (bytes[0] === 0x05 && (bytes[3] ?? 0) & 1) return
      fed++
      expect(session.receive(bytes, fed)).toEqual([])
    }),
    { seed: 8214, numRuns: 3000 },
  )
  expect(session.state).toBe('connecting')
  expect(Object.values(session.rejects).reduce((sum, n) => sum + n, 0)).toBe(fed)
})
