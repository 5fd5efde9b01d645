import { BAKED_STEP_M, HEIGHT_UNIT_M, SLOPE_UNIT, type BakedColumns } from '#maps/format'

/**
 * The baked road in the axes of the picture: x east, y up, z south, metres from the middle of the course, so that
 * numbers stay small enough for the graphics card's floats. Built once from the columns that physics rides on.
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
  /** Where the middle of the picture lies in the axes of the map, m east and m south. */
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

export function createPath(course: BakedColumns): Path {
  const { count, isLoop } = course
  const real = () => new Float64Array(count)
  const x = real()
  const y = real()
  const z = real()
  const slope = new Float32Array(count)
  const halfWidthM = new Float32Array(count)
  const box = { minX: Infinity, maxX: -Infinity, minZ: Infinity, maxZ: -Infinity }
  for (let i = 0; i < count; i++) {
    x[i] = course.xMm[i]! / 1000
    z[i] = -course.yMm[i]! / 1000
    y[i] = course.heightCount[i]! * HEIGHT_UNIT_M
    slope[i] = course.slopeCount[i]! * SLOPE_UNIT
    halfWidthM[i] = course.widthCm[i]! / 200
    box.minX = Math.min(box.minX, x[i]!)
    box.maxX = Math.max(box.maxX, x[i]!)
    box.minZ = Math.min(box.minZ, z[i]!)
    box.maxZ = Math.max(box.maxZ, z[i]!)
  }
  const midX = (box.minX + box.maxX) / 2
  const midZ = (box.minZ + box.maxZ) / 2
  for (let i = 0; i < count; i++) {
    x[i]! -= midX
    z[i]! -= midZ
  }
  const bounds = { minX: box.minX - midX, maxX: box.maxX - midX, minZ: box.minZ - midZ, maxZ: box.maxZ - midZ }
  const lengthM = (isLoop ? count : count - 1) * BAKED_STEP_M
  const dirX = real()
  const dirZ = real()
  const index = (i: number) => (isLoop ? (i + count) % count : Math.min(count - 1, Math.max(0, i)))
  for (let i = 0; i < count; i++) {
    // Two metres either way: quantised millimetres would otherwise shake the kerb.
    const a = index(i - 2)
    const b = index(i + 2)
    const dx = x[b]! - x[a]!
    const dz = z[b]! - z[a]!
    const length = Math.sqrt(dx * dx + dz * dz)
    dirX[i] = length > 0 ? dx / length : 1
    dirZ[i] = length > 0 ? dz / length : 0
  }
  const bendPerM = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const a = index(i - 4)
    const b = index(i + 4)
    bendPerM[i] = (dirX[a]! * dirZ[b]! - dirZ[a]! * dirX[b]!) / (8 * BAKED_STEP_M)
  }
  return {
    count,
    isLoop,
    lengthM,
    x,
    y,
    z,
    dirX,
    dirZ,
    slope,
    halfWidthM,
    bendPerM,
    originX: midX,
    originZ: midZ,
    bounds,
  }
}

/** Index of the sample at or before a distance: wraps on a loop, stops at the ends of a straight course. */
export function sampleAt(path: Path, distanceM: number): number {
  return Math.floor(placeOf(path, distanceM))
}

/** The spot at a distance along the road and metres right of its middle. */
export function spotAt(path: Path, distanceM: number, lateralM: number, out: Spot): Spot {
  const place = placeOf(path, distanceM)
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

function placeOf(path: Path, distanceM: number): number {
  const place = distanceM / BAKED_STEP_M
  if (!path.isLoop) return Math.min(path.count - 1, Math.max(0, place))
  const wrapped = place - Math.floor(place / path.count) * path.count
  return wrapped < path.count ? wrapped : 0
}
