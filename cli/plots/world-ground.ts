import { closedCurve } from '#maps/world-map'
import type { MapFile } from '#maps/format'
import { circle, element, rect, text } from './svg.ts'

/** What lies under the roads of a world: land and water, towns and parks, and their names. */

export type Place = readonly [x: number, y: number]

export const LAND = '#f3f1e8'
const WATER = '#cfe3ee'
const TOWN = '#ebe0d0'
const PARK = '#dbe8cd'

/** Paper around letters, so that they stand clear of lines. */
export const HALO = {
  stroke: '#ffffff',
  'stroke-width': 3,
  'stroke-opacity': 0.85,
  'paint-order': 'stroke',
  'stroke-linejoin': 'round',
} as const

export interface Frame {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where places of a world stand on the page: the whole of it inside a frame, north up. */
export class Sheet {
  readonly pxPerM: number
  readonly #x: number
  readonly #y: number

  constructor(places: readonly Place[], frame: Frame) {
    const [minX, maxX] = [Math.min(...places.map(([x]) => x)), Math.max(...places.map(([x]) => x))]
    const [minY, maxY] = [Math.min(...places.map(([, y]) => y)), Math.max(...places.map(([, y]) => y))]
    this.pxPerM = Math.min(frame.width / (maxX - minX), frame.height / (maxY - minY))
    this.#x = frame.x + frame.width / 2 - ((minX + maxX) / 2) * this.pxPerM
    this.#y = frame.y + frame.height / 2 + ((minY + maxY) / 2) * this.pxPerM
  }

  at([x, y]: Place): Place {
    return [this.#x + x * this.pxPerM, this.#y - y * this.pxPerM]
  }
}

export interface WaterArea {
  readonly name: string
  readonly isSea: boolean
  readonly outline: readonly Place[]
}

/** Only what can be drawn; the rest of `scenery` is the client's business. */
export function watersOf(map: MapFile): WaterArea[] {
  const { sea, water } = map.scenery as { sea?: { name?: string; shore?: Place[] }; water?: Partial<WaterArea>[] }
  const named = (area: Partial<WaterArea>, isSea: boolean) => ({
    name: area.name ?? '',
    isSea,
    outline: area.outline ?? [],
  })
  return [
    ...(sea?.shore === undefined ? [] : [named({ name: sea.name ?? '', outline: sea.shore }, true)]),
    ...(Array.isArray(water) ? water.map((area) => named(area, false)) : []),
  ]
}

interface PlaceMark {
  readonly kind: string
  readonly name: string
  readonly x: number
  readonly y: number
  readonly radiusM: number
}

function placesOf(map: MapFile): PlaceMark[] {
  const places = map.scenery['places']
  if (!Array.isArray(places)) return []
  return places.map((place: Partial<PlaceMark>) => ({
    kind: place.kind ?? '',
    name: place.name ?? '',
    x: place.x ?? 0,
    y: place.y ?? 0,
    radiusM: place.radiusM ?? 0,
  }))
}

/** Ground and water below everything else. */
export function ground(map: MapFile, sheet: Sheet, frame: Frame): string {
  const waters = watersOf(map)
  const sea = waters.some(({ isSea }) => isSea)
  const shapes = waters.map(({ isSea, outline }) =>
    smoothShape(
      outline.map((place) => sheet.at(place)),
      { fill: isSea ? LAND : WATER, stroke: '#a9c8d8', 'stroke-width': 1 },
    ),
  )
  const grounds = placesOf(map).flatMap(({ kind, x, y, radiusM }) => {
    if (radiusM === 0) return []
    const [cx, cy] = sheet.at([x, y])
    return [circle(cx, cy, radiusM * sheet.pxPerM, { fill: kind === 'park' ? PARK : TOWN, opacity: 0.7 })]
  })
  const land = rect(frame.x, frame.y, frame.width, frame.height, { fill: sea ? WATER : LAND })
  const ordered = sea ? [...shapes, ...grounds] : [...grounds, ...shapes]
  return [land, ...ordered].join('\n')
}

/** A closed curve through corners (Catmull and Rom, as cubic pieces). */
function smoothShape(corners: readonly Place[], attributes: Readonly<Record<string, string | number>>): string {
  return element('path', { d: closedCurve(corners), ...attributes })
}

/** Names of villages, lakes and such, below or beside them. */
export function placeNames(map: MapFile, sheet: Sheet): string {
  const style = { 'font-size': 12, 'font-style': 'italic', 'text-anchor': 'middle', fill: '#6b5b3f', ...HALO }
  const marks = placesOf(map).map(({ name, x, y, radiusM }) => {
    const [px, py] = sheet.at([x, y])
    return radiusM > 0
      ? text(px, py, name, style)
      : circle(px, py, 3, { fill: '#6b5b3f' }) + text(px, py + 18, name, style)
  })
  const waters = watersOf(map).flatMap(({ name, isSea, outline }) => {
    if (isSea || outline.length === 0) return []
    const inside = outline.map((place) => sheet.at(place))
    // Half-way between two corners that face each other: in the middle of a lake, and of a river.
    const [p, q] = [inside[Math.floor(inside.length / 5)]!, inside[inside.length - 1 - Math.floor(inside.length / 5)]!]
    const [x, y] = [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2 + 4]
    return [text(x, y, name, { ...style, fill: '#4d7f99', stroke: WATER })]
  })
  return [...marks, ...waters].join('\n')
}
