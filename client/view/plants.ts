import { createRandom, type Random } from '#physics/random'
import type { Land } from './land.ts'
import { smoothstep } from './noise.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, spotAt, type Path } from './path.ts'
import { STREWN_ROW, type Strewn } from './piece.ts'
import {
  bushModel,
  cypressModel,
  firModel,
  oakModel,
  poplarModel,
  stonePineModel,
  type PlantModel,
} from './plant-models.ts'
import { linear } from './solids.ts'
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
/** Near trees are many triangles: no more of one kind at once. */
const NEAR_MAX = 1400

/** Trees and bushes of the whole course. */
export function* buildPlants(
  plan: Pick<Carriageways, 'roads' | 'frame'>,
  land: Land,
  quality: Quality,
  seed: number,
  isBuilt: (x: number, z: number) => boolean,
): Generator<Strewn> {
  const random = createRandom(seed ^ 0x7ee5)
  const stands = plantAll(plan, land, random, SPACING_M[quality], isBuilt)
  for (const name of Object.keys(SPECIES) as SpeciesName[]) {
    const species: Species = SPECIES[name]
    const stand = stands[name]
    const { near, far, speck } = species.model(random)
    const table = buildTable(stand, species, random)
    yield {
      kind: 'strewn',
      name: 'plants',
      levels: [
        { surface: 'leaf', shape: near, toM: NEAR_M[quality], countMax: NEAR_MAX, hasShadow: true, isShaded: true },
        { surface: 'leafFar', shape: far, toM: SPECK_M[quality], hasShadow: false, isShaded: false },
        { surface: 'leafFar', shape: speck, toM: FAR_M[quality], hasShadow: false, isShaded: false },
      ],
      count: stand.length / STRIDE,
      table,
    }
  }
}

/** Per plant where it is planted: x, y, z, share of the species' size. */
export const STRIDE = 4

export type Stands = Record<SpeciesName, number[]>

/** Where everything grows; `buildPlants` shows it. */
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
  const table = new Float32Array(count * STREWN_ROW)
  const from = linear(species.from)
  const to = linear(species.to)
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
    const o = i * STREWN_ROW
    table.set([c, 0, -s, 0, leanX * tall, tall, leanZ * tall, 0, s, 0, c, 0], o)
    table.set([stand[i * STRIDE]!, stand[i * STRIDE + 1]!, stand[i * STRIDE + 2]!, 1], o + 12)
    table[o + 16] = (from[0] + (to[0] - from[0]) * green) * bright
    table[o + 17] = (from[1] + (to[1] - from[1]) * green) * bright
    table[o + 18] = (from[2] + (to[2] - from[2]) * green) * bright
  }
  return table
}
