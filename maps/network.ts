import type { SegmentKind } from './format.ts'

/**
 * A map as it is ridden: ways on one tape, and what lies along them. Made from a map file by the baker; the same on the
 * server and in every client.
 */
export interface Network {
  readonly ways: readonly Way[]
  readonly routes: readonly Route[]
  readonly segments: readonly Segment[]
  readonly lines: readonly NetworkLine[]
  readonly pens: readonly Pen[]
  readonly spawns: readonly Spawn[]
  readonly zones: readonly Zone[]
}

/** A strip of road ridden in one direction, or a connector across a junction. Its number is its index. */
export interface Way {
  readonly id: number
  /** Name of the road, for signs; of a connector, of the road it leads to. */
  readonly name: string
  readonly kind: 'road' | 'connector'
  /** The road of the map file it belongs to, and whether it is ridden against the order of its points; connectors: ''. */
  readonly roadId: string
  readonly isReversed: boolean
  /** Node it comes from and leads to, by id; a connector has the same twice; '' where there is none. */
  readonly fromNode: string
  readonly toNode: string
  /** On the tape, m; whole metres. A way without end (a plain loop) ends at Infinity. */
  readonly startM: number
  readonly endM: number
  /** The strip in the opposite direction, −1: none. */
  readonly twin: number
  /** What can be ridden next, the default first. Empty: the road ends. */
  readonly exits: readonly Exit[]
  /** Bridges and tunnels along it, m from the start of the way. */
  readonly spans: readonly { readonly kind: 'bridge' | 'tunnel'; readonly fromM: number; readonly toM: number }[]
}

export interface Exit {
  readonly way: number
  /** One of TURN. */
  readonly turn: number
}

/** Where an exit leads; the wire and physics count the same way (`physics/course`, by shape). */
export const TURN = { none: 0, left: 1, straight: 2, right: 3, back: 4 } as const

/** A stretch of one way. */
export interface Stretch {
  readonly way: number
  /** Metres from the start of the way. */
  readonly fromM: number
  readonly toM: number
}

/**
 * A lead-in, ridden once, and a lap, ridden as often as asked (or a way from A to B, ridden once). Route metre 0 is the
 * front of the pen. Legs are whole ways, the first one excepted, which begins in the pen; on a plain loop there is one
 * leg, from the pen once round. The finish line is crossed at finishM, finishM + lapM, … (`maps/routes.ts`).
 */
export interface Route {
  readonly id: string
  readonly name: string
  readonly penId: string
  /** How often it is usually ridden. */
  readonly laps: number
  /** Ways in the order they are ridden, connectors included: lead-in first, then one lap. `atM` is route metres at the leg's begin. */
  readonly legs: readonly Leg[]
  /** Index of the first leg of the lap. */
  readonly lapLeg: number
  readonly leadInM: number
  readonly lapM: number
  /** The last leg leads to the first of the lap. */
  readonly isLap: boolean
  /** Metres climbed on the lead-in, and on one lap (or on the rest of the way from A to B). */
  readonly leadInClimbM: number
  readonly climbM: number
  /** The line that counts laps or ends the route, by id, and where it lies on the route, m (first time). */
  readonly finishLineId: string
  readonly finishM: number
}

export interface Leg extends Stretch {
  /** Route metres where it begins. */
  readonly atM: number
}

export interface Segment {
  readonly id: string
  readonly name: string
  readonly kind: SegmentKind
  /** In the order they are ridden; only a rider who rode them all, begin to end, has ridden the segment. */
  readonly along: readonly Stretch[]
  readonly lengthM: number
}

export interface NetworkLine {
  readonly id: string
  readonly name: string
  readonly way: number
  readonly atM: number
}

export interface Pen {
  readonly id: string
  readonly way: number
  /** The first row stands here, m from the start of the way; rows go back from it. */
  readonly atM: number
  readonly rows: number
  readonly abreast: number
}

export interface Spawn {
  readonly way: number
  readonly atM: number
  readonly lateralM: number
}

/** A free-ride zone beside the road: a rectangle with gates (docs/zones.md). */
export interface Zone {
  readonly id: string
  readonly name: string
  /** Middle, m east and north; height; which way its long side points, unit vector. */
  readonly xM: number
  readonly yM: number
  readonly zM: number
  readonly dirX: number
  readonly dirY: number
  readonly lengthM: number
  readonly widthM: number
  readonly seed: number
  readonly entry: NetworkLine
  readonly exit: NetworkLine
}

/** A road without junctions, routes or anything along it, of one way: a plain loop or a plain straight. */
export function bareNetwork(): Network {
  const way = {
    ...{ id: 0, name: '', kind: 'road' as const, roadId: '', isReversed: false, fromNode: '', toNode: '' },
    ...{ startM: 0, endM: Infinity, twin: -1, exits: [], spans: [] },
  }
  return { ways: [way], routes: [], segments: [], lines: [], pens: [], spawns: [], zones: [] }
}
