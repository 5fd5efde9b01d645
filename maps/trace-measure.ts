// runs once, when a road is made from a recording: it may use Math.sin and its like. Nothing that World.step reaches imports it.

/** One recorded point; `heightM` undefined where the recorder had none. */
export interface TracePoint {
  readonly latDeg: number
  readonly lonDeg: number
  readonly heightM: number | undefined
  /** ms since 1970, where the recorder wrote one. */
  readonly timeMs?: number | undefined
}

/** Mean radius of the earth, m (IUGG). */
export const EARTH_M = 6_371_008.8
const RADIANS = Math.PI / 180

/** Great circle, by haversine: exact for short ways too. */
export function distanceM(a: TracePoint, b: TracePoint): number {
  const halfLat = Math.sin(((b.latDeg - a.latDeg) * RADIANS) / 2)
  const halfLon = Math.sin(((b.lonDeg - a.lonDeg) * RADIANS) / 2)
  const cosines = Math.cos(a.latDeg * RADIANS) * Math.cos(b.latDeg * RADIANS)
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(halfLat * halfLat + cosines * halfLon * halfLon)))
}

/**
 * Height gained with a hysteresis: a reference height moves to the track only when the track is at least `thresholdM`
 * above or below it; its upward moves are summed. With 0 it is the plain sum of every rise.
 */
export function gainM(heightsM: ArrayLike<number>, thresholdM: number): number {
  let referenceM = heightsM[0] ?? 0
  let sumM = 0
  for (let i = 0; i < heightsM.length; i++) {
    const moveM = heightsM[i]! - referenceM
    if (Math.abs(moveM) < thresholdM) continue
    sumM += Math.max(0, moveM)
    referenceM = heightsM[i]!
  }
  return sumM
}

/** Both lengths and both gains of points as they stand; a leg that lacks a height counts as level. */
export interface Measured {
  /** Seen from above. */
  readonly lengthM: number
  readonly length3dM: number
  /** Every rise. */
  readonly gainRawM: number
  /** Rises with a hysteresis of HYSTERESIS_M. */
  readonly gain5mM: number
}

export const HYSTERESIS_M = 5

export function measureTrace(trace: readonly TracePoint[]): Measured {
  let lengthM = 0
  let length3dM = 0
  const heights: number[] = []
  for (let i = 0; i < trace.length; i++) {
    const heightM = trace[i]!.heightM
    if (i > 0) {
      const flatM = distanceM(trace[i - 1]!, trace[i]!)
      const riseM = (heightM ?? heights.at(-1) ?? 0) - (heights.at(-1) ?? heightM ?? 0)
      lengthM += flatM
      length3dM += Math.sqrt(flatM * flatM + riseM * riseM)
    }
    if (heightM !== undefined) heights.push(heightM)
  }
  return { lengthM, length3dM, gainRawM: gainM(heights, 0), gain5mM: gainM(heights, HYSTERESIS_M) }
}

/** A track on the plane, m: east, north, up. Columns of one length. */
export interface PlaneTrack {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly z: Float64Array
}

/** Seen from straight above the middle of the track (orthographic): true to 10⁻⁵ within 25 km, 10⁻⁴ within 85 km. */
export function onPlane(trace: readonly TracePoint[]): Pick<PlaneTrack, 'x' | 'y'> {
  const middle = trace[Math.floor(trace.length / 2)]!
  const sin0 = Math.sin(middle.latDeg * RADIANS)
  const cos0 = Math.cos(middle.latDeg * RADIANS)
  const x = new Float64Array(trace.length)
  const y = new Float64Array(trace.length)
  for (let i = 0; i < trace.length; i++) {
    const { latDeg, lonDeg } = trace[i]!
    const sin = Math.sin(latDeg * RADIANS)
    const cos = Math.cos(latDeg * RADIANS)
    const turn = (lonDeg - middle.lonDeg) * RADIANS
    x[i] = EARTH_M * cos * Math.sin(turn)
    y[i] = EARTH_M * (cos0 * sin - sin0 * cos * Math.cos(turn))
  }
  return { x, y }
}

/** Way walked at each point, seen from above. */
export function alongOf({ x, y }: Pick<PlaneTrack, 'x' | 'y'>): Float64Array {
  const along = new Float64Array(x.length)
  for (let i = 1; i < x.length; i++) {
    const dx = x[i]! - x[i - 1]!
    const dy = y[i]! - y[i - 1]!
    along[i] = along[i - 1]! + Math.sqrt(dx * dx + dy * dy)
  }
  return along
}

/** The n-th of `values` by size, `share` of the way from the smallest. */
export function quantile(values: Float64Array, share: number): number {
  if (values.length === 0) return 0
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}

/** A mended track: what a road of it is held to. `steepness` is its length along the slopes of a smoothed profile over its length from above. */
export function measureTrack(
  track: PlaneTrack & { readonly isLoop: boolean },
  { takenM, steepness }: { readonly takenM: number; readonly steepness: number },
): Measured {
  const lap = (values: Float64Array) => (track.isLoop ? Float64Array.from([...values, values[0]!]) : values)
  const z = lap(track.z)
  const lengthM = alongOf({ x: lap(track.x), y: lap(track.y) }).at(-1)! - takenM
  return { lengthM, length3dM: lengthM * steepness, gainRawM: gainM(z, 0), gain5mM: gainM(z, HYSTERESIS_M) }
}

/** How much longer a profile is than its plan; samples `stepM` apart. */
export function steepnessOf(heights: Float64Array, stepM: number): number {
  let sumM = 0
  for (let i = 1; i < heights.length; i++) {
    const riseM = heights[i]! - heights[i - 1]!
    sumM += Math.sqrt(stepM * stepM + riseM * riseM)
  }
  return sumM / ((heights.length - 1) * stepM)
}
