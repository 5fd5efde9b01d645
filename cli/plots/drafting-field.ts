import { bunchOf121, lineOf, rider, sharesOfDrag, STILL, type Body, type Stream } from '../drafting/formation.ts'
import { echelonAndGutter } from '../drafting/points.ts'
import { element, FAINT, INK, line, page, rect, text } from './svg.ts'

const WIDTH = 1120
/** Wind of 30 km/h from 40° to the right, at 30 km/h: 20° off the nose. */
const SIDE: Stream = { along: -0.9396926, right: -0.3420201 }
/** Per cent, by the rider's number in `bunchOf121` (Blocken et al. 2018). */
const PUBLISHED: Readonly<Record<number, number>> = { 0: 88, 1: 63, 4: 38, 32: 10, 115: 5 }
const ORANGE = '#d55e00'
/** Shares of drag and their colours: sheltered is deep blue, alone is paper, worse than alone is red. */
const BANDS: readonly (readonly [number, string])[] = [
  [0.08, '#08306b'],
  [0.15, '#0b4a8f'],
  [0.25, '#1c6ab1'],
  [0.35, '#3787c0'],
  [0.45, '#5ba3cf'],
  [0.55, '#82bbdb'],
  [0.65, '#a6cee4'],
  [0.75, '#c6dbef'],
  [0.85, '#dcebf7'],
  [0.95, '#eef5fb'],
  [0.995, '#f8fbfe'],
  [1.003, '#ffffff'],
  [1.01, '#fef0ec'],
  [1.02, '#fcd5c8'],
  [9, '#f5a98f'],
]

/** Seen from above, riding to the right: what one more rider would feel, and what everybody in a formation does. */
export function fieldPicture(): string {
  const solo = { title: 'One rider in still air', bodies: [rider(0)], stream: STILL, topM: 3 }
  const aside = {
    title: 'One rider, air from 20° to the right of the nose',
    bodies: [rider(0)],
    stream: SIDE,
    topM: 4.6,
  }
  const row = { title: 'Five in line in that air', bodies: lineOf(5, 0.15), stream: SIDE, topM: 4.6 }
  const echelon = { title: 'Four in echelon, one in the gutter', bodies: echelonAndGutter(), stream: SIDE, topM: 4.6 }
  const body = [
    text(24, 36, 'Shelter, seen from above', { 'font-size': 20, 'font-weight': 600 }),
    text(24, 58, 'Riding to the right. Colour: the share of the drag alone that a rider in that place would feel.', {
      fill: FAINT,
      'font-size': 13,
    }),
    map(24, 100, solo, 26),
    map(572, 100, aside, 26),
    map(24, 318, row, 26),
    map(572, 318, echelon, 26),
    scale(24, 498),
    bunch(24, 574),
  ]
  return page(WIDTH, 880, 'Shelter, seen from above', body)
}

interface Scene {
  readonly title: string
  readonly bodies: readonly Body[]
  readonly stream: Stream
  /** Metres of road shown left of the first rider. */
  readonly topM: number
}

/** 524 × 156 px of road around and behind a formation whose first rider is at (0, 0). */
function map(x: number, y: number, { title, bodies, stream, topM }: Scene, pxPerM: number): string {
  const [width, height, cellPx] = [524, 156, 4]
  const leftM = -16
  const parts = [text(x, y - 10, title, { 'font-size': 13, 'font-weight': 600 })]
  for (let py = 0; py < height; py += cellPx) {
    let start = 0
    let colour = ''
    for (let px = 0; px <= width; px += cellPx) {
      const alongM = leftM + (px + cellPx / 2) / pxPerM
      const rightM = -(topM - (py + cellPx / 2) / pxPerM)
      const here = px < width ? colourOf(sharesOfDrag([rider(alongM, rightM), ...bodies], stream)[0]!) : ''
      if (here === colour) continue
      if (colour !== '' && colour !== '#ffffff')
        parts.push(rect(x + start, y + py, px - start, cellPx, { fill: colour, 'shape-rendering': 'crispEdges' }))
      start = px
      colour = here
    }
  }
  const shares = sharesOfDrag(bodies, stream)
  for (const [i, body] of bodies.entries()) {
    const [cx, cy] = [x + (body.alongM - leftM) * pxPerM, y + (topM + body.rightM) * pxPerM]
    parts.push(bicycle(cx, cy, pxPerM))
    if (bodies.length > 1)
      parts.push(text(cx, cy - 9, shares[i]!.toFixed(2), { 'text-anchor': 'middle', 'font-size': 11 }))
  }
  for (const backM of [0, 5, 10, 15])
    parts.push(text(x + (-backM - leftM) * pxPerM, y + height + 14, `${backM === 0 ? '' : '−'}${backM} m`, tick()))
  parts.push(rect(x, y, width, height, { fill: 'none', stroke: FAINT }))
  parts.push(arrow(x + width - 72, y + 20, stream))
  return element('g', {}, parts.join('\n'))
}

function bunch(x: number, y: number): string {
  const bodies = bunchOf121()
  const shares = sharesOfDrag(bodies)
  const pxPerM = 36
  const parts = [
    text(
      x,
      y - 10,
      'A bunch of 121: everybody’s share of the drag alone, %. Ringed, and in orange, what is published',
      { 'font-size': 13, 'font-weight': 600 },
    ),
  ]
  const [width, height] = [1072, 268]
  parts.push(rect(x, y, width, height, { fill: '#f7f8fa', stroke: '#e6e9ee' }))
  for (const [i, body] of bodies.entries()) {
    const share = shares[i]!
    const [cx, cy] = [x + width - 36 + body.alongM * pxPerM, y + height / 2 + body.rightM * pxPerM]
    const size = { fill: colourOf(share), stroke: '#5c6b7d', 'stroke-width': 0.6, rx: 7 }
    parts.push(rect(cx - 25, cy - 8.4, 50, 16.8, size))
    const ink = { 'text-anchor': 'middle', 'font-size': 11, fill: share < 0.5 ? '#ffffff' : INK }
    const known = PUBLISHED[i]
    if (known !== undefined)
      parts.push(rect(cx - 25, cy - 8.4, 50, 16.8, { fill: 'none', stroke: ORANGE, 'stroke-width': 2.4, rx: 7 }))
    parts.push(text(cx - (known === undefined ? 0 : 10), cy + 4, String(Math.round(100 * share)), ink))
    if (known !== undefined)
      parts.push(
        text(cx + 12, cy + 4, String(known), { ...ink, fill: share < 0.5 ? '#ffb48a' : ORANGE, 'font-weight': 700 }),
      )
  }
  return element('g', {}, parts.join('\n'))
}

function scale(x: number, y: number): string {
  const parts: string[] = [text(x, y + 12, 'share of the drag alone', { fill: FAINT })]
  for (const [i, [upTo, colour]] of BANDS.entries()) {
    const left = x + 150 + i * 52
    parts.push(rect(left, y, 52, 16, { fill: colour, stroke: '#d5dae1', 'stroke-width': 0.5 }))
    if (i < BANDS.length - 1) parts.push(text(left + 52, y + 30, String(upTo), tick()))
  }
  return parts.join('\n')
}

function bicycle(cx: number, cy: number, pxPerM: number): string {
  const half = 0.84 * pxPerM
  const frame = line(cx - half, cy, cx + half, cy, { stroke: INK, 'stroke-width': 2.4, 'stroke-linecap': 'round' })
  const body = element('ellipse', { cx: cx - 1, cy, rx: 0.34 * pxPerM, ry: 0.2 * pxPerM, fill: INK })
  return frame + body
}

/** The air that comes towards the rider. */
function arrow(x: number, y: number, stream: Stream): string {
  const [dx, dy] = [stream.along * 34, stream.right * 34]
  const [ax, ay] = [x + 44, y + 6]
  const head = `M${ax + dx} ${ay + dy} l${-dx * 0.28 - dy * 0.14} ${-dy * 0.28 + dx * 0.14} M${ax + dx} ${ay + dy} l${-dx * 0.28 + dy * 0.14} ${-dy * 0.28 - dx * 0.14}`
  const stroke = { stroke: ORANGE, 'stroke-width': 1.8, fill: 'none' }
  return (
    line(ax, ay, ax + dx, ay + dy, stroke) +
    element('path', { d: head, ...stroke }) +
    text(ax + 6, ay + 4, 'air', { fill: ORANGE, 'font-size': 11 })
  )
}

function colourOf(share: number): string {
  return BANDS.find(([upTo]) => share < upTo)![1]
}

const tick = () => ({ 'text-anchor': 'middle', fill: FAINT, 'font-size': 11 })
