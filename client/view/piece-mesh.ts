import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DynamicDrawUsage,
  Group,
  InstancedBufferAttribute,
  InstancedMesh,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  Sphere,
  SRGBColorSpace,
  Vector3,
  type Camera,
  type Material,
  type Object3D,
  type Texture,
} from 'three'
import { createBatchMesh, type BatchMesh } from './batch-mesh.ts'
import type { LandPart } from './land-part.ts'
import { STREWN_ROW, type Level, type Part, type Piece, type Sheet, type Strewn } from './piece.ts'
import { boundsOf, type Bounds, type ShapeData } from './shape.ts'
import type { SurfaceName } from './surface-names.ts'
import type { Surfaces } from './surfaces.ts'

/** What the parts of the world become: objects of three.js. The only place where they do. */
export interface PieceMeshes {
  readonly group: Group
  /** Any part but those of the land, which `land-mesh.ts` draws. */
  add(part: Exclude<Part, LandPart>): void
  /** Chooses what is drawn around the eye. */
  update(camera: Camera): void
}

/** `prepare`: makes the shaders of an object, which is seen from then on. */
export function createPieceMeshes(surfaces: Surfaces, prepare: (object: Object3D) => Promise<void>): PieceMeshes {
  const group = new Group()
  const models = new Map<string, BufferGeometry>()
  const sheets = new Map<string, Texture>()
  const batches = new Map<string, BatchMesh>()
  const strewn: ((camera: Camera) => void)[] = []
  const materials = new Map<string, Material>()
  const shaders = new Map<string, Promise<void>>()

  const materialOf = (surface: SurfaceName, sheet?: string): Material => {
    const key = `${surface} ${sheet ?? ''}`
    const known = materials.get(key)
    if (known !== undefined) return known
    const made = surfaces.make(surface, sheet === undefined ? undefined : sheets.get(sheet))
    materials.set(key, made)
    return made
  }

  /** Until its shaders are ready an object lets light through, instead of holding the frame up. */
  const show = (mesh: Mesh, key: string): void => {
    group.add(mesh)
    const work = shaders.get(key) ?? prepare(mesh)
    shaders.set(key, work)
    mesh.layers.disableAll()
    void work.then(() => mesh.layers.enable(0))
  }

  const addPiece = ({ name, surface, sheet, shape, bounds, instances, hasShadow, farM }: Piece): void => {
    const geometry = typeof shape === 'string' ? models.get(shape)! : geometryOf(shape, bounds)
    const material = materialOf(surface, sheet)
    const mesh = instances === undefined ? new Mesh(geometry, material) : new InstancedMesh(geometry, material, 0)
    if (mesh instanceof InstancedMesh) {
      mesh.count = instances!.count
      mesh.instanceMatrix = new InstancedBufferAttribute(instances!.matrices, 16)
      if (instances!.tints !== undefined) mesh.instanceColor = new InstancedBufferAttribute(instances!.tints, 3)
      mesh.boundingSphere = sphereOf(bounds)
    }
    mesh.name = name
    mesh.castShadow = hasShadow
    mesh.receiveShadow = true
    mesh.matrixAutoUpdate = false
    show(mesh, `${surface} ${sheet ?? ''} ${instances === undefined} ${instances?.tints === undefined}`)
    if (farM !== undefined) {
      strewn.push((camera) => {
        const e = camera.matrixWorld.elements
        const dx = bounds.x - e[12]!
        const dz = bounds.z - e[14]!
        const reachM = farM + bounds.radiusM
        mesh.visible = dx * dx + dz * dz < reachM * reachM
      })
    }
  }

  const add = (part: Exclude<Part, LandPart>): void => {
    switch (part.kind) {
      case 'piece':
        return addPiece(part)
      case 'model':
        models.set(part.name, geometryOf(part.shape, boundsOf(part.shape)))
        return
      case 'sheet':
        sheets.set(part.name, textureOf(part))
        return
      case 'strewn': {
        const meshes = part.levels.map((level) => levelMesh(part, level, materialOf(level.surface)))
        meshes.forEach((mesh, i) => show(mesh, `${part.levels[i]!.surface} strewn`))
        strewn.push(createPicker(part, meshes))
        return
      }
      case 'batch': {
        const batch = createBatchMesh(part, materialOf(part.surface, part.sheet))
        batches.set(part.name, batch)
        strewn.push(batch.update)
        return
      }
      case 'chunk': {
        const batch = batches.get(part.name)!
        batch.add(part)
        // Not before it has the columns of its vertices: its shader follows from them.
        if (batch.mesh.parent === null) show(batch.mesh, `${part.name} batch`)
        return
      }
      case 'mark':
        return
    }
  }

  return {
    group,
    add,
    update: (camera) => {
      for (let i = 0; i < strewn.length; i++) strewn[i]!(camera)
    },
  }
}

/** A shape as three.js draws it; also for builders whose meshes move (riders, props). */
export function geometryOf(shape: ShapeData, bounds: Bounds = boundsOf(shape)): BufferGeometry {
  const geometry = new BufferGeometry()
  for (const [name, { array, size }] of Object.entries(shape.attributes)) {
    geometry.setAttribute(name, new BufferAttribute(array, size))
  }
  if (shape.index !== undefined) geometry.setIndex(new BufferAttribute(shape.index, 1))
  geometry.boundingSphere = sphereOf(bounds)
  return geometry
}

function sphereOf({ x, y, z, radiusM }: Bounds): Sphere {
  return new Sphere(new Vector3(x, y, z), radiusM)
}

function textureOf({ pixels, widthPx, heightPx }: Sheet): Texture {
  const texture = new DataTexture(pixels as Uint8ClampedArray<ArrayBuffer>, widthPx, heightPx)
  texture.colorSpace = SRGBColorSpace
  texture.flipY = true // The first row is the top one.
  texture.minFilter = LinearMipmapLinearFilter
  texture.magFilter = LinearFilter
  texture.generateMipmaps = true
  texture.anisotropy = 8
  texture.needsUpdate = true
  return texture
}

function levelMesh({ name, count }: Strewn, level: Level, material: Material): InstancedMesh {
  const room = Math.max(1, Math.min(count, level.countMax ?? count))
  const mesh = new InstancedMesh(geometryOf(level.shape), material, 0)
  mesh.instanceMatrix = new InstancedBufferAttribute(new Float32Array(room * 16), 16)
  mesh.instanceColor = new InstancedBufferAttribute(new Float32Array(room * 3), 3)
  mesh.instanceMatrix.setUsage(DynamicDrawUsage)
  mesh.instanceColor.setUsage(DynamicDrawUsage)
  mesh.name = name
  mesh.frustumCulled = false
  mesh.castShadow = level.hasShadow
  mesh.receiveShadow = level.isShaded
  mesh.matrixAutoUpdate = false
  mesh.count = 0
  mesh.visible = false
  return mesh
}

/** The choice holds while the eye stays in one cell and looks into one sector: a function of both, no memory. */
const CELL_M = 24
const SECTORS = 24
const ALWAYS_M = 110

function createPicker({ table, count, levels }: Strewn, meshes: readonly InstancedMesh[]): (camera: Camera) => void {
  const counts = new Int32Array(levels.length)
  let key = NaN
  return (camera) => {
    const e = camera.matrixWorld.elements
    const cx = Math.round(e[12]! / CELL_M)
    const cz = Math.round(e[14]! / CELL_M)
    const sector = Math.round((Math.atan2(-e[8]!, -e[10]!) / (2 * Math.PI)) * SECTORS)
    const now = ((cx + 4096) * 8192 + cz + 4096) * 64 + sector + 32
    if (now === key) return
    key = now
    const x = cx * CELL_M
    const z = cz * CELL_M
    const angle = (sector / SECTORS) * 2 * Math.PI
    const lookX = Math.sin(angle)
    const lookZ = Math.cos(angle)
    const farM = levels[levels.length - 1]!.toM
    counts.fill(0)
    for (let i = 0; i < count; i++) {
      const o = i * STREWN_ROW
      const dx = table[o + 12]! - x
      const dz = table[o + 14]! - z
      const square = dx * dx + dz * dz
      if (square > farM * farM) continue
      // Out of the 130° in front: only what may throw a shadow into view.
      if (square > ALWAYS_M * ALWAYS_M && dx * lookX + dz * lookZ < 0.42 * Math.sqrt(square)) continue
      for (let l = 0; l < levels.length; l++) {
        const { toM, countMax } = levels[l]!
        if (square >= toM * toM || (countMax !== undefined && counts[l]! >= countMax)) continue
        copyRow(table, o, meshes[l]!, counts[l]!++)
        break
      }
    }
    for (let l = 0; l < levels.length; l++) {
      const mesh = meshes[l]!
      mesh.count = counts[l]!
      mesh.visible = mesh.count > 0
      send(mesh.instanceMatrix, mesh.count)
      send(mesh.instanceColor!, mesh.count)
    }
  }
}

/** Only what is in use goes to the graphics card. */
function send(attribute: BufferAttribute, rows: number): void {
  attribute.clearUpdateRanges()
  attribute.addUpdateRange(0, rows * attribute.itemSize)
  attribute.needsUpdate = true
}

function copyRow(table: Float32Array, from: number, mesh: InstancedMesh, to: number): void {
  const matrix = mesh.instanceMatrix.array
  for (let k = 0; k < 16; k++) matrix[to * 16 + k] = table[from + k]!
  const color = mesh.instanceColor!.array
  for (let k = 0; k < 3; k++) color[to * 3 + k] = table[from + 16 + k]!
}
