import type { BakedColumns } from '#maps/format'
import type { Network } from '#maps/network'

/** Roads around the rider, as large as one needs them to see which way to go. */
export interface NearMap {
  /** Paths of the roads about a place, metres: x to the east, y to the south; the same list while nothing changes. */
  around(placeM: number): readonly RoadPiece[]
  /** Degrees clockwise from north that the road leads. */
  headingDeg(placeM: number): number
  /** Ways of the route, shown before the others. */
  setRoute(ways: ReadonlySet<number>): void
}

export interface RoadPiece {
  readonly path: string
  readonly isRoute: boolean
}

interface Chunk {
  readonly way: number
  readonly from: number
  readonly to: number
  readonly xM: number
  readonly yM: number
  path: string | undefined
}

const CHUNK = 400
const STEP = 6
/** Shown around the rider, m; beyond it lies what the next hundred metres bring. */
export const NEAR_RADIUS_M = 260
const REACH_M = NEAR_RADIUS_M * 1.5 + CHUNK
const MOVED_M = 80

export function createNearMap(course: BakedColumns, network: Network): NearMap {
  const { count, xMm, yMm, isLoop } = course
  const chunks: Chunk[] = []
  for (const { id, startM, endM, twin } of network.ways) {
    if (twin >= 0 && twin < id) continue
    const end = isLoop && network.ways.length === 1 ? count : Math.min(endM, count - 1)
    for (let from = startM; from < end; from += CHUNK) {
      const to = Math.min(end, from + CHUNK)
      const middle = sample(Math.floor((from + to) / 2))
      chunks.push({ way: id, from, to, xM: xMm[middle]! / 1000, yM: -yMm[middle]! / 1000, path: undefined })
    }
  }
  let route: ReadonlySet<number> = new Set()
  let shown: readonly RoadPiece[] = []
  let isStale = true
  let atX = 0
  let atY = 0

  return {
    around: (placeM) => {
      const i = sample(Math.floor(placeM))
      const [x, y] = [xMm[i]! / 1000, -yMm[i]! / 1000]
      if (!isStale && Math.abs(x - atX) + Math.abs(y - atY) < MOVED_M) return shown
      isStale = false
      ;[atX, atY] = [x, y]
      shown = chunks
        .filter((chunk) => Math.abs(chunk.xM - x) < REACH_M && Math.abs(chunk.yM - y) < REACH_M)
        .map((chunk) => ({ path: (chunk.path ??= pathOf(chunk)), isRoute: isOnRoute(chunk.way) }))
        .toSorted((a, b) => Number(a.isRoute) - Number(b.isRoute))
      return shown
    },
    headingDeg: (placeM) => {
      const i = sample(Math.floor(placeM))
      const k = isLoop ? (i + 8) % count : Math.min(count - 1, i + 8)
      return (Math.atan2(xMm[k]! - xMm[i]!, yMm[k]! - yMm[i]!) * 180) / Math.PI
    },
    setRoute: (ways) => {
      route = ways
      isStale = true
    },
  }

  function isOnRoute(way: number): boolean {
    const twin = network.ways[way]?.twin ?? -1
    return route.size === 0 || route.has(way) || (twin >= 0 && route.has(twin))
  }

  function pathOf({ from, to }: Chunk): string {
    let path = ''
    for (let at = from; ; at = Math.min(to, at + STEP)) {
      const i = sample(at)
      path += `${path === '' ? 'M' : 'L'}${(xMm[i]! / 1000).toFixed(0)} ${(-yMm[i]! / 1000).toFixed(0)}`
      if (at === to) return path
    }
  }

  function sample(place: number): number {
    const i = Math.floor(place)
    return isLoop ? i - count * Math.floor(i / count) : Math.min(count - 1, Math.max(0, i))
  }
}
