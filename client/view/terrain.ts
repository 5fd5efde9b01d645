import { chunked } from './chunks.ts'
import { groundColor, type Rgb } from './ground-color.ts'
import type { Land } from './land.ts'
import { smoothstep } from './noise.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, ringsAlong, spotAt, type Path } from './path.ts'
import { piece, type Piece } from './piece.ts'
import { Shape } from './shape.ts'
import type { Quality } from './view-types.ts'

const GRID_MARGIN_M = 420
const CELLS_MAX: Record<Quality, number> = { test: 22_000, low: 26_000, medium: 48_000, high: 72_000 }
const FAR_CELLS: Record<Quality, number> = { test: 60, low: 70, medium: 100, high: 130 }
const FAR_SIZE_M = 13_000
/** Lateral places of the strip beside the road, m from the edge of the asphalt. */
const STRIP_M = [0.35, 1.1, 2.3, 4, 6.5, 10, 15, 21]
/** Strips of two legs reach over each other by this: no gap opens between their rings. */
const OVERLAP_M = 1.6
/** Within this of the road the grid ducks under the strip. */
const DUCK_FROM_M = 12
const DUCK_TO_M = 22

/** Three meshes of one ground: a strip that follows the road, a grid around the course, and the far mountains. */
export function* buildTerrain({ frame, roads }: Carriageways, land: Land, quality: Quality): Generator<Piece> {
  const { minX, maxX, minZ, maxZ } = frame.bounds
  const box = {
    minX: minX - GRID_MARGIN_M,
    maxX: maxX + GRID_MARGIN_M,
    minZ: minZ - GRID_MARGIN_M,
    maxZ: maxZ + GRID_MARGIN_M,
  }
  const areaM2 = (box.maxX - box.minX) * (box.maxZ - box.minZ)
  const cellM = Math.max(8, Math.sqrt(areaM2 / CELLS_MAX[quality]))
  const ducked = (x: number, z: number): number => {
    const d = land.roadDistanceAt(x, z)
    return land.heightAt(x, z) - 1.1 * smoothstep(DUCK_TO_M, DUCK_FROM_M, d)
  }
  for (const part of chunked(strips(roads, land), 5 + Math.floor(roads.length / 4)))
    yield piece('ground beside the road', 'ground', part)
  for (const part of chunked(finerNearRoads(box, cellM, ducked, land), 4)) yield piece('ground', 'ground', part)
  const farBox = { minX: -FAR_SIZE_M / 2, maxX: FAR_SIZE_M / 2, minZ: -FAR_SIZE_M / 2, maxZ: FAR_SIZE_M / 2 }
  const farCellM = FAR_SIZE_M / FAR_CELLS[quality]
  // The far grid runs on under the near one, well below it, so that no gap opens where they meet.
  const far = grid(
    farBox,
    farCellM,
    (x, z) => {
      const inside = Math.min(x - box.minX, box.maxX - x, z - box.minZ, box.maxZ - z)
      return land.heightAt(x, z) - 60 * smoothstep(farCellM * 0.4, farCellM * 2, inside)
    },
    land,
  )
  yield piece('far ground', 'ground', far)
}

interface Box {
  readonly minX: number
  readonly maxX: number
  readonly minZ: number
  readonly maxZ: number
}

function grid(box: Box, cellM: number, heightAt: (x: number, z: number) => number, land: Land): Shape {
  const columns = Math.ceil((box.maxX - box.minX) / cellM) + 1
  const rows = Math.ceil((box.maxZ - box.minZ) / cellM) + 1
  const position = new Float32Array(columns * rows * 3)
  for (let r = 0, k = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, k += 3) {
      const x = box.minX + c * cellM
      const z = box.minZ + r * cellM
      position[k] = x
      position[k + 1] = heightAt(x, z)
      position[k + 2] = z
    }
  }
  const index = new Uint32Array((columns - 1) * (rows - 1) * 6)
  for (let r = 0, k = 0; r < rows - 1; r++) {
    for (let c = 0; c < columns - 1; c++) {
      const a = r * columns + c
      const b = a + columns
      index.set([a, b, a + 1, a + 1, b, b + 1], k)
      k += 6
    }
  }
  return finish(position, index, land)
}

/** Near a road a cell is cut into pieces of at most this, m: a larger one would lean over the asphalt. */
const FINE_M = 9
const FINE_WITHIN_M = 48

/** A grid whose cells near a road are cut up. Along an edge to a whole cell the cut ones keep its straight line. */
function finerNearRoads(box: Box, cellM: number, heightAt: (x: number, z: number) => number, land: Land): Shape {
  const pieces = Math.ceil(cellM / FINE_M)
  if (pieces === 1) return grid(box, cellM, heightAt, land)
  const columns = Math.ceil((box.maxX - box.minX) / cellM)
  const rows = Math.ceil((box.maxZ - box.minZ) / cellM)
  const isFine = new Uint8Array(columns * rows)
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const d = land.roadDistanceAt(box.minX + (c + 0.5) * cellM, box.minZ + (r + 0.5) * cellM)
      if (d < FINE_WITHIN_M + 0.7 * cellM) isFine[r * columns + c] = 1
    }
  }
  const isCut = (r: number, c: number): boolean =>
    r >= 0 && c >= 0 && r < rows && c < columns && isFine[r * columns + c] === 1
  const position: number[] = []
  const index: number[] = []
  const known = new Map<number, number>()
  /** A vertex on the lattice of pieces, once. */
  const vertex = (i: number, j: number): number => {
    const key = j * (columns * pieces + 1) + i
    const before = known.get(key)
    if (before !== undefined) return before
    const n = position.length / 3
    known.set(key, n)
    const at = (a: number, b: number): number =>
      heightAt(box.minX + (a * cellM) / pieces, box.minZ + (b * cellM) / pieces)
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
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const step = isCut(r, c) ? 1 : pieces
      for (let j = r * pieces; j < (r + 1) * pieces; j += step) {
        for (let i = c * pieces; i < (c + 1) * pieces; i += step) {
          const a = vertex(i, j)
          const b = vertex(i, j + step)
          const right = vertex(i + step, j)
          index.push(a, b, right, right, b, vertex(i + step, j + step))
        }
      }
    }
  }
  return finish(Float32Array.from(position), Uint32Array.from(index), land)
}

function strips(roads: Carriageways['roads'], land: Land): Shape {
  const position: Float32Array[] = []
  const index: number[] = []
  let vertices = 0
  for (const { path, isAloft } of roads) {
    const one = strip(path, isAloft, land)
    for (const i of one.index) index.push(i + vertices)
    position.push(one.position)
    vertices += one.position.length / 3
  }
  const all = new Float32Array(vertices * 3)
  let at = 0
  for (const one of position) {
    all.set(one, at)
    at += one.length
  }
  return finish(all, Uint32Array.from(index), land)
}

/** Both sides of the road; where another leg lies nearer, the strip stops short of it. */
function strip(path: Path, isAloft: Uint8Array, land: Land): { position: Float32Array; index: number[] } {
  const ringM = ringsAlong(path, 4, 10)
  const rings = ringM.length
  const per = STRIP_M.length
  const position = new Float32Array(rings * per * 2 * 3)
  const index: number[] = []
  const spot = createSpot()
  for (let r = 0; r < rings; r++) {
    const distanceM = ringM[r]!
    for (const side of [0, 1]) {
      const half = path.halfWidthM[Math.min(path.count - 1, Math.floor(distanceM))]!
      let reachedM = half
      for (let j = 0; j < per; j++) {
        const wantedM = half + STRIP_M[j]!
        spotAt(path, distanceM, (side === 0 ? -1 : 1) * wantedM, spot)
        const isOwn = (lateralM: number): boolean => {
          spotAt(path, distanceM, (side === 0 ? -1 : 1) * lateralM, spot)
          return land.roadDistanceAt(spot.x, spot.z) > lateralM - OVERLAP_M
        }
        // Where another leg lies nearer the strip ends, half-way between the two, at the height where that one's ends.
        const isWhole = isOwn(wantedM)
        if (isWhole) reachedM = wantedM
        else {
          let tooFarM = wantedM
          for (let k = 0; k < 5; k++) {
            const middleM = (reachedM + tooFarM) / 2
            if (isOwn(middleM)) reachedM = middleM
            else tooFarM = middleM
          }
          isOwn(reachedM)
        }
        const k = ((r * 2 + side) * per + j) * 3
        position[k] = spot.x
        position[k + 1] = land.heightAt(spot.x, spot.z) - (j === per - 1 && isWhole ? 0.7 : 0)
        position[k + 2] = spot.z
        if (r === rings - 1 || j === per - 1 || isAloft[Math.floor(distanceM)] === 1) continue
        const a = (r * 2 + side) * per + j
        const b = a + per * 2
        if (side === 1) index.push(a, a + 1, b, b, a + 1, b + 1)
        else index.push(a, b, a + 1, b, b + 1, a + 1)
      }
    }
  }
  return { position, index }
}

/** In a town `field` is below nothing this far from the asphalt, and says how far, for the pavement's straight edge. */
export const STREETSIDE_M = 6
export const PAVEMENT_M = 2.5

function finish(position: Float32Array, index: Uint32Array, land: Land): Shape {
  const shape = new Shape(position, index).computeNormals()
  const { normal } = shape
  const color = new Float32Array(position.length)
  const field = new Float32Array(position.length / 3)
  const rgb: Rgb = [0, 0, 0]
  for (let i = 0, k = 0; k < position.length; i++, k += 3) {
    const x = position[k]!
    const y = position[k + 1]!
    const z = position[k + 2]!
    const upright = normal[k + 1]! || 1 // Where a strip folds to nothing it has no normal.
    color.set(groundColor(land, x, z, y, upright, rgb), k)
    // Fields lie where a tractor can go: flat, low, off the road, dry.
    const beyondM = land.isTown(x, z) ? land.vergeAt(x, z) : Infinity
    if (beyondM < STREETSIDE_M) {
      field[i] = Math.max(-1, -(STREETSIDE_M - beyondM) / STREETSIDE_M)
      continue
    }
    field[i] =
      smoothstep(0.955, 0.985, upright) *
      smoothstep(24, 40, land.roadDistanceAt(x, z)) *
      smoothstep(12, 30, land.shoreAt(x, z)) *
      smoothstep(130, 90, y - land.lowestM)
  }
  return shape.set('color', color, 3).set('field', field, 1)
}
