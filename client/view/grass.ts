import {
  BufferAttribute,
  BufferGeometry,
  DynamicDrawUsage,
  Group,
  InstancedBufferAttribute,
  InstancedMesh,
} from 'three'
import { createRandom } from '#physics/random'
import { groundColor, type Rgb } from './ground-color.ts'
import type { Land } from './land.ts'
import { grassMaterial } from './grass-material.ts'
import type { Air } from './materials.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, halfWidthAt, spotAt } from './path.ts'
import type { Quality } from './view-types.ts'

const TILE_M = 16
const TILES_BEHIND = 2
const TILES_AHEAD: Record<Quality, number> = { test: 2, low: 4, medium: 7, high: 8 }
const TUFTS: Record<Quality, number> = { test: 40, low: 160, medium: 420, high: 720 }
const FLOWERS: Record<Quality, number> = { test: 4, low: 20, medium: 46, high: 80 }
/** Poppy, ox-eye, cornflower, buttercup, clover; linear light. */
const PETALS: readonly Rgb[] = [
  [0.75, 0.06, 0.03],
  [0.85, 0.85, 0.8],
  [0.12, 0.16, 0.62],
  [0.82, 0.6, 0.04],
  [0.5, 0.16, 0.42],
]

export interface GrassLayer {
  readonly group: Group
  /** Around a place of the tape: tiles that fell behind are sown anew ahead. */
  update(placeM: number): void
}

/** Grass and flowers in tiles along the road; what grows in a tile follows from its number alone. */
export function createGrass(
  { tape, placeOnward }: Pick<Carriageways, 'tape' | 'placeOnward'>,
  land: Land,
  air: Air,
  quality: Quality,
  seed: number,
): GrassLayer {
  const group = new Group()
  const tiles = TILES_BEHIND + TILES_AHEAD[quality] + 1
  const material = grassMaterial(air)
  const make = (geometry: BufferGeometry, perTile: number) => {
    const mesh = new InstancedMesh(geometry, material, tiles * perTile)
    mesh.instanceColor = new InstancedBufferAttribute(new Float32Array(tiles * perTile * 3), 3)
    mesh.instanceMatrix.setUsage(DynamicDrawUsage)
    mesh.frustumCulled = false
    mesh.receiveShadow = true
    group.add(mesh)
    return mesh
  }
  const tufts = make(tuftGeometry(seed), TUFTS[quality])
  const flowers = make(flowerGeometry(), FLOWERS[quality])
  const sown = new Int32Array(tiles).fill(-1 << 30)
  const spot = createSpot()
  const rgb: Rgb = [0, 0, 0]

  const sow = (tile: number, slot: number): void => {
    const random = createRandom(seed ^ Math.imul(tile, 0x9e3779b1))
    const plant = (mesh: InstancedMesh, k: number, widest: number, isFlower: boolean): void => {
      const distanceM = (tile + random.fraction()) * TILE_M
      const reach = random.fraction()
      const side = random.fraction() < 0.5 ? -1 : 1
      const turn = random.fraction() * Math.PI * 2
      const size = random.fraction()
      const hue = random.fraction()
      const half = halfWidthAt(tape, distanceM)
      const beyondM = 0.85 + reach * reach * widest
      spotAt(tape, distanceM, side * (half + beyondM), spot)
      const isGround =
        land.vergeAt(spot.x, spot.z) > (land.isTown(spot.x, spot.z) ? 2.7 : 0.75) &&
        land.shoreAt(spot.x, spot.z) > 3 &&
        !land.isPad(spot.x, spot.z)
      const y = isGround ? land.heightAt(spot.x, spot.z) : spot.y - 60
      const patch = land.noise.at(spot.x / 9 + 3, spot.z / 9)
      // Mown at the kerb, taller away from it, in drifts.
      const tall = (0.35 + 0.75 * size) * (0.55 + 0.9 * patch) * (0.45 + 0.55 * Math.min(1, beyondM / 2.5))
      const scale = isFlower ? 0.6 + 0.5 * size : tall
      const c = Math.cos(turn) * (isFlower ? scale : 0.75 + 0.5 * scale)
      const s = Math.sin(turn) * (isFlower ? scale : 0.75 + 0.5 * scale)
      mesh.instanceMatrix.array.set([c, 0, -s, 0, 0, scale, 0, 0, s, 0, c, 0, spot.x, y - 0.04, spot.z, 1], k * 16)
      if (isFlower) {
        const bed = land.noise.at(spot.x / 21 + 90, spot.z / 21)
        const petal = PETALS[Math.floor(bed * 13 + hue * 1.6) % PETALS.length]!
        mesh.instanceColor!.array.set(petal, k * 3)
        return
      }
      groundColor(land, spot.x, spot.z, y, 1, rgb)
      const gain = 0.95 + 0.5 * hue
      mesh.instanceColor!.array.set([rgb[0] * gain * 0.98, rgb[1] * gain * 1.1, rgb[2] * gain], k * 3)
    }
    for (let i = 0; i < TUFTS[quality]; i++) plant(tufts, slot * TUFTS[quality] + i, 21, false)
    for (let i = 0; i < FLOWERS[quality]; i++) plant(flowers, slot * FLOWERS[quality] + i, 12, true)
  }

  const wanted = new Set<number>()
  const update = (placeM: number): void => {
    wanted.clear()
    for (let k = -TILES_BEHIND; k <= TILES_AHEAD[quality]; k++) {
      const atM = placeOnward(placeM, k * TILE_M)
      if (!Number.isNaN(atM)) wanted.add(Math.floor(atM / TILE_M))
    }
    let isChanged = false
    for (const tile of wanted) {
      if (sown.includes(tile)) continue
      const slot = sown.findIndex((old) => !wanted.has(old))
      sown[slot] = tile
      sow(tile, slot)
      isChanged = true
    }
    if (!isChanged) return
    for (const mesh of [tufts, flowers]) {
      mesh.instanceMatrix.needsUpdate = true
      mesh.instanceColor!.needsUpdate = true
    }
  }
  return { group, update }
}

/** Seven bent blades; dark at the root, light at the tip. */
function tuftGeometry(seed: number): BufferGeometry {
  const random = createRandom(seed)
  const position: number[] = []
  const color: number[] = []
  for (let b = 0; b < 7; b++) {
    const a = (b / 7) * Math.PI * 2 + random.fraction()
    const out = 0.04 + random.fraction() * 0.26
    const tall = 0.22 + random.fraction() * 0.34
    const width = 0.012 + random.fraction() * 0.012
    const x = Math.cos(a) * out
    const z = Math.sin(a) * out
    const dx = Math.cos(a + 1.57) * width
    const dz = Math.sin(a + 1.57) * width
    const bendX = Math.cos(a) * tall * 0.16
    const bendZ = Math.sin(a) * tall * 0.16
    const root: Rgb = [0.72, 0.72, 0.72]
    const middle: Rgb = [1.1, 1.1, 1.05]
    const tip: Rgb = [1.7, 1.6, 1.3]
    const left = [x - dx, 0, z - dz]
    const right = [x + dx, 0, z + dz]
    const midLeft = [x + bendX - dx * 0.8, tall * 0.55, z + bendZ - dz * 0.8]
    const midRight = [x + bendX + dx * 0.8, tall * 0.55, z + bendZ + dz * 0.8]
    const top = [x + bendX * 2.8, tall, z + bendZ * 2.8]
    position.push(...left, ...right, ...midLeft, ...right, ...midRight, ...midLeft, ...midLeft, ...midRight, ...top)
    color.push(...root, ...root, ...middle, ...root, ...middle, ...middle, ...middle, ...middle, ...tip)
  }
  return upright(position, color)
}

function flowerGeometry(): BufferGeometry {
  const position: number[] = []
  const color: number[] = []
  for (const [ox, oz, tall] of [
    [0, 0, 0.48],
    [0.22, 0.12, 0.38],
    [-0.14, 0.2, 0.42],
    [0.05, -0.24, 0.34],
  ] as const) {
    const green: Rgb = [0.22, 0.4, 0.16]
    position.push(ox - 0.006, 0, oz, ox + 0.006, 0, oz, ox, tall, oz)
    color.push(...green, ...green, ...green)
    for (let k = 0; k < 5; k++) {
      const a = (k / 5) * Math.PI * 2
      const b = a + 1
      const r = 0.052
      position.push(ox, tall, oz, ox + Math.cos(a) * r, tall + 0.03, oz + Math.sin(a) * r)
      position.push(ox + Math.cos(b) * r, tall + 0.03, oz + Math.sin(b) * r)
      color.push(0.8, 0.8, 0.8, 1, 1, 1, 1, 1, 1)
    }
  }
  return upright(position, color)
}

function upright(position: readonly number[], color: readonly number[]): BufferGeometry {
  const geometry = new BufferGeometry()
  const normal = new Float32Array(position.length)
  for (let k = 1; k < normal.length; k += 3) normal[k] = 1
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(position), 3))
  geometry.setAttribute('color', new BufferAttribute(Float32Array.from(color), 3))
  geometry.setAttribute('normal', new BufferAttribute(normal, 3))
  return geometry
}
