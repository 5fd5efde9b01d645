import { expect, test } from 'vitest'
import { Slots } from './slots.ts'

test('[A47] so many lines in all, and so many of one address; what is given back twice counts once, and nobody is remembered', () => {
  const slots = new Slots({ all: 3, each: 2 })
  const mine = [slots.take('a'), slots.take('a')]
  expect(mine.every((back) => back !== undefined)).toBe(true)
  expect(slots.take('a')).toBeUndefined()
  const other = slots.take('b')
  expect([other === undefined, slots.take('c'), slots.count]).toEqual([false, undefined, 3])
  mine[0]!()
  mine[0]!()
  expect([slots.count, slots.take('c') === undefined, slots.take('d')]).toEqual([2, false, undefined])
})
