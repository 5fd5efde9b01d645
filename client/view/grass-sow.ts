import { createRandom } from '#physics/random'
import { groundColor, type Rgb } from './ground-color.ts'
import { createSpot, halfWidthAt, spotAt } from './path.ts'
import type { Quality } from './view-types.ts'
import type { Country } from './world-build.ts'

/** Grass and flowers stand in tiles along the road; what grows in a tile follows from its number alone. */
export const TILE_M = 16
export const TUFTS: Record<Quality, number> = { test: 40, low: 160, medium: 420, high: 720 }
export const FLOWERS: Record<Quality, number> = { test: 4, low: 20, medium: 46, high: 80 }
/** Per plant a matrix and a tint. */
export const SOWN_ROW = 19
/** Poppy, ox-eye, cornflower, buttercup, clover; linear light. */
const PETALS: readonly Rgb[] = [
  [0.75, 0.06, 0.03],
  [0.85, 0.85, 0.8],
  [0.12, 0.16, 0.62],
  [0.82, 0.6, 0.04],
  [0.5, 0.16, 0.42],
]

export interface SownTile {
  readonly tile: number
  /** Matrices of all, then tints of all. */
  readonly tufts: Float32Array<ArrayBuffer>
  readonly flowers: Float32Array<ArrayBuffer>
}

export interface GrassSower {
  sow(tile: number): SownTile
}

export function createGrassSower({ ways: { tape }, land }: Country, quality: Quality, seed: number): GrassSower {
  const spot = createSpot()
  const rgb: Rgb = [0, 0, 0]

  const sow = (tile: number): SownTile => {
    const random = createRandom(seed ^ Math.imul(tile, 0x9e3779b1))
    const plant = (out: Float32Array, k: number, count: number, widest: number, isFlower: boolean): void => {
      const distanceM = (tile + random.fraction()) * TILE_M
      const reach = random.fraction()
      const side = random.fraction() < 0.5 ? -1 : 1
      const turn = random.fraction() * Math.PI * 2
      const size = random.fraction()
      const hue = random.fraction()
      const half = halfWidthAt(tape, distanceM)
      const beyondM = 0.85 + reach * reach * widest
      spotAt(tape, distanceM, side * (half + beyondM), spot)
      const isGround =
        land.vergeAt(spot.x, spot.z) > (land.isTown(spot.x, spot.z) ? 2.7 : 0.75) &&
        land.shoreAt(spot.x, spot.z) > 3 &&
        !land.isPad(spot.x, spot.z)
      const y = isGround ? land.heightAt(spot.x, spot.z) : spot.y - 60
      const patch = land.noise.at(spot.x / 9 + 3, spot.z / 9)
      // Mown at the kerb, taller away from it, in drifts.
      const tall = (0.35 + 0.75 * size) * (0.55 + 0.9 * patch) * (0.45 + 0.55 * Math.min(1, beyondM / 2.5))
      const scale = isFlower ? 0.6 + 0.5 * size : tall
      const c = Math.cos(turn) * (isFlower ? scale : 0.75 + 0.5 * scale)
      const s = Math.sin(turn) * (isFlower ? scale : 0.75 + 0.5 * scale)
      out.set([c, 0, -s, 0, 0, scale, 0, 0, s, 0, c, 0, spot.x, y - 0.04, spot.z, 1], k * 16)
      const tint = count * 16 + k * 3
      if (isFlower) {
        const bed = land.noise.at(spot.x / 21 + 90, spot.z / 21)
        out.set(PETALS[Math.floor(bed * 13 + hue * 1.6) % PETALS.length]!, tint)
        return
      }
      groundColor(land, spot.x, spot.z, y, 1, rgb)
      const gain = 0.95 + 0.5 * hue
      out.set([rgb[0] * gain * 0.98, rgb[1] * gain * 1.1, rgb[2] * gain], tint)
    }
    const tufts = new Float32Array(TUFTS[quality] * SOWN_ROW)
    const flowers = new Float32Array(FLOWERS[quality] * SOWN_ROW)
    for (let i = 0; i < TUFTS[quality]; i++) plant(tufts, i, TUFTS[quality], 21, false)
    for (let i = 0; i < FLOWERS[quality]; i++) plant(flowers, i, FLOWERS[quality], 12, true)
    return { tile, tufts, flowers }
  }
  return { sow }
}
