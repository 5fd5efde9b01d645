import { describe, expect, test } from 'vitest'
import { type Reading, Sampler } from './sample.ts'
import { type WorkCounter, type WorkGap, WorkGaps } from './work-gap.ts'

/** Messages every 250 ms, each an event of its watts; what is at −1 does not arrive. Answers with what the gaps are worth. */
function offered(gaps: WorkGaps, watts: readonly number[], lost: ReadonlySet<number>, startW = 65_500): WorkGap[] {
  let sumW = startW
  const told: WorkGap[] = []
  watts.forEach((powerW, i) => {
    sumW = (sumW + powerW) & 0xffff
    if (lost.has(i)) return
    const gap = gaps.offer({ kind: 'power', sumW, events: (i + 250) & 0xff }, powerW, 1000 + 250 * i)
    if (gap !== undefined) told.push(gap)
  })
  return told
}
const lostFrom = (from: number, count: number): ReadonlySet<number> =>
  new Set(Array.from({ length: count }, (_, i) => from + i))

describe('what a counter says of a gap', () => {
  test('[B104] summed watts say to the joule what was lost, over their roll-over', () => {
    const watts = Array.from({ length: 30 }, (_, i) => 100 + 37 * i)
    const [gap, ...none] = offered(new WorkGaps(), watts, lostFrom(10, 7))
    expect(none).toEqual([])
    // The reading before it counts for its own beat, then the seven that were lost; the one after it counts after it.
    const lostW = watts.slice(9, 17).reduce((sum, powerW) => sum + powerW, 0)
    expect(gap).toEqual({ fromMs: 1000 + 250 * 9, toMs: 1000 + 250 * 17, workJ: lostW / 4 })
  })

  test('[B105] a gap of more than five seconds stays one', () => {
    const watts = Array.from({ length: 60 }, () => 200)
    expect(offered(new WorkGaps(), watts, lostFrom(20, 19))).toHaveLength(1)
    expect(offered(new WorkGaps(), watts, lostFrom(20, 20))).toEqual([])
  })

  test('[B105] counters that began anew say nothing, wherever they begin', () => {
    for (let begin = 0; begin < 65_536; begin += 257) {
      const gaps = new WorkGaps()
      offered(
        gaps,
        Array.from({ length: 20 }, () => 200),
        new Set(),
      )
      const atMs = 1000 + 250 * 20 + 1000
      const gap = gaps.offer({ kind: 'power', sumW: begin, events: 77 }, 200, atMs)
      expect(gap).toBeUndefined()
    }
  })

  test('[B147] a sum that jumped while its events went on invents no sprint: at most twice the watts around it and 400', () => {
    let told = 0
    for (let jump = 0; jump < 65_536; jump += 257) {
      const gaps = new WorkGaps()
      offered(
        gaps,
        Array.from({ length: 20 }, () => 200),
        new Set(),
      )
      // Eight events, as the beat has it, and any sum.
      const sumW = (65_500 + 20 * 200 + jump) & 0xffff
      const gap = gaps.offer({ kind: 'power', sumW, events: (250 + 19 + 8) & 0xff }, 200, 1000 + 250 * 27)
      if (gap === undefined) continue
      told++
      expect(gap.workJ / 2).toBeLessThanOrEqual(800)
    }
    // A sprint that the next reading still shows is believed.
    expect(told).toBeGreaterThan(20)
    const sprint = [...Array.from({ length: 20 }, () => 200), ...Array.from({ length: 8 }, () => 1300), 700]
    expect(offered(new WorkGaps(), sprint, lostFrom(20, 8))).toHaveLength(1)
  })

  test('[B105] whatever a counter says, a gap is worth no less than nothing and no more than three kilowatts', () => {
    let state = 12_345
    const random = (below: number): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below
    let told = 0
    for (let round = 0; round < 20_000; round++) {
      const gaps = new WorkGaps()
      let atMs = 0
      for (let i = 0; i < 8; i++) {
        atMs += random(3000)
        const counter: WorkCounter =
          round % 2 === 0
            ? { kind: 'power', sumW: random(65_536), events: i * (1 + random(3)) }
            : { kind: 'torque', torque32: random(65_536), ticks: random(65_536), ticksPerS: 2048 }
        const gap = gaps.offer(counter, random(3001), atMs)
        if (gap === undefined) continue
        told++
        expect(gap.workJ).toBeGreaterThanOrEqual(0)
        expect(gap.workJ).toBeLessThanOrEqual((3000 * (gap.toMs - gap.fromMs)) / 1000)
      }
    }
    expect(told).toBeGreaterThan(1000)
  })

  test('[B104] a device that says each event several times: its repeats are no gap, and count as what was credited', () => {
    const gaps = new WorkGaps()
    let told: WorkGap | undefined
    for (let i = 0; i < 24; i++) {
      const event = Math.floor(i / 4)
      told = gaps.offer({ kind: 'power', sumW: 200 * event, events: event }, 200, 250 * i)
      expect(told).toBeUndefined()
    }
    // Events 6 and 7 of 400 W are lost with all their repeats; event 8 has 200 W again.
    told = gaps.offer({ kind: 'power', sumW: 200 * 5 + 800 + 200, events: 8 }, 200, 8000)
    // The last repeat came at 5750, 750 ms after its event: 250 ms of 200 W are left, and two seconds of 400 W.
    expect(told).toEqual({ fromMs: 5750, toMs: 8000, workJ: 50 + 800 })
  })
})

describe('samples for a gap', () => {
  const meter = (powerW: number, sumW: number, events: number): Reading => ({
    ...{ source: 'power-meter', powerW, cadenceRpm: 90, counter: { kind: 'power', sumW, events } },
  })
  /** Five seconds of 200 W at 1 Hz, then nothing until `event`, which says that each lost one had `lostW`. */
  function gapUntil(event: number, lostW: number, between?: (sampler: Sampler, atMs: number) => void) {
    const sampler = new Sampler()
    for (let i = 0; i <= 5; i++) {
      sampler.offer(meter(200, 200 * i, i), 1000 * i)
      while (sampler.take(1000 * i) !== undefined);
    }
    between?.(sampler, 5600)
    sampler.offer(meter(210, 200 * 5 + lostW * (event - 6) + 210, event), 1000 * event)
    const samples = []
    for (let s = sampler.take(1000 * event); s !== undefined; s = sampler.take(1000 * event)) samples.push(s)
    return samples.map(({ atMs, powerW, sequence }) => ({ atMs, powerW, sequence }))
  }

  test('[B104] come before the reading that tells of it, with stamps inside the gap, and add up to the milliwattsecond', () => {
    const samples = gapUntil(8, 301)
    expect(samples.at(-1)).toEqual({ atMs: 8000, powerW: 210, sequence: 8 })
    const late = samples.slice(0, -1)
    // 200 + 301 + 301 over three seconds: 267 W and a third.
    expect(late).toEqual([
      { atMs: 5000, powerW: 267, sequence: 6 },
      { atMs: 7000, powerW: 268, sequence: 7 },
    ])
  })

  test('[B104] bars that moved meanwhile have told some of the time already', () => {
    const steer = (sampler: Sampler, atMs: number): void => {
      sampler.offer({ source: 'controls', steer: 40 }, atMs)
      expect(sampler.take(atMs)).toMatchObject({ atMs, powerW: 200 })
    }
    const samples = gapUntil(8, 301, steer)
    const workWms = samples.slice(0, -1).reduce((sum, s, i) => sum + s.powerW * (samples[i + 1]!.atMs - s.atMs), 0)
    expect(samples[0]!.atMs).toBe(5600)
    expect(workWms + 200 * 600).toBe(802_000)
  })

  test('[B105] another device that gave watts meanwhile has told the gap, and nothing is added', () => {
    const trainer = (sampler: Sampler): void => {
      sampler.choose('powerW', 'trainer', 5500)
      sampler.offer({ source: 'trainer', powerW: 190 }, 5600)
      expect(sampler.take(5600)).toMatchObject({ powerW: 190 })
      sampler.choose('powerW', undefined, 5700)
    }
    expect(gapUntil(8, 301, trainer)).toHaveLength(1)
  })
})
