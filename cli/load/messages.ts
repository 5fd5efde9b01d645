import type { LinkProfile } from '#bench/sync/link'

/** What the three processes of a load run tell each other; typed arrays pass as they are. */

export interface ServerOrder {
  readonly map: string
  /** A route of it and its length; '' and the tape's where it has none. */
  readonly routeId: string
  readonly roadM: number
  readonly field: FieldShape
  readonly riders: number
}

export type FieldShape = 'groups' | 'bunch'

export type FromServer =
  | { readonly kind: 'open'; readonly url: string }
  | { readonly kind: 'failed'; readonly sentence: string }
  | ({ readonly kind: 'truth' } & Truth)

/** What every client ought to believe of each rider at a tick. */
export interface Truth {
  readonly tick: number
  readonly ids: Uint32Array
  /** By tier, one of TIER. */
  readonly hashes: readonly Uint32Array[]
}

export interface FleetOrder {
  readonly kind: 'ride'
  readonly url: string
  /** These numbers of the whole field. */
  readonly from: number
  readonly riders: number
  readonly seed: number
  readonly joinsPerS: number
  /** Of so many riders one carries everybody in view. */
  readonly carryEvery: number
  /** How many each of them wishes to see. */
  readonly viewRiders: number
  readonly map: string
  /** Each way of each rider's path; undefined: straight. */
  readonly link: LinkProfile | undefined
}

export type ToFleet =
  | FleetOrder
  | ({ readonly kind: 'truth' } & Truth)
  /** Forgets what was measured so far. */
  | { readonly kind: 'measure' }
  | { readonly kind: 'tell' }
  | { readonly kind: 'stop' }

export type FromFleet =
  | { readonly kind: 'joined'; readonly joined: number }
  | { readonly kind: 'told'; readonly counts: FleetCounts }
  | { readonly kind: 'failed'; readonly sentence: string }

/** What a fleet has counted since it was told to measure. */
export interface FleetCounts {
  readonly riders: number
  readonly connected: number
  readonly carrying: number
  readonly datagramsIn: number
  readonly bytesIn: number
  readonly datagramsOut: number
  readonly bytesOut: number
  readonly samples: number
  readonly records: number
  /** Sessions that ended, and datagrams refused by clients, by reason. */
  readonly closed: Readonly<Record<string, number>>
  readonly rejects: Readonly<Record<string, number>>
  /** Answers of the server's doors that were refusals, by sentence. */
  readonly refusals: Readonly<Record<string, number>>
  /** Riders in view compared with the server, and those of them that were the same to the last bit; fewest in view. */
  readonly compared: number
  readonly agreed: number
  /** Those that were not, and were not a second later either: their news is late, or somebody is mistaken. */
  readonly stillDiffer: number
  /** Checks heard by those who carry their view, and checks that did not fit: who fails one is mistaken. */
  readonly checks: number
  readonly doubts: number
  readonly unmatched: number
  readonly fewestSeen: number
  readonly meanSeen: number
  readonly rttMs: Float64Array
  readonly answeredMs: Float64Array
  /** From the token to being let in, and to the first riders seen. */
  readonly connectMs: Float64Array
  readonly firstSeenMs: Float64Array
  readonly cpuS: number
  readonly loopLateP99Ms: number
  readonly rssBytes: number
  readonly wallS: number
}
