import { describe, expect, it } from 'vitest'
import { createRandom } from '#physics/random'
import { SteadyStamps } from './steady-stamps.ts'

/** Watts that jump about, one a second, each on its way for a while; the work by stamps against the work as it was done. */
function ride(delayMs: (fraction: () => number) => number, seed: number) {
  const { fraction } = createRandom(seed)
  const stamps = new SteadyStamps()
  const rows = Array.from({ length: 61 }, (_, i) => ({
    madeMs: 5000 + i * 1000,
    powerW: 100 + Math.floor(300 * fraction()),
  }))
  let clockMs = 0
  const seen = rows.map((row) => {
    clockMs = Math.max(clockMs, row.madeMs + delayMs(fraction))
    return { ...row, arrivedMs: clockMs, stampMs: stamps.stamp(clockMs) }
  })
  const work = (key: 'madeMs' | 'arrivedMs' | 'stampMs'): number =>
    seen.slice(1).reduce((sum, row, i) => sum + (seen[i]!.powerW * (row[key] - seen[i]![key])) / 1000, 0)
  return { seen, byStamp: work('stampMs') / work('madeMs') - 1, byArrival: work('arrivedMs') / work('madeMs') - 1 }
}

describe('stamps', () => {
  it('[B16] a beat that arrives unevenly is credited as it was made: the hiccups of a busy machine cost less than half of what they did', () => {
    const seeds = Array.from({ length: 200 }, (_, seed) =>
      ride((fraction) => (fraction() < 0.1 ? 300 * fraction() : 8 * fraction()), seed + 1),
    )
    const rms = (key: 'byStamp' | 'byArrival'): number =>
      Math.sqrt(seeds.reduce((sum, one) => sum + one[key] * one[key], 0) / seeds.length)
    expect(rms('byArrival')).toBeGreaterThan(0.003)
    expect(rms('byStamp')).toBeLessThan(0.0015)
  })

  it('[B16] a stamp is never in the future and never runs backwards, whatever arrives', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { fraction } = createRandom(seed)
      const stamps = new SteadyStamps()
      let arrivedMs = 0
      let lastMs = -Infinity
      for (let i = 0; i < 500; i++) {
        const kind = fraction()
        arrivedMs += kind < 0.1 ? 0 : kind < 0.2 ? 20_000 * fraction() : kind < 0.6 ? 1000 : 250 + 900 * fraction()
        const stampMs = stamps.stamp(arrivedMs)
        expect(stampMs).toBeLessThanOrEqual(arrivedMs)
        expect(stampMs).toBeGreaterThanOrEqual(lastMs)
        lastMs = stampMs
      }
    }
  })

  it('[B16] a perfect beat, a lost reading and a pause are stamped as they came', () => {
    const stamps = new SteadyStamps()
    for (const atMs of [0, 1000, 2000, 3000, 4000, 5000, 7000, 8000, 30_000, 31_000, 31_400, 33_900]) {
      expect(stamps.stamp(atMs)).toBe(atMs)
    }
  })

  it('[B16] a trainer whose clock runs one per cent slow is followed', () => {
    const stamps = new SteadyStamps()
    let lag = 0
    for (let i = 0; i < 300; i++) lag = i * 1010 - stamps.stamp(i * 1010)
    expect(lag).toBeLessThan(1)
  })
})
