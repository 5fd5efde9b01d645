import { expect, test } from 'vitest'
import { hashPhrase, isPhrase, isWeaker, phraseTrouble } from './passphrase.ts'
import { codeHash, newCodes } from './recovery.ts'

const CHEAP = { log2N: 4, r: 1, p: 1 }

test('[A20] a passphrase is kept as scrypt with its measure beside it; only it opens, however its letters are composed', async () => {
  const stored = await hashPhrase('café und drei Worte', CHEAP)
  expect(await isPhrase('cafe\u0301 und drei Worte', stored)).toBe(true)
  expect(await isPhrase('cafe und drei Worte', stored)).toBe(false)
  expect(await isPhrase('', stored)).toBe(false)
  expect(isWeaker(stored)).toBe(true)
  expect(isWeaker(stored, CHEAP)).toBe(false)
  // RFC 7914 §12, third vector; the first 32 of its 64 bytes are what a key of 32 is.
  const salt = Buffer.from('NaCl').toString('base64url')
  const vector = 'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162'
  const key = Buffer.from(vector, 'hex').toString('base64url')
  expect(await isPhrase('password', `scrypt$10$8$16$${salt}$${key}`)).toBe(true)
  for (const torn of ['', 'scrypt', 'scrypt$99$8$1$aa$bb', 'md5$1$1$1$aa$bb', 'scrypt$4$1$1$$'])
    expect(await isPhrase('password', torn)).toBe(false)
})

test('[A20] what would be guessed at once is no passphrase, and is told why', () => {
  expect(phraseTrouble('three wet lanes', 'Ana')).toBeUndefined()
  expect(phraseTrouble('kurz', 'Ana')?.message).toMatch(/10 letters or more/)
  expect(phraseTrouble('abababababab', 'Ana')?.message).toMatch(/guessed at once/)
  expect(phraseTrouble('Anastasia 1', 'anastasia')?.message).toMatch(/guessed at once/)
  expect(phraseTrouble('x'.repeat(300), 'Ana')?.message).toMatch(/at most 200/)
})

test('[A23] recovery codes are eight of sixteen letters, and typed off the paper they are the same', () => {
  let next = 0
  const codes = newCodes((count) => Uint8Array.from({ length: count }, () => (next = (next * 73 + 41) & 0xff)))
  expect(codes).toHaveLength(8)
  expect(codes[0]).toMatch(/^([A-HJKMNP-TV-Z2-9]{4}-){3}[A-HJKMNP-TV-Z2-9]{4}$/)
  expect(codeHash(codes[0]!.toLowerCase().replaceAll('-', ' '))).toBe(codeHash(codes[0]!))
  expect(codeHash(codes[0]!)).not.toBe(codeHash(codes[1]!))
})
