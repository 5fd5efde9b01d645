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
  const shoreAt = (px: number, pz: number): number => {
    const isFar = px < box.minX || px > box.maxX || pz < box.minZ || pz > box.maxZ
    if (isFar) return isSea ? -FAR_FROM_WATER_M : FAR_FROM_WATER_M
    let nearest = Infinity
    let isInside = false
    for (let i = 0, j = count - 1; i < count; j = i++) {
      const ax = x[j]!
      const az = z[j]!
      const ex = x[i]! - ax
      const ez = z[i]! - az
      if (az > pz !== z[i]! > pz && px < ax + (ex * (pz - az)) / ez) isInside = !isInside
      const t = Math.max(0, Math.min(1, ((px - ax) * ex + (pz - az) * ez) / (ex * ex + ez * ez)))
      const ox = ax + t * ex - px
      const oz = az + t * ez - pz
      nearest = Math.min(nearest, ox * ox + oz * oz)
    }
    const away = Math.sqrt(nearest)
    if (isInside !== isSea) return -away
    return away > REACH_M ? FAR_FROM_WATER_M : away
  }
  return { levelM, isSea, beachM: isSea ? SEA_BEACH_M : LAKE_BEACH_M, x, z, shoreAt }
}

/** Catmull-Rom. */
function rounded(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
}
