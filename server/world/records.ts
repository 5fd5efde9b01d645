import type { Weather } from '#physics/weather'
import type { Fact } from './facts.ts'
import type { ZoneChange } from './zone-host.ts'

/** One line of a journal: inputs (`join`, `leave`, `session`, `sample`, `fact`, `zone`) and outputs kept to be compared. Ticks are of the state the input was applied to. */
export interface JournalHeader {
  readonly format: 'gruppetto-journal'
  readonly version: 1
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
  | readonly ['fact', tick: number, fact: Fact]
  /** Into a free-ride zone, or out of it: an input, for a replay does not ride there. */
  | readonly ['zone', tick: number, row: number, change: ZoneChange]
  | readonly ['crossing', tick: number, fraction: number, riderId: number, lineId: string, lap: number]
  | readonly ['checkpoint', tick: number, hash: string, state: CheckpointState]
  | readonly ['end', tick: number, hash: string]

export interface JoinRecord {
  readonly riderId: number
  readonly massKg: number
  readonly cdaM2: number
  readonly distanceM: number
  readonly lateralM: number
  readonly isBot: boolean
  readonly held: boolean
}

/** Everything the next step reads, as text: columns cut at `count`, base64, in the order of RIDER_COLUMNS then LEDGER_COLUMNS. */
export interface CheckpointState {
  readonly count: number
  readonly columns: string
  readonly weather: Weather
  readonly run: unknown
  readonly crossings: readonly (readonly [
    tick: number,
    fraction: number,
    riderId: number,
    lineId: string,
    lap: number,
  ])[]
}
