import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { badWeather, BadNetwork, FINE } from '#cli/sim/bad-network'
import { fileWorkJ, rideRecorded } from '#cli/sim/run-recorded'
import { simulate } from '#cli/sim/simulation'
import { VirtualClock } from '#cli/sim/virtual-clock'
import { readFit, type FitRecord } from '#server/import/fit'
import { replayJournal } from '#server/world/replay'
import { smallMap } from './small-map.ts'
import { smallNetwork } from './small-network.ts'

const map = smallMap()

/** A seed that once failed stays in this list. */
const SEEDS = [1, 2, 7, 93]

describe('server, clients and a bad network', () => {
  test.each(SEEDS)('[S1] seed %i: no invariant breaks, and every client draws what the server has', (seed) => {
    const done = simulate({ map, seed, seconds: 24, lossShare: 0.05 })
    expect(done.failures).toEqual([])
    expect(done.ticks).toBe(480)
    // At 65 ms and 5 % loss; others surge by 500 W without a warning.
    expect(done.remoteErrorMaxM).toBeLessThan(1.5)
    expect(done.ownErrorMaxM).toBeLessThan(1)
    expect(done.records).toBeGreaterThan(150)
    expect(done.reconnections).toBe(1)
    expect(done.datagramsLost).toBeGreaterThan(30)
    expect(done.samplesCredited).toBeGreaterThan(0.9 * done.samplesSent)
  })

  test.each([3, 44])(
    '[W18] on a network, seed %i: riders turn where they like, and every client draws what the server has',
    (seed) => {
      const square = smallNetwork()
      const done = simulate({ map: square, seed, seconds: 60, lossShare: 0.05 })
      expect(done.failures).toEqual([])
      expect(done.lines.filter((line) => line.startsWith('["turn"')).length).toBeGreaterThan(5)
      expect(done.remoteErrorMaxM).toBeLessThan(3)
      expect(done.ownErrorMaxM).toBeLessThan(2)
      const again = replayJournal(done.lines, square)
      if (!again.ok) expect.fail(again.error)
      expect(again.world.stateHash()).toBe(done.hash)
    },
  )

  test('[S2] the same seed twice is the same hash and the same journal; another seed is another', () => {
    const ride = (seed: number) => simulate({ map, seed, seconds: 15, lossShare: 0.2 })
    const [first, second, other] = [ride(5), ride(5), ride(6)]
    expect(second).toEqual(first)
    expect(other.hash).not.toBe(first.hash)
  })

  test('[S3] the journal of a simulation replays to its hash', () => {
    const done = simulate({ map, seed: 9, seconds: 61, lossShare: 0.1 })
    const again = replayJournal(done.lines, map)
    if (!again.ok) expect.fail(again.error)
    expect([again.world.stateHash(), again.checkpoints]).toEqual([done.hash, 1])
  })

  test('[S4] with half of everything lost the ride goes on and no work is invented', () => {
    const done = simulate({ map, seed: 21, seconds: 24, lossShare: 0.5 })
    expect(done.failures.filter((sentence) => !sentence.includes('session ended'))).toEqual([])
    expect(done.samplesCredited).toBeGreaterThan(0.5 * done.samplesSent)
  })

  test('[S5] a fine network changes nothing but the errors', () => {
    const done = simulate({ map, seed: 4, seconds: 20, lossShare: 0, weather: FINE })
    expect(done.failures).toEqual([])
    expect(done.datagramsLost).toBe(0)
    expect(done.refusals['forged'] ?? 0).toBe(0)
    expect(done.remoteErrorMaxM).toBeLessThan(0.5)
  })
})

describe('a recorded ride through the real codecs', () => {
  const ride = (records: readonly FitRecord[], lossShare = 0.05) => rideRecorded({ map, records, seed: 1, lossShare })

  test('[S6] gaps count as the server counts them: three seconds held, two of decay, nothing after', () => {
    const random = createRandom(6)
    const records: FitRecord[] = []
    let atS = 0
    for (let i = 0; i < 120; i++) {
      records.push({ atS, powerW: Math.round(350 * random.fraction()), cadenceRpm: 90, heartRateBpm: 150 })
      atS += i % 10 === 9 ? 1 + Math.floor(60 * random.fraction()) : 1
    }
    const ridden = ride(records)
    const expectedJ = fileWorkJ(records)
    expect(Math.abs(ridden.workCreditedJ - expectedJ)).toBeLessThan(1e-6 * expectedJ)
    expect([ridden.failure, ridden.samplesTaken, ridden.stampExcessMs]).toEqual([undefined, 120, 0])
    expect([ridden.cadenceSeen, ridden.heartRateSeen]).toEqual([true, true])
  })

  test('[S7] one watt more in one record is one joule more', () => {
    const records = Array.from({ length: 60 }, (_, atS) => ({ atS, powerW: 200 }))
    const more = records.with(30, { atS: 30, powerW: 201 })
    expect(ride(records).workCreditedJ).toBeCloseTo(12_000, 6)
    expect(ride(more).workCreditedJ).toBeCloseTo(12_001, 6)
  })

  const fit = fileURLToPath(new URL('../../../shared/data/routes/edge810-vector-power.fit', import.meta.url))
  test.skipIf(!existsSync(fit))('[S8] five minutes of a real file are credited to the joule (needs ../shared)', () => {
    const read = readFit(new Uint8Array(readFileSync(fit)), 'edge810')
    if (!read.ok) expect.fail(read.error)
    const records = read.value.records.slice(0, 300)
    const expectedJ = fileWorkJ(records)
    expect(expectedJ).toBeGreaterThan(20_000)
    expect(Math.abs(ride(records).workCreditedJ - expectedJ)).toBeLessThan(1e-6 * expectedJ)
  })
})

describe('virtual time and the bad network', () => {
  test('[S9] timers fire in order of time, then of setting; cancelled ones never; time stops where it is told to', () => {
    const clock = new VirtualClock()
    const fired: string[] = []
    const random = createRandom(2)
    for (let i = 0; i < 300; i++) {
      const delayMs = Math.floor(50 * random.fraction())
      clock.after(delayMs, () => fired.push(`${String(delayMs).padStart(2, '0')}.${String(i).padStart(3, '0')}`))
    }
    clock.after(10, () => clock.after(0, () => fired.push('10.nested')))
    clock.after(5, () => fired.push('never'))()
    clock.runUntil(20)
    expect(clock.nowMs()).toBe(20)
    const early = fired.length
    clock.runUntil(100)
    expect(fired.length).toBe(301)
    expect(early).toBeLessThan(301)
    const plain = fired.filter((name) => name !== '10.nested')
    expect(plain).toEqual(plain.toSorted())
    expect(fired.indexOf('10.nested')).toBeLessThan(fired.findIndex((name) => name.startsWith('11')))
  })

  test('[S10] the network does what its weather says, near enough, and the same from the same seed', () => {
    const run = (seed: number) => {
      const clock = new VirtualClock()
      const network = new BadNetwork(clock, createRandom(seed), { ...badWeather(0.3), burstShare: 0 })
      const arrived: number[] = []
      for (let i = 0; i < 5000; i++)
        network.send(Uint8Array.of(i & 0xff, i >> 8), ([a, b]) => arrived.push(a! + 256 * b!))
      clock.runUntil(1000)
      return { counts: network.counts, arrived }
    }
    const { counts, arrived } = run(3)
    expect(counts.lost / 5000).toBeGreaterThan(0.27)
    expect(counts.lost / 5000).toBeLessThan(0.34)
    expect(counts.duplicated).toBeGreaterThan(50)
    expect(counts.corrupted).toBeGreaterThan(5)
    expect(counts.delivered).toBe(5000 + counts.duplicated - counts.lost)
    expect(arrived).not.toEqual(arrived.toSorted((a, b) => a - b))
    expect(run(3)).toEqual({ counts, arrived })
  })
})
