import { expect, test } from 'vitest'
import { clockText, gapText, resultText } from './format.ts'

test.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [247_000, '4:07'],
  [3_847_000, '1:04:07'],
  [-5, '0:00'],
])('[F1] %i ms reads %s', (ms, text) => {
  expect(clockText(ms)).toBe(text)
})

test('[F2] a result is told to the millisecond', () => {
  expect([resultText(247_213), resultText(59_999.6)]).toEqual(['4:07.213', '1:00.000'])
})

test('[F3] the winner has no gap', () => {
  expect([gapText(0), gapText(2340)]).toEqual(['', '+2.3'])
})
