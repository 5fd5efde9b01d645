import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Group, InstancedBufferAttribute, InstancedMesh, type Camera } from 'three'
import { personShape, PERSON_ROW } from './crowd.ts'
import { crowdMaterial } from './crowd-material.ts'
import type { Air } from './materials.ts'
import type { Quality } from './view-types.ts'

/** Up to here people have fingers to clap with, beyond it a few triangles each, beyond that they are not drawn; m. */
const NEAR_M: Record<Quality, number> = { test: 0, low: 22, medium: 34, high: 48 }
const FAR_M: Record<Quality, number> = { test: 80, low: 120, medium: 190, high: 260 }
const CELL_M = 12

export interface CrowdMeshes {
  readonly group: Group
  update(camera: Camera): void
}

/** Two draws: people near by, and people farther away. Who is which is chosen when the eye has moved on. */
export function createCrowdMeshes(rows: Float32Array, air: Air, quality: Quality): CrowdMeshes {
  const group = new Group()
  const count = rows.length / PERSON_ROW
  const material = crowdMaterial(air)
  const meshes = [true, false].map((isNear) => {
    const { position, normal, limb } = personShape(isNear)
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(position, 3))
    geometry.setAttribute('normal', new BufferAttribute(normal, 3))
    geometry.setAttribute('limb', new BufferAttribute(limb, 2))
    const mesh = new InstancedMesh(geometry, material, 0)
    mesh.instanceMatrix = new InstancedBufferAttribute(new Float32Array(Math.max(1, count) * 16), 16)
    mesh.instanceColor = new InstancedBufferAttribute(new Float32Array(Math.max(1, count) * 3), 3)
    mesh.instanceMatrix.setUsage(DynamicDrawUsage)
    mesh.instanceColor.setUsage(DynamicDrawUsage)
    mesh.frustumCulled = false
    mesh.matrixAutoUpdate = false
    mesh.castShadow = isNear
    mesh.visible = false
    mesh.name = isNear ? 'people' : 'people far'
    group.add(mesh)
    return mesh
  })
  let cell = NaN
  const update = (camera: Camera): void => {
    const e = camera.matrixWorld.elements
    const x = Math.round(e[12]! / CELL_M) * CELL_M
    const z = Math.round(e[14]! / CELL_M) * CELL_M
    const now = (x + 65_536) * 131_072 + z + 65_536
    if (now === cell) return
    cell = now
    const near = NEAR_M[quality] * NEAR_M[quality]
    const far = FAR_M[quality] * FAR_M[quality]
    let [inNear, inFar] = [0, 0]
    for (let i = 0; i < count; i++) {
      const o = i * PERSON_ROW
      const dx = rows[o + 12]! - x
      const dz = rows[o + 14]! - z
      const square = dx * dx + dz * dz
      if (square > far) continue
      const mesh = square < near ? meshes[0]! : meshes[1]!
      const to = square < near ? inNear++ : inFar++
      const matrix = mesh.instanceMatrix.array
      const color = mesh.instanceColor!.array
      for (let k = 0; k < 16; k++) matrix[to * 16 + k] = rows[o + k]!
      for (let k = 0; k < 3; k++) color[to * 3 + k] = rows[o + 16 + k]!
    }
    for (const [mesh, shown] of [[meshes[0]!, inNear], [meshes[1]!, inFar]] as const) {
      mesh.count = shown
      mesh.visible = shown > 0
      mesh.instanceMatrix.needsUpdate = true
      mesh.instanceColor!.needsUpdate = true
    }
  }
  return { group, update }
}
