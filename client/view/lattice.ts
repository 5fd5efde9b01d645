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
  /** To the middle of the nearest road; FAR_FROM_ROAD_M where none is in reach. */
  readonly roadM: Float32Array
  heightAt(x: number, z: number): number
  roadAt(x: number, z: number): number
}

export const FAR_FROM_ROAD_M = 999

export function createLattice(land: Land, box: Lattice['box'], cellM: number): Lattice {
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
  return {
    ...{ box, cellM, columns, rows, heights, roadM },
    heightAt: (x, z) => between(heights, x, z),
    roadAt: (x, z) => between(roadM, x, z),
  }
}
