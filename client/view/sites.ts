import { createRandom } from '#physics/random'
import type { Land } from './land.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, halfWidthAt, spotAt, type Frame, type Path } from './path.ts'
import { FOOTWAY_M, PAVEMENT_M } from './road.ts'
import type { Country, Place } from './scenery-plan.ts'

export type HouseKind = 'terrace' | 'villa' | 'cottage' | 'croft' | 'chalet' | 'barn' | 'haybarn' | 'ruin'

/** A building: its middle on the ground, its front along +z turned by `turnRad`. */
export interface Site {
  readonly kind: HouseKind
  readonly x: number
  readonly y: number
  readonly z: number
  readonly turnRad: number
  readonly wide: number
  readonly deep: number
  readonly eavesM: number
  readonly ridgeM: number
  /** What is left to chance, 0 … 1. */
  readonly lot: number
  readonly isShop: boolean
  /** Of a house in a row: nothing stands wall to wall with it on its right (1), on its left (2). */
  readonly openSides?: number
}

/** Ground that a landmark, a square, a pavilion takes, round. */
export interface Ground {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly radiusM: number
  readonly turnRad: number
}

export interface Sites {
  readonly list: readonly Site[]
  /** Where the landmarks of the map stand, by place. */
  readonly grounds: ReadonlyMap<Place, Ground>
  /** True within a few metres of a building: no tree grows there. */
  isBuilt(x: number, z: number): boolean
  /** From now on this place is built on, too. */
  occupy(x: number, z: number): void
  /** True in a house of a closed row, or at its wall. */
  hasTerrace(x: number, z: number): boolean
  /** Stretches of road through villages, for people and paving. */
  readonly streets: readonly { readonly path: Path; readonly fromM: number; readonly toM: number }[]
}

/** The helicopter's eye hangs so far right of the road's middle and so high over it (`camera.ts`). */
const EYE_OUT_M = 14
const EYE_UP_M = 14
const EYE_ROOM_M = 3.2
/** Farther from every road than this a building may be as tall as it likes. */
export const TALL_FROM_M = EYE_OUT_M + EYE_ROOM_M
/** Riders are this tall: what stands between them and the eye must stay under the line. */
const RIDER_M = 1.4

/** How high something may stand so far from the middle of a road without hiding riders from the helicopter. */
export function skylineM(awayM: number): number {
  if (awayM >= TALL_FROM_M) return Infinity
  const line = RIDER_M + ((EYE_UP_M - RIDER_M) * Math.min(awayM, EYE_OUT_M)) / EYE_OUT_M - 0.5
  return awayM > EYE_OUT_M - EYE_ROOM_M ? Math.min(line, EYE_UP_M - 2) : line
}

const STREET_HALF_M = 170
const CELL_M = 16
const KEEP_CLEAR_M = 6.5
/** Where a town's terraces end and its gardens, as shares of its radius. */
const TERRACES = 0.98
const GARDENS = 1.5

const LANDMARKS: Record<string, readonly [radiusM: number, awayM: number]> = {
  townhall: [27, 34],
  church: [17, 26],
  chapel: [12, 20],
  brewery: [24, 34],
  markethall: [19, 30],
  station: [30, 24],
  windmill: [12, 30],
  tower: [10, 26],
  lighthouse: [12, 18],
  turbines: [14, 34],
  cross: [5, 9],
  hospice: [18, 22],
  boathouse: [11, 15],
  gatehouse: [9, 24],
  bandstand: [9, 18],
  harbour: [11, 14],
  cablecar: [9, 24],
}

/** Built at the water's edge. */
const ASHORE: ReadonlySet<string> = new Set(['boathouse', 'harbour'])

export function createSites(
  { roads, frame }: Pick<Carriageways, 'roads' | 'frame'>,
  land: Land,
  places: readonly Place[],
  country: Country,
  seed: number,
): Sites {
  const random = createRandom(seed ^ 0x5157)
  const chance = (): number => random.fraction()
  const list: Site[] = []
  const streets: { path: Path; fromM: number; toM: number }[] = []
  const grounds = new Map<Place, Ground>()
  const spot = createSpot()
  const taken = createCells()
  const rows = createCells()

  for (const place of places) {
    const need = LANDMARKS[place.kind]
    if (need === undefined) continue
    const ground = groundFor(place, need[0], need[1])
    if (ground === undefined) continue
    grounds.set(place, ground)
    const r = ground.radiusM
    for (let a = -r; a <= r; a += 4)
      for (let b = -r; b <= r; b += 4) if (a * a + b * b <= r * r) taken.add(ground.x + a, ground.z + b, -1)
  }

  /** Free ground as near as can be to where the map wants it, clear of roads, bridges and water. */
  function groundFor(place: Place, radiusM: number, awayM: number): Ground | undefined {
    const x0 = place.x - frame.originX
    const z0 = -place.y - frame.originZ
    for (let ring = 0; ring < 30; ring++) {
      const steps = ring === 0 ? 1 : 8 + ring
      for (let k = 0; k < steps; k++) {
        const x = x0 + ring * 5 * Math.cos((k / steps) * 2 * Math.PI)
        const z = z0 + ring * 5 * Math.sin((k / steps) * 2 * Math.PI)
        if (
          land.roadDistanceAt(x, z) < Math.max(awayM, radiusM + 8) ||
          land.deckAt(x, z) < radiusM + 4 ||
          land.isPad(x, z)
        )
          continue
        if (land.shoreAt(x, z) < (ASHORE.has(place.kind) ? 6 : radiusM * 0.8) || taken.isWithin(x, z, radiusM + 4, -2))
          continue
        const { path, atM } = nearestPlace(roads, frame, { ...place, x: x + frame.originX, y: -z - frame.originZ })
        return { x, y: land.heightAt(x, z), z, radiusM, turnRad: Math.atan2(path.x[atM]! - x, path.z[atM]! - z) }
      }
    }
    return undefined
  }

  interface Plan {
    readonly kind: HouseKind
    readonly wide: number
    readonly deep: number
    readonly eavesM: number
    readonly ridgeM: number
    readonly isShop?: boolean
    readonly owner: number
    readonly turn?: number
  }

  /** A house whose front is so far from the middle of the road; false where there is no room for it. */
  const put = (path: Path, atM: number, side: number, frontM: number, plan: Plan): boolean => {
    const { kind, wide, deep, owner } = plan
    spotAt(path, atM, side * (frontM + deep / 2), spot)
    const { x, z, dirX, dirZ } = spot
    const roadM = spot.y
    const outX = -side * dirZ
    const outZ = side * dirX
    let lowM = Infinity
    let highM = -Infinity
    let { eavesM, ridgeM } = plan
    for (const a of [-0.5, 0, 0.5]) {
      for (const b of [-0.5, 0, 0.5]) {
        const px = x + dirX * a * wide + outX * b * deep
        const pz = z + dirZ * a * wide + outZ * b * deep
        const need = kind === 'terrace' ? PAVEMENT_M - 0.05 : PAVEMENT_M + 0.6
        if (land.vergeAt(px, pz) < need || land.deckAt(px, pz) < FOOTWAY_M + 4 || land.isPad(px, pz)) return false
        if (land.shoreAt(px, pz) < 7 || taken.isWithin(px, pz, kind === 'terrace' ? 2.6 : 5, owner)) return false
        const sky = skylineM(land.roadDistanceAt(px, pz))
        if (b === 0) ridgeM = Math.min(ridgeM, sky)
        else eavesM = Math.min(eavesM, sky)
        const ground = land.heightAt(px, pz)
        lowM = Math.min(lowM, ground)
        highM = Math.max(highM, ground)
      }
    }
    const isStreet = kind === 'terrace' || kind === 'villa'
    if (highM - lowM > 2.8 || Math.abs(highM - roadM) > (isStreet ? 1.6 : 10) || ridgeM < eavesM + 0.8) return false
    const y = isStreet ? Math.max(roadM + 0.16, highM - 0.3) : highM - 0.35
    if (y - lowM > 3.1) return false
    // Everything above counts from the floor.
    const liftM = isStreet ? y - roadM : 0
    list.push({
      kind,
      x,
      y,
      z,
      turnRad: Math.atan2(-outX, -outZ) + (plan.turn ?? 0),
      wide,
      deep,
      eavesM: eavesM - liftM,
      ridgeM: ridgeM - liftM,
      lot: chance(),
      isShop: plan.isShop ?? false,
    })
    for (let a = -wide / 2; a <= wide / 2; a += 3)
      for (let b = -deep / 2; b <= deep / 2; b += 3)
        (kind === 'terrace' ? [taken, rows] : [taken]).forEach((cells) =>
          cells.add(x + dirX * a + outX * b, z + dirZ * a + outZ * b, owner),
        )
    return true
  }

  /** A neighbour's footprint has a point within 2.2 m of one 3.2 m beyond the wall; the house's own have not. */
  const openSidesOf = ({ x, z, turnRad, wide }: Site): number => {
    const reach = wide / 2 + 3.2
    const [dx, dz] = [reach * Math.cos(turnRad), -reach * Math.sin(turnRad)]
    return (rows.isWithin(x + dx, z + dz, 2.2, -3) ? 0 : 1) + (rows.isWithin(x - dx, z - dz, 2.2, -3) ? 0 : 2)
  }

  let owner = 0
  /** Closed fronts along the kerb, then gardens, then fields with a house here and there. */
  const town = (place: Place): void => {
    const cx = place.x - frame.originX
    const cz = -place.y - frame.originZ
    const radiusM = Math.max(200, place.radiusM)
    for (const { path } of roads) {
      for (const side of [-1, 1]) {
        owner++
        for (let atM = 9; atM < path.lengthM - 9;) {
          spotAt(path, atM, 0, spot)
          const share = Math.sqrt((spot.x - cx) ** 2 + (spot.z - cz) ** 2) / radiusM
          const half = halfWidthAt(path, atM)
          if (share < TERRACES) {
            const wide = 5.6 + 3.6 * chance() + (half > 5 ? 1.6 : 0)
            const deep = 8.6 + 1.6 * chance()
            const eavesM = skylineM(half + PAVEMENT_M + 0.1) - 0.2 - chance() * 0.9
            const isShop = share < 0.42 && chance() < 0.75
            const isGap = chance() < 0.045
            if (!isGap)
              put(path, atM + wide / 2, side, half + PAVEMENT_M + 0.06, {
                kind: 'terrace',
                wide,
                deep,
                eavesM: Math.min(eavesM, 9.6),
                ridgeM: Math.min(eavesM, 9.6) + 2.4 + 1.8 * chance(),
                isShop,
                owner,
              })
            atM += isGap ? 3.4 : wide + 0.02
          } else if (share < GARDENS) {
            const wide = 8.5 + 3 * chance()
            const frontM = half + PAVEMENT_M + 5 + 3 * chance()
            const plan = { kind: 'villa', wide, deep: 8 + chance(), eavesM: 5.7, ridgeM: 8.6, owner } as const
            if (chance() < 1.35 - 0.75 * share) put(path, atM + 8, side, frontM, plan)
            atM += 15.5 + 4 * chance()
          } else {
            if (chance() < 0.25)
              put(path, atM + 8, side, half + 12 + 14 * chance(), {
                kind: 'cottage',
                wide: 10 + 2 * chance(),
                deep: 7.4,
                eavesM: 3.3,
                ridgeM: 6.4,
                owner,
              })
            atM += 26 + 20 * chance()
          }
        }
      }
    }
  }

  /** Behind the fronts: yards with workshops and back houses, where there is room between two streets. */
  const yards = (place: Place): void => {
    const cx = place.x - frame.originX
    const cz = -place.y - frame.originZ
    const radiusM = place.radiusM * TERRACES
    const everyM = 16
    for (let x = cx - radiusM; x < cx + radiusM; x += everyM) {
      for (let z = cz - radiusM; z < cz + radiusM; z += everyM) {
        const [px, pz] = [x + 5 * chance(), z + 5 * chance()]
        const [keep, lot, turn] = [chance(), chance(), chance()]
        const share = Math.sqrt((px - cx) ** 2 + (pz - cz) ** 2) / place.radiusM
        const awayM = land.roadDistanceAt(px, pz)
        if (
          share > TERRACES ||
          keep < 0.25 + 0.4 * share ||
          awayM < 25 ||
          land.shoreAt(px, pz) < 14 ||
          land.isPad(px, pz)
        )
          continue
        if (taken.isWithin(px, pz, 9, -1000) || land.deckAt(px, pz) < 14) continue
        const y = land.heightAt(px, pz) - 0.2
        const fall = Math.max(
          ...[-5, 5].flatMap((a) => [-5, 5].map((b) => Math.abs(land.heightAt(px + a, pz + b) - y))),
        )
        if (fall > 2.2) continue
        const isShed = lot < 0.3
        const angle = Math.round(turn * 3) * (Math.PI / 2) + 0.06
        list.push({
          kind: isShed ? 'barn' : lot < 0.65 ? 'villa' : 'terrace',
          x: px,
          y,
          z: pz,
          turnRad: angle,
          wide: isShed ? 9 : 8 + 2 * turn,
          deep: isShed ? 6.5 : 8.5,
          eavesM: isShed ? 3.2 : 5.8,
          ridgeM: isShed ? 5.4 : 8.8,
          lot: turn,
          isShop: false,
        })
        for (const [a, b] of [
          [0, 0],
          [3, 3],
          [-3, 3],
          [3, -3],
          [-3, -3],
        ] as const)
          taken.add(px + a, pz + b, -5)
      }
    }
  }

  const native: HouseKind = country === 'island' ? 'croft' : country === 'alps' ? 'chalet' : 'cottage'
  const nativePlan = (isTall: boolean): Omit<Plan, 'owner'> => {
    if (native === 'croft') return { kind: 'croft', wide: 9.5 + 4 * chance(), deep: 6, eavesM: 2.6, ridgeM: 5.1 }
    if (native === 'chalet')
      return { kind: 'chalet', wide: 9.5 + 2.5 * chance(), deep: 9 + 2 * chance(), eavesM: 5.6, ridgeM: 8.5 }
    const eavesM = isTall ? 5.9 : 3.3
    return { kind: 'cottage', wide: 9 + 2.5 * chance(), deep: 7.4 + chance(), eavesM, ridgeM: eavesM + 3.1 }
  }

  for (const place of places) {
    if (place.kind === 'town') {
      town(place)
      yards(place)
    }
    if (place.kind !== 'village') continue
    const { path, atM: at } = nearestPlace(roads, frame, place)
    const clamp = (m: number): number => (path.isLoop ? m : Math.min(path.lengthM, Math.max(0, m)))
    streets.push({ path, fromM: clamp(at - STREET_HALF_M), toM: clamp(at + STREET_HALF_M) })
    // Along every road near the place, thick in the middle.
    const px = place.x - frame.originX
    const pz = -place.y - frame.originZ
    for (const { path: road } of roads) {
      for (const side of [-1, 1]) {
        owner++
        for (let m = 8; m < road.lengthM - 8; m += 12.5 + 2.5 * chance()) {
          spotAt(road, m, 0, spot)
          const away = Math.sqrt((spot.x - px) ** 2 + (spot.z - pz) ** 2)
          if (away > STREET_HALF_M + 90) continue
          const half = halfWidthAt(road, m)
          const isInner = away < 100
          const isHere = chance() < (isInner ? 0.95 : away < STREET_HALF_M ? 0.62 : 0.3)
          const first = half + PAVEMENT_M + (isInner ? 0.9 : 2.5) + 2.5 * chance()
          if (isHere)
            put(road, m + 5, side, first, {
              ...nativePlan(isInner && chance() < 0.6),
              owner,
              turn: (chance() - 0.5) * 0.12,
            })
          if (chance() < 0.5)
            put(road, m + 5 + 6 * chance(), side, first + 17 + 15 * chance(), {
              ...nativePlan(false),
              owner: -2 - list.length,
              turn: (chance() - 0.5) * 0.9,
            })
        }
      }
    }
  }
  // Farms and barns along the way.
  const everyM = country === 'island' ? 420 : country === 'alps' ? 360 : 300
  for (const { path } of roads) {
    for (let m = 250; m < path.lengthM - 60; m += everyM * (0.6 + 0.9 * chance())) {
      const side = chance() < 0.5 ? -1 : 1
      const awayM = 24 + chance() * 50
      const high = land.heightAt(...besideOf(path, m, side * (awayM + 8), spot)) > land.treeLineM + 40
      if (high) continue
      const own = -2 - list.length
      const isFarm = put(path, m, side, awayM, { ...nativePlan(false), owner: own, turn: (chance() - 0.5) * 0.6 })
      const kind: HouseKind = country === 'alps' ? 'haybarn' : country === 'island' && chance() < 0.5 ? 'ruin' : 'barn'
      const barnPlan =
        kind === 'haybarn'
          ? { wide: 6.5, deep: 5.4, eavesM: 3.2, ridgeM: 5.2 }
          : kind === 'ruin'
            ? { wide: 9, deep: 6, eavesM: 2.6, ridgeM: 4.6 }
            : { wide: 13 + 3 * chance(), deep: 8.5, eavesM: 3.8, ridgeM: 7.4 }
      if (isFarm || chance() < 0.8)
        put(path, m + 19 + 6 * chance(), side, awayM + 4 + 8 * chance(), {
          kind,
          ...barnPlan,
          owner: own - 1000,
          turn: (chance() - 0.5) * 0.8,
        })
    }
  }
  return {
    list: list.map((site) => (site.kind === 'terrace' ? { ...site, openSides: openSidesOf(site) } : site)),
    grounds,
    streets,
    isBuilt: (x, z) => taken.isWithin(x, z, KEEP_CLEAR_M, -3),
    occupy: (x, z) => taken.add(x, z, -2),
    hasTerrace: (x, z) => rows.isWithin(x, z, 3, -3),
  }
}

function besideOf(path: Path, atM: number, lateralM: number, spot: ReturnType<typeof createSpot>): [number, number] {
  spotAt(path, atM, lateralM, spot)
  return [spot.x, spot.z]
}

/** Points in the cells of a grid, each with its owner: who else stands within a few metres, without asking everybody. */
function createCells(): {
  add(x: number, z: number, owner: number): void
  isWithin(x: number, z: number, m: number, owner: number): boolean
} {
  const cells = new Map<number, { x: number; z: number; owner: number }[]>()
  const keyOf = (cx: number, cz: number): number => (cx + 8192) * 16_384 + cz + 8192
  return {
    add: (x, z, owner) => {
      const key = keyOf(Math.floor(x / CELL_M), Math.floor(z / CELL_M))
      const cell = cells.get(key)
      if (cell === undefined) cells.set(key, [{ x, z, owner }])
      else cell.push({ x, z, owner })
    },
    isWithin: (x, z, m, owner) => {
      const reach = Math.ceil(m / CELL_M)
      const cx = Math.floor(x / CELL_M)
      const cz = Math.floor(z / CELL_M)
      for (let a = -reach; a <= reach; a++) {
        for (let b = -reach; b <= reach; b++) {
          for (const other of cells.get(keyOf(cx + a, cz + b)) ?? [])
            if (other.owner !== owner && (other.x - x) ** 2 + (other.z - z) ** 2 < m * m) return true
        }
      }
      return false
    },
  }
}

/** The road that passes a place of the map, and the distance along it abreast. */
export function nearestPlace(
  roads: Carriageways['roads'],
  frame: Frame,
  place: Pick<Place, 'x' | 'y'>,
): { path: Path; atM: number; name: string } {
  const x = place.x - frame.originX
  const z = -place.y - frame.originZ
  let best = { path: roads[0]!.path, atM: 0, name: roads[0]!.name }
  let bestSquare = Infinity
  for (const { path, name } of roads) {
    for (let i = 0; i < path.count; i++) {
      const square = (path.x[i]! - x) ** 2 + (path.z[i]! - z) ** 2
      if (square >= bestSquare) continue
      bestSquare = square
      best = { path, atM: i, name }
    }
  }
  return best
}
