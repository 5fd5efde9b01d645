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

describe('a sensor that remembers', () => {
  /** At 1 Hz; answers with every sample that was made of it. */
  function said(sampler: Sampler, readings: readonly Parameters<Sampler['offer']>[0][], fromMs = 0) {
    return readings.flatMap((reading, i) => {
      sampler.offer(reading, fromMs + 1000 * i)
      const sample = sampler.take(fromMs + 1000 * i)
      return sample === undefined ? [] : [sample]
    })
  }
  const trainer = (powerW: number, cadenceRpm?: number, speedMps?: number) => ({
    ...{ source: 'trainer' as const, deviceId: 't', powerW, cadenceRpm, speedMps },
  })
  const repeat = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

  test('[B102] the same watts again while the cranks stand are no watts: the first says that they stand, then it is silent', () => {
    const sampler = new Sampler()
    const samples = said(sampler, [...repeat(3, trainer(220, 88)), ...repeat(30, trainer(220, 0))])
    const told = samples.map(({ atMs, powerW, cadenceHalfRpm }) => [atMs, powerW, cadenceHalfRpm])
    expect(told.slice(0, 4)).toEqual([
      [0, 220, 176],
      [1000, 220, 176],
      [2000, 220, 176],
      [3000, 220, 0],
    ])
    // Held for three seconds and faded in two: only then does a sample say that there is nothing.
    expect(told.slice(4).every(([atMs, powerW]) => powerW === 0 && atMs! >= 8000)).toBe(true)
    expect(sampler.deviceOf('powerW', 5999)).toBe('t')
    expect(sampler.deviceOf('powerW', 6000)).toBeUndefined()
    // The next value that moves counts at once.
    expect(said(sampler, [trainer(140, 60)], 33_000)).toMatchObject([{ powerW: 140, cadenceHalfRpm: 120 }])
  })

  test('[B102] another device takes over from it after three seconds', () => {
    const sampler = new Sampler()
    const meter = { source: 'power-meter' as const, powerW: 240, cadenceRpm: 0 }
    const watts = Array.from({ length: 8 }, (_, i) => {
      sampler.offer(meter, 1000 * i)
      sampler.offer({ source: 'trainer', powerW: 200 + i, cadenceRpm: 90 }, 1000 * i + 500)
      return sampler.take(1000 * i + 500)?.powerW
    })
    expect(watts).toEqual([240, undefined, undefined, 203, 204, 205, 206, 207])
  })

  test('[B102] coasting with falling watts, a value that moves, and a trainer without cadence are believed', () => {
    expect(
      said(
        new Sampler(),
        [220, 180, 130, 70, 20, 0, 0, 0].map((w) => trainer(w, 0)),
      ),
    ).toHaveLength(8)
    expect(
      said(
        new Sampler(),
        Array.from({ length: 30 }, (_, i) => trainer(200 + (i % 2), 0)),
      ),
    ).toHaveLength(30)
    expect(said(new Sampler(), repeat(30, trainer(220)))).toHaveLength(30)
    expect(said(new Sampler(), repeat(30, trainer(220, undefined, 8)))).toHaveLength(30)
  })

  test('[B102] a cadence that never was more than zero is held against watts that stand still only while the wheel does, too', () => {
    const rolling = Array.from({ length: 30 }, (_, i) => trainer(200, 0, 9 + (i % 3) / 100))
    expect(said(new Sampler(), rolling)).toHaveLength(30)
    const watts = (samples: readonly { powerW: number }[]): number => samples.filter(({ powerW }) => powerW > 0).length
    expect(watts(said(new Sampler(), repeat(30, trainer(200, 0, 9))))).toBe(2)
    expect(watts(said(new Sampler(), repeat(30, trainer(200, 0))))).toBe(1)
    // It has turned once: its zero is one, whatever the flywheel does.
    expect(watts(said(new Sampler(), [trainer(200, 80, 9), ...rolling]))).toBe(2)
  })

  test("[B102] a trainer without cadence is held against another device's, and against its own wheel", () => {
    const beside = new Sampler()
    const samples = Array.from({ length: 20 }, (_, i) => {
      beside.offer({ source: 'cadence-sensor', cadenceRpm: 0 }, 1000 * i)
      beside.offer(trainer(220), 1000 * i + 10)
      return beside.take(1000 * i + 10)
    })
    expect(samples.filter((sample) => (sample?.powerW ?? 0) > 0)).toHaveLength(1)
    expect(said(new Sampler(), repeat(20, trainer(220, undefined, 0)))).toHaveLength(1)
  })
})

describe('what a person sees of it', () => {
  test('[B103] a device that is silent shows no value, neither its last one nor zero', () => {
    const sampler = new Sampler()
    sampler.offer({ source: 'trainer', deviceId: 't', powerW: 0, cadenceRpm: 0, heartRateBpm: 130 }, 0)
    expect(sampler.freshOf('t', 2999)).toEqual({ powerW: 0, cadenceRpm: 0, heartRateBpm: 130 })
    expect(sampler.freshOf('t', 3000)).toEqual({ powerW: undefined, cadenceRpm: undefined, heartRateBpm: 130 })
    expect(sampler.freshOf('t', 5000)).toEqual({})
    expect(sampler.freshOf('stranger', 0)).toEqual({})
  })

  test('[B100] two straps are two: the choice holds, and each change is told once, with why', () => {
    const sampler = new Sampler()
    const beat = (deviceId: string, heartRateBpm: number, atMs: number): void =>
      sampler.offer({ source: 'strap', deviceId, heartRateBpm }, atMs)
    beat('old', 120, 0)
    beat('new', 140, 100)
    expect(sampler.takeChanges(100)).toEqual([
      { quantity: 'heartRateBpm', fromId: undefined, toId: 'old', why: 'first' },
    ])
    sampler.choose('heartRateBpm', 'new', 200)
    expect(sampler.takeChanges(200)).toEqual([{ quantity: 'heartRateBpm', fromId: 'old', toId: 'new', why: 'chosen' }])
    expect(sampler.takeChanges(300)).toEqual([])
    expect(sampler.sources(300)[2]).toEqual({ quantity: 'heartRateBpm', deviceId: 'new', chosenId: 'new' })
    beat('old', 121, 5000)
    expect(sampler.takeChanges(5200)).toEqual([{ quantity: 'heartRateBpm', fromId: 'new', toId: 'old', why: 'silent' }])
    expect(sampler.takeChanges(60_000)).toEqual([
      { quantity: 'heartRateBpm', fromId: 'old', toId: undefined, why: 'silent' },
    ])
    sampler.forget('new')
    expect(sampler.sources(60_000)[2]).toMatchObject({ chosenId: undefined })
  })
})
