import { createRoadPoint } from '#maps/course'
import type { LoadedWorld } from '#maps/load'
import type { Leg, Route, Segment } from '#maps/network'
import { circle, element, FAINT, GRID, INK, line, polyline, rect, text } from './svg.ts'
import { Sheet } from './world-ground.ts'
import { gradeColour, SEGMENT_COLOURS } from './world-plan.ts'

/** Each route of a world on a card: where it goes, and its profile with the segments along it. */

const CARD_WIDTH = 1120
const CARD_HEIGHT = 252
const MAP_PX = 190
const PROFILE = { x: 266, width: 820, top: 96, height: 104 } as const
const ROUTE = '#1d5fa8'

export const routeCardSize = { widthPx: CARD_WIDTH, heightPx: CARD_HEIGHT } as const

export function routeCard(world: LoadedWorld, smallMap: SmallMap, route: Route, topPx: number): string {
  return element(
    'g',
    { transform: `translate(0 ${topPx})` },
    [
      line(24, 0, CARD_WIDTH - 24, 0, { stroke: GRID }),
      text(24, 30, route.name, { 'font-size': 17, 'font-weight': 650 }),
      text(24, 50, describe(route), { fill: FAINT, 'font-size': 11.5 }),
      smallMap.draw(route),
      profile(world, route),
    ].join('\n'),
  )
}

function describe(route: Route): string {
  const km = (m: number) => `${(m / 1000).toFixed(m < 10_000 ? 2 : 1)} km`
  if (!route.isLap)
    return `${km(route.finishM)} from start to finish · ${(route.leadInClimbM + route.climbM).toFixed(0)} m up`
  const laps = `lap ${km(route.lapM)}, ${route.climbM.toFixed(0)} m up · usually ${route.laps} laps`
  return startsOnLap(route) ? laps : `${laps} · lead-in ${km(route.leadInM)}`
}

/** The pen stands on the lap itself. */
function startsOnLap({ legs, lapLeg }: Route): boolean {
  return legs.slice(lapLeg).some(({ way }) => way === legs[0]!.way)
}

/** The roads of the world in grey, and where places lie on them: the same on every card. */
export class SmallMap {
  readonly #world: LoadedWorld
  readonly #sheet: Sheet
  readonly #point = createRoadPoint()

  constructor(world: LoadedWorld) {
    this.#world = world
    const places = world.map.roads.flatMap(({ points }) => points.map(([x, y]) => [x, y] as const))
    this.#sheet = new Sheet(places, { x: 30, y: 62, width: MAP_PX, height: CARD_HEIGHT - 78 })
  }

  /** Drawn once on the page, used by every card. */
  roads(): string {
    const { network, course } = this.#world
    const ways = network.ways.filter(({ kind, isReversed }) => kind === 'road' && !isReversed)
    const lines = ways.map(({ id, startM, endM }) => {
      const lengthM = Number.isFinite(endM) ? endM - startM : course.lengthM
      return polyline(this.#along(id, 0, lengthM), { stroke: '#c9cfd8', 'stroke-width': 1.4 })
    })
    return element('defs', {}, element('g', { id: 'roads' }, lines.join('')))
  }

  draw(route: Route): string {
    const drawn = (legs: readonly Leg[]) => legs.flatMap(({ way, fromM, toM }) => this.#along(way, fromM, toM))
    const lap = drawn(route.legs.slice(route.lapLeg))
    const leadIn = drawn(route.legs.slice(0, route.lapLeg))
    const start = (leadIn.length > 0 ? leadIn : lap)[0]!
    return [
      element('use', { href: '#roads' }),
      leadIn.length > 1 ? polyline(leadIn, { stroke: ROUTE, 'stroke-width': 1.8, 'stroke-dasharray': '3 3' }) : '',
      polyline(lap, { stroke: ROUTE, 'stroke-width': 2.6 }),
      ...arrows(lap),
      circle(start[0], start[1], 4, { fill: '#ffffff', stroke: ROUTE, 'stroke-width': 2 }),
    ].join('\n')
  }

  /** A stretch of a way on the card, a point every pixel and a half. */
  #along(way: number, fromM: number, toM: number): (readonly [number, number])[] {
    const { course } = this.#world
    const steps = Math.max(1, Math.ceil(((toM - fromM) * this.#sheet.pxPerM) / 1.5))
    return Array.from({ length: steps + 1 }, (_, i) => {
      course.at(course.wayStartM(way) + fromM + ((toM - fromM) * i) / steps, this.#point)
      return this.#sheet.at([this.#point.xM, this.#point.yM])
    })
  }
}

/** Which way round: a few arrow heads along a line. */
function arrows(points: readonly (readonly [number, number])[]): string[] {
  const alongPx = [0]
  for (let i = 1; i < points.length; i++)
    alongPx.push(alongPx[i - 1]! + Math.hypot(points[i]![0] - points[i - 1]![0], points[i]![1] - points[i - 1]![1]))
  const count = Math.min(6, Math.max(2, Math.round(alongPx.at(-1)! / 110)))
  return Array.from({ length: count }, (_, k) => {
    const at = ((k + 0.6) / count) * alongPx.at(-1)!
    const i = Math.max(
      2,
      alongPx.findIndex((px) => px >= at),
    )
    const [a, b] = [points[i - 2]!, points[i]!]
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1
    const [ex, ey] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
    const wing = (side: number) => `${b[0] - ex * 7 - ey * 4 * side} ${b[1] - ey * 7 + ex * 4 * side}`
    return element('path', { d: `M${b[0]} ${b[1]}L${wing(1)}L${wing(-1)}Z`, fill: ROUTE })
  })
}

function profile(world: LoadedWorld, route: Route): string {
  const { course, network } = world
  const lastLeg = route.legs.at(-1)!
  const rawEndM = lastLeg.atM + lastLeg.toM - lastLeg.fromM
  const endM = route.finishM
  const placeAt = (routeM: number): number => {
    const leg = route.legs.findLast(({ atM }) => atM <= routeM) ?? route.legs[0]!
    return course.wayStartM(leg.way) + leg.fromM + (routeM - leg.atM)
  }
  const samples = Array.from({ length: PROFILE.width + 1 }, (_, i) =>
    course.heightAt(placeAt(Math.min(rawEndM - 0.01, (i * endM) / PROFILE.width))),
  )
  const [low, high] = [Math.min(...samples), Math.max(...samples)]
  // Flat roads stay flat on paper: never less than 40 m from bottom to top.
  const span = Math.max(40, high - low)
  const base = low - span * 0.12
  const px = (m: number) => PROFILE.x + (m / endM) * PROFILE.width
  const py = (heightM: number) => PROFILE.top + PROFILE.height - ((heightM - base) / (span * 1.18)) * PROFILE.height
  const bottom = PROFILE.top + PROFILE.height
  const parts: string[] = []
  for (const heightM of ticks(base, base + span * 1.18, 3)) {
    parts.push(line(PROFILE.x, py(heightM), PROFILE.x + PROFILE.width, py(heightM), { stroke: GRID }))
    parts.push(
      text(PROFILE.x - 6, py(heightM) + 4, `${heightM} m`, { 'text-anchor': 'end', 'font-size': 10, fill: FAINT }),
    )
  }
  // Columns of one colour, as long as the colour holds.
  const reach = Math.max(1, Math.round((30 / endM) * PROFILE.width))
  const colourAt = (i: number): string => {
    const [a, b] = [Math.max(0, i - reach), Math.min(PROFILE.width, i + reach)]
    return gradeColour((samples[b]! - samples[a]!) / (((b - a) * endM) / PROFILE.width))
  }
  for (let i = 0; i < PROFILE.width;) {
    const colour = colourAt(i)
    let j = i + 1
    while (j < PROFILE.width && colourAt(j) === colour) j++
    const top = samples.slice(i, j + 1).map((z, k) => `L${PROFILE.x + i + k} ${py(z).toFixed(1)}`)
    parts.push(
      element('path', {
        d: `M${PROFILE.x + i} ${bottom}${top.join('')}L${PROFILE.x + j} ${bottom}Z`,
        fill: colour,
        opacity: 0.85,
      }),
    )
    i = j
  }
  parts.push(
    polyline(
      samples.map((z, i) => [PROFILE.x + i, py(z)] as const),
      { 'stroke-width': 1.4 },
    ),
  )
  if (route.isLap && route.leadInM < endM && !startsOnLap(route)) {
    const x = px(route.leadInM)
    parts.push(line(x, PROFILE.top - 4, x, bottom, { stroke: ROUTE, 'stroke-dasharray': '2 3' }))
    parts.push(text(x + 4, bottom - 5, 'the lap begins', { 'font-size': 10, fill: INK }))
  }
  parts.push(flag(px(endM), py(samples.at(-1)!)))
  for (const km of ticks(0, endM / 1000, 8)) {
    parts.push(text(px(km * 1000), bottom + 15, `${km}`, { 'text-anchor': 'middle', 'font-size': 10, fill: FAINT }))
  }
  parts.push(text(PROFILE.x + PROFILE.width + 8, bottom + 15, 'km', { 'font-size': 10, fill: FAINT }))
  const rows: number[] = []
  for (const { segment, fromM, toM } of segmentsOn(route, network.segments).toSorted((a, b) => a.fromM - b.fromM)) {
    let row = rows.findIndex((end) => end < px(fromM) - 4)
    if (row < 0) row = rows.push(0) - 1
    const wordPx = segment.name.length * 5.6
    const isLate = px(fromM) + wordPx > PROFILE.x + PROFILE.width
    rows[row] = Math.max(px(toM), px(fromM) + wordPx)
    const y = PROFILE.top - 14 - row * 13
    const colour = SEGMENT_COLOURS[segment.kind]
    parts.push(rect(px(fromM), y, Math.max(2, px(toM) - px(fromM)), 3.5, { fill: colour, rx: 1.7 }))
    const anchor = isLate ? { 'text-anchor': 'end' } : {}
    parts.push(text(isLate ? px(toM) : px(fromM), y - 3, segment.name, { 'font-size': 10, fill: colour, ...anchor }))
  }
  return parts.join('\n')
}

function flag(x: number, y: number): string {
  return [
    line(x, y, x, y - 20, { 'stroke-width': 1.4 }),
    rect(x, y - 20, 11, 8, { fill: '#ffffff', stroke: INK, 'stroke-width': 1 }),
    rect(x, y - 20, 5.5, 4, { fill: INK }),
    rect(x + 5.5, y - 16, 5.5, 4, { fill: INK }),
  ].join('')
}

/** Where a route rides a segment from begin to end, in route metres, once. */
export function segmentsOn(
  route: Route,
  segments: readonly Segment[],
): { readonly segment: Segment; readonly fromM: number; readonly toM: number }[] {
  return segments.flatMap((segment) => {
    const first = segment.along[0]!
    const begin = route.legs.findIndex(
      (leg, i) =>
        segment.along.every((stretch, k) => route.legs[i + k]?.way === stretch.way) &&
        first.fromM >= leg.fromM - 0.01 &&
        leg.way === first.way,
    )
    const leg = route.legs[begin]
    if (leg === undefined) return []
    const fromM = leg.atM + first.fromM - leg.fromM
    return [{ segment, fromM, toM: fromM + segment.lengthM }]
  })
}

/** Round numbers inside a range, about so many. */
function ticks(from: number, to: number, about: number): number[] {
  const raw = (to - from) / about
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw)!
  const found: number[] = []
  for (let n = Math.ceil(from / step); n * step <= to; n++) found.push(Math.round(n * step * 1000) / 1000)
  return found
}
