import type { Land } from './land.ts'

/**
 * Heights and distances to the road in a grid over the course, asked for once. The terrain's large triangles stand on
 * it, and so does what grows far from the road: nothing floats over a hollow that the mesh does not have.
 */
export interface Lattice {
  readonly box: { readonly minX: number; readonly maxX: number; readonly minZ: number; readonly maxZ: number }
  readonly cellM: number
  readonly columns: number
  readonly rows: number
  /** (columns + 1) × (rows + 1). */
  readonly heights: Float32Array
  /** Cells that are drawn cut up, by column and row: near a road, and along a shore. */
  readonly isFine: Uint8Array
  /** To the middle of the nearest road; FAR_FROM_ROAD_M where none is in reach. */
  readonly roadM: Float32Array
  /** Of the ground that is drawn. */
  heightAt(x: number, z: number): number
  roadAt(x: number, z: number): number
}

export const FAR_FROM_ROAD_M = 999
/** Cells are cut up where a road is within this, m: a larger one would lean over the asphalt. */
const FINE_WITHIN_M = 48

/** `shoreM`: … and where the water's edge is, with the crest of a cliff behind it. */
export function createLattice(land: Land, box: Lattice['box'], cellM: number, shoreM: number): Lattice {
  const columns = Math.ceil((box.maxX - box.minX) / cellM)
  const rows = Math.ceil((box.maxZ - box.minZ) / cellM)
  const wide = columns + 1
  const heights = new Float32Array(wide * (rows + 1))
  const roadM = new Float32Array(wide * (rows + 1))
  for (let r = 0, k = 0; r <= rows; r++) {
    for (let c = 0; c <= columns; c++, k++) {
      const x = box.minX + c * cellM
      const z = box.minZ + r * cellM
      heights[k] = land.heightAt(x, z)
      roadM[k] = Math.min(FAR_FROM_ROAD_M, land.roadDistanceAt(x, z))
    }
  }
  /** On the same two triangles a cell is drawn with: the diagonal runs from (0, 1) to (1, 0). */
  const between = (values: Float32Array, x: number, z: number): number => {
    const fx = Math.min(columns - 0.001, Math.max(0, (x - box.minX) / cellM))
    const fz = Math.min(rows - 0.001, Math.max(0, (z - box.minZ) / cellM))
    const c = Math.floor(fx)
    const r = Math.floor(fz)
    const u = fx - c
    const v = fz - r
    const k = r * wide + c
    const right = values[k + 1]!
    const below = values[k + wide]!
    if (u + v <= 1) return values[k]! + (right - values[k]!) * u + (below - values[k]!) * v
    const corner = values[k + wide + 1]!
    return corner + (below - corner) * (1 - u) + (right - corner) * (1 - v)
  }
  const isFine = new Uint8Array(columns * rows)
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const x = box.minX + (c + 0.5) * cellM
      const z = box.minZ + (r + 0.5) * cellM
      const isNear = between(roadM, x, z) < FINE_WITHIN_M + 0.7 * cellM
      if (isNear || Math.abs(land.shoreAt(x, z)) < shoreM) isFine[r * columns + c] = 1
    }
  }
  return {
    ...{ box, cellM, columns, rows, heights, roadM, isFine },
    heightAt: (x, z) => {
      const c = Math.floor((x - box.minX) / cellM)
      const r = Math.floor((z - box.minZ) / cellM)
      const isCut = c >= 0 && r >= 0 && c < columns && r < rows && isFine[r * columns + c] === 1
      return isCut ? land.heightAt(x, z) : between(heights, x, z)
    },
    roadAt: (x, z) => between(roadM, x, z),
  }
}
