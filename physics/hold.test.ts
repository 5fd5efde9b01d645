import { expect, test } from 'vitest'
import { heldPowerW, heldWorkJ } from './hold.ts'

const hold = { holdMs: 3000, decayMs: 2000 }

test('[P15] a sample’s watts hold, then fall in a straight line to nothing', () => {
  expect([-1, 0, 1500, 3000, 4000, 4999, 5000, 9000].map((ageMs) => heldPowerW(200, ageMs, hold))).toEqual([
    0, 200, 200, 200, 100, 0.1, 0, 0,
  ])
})

test('[P15] work is the exact integral: a second is P joules, the whole tail is hold and half the fall', () => {
  expect(heldWorkJ(247, 0, 1000, hold)).toBe(247)
  expect(heldWorkJ(200, 0, 1e9, hold)).toBe(800)
  expect(heldWorkJ(200, 3000, 4000, hold)).toBe(150)
  expect(heldWorkJ(200, 4000, 5000, hold)).toBe(50)
  expect(heldWorkJ(200, -500, 500, hold)).toBe(100)
  expect(heldWorkJ(200, 700, 700, hold)).toBe(0)
  expect(heldWorkJ(200, 800, 700, hold)).toBe(0)
})

test('[P15] ticks of it add up to the whole', () => {
  let sumJ = 0
  for (let ageMs = 0; ageMs < 6000; ageMs += 50) sumJ += heldWorkJ(333, ageMs, ageMs + 50, hold)
  expect(sumJ).toBeCloseTo(heldWorkJ(333, 0, 6000, hold), 9)
})

test('[P15] without a decay the power stops at once', () => {
  const sharp = { holdMs: 1000, decayMs: 0 }
  expect([heldPowerW(100, 1000, sharp), heldPowerW(100, 1001, sharp)]).toEqual([100, 0])
  expect(heldWorkJ(100, 0, 5000, sharp)).toBe(100)
})
