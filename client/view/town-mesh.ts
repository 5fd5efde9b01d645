import {
  BatchedMesh,
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Group,
  Matrix4,
  Mesh,
  SRGBColorSpace,
  Sphere,
  Vector3,
  type Camera,
  type Material,
} from 'three'
import { createCrowdMeshes } from './crowd-mesh.ts'
import type { Air } from './materials.ts'
import { LOOK_SIZE, type Chunk, type Layer } from './mason.ts'
import type { RoadChunk } from './road.ts'
import { roadMaterial } from './road-material.ts'
import type { Prints } from './sheet.ts'
import { SHEET_PX, type SheetPlan } from './sheet.ts'
import { paintSheet } from './sheet-paint.ts'
import { boardMaterial, paintMaterial, townMaterial } from './town-material.ts'
import type { TownParts } from './town.ts'
import type { Quality } from './view-types.ts'

/** How far off chunks are drawn, m. */
const SEEN_M: Record<Quality, Record<Layer | 'road', number>> = {
  test: { far: 2500, mass: 700, detail: 90, road: 900 },
  low: { far: 6000, mass: 800, detail: 110, road: 1200 },
  medium: { far: 9000, mass: 1500, detail: 190, road: 2200 },
  high: { far: 12_000, mass: 2600, detail: 300, road: 3500 },
}
/** What is seen is chosen anew in cells of this size. */
const CELL_M = 20

export interface TownMeshes {
  readonly group: Group
  /** Leaves out what is too far from the eye. */
  update(camera: Camera): void
}

/** Roads, houses, boards and paint as four draws: chunks out of sight are skipped inside of each. */
export function createTownMeshes(parts: TownParts, air: Air, quality: Quality): TownMeshes {
  const group = new Group()
  const seen = SEEN_M[quality]
  const roads = batched(parts.roads, roadMaterial(air, parts.style, quality), roadAttributes, () => seen.road)
  const solids = batched(parts.chunks, townMaterial(air), solidAttributes, ({ layer }) => seen[layer])
  const texture = new CanvasTexture(painted(parts.sheet))
  texture.colorSpace = SRGBColorSpace
  texture.anisotropy = 8
  const boards = printed(parts.boards, boardMaterial(air, texture))
  const paint = printed(parts.paint, paintMaterial(air, texture))
  paint.renderOrder = 1
  solids.mesh.castShadow = true
  for (const mesh of [roads.mesh, solids.mesh, boards, paint]) {
    mesh.receiveShadow = true
    mesh.matrixAutoUpdate = false
    group.add(mesh)
  }
  roads.mesh.name = 'roads'
  solids.mesh.name = 'town'
  boards.name = 'boards'
  paint.name = 'paint'
  const people = createCrowdMeshes(parts.crowd, air, quality)
  group.add(people.group)
  let cell = NaN
  return {
    group,
    update: (camera) => {
      people.update(camera)
      const e = camera.matrixWorld.elements
      const x = Math.round(e[12]! / CELL_M) * CELL_M
      const z = Math.round(e[14]! / CELL_M) * CELL_M
      const now = (x + 65_536) * 131_072 + z + 65_536
      if (now === cell) return
      cell = now
      roads.choose(x, z)
      solids.choose(x, z)
    },
  }
}

interface Sphered {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly radiusM: number
  readonly position: Float32Array
  readonly index: Uint32Array
}

function batched<C extends Sphered>(
  chunks: readonly C[],
  material: Material,
  attributesOf: (chunk: C) => Record<string, BufferAttribute>,
  seenM: (chunk: C) => number,
): { mesh: BatchedMesh; choose(x: number, z: number): void } {
  const vertices = chunks.reduce((sum, { position }) => sum + position.length / 3, 0)
  const corners = chunks.reduce((sum, { index }) => sum + index.length, 0)
  const mesh = new BatchedMesh(Math.max(1, chunks.length), Math.max(3, vertices), Math.max(3, corners), material)
  mesh.sortObjects = false
  mesh.frustumCulled = false
  const still = new Matrix4()
  const reach = chunks.map((chunk) => seenM(chunk) + chunk.radiusM)
  const isShown = new Uint8Array(chunks.length).fill(1)
  const ids = chunks.map((chunk) => {
    const geometry = new BufferGeometry()
    for (const [name, attribute] of Object.entries(attributesOf(chunk))) geometry.setAttribute(name, attribute)
    geometry.setIndex(new BufferAttribute(chunk.index, 1))
    geometry.boundingSphere = new Sphere(new Vector3(chunk.x, chunk.y, chunk.z), chunk.radiusM)
    const id = mesh.addInstance(mesh.addGeometry(geometry))
    mesh.setMatrixAt(id, still)
    return id
  })
  return {
    mesh,
    choose: (x, z) => {
      for (let k = 0; k < chunks.length; k++) {
        const chunk = chunks[k]!
        const is = (chunk.x - x) * (chunk.x - x) + (chunk.z - z) * (chunk.z - z) < reach[k]! * reach[k]! ? 1 : 0
        if (is === isShown[k]) continue
        isShown[k] = is
        mesh.setVisibleAt(ids[k]!, is === 1)
      }
    },
  }
}

function roadAttributes({ position, normal, road, mark }: RoadChunk): Record<string, BufferAttribute> {
  return {
    position: new BufferAttribute(position, 3),
    normal: new BufferAttribute(normal, 4, true),
    road: new BufferAttribute(road, 4),
    mark: new BufferAttribute(mark, 4),
  }
}

function solidAttributes({ position, normal, color, look }: Chunk): Record<string, BufferAttribute> {
  return {
    position: new BufferAttribute(position, 3),
    normal: new BufferAttribute(normal, 4, true),
    color: new BufferAttribute(color, 4, true),
    look: new BufferAttribute(look, LOOK_SIZE),
  }
}

function printed({ position, normal, uv, wave }: Prints, material: Material): Mesh {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(position), 3))
  geometry.setAttribute('normal', new BufferAttribute(Float32Array.from(normal), 3))
  geometry.setAttribute('uv', new BufferAttribute(Float32Array.from(uv), 2))
  geometry.setAttribute('wave', new BufferAttribute(Float32Array.from(wave), 1))
  const mesh = new Mesh(geometry, material)
  mesh.frustumCulled = false
  return mesh
}

function painted(sheet: SheetPlan): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = SHEET_PX
  canvas.height = SHEET_PX
  paintSheet(canvas.getContext('2d')!, sheet.placed)
  return canvas
}
