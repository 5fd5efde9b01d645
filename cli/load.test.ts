import { describe, expect, test } from 'vitest'
import { createRiderState } from '#protocol/rider-state'
import { DelayLine } from './load/delay-line.ts'
import { curvePicture, type CurvePoint } from './load/curve.ts'
import { breakingPoint, loadFigures } from './load/figures.ts'
import { Legs } from './load/legs.ts'
import { runLoad, type LoadOptions } from './load/run.ts'
import { percentile, Samples } from './load/samples.ts'
import { parseMetrics, Span } from './load/scrape.ts'
import { placesOf } from './load/start-places.ts'
import { hashRiderState } from './load/state-hash.ts'

const options: LoadOptions = {
  ...{
    riders: 20,
    seconds: 3,
    settleS: 2,
    joinsPerS: 50,
    generators: 2,
    aead: 'auto',
    carryEvery: 1,
    viewRiders: 64,
    seed: 1,
  },
  ...{ map: 'sorrelmere', routeId: '', roadM: 12_612, field: 'groups', link: undefined, floodPerS: 2000 },
  ...{
    server: undefined,
    serverFlags: [],
    generatorFlags: [],
    onProgress: () => {},
    signal: new AbortController().signal,
  },
}

describe('gruppetto load', () => {
  test('twenty riders in two processes, strangers at the door: all connected, all see all, every belief is the server’s', async () => {
    process.env['GRUPPETTO_STORE'] = 'pglite' // Up in a second.
    const { figures, failures } = loadFigures(await runLoad(options))
    const value = (name: string): number => Number(figures[name]?.value)
    expect(failures).toEqual([])
    expect(value('riders')).toBe(20)
    expect(value('riders.seen.fewest')).toBe(19)
    expect(value('views.compared')).toBeGreaterThanOrEqual(20 * 19)
    expect(value('views.agreed')).toBe(1)
    expect(value('views.wrong')).toBe(0)
    expect(value('lost.down')).toBe(0)
    expect(value('ticks')).toBeGreaterThan(30)
    expect(value('up.packets')).toBeGreaterThan(5)
    expect(value('down.packets')).toBeGreaterThan(5)
    expect(value('flood.sent')).toBeGreaterThan(100)
    expect(value('server.refused.token-forged') + value('server.refused.unknown-connection')).not.toBe(0)
  }, 60_000)

  test('a histogram is read between two of its ends, and only what rose counts', () => {
    const text = (counts: readonly number[]) =>
      ['# TYPE t histogram', ...[10, 20, 50].map((le, i) => `t_bucket{map="a",le="${le}"} ${counts[i]}`)]
        .concat([
          `t_bucket{map="a",le="+Inf"} ${counts[3]}`,
          `t_sum{map="a"} ${counts[3]! * 5}`,
          `c{what="x"} ${counts[0]}`,
        ])
        .join('\n')
    const span = new Span(parseMetrics(text([5, 5, 5, 5])), parseMetrics(text([5, 105, 204, 205])))
    const found = span.histogram('t', 'map="a"')
    expect([found.count, found.percentile(0.25), found.percentile(0.5), found.worst]).toEqual([200, 15, 20, 50])
    expect([found.above(50), found.above(10), found.mean]).toEqual([1 - 199 / 200, 1, 5])
    expect(span.risen('c')).toEqual({})
  })

  test('a reservoir keeps an even sample and the largest', () => {
    const samples = new Samples(100)
    for (let i = 1; i <= 10_000; i++) samples.add(i)
    expect([samples.count, samples.max, samples.take(1000).length]).toEqual([10_000, 10_000, 100])
    expect(percentile(samples.take(1000), 0.5)).toBeGreaterThan(3000)
    expect(percentile(samples.take(1000), 0.5)).toBeLessThan(7000)
    expect(percentile(Float64Array.of(3, 1, 2), 0.5)).toBe(2)
  })

  test('what is delayed arrives in its millisecond, in order, once', () => {
    const line = new DelayLine()
    const came: string[] = []
    line.empty(100)
    line.add(105.5, () => came.push('b'))
    line.add(103, () => came.push('a'))
    line.add(99, () => came.push('late')) // Its time is over: with the next that is emptied.
    line.empty(104)
    expect(came).toEqual(['late', 'a'])
    line.empty(110)
    line.empty(120)
    expect(came).toEqual(['late', 'a', 'b'])
  })

  test('legs are a trainer’s: one to four samples a second, within bounds, from a seed', () => {
    const ride = (seed: number) => {
      const legs = new Legs(seed)
      return Array.from({ length: 400 }, (_none, i) => legs.sample(i * legs.everyMs))
    }
    expect(ride(3)).toEqual(ride(3))
    const rides = Array.from({ length: 30 }, (_none, seed) => ride(seed)).flat()
    expect(new Set(Array.from({ length: 30 }, (_none, seed) => new Legs(seed).everyMs))).toEqual(
      new Set([250, 500, 1000]),
    )
    expect(Math.max(...rides.map(({ powerW }) => powerW))).toBeGreaterThan(500)
    expect(rides.some(({ powerW, cadenceHalfRpm }) => powerW === 0 && cadenceHalfRpm === 0)).toBe(true)
    expect(rides.some(({ steer }) => steer !== 0)).toBe(true)
    for (const { powerW, steer } of rides) expect(powerW >= 0 && powerW < 3000 && Math.abs(steer) <= 127).toBe(true)
  })

  test('groups of forty lie round the road, a bunch behind one place, nobody on top of another', () => {
    const body = { name: '', massKg: 75, heightM: 1.8 }
    const places = (field: 'groups' | 'bunch') => {
      const next = placesOf({ map: '', routeId: '', roadM: 10_000, field, riders: 400 })
      return Array.from({ length: 400 }, () => next(body))
    }
    for (const field of ['groups', 'bunch'] as const)
      expect(new Set(places(field).map(({ distanceM, lateralM }) => `${distanceM} ${lateralM}`)).size).toBe(400)
    const spreadM = places('bunch').map(({ distanceM }) => distanceM!)
    expect(Math.max(...spreadM) - Math.min(...spreadM)).toBeLessThan(500)
    expect(new Set(places('groups').map(({ distanceM }) => Math.ceil(distanceM! / 1000))).size).toBe(10)
  })

  test('one bit of a state is another hash', () => {
    const state = createRiderState()
    const before = hashRiderState(state)
    state.lateralM += 1 / 1024
    expect(hashRiderState(state)).not.toBe(before)
    state.lateralM -= 1 / 1024
    expect(hashRiderState(state)).toBe(before)
  })

  test('the curve says where it breaks and what the tick is full of then', () => {
    const point = (riders: number, lateShare: number): CurvePoint => ({
      ...{ riders, lateShare, worldMs: riders / 500, packetsMs: riders / 50, restMs: 3, generatorMs: 20 },
      ...{ doneP50Ms: 10, doneP99Ms: 30, doneWorstMs: 60 },
    })
    const points = [point(500, 0), point(1000, 0.0005), point(1500, 0.3), point(2000, 0)]
    expect(breakingPoint(points)).toEqual({
      holds: 1000,
      sentence:
        'at 1500: a tick costs 30 ms packets, 3 ms world, 3 ms receiving and the rest; the riders’ processes 20 ms',
    })
    expect(breakingPoint(points.slice(0, 2))).toEqual({ holds: 1000, sentence: 'nowhere on this curve' })
    const svg = curvePicture(points, 'a machine')
    expect(svg).toContain('a machine')
    expect(svg).not.toContain('NaN')
  })
})
