import { createRandom } from '#physics/random'
import { groundAt, type GroundMark, type Rgb } from './ground-color.ts'
import { isOnCrossing } from './junctions.ts'
import type { Cover } from './looks/look.ts'
import { smoothstep } from './noise.ts'
import { createSpot, halfWidthAt, spotAt } from './path.ts'
import { createPlantAtlas } from './plant-atlas.ts'
import { packedLight } from './plant-colors.ts'
import { PLANT_ROW as ROW } from './plants.ts'
import type { Quality } from './view-types.ts'
import type { Country } from './world-build.ts'

/** What covers the ground stands in tiles along the road; what grows in a tile follows from its number alone. */
export const TILE_M = 16
export const COVERS_A_TILE: Record<Quality, number> = { test: 30, low: 90, medium: 240, high: 640 }
/** How far from the asphalt it reaches, m. */
const REACH_M = 22

export interface SownTile {
  readonly tile: number
  /** PLANT_ROW numbers a plant; where nothing grows all of them are 0. */
  readonly rows: Float32Array<ArrayBuffer>
}

export interface GrassSower {
  sow(tile: number): SownTile
}

export function createGrassSower({ ways, junctions, land }: Country, quality: Quality, seed: number): GrassSower {
  const { tape } = ways
  const { look, noise } = land
  const atlas = createPlantAtlas(seed)
  const count = COVERS_A_TILE[quality]
  const spot = createSpot()
  const rgb: Rgb = [0, 0, 0]
  const mark: GroundMark = { field: 0, wood: 0, rock: 0, moor: 0 }
  const weights = new Float64Array(look.covers.length)

  const sow = (tile: number): SownTile => {
    const rows = new Float32Array(count * ROW)
    const random = createRandom(seed ^ Math.imul(tile, 0x9e3779b1))
    for (let k = 0; k < count; k++) {
      const distanceM = (tile + random.fraction()) * TILE_M
      const reach = random.fraction()
      const side = random.fraction() < 0.5 ? -1 : 1
      const turn = random.fraction() * Math.PI * 2
      const size = random.fraction()
      const dice = random.fraction()
      const hue = random.fraction()
      const half = halfWidthAt(tape, distanceM)
      const beyondM = 0.75 + reach * (0.35 + 0.65 * reach) * REACH_M
      spotAt(tape, distanceM, side * (half + beyondM), spot)
      const o = k * ROW
      const { x, z } = spot
      if (land.vergeAt(x, z) < (land.isTown(x, z) ? 2.7 : 0.6)) continue
      const shoreM = land.shoreAt(x, z)
      if (shoreM < 3 || land.isPad(x, z) || isOnCrossing(junctions, x, z)) continue
      const y = land.heightAt(x, z)
      groundAt(land, x, z, y, 1, rgb, mark)
      const name = choose(x, z, land.levelOf(y), dice)
      if (name === undefined) continue
      const isGrass = name.name === 'grass' || name.name === 'tallGrass'
      // Mown at the kerb, taller away from it, in drifts; on sand and stone next to none.
      if (isGrass && shoreM < 14 && hue > (shoreM - 3) / 22) continue
      const patch = noise.at(x / 9 + 3, z / 9)
      const tall = (0.5 + 0.75 * size) * (0.6 + 0.8 * patch) * (0.42 + 0.58 * smoothstep(0.7, 3, beyondM))
      const gain = 1 + 0.45 * hue
      const shapes = atlas.covers[name.name]
      rows[o] = x
      rows[o + 1] = y - 0.03
      rows[o + 2] = z
      rows[o + 3] = turn
      rows[o + 4] = (isGrass ? 1.1 : 0.8) + 0.55 * size
      rows[o + 5] = isGrass ? tall * look.grassTall : (0.7 + 0.6 * size) * (0.55 + 0.45 * smoothstep(0.7, 2.4, beyondM))
      rows[o + 6] = 0
      rows[o + 7] =
        name.name === 'stone'
          ? packedLight(0.24 * gain, 0.23 * gain, 0.21 * gain)
          : packedLight(rgb[0] * gain, rgb[1] * gain * 1.08, rgb[2] * gain)
      rows[o + 8] = shapes[Math.floor(turn * 10) % shapes.length]!
    }
    return { tile, rows }
  }
  return { sow }

  /** By share, in drifts where the look has drifts; heather where the ground is heath, ferns in the shade. */
  function choose(x: number, z: number, level: number, dice: number): Cover | undefined {
    let sum = 0
    for (let i = 0; i < look.covers.length; i++) {
      const { name, share, drift, from = -9, to = 9 } = look.covers[i]!
      let w = level < from || level > to ? 0 : share
      if (drift !== undefined)
        w *=
          smoothstep(0.3 + 0.4 * drift, 0.42 + 0.4 * drift, noise.at(x / 13 + i * 37, z / 13 - i * 11)) / (1.1 - drift)
      if (name === 'heather') w *= 0.15 + 2.6 * mark.moor
      else if (name === 'fern') w *= 0.3 + 4 * mark.wood
      else if (name === 'grass') w *= (1 - 0.6 * mark.moor) * (1 - 0.6 * mark.wood)
      else if (name !== 'stone' && name !== 'tallGrass') w *= 1 - 0.9 * mark.wood
      weights[i] = w
      sum += w
    }
    // Nothing in some places of woods and above the trees: the ground shows.
    let left = dice * Math.max(sum, 3.5 + 6 * mark.wood + 4 * smoothstep(1, 1.5, level))
    for (let i = 0; i < look.covers.length; i++) {
      left -= weights[i]!
      if (left < 0) return look.covers[i]!
    }
    return undefined
  }
}
