import {
  BufferGeometry,
  Color,
  InstancedBufferAttribute,
  InstancedMesh,
  Matrix4,
  MeshLambertMaterial,
  Quaternion,
  Vector3,
  type Camera,
} from 'three'
import { createRandom } from '#physics/random'
import type { Land } from './land.ts'
import { airy, type Air } from './materials.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, halfWidthAt, spotAt, type Path } from './path.ts'
import type { SceneLine } from './scene-line.ts'
import type { Sites } from './sites.ts'
import { ball, bar, merged, painted } from './solids.ts'
import type { Quality } from './view-types.ts'

const CROWD: Record<Quality, number> = { test: 30, low: 120, medium: 320, high: 480 }
const UP = new Vector3(0, 1, 0)
/** Farther than this from the eye nobody is drawn; who is, is decided anew per cell of this size. */
const SEEN_M = 230
const CELL_M = 24
/** A matrix and the colour of a shirt. */
const ROW = 19

export interface Crowd {
  readonly mesh: InstancedMesh
  update(camera: Camera): void
}

/** People where it is worth standing: at the start, at the named lines, along the village street, in the hairpins. */
export function createCrowd(
  roads: Carriageways['roads'],
  land: Land,
  sites: Sites,
  lines: readonly SceneLine[],
  air: Air,
  quality: Quality,
  seed: number,
): Crowd {
  const random = createRandom(seed ^ 0xc0de)
  const stretches: { path: Path; fromM: number; toM: number; share: number }[] = []
  for (const { path, atM, isStart, isReversed } of lines) {
    const [beforeM, behindM, share] = isStart ? [85, 45, 5] : [25, 12, 1.6]
    const [fromM, toM] = isReversed ? [atM - behindM, atM + beforeM] : [atM - beforeM, atM + behindM]
    stretches.push({ path, fromM, toM, share })
  }
  for (const street of sites.streets) stretches.push({ ...street, share: 1.6 })
  for (const { path } of roads) {
    for (let s = 0; s < path.count; s += 20) {
      if (Math.abs(path.bendPerM[s]!) > 1 / 30) stretches.push({ path, fromM: s - 14, toM: s + 14, share: 0.5 })
    }
  }
  const total = stretches.reduce((sum, stretch) => sum + stretch.share, 0)
  const spot = createSpot()
  const places: { x: number; y: number; z: number; turn: number }[] = []
  for (const stretch of stretches) {
    const wanted = Math.round((CROWD[quality] * stretch.share) / total)
    for (let i = 0; i < wanted; i++) {
      const side = random.fraction() < 0.5 ? -1 : 1
      const atM = stretch.fromM + random.fraction() * (stretch.toM - stretch.fromM)
      const { path } = stretch
      if (!path.isLoop && (atM < 0 || atM > path.lengthM)) continue
      const half = halfWidthAt(path, atM)
      const backM = 1.75 + random.fraction() ** 2 * 2.6
      spotAt(path, atM, side * (half + backM), spot)
      const turn = Math.atan2(spot.dirZ * side, -spot.dirX * side) + (random.fraction() - 0.5) * 0.9
      const y = land.heightAt(spot.x, spot.z)
      if (land.vergeAt(spot.x, spot.z) < 1.4 || land.isPad(spot.x, spot.z) || Math.abs(y - spot.y) > 1.5) continue
      places.push({ x: spot.x, y, z: spot.z, turn })
    }
  }
  const material = airy(new MeshLambertMaterial({ vertexColors: true }), air, 'crowd', [
    {
      stage: 'vertex',
      chunk: 'begin_vertex',
      code: `{float q=instanceMatrix[3][0]*3.1+instanceMatrix[3][2]*5.3; float keen=fract(q*.37);
        float hop=max(0.,sin(airTimeS*(3.+keen)+q))*step(.45,keen);
        transformed.y+=.1*hop; transformed.x+=.04*sin(airTimeS*2.+q)*max(position.y-.8,0.);}`,
    },
    // Only what is white is dyed: the shirt.
    {
      stage: 'vertex',
      chunk: 'color_vertex',
      code: 'if(color.r<.97||color.b<.97)vColor.rgb=color*(.7+.6*fract(instanceColor.r*7.3+instanceColor.g*3.1));',
    },
  ])
  const room = Math.max(1, places.length)
  const mesh = new InstancedMesh(personGeometry(), material, room)
  const table = new Float32Array(room * ROW)
  const matrix = new Matrix4()
  const turn = new Quaternion()
  const shirt = new Color()
  places.forEach((place, i) => {
    turn.setFromAxisAngle(UP, place.turn)
    const tall = 0.88 + random.fraction() * 0.2
    matrix.compose(new Vector3(place.x, place.y, place.z), turn, new Vector3(tall, tall, tall)).toArray(table, i * ROW)
    shirt.setHSL(random.fraction(), 0.35 + 0.4 * random.fraction(), 0.4 + 0.3 * random.fraction())
    shirt.toArray(table, i * ROW + 16)
  })
  mesh.instanceColor = new InstancedBufferAttribute(new Float32Array(room * 3), 3)
  mesh.castShadow = true
  mesh.frustumCulled = false
  mesh.count = 0
  let cell = NaN

  const update = (camera: Camera): void => {
    const e = camera.matrixWorld.elements
    const x = Math.round(e[12]! / CELL_M) * CELL_M
    const z = Math.round(e[14]! / CELL_M) * CELL_M
    const now = (x + 65_536) * 131_072 + z + 65_536
    if (now === cell) return
    cell = now
    let count = 0
    for (let i = 0; i < places.length; i++) {
      const place = places[i]!
      if ((place.x - x) ** 2 + (place.z - z) ** 2 > SEEN_M * SEEN_M) continue
      mesh.instanceMatrix.array.set(table.subarray(i * ROW, i * ROW + 16), count * 16)
      mesh.instanceColor!.array.set(table.subarray(i * ROW + 16, i * ROW + ROW), count * 3)
      count++
    }
    mesh.count = count
    mesh.visible = count > 0
    mesh.instanceMatrix.needsUpdate = true
    mesh.instanceColor!.needsUpdate = true
  }
  return { mesh, update }
}

function personGeometry(): BufferGeometry {
  const SKIN = 0xc99a72
  return merged(
    [
      painted(bar([0.09, -0.1, 0], [0.08, 0.85, 0], 0.075, 0.095, 6), 0x2c3a55),
      painted(bar([-0.09, -0.1, 0], [-0.08, 0.85, 0], 0.075, 0.095, 6), 0x2c3a55),
      painted(bar([0, 0.8, 0], [0, 1.15, 0], 0.16, 0.18, 8), 0xffffff),
      painted(bar([0, 1.15, 0], [0, 1.42, 0], 0.18, 0.13, 8), 0xffffff),
      painted(ball([0, 1.41, 0], [0.17, 0.07, 0.11], 6, 4), 0xffffff),
      painted(bar([0, 1.42, 0], [0, 1.52, 0], 0.05, 0.05, 6), SKIN),
      painted(ball([0, 1.62, 0], [0.1, 0.13, 0.11], 7, 5), SKIN),
      painted(ball([0, 1.67, -0.02], [0.108, 0.1, 0.115], 7, 4), 0x4a3524),
      painted(bar([0.17, 1.4, 0], [0.32, 1.58, 0.12], 0.05, 0.042, 5), 0xffffff),
      painted(bar([0.32, 1.58, 0.12], [0.26, 1.86, 0.2], 0.04, 0.035, 5), SKIN),
      painted(bar([-0.17, 1.4, 0], [-0.27, 1.15, 0.1], 0.05, 0.042, 5), 0xffffff),
      painted(bar([-0.27, 1.15, 0.1], [-0.14, 1.02, 0.26], 0.04, 0.035, 5), SKIN),
    ],
    ['position', 'normal', 'color'],
  )
}
