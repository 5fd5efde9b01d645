/** The map file, format in docs/maps.md. `map.json` is what a person writes; `course.bin` is baked from it and hashed. */
export const MAP_FORMAT_VERSION = 1

/** metres; x east, y north, z up. */
export type Point = readonly [x: number, y: number, z: number]

export interface MapFile {
  readonly format: 'gruppetto-map'
  readonly version: typeof MAP_FORMAT_VERSION
  /** Folder name: lower case, digits, dashes. */
  readonly id: string
  readonly name: string
  readonly licence: string
  readonly author: string
  readonly isLoop: boolean
  /** Centre of the road; the baker lays a smooth curve through them. */
  readonly points: readonly Point[]
  readonly widthM: number
  /** Default rolling resistance, and stretches that differ. */
  readonly crr: number
  readonly surfaces: readonly {
    readonly fromM: number
    readonly toM: number
    readonly kind: string
    readonly crr: number
  }[]
  /** Named lines across the road; `start` is where laps are counted. */
  readonly lines: readonly { readonly id: string; readonly name: string; readonly atM: number }[]
  readonly segments: readonly {
    readonly id: string
    readonly name: string
    readonly fromM: number
    readonly toM: number
  }[]
  /** Where a rider appears, m along the road. */
  readonly spawnM: number
  /** Read by the picture only, hashed apart. */
  readonly scenery: { readonly seed: number; readonly [key: string]: unknown }
}

/** Distance between baked samples, m of road in three dimensions, exactly. A course is a whole number of them. */
export const BAKED_STEP_M = 1

/**
 * The baked columns, quantised to whole counts, one per BAKED_STEP_M (a loop does not repeat its first sample; a
 * straight course has its end as one more). Slope and height belong together: between samples slope is a straight line,
 * so height is its exact integral, heightCount[i+1] − heightCount[i] = slopeCount[i] + slopeCount[i+1].
 */
export interface BakedColumns {
  readonly count: number
  readonly isLoop: boolean
  /** dz/ds in SLOPE_UNIT. */
  readonly slopeCount: Int16Array
  /** Height in HEIGHT_UNIT_M. */
  readonly heightCount: Int32Array
  /** Position of the middle of the road, mm east and north. */
  readonly xMm: Int32Array
  readonly yMm: Int32Array
  /** Width, cm. */
  readonly widthCm: Uint16Array
  /** Rolling resistance in CRR_UNIT. */
  readonly crrCount: Uint16Array
}
export const SLOPE_UNIT = 1 / 65536
/** Half a step of one slope unit: the integral of a linear slope lands on whole counts. */
export const HEIGHT_UNIT_M = SLOPE_UNIT * BAKED_STEP_M * 0.5
export const CRR_UNIT = 1 / 65536
