import { expect, test } from 'vitest'
import { smallNetwork } from '#test/sim/small-network'
import { SegmentWatch, TRACE_POINTS } from './segment-watch.ts'

const { course, network } = smallNetwork()
const way = network.ways.find(({ name, twin }) => name === 'ne' && twin >= 0)!
const segment = {
  id: 's',
  name: 'S',
  kind: 'sprint',
  along: [{ way: way.id, fromM: 40, toM: 240 }],
  lengthM: 200,
} as const
const watched = { ...network, segments: [segment] }
const even = Array.from({ length: TRACE_POINTS }, (_, k) => k + 1)
const watch = () => new SegmentWatch(course, watched, () => even)

/** At a steady speed along the way, ten looks a second. */
function ride(on: SegmentWatch, fromM: number, toM: number, mps: number, fromS = 0) {
  let done: ReturnType<SegmentWatch['ride']>
  let atS = fromS
  for (let m = fromM; m <= toM; m += mps / 10, atS += 0.1) done = on.ride(way.startM + m, atS) ?? done
  return { done, atS }
}

test('[U12] a segment is timed between its lines, to the hundredth, and its trace rises to the end', () => {
  const { done } = ride(watch(), 10, 260, 8)
  expect(done?.isBest).toBe(true)
  expect(done!.trace).toHaveLength(TRACE_POINTS)
  expect(done!.trace.at(-1)).toBeCloseTo(25, 2)
  expect(done!.trace[31]).toBeCloseTo(12.5, 2)
})

test('[U12] the live delta is against my own trace at this very place', () => {
  const on = watch()
  const { atS } = ride(on, 10, 260, 8)
  on.ride(way.startM + 10, atS + 100) // Came round again.
  const second = ride(on, 10.5, 140, 10, atS + 100.05)
  const now = on.now(second.atS - 0.1, () => NaN)
  expect(now?.ownDeltaS).toBeCloseTo(-2.5, 1)
})

test('[U12] against the best of all an even effort is ridden, and a board has each rider once', () => {
  const on = watch()
  on.effort('s', { riderId: 7, name: 'G', ms: 20_000 })
  on.effort('s', { riderId: 7, name: 'G', ms: 24_000 })
  on.effort('s', { riderId: 8, name: 'H', ms: 22_000 })
  expect(on.board('s').map(({ riderId, ms }) => [riderId, ms])).toEqual([
    [7, 20_000],
    [8, 22_000],
  ])
  const { atS } = ride(on, 10, 140, 8)
  expect(on.now(atS - 0.1, () => NaN)?.bestDeltaS).toBeCloseTo(2.5, 1)
})

test('[U12] who joins in the middle, or is moved, has no try', () => {
  const on = watch()
  ride(on, 100, 200, 8)
  expect(on.now(20, () => NaN)).toBeUndefined()
  ride(on, 10, 100, 8)
  on.ride(way.startM + 300, 30)
  expect(on.now(30, () => NaN)).toBeUndefined()
})

test('[U12] one that is ahead is told with its distance', () => {
  expect(watch().now(0, () => 320)).toMatchObject({ id: 's', aheadM: 320, elapsedS: undefined })
  expect(watch().now(0, () => 1400)).toBeUndefined()
})
