import { BufferAttribute, BufferGeometry, Group, Mesh, type Camera } from 'three'
import type { Carriageways } from './carriageways.ts'
import { createGrass } from './grass-mesh.ts'
import type { Land } from './land.ts'
import type { LandPart, WaterPart } from './land-part.ts'
import type { Air } from './materials.ts'
import { plantUniforms } from './plant-material.ts'
import { createPlants } from './plant-mesh.ts'
import type { Part } from './piece.ts'
import { createTerrain } from './terrain-mesh.ts'
import type { Quality } from './view-types.ts'
import { waterMaterial } from './water-material.ts'

/** Ground, water and all that grows, as three.js draws it. */
export interface LandMeshes {
  readonly group: Group
  add(part: LandPart): void
  /** Chooses what is drawn around the eye, and sows what covers the ground beside the road at a place of the tape. */
  update(camera: Camera, placeM: number): void
}

export function isLandPart(part: Part): part is LandPart {
  return part.kind === 'ground' || part.kind === 'water' || part.kind === 'growth'
}

export function createLandMeshes(
  { ways, land }: { readonly ways: Carriageways; readonly land: Land },
  air: Air,
  quality: Quality,
  seed: number,
): LandMeshes {
  const group = new Group()
  const layers: ((camera: Camera, placeM: number) => void)[] = []
  const add = (part: LandPart): void => {
    switch (part.kind) {
      case 'ground': {
        const terrain = createTerrain(part, air, quality)
        group.add(terrain.group)
        layers.push(terrain.update)
        return
      }
      case 'water':
        group.add(waterMesh(part, air))
        return
      case 'growth': {
        const uniforms = plantUniforms(part.atlas)
        const plants = createPlants(part.stands, part.atlas, air, uniforms, quality)
        const grass = createGrass(ways, land, part.atlas, air, uniforms, quality, seed)
        group.add(plants.group, grass.group)
        layers.push(plants.update, (_camera, placeM) => grass.update(placeM))
      }
    }
  }
  return {
    group,
    add,
    update: (camera, placeM) => {
      for (let i = 0; i < layers.length; i++) layers[i]!(camera, placeM)
    },
  }
}

/** Lakes, rivers and the sea: the sky in them, the sun on their ripples, green where they are shallow, foam at a coast. */
function waterMesh({ water, facts, name }: WaterPart, air: Air): Mesh {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(water.position, 3))
  geometry.setIndex(new BufferAttribute(water.index, 1))
  const mesh = new Mesh(geometry, waterMaterial(water, facts, air))
  mesh.name = name
  mesh.matrixAutoUpdate = false
  mesh.frustumCulled = false
  return mesh
}
