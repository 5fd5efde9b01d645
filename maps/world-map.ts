import { createRoadPoint, type BakedCourse } from './course.ts'
import type { MapFile } from './format.ts'
import type { LoadedWorld } from './load.ts'
import type { Network, Route } from './network.ts'
import { placeOnRoute } from './routes.ts'

/**
 * The map of a world and the profile of a route as SVG text, a few kilobytes each: what a picker shows. Made from the
 * baked road, so every world has them, an imported one too. No words but names; no colour that a dark page could not bear.
 */

type Spot = readonly [x: number, y: number]

interface Palette {
  readonly land: string
  readonly high: string
  readonly wood: string
  readonly water: string
}

const PALETTES: Readonly<Record<string, Palette>> = {
  parkland: { land: '#dfe9c4', high: '#eef2dc', wood: '#c3d8a0', water: '#a9cfe6' },
  isle: { land: '#e4e2c0', high: '#d9c9d8', wood: '#cbd3a0', water: '#9ccbe0' },
  alpine: { land: '#d5e4bb', high: '#f1efe9', wood: '#b4cda0', water: '#8fc8d4' },
  lakeland: { land: '#d8e2b8', high: '#ece4d0', wood: '#b2c99a', water: '#95c2dc' },
  hills: { land: '#e0e6bd', high: '#efe7cf', wood: '#c0d3a0', water: '#a3cbe0' },
}

const WIDE_PX = 640
const TALL_PX = 420
const MARGIN_PX = 26
/** Roads are drawn to this many pixels. */
const EVEN_PX = 0.6

/** North up; roads, water, towns and parks, where routes start. */
export function mapSvg({ map, course, network }: Pick<LoadedWorld, 'map' | 'course' | 'network'>): string {
  const { places, waters, look } = sceneryParts(map)
  const lines = roadLines(network, course)
  const all = lines.flat()
  const [minX, maxX] = [least(all, 0), most(all, 0)]
  const [minY, maxY] = [least(all, 1), most(all, 1)]
  const scale = Math.min(
    (WIDE_PX - 2 * MARGIN_PX) / Math.max(1, maxX - minX),
    (TALL_PX - 2 * MARGIN_PX) / Math.max(1, maxY - minY),
  )
  const at = ([x, y]: Spot): Spot => [
    WIDE_PX / 2 + (x - (minX + maxX) / 2) * scale,
    TALL_PX / 2 - (y - (minY + maxY) / 2) * scale,
  ]
  const palette = PALETTES[look] ?? PALETTES['hills']!
  const isIsland = waters.some(({ isSea }) => isSea)
  const sheets = waters.map(({ isSea, outline }) => {
    const d = closedCurve(outline.map(at))
    if (isSea) return `<path d="${d}" fill="${palette.land}" stroke="#fff" stroke-opacity=".7" stroke-width="5"/>`
    return `<path d="${d}" fill="${palette.water}"/>`
  })
  const grounds = places.flatMap(({ kind, x, y, radiusM }) => {
    const [cx, cy] = at([x, y])
    if (kind === 'town' && radiusM > 0) return [disc(cx, cy, radiusM * scale, '#e9d9c3', 0.8)]
    if (kind === 'park' && radiusM > 0) return [disc(cx, cy, radiusM * scale, palette.wood, 0.9)]
    return []
  })
  const d = lines.map((line) => open(evened(line.map(at), EVEN_PX))).join('')
  const named: Spot[] = []
  const marks = places.flatMap(({ kind, x, y, name }) => {
    if (kind === 'park') return []
    const [cx, cy] = at([x, y])
    // A name over another is none.
    if (named.some(([nx, ny]) => Math.abs(nx - cx) < 90 && Math.abs(ny - cy) < 15)) return []
    named.push([cx, cy])
    if (cx < 8 || cy < 8 || cx > WIDE_PX - 8 || cy > TALL_PX - 8) return []
    const anchor = cx > WIDE_PX - 120 ? 'end' : 'start'
    const dx = anchor === 'end' ? -7 : 7
    return [
      `${disc(cx, cy, 2.6, '#6b5b3f', 1)}<text x="${px(cx + dx)}" y="${px(cy - 5)}" text-anchor="${anchor}">${escaped(name)}</text>`,
    ]
  })
  const starts = network.pens.map(({ way, atM }) => {
    const point = course.at(course.wayStartM(way) + atM, createRoadPoint())
    const [x, y] = at([point.xM, point.yM])
    return `<path d="M${px(x)} ${px(y)}v-15h12l-3 4 3 4h-10" fill="#d9482b" stroke="#fff" stroke-width="1.2"/>`
  })
  const body = [
    `<rect width="${WIDE_PX}" height="${TALL_PX}" rx="14" fill="${isIsland ? palette.water : palette.land}"/>`,
    ...(isIsland ? sheets : [...grounds, ...sheets]),
    ...(isIsland ? grounds : []),
    `<path d="${d}" fill="none" stroke="#5a5148" stroke-width="5.4" stroke-linejoin="round" stroke-linecap="round"/>`,
    `<path d="${d}" fill="none" stroke="#fffdf6" stroke-width="3.2" stroke-linejoin="round" stroke-linecap="round"/>`,
    `<g font-size="12" font-style="italic" fill="#4a3f2c" stroke="#fffdf6" stroke-width="2.6" stroke-opacity=".85" paint-order="stroke" stroke-linejoin="round">${marks.join('')}</g>`,
    ...starts.slice(0, 1),
  ]
  return page(WIDE_PX, TALL_PX, map.name, body)
}

const PROFILE_TALL_PX = 150
const SAMPLES = 320
/** Colours of grades up to so much, rise over run: from meadow over straw to brick. */
const GRADES = [
  [0.015, '#8fbf8f'],
  [0.04, '#bccf76'],
  [0.06, '#eccb52'],
  [0.08, '#ee9f42'],
  [0.1, '#df6a36'],
  [Infinity, '#a63046'],
] as const
const DOWN = '#a3c3d6'
/** A colour holds for the road about here, m. */
const COLOUR_OVER_M = 300

/** Heights along a route: once from its start to its finish, or one lap; without a route the first one. */
export function profileSvg(
  { map, course, network }: Pick<LoadedWorld, 'map' | 'course' | 'network'>,
  routeId?: string,
): string {
  const route = network.routes.find(({ id }) => id === routeId) ?? longest(network)
  const { fromM, toM } = spanOf(route, course)
  const heights = Float64Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const m = fromM + ((toM - fromM) * i) / SAMPLES
    return course.heightAt(route === undefined ? m : placeOnRoute(network, route, m).placeM)
  })
  const low = heights.reduce((a, b) => Math.min(a, b))
  const high = heights.reduce((a, b) => Math.max(a, b))
  const lengthM = toM - fromM
  // A flat road looks flat: the frame is never less than a hundred and twentieth of its length high.
  const tallM = Math.max(high - low, lengthM / 120, 12)
  const [x0, y0] = [10, PROFILE_TALL_PX - 24]
  const wide = WIDE_PX - 2 * x0
  const at = (i: number): Spot => [x0 + (i / SAMPLES) * wide, y0 - 8 - ((heights[i]! - low) / tallM) * (y0 - 34)]
  const line = Array.from({ length: SAMPLES + 1 }, (_, i) => at(i))
  const stepM = lengthM / SAMPLES
  const areas: string[] = []
  let from = 0
  const colourAt = (i: number): string => {
    const reach = Math.max(1, Math.round(COLOUR_OVER_M / 2 / stepM))
    const [a, b] = [Math.max(0, i - reach), Math.min(SAMPLES, i + reach)]
    const grade = (heights[b]! - heights[a]!) / ((b - a) * stepM)
    if (grade < -GRADES[0][0]) return DOWN
    return GRADES.find(([to]) => grade < to)![1]
  }
  for (let i = 1; i <= SAMPLES; i++) {
    if (i < SAMPLES && colourAt(i) === colourAt(from)) continue
    const top = evened(line.slice(from, i + 1), 0.4)
    areas.push(`<path d="${open(top)}V${y0}H${px(line[from]![0])}Z" fill="${colourAt(from)}"/>`)
    from = i
  }
  const name = route?.name ?? map.name
  const body = [
    `<rect width="${WIDE_PX}" height="${PROFILE_TALL_PX}" rx="14" fill="#fbf9f2"/>`,
    ...areas,
    `<path d="${open(evened(line, 0.4))}" fill="none" stroke="#4a3f2c" stroke-width="1.6" stroke-linejoin="round"/>`,
    `<g font-size="12" fill="#4a3f2c"><text x="${x0 + 4}" y="18">${escaped(name)}</text><text x="${WIDE_PX - x0 - 4}" y="18" text-anchor="end">${Math.round(low)}–${Math.round(high)} m</text>`,
    `<text x="${x0 + 4}" y="${PROFILE_TALL_PX - 8}">0</text><text x="${WIDE_PX - x0 - 4}" y="${PROFILE_TALL_PX - 8}" text-anchor="end">${(lengthM / 1000).toFixed(1)} km</text></g>`,
  ]
  return page(WIDE_PX, PROFILE_TALL_PX, name, body)
}

function longest({ routes }: Network): Route | undefined {
  return routes.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0]
}

function lengthOf(route: Route): number {
  return route.isLap ? route.lapM : route.finishM
}

function spanOf(route: Route | undefined, course: BakedCourse): { fromM: number; toM: number } {
  if (route === undefined) return { fromM: 0, toM: course.lengthM }
  if (!route.isLap) return { fromM: 0, toM: route.finishM }
  const fromM = route.legs[route.lapLeg]!.atM
  return { fromM, toM: fromM + route.lapM }
}

/** Every road once, its middle sampled: places of the map, east and north. */
function roadLines(network: Network, course: BakedCourse): Spot[][] {
  const point = createRoadPoint()
  return network.ways
    .filter(({ kind, twin, id }) => kind === 'road' && !(twin >= 0 && twin < id))
    .map((way) => {
      const lastM = Math.min(way.endM, way.startM + course.lengthM)
      const count = Math.max(2, Math.ceil((lastM - way.startM) / 8))
      return Array.from({ length: count + 1 }, (_, i): Spot => {
        course.at(way.startM + ((lastM - way.startM) * i) / count, point)
        return [point.xM, point.yM]
      })
    })
}

interface MapPlace {
  readonly kind: string
  readonly name: string
  readonly x: number
  readonly y: number
  readonly radiusM: number
}

/** What of the scenery a map shows; what is malformed is left out. */
function sceneryParts({ scenery }: MapFile): {
  readonly places: readonly MapPlace[]
  readonly waters: readonly { readonly isSea: boolean; readonly outline: readonly Spot[] }[]
  readonly look: string
} {
  const list = (value: unknown): Record<string, unknown>[] =>
    Array.isArray(value) ? value.filter((entry) => typeof entry === 'object' && entry !== null).slice(0, 64) : []
  const outlineOf = (value: unknown): Spot[] =>
    Array.isArray(value) ? value.filter((p): p is Spot => Array.isArray(p) && isNumber(p[0]) && isNumber(p[1])) : []
  const places = list(scenery['places']).flatMap(({ kind, name, x, y, radiusM }): MapPlace[] =>
    typeof kind === 'string' && typeof name === 'string' && isNumber(x) && isNumber(y)
      ? [{ kind, name: name.slice(0, 40), x, y, radiusM: isNumber(radiusM) ? radiusM : 0 }]
      : [],
  )
  const [sea] = list([scenery['sea']])
  const waters = [
    ...(sea === undefined ? [] : [{ isSea: true, outline: outlineOf(sea['shore']) }]),
    ...list(scenery['water']).map(({ outline }) => ({ isSea: false, outline: outlineOf(outline) })),
  ].filter(({ outline }) => outline.length > 2)
  return { places, waters, look: typeof scenery['look'] === 'string' ? scenery['look'] : '' }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** Places without those that lie within so much of the line between their neighbours (Ramer, Douglas and Peucker). */
function evened(line: readonly Spot[], withinPx: number): Spot[] {
  const kept = new Uint8Array(line.length)
  kept[0] = kept[line.length - 1] = 1
  const todo: [number, number][] = [[0, line.length - 1]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [a, b] = next
    const [ax, ay] = line[a]!
    const [ex, ey] = [line[b]![0] - ax, line[b]![1] - ay]
    const length = Math.sqrt(ex * ex + ey * ey)
    let worst = withinPx
    let at = -1
    for (let i = a + 1; i < b; i++) {
      const [dx, dy] = [line[i]![0] - ax, line[i]![1] - ay]
      const off = length > 1e-6 ? Math.abs(ex * dy - ey * dx) / length : Math.sqrt(dx * dx + dy * dy)
      if (off <= worst) continue
      worst = off
      at = i
    }
    if (at < 0) continue
    kept[at] = 1
    todo.push([a, at], [at, b])
  }
  return line.filter((_, i) => kept[i] === 1)
}

/** Whole tenths, each place relative to the one before: half the bytes. */
function open(line: readonly Spot[]): string {
  let [lastX, lastY] = [0, 0]
  return line
    .map(([x, y], i) => {
      const [tx, ty] = [Math.round(x * 10), Math.round(y * 10)]
      const step = i === 0 ? `M${tx / 10} ${ty / 10}` : `l${(tx - lastX) / 10} ${(ty - lastY) / 10}`
      lastX = tx
      lastY = ty
      return step.replaceAll(' -', '-')
    })
    .join('')
}

/** A closed curve through corners (Catmull and Rom, as cubic pieces): the `d` of a path. */
export function closedCurve(corners: readonly (readonly [number, number])[]): string {
  const n = corners.length
  const corner = (i: number): readonly [number, number] => corners[(i + n) % n]!
  let d = `M${px(corner(0)[0])} ${px(corner(0)[1])}`
  for (let i = 0; i < n; i++) {
    const [a, b, c, e] = [corner(i - 1), corner(i), corner(i + 1), corner(i + 2)]
    const handles = [
      b[0] + (c[0] - a[0]) / 6,
      b[1] + (c[1] - a[1]) / 6,
      c[0] - (e[0] - b[0]) / 6,
      c[1] - (e[1] - b[1]) / 6,
    ]
    d += `C${[...handles, c[0], c[1]].map(px).join(' ')}`
  }
  return `${d}Z`
}

function disc(x: number, y: number, radius: number, fill: string, opacity: number): string {
  return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(radius)}" fill="${fill}" opacity="${opacity}"/>`
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function page(widePx: number, tallPx: number, title: string, body: readonly string[]): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widePx} ${tallPx}" width="${widePx}" height="${tallPx}"`
  const font = `font-family="system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif" role="img"`
  return `${open} ${font}><title>${escaped(title)}</title>${body.join('\n')}</svg>\n`
}

function least(spots: readonly Spot[], axis: 0 | 1): number {
  return spots.reduce((a, spot) => Math.min(a, spot[axis]), Infinity)
}
function most(spots: readonly Spot[], axis: 0 | 1): number {
  return spots.reduce((a, spot) => Math.max(a, spot[axis]), -Infinity)
}
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
