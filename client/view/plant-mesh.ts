import {
  BufferAttribute,
  DynamicDrawUsage,
  Group,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  Mesh,
  Sphere,
  Vector3,
  type Camera,
  type MeshLambertMaterial,
} from 'three'
import type { Air } from './materials.ts'
import type { PlantAtlas } from './plant-atlas.ts'
import { CORNERS, TRIANGLES } from './plant-kit.ts'
import { PLANT_ROW as ROW, STAND_NUMBERS, type Stands } from './plants.ts'
import { plantMaterial, plantShadowMaterial, THIN_SHARES, type Fade, type PlantUniforms } from './plant-material.ts'
import type { Quality } from './view-types.ts'

/** Whole trees, and whole small things, as far as this from the eye, m; then their far shapes, then specks. */
const NEAR_M: Record<Quality, number> = { test: 0, low: 40, medium: 54, high: 80 }
const SMALL_M: Record<Quality, number> = { test: 0, low: 28, medium: 42, high: 56 }
const SPECK_M: Record<Quality, number> = { test: 90, low: 160, medium: 260, high: 380 }
const FAR_M: Record<Quality, number> = { test: 700, low: 1500, medium: 2300, high: 3600 }
/** Over so many metres on either side one level passes into the next. */
const OVER_M = 5
const SPECK_OVER_M = 60
/** Every second tree and then every fourth is enough far off: what it says with its start, by its number. */
const THIN_PARTS = [0, 0.5, 0.75, 0.5] as const
/** The chosen plants hold while the eye stays in one cell and looks into one sector: a function of both, no memory. */
const CELL_M = 16
const SECTORS = 32
const ALWAYS_M = 42
const BUCKET_M = 96
/** Plants looked at in a frame, and what an eye rides until all of them have been, m. */
const LOOKS_A_FRAME = 5000
const MEANWHILE_M = 4

export interface PlantsLayer {
  readonly group: Group
  update(camera: Camera): void
}

export function createPlants(
  stands: Stands,
  atlas: PlantAtlas,
  air: Air,
  uniforms: PlantUniforms,
  quality: Quality,
): PlantsLayer {
  const group = new Group()
  const { order, first, bucketX, bucketZ } = inBuckets(stands)
  const counts = { tree: 0, small: 0 }
  const { isSmall } = stands
  for (let i = 0; i < stands.count; i++) counts[isSmall[stands.kind[i]!]! ? 'small' : 'tree']++
  const add = (triangles: number, room: number, fade: Fade, castsShadow: boolean): PlantMesh => {
    const mesh = createPlantMesh(triangles, room, plantMaterial(air, uniforms, fade), true)
    mesh.mesh.castShadow = castsShadow
    if (castsShadow) mesh.mesh.customDepthMaterial = plantShadowMaterial(air, uniforms, fade)
    mesh.mesh.receiveShadow = true
    group.add(mesh.mesh)
    return mesh
  }
  const nearM = NEAR_M[quality]
  const smallM = SMALL_M[quality]
  const speckM = SPECK_M[quality]
  const near = add(
    TRIANGLES.tree,
    Math.min(counts.tree, 900),
    { inTreeM: 0, inSmallM: 0, outM: nearM, overM: OVER_M },
    true,
  )
  const small = add(
    TRIANGLES.small,
    Math.min(counts.small, 1400),
    { inTreeM: 0, inSmallM: 0, outM: smallM, overM: OVER_M },
    true,
  )
  const far = add(
    TRIANGLES.far,
    Math.min(stands.count, 9000),
    { inTreeM: nearM, inSmallM: smallM, outM: speckM, overM: OVER_M },
    false,
  )
  const speck = add(
    TRIANGLES.speck,
    Math.min(stands.count, 14_000),
    { inTreeM: speckM, inSmallM: speckM, outM: FAR_M[quality], overM: SPECK_OVER_M },
    false,
  )
  const shapes = stands.names.map((name) => atlas.plants[name])
  const all = [near, small, far, speck]
  /** What is being chosen: from where, into which direction, and the next bucket to look into; NaN: nothing. */
  let key = NaN
  let cellX = NaN
  let cellZ = NaN
  let towards = NaN
  const buckets = first.length - 1
  /** Nothing is under way: the first frame chooses all. */
  let bucket = buckets

  const update = (camera: Camera): void => {
    const e = camera.matrixWorld.elements
    uniforms.plantEye.value.set(e[12]!, e[13]!, e[14]!)
    const cx = Math.round(e[12]! / CELL_M)
    const cz = Math.round(e[14]! / CELL_M)
    const sector = Math.round((Math.atan2(-e[8]!, -e[10]!) / (2 * Math.PI)) * SECTORS)
    const now = ((cx + 4096) * 8192 + cz + 4096) * 64 + sector + 32
    // An eye that jumps sees all at once; one that rides has the choice a few frames later.
    const isJump = !(Math.abs(cx - cellX) < 3 && Math.abs(cz - cellZ) < 3 && isNextTo(sector, towards))
    if (isJump || (now !== key && bucket >= buckets)) {
      key = now
      cellX = cx
      cellZ = cz
      towards = sector
      for (let k = 0; k < all.length; k++) all[k]!.count = 0
      bucket = 0
      choose(isJump ? Infinity : LOOKS_A_FRAME)
    } else if (bucket < buckets) choose(LOOKS_A_FRAME)
  }

  const choose = (looks: number): void => {
    const x = cellX * CELL_M
    const z = cellZ * CELL_M
    const angle = (towards / SECTORS) * 2 * Math.PI
    const lookX = Math.sin(angle)
    const lookZ = Math.cos(angle)
    // An eye in its cell may be this much nearer to a plant than the middle of the cell is, and rides on meanwhile.
    const slackM = CELL_M * 0.71 + OVER_M + MEANWHILE_M
    let left = looks
    while (bucket < buckets && left > 0) {
      const b = bucket++
      left -= 8
      const bx = bucketX[b]! - x
      const bz = bucketZ[b]! - z
      const away = Math.sqrt(bx * bx + bz * bz)
      if (away - BUCKET_M * 0.71 > FAR_M[quality] + SPECK_OVER_M + slackM) continue
      if (away > BUCKET_M + ALWAYS_M && bx * lookX + bz * lookZ < 0.4 * away - BUCKET_M) continue
      left -= first[b + 1]! - first[b]!
      for (let o = first[b]!; o < first[b + 1]!; o++) {
        const i = order[o]!
        const k = i * STAND_NUMBERS
        const dx = stands.numbers[k]! - x
        const dz = stands.numbers[k + 2]! - z
        const d = Math.sqrt(dx * dx + dz * dz)
        // Out of the 130° in front: only what may throw a shadow into view.
        if (d > ALWAYS_M && dx * lookX + dz * lookZ < 0.4 * d - 12) continue
        const shape = shapes[stands.kind[i]!]!
        const little = isSmall[stands.kind[i]!]!
        const nearTo = little ? smallM : nearM
        if (d < nearTo + slackM) put(little ? small : near, stands.numbers, k, shape.near[i % shape.near.length]!)
        if (d > nearTo - slackM - OVER_M && d < speckM + slackM && shape.far >= 0)
          put(far, stands.numbers, k, shape.far + (little ? 0.25 : 0))
        const part = THIN_PARTS[i % 4]!
        const outM = FAR_M[quality] * (part === 0.5 ? THIN_SHARES[0] : part === 0.75 ? THIN_SHARES[1] : 1)
        if (d < speckM - slackM || shape.speck < 0 || d > outM + slackM + SPECK_OVER_M) continue
        put(speck, stands.numbers, k, shape.speck + part)
      }
    }
    if (bucket < buckets) return
    for (let k = 0; k < all.length; k++) show(all[k]!)
  }
  return { group, update }
}

/** A mesh of instances that each look their shape up. */
export interface PlantMesh {
  readonly mesh: Mesh
  /** Written; what is drawn is another until `show`. */
  rows: Float32Array
  readonly buffer: InstancedInterleavedBuffer
  readonly room: number
  count: number
}

export function createPlantMesh(
  triangles: number,
  wanted: number,
  material: MeshLambertMaterial,
  isChosen = false,
): PlantMesh {
  const room = Math.max(1, wanted)
  const geometry = new InstancedBufferGeometry()
  const corner = new Float32Array(triangles * 3 * 3)
  for (let i = 0; i < triangles * 3; i++) corner.set([...CORNERS[i % 6]!, i], i * 3)
  const corners = new BufferAttribute(corner, 3)
  geometry.setAttribute('position', corners)
  geometry.setAttribute('normal', corners) // Never read, but without one three.js would shade by facets.
  const rows = new Float32Array(room * ROW)
  const buffer = new InstancedInterleavedBuffer(rows, ROW)
  buffer.setUsage(DynamicDrawUsage)
  geometry.setAttribute('standAt', new InterleavedBufferAttribute(buffer, 4, 0))
  geometry.setAttribute('standHow', new InterleavedBufferAttribute(buffer, 4, 4))
  geometry.setAttribute('standStart', new InterleavedBufferAttribute(buffer, 1, 8))
  geometry.instanceCount = 0
  geometry.boundingSphere = new Sphere(new Vector3(), 1e6) // Of no use, but else looked for in corners.
  const mesh = new Mesh(geometry, material)
  mesh.frustumCulled = false
  mesh.matrixAutoUpdate = false
  mesh.visible = false
  return { mesh, rows: isChosen ? new Float32Array(rows.length) : rows, buffer, room, count: 0 }
}

function put(into: PlantMesh, numbers: Float32Array, from: number, start: number): void {
  if (into.count >= into.room) return
  const to = into.count * ROW
  for (let n = 0; n < STAND_NUMBERS; n++) into.rows[to + n] = numbers[from + n]!
  into.rows[to + STAND_NUMBERS] = start
  into.count++
}

export function show(one: PlantMesh): void {
  const written = one.rows
  one.rows = one.buffer.array as Float32Array
  one.buffer.array = written
  one.mesh.visible = one.count > 0
  ;(one.mesh.geometry as InstancedBufferGeometry).instanceCount = one.count
  one.buffer.clearUpdateRanges()
  one.buffer.addUpdateRange(0, one.count * ROW)
  one.buffer.needsUpdate = true
}

function isNextTo(sector: number, other: number): boolean {
  const apart = Math.abs(sector - other) % SECTORS
  return apart <= 1 || apart === SECTORS - 1
}

/** Plants in order of the squares they stand in. */
function inBuckets({ count, numbers }: Stands): {
  readonly order: Uint32Array
  readonly first: Uint32Array
  readonly bucketX: Float32Array
  readonly bucketZ: Float32Array
} {
  const members = new Map<number, number[]>()
  for (let i = 0; i < count; i++) {
    const key =
      (Math.floor(numbers[i * STAND_NUMBERS]! / BUCKET_M) + 4096) * 8192 +
      Math.floor(numbers[i * STAND_NUMBERS + 2]! / BUCKET_M) +
      4096
    const known = members.get(key)
    if (known === undefined) members.set(key, [i])
    else known.push(i)
  }
  const order = new Uint32Array(count)
  const first = new Uint32Array(members.size + 1)
  const bucketX = new Float32Array(members.size)
  const bucketZ = new Float32Array(members.size)
  let at = 0
  let b = 0
  for (const [key, list] of members) {
    bucketX[b] = (Math.floor(key / 8192) - 4096 + 0.5) * BUCKET_M
    bucketZ[b] = ((key % 8192) - 4096 + 0.5) * BUCKET_M
    order.set(list, at)
    at += list.length
    first[++b] = at
  }
  return { order, first, bucketX, bucketZ }
}
