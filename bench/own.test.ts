import { expect, test } from 'vitest'
import { quantile } from './own.ts'
import { ownRide } from './own-ride.ts'
import { benchRoad } from './road.ts'

const LINE = { rttMs: 150, jitterMs: 15, loss: 0.05 }
const ROADS = [
  ['thrushford', 'parade-circuit', 1, false],
  ['thrushford', 'bell-kermesse', 2, true],
  ['high-gentian', 'valley-loop', 3, false],
] as const

test('[D148] in a bunch on three roads, 150 ms, 5 % lost, 15 ms of jitter: corrected by 3 cm along and 8 cm sideways, 99 times in 100, and never a pop', () => {
  const rides = ROADS.map(([mapId, routeId, seed, hasTurns]) =>
    ownRide({ map: benchRoad(mapId), routeId, seed, seconds: 60, riders: 24, measured: 6, ...LINE, hasTurns }),
  )
  const corrections = rides.flatMap((ride) => ride.corrections)
  expect(corrections.length).toBeGreaterThan(5000)
  const p99 = (of: 'alongM' | 'lateralM'): number =>
    quantile(
      corrections.map((each) => each[of]),
      0.99,
    )
  expect(p99('alongM')).toBeLessThan(0.03)
  expect(p99('lateralM')).toBeLessThan(0.08)
  expect(rides.map(({ pops, snaps }) => pops + snaps)).toEqual([0, 0, 0])
  const clockMs = rides.flatMap((ride) => ride.clockMs.map(Math.abs))
  expect(quantile(clockMs, 0.99)).toBeLessThan(5)
  // There was something to correct: bars, turns, shelter, contact, other lines.
  const causes = new Set(corrections.map((each) => each.cause))
  for (const cause of ['contact', 'line', 'steer', 'turn', 'draft'] as const) expect(causes).toContain(cause)
  // Own blocks cost a rider in a bunch less than 200 bytes a second.
  const bytes = rides.reduce((sum, ride) => sum + ride.ownBits, 0) / 8
  expect(bytes / (3 * 6 * 60)).toBeLessThan(200)
})

test('[S16] kept together, with legs from 60 to 140 %: a page that is told of the middle is corrected as on any road, and less than half as wrong', () => {
  const map = benchRoad('thrushford')
  const ride = (isMiddleTold: boolean) =>
    ownRide({
      ...{ map, routeId: 'parade-circuit', seed: 1, seconds: 40, riders: 16, measured: 6 },
      ...{ ...LINE, isTogether: true, isMiddleTold },
    })
  const [told, untold] = [ride(true), ride(false)]
  const corrected = ({ corrections }: typeof told): number =>
    quantile(
      corrections.map((each) => each.alongM),
      0.99,
    )
  expect(corrected(told)).toBeLessThan(0.03)
  expect(corrected(told)).toBeLessThan(0.8 * corrected(untold))
  expect(quantile(told.alongM, 0.99)).toBeLessThan(0.5 * quantile(untold.alongM, 0.99))
  expect(told.pops + told.snaps).toBe(0)
})
