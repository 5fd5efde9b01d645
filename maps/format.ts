/** The map file, format in docs/maps.md. `map.json` is what a person or a program writes; `course.bin` is baked from it. */
export const MAP_FORMAT_VERSION = 1

/** metres; x east, y north, z up. */
export type Point = readonly [x: number, y: number, z: number]

/** A road and the direction it is ridden in: ">coast" as its points go, "<coast" against them. */
export type StripRef = string
/** One end of a road at a node: "coast.start" is its first point, "coast.end" its last. */
export type RoadEndRef = string

export interface MapFile {
  readonly format: 'gruppetto-map'
  readonly version: typeof MAP_FORMAT_VERSION
  /** Folder name: lower case, digits, dashes. */
  readonly id: string
  readonly name: string
  readonly licence: string
  readonly author: string
  readonly surfaces: readonly SurfaceKind[]
  readonly nodes: readonly MapNode[]
  readonly roads: readonly MapRoad[]
  readonly lines: readonly MapLine[]
  readonly routes: readonly MapRoute[]
  readonly segments: readonly MapSegment[]
  readonly pens: readonly MapPen[]
  /** Where riders appear; the first is the usual one. */
  readonly spawns: readonly MapSpawn[]
  readonly zones: readonly MapZone[]
  /** Read by the picture only, hashed apart. */
  readonly scenery: { readonly seed: number; readonly [key: string]: unknown }
}

/** Coefficient of rolling resistance on the dry surface, and the friction a tyre finds there. */
export interface SurfaceKind {
  readonly id: string
  readonly crr: number
  readonly grip: number
}

/** Where roads meet, or one ends. */
export interface MapNode {
  readonly id: string
  readonly at: Point
  /** How far from the node its roads are cut for the connectors, m; null: as far as turns of 8 m radius need. */
  readonly reachM: number | null
  /** Turns that nobody may take. */
  readonly closed: readonly { readonly from: RoadEndRef; readonly to: RoadEndRef }[]
  /** Exits taken by who wishes for nothing, where that is not the straightest. */
  readonly first: readonly { readonly from: RoadEndRef; readonly to: RoadEndRef }[]
}

/**
 * A road from node to node. A map of one single one-way road needs no nodes: closed it is a plain loop, open a plain
 * straight. All metres along a road are counted on its middle, from its first point, whichever way it is ridden.
 */
export interface MapRoad {
  readonly id: string
  readonly name: string
  /** Nodes at the first and the last point; null on a road that is the whole map. */
  readonly from: string | null
  readonly to: string | null
  /** The last point leads to the first. Only for a road that is the whole map. */
  readonly isClosed: boolean
  /** Otherwise two strips, each half as wide, right-hand traffic. */
  readonly isOneWay: boolean
  /** Middle of the road; the baker lays a smooth curve through them. */
  readonly points: readonly Point[]
  readonly widthM: number
  /** Id of a surface. */
  readonly surface: string
  /** How much of the open wind reaches it, 0 … 1. */
  readonly windShare: number
  /** Ends at which a rider may turn back, besides dead ends, where one always may. */
  readonly uTurn: 'none' | 'start' | 'end' | 'both'
  readonly widths: readonly (Span & { readonly widthM: number })[]
  readonly surfaces: readonly (Span & { readonly surface: string })[]
  /** Cross-slope, rise over run; positive: the right-hand side (as the points go) is the lower one. */
  readonly banks: readonly (Span & { readonly slope: number })[]
  readonly shelters: readonly (Span & { readonly windShare: number })[]
  /** Where the road is carried over, or goes under, what lies there. */
  readonly spans: readonly (Span & { readonly kind: 'bridge' | 'tunnel' })[]
}

/** A stretch of a road, m from its first point. */
export interface Span {
  readonly fromM: number
  readonly toM: number
}

/** A line across one strip. The line `start` is the map's own: there laps of a free ride are counted. */
export interface MapLine {
  readonly id: string
  readonly name: string
  readonly road: StripRef
  readonly atM: number
}

/** From the pen over the lead-in's roads, then the roads of the lap, again and again or (isLap false) once. */
export interface MapRoute {
  readonly id: string
  readonly name: string
  readonly pen: string
  readonly leadIn: readonly StripRef[]
  readonly roads: readonly StripRef[]
  readonly isLap: boolean
  /** How often it is usually ridden; 1 where it is no lap. */
  readonly laps: number
  /** A line on one of `roads`. */
  readonly finish: string
}

export interface MapSegment {
  readonly id: string
  readonly name: string
  readonly kind: SegmentKind
  /** Strips in the order they are ridden. */
  readonly along: readonly StripRef[]
  /** On the first of them … */
  readonly fromM: number
  /** … and on the last. */
  readonly toM: number
}
export type SegmentKind = 'sprint' | 'climb' | 'lap'

export interface MapPen {
  readonly id: string
  readonly road: StripRef
  /** The first row stands here; rows go back from it, PEN_ROW_M apart. */
  readonly atM: number
  readonly rows: number
  readonly abreast: number
}

export interface MapSpawn {
  readonly road: StripRef
  readonly atM: number
  /** m right of the middle of the strip. */
  readonly lateralM: number
}

/** A free-ride zone: a rectangle around `at`, its long side pointing towards a place; gates on strips. */
export interface MapZone {
  readonly id: string
  readonly name: string
  readonly at: Point
  readonly towards: readonly [x: number, y: number]
  readonly lengthM: number
  readonly widthM: number
  readonly seed: number
  readonly entry: Gate
  readonly exit: Gate
}
export interface Gate {
  readonly road: StripRef
  readonly atM: number
}

/** What a road may ask of a rider, for who draws one, makes one of a recording, or judges it (docs/maps.md): grade, rise over run … */
export const GRADE_MAX = 0.25
/** … how much it changes in a metre … */
export const GRADE_STEP_MAX = 0.01
/** … and how tight a bend is, m. */
export const RADIUS_MIN_M = 6

/** What a map may hold at most; `parseMap` complains beyond it. docs/maps.md has them as a table. */
export const MAP_LIMITS = {
  roads: 200,
  nodes: 200,
  /** Road ends at one node: a rider can wish for left, straight, right and back. */
  endsAtNode: 4,
  /** Over all roads. */
  points: 50_000,
  surfaces: 32,
  /** Of each kind, on one road. */
  stretches: 500,
  lines: 500,
  routes: 100,
  stripsOfRoute: 500,
  segments: 500,
  stripsOfSegment: 50,
  pens: 50,
  spawns: 50,
  zones: 10,
  textChars: 120,
  /** Lists and objects inside one another in what only the picture reads. */
  sceneryDepth: 12,
  coordinateM: 100_000,
  roadWidthM: [2, 50],
  crr: [0.001, 0.1],
  grip: [0.1, 1.5],
  bank: [-0.5, 0.5],
  reachM: [4, 80],
} as const
/** Rows of a pen stand this far apart, m. */
export const PEN_ROW_M = 2.5

/** Distance between baked samples, m of tape. A way is a whole number of them. */
export const BAKED_STEP_M = 1

/**
 * The tape: one sample per BAKED_STEP_M, quantised to whole counts, all ways one after the other. A way of n metres has
 * n + 1 samples and GUARD_SAMPLES that go on as it went; a plain loop has n and no guard, its last metre leads to the
 * first. Slope and height belong together: between samples slope is a straight line, so height is its exact integral,
 * heightCount[i+1] − heightCount[i] = slopeCount[i] + slopeCount[i+1].
 */
export interface BakedColumns {
  readonly count: number
  readonly isLoop: boolean
  readonly ways: readonly BakedWay[]
  readonly surfaces: readonly BakedSurface[]
  /** dz/ds in SLOPE_UNIT. */
  readonly slopeCount: Int16Array
  /** Height in HEIGHT_UNIT_M. */
  readonly heightCount: Int32Array
  /** Width of the strip, cm. */
  readonly widthCm: Uint16Array
  /** Index into `surfaces`. */
  readonly surface: Uint8Array
  /** Bend to the right in BEND_UNIT_PM. */
  readonly bendCount: Int16Array
  /** Cross-slope that leans into a bend to the right, in BANK_UNIT. */
  readonly bankCount: Int8Array
  /** Share of the open wind, in WIND_SHARE_UNIT. */
  readonly windCount: Uint8Array
  /** Unit vector along the strip seen from above, in DIRECTION_UNIT. */
  readonly eastCount: Int16Array
  readonly northCount: Int16Array
  /** Position of the middle of the strip, mm east and north. */
  readonly xMm: Int32Array
  readonly yMm: Int32Array
  /** Metres along the middle of the road, cm; 0 on connectors. */
  readonly roadCm: Int32Array
}

/** Where a way lies on the tape, and what follows it. Names are in `maps/network.ts`. */
export interface BakedWay {
  /** Sample, and metre of tape, where it begins. */
  readonly startM: number
  readonly lengthM: number
  /** The default first. */
  readonly exits: readonly { readonly way: number; readonly turn: number }[]
}

export interface BakedSurface {
  /** In CRR_UNIT and GRIP_UNIT. */
  readonly crrCount: number
  readonly gripCount: number
}

/** Samples behind the end of each way: look-ups up to this many metres beyond go on as the way went. */
export const GUARD_SAMPLES = 4
export const SLOPE_UNIT = 1 / 65536
/** Half a step of one slope unit: the integral of a linear slope lands on whole counts. */
export const HEIGHT_UNIT_M = SLOPE_UNIT * BAKED_STEP_M * 0.5
export const CRR_UNIT = 1 / 65536
export const GRIP_UNIT = 1 / 1024
/** ± 0.5 /m: radii down to 2 m. */
export const BEND_UNIT_PM = 1 / 65536
export const BANK_UNIT = 1 / 254
export const WIND_SHARE_UNIT = 1 / 255
export const DIRECTION_UNIT = 1 / 32767
