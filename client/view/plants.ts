import { createRandom } from '#physics/random'
import type { Carriageways } from './carriageways.ts'
import { borderPieces, type BorderPiece } from './fields.ts'
import type { Land } from './land.ts'
import type { Lattice } from './lattice.ts'
import { TINTS, type Grows } from './looks/look.ts'
import { smoothstep } from './noise.ts'
import { createSpot, spotAt } from './path.ts'
import { packed } from './plant-colors.ts'
import { MODELS, type PlantName } from './plant-models.ts'
import { PIECE_M } from './plant-small.ts'
import type { Ground } from './scenery-plan.ts'

/** Everything that stands on the land by itself: what, where, how large, in which colour. Columns by plant. */
export interface Stands {
  readonly count: number
  readonly names: readonly PlantName[]
  /** Of each of them: no tree, so that its far shape comes sooner. */
  readonly isSmall: readonly boolean[]
  /** Index into `names`. */
  readonly kind: Uint8Array
  /** STAND_NUMBERS each: x, y, z, turn (rad), wide, tall, shear (rise over run along its own x), colour. */
  readonly numbers: Float32Array
}

export const STAND_NUMBERS = 8
/** Numbers an instance on the graphics card: a stand's, and at which texel its shape begins. */
export const PLANT_ROW = STAND_NUMBERS + 1
/** Within this of the middle of a road nothing may be so tall that the helicopter, right of it, does not see over it. */
export const CLEAR_M = 21
/** … from its eye 14 m right of the road and 14 m up down to the edge of the asphalt: metres of height a metre off it. */
export const SIGHT_SLOPE = 1.25
/** This low, m, anything may stand. */
export const LOW_M = 1.9
/** From the asphalt's edge to the nearest leaf, m. */
export const OFF_ROAD_M = 1
const MARGIN_M = 380
/** Farther from the road than this, every second place in each direction is enough. */
const THIN_FROM_M = 225
/** Farther than this from all roads nothing is planted, m: the ground is painted as woods are. */
const SEEN_M = 1500
/** Places are looked at in blocks of so many on a side. */
const BLOCK = 12
/** Where walls, hedges and fences end. */
const BORDERS_WITHIN_M = 215
/** … and how many lengths in a row are the fewest that stand. */
const ROW_MIN = 4
/** Share of places between a town’s houses that have a bush or a small tree. */
const GARDEN_SHARE = 0.07
/** The wind that bent the trees blew towards here, rad. */
const WIND_RAD = 0.6

export interface PlantPlan {
  readonly ways: Pick<Carriageways, 'roads' | 'frame'>
  readonly land: Land
  readonly lattice: Lattice
  readonly grounds: readonly Ground[]
  readonly seed: number
  /** 1: as thick as the look has it; 2: every second place. */
  readonly thinning: number
  isBuilt(x: number, z: number): boolean
}

export function plantAll(plan: PlantPlan): Stands {
  const { ways, land, lattice, isBuilt } = plan
  const { look, noise } = land
  const random = createRandom(plan.seed ^ 0x7ee5)
  const names = Object.keys(MODELS) as PlantName[]
  const numbers: number[] = []
  const kinds: number[] = []

  const heightAt = (x: number, z: number, roadM: number): number =>
    roadM < 75 ? land.heightAt(x, z) : lattice.heightAt(x, z)

  /** Puts a plant where it may stand; says whether it does. `isLow` keeps it under the helicopter's sight near a road. */
  const put = (
    name: PlantName,
    x: number,
    z: number,
    size: number,
    {
      turnRad,
      shear = 0,
      isRow = false,
      isPiece = false,
      sinkM = 0.12,
    }: { turnRad?: number; shear?: number; isRow?: boolean; isPiece?: boolean; sinkM?: number } = {},
  ): boolean => {
    const { tallM, wideM } = MODELS[name]
    // Pieces of a wall join: their length is exact.
    let wide = size * (isPiece ? 1 : 0.88 + 0.24 * random.fraction())
    let tall = size * (0.86 + 0.28 * random.fraction())
    const green = random.fraction()
    const bright = random.fraction()
    const roadM = lattice.roadAt(x, z) > 90 ? Infinity : land.roadDistanceAt(x, z)
    if (roadM < 90) {
      const vergeM = land.vergeAt(x, z)
      if (vergeM < wideM * wide + OFF_ROAD_M || land.deckAt(x, z) < wideM * wide + 2) return false
      const highest = SIGHT_SLOPE * (vergeM - wideM * wide)
      if (roadM < CLEAR_M && !isRow && tallM * tall > highest && tallM * tall > LOW_M) {
        // Small enough it may stand: an avenue's trees are clipped.
        const share = Math.max(LOW_M, highest) / (tallM * tall)
        if (share < 0.5) return false
        tall *= share
        wide *= Math.min(1, share * 1.1)
      }
    }
    const y = heightAt(x, z, roadM)
    const tint = look.tints[name] ?? TINTS[name]
    // A wood is not one green: whole parts of it are lighter.
    const gain = (0.84 + 0.32 * bright) * (0.86 + 0.3 * noise.at(x / 120 + 7, z / 120))
    kinds.push(names.indexOf(name))
    const turn = turnRad ?? (name === 'bent' ? WIND_RAD + 0.5 * (bright - 0.5) : random.fraction() * Math.PI * 2)
    numbers.push(x, y - sinkM, z, turn, wide, tall, shear, packed(tint[0], tint[1], green, gain))
    return true
  }

  const pick = (list: readonly Grows[], level: number): PlantName | undefined => {
    let sum = 0
    for (const one of list) sum += weight(one, level)
    let dice = random.fraction() * sum
    for (const one of list) {
      dice -= weight(one, level)
      if (dice < 0) return one.name
    }
    return undefined
  }

  const scatter = (): void => {
    const stepM = look.woods.spacingM * plan.thinning
    const { minX, maxX, minZ, maxZ } = ways.frame.bounds
    const columns = Math.floor((maxX - minX + 2 * MARGIN_M) / stepM)
    const rows = Math.floor((maxZ - minZ + 2 * MARGIN_M) / stepM)
    const wideM = BLOCK * stepM
    for (let r0 = 0; r0 < rows; r0 += BLOCK) {
      for (let c0 = 0; c0 < columns; c0 += BLOCK) {
        // On a long road's map most of the country is out of sight.
        const middleX = minX - MARGIN_M + (c0 + BLOCK / 2) * stepM
        const middleZ = minZ - MARGIN_M + (r0 + BLOCK / 2) * stepM
        if (land.awayM(middleX, middleZ) > SEEN_M + wideM) continue
        for (let r = r0; r < Math.min(rows, r0 + BLOCK); r++)
          for (let c = c0; c < Math.min(columns, c0 + BLOCK); c++) place(c, r, stepM, minX - MARGIN_M, minZ - MARGIN_M)
      }
    }
  }

  const place = (c: number, r: number, stepM: number, fromX: number, fromZ: number): void => {
    const x = fromX + (c + 0.5 + (random.fraction() - 0.5) * 0.95) * stepM
    const z = fromZ + (r + 0.5 + (random.fraction() - 0.5) * 0.95) * stepM
    const dice = random.fraction()
    const size = random.fraction()
    const roadM = lattice.roadAt(x, z)
    const isThin = roadM > THIN_FROM_M
    if (isThin && (r + c) % 2 === 1) return
    if (roadM < 6) return
    const shoreM = land.shoreAt(x, z)
    if (shoreM < 3) {
      rocksAndReeds(x, z, shoreM, dice, size)
      return
    }
    if (land.isPad(x, z) || isBuilt(x, z) || isGround(x, z)) return
    const y = lattice.heightAt(x, z)
    const rise = Math.abs(lattice.heightAt(x + 6, z) - y) / 6 + Math.abs(lattice.heightAt(x, z + 6) - y) / 6
    const level = land.levelOf(y)
    const isInTown = land.isTown(x, z)
    const wood = isInTown ? 0.02 : land.woodAt(x, z, y, rise)
    // In the sun at the wood's edge the trees are lower.
    if (dice < wood * 0.92 && rise < 1.15) {
      const name = pick(look.wood, level)
      const aged = (0.62 + 0.62 * size) * (isThin ? 1.16 : 1) * (1 - 0.42 * smoothstep(0.7, 1.05, level))
      if (name !== undefined) put(name, x, z, aged * (0.8 + 0.2 * wood))
      return
    }
    const free = (dice - wood * 0.92) / Math.max(0.05, 1 - wood * 0.92)
    if (shoreM < 15 && free < look.shorePercent / 100) {
      const name = pick(look.shore, level)
      if (name !== undefined && name !== 'reed')
        put(name, x, z, 0.7 + 0.5 * size, name === 'rock' ? { sinkM: 0.4 } : {})
      return
    }
    if (isInTown && free < GARDEN_SHARE) {
      const name = size < 0.4 ? 'bush' : size < 0.6 ? 'rose' : look.wood[0]!.name
      put(name, x, z, MODELS[name].size === 'tree' ? 0.3 + 0.35 * size : 0.7 + size)
      return
    }
    const moor = land.moorAt(x, z, y)
    const openShare =
      (look.openPercent / 100) * (0.5 + 2.1 * smoothstep(0.4, 0.75, noise.at(x / 70 + 21, z / 70)) + 0.4 * moor)
    if (free < openShare && rise < 0.9) {
      const name = pick(look.open, level)
      if (name !== undefined && !(isInTown && name === 'haystack'))
        put(name, x, z, (MODELS[name].size === 'tree' ? 0.75 : 0.7) + 0.5 * size)
    } else if (
      free >
      1 - (look.rockPercent / 100) * (0.5 + 5 * smoothstep(0.25, 0.8, rise) + 4.5 * smoothstep(0.85, 1.2, level))
    ) {
      put('rock', x, z, 0.5 + 2.4 * size * size * size, { sinkM: 0.25 })
    }
  }

  /** On the last metres before the water and in it. */
  const rocksAndReeds = (x: number, z: number, shoreM: number, dice: number, size: number): void => {
    if (land.roadDistanceAt(x, z) < 14) return
    if (look.skerries) {
      const shelf = noise.fractal(x / 130 + 80, z / 130, 2)
      if (shoreM < -130 || dice > smoothstep(0.44, 0.62, shelf) * (shoreM > -40 ? 0.34 : 0.16)) return
      // Out of the water by as much as it is large: the sea's bed is deeper than any stone of ours.
      const large = 1.4 + 5.5 * size * size
      const [water] = land.waters
      if (put('rock', x, z, large, { sinkM: 0 })) {
        numbers[numbers.length - STAND_NUMBERS + 1] = (water?.levelM ?? 0) - 0.2 * large
        numbers[numbers.length - 1] = packed(0x4a4744, 0x6d6963, size, 0.8)
      }
      return
    }
    const hasReeds = look.shore.some(({ name }) => name === 'reed')
    const bed = noise.at(x / 60 + 40, z / 60)
    if (!hasReeds || shoreM < -9 || bed < 0.45 || dice > 0.9) return
    for (let k = 0; k < 9; k++) {
      const rx = x + (random.fraction() - 0.5) * 12
      const rz = z + (random.fraction() - 0.5) * 12
      const rM = land.shoreAt(rx, rz)
      if (rM > 1.5 || rM < -6) continue
      put('reed', rx, rz, 0.7 + 0.5 * random.fraction())
    }
  }

  const frame = ways.frame
  const isGround = (x: number, z: number): boolean =>
    plan.grounds.some((g) => (x + frame.originX - g.x) ** 2 + (z + frame.originZ + g.y) ** 2 < g.radiusM * g.radiusM)

  /** A length of hedge, wall or fence, lying on the slope. */
  const putPiece = (name: 'hedge' | 'wall' | 'fence', x: number, z: number, turnRad: number): boolean => {
    const half = PIECE_M[name] / 2
    const dx = Math.cos(turnRad) * half
    const dz = -Math.sin(turnRad) * half
    const roadM = Math.min(999, land.roadDistanceAt(x, z))
    const shear = (heightAt(x + dx, z + dz, roadM) - heightAt(x - dx, z - dz, roadM)) / (2 * half)
    if (Math.abs(shear) > 0.55) return false
    return put(name, x, z, 1, { turnRad, shear, sinkM: 0.06, isPiece: true })
  }

  /** Lengths in a row; a few of them alone in a field would keep nobody out. */
  const putRow = (name: 'hedge' | 'wall' | 'fence', row: BorderPiece[]): void => {
    if (row.length >= ROW_MIN) for (const { x, z, turnRad } of row) putPiece(name, x, z, turnRad)
    row.length = 0
  }

  const borders = (): void => {
    const { border } = look.fields
    if (border === 'none') return
    const { minX, maxX, minZ, maxZ } = ways.frame.bounds
    const box = { minX: minX - 230, maxX: maxX + 230, minZ: minZ - 230, maxZ: maxZ + 230 }
    const row: BorderPiece[] = []
    borderPieces(
      look.fields,
      box,
      PIECE_M[border],
      (x, z) => lattice.roadAt(x, z) < BORDERS_WITHIN_M + 40,
      ({ x, z, turnRad }) => {
        const gap = random.fraction()
        const roadM = lattice.roadAt(x, z)
        if (roadM > BORDERS_WITHIN_M || roadM < 9 || gap < 0.04) return
        const y = lattice.heightAt(x, z)
        const rise = Math.abs(lattice.heightAt(x + 6, z) - y) / 6 + Math.abs(lattice.heightAt(x, z + 6) - y) / 6
        if (rise > (border === 'wall' ? 0.5 : 0.28) || land.shoreAt(x, z) < 24) return
        if (land.levelOf(y) > (border === 'fence' ? 0.42 : 0.85) || land.isTown(x, z)) return
        if (land.moorAt(x, z, y) > 0.55) return
        if (land.woodAt(x, z, y, rise) > 0.3 || land.isPad(x, z) || isBuilt(x, z) || isGround(x, z)) return
        const last = row.at(-1)
        if (last !== undefined && (last.x - x) ** 2 + (last.z - z) ** 2 > (1.5 * PIECE_M[border]) ** 2)
          putRow(border, row)
        row.push({ x, z, turnRad })
      },
    )
    putRow(border, row)
  }

  const spot = createSpot()
  const roadside = (): void => {
    for (const [k, { path, isAloft }] of ways.roads.entries()) {
      const { name, share, offM } = look.roadside
      const long = PIECE_M[name]
      for (const side of [-1, 1]) {
        const row: BorderPiece[] = []
        for (let s = long; s < path.lengthM - long; s += long) {
          const i = Math.min(path.count - 1, Math.floor(s))
          const half = path.halfWidthM[i]!
          // Where the ground falls away a rail or a wall of the road's own stands nearer.
          spotAt(path, s, side * (half + 8), spot)
          const isFalling = land.heightAt(spot.x, spot.z) < spot.y - 0.9
          spotAt(path, s, side * (half + offM), spot)
          const { x, z, dirX, dirZ } = spot
          const where = noise.at(s / 130 + k * 5.1, side * 3 + k * 1.7)
          if (
            where < 0.5 + (0.5 - share) * 0.75 ||
            isAloft[i] === 1 ||
            isFalling ||
            land.vergeAt(x, z) < offM - 0.5 ||
            land.shoreAt(x, z) < 5 ||
            land.isTown(x, z) ||
            land.isPad(x, z) ||
            isBuilt(x, z) ||
            Math.abs(land.heightAt(x, z) - spot.y) > 2.4
          )
            putRow(name, row)
          else row.push({ x, z, turnRad: Math.atan2(-dirZ, dirX) })
        }
        putRow(name, row)
      }
    }
  }

  /** Rows of trees for stretches of a road: on the left of one-way roads as they grow, else low enough to see over. */
  const rows = (): void => {
    for (const [k, { path, isTwoWay, isAloft }] of ways.roads.entries()) {
      for (const [n, row] of look.rows.entries()) {
        for (let s = 6; s < path.lengthM - 6; s += row.everyM) {
          const size = random.fraction()
          const along = random.fraction() * 1.5
          if (noise.at(s / row.stretch + k * 7.3 + n * 31, n * 9.1 + 7.7) < 0.5 + (0.5 - row.share) * 0.75) continue
          for (const side of row.isBoth ? [-1, 1] : [-1]) {
            const i = Math.min(path.count - 1, Math.floor(s))
            if (isAloft[i] === 1) continue
            const isTall = !isTwoWay && side === -1
            const half = path.halfWidthM[i]!
            spotAt(path, s + along, side * (half + (isTall ? MODELS[row.name].wideM * 0.9 + 2.4 : 8.6)), spot)
            const { x, z } = spot
            if (land.vergeAt(x, z) < 3 || land.shoreAt(x, z) < 3 || land.isPad(x, z) || isBuilt(x, z)) continue
            const y = land.heightAt(x, z)
            const level = land.levelOf(y)
            if (Math.abs(y - spot.y) > 2.5 || weight(row, level) === 0) continue
            put(row.name, x, z, 0.78 + 0.2 * size, { isRow: isTall })
          }
        }
      }
    }
  }

  /** Allotments: beds in rows, a few bushes between, a hedge round them. */
  const gardens = (): void => {
    for (const ground of plan.grounds) {
      const x0 = ground.x - frame.originX
      const z0 = -ground.y - frame.originZ
      if (ground.kind !== 'allotments') continue
      for (let a = -ground.radiusM; a < ground.radiusM; a += 4.6) {
        for (let b = -ground.radiusM; b < ground.radiusM; b += 3.4) {
          const [x, z] = [x0 + a, z0 + b]
          if (a * a + b * b > (ground.radiusM - 4) ** 2 || isBuilt(x, z)) continue
          const dice = random.fraction()
          if (Math.round(a / 4.6) % 5 === 0) continue
          if (dice < 0.72) put('kale', x, z, 0.9 + 0.2 * random.fraction(), { turnRad: 0, sinkM: 0.02 })
          else if (dice < 0.84) put('rose', x, z, 0.6 + 0.4 * random.fraction())
          else if (dice < 0.88) put('oak', x, z, 0.4)
        }
      }
      const count = Math.floor((2 * Math.PI * ground.radiusM) / PIECE_M.hedge)
      for (let k = 1; k < count; k++) {
        const angle = (k / count) * 2 * Math.PI
        putPiece(
          'hedge',
          x0 + Math.cos(angle) * ground.radiusM,
          z0 + Math.sin(angle) * ground.radiusM,
          -angle + Math.PI / 2,
        )
      }
    }
  }

  scatter()
  rows()
  roadside()
  borders()
  gardens()
  const isSmall = names.map((name) => MODELS[name].size === 'small')
  return { count: kinds.length, names, isSmall, kind: Uint8Array.from(kinds), numbers: Float32Array.from(numbers) }
}

function weight({ share, from = -9, to = 9 }: Grows, level: number): number {
  if (level < from - 0.06 || level > to + 0.06) return 0
  return share * smoothstep(from - 0.06, from + 0.06, level) * smoothstep(to + 0.06, to - 0.06, level)
}
