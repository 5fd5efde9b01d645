import { createRoadPoint } from '#maps/course'
import type { MapFile, MapRoad } from '#maps/format'
import type { LoadedWorld } from '#maps/load'
import { element, line, polyline, rect, text, circle, INK, FAINT } from './svg.ts'
import { HALO, LAND, type Place, type Sheet } from './world-ground.ts'

/** A world seen from above: roads by grade and surface, and what lies along them. */

const CASING = '#5c6470'
/** Steepness either way, percent, and its colour: from meadow over straw to brick. */
const GRADES = [
  [1.5, '#7fb8a4'],
  [4, '#b9cf73'],
  [6, '#f0d04c'],
  [8, '#f0a23c'],
  [10, '#e0662f'],
  [Infinity, '#a3243b'],
] as const

export function gradeColour(grade: number): string {
  const percent = Math.abs(grade) * 100
  return GRADES.find(([most]) => percent < most)![1]
}

/** The legend of those colours, as wide as it needs. */
export function gradeLegend(x: number, y: number): string {
  const names = ['< 1.5 %', '1.5 – 4', '4 – 6', '6 – 8', '8 – 10', '> 10 %']
  return GRADES.map(([, colour], i) =>
    [
      rect(x + i * 74, y, 18, 7, { fill: colour, rx: 3.5 }),
      text(x + i * 74 + 22, y + 7.5, names[i]!, { 'font-size': 10.5, fill: FAINT }),
    ].join(''),
  ).join('')
}

/** A road's points with the metres before each of them. */
interface Measured {
  readonly road: MapRoad
  readonly places: readonly Place[]
  readonly heightsM: readonly number[]
  readonly alongM: readonly number[]
}

function measured(road: MapRoad): Measured {
  const points = road.isClosed ? [...road.points, road.points[0]!] : road.points
  const alongM = [0]
  for (let i = 1; i < points.length; i++) {
    const [ax, ay, az] = points[i - 1]!
    const [bx, by, bz] = points[i]!
    alongM.push(alongM[i - 1]! + Math.hypot(bx - ax, by - ay, bz - az))
  }
  return { road, places: points.map(([x, y]) => [x, y] as const), heightsM: points.map(([, , z]) => z), alongM }
}

/** The part of a road between two metres, as places. */
function stretch({ places, alongM }: Measured, fromM: number, toM: number): Place[] {
  const part: Place[] = []
  for (let i = 1; i < places.length; i++) {
    const [a, b] = [alongM[i - 1]!, alongM[i]!]
    if (b < fromM || a > toM) continue
    const [p, q] = [places[i - 1]!, places[i]!]
    const between = (m: number): Place => {
      const f = b > a ? Math.min(1, Math.max(0, (m - a) / (b - a))) : 0
      return [p[0] + (q[0] - p[0]) * f, p[1] + (q[1] - p[1]) * f]
    }
    if (part.length === 0) part.push(between(fromM))
    part.push(between(toM))
  }
  return part
}

/** All roads: casing, colour by grade, ticks of cobbles and gravel, bridges above what they cross. */
export function roads(map: MapFile, sheet: Sheet, thickPx: number): string {
  const all = map.roads.map(measured)
  const draw = (one: Measured, fromM: number, toM: number): string => {
    const px = (m: number, n: number) => stretch(one, m, n).map((place) => sheet.at(place))
    const wide = thickPx * Math.sqrt(one.road.widthM / 7) * (one.road.isOneWay && !one.road.isClosed ? 0.8 : 1)
    const parts = [polyline(px(fromM, toM), { stroke: CASING, 'stroke-width': wide + 1.6, 'stroke-linecap': 'butt' })]
    // Grade over about 25 m, so that a point's rounding has no colour of its own.
    for (let m = fromM; m < toM;) {
      const colour = gradeColour(gradeNear(one, m))
      let n = m
      while (n < toM && gradeColour(gradeNear(one, n)) === colour) n += 10
      n = Math.min(n, toM)
      parts.push(polyline(px(m, n + 0.5), { stroke: colour, 'stroke-width': wide, 'stroke-linecap': 'butt' }))
      m = n
    }
    return parts.join('')
  }
  const body = all.map((one) => draw(one, 0, one.alongM.at(-1)!))
  const rough = all.flatMap((one) =>
    surfacesOf(one).flatMap(({ fromM, toM, surface }) => {
      if (!/cobbles|gravel|stone/.test(surface)) return []
      const points = stretch(one, fromM, toM).map((place) => sheet.at(place))
      const dash = surface === 'gravel' ? '5 3' : '1.6 2.6'
      return [polyline(points, { stroke: INK, 'stroke-width': 1.1, 'stroke-dasharray': dash })]
    }),
  )
  const bridges = all.flatMap((one) =>
    one.road.spans.map(({ kind, fromM, toM }) => {
      const points = stretch(one, fromM, toM).map((place) => sheet.at(place))
      if (kind === 'tunnel')
        return polyline(points, {
          stroke: LAND,
          'stroke-width': thickPx + 2.4,
          'stroke-dasharray': '4 4',
          opacity: 0.75,
        })
      return [polyline(points, { stroke: INK, 'stroke-width': thickPx + 5 }), draw(one, fromM, toM)].join('')
    }),
  )
  return [...body, ...rough, ...bridges].join('\n')
}

/** A road from end to end: its stretches, and its usual surface between them. */
function surfacesOf({ road, alongM }: Measured): { fromM: number; toM: number; surface: string }[] {
  const all: { fromM: number; toM: number; surface: string }[] = []
  let reachedM = 0
  for (const span of road.surfaces.toSorted((a, b) => a.fromM - b.fromM)) {
    if (span.fromM > reachedM) all.push({ fromM: reachedM, toM: span.fromM, surface: road.surface })
    all.push(span)
    reachedM = span.toM
  }
  return [...all, { fromM: reachedM, toM: alongM.at(-1)!, surface: road.surface }]
}

function gradeNear({ heightsM, alongM }: Measured, atM: number): number {
  const heightAt = (m: number): number => {
    const i = Math.max(
      1,
      alongM.findIndex((along) => along >= m),
    )
    const [a, b] = [alongM[i - 1]!, alongM[i]!]
    return heightsM[i - 1]! + (heightsM[i]! - heightsM[i - 1]!) * Math.min(1, Math.max(0, (m - a) / (b - a || 1)))
  }
  const end = alongM.at(-1)!
  const [from, to] = [Math.max(0, atM - 12), Math.min(end, atM + 12)]
  return (heightAt(to) - heightAt(from)) / (to - from || 1)
}

const NAME = {
  'font-size': 11,
  dy: -6,
  'font-weight': 500,
  ...HALO,
  'text-anchor': 'middle',
} as const

/** The part of a road, this long, that bends least; of equals the one nearest its middle. */
function straightest(one: Measured, longM: number): Place[] {
  const endM = one.alongM.at(-1)!
  let best: Place[] = []
  let bestCost = Infinity
  for (let fromM = 0; fromM + longM <= endM + 0.01; fromM += Math.max(5, longM / 8)) {
    const part = stretch(one, fromM, fromM + longM)
    let turned = 0
    for (let i = 2; i < part.length; i++) {
      const [a, b, c] = [part[i - 2]!, part[i - 1]!, part[i]!]
      const before = Math.atan2(b[1] - a[1], b[0] - a[0])
      const after = Math.atan2(c[1] - b[1], c[0] - b[0])
      turned += Math.abs(Math.atan2(Math.sin(after - before), Math.cos(after - before)))
    }
    const cost = turned + Math.abs(fromM + longM / 2 - endM / 2) / endM
    if (cost >= bestCost) continue
    bestCost = cost
    best = part
  }
  return best
}

/** Names along roads, each road once, where it runs longest; junctions, places, start lines. */
export function names(map: MapFile, sheet: Sheet): string {
  const parts: string[] = []
  const longest = new Map<string, Measured>()
  for (const one of map.roads.map(measured)) {
    const before = longest.get(one.road.name)
    if (before === undefined || before.alongM.at(-1)! < one.alongM.at(-1)!) longest.set(one.road.name, one)
  }
  let n = 0
  for (const [name, one] of longest) {
    const lengthPx = one.alongM.at(-1)! * sheet.pxPerM
    const wordPx = name.length * 6 + 8
    if (lengthPx < wordPx) continue
    const part = straightest(one, wordPx / sheet.pxPerM).map((place) => sheet.at(place))
    const leftToRight = part[0]![0] <= part.at(-1)![0] ? part : part.toReversed()
    const d = leftToRight.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')
    const id = `road-${n++}`
    parts.push(element('path', { id, d, fill: 'none' }))
    parts.push(element('text', NAME, element('textPath', { href: `#${id}`, startOffset: '50%' }, escaped(name))))
  }
  for (const { at } of map.nodes) {
    const [x, y] = sheet.at([at[0], at[1]])
    parts.push(circle(x, y, 2.1, { fill: '#ffffff', stroke: CASING, 'stroke-width': 1 }))
  }
  return parts.join('\n')
}

/** Beside the strip on which it is ridden, each segment as a line with a head where it ends. */
export function segmentLines({ course, network }: LoadedWorld, sheet: Sheet, asidePx: number): string {
  const point = createRoadPoint()
  return network.segments
    .filter(({ kind }) => kind !== 'lap')
    .map(({ kind, along }, i) => {
      const places = along.flatMap(({ way, fromM, toM }) => {
        const steps = Math.max(1, Math.ceil(((toM - fromM) * sheet.pxPerM) / 3))
        return Array.from({ length: steps + 1 }, (_, k): Place => {
          course.at(course.wayStartM(way) + fromM + ((toM - fromM) * k) / steps, point)
          const [x, y] = sheet.at([point.xM, point.yM])
          const px = asidePx + (i % 2) * 3
          // On paper y points down: the right hand of (dx, dy) is (dy, dx).
          return [x + point.dy * px, y + point.dx * px]
        })
      })
      const [a, b] = [places.at(-3) ?? places[0]!, places.at(-1)!]
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1
      const [ex, ey] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
      const colour = SEGMENT_COLOURS[kind]
      const head = `M${b[0] + ex * 5} ${b[1] + ey * 5}L${b[0] - ey * 4} ${b[1] + ex * 4}L${b[0] + ey * 4} ${b[1] - ex * 4}Z`
      return polyline(places, { stroke: colour, 'stroke-width': 2 }) + element('path', { d: head, fill: colour })
    })
    .join('\n')
}

export const SEGMENT_COLOURS = { sprint: '#2f8f5b', climb: '#b5362f', lap: '#6b4fa0' } as const

/** A flag at each finish line, a rectangle for each zone. */
export function furniture(map: MapFile, sheet: Sheet): string {
  const parts: string[] = []
  for (const { at, towards, lengthM, widthM } of map.zones) {
    const length = Math.hypot(towards[0] - at[0], towards[1] - at[1])
    const [ex, ey] = [(towards[0] - at[0]) / length, (towards[1] - at[1]) / length]
    const corner = (along: number, across: number): Place =>
      sheet.at([
        at[0] + (ex * along * lengthM) / 2 - (ey * across * widthM) / 2,
        at[1] + (ey * along * lengthM) / 2 + (ex * across * widthM) / 2,
      ])
    const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)]
    parts.push(polyline(corners, { fill: '#d9c9a3', stroke: '#8a7440', 'stroke-width': 1 }))
  }
  for (const { road: strip, atM } of map.lines) {
    const road = map.roads.find(({ id }) => id === strip.slice(1))
    if (road === undefined) continue
    const one = measured(road)
    const [a, b] = [stretch(one, atM - 3, atM)[0]!, stretch(one, atM, atM + 3).at(-1)!].map((place) => sheet.at(place))
    const length = Math.hypot(b![0] - a![0], b![1] - a![1]) || 1
    const [nx, ny] = [(b![1] - a![1]) / length, (a![0] - b![0]) / length]
    const [x, y] = [(a![0] + b![0]) / 2, (a![1] + b![1]) / 2]
    parts.push(line(x - nx * 7, y - ny * 7, x + nx * 7, y + ny * 7, { stroke: INK, 'stroke-width': 2.4 }))
  }
  return parts.join('\n')
}

/** A bar of a round length, and north. */
export function scaleBar(sheet: Sheet, x: number, y: number): string {
  const lengthM = [100, 200, 500, 1000, 2000].find((m) => m * sheet.pxPerM > 90) ?? 2000
  const px = lengthM * sheet.pxPerM
  const label = lengthM >= 1000 ? `${lengthM / 1000} km` : `${lengthM} m`
  return [
    line(x, y, x + px, y, { 'stroke-width': 2 }),
    line(x, y - 4, x, y + 4, { 'stroke-width': 2 }),
    line(x + px, y - 4, x + px, y + 4, { 'stroke-width': 2 }),
    text(x + px / 2, y - 7, label, { 'text-anchor': 'middle', 'font-size': 11 }),
  ].join('')
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
