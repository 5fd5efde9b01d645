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
  type Material,
  type PerspectiveCamera,
} from 'three'
import type { RosterEntry, SceneRiders } from '../world/scene-riders.ts'
import type { Air } from './materials.ts'
import { createSpot, spotAt, type Path, type Spot } from './path.ts'
import { crownAt } from './road.ts'
import { contactGeometry, createContacts } from './rider-contacts.ts'
import { createDigits } from './rider-digits.ts'
import { kitOf, PLAIN_KIT } from './rider-kit.ts'
import { riderArrays, type RiderDetail } from './rider-model.ts'
import { createEye, LEVELS, REACHES, RiderRows, ROW_FLOATS, type Onlooking } from './rider-rows.ts'
import { createRiderMaterial, createRiderShadowMaterial } from './rider-shader.ts'
import type { Quality } from './view-types.ts'

/** Places are written from a point near the eye, so that a float is exact to a tenth of a millimetre. */
const ORIGIN_STEP_M = 256
/** The sky's light goes over into that of a gallery's lamps in so many metres. */
const PORTAL_M = 8

interface Level {
  readonly mesh: Mesh
  readonly geometry: InstancedBufferGeometry
  readonly buffer: InstancedInterleavedBuffer
  readonly range: { start: number; count: number }
  readonly isShadow: boolean
  count: number
}

export interface RidersLayer {
  readonly group: Group
  setRoster(entries: readonly RosterEntry[]): void
  /** `inZone` puts who rides in a free-ride zone there and answers the lean, NaN for everybody else. */
  update(
    riders: SceneRiders,
    camera: PerspectiveCamera,
    looking: Onlooking,
    inZone?: (riderId: number, out: Spot) => number,
  ): void
  dispose(): void
}

/** All riders: a draw per detail, one for what is seen through, and two into the shadow map. Rows are written anew each frame. */
export function createRidersLayer(
  path: Path,
  air: Air,
  quality: Quality,
  capacity: number,
  /** Where on the path a roof begins and ends, m. */
  roofs: readonly (readonly [fromM: number, toM: number])[] = [],
): RidersLayer {
  const group = new Group()
  const digits = createDigits()
  const material = createRiderMaterial(air, { value: digits })
  const shadow = createRiderShadowMaterial()
  const reach = REACHES[quality]
  const rows = new RiderRows()
  const levels: Level[] = []
  const kits = new Map<number, Float32Array>()
  const spot = createSpot()
  const eye = createEye()
  const stand = new Float64Array(8)
  const shadowMiddle = new Float64Array(3)
  const contactsOf: { level: Level; mesh: Mesh; geometry: InstancedBufferGeometry }[] = []

  const grow = (wanted: number): void => {
    clear()
    rows.grow(wanted)
    LEVELS.forEach((name, k) => {
      const isShadow = name.startsWith('shadow')
      if (isShadow && reach.shadowM === 0) return
      const detail = { shadowMid: 'mid', shadowLow: 'shade' }[name as string] ?? name
      const level = createLevel(detail as RiderDetail, rows.rows[k]!, isShadow, material, shadow)
      levels[k] = level
      group.add(level.mesh)
    })
    // Spokes and contact of the two finest details; they read the same rows.
    for (const k of [0, 1]) {
      const geometry = contactGeometry()
      addRows(geometry, levels[k]!.buffer)
      const mesh = createContacts(geometry, air)
      contactsOf.push({ level: levels[k]!, mesh, geometry })
      group.add(mesh)
    }
  }
  const clear = (): void => {
    for (const { mesh, geometry } of [...levels.filter(Boolean), ...contactsOf]) {
      group.remove(mesh)
      geometry.dispose()
    }
    for (const { mesh } of contactsOf) (mesh.material as Material).dispose()
    levels.length = 0
    contactsOf.length = 0
  }
  grow(Math.max(16, capacity))

  const update: RidersLayer['update'] = (riders, camera, looking, inZone) => {
    if (riders.count > rows.capacity) grow(riders.capacity)
    const { position } = camera
    const originX = Math.round(position.x / ORIGIN_STEP_M) * ORIGIN_STEP_M
    const originY = Math.round(position.y / ORIGIN_STEP_M) * ORIGIN_STEP_M
    const originZ = Math.round(position.z / ORIGIN_STEP_M) * ORIGIN_STEP_M
    group.position.set(originX, originY, originZ)
    eye.x = position.x - originX
    eye.y = position.y - originY
    eye.z = position.z - originZ
    const e = camera.matrixWorld.elements
    for (let n = 0; n < 3; n++) {
      eye.axes[n] = e[n]!
      eye.axes[3 + n] = e[4 + n]!
      eye.axes[6 + n] = -e[8 + n]!
    }
    eye.tanY = 1 / camera.projectionMatrix.elements[5]!
    eye.tanX = 1 / camera.projectionMatrix.elements[0]!
    rows.begin(looking)
    for (let i = 0; i < riders.count; i++) {
      const lateralM = riders.lateralM[i]!
      spotAt(path, riders.placeM[i]!, lateralM, spot)
      const zoneLean = inZone === undefined ? NaN : inZone(riders.id[i]!, spot)
      const isOnRoad = Number.isNaN(zoneLean)
      stand[0] = spot.x - originX
      stand[1] = spot.y + (isOnRoad ? crownAt(lateralM, 3.5) : 0) - originY
      stand[2] = spot.z - originZ
      stand[3] = spot.dirX
      stand[4] = spot.dirZ
      stand[5] = spot.slope
      stand[6] = isOnRoad ? riders.leanRad[i]! : zoneLean
      stand[7] = isOnRoad ? roofAt(riders.placeM[i]!) : 0
      if (i === 0) for (let n = 0; n < 3; n++) shadowMiddle[n] = stand[n]!
      rows.put(i, kits.get(riders.id[i]!) ?? PLAIN_KIT, eye, stand, reach, shadowMiddle)
    }
    rows.deal(riders, reach)
    for (let k = 0; k < levels.length; k++) if (levels[k] !== undefined) show(levels[k]!, rows.counts[k]!)
    for (const { level, mesh, geometry } of contactsOf) {
      geometry.instanceCount = level.count
      mesh.visible = level.count > 0
    }
  }

  function roofAt(placeM: number): number {
    let share = 0
    for (let k = 0; k < roofs.length; k++) {
      const inM = Math.min(placeM - roofs[k]![0], roofs[k]![1] - placeM)
      share = Math.max(share, Math.min(1, inM / PORTAL_M + 0.5))
    }
    return share
  }

  return {
    group,
    update,
    setRoster: (entries) => {
      kits.clear()
      for (const entry of entries) kits.set(entry.id, kitOf(entry))
    },
    dispose: () => {
      clear()
      material.dispose()
      shadow.dispose()
      digits.dispose()
    },
  }
}

/** Rows put them where they are; without a sphere three.js would look for one in every vertex. */
const EVERYWHERE = new Sphere(new Vector3(), 1e6)

function createLevel(
  detail: RiderDetail,
  rows: Float32Array,
  isShadow: boolean,
  material: Material,
  shadow: Material,
): Level {
  const geometry = new InstancedBufferGeometry()
  const { position, normal, morph, bone, index } = riderArrays(detail)
  geometry.setAttribute('position', new BufferAttribute(position, 3))
  geometry.setAttribute('normal', new BufferAttribute(normal, 3))
  geometry.setAttribute('morph', new BufferAttribute(morph, 3))
  geometry.setAttribute('bone', new BufferAttribute(bone, 2))
  geometry.setIndex(new BufferAttribute(index, 1))
  geometry.boundingSphere = EVERYWHERE
  const buffer = new InstancedInterleavedBuffer(rows, ROW_FLOATS)
  buffer.setUsage(DynamicDrawUsage)
  addRows(geometry, buffer)
  const mesh = new Mesh(geometry, material)
  mesh.frustumCulled = false
  mesh.castShadow = isShadow
  mesh.receiveShadow = !isShadow
  const level: Level = { mesh, geometry, buffer, range: { start: 0, count: 0 }, isShadow, count: 0 }
  if (isShadow) {
    // Only into the shadow map: to the picture it has nobody to draw.
    mesh.customDepthMaterial = shadow
    mesh.onBeforeShadow = () => {
      geometry.instanceCount = level.count
    }
    mesh.onAfterShadow = () => {
      geometry.instanceCount = 0
    }
  }
  return level
}

function addRows(geometry: InstancedBufferGeometry, buffer: InstancedInterleavedBuffer): void {
  for (let n = 0; n < ROW_FLOATS / 4; n++)
    geometry.setAttribute(`rd${n}`, new InterleavedBufferAttribute(buffer, 4, n * 4))
}

function show(level: Level, count: number): void {
  level.count = count
  level.mesh.visible = count > 0
  level.geometry.instanceCount = level.isShadow ? 0 : count
  if (count === 0) return
  level.range.count = count * ROW_FLOATS
  // The same object again: three.js empties the list, and would otherwise be given a new one each frame.
  level.buffer.updateRanges[0] = level.range
  level.buffer.needsUpdate = true
}
