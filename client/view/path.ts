import { BAKED_STEP_M, DIRECTION_UNIT, HEIGHT_UNIT_M, SLOPE_UNIT, type BakedColumns } from '#maps/format'

/**
 * A line of road in the axes of the picture: x east, y up, z south, metres from the middle of the map, so that numbers
 * stay small enough for the graphics card's floats. One sample a metre. A way of the tape is one, a carriageway (both
 * strips of a road) is one, and so is everything of a map one after the other.
 */
export interface Path {
  readonly count: number
  readonly isLoop: boolean
  readonly lengthM: number
  readonly x: Float64Array
  readonly y: Float64Array
  readonly z: Float64Array
  /** Level unit vector along the road. To the right of it lies (−dirZ, dirX). */
  readonly dirX: Float64Array
  readonly dirZ: Float64Array
  /** dz/ds. */
  readonly slope: Float32Array
  readonly halfWidthM: Float32Array
  /** Bend to the right, 1/m, smoothed over a few metres. */
  readonly bendPerM: Float32Array
}

/** Where the middle of the picture lies in the axes of the map, m east and m south, and how far the roads reach. */
export interface Frame {
  readonly originX: number
  readonly originZ: number
  readonly bounds: { readonly minX: number; readonly maxX: number; readonly minZ: number; readonly maxZ: number }
}

/** A place on or beside the road. */
export interface Spot {
  x: number
  y: number
  z: number
  dirX: number
  dirZ: number
  slope: number
}

export function createSpot(): Spot {
  return { x: 0, y: 0, z: 0, dirX: 0, dirZ: 1, slope: 0 }
}

/** A path with room for samples, all at nothing. */
export function emptyPath(count: number, isLoop: boolean): Path {
  const real = () => new Float64Array(count)
  const small = () => new Float32Array(count)
  return {
    count,
    isLoop,
    lengthM: (isLoop ? count : count - 1) * BAKED_STEP_M,
    x: real(),
    y: real(),
    z: real(),
    dirX: real(),
    dirZ: real(),
    slope: small(),
    halfWidthM: small(),
    bendPerM: small(),
  }
}

/** Samples `from` … `from + count − 1` of a path, the same memory. */
export function partOf(path: Path, from: number, count: number): Path {
  const cut = <T extends Float64Array | Float32Array>(column: T): T => column.subarray(from, from + count) as T
  return {
    count,
    isLoop: false,
    lengthM: (count - 1) * BAKED_STEP_M,
    x: cut(path.x),
    y: cut(path.y),
    z: cut(path.z),
    dirX: cut(path.dirX),
    dirZ: cut(path.dirZ),
    slope: cut(path.slope),
    halfWidthM: cut(path.halfWidthM),
    bendPerM: cut(path.bendPerM),
  }
}

export function frameOf(columns: BakedColumns): Frame {
  const box = { minX: Infinity, maxX: -Infinity, minZ: Infinity, maxZ: -Infinity }
  for (let i = 0; i < columns.count; i++) {
    box.minX = Math.min(box.minX, columns.xMm[i]! / 1000)
    box.maxX = Math.max(box.maxX, columns.xMm[i]! / 1000)
    box.minZ = Math.min(box.minZ, -columns.yMm[i]! / 1000)
    box.maxZ = Math.max(box.maxZ, -columns.yMm[i]! / 1000)
  }
  const originX = (box.minX + box.maxX) / 2
  const originZ = (box.minZ + box.maxZ) / 2
  const bounds = {
    minX: box.minX - originX,
    maxX: box.maxX - originX,
    minZ: box.minZ - originZ,
    maxZ: box.maxZ - originZ,
  }
  return { originX, originZ, bounds }
}

/** The whole tape: what riders stand on, by place. Between two ways it jumps; nothing is drawn along it. */
export function createTape(columns: BakedColumns, { originX, originZ }: Frame): Path {
  const path = emptyPath(columns.count, columns.isLoop)
  for (let i = 0; i < columns.count; i++) {
    path.x[i] = columns.xMm[i]! / 1000 - originX
    path.y[i] = columns.heightCount[i]! * HEIGHT_UNIT_M
    path.z[i] = -columns.yMm[i]! / 1000 - originZ
    const east = columns.eastCount[i]! * DIRECTION_UNIT
    const south = -columns.northCount[i]! * DIRECTION_UNIT
    const length = Math.sqrt(east * east + south * south)
    path.dirX[i] = length > 0 ? east / length : 1
    path.dirZ[i] = length > 0 ? south / length : 0
    path.slope[i] = columns.slopeCount[i]! * SLOPE_UNIT
    path.halfWidthM[i] = columns.widthCm[i]! / 200
  }
  bendFromTurning(path)
  return path
}

/** Bend over the directions four metres before and after. */
export function bendFromTurning(path: Path): void {
  const { count, isLoop, dirX, dirZ } = path
  const index = (i: number) => (isLoop ? (i + count) % count : Math.min(count - 1, Math.max(0, i)))
  for (let i = 0; i < count; i++) {
    const a = index(i - 4)
    const b = index(i + 4)
    path.bendPerM[i] = (dirX[a]! * dirZ[b]! - dirZ[a]! * dirX[b]!) / (8 * BAKED_STEP_M)
  }
}

/** Index of the sample at or before a distance: wraps on a loop, stops at the ends of a straight one. */
export function sampleAt(path: Path, distanceM: number): number {
  return Math.floor(placeOf(path, distanceM))
}

/** The spot at a distance along the road and metres right of its middle. */
export function spotAt(path: Path, distanceM: number, lateralM: number, out: Spot): Spot {
  // Short enough to become part of who calls it: a number that is handed over to a function is an object of its own.
  asked[0] = distanceM
  asked[1] = lateralM
  return spotAsked(path, out)
}

const asked = new Float64Array(2)

function spotAsked(path: Path, out: Spot): Spot {
  const lateralM = asked[1]!
  const place = placeOf(path, asked[0]!)
  const a = Math.floor(place)
  const b = path.isLoop ? (a + 1) % path.count : Math.min(path.count - 1, a + 1)
  const w = place - a
  const { x, y, z, dirX, dirZ, slope } = path
  const dx = dirX[a]! + (dirX[b]! - dirX[a]!) * w
  const dz = dirZ[a]! + (dirZ[b]! - dirZ[a]!) * w
  const length = Math.sqrt(dx * dx + dz * dz)
  out.dirX = dx / length
  out.dirZ = dz / length
  out.x = x[a]! + (x[b]! - x[a]!) * w - out.dirZ * lateralM
  out.y = y[a]! + (y[b]! - y[a]!) * w
  out.z = z[a]! + (z[b]! - z[a]!) * w + out.dirX * lateralM
  out.slope = slope[a]! + (slope[b]! - slope[a]!) * w
  return out
}

/** Half the width of the road at a distance. */
export function halfWidthAt(path: Path, distanceM: number): number {
  return path.halfWidthM[sampleAt(path, distanceM)]!
}

function placeOf(path: Path, distanceM: number): number {
  const place = distanceM / BAKED_STEP_M
  if (!path.isLoop) return Math.min(path.count - 1, Math.max(0, place))
  const wrapped = place - Math.floor(place / path.count) * path.count
  return wrapped < path.count ? wrapped : 0
}

/** Bends wider than this look straight over a few metres, 1/m. */
const STRAIGHT_PER_M = 0.003

/** Metres along a path where a ribbon has its rings: close in bends, wide apart where it runs straight; both ends are in. */
export function ringsAlong(path: Path, bendM: number, straightM: number): number[] {
  const bendAt = (m: number): number => Math.abs(path.bendPerM[Math.min(path.count - 1, Math.floor(m))]!)
  const rings: number[] = []
  for (let m = 0; m < path.lengthM;) {
    rings.push(m)
    let isStraight = true
    for (let k = 0; k <= straightM; k++) if (bendAt(m + k) > STRAIGHT_PER_M) isStraight = false
    m += isStraight ? straightM : bendM
  }
  rings.push(path.lengthM)
  return rings
}
