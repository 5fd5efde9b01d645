import { expect, test } from 'vitest'
import { Correction, FOLD_MPS } from './correct.ts'

test('[C1] along the road an error is folded at 0.3 m/s and ends at nothing', () => {
  const correction = new Correction()
  correction.absorb(0.6, 0)
  correction.fold(1, 10)
  expect(correction.alongM).toBeCloseTo(0.6 - FOLD_MPS, 12)
  correction.fold(1.5, 10)
  expect(correction.alongM).toBe(0)
})

test('[C2] a rider drawn too far ahead waits: folding is never faster than riding', () => {
  const correction = new Correction()
  correction.absorb(0.5, 0)
  correction.fold(1, 0.1)
  expect(correction.alongM).toBeCloseTo(0.4, 12)
  correction.fold(1, 0)
  expect(correction.alongM).toBeCloseTo(0.4, 12)
})

test('[C3] a rider drawn too far behind catches up even from standing', () => {
  const correction = new Correction()
  correction.absorb(-0.5, 0)
  correction.fold(1, 0)
  expect(correction.alongM).toBeCloseTo(-0.2, 12)
})

test('[C4] sideways the error dies away without crossing the line, however long the frame', () => {
  for (const dtS of [0.008, 0.05, 0.25]) {
    const correction = new Correction()
    correction.absorb(0, 0.8)
    for (let t = 0; t < 1; t += dtS) {
      const before = correction.lateralM
      correction.fold(dtS, 10)
      expect(correction.lateralM).toBeLessThan(before)
      expect(correction.lateralM).toBeGreaterThanOrEqual(0)
    }
    expect(correction.lateralM).toBeLessThan(0.02)
  }
})

test('[C5] beyond 3 m the rider is moved, and it is counted', () => {
  const correction = new Correction()
  let heard = 0
  correction.onSnap = () => heard++
  correction.absorb(2.9, 0)
  expect(correction.snaps).toBe(0)
  correction.absorb(0.2, 0)
  expect([correction.alongM, correction.snaps, heard]).toEqual([0, 1, 1])
})
