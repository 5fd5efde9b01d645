import type { Land } from './land.ts'

/**
 * How high the ground lies, in tiles of a coarse raster: what a camera asks that must not sink into a slope. The worker
 * that has the land makes a tile when somebody asks for it; the thread that draws keeps it.
 */
const TILE_M = 64
const CELL_M = 8
const PER_SIDE = TILE_M / CELL_M + 1

export interface HeightTile {
  readonly tileX: number
  readonly tileZ: number
  readonly heights: Float32Array<ArrayBuffer>
}

export function heightTile(land: Land, tileX: number, tileZ: number): HeightTile {
  const heights = new Float32Array(PER_SIDE * PER_SIDE)
  for (let r = 0; r < PER_SIDE; r++) {
    for (let c = 0; c < PER_SIDE; c++)
      heights[r * PER_SIDE + c] = land.heightAt(tileX * TILE_M + c * CELL_M, tileZ * TILE_M + r * CELL_M)
  }
  return { tileX, tileZ, heights }
}

export interface HeightMap {
  take(tile: HeightTile): void
  /** −Infinity until the tile has come, which is asked for then. */
  heightAt(x: number, z: number): number
}

export function createHeightMap(ask: (tileX: number, tileZ: number) => void): HeightMap {
  const tiles = new Map<number, Float32Array>()
  return {
    take: ({ tileX, tileZ, heights }) => {
      tiles.set(keyOf(tileX, tileZ), heights)
    },
    heightAt: (x, z) => {
      const tileX = Math.floor(x / TILE_M)
      const tileZ = Math.floor(z / TILE_M)
      const key = keyOf(tileX, tileZ)
      const heights = tiles.get(key)
      if (heights === undefined) {
        tiles.set(key, UNKNOWN)
        ask(tileX, tileZ)
        return -Infinity
      }
      if (heights === UNKNOWN) return -Infinity
      const u = x / CELL_M - tileX * (PER_SIDE - 1)
      const v = z / CELL_M - tileZ * (PER_SIDE - 1)
      const c = Math.min(PER_SIDE - 2, Math.floor(u))
      const r = Math.min(PER_SIDE - 2, Math.floor(v))
      const k = r * PER_SIDE + c
      const low = heights[k]! + (heights[k + 1]! - heights[k]!) * (u - c)
      const high = heights[k + PER_SIDE]! + (heights[k + PER_SIDE + 1]! - heights[k + PER_SIDE]!) * (u - c)
      return low + (high - low) * (v - r)
    },
  }
}

/** Asked for, not here yet. */
const UNKNOWN = new Float32Array(0)

function keyOf(tileX: number, tileZ: number): number {
  return (tileX + 32_768) * 65_536 + tileZ + 32_768
}
