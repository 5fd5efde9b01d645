import type { RiderId, Tick } from '#protocol/ids'

/** Names of the race model: event → run → crossings and decisions → results. Plain values, so that all of it can be journalled. */

export interface RaceRules {
  /** Map the race is ridden on. */
  readonly mapId: string
  /** Route of that map. */
  readonly routeId: string
  /** Name of the line that counts laps and ends the race. */
  readonly lineId: string
  /** Metres of the route at which it is crossed the first time … */
  readonly lineM: number
  /** … and the metres after which it comes again; 0: never. */
  readonly lapM: number
  /** Laps to ride; 1 on a route from A to B. */
  readonly laps: number
  /** The first crossing opens lap one and has lap 0: who has no such crossing did not start. */
  readonly hasStartCrossing: boolean
  /** The run ends this long after its first finisher; who is still out then did not finish. */
  readonly timeLimitS: number
  /** … or, where that is longer, after this share of the winner's time. */
  readonly timeLimitShare: number
}

/** A rider's place in an event, frozen when the run is set up. */
export interface Entry {
  readonly riderId: RiderId
  readonly bib: number
  readonly name: string
  readonly isBot: boolean
}

/** One start of an event in one room. */
export interface Run {
  readonly runId: string
  readonly eventId: string
  readonly rules: RaceRules
  readonly entries: readonly Entry[]
}

/** A rider over a line: the only truth about time. It lies inside the tick that leads to `tick`, `fraction` of it gone. */
export interface Crossing {
  readonly tick: Tick
  /** 0 < fraction ≤ 1. */
  readonly fraction: number
  readonly riderId: RiderId
  readonly lineId: string
  /** 0: the line was passed on the way out of the pen; n: lap n is done. */
  readonly lap: number
}

export type DecisionAction =
  | { readonly kind: 'dq' }
  | { readonly kind: 'time-penalty'; readonly penaltyMs: number }
  | { readonly kind: 'note' }
  /** Takes an earlier decision back; both stay in the list. */
  | { readonly kind: 'revert'; readonly decisionId: number }

/** What the organiser decided. Decisions are appended, never changed. */
export interface Decision {
  readonly id: number
  readonly riderId: RiderId
  readonly action: DecisionAction
  readonly reason: string
  readonly by: string
}

export type ResultStatus = 'finished' | 'dnf' | 'dns' | 'dq'

export interface Result {
  /** 1 is the winner; equal times share a place; null without a place. */
  readonly place: number | null
  readonly status: ResultStatus
  readonly riderId: RiderId
  readonly bib: number
  readonly name: string
  readonly isBot: boolean
  /** From the gun, penalties included; null unless finished. */
  readonly timeMs: number | null
  readonly gapMs: number | null
  readonly penaltyMs: number
  readonly laps: number
  readonly notes: readonly string[]
}
