/** What a ride was, second by second, and what it came to. */

/** Who rode what; written down when the ride begins. */
export interface ActivityHead {
  readonly id: string
  /** The person, by UUID: the same in every room and after every restart. */
  readonly riderUuid: string
  readonly name: string
  /** The rider alone; the rider's own affair, never told to others. */
  readonly massKg: number
  readonly mapId: string
  readonly mapName: string
  readonly mapHash: string
  /** Where metre (0, 0) of the map lies, for files that want a place on earth (`anchor.ts`). */
  readonly anchor: Anchor
  /** The race it was; '': none. */
  readonly eventId: string
  readonly eventTitle: string
  /** ms since 1970; the first row tells of the second that begins here. */
  readonly startMs: number
}

export interface Anchor {
  readonly latDeg: number
  readonly lonDeg: number
}

/** One second, as it stood at its end. */
export interface ActivityRow {
  /** Seconds since the start of the ride; strictly rising, with gaps where the rider stood or nobody was there to see. */
  readonly atS: number
  /** Mean of the second, as the server's ledger has credited it: the rows add up to the work. */
  readonly powerW: number
  readonly cadenceRpm: number
  /** 0: no strap. */
  readonly heartRateBpm: number
  readonly speedMps: number
  /** Ridden since the start. */
  readonly distanceM: number
  readonly placeM: number
  readonly way: number
  readonly heightM: number
  readonly gradeFraction: number
  /** Watts at the pedals that riders ahead spare; negative where riders beside cost some. */
  readonly savedW: number
  readonly temperatureC: number
  /** On the map: east, north. */
  readonly xM: number
  readonly yM: number
}

/** Something that happened at the end of second `atS`. */
export type ActivityMark =
  | { readonly kind: 'lap'; readonly atS: number }
  | { readonly kind: 'segment'; readonly atS: number; readonly id: string; readonly name: string; readonly ms: number }
  | { readonly kind: 'pause'; readonly atS: number }
  | { readonly kind: 'resume'; readonly atS: number }
  /** From here on the ride is in this journal, under this number: there its film is. */
  | {
      readonly kind: 'stay'
      readonly atS: number
      readonly journal: string
      readonly riderId: number
      readonly fromTick: number
    }
  /** Sums so far that no row holds, J; the last one counts. */
  | {
      readonly kind: 'books'
      readonly atS: number
      readonly workJ: number
      readonly brakeJ: number
      readonly contactJ: number
    }

export interface Activity {
  readonly head: ActivityHead
  readonly rows: readonly ActivityRow[]
  readonly marks: readonly ActivityMark[]
}

/** Best means over these lengths, s. */
export const BEST_LENGTHS_S = [5, 60, 300, 1200, 3600] as const

export interface ActivitySummary {
  readonly distanceM: number
  /** From the first second to the last, and without the pauses. */
  readonly elapsedS: number
  readonly movingS: number
  readonly workJ: number
  readonly averageW: number
  readonly maxW: number
  /** Fourth-power mean of the 30 s mean: what an even ride as hard as this would have been. 0 below half a minute. */
  readonly weightedW: number
  /** While pedalling. */
  readonly averageRpm: number
  readonly maxRpm: number
  /** Null without a strap. */
  readonly averageBpm: number | null
  readonly maxBpm: number | null
  readonly averageMps: number
  readonly maxMps: number
  readonly climbM: number
  readonly savedJ: number
  /** What brakes and other riders took. */
  readonly brakeJ: number
  readonly contactJ: number
  readonly bests: readonly { readonly lengthS: number; readonly powerW: number; readonly atS: number }[]
  readonly splits: readonly Stint[]
  readonly laps: readonly Stint[]
  readonly segments: readonly {
    readonly id: string
    readonly name: string
    readonly ms: number
    readonly atS: number
  }[]
}

/** A kilometre or a lap. */
export interface Stint {
  readonly fromS: number
  readonly toS: number
  readonly movingS: number
  readonly distanceM: number
  readonly averageW: number
  readonly maxW: number
  readonly averageRpm: number
  readonly averageBpm: number | null
  readonly climbM: number
}

/** Less than this is no ride. [A33] */
export const MOVING_MIN_S = 60
export const DISTANCE_MIN_M = 200
