import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AckHistory, expandNumber, isAcked, ReplayWindow } from './ack-window.ts'
import { REPLAY_WINDOW_PACKETS } from './limits.ts'
import { BitReader } from './reader.ts'
import { BitWriter } from './writer.ts'

describe('packet numbers', () => {
  test('[D73] the low 16 bits are enough while both ends are less than 32768 packets apart, far beyond 2³²', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: -32767, max: 32767 }), (expected, apart) => {
        const number = expected + apart
        if (number < 0 || number > Number.MAX_SAFE_INTEGER - 0x10000) return
        expect(expandNumber(number % 0x10000, expected)).toBe(number)
      }),
      { seed: 8214 },
    )
  })

  test('[D74] each number once; older than the window is refused; what was not authentic leaves no mark', () => {
    const window = new ReplayWindow()
    for (const number of [0, 1, 5, 3]) {
      expect(window.isFresh(number)).toBe(true)
      window.mark(number)
      expect(window.isFresh(number)).toBe(false)
    }
    expect(window.isFresh(4)).toBe(true)
    window.mark(REPLAY_WINDOW_PACKETS + 3)
    expect([window.isFresh(4), window.isFresh(3), window.isFresh(5)]).toEqual([true, false, false])
    window.mark(2 ** 33)
    expect([
      window.isFresh(2 ** 33 - REPLAY_WINDOW_PACKETS),
      window.isFresh(2 ** 33 - REPLAY_WINDOW_PACKETS + 1),
    ]).toEqual([false, true])
  })

  test('[D74] the window agrees with a set that remembers everything', () => {
    const steps = fc.array(fc.integer({ min: -1100, max: 700 }), { maxLength: 200 })
    fc.assert(
      fc.property(steps, (jumps) => {
        const window = new ReplayWindow()
        const seen = new Set<number>()
        let newest = -1
        for (const jump of jumps) {
          const number = Math.max(0, newest + jump)
          expect(window.isFresh(number)).toBe(!seen.has(number) && number > newest - REPLAY_WINDOW_PACKETS)
          if (!window.isFresh(number)) continue
          window.mark(number)
          seen.add(number)
          newest = Math.max(newest, number)
        }
      }),
      { seed: 8214 },
    )
  })

  test('[D75] an ack names the newest packet used and the 32 before it', () => {
    const numbers = fc.uniqueArray(fc.nat(120), { minLength: 1 }).map((list) => list.toSorted((a, b) => a - b))
    fc.assert(
      fc.property(numbers, (used) => {
        const history = new AckHistory()
        for (const number of used) history.mark(number)
        const newest = used.at(-1)!
        for (let number = newest - 40; number <= newest + 1; number++)
          expect(isAcked(number, history.newest, history.bits)).toBe(used.includes(number) && number >= newest - 32)
      }),
      { seed: 8214 },
    )
  })
})

describe('bits', () => {
  const values = fc.array(
    fc
      .integer({ min: 1, max: 32 })
      .chain((count) => fc.tuple(fc.integer({ min: 0, max: 2 ** count - 1 }), fc.constant(count))),
  )

  test('[D76] what is written is read; first bit first, little endian', () => {
    fc.assert(
      fc.property(values, (list) => {
        const w = new BitWriter(4096)
        for (const [value, count] of list) w.bits(value, count)
        const r = new BitReader(w.finish())
        for (const [value, count] of list) expect(r.bits(count)).toBe(value)
        expect(r.finished).toBe(true)
      }),
      { seed: 8214 },
    )
    const w = new BitWriter()
    w.bits(1, 1)
    w.bits(0b10, 2)
    w.bits(0x1234, 16)
    expect([...w.finish()]).toEqual([0xa5, 0x91, 0x00])
  })

  test('[D77] after an overrun everything reads as zero and nothing is finished', () => {
    const r = new BitReader(Uint8Array.of(0xff))
    expect([r.bits(5), r.bits(4), r.bits(1), r.finished]).toEqual([31, 0, 0, false])
    expect(new BitReader(Uint8Array.of(0x80)).finished).toBe(false)
    const padded = new BitReader(Uint8Array.of(0x81))
    expect([padded.bits(1), padded.finished]).toEqual([1, false]) // A stray bit in the padding.
  })

  test('a full writer remembers, and copying bits is the same as writing them', () => {
    const small = new BitWriter(1)
    small.bits(3, 8)
    small.bits(1, 1)
    expect([small.overflow, [...small.finish()]]).toEqual([true, [3]])
    const source = new BitWriter(12)
    source.bits(0xffffffff, 32)
    source.reset()
    source.bits(0x7ac35ab7, 32)
    source.bits(0x51, 7)
    const saved = new Int32Array(3)
    source.saveWords(saved, 1)
    const w = new BitWriter()
    w.bits(1, 3)
    w.copyWords(saved, 1, 39)
    w.copyWords(saved, 1, 21)
    const r = new BitReader(w.finish())
    expect([r.bits(3), r.bits(32), r.bits(7), r.bits(21)]).toEqual([1, 0x7ac35ab7, 0x51, 0x035ab7])
  })

  test('a writer used again starts from zero', () => {
    const w = new BitWriter()
    w.bits(0xffffffff, 32)
    w.reset()
    w.bits(0, 9)
    expect([...w.finish()]).toEqual([0, 0])
  })
})
