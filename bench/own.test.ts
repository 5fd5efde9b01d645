import { expect, test } from 'vitest'
import { benchRoad } from './road.ts'
import { quantile } from './own.ts'
import { ownRide } from './own-ride.ts'

const LINE = { rttMs: 150, jitterMs: 15, loss: 0.05 }

test.each([
  ['thrushford', 'parade-circuit', 1, false],
  ['thrushford', 'bell-kermesse', 2, true],
  ['high-gentian', 'valley-loop', 3, false],
] as const)(
  '[D148] in a bunch on %s, %s, 150 ms, 5 % lost, 15 ms of jitter: corrected by 3 cm along and 8 cm sideways, 99 times in 100, and never a pop',
  (mapId, routeId, seed, hasTurns) => {
    const map = benchRoad(mapId)
    const ride = ownRide({ map, routeId, seed, seconds: 60, riders: 24, measured: 6, ...LINE, hasTurns })
    expect(ride.corrections.length).toBeGreaterThan(1500)
    expect(
      quantile(
        ride.corrections.map((each) => each.alongM),
        0.99,
      ),
    ).toBeLessThan(0.03)
    expect(
      quantile(
        ride.corrections.map((each) => each.lateralM),
        0.99,
      ),
    ).toBeLessThan(0.08)
    expect([ride.pops, ride.snaps]).toEqual([0, 0])
    expect(quantile(ride.clockMs.map(Math.abs), 0.99)).toBeLessThan(5)
    // There was something to correct: bars, shelter, contact, other lines.
    const causes = new Set(ride.corrections.map((each) => each.cause))
    for (const cause of ['contact', 'line', 'steer', 'draft'] as const) expect(causes).toContain(cause)
  },
)
