import {
  BufferAttribute,
  BufferGeometry,
  Frustum,
  Matrix4,
  Mesh,
  Sphere,
  Vector3,
  type Camera,
  type Material,
} from 'three'
import type { Batch, Chunk } from './piece.ts'

/** What is near enough is chosen anew in cells of this size, m. */
const CELL_M = 20

export interface BatchMesh {
  readonly mesh: ChunkMesh
  add(chunk: Chunk): void
  update(camera: Camera): void
}

/** Many chunks in one draw: those beside the view (or the light) are left out, by `update` those too far away. */
export function createBatchMesh({ name, hasShadow, chunks, vertices, corners }: Batch, material: Material): BatchMesh {
  const mesh = new ChunkMesh(chunks, vertices, corners, material)
  mesh.name = name
  mesh.castShadow = hasShadow
  mesh.receiveShadow = true
  let cell = NaN

  return {
    mesh,
    add: (chunk) => {
      mesh.addChunk(chunk)
      cell = NaN
    },
    update: (camera) => {
      const e = camera.matrixWorld.elements
      const x = Math.round(e[12]! / CELL_M) * CELL_M
      const z = Math.round(e[14]! / CELL_M) * CELL_M
      const now = (x + 65_536) * 131_072 + z + 65_536
      if (now === cell) return
      cell = now
      mesh.chooseNear(x, z)
    },
  }
}

const matrix = new Matrix4()
const frustum = new Frustum()

/**
 * One geometry of which some ranges are drawn at once. To three.js's renderer it is a batch; but nothing in it has a place
 * of its own, and so its program is that of any mesh: client/lean-cuts.ts leaves out the rest of three.js's batches.
 */
class ChunkMesh extends Mesh {
  readonly isBatchedMesh = true
  /** What the renderer draws: where each range begins, bytes into the index, and how many corners it has. */
  readonly _multiDrawStarts: Int32Array
  readonly _multiDrawCounts: Int32Array
  _multiDrawCount = 0
  /** Nobody asks how large all of it is: without this three.js would look at every vertex. */
  readonly boundingSphere = new Sphere(new Vector3(), 1e6)
  readonly #vertices: number
  readonly #spheres: Sphere[] = []
  readonly #starts: Int32Array
  readonly #counts: Int32Array
  readonly #reachM: Float64Array
  readonly #isNear: Uint8Array
  #firstVertex = 0
  #firstCorner = 0

  constructor(chunks: number, vertices: number, corners: number, material: Material) {
    super(new BufferGeometry(), material)
    this.frustumCulled = false
    this.matrixAutoUpdate = false
    this.#vertices = vertices
    const index = vertices > 65_535 ? new Uint32Array(corners) : new Uint16Array(corners)
    this.geometry.setIndex(new BufferAttribute(index, 1))
    this._multiDrawStarts = new Int32Array(chunks)
    this._multiDrawCounts = new Int32Array(chunks)
    this.#starts = new Int32Array(chunks)
    this.#counts = new Int32Array(chunks)
    this.#reachM = new Float64Array(chunks)
    this.#isNear = new Uint8Array(chunks)
  }

  addChunk({ attributes, index, bounds: { x, y, z, radiusM }, farM }: Chunk): void {
    const k = this.#spheres.push(new Sphere(new Vector3(x, y, z), radiusM)) - 1
    const first = this.#firstVertex
    for (const [name, { array, size }] of Object.entries(attributes)) {
      const isNew = !this.geometry.hasAttribute(name)
      if (isNew) {
        const Numbers = array.constructor as Float32ArrayConstructor
        const all = new Numbers(this.#vertices * size)
        this.geometry.setAttribute(name, new BufferAttribute(all, size, !(array instanceof Float32Array)))
      }
      put(this.geometry.getAttribute(name) as BufferAttribute, array, first * size)
      this.#firstVertex = first + array.length / size
    }
    const corners = this.geometry.index!
    const at = this.#firstCorner
    this.#starts[k] = at * corners.array.BYTES_PER_ELEMENT
    this.#counts[k] = index.length
    this.#firstCorner = at + index.length
    put(
      corners,
      index.map((corner) => first + corner),
      at,
    )
    this.#reachM[k] = farM + radiusM
    this.#isNear[k] = 1
  }

  chooseNear(x: number, z: number): void {
    for (let k = 0; k < this.#spheres.length; k++) {
      const { center } = this.#spheres[k]!
      const dx = center.x - x
      const dz = center.z - z
      const reachM = this.#reachM[k]!
      this.#isNear[k] = dx * dx + dz * dz < reachM * reachM ? 1 : 0
    }
  }

  override onBeforeRender = (_renderer: unknown, _scene: unknown, camera: Camera): void => this.#choose(camera)
  override onBeforeShadow = (_renderer: unknown, _scene: unknown, _camera: unknown, light: Camera): void =>
    this.#choose(light)

  #choose(eye: Camera): void {
    frustum.setFromProjectionMatrix(matrix.multiplyMatrices(eye.projectionMatrix, eye.matrixWorldInverse))
    let count = 0
    for (let k = 0; k < this.#spheres.length; k++) {
      if (this.#isNear[k] === 0 || !frustum.intersectsSphere(this.#spheres[k]!)) continue
      this._multiDrawStarts[count] = this.#starts[k]!
      this._multiDrawCounts[count++] = this.#counts[k]!
    }
    this._multiDrawCount = count
  }
}

/** Numbers from `at` on, of which the graphics card then hears. */
function put(attribute: BufferAttribute, numbers: ArrayLike<number>, at: number): void {
  attribute.array.set(numbers, at)
  attribute.addUpdateRange(at, numbers.length)
  attribute.needsUpdate = true
}
