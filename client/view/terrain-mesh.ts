import {
  BufferAttribute,
  BufferGeometry,
  DynamicDrawUsage,
  Frustum,
  Group,
  Matrix4,
  Mesh,
  Sphere,
  Vector3,
  type Camera,
} from 'three'
import type { GroundPart } from './land-part.ts'
import type { Air } from './materials.ts'
import { MARK_NUMBERS } from './terrain.ts'
import { groundMaterial } from './ground-material.ts'
import type { Quality } from './view-types.ts'

/** Tiles nearer than this are drawn finely, m. */
const FINE_M: Record<Quality, number> = { test: 200, low: 260, medium: 420, high: 760 }

export interface TerrainLayer {
  readonly group: Group
  update(camera: Camera): void
}

/** One mesh, one draw: the triangles of the tiles in view are copied one behind the other as the eye moves. */
export function createTerrain({ terrain: plan, facts }: GroundPart, air: Air, quality: Quality): TerrainLayer {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(plan.position, 3))
  geometry.setAttribute('normal', new BufferAttribute(plan.normal, 3))
  geometry.setAttribute('color', new BufferAttribute(plan.color, 3))
  geometry.setAttribute('mark', new BufferAttribute(plan.mark, MARK_NUMBERS))
  const room = plan.tiles.reduce((sum, { near, far }) => sum + Math.max(near[1] - near[0], far[1] - far[0]), 0)
  const index = new BufferAttribute(new Uint32Array(room), 1)
  index.setUsage(DynamicDrawUsage)
  geometry.setIndex(index)
  // Not to be looked for in all vertices.
  geometry.boundingSphere = new Sphere(new Vector3(), 1e6)
  const mesh = new Mesh(geometry, groundMaterial(air, facts, quality))
  mesh.frustumCulled = false
  mesh.receiveShadow = true
  mesh.matrixAutoUpdate = false
  const group = new Group()
  group.add(mesh)

  const frustum = new Frustum()
  const seen = new Matrix4()
  const sphere = new Sphere()
  const eye = new Vector3()
  /** Per tile what was drawn: 0 nothing, 1 from afar, 2 from nearby. */
  const shown = new Uint8Array(plan.tiles.length).fill(255)

  const update = (camera: Camera): void => {
    seen.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse)
    frustum.setFromProjectionMatrix(seen)
    eye.setFromMatrixPosition(camera.matrixWorld)
    let isChanged = false
    for (let i = 0; i < plan.tiles.length; i++) {
      const tile = plan.tiles[i]!
      sphere.center.set(tile.x, tile.y, tile.z)
      sphere.radius = tile.radiusM * 1.05 + 6
      const wanted = !frustum.intersectsSphere(sphere)
        ? 0
        : sphere.center.distanceTo(eye) - tile.radiusM < FINE_M[quality]
          ? 2
          : 1
      if (wanted === shown[i]) continue
      shown[i] = wanted
      isChanged = true
    }
    if (!isChanged) return
    const target = index.array as Uint32Array
    let at = 0
    for (let i = 0; i < plan.tiles.length; i++) {
      if (shown[i] === 0) continue
      const [from, to] = shown[i] === 2 ? plan.tiles[i]!.near : plan.tiles[i]!.far
      // By hand: a view of a part of the array would be an object a tile.
      for (let k = from; k < to; k++) target[at++] = plan.index[k]!
    }
    geometry.setDrawRange(0, at)
    index.clearUpdateRanges()
    index.addUpdateRange(0, at)
    index.needsUpdate = true
  }
  return { group, update }
}
