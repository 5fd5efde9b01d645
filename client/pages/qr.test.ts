import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { qrModules } from './qr.ts'

const hashOf = (text: string): string =>
  createHash('sha256')
    .update(
      qrModules(text)!
        .map((row) => row.map((dark) => (dark ? '1' : '0')).join(''))
        .join('\n'),
    )
    .digest('hex')
    .slice(0, 16)

// These codes were scanned with a reader of another make (zbar 0.23) and gave their text back.
test.each([
  ['HI', 21, '79545ff437b6fc22'],
  ['http://192.168.178.22:8214/companion?code=ABCDEF', 29, '90c5ff14b11f4ce6'],
  [`https://${'a'.repeat(120)}.example.org/companion?code=QWERTZ`, 49, '76ae0bfdb3b3f9e8'],
  ['x'.repeat(230), 53, 'd929204fc3c4bf6d'],
])('[U36] %s is the code that a reader has read', (text, size, hash) => {
  expect(qrModules(text)).toHaveLength(size)
  expect(hashOf(text)).toBe(hash)
})

test('[U36] what does not fit is no code', () => {
  expect(qrModules('x'.repeat(231))).toBeUndefined()
})
