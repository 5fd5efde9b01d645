import {
  BufferGeometry,
  Color,
  DoubleSide,
  FrontSide,
  Group,
  InstancedBufferAttribute,
  InstancedMesh,
  MeshLambertMaterial,
  type Camera,
} from 'three'
import { createRandom, type Random } from '#physics/random'
import type { Land } from './land.ts'
import { airy, NOISE_GLSL, type Air } from './materials.ts'
import { smoothstep } from './noise.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, spotAt, type Path } from './path.ts'
import {
  bushModel,
  cypressModel,
  firModel,
  oakModel,
  poplarModel,
  stonePineModel,
  type PlantModel,
} from './plant-models.ts'
import type { Quality } from './view-types.ts'

interface Species {
  readonly model: (random: Random) => PlantModel
  /** Two greens between which each tree has its own, sRGB. */
  readonly from: number
  readonly to: number
  readonly scale: readonly [least: number, most: number]
}

const SPECIES = {
  fir: { model: firModel, from: 0x24452c, to: 0x47693a, scale: [0.7, 1.35] },
  oak: { model: oakModel, from: 0x53762b, to: 0x86963a, scale: [0.75, 1.3] },
  poplar: { model: poplarModel, from: 0x567a36, to: 0x7f9142, scale: [0.7, 1.1] },
  cypress: { model: cypressModel, from: 0x2b4a2a, to: 0x41602f, scale: [0.7, 1.15] },
  stonePine: { model: stonePineModel, from: 0x3c6230, to: 0x5b7c38, scale: [0.8, 1.2] },
  bush: { model: bushModel, from: 0x5c7431, to: 0x8f8f42, scale: [0.45, 1] },
} as const satisfies Record<string, Species>
type SpeciesName = keyof typeof SPECIES

const SPACING_M: Record<Quality, number> = { test: 60, low: 30, medium: 20, high: 16 }
const NEAR_M: Record<Quality, number> = { test: 0, low: 60, medium: 75, high: 105 }
/** From here on a tree is a few pixels. */
const SPECK_M: Record<Quality, number> = { test: 120, low: 240, medium: 320, high: 420 }
const FAR_M: Record<Quality, number> = { test: 700, low: 1400, medium: 2200, high: 3000 }
const MARGIN_M = 380
/** No tall tree within this of the road, right of it: the helicopter flies there. Left of it one row may stand. */
export const CLEAR_M = 21
/** The chosen trees hold while the eye stays in one cell and looks into one sector: a function of both, no memory. */
const CELL_M = 24
const SECTORS = 24
const ALWAYS_M = 110

/** Trees and bushes of the whole course: all places in one table, those in view copied out as the eye moves. */
export interface PlantsLayer {
  readonly group: Group
  update(camera: Camera): void
}

export function createPlants(
  plan: Pick<Carriageways, 'roads' | 'frame'>,
  land: Land,
  air: Air,
  quality: Quality,
  seed: number,
  isBuilt: (x: number, z: number) => boolean,
): PlantsLayer {
  const random = createRandom(seed ^ 0x7ee5)
  const group = new Group()
  const stands = plantAll(plan, land, random, SPACING_M[quality], isBuilt)
  const nearMaterial = leafMaterial(air, true)
  const farMaterial = leafMaterial(air, false)
  const layers = (Object.keys(SPECIES) as SpeciesName[]).map((name) => {
    const species = SPECIES[name]
    const stand = stands[name]
    const count = stand.length / STRIDE
    const model = species.model(random)
    const table = buildTable(stand, species, random)
    const nearCount = Math.min(count, 1400)
    const near = make(model.near, nearMaterial, nearCount)
    near.castShadow = true
    near.receiveShadow = true
    const far = make(model.far, farMaterial, count)
    const speck = make(model.speck, farMaterial, count)
    group.add(near, far, speck)
    return { count, table, nearCount, near, far, speck }
  })
  let key = NaN

  const update = (camera: Camera): void => {
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
    for (const layer of layers) {
      let near = 0
      let far = 0
      let speck = 0
      for (let i = 0; i < layer.count; i++) {
        const o = i * ROW
        const dx = layer.table[o + 12]! - x
        const dz = layer.table[o + 14]! - z
        const square = dx * dx + dz * dz
        if (square > FAR_M[quality] * FAR_M[quality]) continue
        const ahead = dx * lookX + dz * lookZ
        // Out of the 130° in front: only what may throw a shadow into view.
        if (square > ALWAYS_M * ALWAYS_M && ahead < 0.42 * Math.sqrt(square)) continue
        if (square < NEAR_M[quality] * NEAR_M[quality] && near < layer.nearCount)
          copyRow(layer.table, o, layer.near, near++)
        else if (square < SPECK_M[quality] * SPECK_M[quality]) copyRow(layer.table, o, layer.far, far++)
        else copyRow(layer.table, o, layer.speck, speck++)
      }
      show(layer.near, near)
      show(layer.far, far)
      show(layer.speck, speck)
    }
  }
  return { group, update }
}

/** Per plant where it is planted: x, y, z, share of the species' size. */
export const STRIDE = 4
/** Per plant as it is drawn: a matrix and a colour. */
const ROW = 19

export type Stands = Record<SpeciesName, number[]>

/** Where everything grows; `createPlants` draws it. */
export function plantAll(
  { roads, frame }: Pick<Carriageways, 'roads' | 'frame'>,
  land: Land,
  random: Random,
  spacingM: number,
  isBuilt: (x: number, z: number) => boolean,
): Stands {
  const stands: Stands = { fir: [], oak: [], poplar: [], cypress: [], stonePine: [], bush: [] }
  const { noise } = land
  const span = Math.max(160, (land.treeLineM - land.lowestM) / 1.7)
  const { minX, maxX, minZ, maxZ } = frame.bounds
  for (let z = minZ - MARGIN_M; z < maxZ + MARGIN_M; z += spacingM) {
    for (let x = minX - MARGIN_M; x < maxX + MARGIN_M; x += spacingM) {
      const px = x + (random.fraction() - 0.5) * spacingM * 1.7
      const pz = z + (random.fraction() - 0.5) * spacingM * 1.7
      const dice = random.fraction()
      const size = random.fraction()
      const wood = noise.fractal(px / 210 + 3, pz / 210, 3)
      const d = land.roadDistanceAt(px, pz)
      if (d < 9 || land.vergeAt(px, pz) < 5 || land.deckAt(px, pz) < 5 || land.shoreAt(px, pz) < 4) continue
      // Woods where the noise is high, single trees and bushes elsewhere.
      const density = smoothstep(0.42, 0.56, wood) * 0.85 + 0.045
      if (dice > density || isBuilt(px, pz)) continue
      const y = land.heightAt(px, pz)
      const rise = Math.abs(land.heightAt(px + 3, pz) - y) + Math.abs(land.heightAt(px, pz + 3) - y)
      const above = (y - land.lowestM) / span
      if (rise > 4.6 || y > land.treeLineM - 40 * noise.at(px / 90, pz / 90 + 5)) continue
      const kind = noise.at(px / 130 + 40, pz / 130)
      const isLow = above + (kind - 0.5) * 0.5 < 0.42
      let name: SpeciesName
      if (d < CLEAR_M || (density < 0.2 && dice < density * 0.35)) name = 'bush'
      else if (!isLow) name = dice < density * 0.82 ? 'fir' : 'poplar'
      else if (kind > 0.6) name = dice < density * 0.6 ? 'stonePine' : 'cypress'
      else name = dice < density * 0.75 ? 'oak' : 'poplar'
      stands[name].push(px, y - 0.15, pz, size)
    }
  }
  for (const { path } of roads) plantRows(path, land, random, stands, isBuilt)
  return stands
}

/** A row along the left of the road here and there: poplars and cypresses by the water, firs on the climb. */
function plantRows(
  path: Path,
  land: Land,
  random: Random,
  stands: Stands,
  isBuilt: (x: number, z: number) => boolean,
): void {
  const spot = createSpot()
  const span = Math.max(160, (land.treeLineM - land.lowestM) / 1.7)
  for (let s = 0; s < path.lengthM; s += 11) {
    const where = land.noise.at(s / 240, 7.7)
    const size = random.fraction()
    if (where < 0.56) continue
    const half = path.halfWidthM[Math.floor(s)]!
    spotAt(path, s + random.fraction() * 2, -(half + 4.2 + random.fraction()), spot)
    if (land.vergeAt(spot.x, spot.z) < 3.8 || land.deckAt(spot.x, spot.z) < 3.8) continue
    if (land.shoreAt(spot.x, spot.z) < 3 || isBuilt(spot.x, spot.z)) continue
    const y = land.heightAt(spot.x, spot.z)
    if (Math.abs(y - spot.y) > 2.5) continue
    const above = (y - land.lowestM) / span
    const name = above > 0.45 ? 'fir' : where > 0.68 ? 'cypress' : 'poplar'
    stands[name].push(spot.x, y - 0.15, spot.z, size * 0.7)
  }
}

function buildTable(stand: readonly number[], species: Species, random: Random): Float32Array {
  const count = stand.length / STRIDE
  const table = new Float32Array(count * ROW)
  const from = new Color(species.from)
  const to = new Color(species.to)
  for (let i = 0; i < count; i++) {
    const size = species.scale[0] + (species.scale[1] - species.scale[0]) * stand[i * STRIDE + 3]!
    const angle = random.fraction() * Math.PI * 2
    const wide = size * (0.86 + 0.28 * random.fraction())
    const tall = size * (0.86 + 0.3 * random.fraction())
    const leanX = (random.fraction() - 0.5) * 0.08
    const leanZ = (random.fraction() - 0.5) * 0.08
    const c = Math.cos(angle) * wide
    const s = Math.sin(angle) * wide
    const green = random.fraction()
    const bright = 0.8 + 0.4 * random.fraction()
    const o = i * ROW
    table.set([c, 0, -s, 0, leanX * tall, tall, leanZ * tall, 0, s, 0, c, 0], o)
    table.set([stand[i * STRIDE]!, stand[i * STRIDE + 1]!, stand[i * STRIDE + 2]!, 1], o + 12)
    table[o + 16] = (from.r + (to.r - from.r) * green) * bright
    table[o + 17] = (from.g + (to.g - from.g) * green) * bright
    table[o + 18] = (from.b + (to.b - from.b) * green) * bright
  }
  return table
}

function make(geometry: BufferGeometry, material: MeshLambertMaterial, wanted: number): InstancedMesh {
  const room = Math.max(1, wanted)
  const mesh = new InstancedMesh(geometry, material, room)
  mesh.instanceColor = new InstancedBufferAttribute(new Float32Array(room * 3), 3)
  mesh.frustumCulled = false
  mesh.count = 0
  return mesh
}

function copyRow(table: Float32Array, from: number, mesh: InstancedMesh, to: number): void {
  const matrix = mesh.instanceMatrix.array
  for (let k = 0; k < 16; k++) matrix[to * 16 + k] = table[from + k]!
  const color = mesh.instanceColor!.array
  for (let k = 0; k < 3; k++) color[to * 3 + k] = table[from + 16 + k]!
}

function show(mesh: InstancedMesh, count: number): void {
  mesh.count = count
  mesh.visible = count > 0
  mesh.instanceMatrix.needsUpdate = true
  mesh.instanceColor!.needsUpdate = true
}

function leafMaterial(air: Air, isNear: boolean): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true, side: isNear ? DoubleSide : FrontSide })
  return airy(material, air, isNear ? 'leaf-near' : 'leaf-far', [
    { stage: 'vertex', chunk: 'common', code: 'varying vec3 vLeaf;' },
    {
      stage: 'vertex',
      chunk: 'begin_vertex',
      code: `vLeaf=position+vec3(instanceMatrix[3].x,0.,instanceMatrix[3].z)*.37;
        float phase=instanceMatrix[3][0]*.07+instanceMatrix[3][2]*.05;
        transformed.xz+=vec2(.045,.03)*max(position.y-1.,0.)*.6*sin(airTimeS*1.2+phase+position.y*.35);`,
    },
    // Foliage has no back: its normals point out of the crown from whichever side a leaf is seen.
    {
      stage: 'fragment',
      chunk: 'normal_fragment_begin',
      code: 'vec3 normal=normalize(vNormal); vec3 nonPerturbedNormal=normal;',
      isReplacing: true,
    },
    { stage: 'fragment', chunk: 'common', code: `varying vec3 vLeaf; ${NOISE_GLSL}` },
    {
      stage: 'fragment',
      chunk: 'color_fragment',
      code: `{
        float blotch=noise2(vLeaf.xy*1.9+vLeaf.z*1.3)+.6*noise2(vLeaf.zy*4.7+vLeaf.x*3.1);
        diffuseColor.rgb*=.55+.62*blotch;
        ${isNear ? 'float fringe=noise2(vLeaf.xy*6.5+vLeaf.z*5.)*.5+noise2(vLeaf.zy*13.+vLeaf.x*9.)*.5; vec3 face=normalize(vNormal); float rim=abs(dot(face,normalize(vFromEye))); if(vColor.r>.02&&rim<.34&&fringe>.35+rim)discard;' : ''}
      }`,
    },
    {
      stage: 'fragment',
      chunk: 'lights_fragment_end',
      // Leaves let light through: against the sun a crown glows at its edge instead of going black.
      code: `{float through=max(dot(normalize(vFromEye),airSunView),0.);
        float wrap=max(.0,.55-dot(normal,airSunView))*.5;
        totalEmissiveRadiance+=diffuseColor.rgb*airSunColor*(.5*through*through*through+.22*wrap);}`,
    },
  ])
}
