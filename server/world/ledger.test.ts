import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RiderId, Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { INPUT_SAMPLES_MAX, POWER_DECAY_MS, POWER_HOLD_MS, TICK_MS } from '#protocol/limits'
import { testCourse } from '#test/sim/road'
import { World } from './world.ts'

const TAIL_TICKS = (POWER_HOLD_MS + POWER_DECAY_MS) / TICK_MS

function worldWithRider() {
  const world = new World({ course: testCourse(), riderCapacity: 4 })
  const row = world.join({
    riderId: 1 as RiderId,
    massKg: 80,
    cdaM2: 0.32,
    distanceM: 0,
    lateralM: 0,
    isBot: false,
    held: false,
  })
  return { world, row }
}

const sampleOf = (sequence: number, atMs: number, powerW: number): InputSample => ({
  sequence: (sequence & 0xffff) as Sequence,
  atMs: atMs >>> 0,
  powerW,
  cadenceHalfRpm: 180,
  heartRateBpm: 140,
  steer: 0,
})

/** Joules of a sample held for so long, by the words of docs/ARCHITECTURE.md: hold 3 s, fall within 2 s. By summing milliseconds. */
function worthJ(powerW: number, forMs: number): number {
  let sumJ = 0
  for (let ms = 0; ms < Math.min(forMs, 5000); ms++) {
    const middleMs = ms + 0.5
    sumJ += (powerW * (middleMs < 3000 ? 1 : (5000 - middleMs) / 2000)) / 1000
  }
  return sumJ
}

function stampIntegralJ(samples: readonly InputSample[]): number {
  return samples.reduce((sum, s, i) => {
    const next = samples[i + 1]
    return sum + worthJ(s.powerW, next === undefined ? 5000 : (next.atMs - s.atMs) >>> 0)
  }, 0)
}

function steps(world: World, count: number) {
  for (let i = 0; i < count; i++) world.step()
}

/** Enough for the last sample to decay and every debt to be paid or recovered. */
function settle(world: World) {
  steps(world, TAIL_TICKS)
  for (let i = 0; i < 20_000 && world.riders.owedJ[0] !== 0; i++) world.step()
}

describe('power by the sender’s stamps', () => {
  test('[W1] watts hold three seconds, fall in a straight line for two, and the work is their integral', () => {
    const { world, row } = worldWithRider()
    world.post(row, sampleOf(0, 0, 200))
    const shown: number[] = []
    for (let i = 0; i < TAIL_TICKS + 2; i++) {
      world.step()
      shown.push(world.riders.powerW[row]!)
    }
    expect([shown[0], shown[60], shown[80], shown[99], shown[100]]).toEqual([200, 200, 100, 5, 0])
    expect(world.riders.workJ[row]).toBeCloseTo(200 * 4, 9)
  })

  test('[W2] whatever the network does short of losing five packets in a row, the work credited is the stamps’ integral', () => {
    fc.assert(
      fc.property(
        fc.record({
          powers: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 3, maxLength: 60 }),
          gapsMs: fc.array(fc.integer({ min: 200, max: 1500 }), { minLength: 60, maxLength: 60 }),
          startMs: fc.constantFrom(0, 12_345, 2 ** 32 - 9000), // The last one wraps within the ride.
          delaysMs: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 60, maxLength: 60 }),
          losses: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 60, maxLength: 60 }),
          lossPct: fc.integer({ min: 0, max: 75 }),
          doubled: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        }),
        ({ powers, gapsMs, startMs, delaysMs, losses, lossPct, doubled }) => {
          const { world, row } = worldWithRider()
          const samples: InputSample[] = []
          const sentMs: number[] = []
          let nowMs = 0
          for (let i = 0; i < powers.length; i++) {
            samples.push(sampleOf(65_530 + i, startMs + nowMs, powers[i]!))
            sentMs.push(nowMs)
            nowMs += gapsMs[i]!
          }
          // A packet is lost by chance, but never INPUT_SAMPLES_MAX in a row, nor the last one.
          let lostInARow = 0
          const arrivals: { atMs: number; samples: InputSample[] }[] = []
          for (let i = 0; i < samples.length; i++) {
            const mayBeLost = lostInARow < INPUT_SAMPLES_MAX - 1 && i < samples.length - 1
            if (mayBeLost && losses[i]! < lossPct) {
              lostInARow++
              continue
            }
            lostInARow = 0
            const packet = samples.slice(Math.max(0, i - INPUT_SAMPLES_MAX + 1), i + 1)
            arrivals.push({ atMs: sentMs[i]! + delaysMs[i]!, samples: packet })
            if (doubled[i]!) arrivals.push({ atMs: sentMs[i]! + delaysMs[i]! + 700, samples: packet })
          }
          arrivals.sort((a, b) => a.atMs - b.atMs)
          const integralJ = stampIntegralJ(keptInOrder(samples, arrivals))
          for (const arrival of arrivals) {
            while (world.tick * TICK_MS < arrival.atMs) world.step()
            for (const sample of arrival.samples) world.post(row, sample)
          }
          settle(world)
          const owedJ = world.riders.owedJ[row]!
          const creditedJ = world.riders.workJ[row]! + owedJ
          // Who came to a stand with too much keeps owing it; nobody else does.
          expect(owedJ).toBeLessThanOrEqual(0)
          if (world.riders.speedMps[row]! > 2) expect(owedJ).toBe(0)
          expect(Math.abs(creditedJ - integralJ)).toBeLessThanOrEqual(1e-6 * integralJ + 1e-9)
          expect(world.counters.stampExcessMs).toBe(0)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('[W3] stamps that run ahead of the server by more than a second earn nothing for the excess, which is counted', () => {
    const { world, row } = worldWithRider()
    for (let i = 0; i < 60; i++) {
      world.post(row, sampleOf(i, i * 2000, 300)) // Two seconds of stamps in every second.
      steps(world, 20)
    }
    settle(world)
    // 59 s had passed when the last sample came, one second of lead is allowed, and its own watts are worth four.
    expect(world.riders.workJ[row]).toBeCloseTo(300 * (59 + 1 + 4), 6)
    expect(world.counters.stampExcessMs).toBe(59 * 2000 - 60_000)
  })

  test('[W4] [D150] the first samples may have waited for their connection since the rider joined, but no longer than five seconds', () => {
    const { world, row } = worldWithRider()
    steps(world, 20 * 60) // A minute on the road without a trainer.
    for (let i = 0; i < 30; i++) world.post(row, sampleOf(i, i * 1000, 100))
    settle(world)
    expect(world.riders.workJ[row]).toBeCloseTo(100 * (5 + 1 + 4), 6)
  })

  test('[W5] repeated and overtaken sequences change nothing', () => {
    const { world, row } = worldWithRider()
    for (const [sequence, atMs] of [
      [10, 1000],
      [12, 3000],
    ] as const) {
      world.post(row, sampleOf(sequence, atMs, 250))
      steps(world, 40)
    }
    const before = world.stateHash()
    const twin = worldWithRider().world
    world.post(row, sampleOf(12, 3000, 999))
    world.post(row, sampleOf(11, 2000, 999))
    world.post(row, sampleOf(10, 1000, 999))
    expect(world.stateHash()).toBe(before)
    for (const [sequence, atMs] of [
      [10, 1000],
      [12, 3000],
    ] as const) {
      twin.post(row, sampleOf(sequence, atMs, 250))
      steps(twin, 40)
    }
    steps(world, 10)
    steps(twin, 10)
    expect(world.stateHash()).toBe(twin.stateHash())
    expect(world.counters.samplesRefused).toBe(3)
  })

  test('[W6] a resumed bridge starts a new baseline: new sequences, new clock, no joule made of the difference', () => {
    const { world, row } = worldWithRider()
    for (let i = 0; i < 10; i++) {
      world.post(row, sampleOf(5000 + i, 90_000_000 + i * 1000, 200))
      steps(world, 20)
    }
    world.resume(row)
    for (let i = 0; i < 10; i++) {
      world.post(row, sampleOf(i, 17 + i * 1000, 200))
      steps(world, 20)
    }
    settle(world)
    expect(world.riders.workJ[row]).toBeCloseTo(200 * (19 + 4), 6)
    expect(world.counters.samplesTaken).toBe(20)
  })

  test('[W9] neither reconnecting nor setting the clock back earns more than a second in all', () => {
    for (const cheat of ['reconnect', 'clock back'] as const) {
      for (const waitTicks of [1, 20, 90]) {
        const { world, row } = worldWithRider()
        let sequence = 0
        let sinceTick = 0
        while (world.tick < 20 * 120) {
          if (cheat === 'reconnect') world.resume(row)
          steps(world, waitTicks)
          for (let i = 0; i < 6; i++) world.post(row, sampleOf(sequence++, i * 1000, 300))
          steps(world, 1)
          sinceTick = world.tick
        }
        const earnedJ = world.riders.workJ[row]! + world.riders.owedJ[row]!
        expect(earnedJ).toBeLessThanOrEqual(300 * (sinceTick / 20 + 1) + 1e-6)
      }
    }
  })

  test('[W7] a stop that was heard late is taken back from the rider: the account ends at the stamps’ integral', () => {
    const { world, row } = worldWithRider()
    for (let i = 0; i < 20; i++) {
      world.post(row, sampleOf(i, i * 1000, 250))
      steps(world, 20)
    }
    steps(world, 40)
    world.post(row, sampleOf(20, 20_000, 0)) // Two seconds late.
    expect(world.riders.workJ[row]).toBeGreaterThan(250 * 20)
    settle(world)
    expect(world.riders.workJ[row]).toBeCloseTo(250 * 20, 6)
  })

  test('[W7] standing pays nothing back: watts that were never made are owed until legs or wheels give them', () => {
    const { world, row } = worldWithRider()
    world.post(row, sampleOf(0, 0, 300))
    steps(world, 100)
    world.post(row, sampleOf(1, 1, 0)) // It was one millisecond of them.
    world.step()
    const owedJ = world.riders.owedJ[row]!
    expect(owedJ).toBeLessThan(-1000)
    for (let i = 0; i < 2000; i++) {
      world.riders.speedMps[row] = 0
      world.step()
    }
    expect(world.riders.owedJ[row]).toBeCloseTo(owedJ, 0)
    const workJ = world.riders.workJ[row]!
    for (let i = 2; i < 40; i++) {
      world.post(row, sampleOf(i, i * 1000 + 105_000, 200))
      steps(world, 20)
    }
    settle(world)
    expect(world.riders.owedJ[row]).toBe(0)
    // 38 s of 200 W, less what was owed; the last sample held and fell for four more.
    expect(world.riders.workJ[row]! - workJ - owedJ).toBeCloseTo(200 * (37 + 4), 0)
  })

  test('[W10] what is owed reaches the wheels: behind a bad network a rider comes as far as behind a good one', () => {
    const prompt = worldWithRider().world
    const clumped = worldWithRider().world
    const row = 0 as never
    const waiting: InputSample[] = []
    for (let i = 0; i < 120; i++) {
      // Every other second a surge; of each clump the ticks see only the pause at its end.
      const sample = sampleOf(i, i * 1000, i % 2 === 0 ? 500 : 0)
      prompt.post(row, sample)
      waiting.push(sample)
      if (i % 4 === 3) for (const late of waiting.splice(0)) clumped.post(row, late)
      steps(prompt, 20)
      steps(clumped, 20)
    }
    settle(prompt)
    settle(clumped)
    while (prompt.tick < clumped.tick) prompt.step()
    while (clumped.tick < prompt.tick) clumped.step()
    expect(clumped.riders.workJ[0]).toBeCloseTo(prompt.riders.workJ[0]!, 6)
    const shareOfWay = clumped.riders.distanceM[0]! / prompt.riders.distanceM[0]!
    expect(shareOfWay).toBeGreaterThan(0.95)
    expect(shareOfWay).toBeLessThan(1.01)
  })

  test('[W8] the payout is bounded and never shown: others see the watts that were measured', () => {
    const { world, row } = worldWithRider()
    world.post(row, sampleOf(0, 0, 2000))
    steps(world, 20 * 6)
    world.post(row, sampleOf(1, 3000, 2000))
    world.post(row, sampleOf(2, 6000, 100))
    let paidJ = world.riders.workJ[row]!
    for (let i = 0; i < 40; i++) {
      world.step()
      expect(world.riders.powerW[row]).toBe(100)
      const legsJ = world.riders.workJ[row]! - paidJ
      expect(legsJ).toBeLessThanOrEqual(100 / 20 + 25 + 1e-9)
      paidJ = world.riders.workJ[row]!
    }
    expect(world.riders.owedJ[row]).toBeGreaterThan(0)
  })
})

/** What a receiver that refuses overtaken sequences is left with: a packet so late that five newer ones came first brings nothing. */
function keptInOrder(
  samples: readonly InputSample[],
  arrivals: readonly { atMs: number; samples: readonly InputSample[] }[],
): InputSample[] {
  const indexOf = new Map(samples.map((s, i) => [s.sequence, i]))
  const kept: InputSample[] = []
  let newest = -1
  const byTick = Map.groupBy(arrivals, ({ atMs }) => Math.ceil(atMs / TICK_MS))
  for (const together of byTick.values()) {
    const indices = together.flatMap((arrival) => arrival.samples.map((s) => indexOf.get(s.sequence)!))
    for (const index of [...new Set(indices)].toSorted((a, b) => a - b)) {
      if (index <= newest) continue
      kept.push(samples[index]!)
      newest = index
    }
  }
  return kept
}
