import { expect, test } from 'vitest'
import { Strain } from './strain.ts'

function after(strain: Strain, ticks: number, doneMs: number): boolean {
  for (let i = 0; i < ticks; i++) strain.note(doneMs)
  return strain.isSparing
}

test('[D200] a room whose ticks are done late one after the other spares packets, and stops five seconds after it has become easy', () => {
  const strain = new Strain()
  expect(after(strain, 1000, 39)).toBe(false)
  expect(after(strain, 60, 45)).toBe(true)
  // Sparing has made it easier, but not so much that it could do without.
  expect(after(strain, 1000, 30)).toBe(true)
  expect(after(strain, 100, 20)).toBe(true)
  expect(after(strain, 40, 20)).toBe(false)
})

test('[D200] one long stop makes nobody spare', () => {
  const strain = new Strain()
  after(strain, 100, 20)
  expect(after(strain, 1, 5000)).toBe(false)
  expect(after(strain, 100, 20)).toBe(false)
})
