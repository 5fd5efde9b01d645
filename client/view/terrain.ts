import { groundAt, type GroundMark, type Rgb } from './ground-color.ts'
import type { Land } from './land.ts'
import { createLattice, type Lattice } from './lattice.ts'
import { smoothstep } from './noise.ts'
import type { Carriageways } from './carriageways.ts'
import { addNormals } from './shape.ts'
import { strip, type Body } from './terrain-strip.ts'
import type { Quality } from './view-types.ts'

const GRID_MARGIN_M = 420
const CELLS_MAX: Record<Quality, number> = { test: 16_000, low: 24_000, medium: 40_000, high: 52_000 }
const FAR_CELLS: Record<Quality, number> = { test: 56, low: 70, medium: 100, high: 128 }
const FAR_SIZE_M = 13_000
/** Cells along the side of a tile, of the grid and of the far one. */
const TILE_CELLS = 10
/** Within this of the road the grid ducks under the strip. */
const DUCK_FROM_M = 12
const DUCK_TO_M = 22
/** Near a road, and this near the water's edge, a cell is cut into pieces of at most this, m: a larger one would lean over the asphalt. */
const FINE_M = 9
const FINE_SHORE_M: Record<Quality, number> = { test: 0, low: 0, medium: 20, high: 34 }
/** In a town `field` is below nothing this far from the asphalt, and says how far, for the pavement's straight edge. */
export const STREETSIDE_M = 6

/** Numbers of `mark` a vertex: field, wood, rock, heath (−1: a town's gardens). */
export const MARK_NUMBERS = 4

/** The ground as one body of vertices and, for each tile of it, the triangles seen from nearby and from afar. */
export interface TerrainPlan {
  readonly position: Float32Array
  readonly normal: Float32Array
  readonly color: Float32Array
  readonly mark: Float32Array
  /** Triangles of all tiles, one list behind the other. */
  readonly index: Uint32Array
  readonly tiles: readonly TerrainTile[]
}

export interface TerrainTile {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly radiusM: number
  /** Where in the index its triangles seen from nearby begin and end, and those seen from afar. */
  readonly near: readonly [from: number, to: number]
  readonly far: readonly [from: number, to: number]
}

/** The grid around a course on which terrain and plants stand. */
export function latticeOf({ frame }: Pick<Carriageways, 'frame'>, land: Land, quality: Quality): Lattice {
  const { minX, maxX, minZ, maxZ } = frame.bounds
  const box = {
    minX: minX - GRID_MARGIN_M,
    maxX: maxX + GRID_MARGIN_M,
    minZ: minZ - GRID_MARGIN_M,
    maxZ: maxZ + GRID_MARGIN_M,
  }
  const areaM2 = (box.maxX - box.minX) * (box.maxZ - box.minZ)
  return createLattice(land, box, Math.max(8, Math.sqrt(areaM2 / CELLS_MAX[quality])), FINE_SHORE_M[quality])
}

/** Three parts of one ground: a strip that follows the road, a grid around the course, and the far mountains. */
export function planTerrain(
  { roads }: Pick<Carriageways, 'roads'>,
  land: Land,
  lattice: Lattice,
  quality: Quality,
): TerrainPlan {
  const { box, cellM } = lattice
  const duckM = (roadM: number): number => 1.1 * smoothstep(DUCK_TO_M, DUCK_FROM_M, roadM)
  const ducked = (x: number, z: number): number => land.heightAt(x, z) - duckM(land.roadDistanceAt(x, z))
  const wholeAt = (c: number, r: number): number => {
    const k = r * (lattice.columns + 1) + c
    return lattice.heights[k]! - duckM(lattice.roadM[k]!)
  }
  const farBox = {
    minX: Math.min(-FAR_SIZE_M / 2, box.minX - 3000),
    maxX: Math.max(FAR_SIZE_M / 2, box.maxX + 3000),
    minZ: Math.min(-FAR_SIZE_M / 2, box.minZ - 3000),
    maxZ: Math.max(FAR_SIZE_M / 2, box.maxZ + 3000),
  }
  const farCellM = Math.max(farBox.maxX - farBox.minX, farBox.maxZ - farBox.minZ) / FAR_CELLS[quality]
  // The far grid runs on under the near one, well below it, so that no gap opens where they meet.
  const under = (x: number, z: number): number => {
    const inside = Math.min(x - box.minX, box.maxX - x, z - box.minZ, box.maxZ - z)
    return land.heightAt(x, z) - 60 * smoothstep(farCellM * 0.4, farCellM * 2, inside)
  }
  const isHidden = (x: number, z: number): boolean =>
    x > box.minX + 3 * farCellM &&
    x < box.maxX - 3 * farCellM &&
    z > box.minZ + 3 * farCellM &&
    z < box.maxZ - 3 * farCellM
  return joined(
    [
      grid(box, cellM, {
        heightAt: ducked,
        wholeAt,
        isFineAt: (c, r) => lattice.isFine[r * lattice.columns + c] === 1,
      }),
      grid(farBox, farCellM, { heightAt: under, isFineAt: () => false, isHidden }),
      ...roads.map(({ path, isAloft }) => strip(path, isAloft, land)),
    ],
    land,
  )
}

interface Box {
  readonly minX: number
  readonly maxX: number
  readonly minZ: number
  readonly maxZ: number
}

/** A grid whose cells near a road are cut up. Along an edge to a whole cell the cut ones keep its straight line. */
function grid(
  box: Box,
  cellM: number,
  {
    heightAt,
    wholeAt,
    isFineAt,
    isHidden,
  }: {
    heightAt(x: number, z: number): number
    /** By column and row, where it is known already. */
    wholeAt?(column: number, row: number): number
    isFineAt(column: number, row: number): boolean
    isHidden?(x: number, z: number): boolean
  },
): Body {
  const pieces = Math.max(1, Math.ceil(cellM / FINE_M))
  const columns = Math.ceil((box.maxX - box.minX) / cellM)
  const rows = Math.ceil((box.maxZ - box.minZ) / cellM)
  const isFine = new Uint8Array(columns * rows)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) if (pieces > 1 && isFineAt(c, r)) isFine[r * columns + c] = 1
  const isCut = (r: number, c: number): boolean =>
    r >= 0 && c >= 0 && r < rows && c < columns && isFine[r * columns + c] === 1
  const position: number[] = []
  const index: number[] = []
  const known = new Map<number, number>()
  const at = (a: number, b: number): number =>
    wholeAt !== undefined && a % pieces === 0 && b % pieces === 0
      ? wholeAt(a / pieces, b / pieces)
      : heightAt(box.minX + (a * cellM) / pieces, box.minZ + (b * cellM) / pieces)
  /** A vertex on the lattice of pieces, once. */
  const vertex = (i: number, j: number): number => {
    const key = j * (columns * pieces + 1) + i
    const before = known.get(key)
    if (before !== undefined) return before
    const n = position.length / 3
    known.set(key, n)
    let y = NaN
    const c = Math.floor(i / pieces)
    const r = Math.floor(j / pieces)
    if (i % pieces !== 0 && j % pieces === 0 && !(isCut(r, c) && isCut(r - 1, c))) {
      const f = (i % pieces) / pieces
      y = at(c * pieces, j) * (1 - f) + at((c + 1) * pieces, j) * f
    } else if (j % pieces !== 0 && i % pieces === 0 && !(isCut(r, c) && isCut(r, c - 1))) {
      const f = (j % pieces) / pieces
      y = at(i, r * pieces) * (1 - f) + at(i, (r + 1) * pieces) * f
    } else y = at(i, j)
    position.push(box.minX + (i * cellM) / pieces, y, box.minZ + (j * cellM) / pieces)
    return n
  }
  const square = (list: number[], i: number, j: number, step: number): void => {
    const a = vertex(i, j)
    const b = vertex(i, j + step)
    const right = vertex(i + step, j)
    list.push(a, b, right, right, b, vertex(i + step, j + step))
  }
  /**
   * Two by two cells as one. On a tile's rim it keeps the vertices between, where a neighbour seen from nearby has them:
   * else the sky would be seen through the hill.
   */
  const block = (list: number[], i: number, j: number, isRim: readonly boolean[]): void => {
    const [h, w] = [pieces, 2 * pieces]
    const rim: number[] = []
    const sides = [
      [i, j, i, j + h],
      [i, j + w, i + h, j + w],
      [i + w, j + w, i + w, j + h],
      [i + w, j, i + h, j],
    ] as const
    let between = 0
    sides.forEach(([ci, cj, mi, mj], k) => {
      rim.push(vertex(ci, cj))
      if (isRim[k] === true) between = rim.push(vertex(mi, mj)) - 1
    })
    // A fan from a vertex in the middle of a side has no flat triangle.
    const n = rim.length
    for (let k = 1; k + 1 < n; k++) list.push(rim[between]!, rim[(between + k) % n]!, rim[(between + k + 1) % n]!)
  }
  const tiles: { near: number[]; far: number[] }[] = []
  for (let tr = 0; tr < rows; tr += TILE_CELLS) {
    for (let tc = 0; tc < columns; tc += TILE_CELLS) {
      const near: number[] = []
      const far: number[] = []
      for (let r = tr; r < Math.min(rows, tr + TILE_CELLS); r++) {
        for (let c = tc; c < Math.min(columns, tc + TILE_CELLS); c++) {
          if (isHidden?.(box.minX + (c + 0.5) * cellM, box.minZ + (r + 0.5) * cellM) === true) continue
          // From afar two by two cells are one.
          const atR = (r - tr) % 2
          const atC = (c - tc) % 2
          if (r - atR + 1 >= rows || c - atC + 1 >= columns) square(far, c * pieces, r * pieces, pieces)
          else if (atR === 0 && atC === 0) {
            // An odd row or column at the end of the grid stays as it is: it is a neighbour like another tile.
            const [lastR, lastC] = [lastEven(rows, tr), lastEven(columns, tc)]
            block(far, c * pieces, r * pieces, [c === tc, r + 2 === lastR, c + 2 === lastC, r === tr])
          }
          if (!isCut(r, c)) {
            square(near, c * pieces, r * pieces, pieces)
            continue
          }
          for (let j = r * pieces; j < (r + 1) * pieces; j++)
            for (let i = c * pieces; i < (c + 1) * pieces; i++) square(near, i, j, 1)
        }
      }
      if (near.length === 0) continue
      for (const i of near) index.push(i)
      tiles.push({ near, far })
    }
  }
  return { position, index, tiles }
}

/** Where the pairs of a tile's cells end. */
const lastEven = (count: number, from: number): number => {
  const last = Math.min(count, from + TILE_CELLS)
  return last - ((last - from) % 2)
}

function joined(bodies: readonly Body[], land: Land): TerrainPlan {
  const count = bodies.reduce((sum, { position }) => sum + position.length / 3, 0)
  const position = new Float32Array(count * 3)
  const normal = new Float32Array(count * 3)
  const tiles: TerrainTile[] = []
  const lists = bodies.flatMap(({ tiles: own }) =>
    own.map(({ near, far }) => near.length + (far === near ? 0 : far.length)),
  )
  const index = new Uint32Array(lists.reduce((sum, n) => sum + n, 0))
  let at = 0
  const append = (list: readonly number[], by: number): readonly [number, number] => {
    const from = at
    for (const i of list) index[at++] = i + by
    return [from, at]
  }
  let first = 0
  for (const body of bodies) {
    position.set(body.position, first * 3)
    addNormals(normal, position, body.index, first)
    for (const tile of body.tiles) {
      const near = append(tile.near, first)
      const far = tile.far === tile.near ? near : append(tile.far, first)
      tiles.push({ ...bounds(position, index, near), near, far })
    }
    first += body.position.length / 3
  }
  const color = new Float32Array(count * 3)
  const mark = new Float32Array(count * MARK_NUMBERS)
  const rgb: Rgb = [0, 0, 0]
  const told: GroundMark = { field: 0, wood: 0, rock: 0, moor: 0 }
  for (let i = 0, k = 0; i < count; i++, k += 3) {
    const x = position[k]!
    const z = position[k + 2]!
    const length = Math.sqrt(normal[k]! ** 2 + normal[k + 1]! ** 2 + normal[k + 2]! ** 2)
    if (length > 0) for (let n = 0; n < 3; n++) normal[k + n]! /= length
    else normal[k + 1] = 1 // Where a strip folds to nothing it has no normal.
    groundAt(land, x, z, position[k + 1]!, normal[k + 1]!, rgb, told)
    color.set(rgb, k)
    const isTown = land.isTown(x, z)
    const beyondM = isTown ? land.vergeAt(x, z) : Infinity
    const field = beyondM < STREETSIDE_M ? Math.max(-1, -(STREETSIDE_M - beyondM) / STREETSIDE_M) : told.field
    mark[i * 4] = field
    mark[i * 4 + 1] = told.wood
    mark[i * 4 + 2] = told.rock
    mark[i * 4 + 3] = isTown ? -1 : told.moor
  }
  return { position, normal, color, mark, index, tiles }
}

function bounds(
  position: Float32Array,
  index: Uint32Array,
  [from, to]: readonly [number, number],
): { x: number; y: number; z: number; radiusM: number } {
  let [lowX, lowY, lowZ, highX, highY, highZ] = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity]
  for (let t = from; t < to; t++) {
    const i = index[t]!
    const [x, y, z] = [position[i * 3]!, position[i * 3 + 1]!, position[i * 3 + 2]!]
    lowX = Math.min(lowX, x)
    lowY = Math.min(lowY, y)
    lowZ = Math.min(lowZ, z)
    highX = Math.max(highX, x)
    highY = Math.max(highY, y)
    highZ = Math.max(highZ, z)
  }
  const [x, y, z] = [(lowX + highX) / 2, (lowY + highY) / 2, (lowZ + highZ) / 2]
  return { x, y, z, radiusM: Math.sqrt((highX - x) ** 2 + (highY - y) ** 2 + (highZ - z) ** 2) }
}
