import type { Frame } from './path.ts'
import type { WaterOutline } from './scenery-plan.ts'

/** What `shoreAt` says where no water is near. */
export const FAR_FROM_WATER_M = 999

/** Standing water with a rounded shore, in the axes of the picture. */
export interface Water {
  readonly levelM: number
  readonly isSea: boolean
  /** Ground slopes down to the water over this width, m. */
  readonly beachM: number
  readonly x: Float64Array
  readonly z: Float64Array
  /** Metres outside the outline, negative inside; FAR_FROM_WATER_M beyond REACH_M. */
  shoreAt(x: number, z: number): number
}

const REACH_M = 165
const PER_SIDE = 4
/** A lake lies in its meadows; an island stands out of its sea. */
const LAKE_BEACH_M = 150
const SEA_BEACH_M = 48

export function createWater(frame: Frame, { outline, levelM, isSea }: WaterOutline): Water {
  const corners = outline.length
  const count = corners * PER_SIDE
  const x = new Float64Array(count)
  const z = new Float64Array(count)
  const box = { minX: Infinity, maxX: -Infinity, minZ: Infinity, maxZ: -Infinity }
  for (let i = 0; i < count; i++) {
    const k = Math.floor(i / PER_SIDE)
    const t = (i % PER_SIDE) / PER_SIDE
    const corner = (o: number) => outline[(k + o + corners) % corners]!
    const [a, b, c, d] = [corner(-1), corner(0), corner(1), corner(2)]
    x[i] = rounded(a[0], b[0], c[0], d[0], t) - frame.originX
    z[i] = -rounded(a[1], b[1], c[1], d[1], t) - frame.originZ
    box.minX = Math.min(box.minX, x[i]! - REACH_M)
    box.maxX = Math.max(box.maxX, x[i]! + REACH_M)
    box.minZ = Math.min(box.minZ, z[i]! - REACH_M)
    box.maxZ = Math.max(box.maxZ, z[i]! + REACH_M)
  }
  const sides = bySide(x, z)
  const shoreAt = (px: number, pz: number): number => {
    const isFar = px < box.minX || px > box.maxX || pz < box.minZ || pz > box.maxZ
    if (isFar) return isSea ? -FAR_FROM_WATER_M : FAR_FROM_WATER_M
    const away = sides(px, pz)
    const d = Math.abs(away)
    if (away < 0 !== isSea) return -d
    return d > REACH_M ? FAR_FROM_WATER_M : d
  }
  return { levelM, isSea, beachM: isSea ? SEA_BEACH_M : LAKE_BEACH_M, x, z, shoreAt }
}

const CELL_M = 55
/** No side of the outline within reach. */
const FAR_M = 1e4

/** Distance to the outline, negative inside of it. Only sides within REACH_M of a cell are looked at. */
function bySide(x: Float64Array, z: Float64Array): (px: number, pz: number) => number {
  const count = x.length
  const reach = REACH_M + CELL_M
  const minX = x.reduce((a, b) => Math.min(a, b)) - reach
  const minZ = z.reduce((a, b) => Math.min(a, b)) - reach
  const columns = Math.ceil((x.reduce((a, b) => Math.max(a, b)) + reach - minX) / CELL_M) + 1
  const rows = Math.ceil((z.reduce((a, b) => Math.max(a, b)) + reach - minZ) / CELL_M) + 1
  const cells: number[][] = Array.from({ length: columns * rows }, () => [])
  for (let i = 0, j = count - 1; i < count; j = i++) {
    const left = Math.max(0, Math.floor((Math.min(x[i]!, x[j]!) - reach - minX) / CELL_M))
    const right = Math.min(columns - 1, Math.floor((Math.max(x[i]!, x[j]!) + reach - minX) / CELL_M))
    const top = Math.max(0, Math.floor((Math.min(z[i]!, z[j]!) - reach - minZ) / CELL_M))
    const bottom = Math.min(rows - 1, Math.floor((Math.max(z[i]!, z[j]!) + reach - minZ) / CELL_M))
    for (let r = top; r <= bottom; r++) for (let c = left; c <= right; c++) cells[r * columns + c]!.push(i)
  }
  // A ray to the east crosses only sides of its own row of cells.
  const level: number[][] = Array.from({ length: rows }, () => [])
  for (let i = 0, j = count - 1; i < count; j = i++) {
    const top = Math.floor((Math.min(z[i]!, z[j]!) - minZ) / CELL_M)
    const bottom = Math.floor((Math.max(z[i]!, z[j]!) - minZ) / CELL_M)
    for (let r = top; r <= bottom; r++) level[r]!.push(i)
  }
  const isWithin = (px: number, pz: number, row: number): boolean => {
    let isInside = false
    for (const i of level[row]!) {
      const j = i === 0 ? count - 1 : i - 1
      if (z[j]! > pz !== z[i]! > pz && px < x[j]! + ((x[i]! - x[j]!) * (pz - z[j]!)) / (z[i]! - z[j]!))
        isInside = !isInside
    }
    return isInside
  }
  // Far from every side a whole cell is in or out: asked once.
  const sideOf = new Int8Array(columns * rows)
  return (px, pz) => {
    const c = Math.min(columns - 1, Math.max(0, Math.floor((px - minX) / CELL_M)))
    const r = Math.min(rows - 1, Math.max(0, Math.floor((pz - minZ) / CELL_M)))
    const near = cells[r * columns + c]!
    if (near.length === 0) {
      const known = sideOf[r * columns + c]!
      const side = known !== 0 ? known : isWithin(px, pz, r) ? -1 : 1
      sideOf[r * columns + c] = side
      return side * FAR_M
    }
    let nearest = FAR_M * FAR_M
    for (const i of near) {
      const j = i === 0 ? count - 1 : i - 1
      const ex = x[i]! - x[j]!
      const ez = z[i]! - z[j]!
      const t = Math.max(0, Math.min(1, ((px - x[j]!) * ex + (pz - z[j]!) * ez) / (ex * ex + ez * ez)))
      const ox = x[j]! + t * ex - px
      const oz = z[j]! + t * ez - pz
      nearest = Math.min(nearest, ox * ox + oz * oz)
    }
    return (isWithin(px, pz, r) ? -1 : 1) * Math.sqrt(nearest)
  }
}

/** Catmull-Rom. */
function rounded(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
}
