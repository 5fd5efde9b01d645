import { Group, InstancedBufferGeometry } from 'three'
import { createRandom } from '#physics/random'
import type { Carriageways } from './carriageways.ts'
import { groundAt, type GroundMark, type Rgb } from './ground-color.ts'
import type { Land } from './land.ts'
import type { Cover } from './looks/look.ts'
import type { Air } from './materials.ts'
import { smoothstep } from './noise.ts'
import { createSpot, halfWidthAt, spotAt } from './path.ts'
import type { PlantAtlas } from './plant-atlas.ts'
import { TRIANGLES } from './plant-models.ts'
import { packedLight } from './plants.ts'
import { createPlantMesh, ROW } from './plant-mesh.ts'
import { plantMaterial, type PlantUniforms } from './plant-material.ts'
import type { Quality } from './view-types.ts'

const TILE_M = 16
const TILES_BEHIND = 2
const TILES_AHEAD: Record<Quality, number> = { test: 2, low: 4, medium: 6, high: 7 }
const PLANTS: Record<Quality, number> = { test: 30, low: 120, medium: 320, high: 700 }
const REACH_M = 22
const FADE_M: Record<Quality, number> = { test: 40, low: 60, medium: 85, high: 100 }

export interface GrassLayer {
  readonly group: Group
  /** Around a place of the tape: tiles that fell behind are sown anew ahead. */
  update(placeM: number): void
}

/** What covers the ground beside the road, in tiles along it; what grows in a tile follows from its number alone. */
export function createGrass(
  ways: Pick<Carriageways, 'tape' | 'placeOnward'>,
  land: Land,
  atlas: PlantAtlas,
  air: Air,
  uniforms: PlantUniforms,
  quality: Quality,
  seed: number,
): GrassLayer {
  const { tape, placeOnward } = ways
  const group = new Group()
  const tiles = TILES_BEHIND + TILES_AHEAD[quality] + 1
  const perTile = PLANTS[quality]
  const material = plantMaterial(air, uniforms, {
    inTreeM: 0,
    inSmallM: 0,
    outM: FADE_M[quality],
    overM: 20,
  })
  const one = createPlantMesh(TRIANGLES.cover, tiles * perTile, material)
  one.mesh.visible = true
  one.mesh.receiveShadow = true
  ;(one.mesh.geometry as InstancedBufferGeometry).instanceCount = tiles * perTile
  group.add(one.mesh)
  const sown = new Int32Array(tiles).fill(-1 << 30)
  const sow = createSower(tape, land, atlas, seed)

  const wanted = new Set<number>()
  const update = (placeM: number): void => {
    wanted.clear()
    for (let k = -TILES_BEHIND; k <= TILES_AHEAD[quality]; k++) {
      const atM = placeOnward(placeM, k * TILE_M)
      if (!Number.isNaN(atM)) wanted.add(Math.floor(atM / TILE_M))
    }
    for (const tile of wanted) {
      if (sown.includes(tile)) continue
      const slot = sown.findIndex((old) => !wanted.has(old))
      sown[slot] = tile
      sow(tile, one.rows.subarray(slot * perTile * ROW, (slot + 1) * perTile * ROW), perTile)
      one.buffer.addUpdateRange(slot * perTile * ROW, perTile * ROW)
      one.buffer.needsUpdate = true
    }
  }
  one.mesh.onAfterRender = () => one.buffer.clearUpdateRanges()
  return { group, update }
}

/** Sows one tile of the tape into rows of instances: only numbers, the same for the same seed and tile. */
export function createSower(
  tape: Carriageways['tape'],
  land: Land,
  atlas: PlantAtlas,
  seed: number,
): (tile: number, rows: Float32Array, count: number) => void {
  const { look, noise } = land
  const spot = createSpot()
  const rgb: Rgb = [0, 0, 0]
  const mark: GroundMark = { field: 0, wood: 0, rock: 0, moor: 0 }
  const weights = new Float64Array(look.covers.length)

  return (tile, rows, count) => {
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
      rows.fill(0, o, o + ROW)
      const { x, z } = spot
      if (land.vergeAt(x, z) < (land.isTown(x, z) ? 2.7 : 0.6)) continue
      const shoreM = land.shoreAt(x, z)
      if (shoreM < 3 || land.isPad(x, z)) continue
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
      rows[o + 7] = name.name === 'stone' ? packedLight(0.24 * gain, 0.23 * gain, 0.21 * gain) : packedLight(rgb[0] * gain, rgb[1] * gain * 1.08, rgb[2] * gain)
      rows[o + 8] = shapes[Math.floor(turn * 10) % shapes.length]!
    }
  }

  /** By share, in drifts where the look has drifts; heather where the ground is heath, ferns in the shade. */
  function choose(x: number, z: number, level: number, dice: number): Cover | undefined {
    let sum = 0
    for (let i = 0; i < look.covers.length; i++) {
      const { name, share, drift, from = -9, to = 9 } = look.covers[i]!
      let w = level < from || level > to ? 0 : share
      if (drift !== undefined)
        w *= smoothstep(0.3 + 0.4 * drift, 0.42 + 0.4 * drift, noise.at(x / 13 + i * 37, z / 13 - i * 11)) / (1.1 - drift)
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
