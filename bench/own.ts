import type { LoadedWorld } from '#maps/load'
import { benchRoad } from './road.ts'
import type { Rounds } from './measure.ts'
import type { Figure, Measured } from './measured.ts'
import { CAUSES, ownRide, type OwnRidden } from './own-ride.ts'

/** Four roads, each with its own trouble: corners, junctions, descents, wind. */
const ROADS = [
  ['thrushford', 'parade-circuit'],
  ['thrushford', 'bell-kermesse'],
  ['high-gentian', 'valley-loop'],
  ['gannetholm', 'heron-loop'],
] as const
const SECONDS = 120
const LINE = { rttMs: 150, jitterMs: 15, loss: 0.05 }
const BUNCH = { riders: 24, measured: 6 }

/** What riders' own pictures have to be corrected by: one seed a round, each on every road, with bars and with turns. */
export async function benchOwn({ rounds, onRound }: Rounds): Promise<Measured> {
  const rides: OwnRidden[] = []
  const maps = ROADS.map(([mapId]) => benchRoad(mapId))
  for (let seed = 1; seed <= rounds; seed++) {
    for (const [i, [mapId, routeId]] of ROADS.entries()) {
      rides.push(
        ownRide({ map: maps[i]!, routeId, seed, seconds: SECONDS, ...BUNCH, ...LINE, hasTurns: seed % 2 === 0 }),
      )
      onRound?.((seed - 1) * ROADS.length + i + 1, rounds * ROADS.length, `${mapId}, seed ${seed}`)
    }
  }
  const told = rideTogether(rounds, maps[0]!, true)
  const untold = rideTogether(rounds, maps[0]!, false)
  const corrections = rides.flatMap((ride) => ride.corrections)
  const frames = rides.reduce((sum, ride) => sum + ride.frames, 0)
  const hours = frames / 60 / 3600
  const figures: Record<string, Figure> = {
    'own.hours': { value: hours, unit: 'h' },
    'own.blocksPerS': { value: corrections.length / hours / 3600, unit: '1/s' },
    'own.bytesPerS': {
      value: rides.reduce((sum, ride) => sum + ride.ownBits, 0) / 8 / (rides.length * BUNCH.measured * SECONDS),
      unit: 'B/s',
    },
    ...quantiles(
      'own.correction.along',
      corrections.map((each) => each.alongM),
      3,
    ),
    ...quantiles(
      'own.correction.sideways',
      corrections.map((each) => each.lateralM),
      8,
    ),
    'own.popsPerHour': target(rides.reduce((sum, ride) => sum + ride.pops + ride.snaps, 0) / hours, '1/h', 0),
    ...quantiles(
      'own.drawn.along',
      rides.flatMap((ride) => ride.alongM),
    ),
    ...quantiles(
      'own.drawn.sideways',
      rides.flatMap((ride) => ride.lateralM),
    ),
    'own.clock.p99': target(
      quantile(
        rides.flatMap((ride) => ride.clockMs.map(Math.abs)),
        0.99,
      ),
      'ms',
      5,
    ),
  }
  for (const [name, of] of [
    ['together', told],
    ['together.untold', untold],
  ] as const) {
    const along = of.flatMap((ride) => ride.corrections.map((each) => each.alongM))
    Object.assign(
      figures,
      quantiles(`own.${name}.correction`, along, name === 'together' ? 3 : undefined),
      quantiles(
        `own.${name}.drawn`,
        of.flatMap((ride) => ride.alongM),
      ),
    )
  }
  for (const cause of CAUSES) {
    const of = corrections.filter((each) => each.cause === cause)
    if (of.length === 0) continue
    figures[`own.${cause}.share`] = { value: (100 * of.length) / corrections.length, unit: '%' }
    figures[`own.${cause}.along.p99`] = {
      value:
        100 *
        quantile(
          of.map((each) => each.alongM),
          0.99,
        ),
      unit: 'cm',
    }
    figures[`own.${cause}.sideways.p99`] = {
      value:
        100 *
        quantile(
          of.map((each) => each.lateralM),
          0.99,
        ),
      unit: 'cm',
    }
  }
  return {
    method:
      `${BUNCH.measured} of ${BUNCH.riders} riders in a bunch, each with a client of their own behind ${LINE.rttMs} ms there and back, ` +
      `${LINE.loss * 100} % loss and ${LINE.jitterMs} ms of jitter each way; bars, surges, every second round turns and U-turns; ` +
      `${SECONDS} s on each of ${ROADS.length} routes a round, in virtual time. A correction is what one own block moves the picture by; ` +
      'a pop is a frame that moves somebody 10 cm otherwise than their speed. “drawn” is the picture against the server’s state ' +
      'of the same instant, the error of the clock included. “together”: legs from 60 to 140 % of the middle’s, kept together.',
    figures,
  }
}

/** Legs from 60 to 140 % of the middle's, kept together (docs/meet.md): with and without the room's word on where that is. */
function rideTogether(rounds: number, map: LoadedWorld, isMiddleTold: boolean): OwnRidden[] {
  const [, routeId] = ROADS[0]
  return Array.from({ length: rounds }, (_none, k) =>
    ownRide({ map, routeId, seed: k + 1, seconds: SECONDS / 2, ...BUNCH, ...LINE, isTogether: true, isMiddleTold }),
  )
}

function quantiles(name: string, valuesM: readonly number[], atMostCm?: number): Record<string, Figure> {
  const p99 = 100 * quantile(valuesM, 0.99)
  return {
    [`${name}.p50`]: { value: 100 * quantile(valuesM, 0.5), unit: 'cm' },
    [`${name}.p99`]: atMostCm === undefined ? { value: p99, unit: 'cm' } : target(p99, 'cm', atMostCm),
    [`${name}.max`]: { value: 100 * quantile(valuesM, 1), unit: 'cm' },
  }
}

const target = (value: number, unit: string, atMost: number): Figure => ({ value, unit, atMost, pass: value <= atMost })

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}
