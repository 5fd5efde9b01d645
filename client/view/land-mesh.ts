import { BufferAttribute, BufferGeometry, Group, Mesh, type Camera, type Object3D } from 'three'
import type { Carriageways } from './carriageways.ts'
import { createGrass, type GrassLayer } from './grass.ts'
import type { SownTile } from './grass-sow.ts'
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
  /** What was asked for has come. */
  take(sown: SownTile): void
}

export function isLandPart(part: Part): part is LandPart {
  return part.kind === 'ground' || part.kind === 'water' || part.kind === 'growth'
}

export interface LandMeshesOptions {
  readonly ways: Carriageways
  readonly air: Air
  readonly quality: Quality
  /** Asks for what covers the ground in a tile along the road. */
  ask(tile: number): void
}

/** `prepare`: makes the shaders of an object, which is seen from then on. */
export function createLandMeshes(
  { ways, air, quality, ask }: LandMeshesOptions,
  prepare: (object: Object3D) => Promise<void>,
): LandMeshes {
  const group = new Group()
  let grass: GrassLayer | undefined
  /** Until its shaders are ready an object lets light through, instead of holding the frame up. */
  const show = (object: Object3D): void => {
    group.add(object)
    const meshes = object instanceof Mesh ? [object] : object.children
    for (const mesh of meshes) {
      const wasVisible = mesh.visible
      mesh.visible = true
      const work = prepare(mesh)
      mesh.visible = wasVisible
      mesh.layers.disableAll()
      void work.then(() => mesh.layers.enable(0))
    }
  }
  const layers: ((camera: Camera, placeM: number) => void)[] = []
  const add = (part: LandPart): void => {
    switch (part.kind) {
      case 'ground': {
        const terrain = createTerrain(part, air, quality)
        show(terrain.group)
        layers.push(terrain.update)
        return
      }
      case 'water':
        show(waterMesh(part, air))
        return
      case 'growth': {
        const uniforms = plantUniforms(part.atlas)
        const plants = createPlants(part.stands, part.atlas, air, uniforms, quality)
        const sown = createGrass(ways, air, uniforms, quality, ask)
        show(plants.group)
        show(sown.group)
        layers.push(plants.update, (_camera, placeM) => sown.update(placeM))
        grass = sown
      }
    }
  }
  return {
    group,
    add,
    take: (sown) => grass?.take(sown),
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
