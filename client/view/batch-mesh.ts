import {
  BatchedMesh,
  BufferAttribute,
  BufferGeometry,
  Matrix4,
  Sphere,
  Vector3,
  type Camera,
  type Material,
} from 'three'
import type { Batch, Chunk } from './piece.ts'

/** What is near enough is chosen anew in cells of this size, m. */
const CELL_M = 20

export interface BatchMesh {
  readonly mesh: BatchedMesh
  add(chunk: Chunk): void
  update(camera: Camera): void
}

/** Many chunks in one draw: three.js leaves out those beside the view (and the light), `update` those too far away. */
export function createBatchMesh({ name, hasShadow, chunks, vertices, corners }: Batch, material: Material): BatchMesh {
  const mesh = new BatchedMesh(Math.max(1, chunks), Math.max(3, vertices), Math.max(3, corners), material)
  mesh.name = name
  mesh.sortObjects = false
  mesh.frustumCulled = false
  mesh.castShadow = hasShadow
  mesh.receiveShadow = true
  mesh.matrixAutoUpdate = false
  // Never asked, but three.js would look for it in every vertex of every chunk.
  mesh.boundingSphere = new Sphere(new Vector3(), 1e6)
  const still = new Matrix4()
  const ids: number[] = []
  /** x, z and reach of each, and whether it is shown. */
  const row = new Float64Array(chunks * 3)
  const isShown = new Uint8Array(chunks)
  let cell = NaN

  return {
    mesh,
    add: ({ attributes, index, bounds: { x, y, z, radiusM }, farM }) => {
      const geometry = new BufferGeometry()
      for (const [key, { array, size }] of Object.entries(attributes))
        geometry.setAttribute(key, new BufferAttribute(array, size, !(array instanceof Float32Array)))
      geometry.setIndex(new BufferAttribute(index, 1))
      geometry.boundingSphere = new Sphere(new Vector3(x, y, z), radiusM)
      const id = mesh.addInstance(mesh.addGeometry(geometry))
      mesh.setMatrixAt(id, still)
      const k = ids.push(id) - 1
      row.set([x, z, farM + radiusM], k * 3)
      isShown[k] = 1
      cell = NaN
    },
    update: (camera) => {
      const e = camera.matrixWorld.elements
      const x = Math.round(e[12]! / CELL_M) * CELL_M
      const z = Math.round(e[14]! / CELL_M) * CELL_M
      const now = (x + 65_536) * 131_072 + z + 65_536
      if (now === cell) return
      cell = now
      for (let k = 0; k < ids.length; k++) {
        const dx = row[k * 3]! - x
        const dz = row[k * 3 + 1]! - z
        const reachM = row[k * 3 + 2]!
        const is = dx * dx + dz * dz < reachM * reachM ? 1 : 0
        if (is === isShown[k]) continue
        isShown[k] = is
        mesh.setVisibleAt(ids[k]!, is === 1)
      }
    },
  }
}
