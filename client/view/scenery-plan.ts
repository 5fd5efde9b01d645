import type { MapFile } from '#maps/format'

/** A named spot of the map: what stands there is the picture's business. */
export interface Place {
  readonly kind: string
  readonly name: string
  /** Axes of the map: x east, y north, m. */
  readonly x: number
  readonly y: number
  /** How far a town's pavements reach, m; 0: none. */
  readonly radiusM: number
}

export interface WaterOutline {
  readonly levelM: number
  readonly outline: readonly (readonly [x: number, y: number])[]
  /** The water is outside of the outline: an island's sea. */
  readonly isSea: boolean
}

/** A piece of ground that people laid out. Axes of the map. */
export interface Ground {
  readonly kind: 'allotments' | 'lawn'
  readonly x: number
  readonly y: number
  readonly radiusM: number
}

/** What we understand of `scenery`; the rest of it, and anything malformed, is left alone: a picture never fails a map. */
export interface SceneryPlan {
  readonly places: readonly Place[]
  readonly grounds: readonly Ground[]
  readonly waters: readonly WaterOutline[]
  readonly country: Country
  /** In what country's manner people build: its own, unless the map says another. */
  readonly built: Country
  /** A landscape of `looks/looks.ts` by its name; absent: by country and heights. */
  readonly look: string | undefined
  /** Heights above the sea where trees end and snow begins; absent: as high above the lowest road as such country has them. */
  readonly treeLineM: number | undefined
  readonly snowLineM: number | undefined
}

/** What lies beyond the roads: alps behind the highest road, hills all round, next to nothing, or the sea. */
export const COUNTRIES = ['alps', 'hills', 'plain', 'island'] as const
export type Country = (typeof COUNTRIES)[number]

const ENTRIES_MAX = 64
const OUTLINE_MAX = 400

export function readScenery(scenery: MapFile['scenery']): SceneryPlan {
  const { country, look, treeLineM, snowLineM } = scenery
  return {
    country: COUNTRIES.find((known) => known === country) ?? 'alps',
    built: COUNTRIES.find((known) => known === (scenery['built'] ?? country)) ?? 'alps',
    look: typeof look === 'string' ? look : undefined,
    treeLineM: isNumber(treeLineM) ? treeLineM : undefined,
    snowLineM: isNumber(snowLineM) ? snowLineM : undefined,
    places: list(scenery['places']).flatMap((entry): Place[] => {
      const { kind, name, x, y } = entry
      if (typeof kind !== 'string' || typeof name !== 'string' || !isNumber(x) || !isNumber(y)) return []
      const { radiusM } = entry
      return [{ kind, name, x, y, radiusM: isNumber(radiusM) ? radiusM : 0 }]
    }),
    grounds: list(scenery['grounds']).flatMap(({ kind, x, y, radiusM }): Ground[] =>
      (kind === 'allotments' || kind === 'lawn') && isNumber(x) && isNumber(y) && isNumber(radiusM)
        ? [{ kind, x, y, radiusM }]
        : [],
    ),
    waters: [...list(scenery['water']), ...list([scenery['sea']])].flatMap((entry): WaterOutline[] => {
      const { levelM } = entry
      const isSea = entry === scenery['sea']
      const outline = isSea ? entry['shore'] : entry['outline']
      if (!isNumber(levelM) || !Array.isArray(outline) || outline.length < 3 || outline.length > OUTLINE_MAX) return []
      const points = outline.filter(
        (point): point is [number, number] => Array.isArray(point) && isNumber(point[0]) && isNumber(point[1]),
      )
      return points.length === outline.length ? [{ levelM, outline: points, isSea }] : []
    }),
  }
}

function list(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, ENTRIES_MAX).filter((entry) => typeof entry === 'object' && entry !== null)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
