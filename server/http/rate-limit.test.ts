import { expect, test } from 'vitest'
import { RateLimit } from './rate-limit.ts'

function limitAt(start: number): { clock: { atMs: number; nowMs(): number }; limit: RateLimit } {
  const clock = { atMs: start, nowMs: () => clock.atMs }
  return { clock, limit: new RateLimit({ burst: 3, perS: 2 }, clock) }
}

test('a burst passes, the next is refused, and time gives back what the rate says', () => {
  const { clock, limit } = limitAt(1000)
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([true, true, true, false])
  clock.atMs += 499
  expect(limit.take('a')).toBe(false)
  clock.atMs += 1
  expect(limit.take('a')).toBe(true)
  expect(limit.take('a')).toBe(false)
  clock.atMs += 3_600_000
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([true, true, true, false])
})

test('asked before anything is looked at: who has spent all is known, and asking takes nothing', () => {
  const { clock, limit } = limitAt(0)
  expect([limit.isSpent('a'), limit.size]).toEqual([false, 0])
  while (limit.take('a'));
  expect(limit.isSpent('a')).toBe(true)
  clock.atMs += 500
  expect([1, 2].map(() => limit.isSpent('a'))).toEqual([false, false])
  expect(limit.take('a')).toBe(true)
})

test('one peer does not spend the tokens of another', () => {
  const { limit } = limitAt(0)
  while (limit.take('a'));
  expect(limit.take('b')).toBe(true)
})

test('a flood of addresses is forgotten, oldest first, and memory stays bounded', () => {
  const { limit } = limitAt(0)
  while (limit.take('first'));
  for (let i = 0; i < 10_000; i++) limit.take(`peer ${i}`)
  expect(limit.size).toBe(10_000)
  expect(limit.take('first')).toBe(true)
})
