import type { Land } from './land.ts'
import type { Water } from './water-plan.ts'

/** The sheet runs on under the beach by this much; the ground hides the rest. */
export const UNDER_BEACH_M = 16
/** Deeper in than this the shore is not felt. */
export const OFFSHORE_M = 160
const SEA_HALF_M = 14_000
const SHORES_PX = 320

/** Flat sheets of water, and how far from the shore each place of them is: a picture of bytes over a square. */
export interface WaterPlan {
  readonly position: Float32Array
  readonly index: Uint32Array
  readonly shores: Uint8Array
  readonly sizePx: number
  readonly originX: number
  readonly originZ: number
  readonly sideM: number
}

export function planWater(waters: readonly Water[], land: Land): WaterPlan | undefined {
  if (waters.length === 0) return undefined
  const position: number[] = []
  const index: number[] = []
  const box = { minX: Infinity, maxX: -Infinity, minZ: Infinity, maxZ: -Infinity }
  for (const { x, z, levelM, isSea } of waters) {
    const margin = isSea ? OFFSHORE_M : UNDER_BEACH_M + 10
    const own = {
      minX: x.reduce((a, b) => Math.min(a, b)) - margin,
      maxX: x.reduce((a, b) => Math.max(a, b)) + margin,
      minZ: z.reduce((a, b) => Math.min(a, b)) - margin,
      maxZ: z.reduce((a, b) => Math.max(a, b)) + margin,
    }
    box.minX = Math.min(box.minX, own.minX)
    box.maxX = Math.max(box.maxX, own.maxX)
    box.minZ = Math.min(box.minZ, own.minZ)
    box.maxZ = Math.max(box.maxZ, own.maxZ)
    const h = SEA_HALF_M
    const sheet = isSea ? { minX: -h, maxX: h, minZ: -h, maxZ: h } : own
    const first = position.length / 3
    position.push(sheet.minX, levelM, sheet.minZ, sheet.minX, levelM, sheet.maxZ)
    position.push(sheet.maxX, levelM, sheet.maxZ, sheet.maxX, levelM, sheet.minZ)
    index.push(first, first + 1, first + 2, first, first + 2, first + 3)
  }
  const sideM = Math.max(box.maxX - box.minX, box.maxZ - box.minZ)
  const originX = (box.minX + box.maxX - sideM) / 2
  const originZ = (box.minZ + box.maxZ - sideM) / 2
  const shores = new Uint8Array(SHORES_PX * SHORES_PX)
  for (let r = 0, k = 0; r < SHORES_PX; r++) {
    for (let c = 0; c < SHORES_PX; c++, k++) {
      const shoreM = land.shoreAt(originX + ((c + 0.5) / SHORES_PX) * sideM, originZ + ((r + 0.5) / SHORES_PX) * sideM)
      const share = (UNDER_BEACH_M - shoreM) / (UNDER_BEACH_M + OFFSHORE_M)
      shores[k] = Math.round(255 * Math.min(1, Math.max(0, share)))
    }
  }
  return {
    position: Float32Array.from(position),
    index: Uint32Array.from(index),
    ...{ shores, sizePx: SHORES_PX, originX, originZ, sideM },
  }
}
