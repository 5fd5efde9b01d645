import { DynamicDrawUsage, Group, InstancedBufferAttribute, InstancedMesh, type BufferAttribute } from 'three'
import { createRandom } from '#physics/random'
import type { Carriageways } from './carriageways.ts'
import { grassMaterial } from './grass-material.ts'
import { FLOWERS, TILE_M, TUFTS, type SownTile } from './grass-sow.ts'
import type { Rgb } from './ground-color.ts'
import type { Air } from './materials.ts'
import { geometryOf } from './piece-mesh.ts'
import { Shape } from './shape.ts'
import type { Quality } from './view-types.ts'

const TILES_BEHIND = 2
const TILES_AHEAD: Record<Quality, number> = { test: 2, low: 4, medium: 7, high: 8 }
const NOWHERE = -1 << 30

export interface GrassLayer {
  readonly group: Group
  /** Around a place of the tape: tiles that fell behind make room for those ahead, which are asked for. */
  update(placeM: number): void
  take(sown: SownTile): void
}

export function createGrass(
  { placeOnward }: Pick<Carriageways, 'placeOnward'>,
  air: Air,
  quality: Quality,
  seed: number,
  ask: (tile: number) => void,
): GrassLayer {
  const group = new Group()
  const slots = TILES_BEHIND + TILES_AHEAD[quality] + 1
  const material = grassMaterial(air)
  const make = (shape: Shape, perTile: number) => {
    const mesh = new InstancedMesh(geometryOf(shape), material, 0)
    mesh.instanceMatrix = new InstancedBufferAttribute(new Float32Array(slots * perTile * 16), 16)
    mesh.instanceColor = new InstancedBufferAttribute(new Float32Array(slots * perTile * 3), 3)
    mesh.instanceMatrix.setUsage(DynamicDrawUsage)
    mesh.instanceColor.setUsage(DynamicDrawUsage)
    mesh.count = slots * perTile
    mesh.frustumCulled = false
    mesh.receiveShadow = true
    mesh.matrixAutoUpdate = false
    group.add(mesh)
    return mesh
  }
  const tufts = make(tuft(seed), TUFTS[quality])
  const flowers = make(flower(), FLOWERS[quality])
  /** Which tile a slot is for, and whether it has come. */
  const tileOf = new Int32Array(slots).fill(NOWHERE)
  const wanted = new Int32Array(slots)

  const isWanted = (tile: number, count: number): boolean => {
    for (let k = 0; k < count; k++) if (wanted[k] === tile) return true
    return false
  }
  let lastM = NaN

  const update = (placeM: number): void => {
    // Nothing changes within a few metres.
    if (Math.abs(placeM - lastM) < 2) return
    lastM = placeM
    let count = 0
    for (let k = -TILES_BEHIND; k <= TILES_AHEAD[quality]; k++) {
      const atM = placeOnward(placeM, k * TILE_M)
      const tile = Math.floor(atM / TILE_M)
      if (!Number.isNaN(atM) && !isWanted(tile, count)) wanted[count++] = tile
    }
    for (let k = 0; k < count; k++) {
      if (tileOf.includes(wanted[k]!)) continue
      for (let slot = 0; slot < slots; slot++) {
        if (isWanted(tileOf[slot]!, count)) continue
        tileOf[slot] = wanted[k]!
        ask(wanted[k]!)
        break
      }
    }
  }

  const put = (mesh: InstancedMesh, slot: number, sown: Float32Array): void => {
    const perTile = mesh.count / slots
    mesh.instanceMatrix.array.set(sown.subarray(0, perTile * 16), slot * perTile * 16)
    mesh.instanceColor!.array.set(sown.subarray(perTile * 16), slot * perTile * 3)
    send(mesh.instanceMatrix, slot, perTile)
    send(mesh.instanceColor!, slot, perTile)
  }
  const take = (sown: SownTile): void => {
    const slot = tileOf.indexOf(sown.tile)
    if (slot < 0) return // Ridden past meanwhile.
    put(tufts, slot, sown.tufts)
    put(flowers, slot, sown.flowers)
  }
  return { group, update, take }
}

/** Only the rows of this slot go to the graphics card. */
function send(attribute: BufferAttribute, slot: number, rows: number): void {
  attribute.addUpdateRange(slot * rows * attribute.itemSize, rows * attribute.itemSize)
  attribute.needsUpdate = true
}

/** Seven bent blades; dark at the root, light at the tip. */
function tuft(seed: number): Shape {
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

function flower(): Shape {
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

function upright(position: readonly number[], color: readonly number[]): Shape {
  const normal = new Float32Array(position.length)
  for (let k = 1; k < normal.length; k += 3) normal[k] = 1
  return new Shape(position).set('color', color, 3).set('normal', normal, 3)
}
