import { createRandom } from '#physics/random'
import type { Land } from './land.ts'
import { createSpot, spotAt, type Path } from './path.ts'
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
  readonly streets: readonly { readonly fromM: number; readonly toM: number }[]
}

const STREET_HALF_M = 170
const KEEP_CLEAR_M = 10

/** Villages along the road, a church behind them, a barn here and there, the boathouse on its shore. */
export function createSites(path: Path, land: Land, places: readonly Place[], seed: number): Sites {
  const random = createRandom(seed ^ 0x5157)
  const list: Site[] = []
  const streets: { fromM: number; toM: number }[] = []
  const spot = createSpot()

  const put = (kind: Site['kind'], distanceM: number, lateralM: number, size: number): boolean => {
    spotAt(path, distanceM, lateralM, spot)
    const { x, z, dirX, dirZ } = spot
    const roadM = spot.y
    const reach = kind === 'church' ? 12 : kind === 'barn' ? 11 : 7
    if (land.roadDistanceAt(x, z) < Math.min(Math.abs(lateralM) - 1.5, reach + 4.5)) return false
    if (kind !== 'boathouse' && land.shoreAt(x, z) < 10) return false
    if (list.some((other) => (other.x - x) ** 2 + (other.z - z) ** 2 < (reach + 6.5) ** 2)) return false
    const y = land.heightAt(x, z)
    if (Math.abs(y - roadM) > 9 && kind !== 'barn') return false
    // Fronts look at the road.
    const facing = lateralM > 0 ? Math.atan2(dirZ, -dirX) : Math.atan2(-dirZ, dirX)
    list.push({ kind, x, y, z, turnRad: facing + (random.fraction() - 0.5) * 0.14, size, lot: random.fraction() })
    return true
  }

  for (const place of places) {
    const at = nearestDistance(path, place)
    if (place.kind === 'village') {
      streets.push({ fromM: at - STREET_HALF_M, toM: at + STREET_HALF_M })
      if (!put('church', at + 34, -40, 1)) put('church', at + 34, 42, 1)
      for (let o = -STREET_HALF_M; o < STREET_HALF_M; o += 11.5) {
        const isInner = Math.abs(o) < 90
        for (const side of [-1, 1]) {
          const half = path.halfWidthM[Math.floor(((at + o) % path.lengthM) + path.lengthM) % path.count]!
          const first = half + (side > 0 ? 9.5 : 7.8) + random.fraction() * 3
          if (random.fraction() < (isInner ? 0.94 : 0.55))
            put(
              isInner && random.fraction() < 0.62 ? 'townhouse' : 'cottage',
              at + o + random.fraction() * 3,
              side * first,
              0.88 + random.fraction() * 0.28,
            )
          if (random.fraction() < 0.6)
            put(
              'cottage',
              at + o + random.fraction() * 8,
              side * (first + 17 + random.fraction() * 16),
              0.85 + random.fraction() * 0.3,
            )
        }
      }
    } else if (place.kind === 'boathouse') {
      put('boathouse', at, sideOf(path, at, place) * 24, 1)
    } else {
      for (const side of [-1, 1]) put('barn', at + 14 * side, side * 19, 0.8)
    }
  }
  for (let s = 350; s < path.lengthM; s += 260 + random.fraction() * 420) {
    const side = random.fraction() < 0.5 ? -1 : 1
    const lateralM = side * (24 + random.fraction() * 46)
    if (put('barn', s, lateralM, 0.85 + random.fraction() * 0.3)) put('cottage', s + 20, lateralM * 0.95, 1)
  }
  const isBuilt = (x: number, z: number): boolean =>
    list.some((site) => {
      const clearM = KEEP_CLEAR_M + (site.kind === 'church' || site.kind === 'barn' ? 6 : 0)
      return (site.x - x) ** 2 + (site.z - z) ** 2 < clearM * clearM
    })
  return { list, streets, isBuilt }
}

/** Distance along the road abreast of a place of the map. */
export function nearestDistance(path: Path, place: Place): number {
  const x = place.x - path.originX
  const z = -place.y - path.originZ
  let best = 0
  let bestSquare = Infinity
  for (let i = 0; i < path.count; i++) {
    const square = (path.x[i]! - x) ** 2 + (path.z[i]! - z) ** 2
    if (square >= bestSquare) continue
    bestSquare = square
    best = i
  }
  return best
}

function sideOf(path: Path, at: number, place: Place): number {
  const x = place.x - path.originX - path.x[at]!
  const z = -place.y - path.originZ - path.z[at]!
  return -x * path.dirZ[at]! + z * path.dirX[at]! >= 0 ? 1 : -1
}
