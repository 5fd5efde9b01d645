import type { Weather } from '#physics/weather'
import { CALM } from '#physics/weather'
import type { Sprint } from './legs.ts'

/** Riders who begin together. */
export interface Group {
  readonly count: number
  /** Metres of this route, or of this way, where the first of them begins; the others behind, `gapM` a row. */
  readonly routeId?: string
  readonly way?: number
  readonly atM: number
  readonly abreast: number
  readonly gapM: number
  readonly speedMps: number
  readonly wattsPerKg: number
  readonly isRoaming?: boolean
}

export interface StagePlan {
  readonly name: string
  readonly worldId: string
  readonly weather: Weather
  readonly groups: readonly Group[]
  readonly sprints: readonly Sprint[]
}

const BREEZE: Weather = { windEastMps: 3, windNorthMps: -2, gustShare: 0.4, seaLevelC: 18, isWet: false }

/**
 * Where the trace rides. On the lake road a bunch of a hundred with a sprint, a chase, and stragglers; on the pass one
 * field goes up while another comes down and both meet; in the town races through corners, and riders who turn at
 * junctions as they please, both ways of the same streets.
 */
export const HARD_STAGES: readonly StagePlan[] = [
  {
    name: 'bunch',
    worldId: 'sorrelmere',
    weather: BREEZE,
    groups: [
      { count: 100, atM: 1200, abreast: 5, gapM: 2.6, speedMps: 10.5, wattsPerKg: 3, routeId: 'round-the-mere' },
      { count: 40, atM: 1000, abreast: 3, gapM: 2.8, speedMps: 10.5, wattsPerKg: 3.2, routeId: 'round-the-mere' },
      { count: 40, atM: 1600, abreast: 1, gapM: 14, speedMps: 9.5, wattsPerKg: 2.8, routeId: 'round-the-mere' },
      { count: 60, atM: 840, abreast: 1, gapM: 11, speedMps: 9, wattsPerKg: 2.4, routeId: 'round-the-mere' },
    ],
    sprints: [
      { fromS: 40, toS: 50, group: 0, ofTen: 3 },
      { fromS: 64, toS: 76, group: 0, ofTen: 6 },
      { fromS: 56, toS: 62, group: 1, ofTen: 5 },
    ],
  },
  {
    name: 'pass',
    worldId: 'high-gentian',
    weather: CALM,
    groups: [
      { count: 70, way: 10, atM: 3000, abreast: 4, gapM: 3, speedMps: 4.5, wattsPerKg: 3.6 },
      { count: 50, way: 10, atM: 2740, abreast: 2, gapM: 4, speedMps: 4, wattsPerKg: 3.1 },
      { count: 50, way: 11, atM: 5800, abreast: 2, gapM: 7, speedMps: 13, wattsPerKg: 2.5 },
      { count: 70, way: 11, atM: 5500, abreast: 1, gapM: 9, speedMps: 13, wattsPerKg: 2 },
    ],
    sprints: [{ fromS: 52, toS: 62, group: 0, ofTen: 3 }],
  },
  {
    name: 'town',
    worldId: 'thrushford',
    weather: CALM,
    groups: [
      { count: 70, atM: 300, abreast: 4, gapM: 2.7, speedMps: 10, wattsPerKg: 3.2, routeId: 'grand-prix' },
      { count: 50, atM: 300, abreast: 3, gapM: 2.8, speedMps: 10, wattsPerKg: 3, routeId: 'bell-kermesse' },
      { count: 50, atM: 250, abreast: 2, gapM: 5, speedMps: 8, wattsPerKg: 2.6, routeId: 'bell-kermesse' },
      { count: 35, way: 4, atM: 700, abreast: 1, gapM: 9, speedMps: 8, wattsPerKg: 2.6, isRoaming: true },
      { count: 35, way: 5, atM: 700, abreast: 1, gapM: 9, speedMps: 8, wattsPerKg: 2.6, isRoaming: true },
    ],
    sprints: [
      { fromS: 42, toS: 52, group: 0, ofTen: 4 },
      { fromS: 67, toS: 77, group: 1, ofTen: 4 },
    ],
  },
]
