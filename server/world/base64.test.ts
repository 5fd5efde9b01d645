import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64, toBase64 } from './base64.ts'

test('base64 is the one of RFC 4648 for any bytes, and comes back', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }).chain((b) => fc.constantFrom(b, new Uint8Array(20_000).fill(b[0] ?? 7))),
      (bytes) => {
        const text = toBase64(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64'))
        expect(fromBase64(text)).toEqual(Uint8Array.from(bytes))
      },
    ),
  )
})

test('text that base64 would not have written is refused', () => {
  for (const text of [
    'A',
    'AA',
    'AAA',
    'A===',
    'AB==',
    'AAB=',
    'AA=A',
    'AAA=AAAA',
    'AA A',
    'AAA\n',
    'ÄAAA',
    '====',
    '-_AA',
  ]) {
    expect([text, fromBase64(text)]).toEqual([text, undefined])
  }
})

test('any text is refused or is the text of its bytes', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      const bytes = fromBase64(text)
      if (bytes !== undefined) expect(toBase64(bytes)).toBe(text)
    }),
  )
})
