import { describe, expect, test } from 'vitest'
import { ClockSync } from './clock-sync.ts'

/** A server at tick 1000 when the client's clock says 0, and a path with these delays. */
function follow(
  clock: ClockSync,
  {
    fromMs,
    toMs,
    upMs,
    downMs,
    jitterMs = () => 0,
    drift = 1,
  }: {
    fromMs: number
    toMs: number
    upMs: number
    downMs: number
    jitterMs?: (i: number) => number
    drift?: number
  },
): number[] {
  const errorsTicks: number[] = []
  let i = 0
  for (let ms = fromMs; ms < toMs; ms += 50) {
    const at = ms + downMs + jitterMs(i++)
    clock.echoed(at - upMs - (at - ms) - 3, 3, at)
    clock.heard(1000 + (ms * drift) / 50, at)
    errorsTicks.push(clock.tickAt(at) - (1000 + (at * drift) / 50))
  }
  return errorsTicks
}

describe('[D90] what tick is it over there', () => {
  test('exact on a symmetric path, with its fraction', () => {
    const clock = new ClockSync()
    const errors = follow(clock, { fromMs: 0, toMs: 3000, upMs: 40, downMs: 40 })
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.01)
    expect(clock.rttMs).toBe(80)
    expect(clock.tickAt(3065) - clock.tickAt(3040)).toBeCloseTo(0.5, 9)
  })

  test('jitter is filtered by the least delayed packet: within a tenth of a tick', () => {
    const clock = new ClockSync()
    const errors = follow(clock, { fromMs: 0, toMs: 10_000, upMs: 40, downMs: 40, jitterMs: (i) => (i * 7919) % 30 })
    expect(Math.max(...errors.slice(60).map(Math.abs))).toBeLessThan(0.1)
  })

  test('a clock that runs apart is followed by slewing: time never stops or runs backward', () => {
    const clock = new ClockSync()
    const errors = follow(clock, { fromMs: 0, toMs: 60_000, upMs: 20, downMs: 20, drift: 1.0005 })
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.1)
    const quick = new ClockSync()
    follow(quick, { fromMs: 0, toMs: 2000, upMs: 20, downMs: 20 })
    const before = quick.tickAt(2200)
    // The path grows by 200 ms: the estimate bends by at most two in a hundred.
    quick.heard(1000 + 2000 / 50, 2200)
    expect(Math.abs(quick.tickAt(2200) - before)).toBeLessThan((200 * 0.02) / 50 + 1e-9)
  })

  test('a quarter of a second apart, it is set anew', () => {
    const clock = new ClockSync()
    follow(clock, { fromMs: 0, toMs: 2000, upMs: 20, downMs: 20 })
    const slept = follow(clock, { fromMs: 2000, toMs: 2050, upMs: 20, downMs: 20 })
    expect(Math.abs(slept[0]!)).toBeLessThan(0.01)
    clock.heard(5000, 3000)
    expect(clock.tickAt(3000)).toBeCloseTo(5000 + 0.4, 1)
  })

  test('before anything was heard it is tick 0', () => {
    expect(new ClockSync().tickAt(12345)).toBe(0)
  })
})
