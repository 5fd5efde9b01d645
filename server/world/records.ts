import type { SkySpell } from '#physics/sky'
import type { Weather, WeatherSpell } from '#physics/weather'
import type { Fact } from './facts.ts'
import type { ZoneChange } from './zone-host.ts'

/** 2: places on a tape of ways, turns, routes, efforts. `gear` came later: journals without it are journals all the same. */
export const JOURNAL_VERSION = 2

/** One line of a journal: inputs (`join`, `leave`, `session`, `sample`, `turn`, `route`, `gear`, `fact`, `zone`) and outputs kept to be compared. Ticks are of the state the input was applied to. */
export interface JournalHeader {
  readonly format: 'gruppetto-journal'
  readonly version: typeof JOURNAL_VERSION
  readonly mapId: string
  readonly mapHash: string
  readonly physicsVersion: string
  readonly protocolVersion: number
  readonly seed: number
  readonly roomId: string
  readonly riderCapacity: number
}

export type JournalRecord =
  | readonly ['join', tick: number, row: number, join: JoinRecord]
  /** The hash of the row as it was left: its last inputs are in no later checkpoint. */
  | readonly ['leave', tick: number, row: number, rowHash: string]
  /** A new input session of a rider who is here: new sequences, new clock. */
  | readonly ['session', tick: number, row: number]
  | readonly [
      'sample',
      tick: number,
      row: number,
      sequence: number,
      atMs: number,
      powerW: number,
      cadenceHalfRpm: number,
      heartRateBpm: number,
      steer: number,
    ]
  /** A wish for the next junction; a route taken from here on ('': none). */
  | readonly ['turn', tick: number, row: number, turn: number]
  | readonly ['route', tick: number, row: number, routeId: string]
  /** What the rider's end says of its trainer and devices (protocol's OwnGear); moves nobody. */
  | readonly [
      'gear',
      tick: number,
      row: number,
      trainerMode: number,
      targetW: number,
      powerSource: number,
      cadenceSource: number,
      heartRateSource: number,
    ]
  | readonly ['fact', tick: number, fact: Fact]
  /** Into a free-ride zone, or out of it: an input, for a replay does not ride there. */
  | readonly ['zone', tick: number, row: number, change: ZoneChange]
  | readonly ['crossing', tick: number, fraction: number, riderId: number, lineId: string, lap: number]
  /** A segment, whole; begun and ended at these ticks, parts of a tick included. */
  | readonly ['effort', tick: number, row: number, segmentId: string, fromTicks: number, toTicks: number]
  | readonly ['checkpoint', tick: number, hash: string, state: CheckpointState]
  | readonly ['end', tick: number, hash: string]

export interface JoinRecord {
  readonly riderId: number
  readonly massKg: number
  readonly cdaM2: number
  /** Road behind the rider; on a route its metres, which then say the place. */
  readonly distanceM: number
  /** Metre of tape, off every route. */
  readonly placeM: number
  /** '': none. */
  readonly routeId: string
  readonly lateralM: number
  readonly isBot: boolean
  readonly held: boolean
  /** Who drops in beside a rider comes at their speed; absent: from a stand. */
  readonly speedMps?: number
}

/** Everything the next step reads, as text: columns cut at `count`, base64, in the order of RIDER_COLUMNS then LEDGER_COLUMNS. */
export interface CheckpointState {
  readonly count: number
  readonly columns: string
  readonly weather: Weather
  /** Weather that was announced and does not hold yet. */
  readonly coming: readonly WeatherSpell[]
  /** What was said of the sky; absent where nobody did. */
  readonly skies?: readonly SkySpell[]
  readonly run: unknown
  /** The route whose riders are kept together; absent: none. */
  readonly together?: string
  readonly crossings: readonly (readonly [
    tick: number,
    fraction: number,
    riderId: number,
    lineId: string,
    lap: number,
  ])[]
}
