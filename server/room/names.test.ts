import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NAME_LENGTH_MAX } from '#protocol/limits'
import { cleanLine, cleanName } from './names.ts'

test.each([
  ['Ana', 'Ana'],
  ['  Ana \t\r\n Bo ', 'Ana Bo'],
  ['E\u0301lodie', '\u00c9lodie'],
  ['evil\u202Egnp.exe', 'evilgnp.exe'],
  ['a\u200b\u200d\u2066b\u2069\ufeff', 'ab'],
  ['x\u0000\u0007\u009fy', 'xy'],
  ['Z\u0300\u0301\u0302\u0303\u0304\u0305', 'Z\u0300\u0301'],
  ['\u200f\u3164\u2028', 'Rider'],
  ['', 'Rider'],
])('[names] %j is shown as %j', (given, shown) => {
  expect(cleanName(given)).toBe(shown)
})

test('[names] length is counted in code points, and no pair is cut in two', () => {
  const name = cleanName('🚴'.repeat(40))
  expect([...name]).toHaveLength(NAME_LENGTH_MAX)
  expect(name.isWellFormed()).toBe(true)
})

test('[names] whatever comes, the result is clean, and cleaning it again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (given) => {
      const name = cleanName(given)
      expect(cleanName(name)).toBe(name)
      expect([...name].length).toBeLessThanOrEqual(NAME_LENGTH_MAX)
      expect(name).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
      expect(name).toBe(name.normalize('NFC'))
    }),
  )
})

test('[names] a line of chat may be empty after cleaning, a name may not', () => {
  expect(cleanLine('\u202e', 200)).toBe('')
})
