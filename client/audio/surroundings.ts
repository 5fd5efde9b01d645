import type { BakedCourse } from '#maps/course'
import type { MapFile } from '#maps/format'
import type { Network } from '#maps/network'
import type { Ears } from './ears.ts'

/** People stand along the last metres to a line, at a climb's top and in its steepest half. */
const LINE_CROWD_M = 260
const SEA_FAR_M = 700
const SHORE_STEP = 1
/** Above the trees: as high above the lowest road where the map does not say. */
const TREES_UP_M = 900

export interface Surroundings {
  /** Fills what `Ears` says of the place. */
  at(placeM: number, ears: Ears): void
}

interface Place {
  readonly xM: number
  readonly yM: number
  readonly radiusM: number
}

/** What is to be heard beside a road, from the map alone: its towns, its shore, its height, its lines and climbs. */
export function surroundingsOf(
  course: Pick<BakedCourse, 'xAt' | 'yAt' | 'heightAt' | 'crrAt'>,
  network: Pick<Network, 'ways' | 'lines' | 'segments'>,
  { scenery }: Pick<MapFile, 'scenery'>,
): Surroundings {
  const { country, treeLineM } = scenery
  const towns = entries(scenery['places']).flatMap((entry): Place[] => {
    const { x, y, radiusM } = entry
    return isReal(x) && isReal(y) && entry['kind'] === 'town'
      ? [{ xM: x, yM: y, radiusM: isReal(radiusM) && radiusM > 0 ? radiusM : 250 }]
      : []
  })
  const [sea] = entries([scenery['sea']])
  const shore = Array.isArray(sea?.['shore'])
    ? sea['shore'].filter((point): point is [number, number] => Array.isArray(point) && isReal(point[0]))
    : []
  const lines = network.lines.map(({ way, atM }) => (network.ways[way]?.startM ?? 0) + atM)
  const climbs = network.segments.filter(({ kind }) => kind === 'climb').flatMap(({ along }) => along)
  const isAlpine = country === 'alps' || country === undefined
  const treesM = isReal(treeLineM) ? treeLineM : isAlpine ? TREES_UP_M + 600 : Infinity

  return {
    at: (placeM, ears) => {
      const [xM, yM, heightM] = [course.xAt(placeM), course.yAt(placeM), course.heightAt(placeM)]
      // Smooth asphalt rolls at 0.004, cobbles at 0.01 (physics.md).
      ears.roughShare = Math.min(1, Math.max(0, (course.crrAt(placeM) - 0.0052) / 0.005))
      ears.town = 0
      for (const town of towns) ears.town = Math.max(ears.town, 1.3 - away(town.xM, town.yM, xM, yM) / town.radiusM)
      let nearest = Infinity
      for (let i = 0; i < shore.length; i += SHORE_STEP) nearest = Math.min(nearest, toEdge(shore, i, xM, yM))
      ears.sea = shore.length === 0 ? 0 : Math.max(0, 1 - nearest / SEA_FAR_M)
      const above = (heightM - treesM) / 250
      ears.woods = Math.min(1, Math.max(0.1, 1 - above))
      // Cattle graze high, but not in the rocks.
      ears.pasture = isAlpine
        ? Math.max(0, Math.min((heightM - 500) / 400, 1.6 - above)) * (1 - Math.min(1, ears.town))
        : 0
      let crowd = 0
      for (const atM of lines) crowd = Math.max(crowd, 1 - Math.abs(atM - placeM) / LINE_CROWD_M)
      for (const { fromM, toM } of climbs) {
        if (placeM < fromM || placeM > toM) continue
        const share = (placeM - fromM) / Math.max(1, toM - fromM)
        crowd = Math.max(crowd, share > 0.9 ? 0.7 : share > 0.5 ? 0.25 : 0)
      }
      ears.crowd = crowd
    },
  }
}

function entries(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, 64).filter((entry) => typeof entry === 'object' && entry !== null)
}

function isReal(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function away(ax: number, ay: number, bx: number, by: number): number {
  return Math.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by))
}

/** To one edge of an outline, m. */
function toEdge(outline: readonly (readonly [number, number])[], i: number, xM: number, yM: number): number {
  const [ax, ay] = outline[i]!
  const [bx, by] = outline[(i + 1) % outline.length]!
  const [dx, dy] = [bx - ax, by - ay]
  const long = dx * dx + dy * dy
  const t = long === 0 ? 0 : Math.min(1, Math.max(0, ((xM - ax) * dx + (yM - ay) * dy) / long))
  return away(ax + t * dx, ay + t * dy, xM, yM)
}
