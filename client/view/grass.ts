import { Group, type InstancedBufferGeometry } from 'three'
import type { Carriageways } from './carriageways.ts'
import { COVERS_A_TILE, TILE_M, type SownTile } from './grass-sow.ts'
import type { Air } from './materials.ts'
import { createPlantMesh } from './plant-mesh.ts'
import { plantMaterial, type PlantUniforms } from './plant-material.ts'
import { TRIANGLES } from './plant-kit.ts'
import { PLANT_ROW } from './plants.ts'
import type { Quality } from './view-types.ts'

const TILES_BEHIND = 2
const TILES_AHEAD: Record<Quality, number> = { test: 2, low: 4, medium: 6, high: 7 }
const FADE_M: Record<Quality, number> = { test: 40, low: 60, medium: 85, high: 100 }
const NOWHERE = -1 << 30

export interface GrassLayer {
  readonly group: Group
  /** Around a place of the tape: tiles that fell behind make room for those ahead, which are asked for. */
  update(placeM: number): void
  take(sown: SownTile): void
}

/** What covers the ground beside the road: one draw, whatever grows there. */
export function createGrass(
  { placeOnward }: Pick<Carriageways, 'placeOnward'>,
  air: Air,
  uniforms: PlantUniforms,
  quality: Quality,
  ask: (tile: number) => void,
): GrassLayer {
  const group = new Group()
  const slots = TILES_BEHIND + TILES_AHEAD[quality] + 1
  const perTile = COVERS_A_TILE[quality] * PLANT_ROW
  const material = plantMaterial(air, uniforms, { inTreeM: 0, inSmallM: 0, outM: FADE_M[quality], overM: 20 })
  const { mesh, rows, buffer } = createPlantMesh(TRIANGLES.cover, slots * COVERS_A_TILE[quality], material)
  mesh.name = 'grass'
  mesh.visible = true
  mesh.receiveShadow = true
  ;(mesh.geometry as InstancedBufferGeometry).instanceCount = slots * COVERS_A_TILE[quality]
  group.add(mesh)
  /** Which tile a slot is for. */
  const tileOf = new Int32Array(slots).fill(NOWHERE)
  const wanted = new Int32Array(slots)

  const isWanted = (tile: number, count: number): boolean => {
    for (let k = 0; k < count; k++) if (wanted[k] === tile) return true
    return false
  }
  let lastM = NaN

  const update = (placeM: number): void => {
    // Nothing changes within a few metres.
    if (Math.abs(placeM - lastM) < 2) return
    lastM = placeM
    let count = 0
    for (let k = -TILES_BEHIND; k <= TILES_AHEAD[quality]; k++) {
      const atM = placeOnward(placeM, k * TILE_M)
      const tile = Math.floor(atM / TILE_M)
      if (!Number.isNaN(atM) && !isWanted(tile, count)) wanted[count++] = tile
    }
    for (let k = 0; k < count; k++) {
      if (tileOf.includes(wanted[k]!)) continue
      for (let slot = 0; slot < slots; slot++) {
        if (isWanted(tileOf[slot]!, count)) continue
        tileOf[slot] = wanted[k]!
        ask(wanted[k]!)
        break
      }
    }
  }
  const take = (sown: SownTile): void => {
    const slot = tileOf.indexOf(sown.tile)
    if (slot < 0) return // Ridden past meanwhile.
    rows.set(sown.rows, slot * perTile)
    buffer.addUpdateRange(slot * perTile, perTile)
    buffer.needsUpdate = true
  }
  return { group, update, take }
}
