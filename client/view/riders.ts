import { Color, DynamicDrawUsage, Group, InstancedBufferAttribute, InstancedMesh, type PerspectiveCamera } from 'three'
import type { RosterEntry, SceneRiders } from '../world/scene-riders.ts'
import type { Air } from './materials.ts'
import { createSpot, spotAt, type Path, type Spot } from './path.ts'
import { geometryOf } from './piece-mesh.ts'
import { crownAt } from './road.ts'
import { createContacts } from './rider-contacts.ts'
import { riderShape, type RiderDetail } from './rider-model.ts'
import { createRiderMaterial, createRiderShadowMaterial } from './rider-shader.ts'
import type { Quality } from './view-types.ts'

/** Metres from the eye up to which a detail is drawn. */
const NEAR_TO_M: Record<Quality, number> = { test: 9, low: 12, medium: 16, high: 22 }
const MID_TO_M: Record<Quality, number> = { test: 40, low: 60, medium: 90, high: 130 }
const DRAWN_TO_M = 1600
/** Behind the eye by more than this a rider is neither seen nor throws a shadow into view. */
const BEHIND_M = 14

interface Kit {
  readonly jersey: Color
  readonly frame: Color
  readonly skin: Color
  readonly pattern: number
}

interface Level {
  readonly mesh: InstancedMesh
  readonly motion: InstancedBufferAttribute
  readonly jersey: InstancedBufferAttribute
  readonly frame: InstancedBufferAttribute
  readonly skin: InstancedBufferAttribute
}

export interface RidersLayer {
  readonly group: Group
  setRoster(entries: readonly RosterEntry[]): void
  /** `inZone` puts who rides in a free-ride zone there and answers the lean, NaN for everybody else. */
  update(
    riders: SceneRiders,
    camera: PerspectiveCamera,
    isSelfHidden: boolean,
    inZone?: (riderId: number, out: Spot) => number,
  ): void
  dispose(): void
}

/** All riders in three draws, one per detail; rows are written anew each frame, nothing is allocated. */
export function createRidersLayer(path: Path, air: Air, quality: Quality, capacity: number): RidersLayer {
  const group = new Group()
  const material = createRiderMaterial(air)
  const shadow = createRiderShadowMaterial()
  const levels: Level[] = []
  let room = 0
  const kits = new Map<number, Kit>()
  const plain: Kit = { jersey: new Color(0x3a6ea5), frame: new Color(0xdddddd), skin: new Color(0xc98d63), pattern: 0 }
  const spot = createSpot()
  const contacts = createContacts()
  group.add(contacts.mesh)

  const grow = (wanted: number): void => {
    clear()
    room = wanted
    contacts.grow(wanted)
    for (const detail of ['near', 'mid', 'far'] as const) levels.push(createLevel(detail, wanted))
    for (const level of levels) group.add(level.mesh)
  }
  const createLevel = (detail: RiderDetail, count: number): Level => {
    const geometry = geometryOf(riderShape(detail))
    const attribute = (size: number) => {
      const made = new InstancedBufferAttribute(new Float32Array(count * size), size)
      made.setUsage(DynamicDrawUsage)
      return made
    }
    const level = {
      mesh: new InstancedMesh(geometry, material, count),
      motion: attribute(4),
      jersey: attribute(4),
      frame: attribute(3),
      skin: attribute(4),
    }
    geometry.setAttribute('rdA', level.motion)
    geometry.setAttribute('rdJ', level.jersey)
    geometry.setAttribute('rdF', level.frame)
    geometry.setAttribute('rdS', level.skin)
    level.mesh.instanceMatrix.setUsage(DynamicDrawUsage)
    level.mesh.customDepthMaterial = shadow
    level.mesh.castShadow = detail !== 'far' && (quality === 'high' || quality === 'medium')
    level.mesh.receiveShadow = true
    level.mesh.frustumCulled = false
    level.mesh.count = 0
    return level
  }
  const clear = (): void => {
    for (const level of levels) {
      group.remove(level.mesh)
      level.mesh.geometry.dispose()
      level.mesh.dispose()
    }
    levels.length = 0
  }
  grow(Math.max(16, capacity))

  const update: RidersLayer['update'] = (riders, camera, isSelfHidden, inZone) => {
    if (riders.count > room) grow(riders.capacity)
    const eye = camera.position
    const e = camera.matrixWorld.elements
    const [near, mid, far] = levels as [Level, Level, Level]
    let nearCount = 0
    let midCount = 0
    let farCount = 0
    const nearSquare = NEAR_TO_M[quality] ** 2
    const midSquare = MID_TO_M[quality] ** 2
    for (let i = isSelfHidden ? 1 : 0; i < riders.count; i++) {
      const lateralM = riders.lateralM[i]!
      spotAt(path, riders.placeM[i]!, lateralM, spot)
      const zoneLean = inZone === undefined ? NaN : inZone(riders.id[i]!, spot)
      const isOnRoad = Number.isNaN(zoneLean)
      const x = spot.x
      const z = spot.z
      const y = spot.y + (isOnRoad ? crownAt(lateralM, 3.5) : 0)
      const ox = x - eye.x
      const oy = y - eye.y
      const oz = z - eye.z
      const square = ox * ox + oy * oy + oz * oz
      if (square > DRAWN_TO_M * DRAWN_TO_M) continue
      if (-(ox * e[8]! + oy * e[9]! + oz * e[10]!) < -BEHIND_M) continue
      const isNear = square < nearSquare || i === 0
      const level = isNear ? near : square < midSquare ? mid : far
      const k = isNear ? nearCount++ : level === mid ? midCount++ : farCount++

      const up = Math.sqrt(1 - spot.slope * spot.slope)
      const m = level.mesh.instanceMatrix.array
      const o = k * 16
      // Columns: the rider's left, up, forward, place.
      m[o] = spot.dirZ
      m[o + 1] = 0
      m[o + 2] = -spot.dirX
      m[o + 4] = -spot.dirX * spot.slope
      m[o + 5] = up
      m[o + 6] = -spot.dirZ * spot.slope
      m[o + 8] = spot.dirX * up
      m[o + 9] = spot.slope
      m[o + 10] = spot.dirZ * up
      m[o + 12] = x
      m[o + 13] = y
      m[o + 14] = z
      m[o + 15] = 1
      const fade = riders.fade[i]!
      if (fade < 0.5) contacts.put(m, o)
      const motion = level.motion.array
      const effort = Math.min(1.6, riders.powerW[i]! / 260)
      motion[k * 4] = riders.crankRad[i]!
      motion[k * 4 + 1] = riders.wheelRad[i]!
      motion[k * 4 + 2] = effort
      motion[k * 4 + 3] = (isOnRoad ? riders.leanRad[i]! : zoneLean) - 0.02 * effort * Math.sin(riders.crankRad[i]!)
      const kit = kits.get(riders.id[i]!) ?? plain
      level.jersey.setXYZW(k, kit.jersey.r, kit.jersey.g, kit.jersey.b, kit.pattern)
      level.frame.setXYZ(k, kit.frame.r, kit.frame.g, kit.frame.b)
      level.skin.setXYZW(k, kit.skin.r, kit.skin.g, kit.skin.b, fade)
    }
    show(near, nearCount)
    show(mid, midCount)
    show(far, farCount)
    contacts.show()
  }

  return {
    group,
    update,
    setRoster: (entries) => {
      kits.clear()
      for (const entry of entries) {
        kits.set(entry.id, {
          jersey: new Color(entry.jersey),
          frame: new Color(entry.frame),
          skin: new Color(entry.skin),
          pattern: entry.pattern % 6,
        })
      }
    },
    dispose: () => {
      clear()
      material.dispose()
      shadow.dispose()
      contacts.dispose()
    },
  }
}

function show(level: Level, count: number): void {
  level.mesh.count = count
  level.mesh.visible = count > 0
  if (count === 0) return
  for (const attribute of [level.mesh.instanceMatrix, level.motion, level.jersey, level.frame, level.skin]) {
    attribute.needsUpdate = true
  }
}
