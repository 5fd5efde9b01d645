import { describe, expect, test } from 'vitest'
import type { Sequence } from '#protocol/ids'
import { decodeInput, encodeInput } from '#protocol/input'
import { POWER_DECAY_MS, POWER_HOLD_MS } from '#protocol/limits'
import { heldWorkJ } from '#physics/hold'
import { Sampler } from './sample.ts'

describe('which source wins', () => {
  test('[B5] a power meter beats the trainer while it speaks, and gives way when it falls silent for three seconds', () => {
    const sampler = new Sampler()
    sampler.offer({ source: 'trainer', powerW: 200, cadenceRpm: 80 }, 1000)
    expect(sampler.take(1000)).toMatchObject({ powerW: 200, cadenceHalfRpm: 160 })
    sampler.offer({ source: 'power-meter', powerW: 210 }, 1100)
    expect(sampler.take(1100)).toMatchObject({ powerW: 210, cadenceHalfRpm: 160 })
    sampler.offer({ source: 'trainer', powerW: 190, cadenceRpm: 82 }, 2000)
    expect(sampler.take(2000)).toBeUndefined()
    expect(sampler.sourceOf('powerW', 4099)).toBe('power-meter')
    sampler.offer({ source: 'trainer', powerW: 195 }, 4100)
    expect(sampler.take(4100)).toMatchObject({ powerW: 195 })
  })

  test('[B5] a strap beats the heart rate of a trainer, whose zero is no heart', () => {
    const sampler = new Sampler()
    sampler.offer({ source: 'strap', heartRateBpm: 150 }, 0)
    sampler.offer({ source: 'trainer', powerW: 100, heartRateBpm: 0 }, 10)
    expect(sampler.take(10)).toMatchObject({ heartRateBpm: 150 })
    sampler.offer({ source: 'trainer', powerW: 100, heartRateBpm: 99 }, 20)
    expect(sampler.take(20)).toMatchObject({ heartRateBpm: 150 })
    sampler.offer({ source: 'trainer', powerW: 100, heartRateBpm: 99 }, 5001)
    expect(sampler.take(5001)).toMatchObject({ heartRateBpm: 99 })
  })

  test('a sensor that is forgotten counts no longer', () => {
    const sampler = new Sampler()
    sampler.offer({ source: 'power-meter', powerW: 300 }, 0)
    sampler.forget('power-meter')
    sampler.offer({ source: 'trainer', powerW: 100 }, 10)
    expect(sampler.take(10)).toMatchObject({ powerW: 100 })
  })
})

describe('samples', () => {
  test('[B6] carry the moment of their watts, count on, and wrap at sixteen bits', () => {
    const sampler = new Sampler(0xffff)
    sampler.offer({ source: 'trainer', powerW: 247, cadenceRpm: 91 }, 1234.4)
    expect(sampler.take(1300)).toEqual({
      sequence: 0xffff,
      atMs: 1234,
      powerW: 247,
      cadenceHalfRpm: 182,
      heartRateBpm: 0,
      steer: 0,
    })
    expect(sampler.take(1301)).toBeUndefined()
    sampler.offer({ source: 'trainer', powerW: 248 }, 2234)
    expect(sampler.take(2234)).toMatchObject({ sequence: 0 })
  })

  test.each([1e9, -1e9])('whatever a device says (%d), the wire takes the sample as it is', (value) => {
    const sampler = new Sampler<Sequence>()
    sampler.offer({ source: 'strap', heartRateBpm: value }, 0)
    sampler.offer({ source: 'controls', steer: value }, 0)
    sampler.offer({ source: 'trainer', powerW: value, cadenceRpm: value }, 0)
    sampler.offer({ source: 'trainer', powerW: value, cadenceRpm: value }, 10)
    const sample = sampler.take(10)!
    expect(decodeInput(encodeInput([sample]))).toEqual({ ok: true, value: [sample] })
  })

  test('the clock of stamps is thirty-two bits and wraps', () => {
    const sampler = new Sampler()
    sampler.offer({ source: 'trainer', powerW: 1 }, 2 ** 32 + 5)
    expect(sampler.take(2 ** 32 + 5)).toMatchObject({ atMs: 5 })
  })

  test('[B6] a heart beat alone does not restart watts that are running out', () => {
    const sampler = new Sampler()
    sampler.offer({ source: 'trainer', powerW: 250 }, 0)
    sampler.take(0)
    for (let atMs = 500; atMs < 5000; atMs += 500) {
      sampler.offer({ source: 'strap', heartRateBpm: 140 }, atMs)
      expect(sampler.take(atMs)).toBeUndefined()
    }
    sampler.offer({ source: 'strap', heartRateBpm: 141 }, 5500)
    sampler.offer({ source: 'strap', heartRateBpm: 142 }, 6500)
    expect(sampler.take(6500)).toMatchObject({ powerW: 0, heartRateBpm: 142 })
  })

  test('[B6] bars that move make a sample at once with the watts that hold, and none when they stand', () => {
    const sampler = new Sampler()
    sampler.offer({ source: 'trainer', powerW: 250, cadenceRpm: 90 }, 0)
    sampler.take(0)
    sampler.offer({ source: 'controls', steer: 60 }, 100)
    expect(sampler.take(100)).toMatchObject({ atMs: 100, powerW: 250, cadenceHalfRpm: 180, steer: 60 })
    sampler.offer({ source: 'controls', steer: 60 }, 200)
    expect(sampler.take(200)).toBeUndefined()
    sampler.offer({ source: 'controls', steer: 127 }, 210)
    sampler.offer({ source: 'controls', steer: 0 }, 220)
    expect(sampler.take(220)).toMatchObject({ atMs: 210, steer: 0 })
    sampler.offer({ source: 'controls', steer: 10 }, 230)
    expect(sampler.take(230)).toBeUndefined()
    expect(sampler.take(270)).toMatchObject({ atMs: 260, steer: 10 })
  })

  test('[B6] a sensor that fell silent is worth the same joules, however the bars are turned', () => {
    const silent = (steers: boolean): number => {
      const sampler = new Sampler()
      sampler.offer({ source: 'trainer', powerW: 250 }, 0)
      const samples: { atMs: number; powerW: number }[] = []
      for (let atMs = 0; atMs <= 12_000; atMs += 50) {
        if (steers && atMs > 0 && atMs < 9000) sampler.offer({ source: 'controls', steer: (atMs / 50) % 127 }, atMs)
        const sample = sampler.take(atMs)
        if (sample !== undefined) samples.push(sample)
      }
      if (steers) expect(samples.length).toBeGreaterThan(100)
      const hold = { holdMs: POWER_HOLD_MS, decayMs: POWER_DECAY_MS }
      return samples.reduce(
        (sum, { atMs, powerW }, i) => sum + heldWorkJ(powerW, 0, (samples[i + 1]?.atMs ?? Infinity) - atMs, hold),
        0,
      )
    }
    expect(silent(false)).toBeCloseTo(1000, 6)
    expect(silent(true)).toBeCloseTo(silent(false), 6)
  })

  test('[B6] bars turned once and let go: the watts of a silent sensor still end', () => {
    const sampler = new Sampler()
    sampler.offer({ source: 'trainer', powerW: 250 }, 0)
    sampler.take(0)
    sampler.offer({ source: 'controls', steer: 50 }, 2900)
    expect(sampler.take(2900)).toMatchObject({ powerW: 250 })
    expect(sampler.take(3950)).toBeUndefined()
    expect(sampler.take(4010)).toMatchObject({ atMs: 4000, powerW: 0, steer: 50 })
    expect(sampler.take(9000)).toBeUndefined()
  })

  test('[B6] what no leg can do is held at the bound, what is not a number is not taken', () => {
    const sampler = new Sampler()
    sampler.offer({ source: 'trainer', powerW: 32_767, cadenceRpm: 900 }, 0)
    expect(sampler.take(0)).toMatchObject({ powerW: 3000, cadenceHalfRpm: 500 })
    sampler.offer({ source: 'trainer', powerW: -40 }, 1)
    expect(sampler.take(1)).toMatchObject({ powerW: 0 })
    sampler.offer({ source: 'trainer', powerW: Number.NaN }, 2)
    expect(sampler.take(2)).toBeUndefined()
  })
})
