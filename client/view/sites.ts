import { createRandom } from '#physics/random'
import type { Land } from './land.ts'
import type { Carriageways } from './carriageways.ts'
import { createSpot, halfWidthAt, spotAt, type Frame, type Path } from './path.ts'
import type { Place } from './scenery-plan.ts'

/** A building: where it stands, which way its long side runs, how large and which colours it got by lot. */
export interface Site {
  readonly kind: 'cottage' | 'townhouse' | 'church' | 'barn' | 'boathouse'
  readonly x: number
  readonly y: number
  readonly z: number
  /** Turn about the upright, rad; the front looks along +z before it. */
  readonly turnRad: number
  readonly size: number
  readonly lot: number
}

export interface Sites {
  readonly list: readonly Site[]
  /** True within `aroundM` of a building: no tree grows there. */
  isBuilt(x: number, z: number): boolean
  /** Stretches of road through villages, for people and paving. */
  readonly streets: readonly { readonly path: Path; readonly fromM: number; readonly toM: number }[]
}

const STREET_HALF_M = 170
const TOWN_REACH_M = 950
const CELL_M = 32
const KEEP_CLEAR_M = 10

/** Villages along the road, a church behind them, a barn here and there, the boathouse on its shore. */
export function createSites(
  { roads, frame }: Pick<Carriageways, 'roads' | 'frame'>,
  land: Land,
  places: readonly Place[],
  seed: number,
): Sites {
  const random = createRandom(seed ^ 0x5157)
  const list: Site[] = []
  const streets: { path: Path; fromM: number; toM: number }[] = []
  const spot = createSpot()
  const near = createCells()

  const put = (path: Path, kind: Site['kind'], distanceM: number, lateralM: number, size: number): boolean => {
    spotAt(path, distanceM, lateralM, spot)
    const { x, z, dirX, dirZ } = spot
    const roadM = spot.y
    const reach = kind === 'church' ? 12 : kind === 'barn' ? 11 : 7
    if (land.roadDistanceAt(x, z) < Math.min(Math.abs(lateralM) - 1.5, reach + 4.5)) return false
    if (kind !== 'boathouse' && land.shoreAt(x, z) < 10) return false
    if (land.isPad(x, z) || land.deckAt(x, z) < reach + 2) return false
    if (near.isWithin(x, z, reach + 6.5)) return false
    const y = land.heightAt(x, z)
    if (Math.abs(y - roadM) > 9 && kind !== 'barn') return false
    // Fronts look at the road.
    const facing = lateralM > 0 ? Math.atan2(dirZ, -dirX) : Math.atan2(-dirZ, dirX)
    list.push({ kind, x, y, z, turnRad: facing + (random.fraction() - 0.5) * 0.14, size, lot: random.fraction() })
    near.add(x, z, kind === 'church' || kind === 'barn' ? 6 : 0)
    return true
  }

  /** Houses on both sides of every road around a place, closed fronts in the middle, gardens farther out. */
  const town = (place: Place): void => {
    const x = place.x - frame.originX
    const z = -place.y - frame.originZ
    for (const { path } of roads) {
      for (let atM = 14; atM < path.lengthM - 14; atM += 11.5) {
        spotAt(path, atM, 0, spot)
        const awayM = Math.sqrt((spot.x - x) ** 2 + (spot.z - z) ** 2)
        if (awayM > TOWN_REACH_M) continue
        const share = 1 - awayM / TOWN_REACH_M
        for (const side of [-1, 1]) {
          const firstM = halfWidthAt(path, atM) + 7.5 + 9 * (1 - share) * random.fraction()
          if (random.fraction() > 0.35 + 0.65 * share) continue
          const kind = random.fraction() < 0.25 + share ? 'townhouse' : 'cottage'
          put(path, kind, atM + 2 * random.fraction(), side * firstM, 0.9 + random.fraction() * 0.3)
        }
      }
    }
  }

  for (const place of places) {
    const { path, atM: at } = nearestPlace(roads, frame, place)
    if (place.kind === 'village') {
      streets.push({
        path,
        fromM: path.isLoop ? at - STREET_HALF_M : Math.max(0, at - STREET_HALF_M),
        toM: path.isLoop ? at + STREET_HALF_M : Math.min(path.lengthM, at + STREET_HALF_M),
      })
      if (!put(path, 'church', at + 34, -40, 1)) put(path, 'church', at + 34, 42, 1)
      for (let o = -STREET_HALF_M; o < STREET_HALF_M; o += 11.5) {
        const isInner = Math.abs(o) < 90
        for (const side of [-1, 1]) {
          if (!path.isLoop && (at + o < 12 || at + o > path.lengthM - 12)) continue
          const half = halfWidthAt(path, at + o)
          const first = half + (side > 0 ? 9.5 : 7.8) + random.fraction() * 3
          if (random.fraction() < (isInner ? 0.94 : 0.55))
            put(
              path,
              isInner && random.fraction() < 0.62 ? 'townhouse' : 'cottage',
              at + o + random.fraction() * 3,
              side * first,
              0.88 + random.fraction() * 0.28,
            )
          if (random.fraction() < 0.6)
            put(
              path,
              'cottage',
              at + o + random.fraction() * 8,
              side * (first + 17 + random.fraction() * 16),
              0.85 + random.fraction() * 0.3,
            )
        }
      }
    } else if (place.kind === 'town') {
      town(place)
    } else if (place.kind === 'boathouse') {
      put(path, 'boathouse', at, sideOf(path, frame, at, place) * 24, 1)
    } else {
      for (const side of [-1, 1]) put(path, 'barn', at + 14 * side, side * 19, 0.8)
    }
  }
  for (const { path } of roads) {
    for (let s = 350; s < path.lengthM; s += 260 + random.fraction() * 420) {
      const side = random.fraction() < 0.5 ? -1 : 1
      const lateralM = side * (24 + random.fraction() * 46)
      if (put(path, 'barn', s, lateralM, 0.85 + random.fraction() * 0.3))
        put(path, 'cottage', s + 20, lateralM * 0.95, 1)
    }
  }
  return { list, streets, isBuilt: (x, z) => near.isWithin(x, z, KEEP_CLEAR_M) }
}

/** Points in the cells of a grid: who stands within a few metres, without asking everybody. */
function createCells(): {
  add(x: number, z: number, extraM: number): void
  isWithin(x: number, z: number, m: number): boolean
} {
  const cells = new Map<number, { x: number; z: number; extraM: number }[]>()
  const keyOf = (cx: number, cz: number): number => (cx + 4096) * 8192 + cz + 4096
  return {
    add: (x, z, extraM) => {
      const key = keyOf(Math.floor(x / CELL_M), Math.floor(z / CELL_M))
      const cell = cells.get(key)
      if (cell === undefined) cells.set(key, [{ x, z, extraM }])
      else cell.push({ x, z, extraM })
    },
    isWithin: (x, z, m) => {
      const cx = Math.floor(x / CELL_M)
      const cz = Math.floor(z / CELL_M)
      for (let a = -1; a <= 1; a++) {
        for (let b = -1; b <= 1; b++) {
          for (const other of cells.get(keyOf(cx + a, cz + b)) ?? []) {
            const clearM = m + other.extraM
            if ((other.x - x) ** 2 + (other.z - z) ** 2 < clearM * clearM) return true
          }
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
  place: Place,
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

function sideOf(path: Path, frame: Frame, at: number, place: Place): number {
  const x = place.x - frame.originX - path.x[at]!
  const z = -place.y - frame.originZ - path.z[at]!
  return -x * path.dirZ[at]! + z * path.dirX[at]! >= 0 ? 1 : -1
}
