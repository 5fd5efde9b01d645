import type { CurvePoint } from '#bench/sync/suite'
import { circle, COLOURS, element, FAINT, GRID, INK, line, page, PAPER, polyline, rect, text } from './svg.ts'

/** Narrow enough that a phone shows it at nearly its own size. */
const WIDTH = 520
const HEIGHT = 660
const FRAME = { x: 62, y: 96, width: 432, height: 456 } as const
/** kbit/s and m; both logarithmic. */
const X = { from: 3.5, to: 320, ticks: [5, 10, 20, 50, 100, 200] } as const
const Y = { from: 0.015, to: 45, ticks: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20] } as const
/** Issue 4, point 5. */
const GOAL = { kbitps: 16, errorM: 0.1 } as const
const SIZE = 14

const px = (kbitps: number): number => FRAME.x + (Math.log(kbitps / X.from) / Math.log(X.to / X.from)) * FRAME.width
const py = (errorM: number): number =>
  FRAME.y + FRAME.height - (Math.log(errorM / Y.from) / Math.log(Y.to / Y.from)) * FRAME.height

/** What belongs together: joined by a line, in one colour, with one name. */
interface Series {
  readonly name: string
  readonly keys: readonly string[]
  readonly colour: string
  /** Where the name stands: dots of the series, and how far from it. */
  readonly label: {
    readonly key: string
    readonly dx: number
    readonly dy: number
    readonly anchor: 'start' | 'middle' | 'end'
  }
  readonly isOurs?: boolean
  /** Marks each dot with its messages a second. */
  readonly hasRates?: boolean
}

const [BLUE, RED, GREEN, PINK, , , VIOLET] = COLOURS
/** The orange of COLOURS, darker: it is read, not only seen. */
const AMBER = '#b07400'

const SERIES: readonly Series[] = [
  {
    name: 'JSON',
    keys: ['json'],
    colour: '#444b57',
    label: { key: 'json', dx: 0, dy: -12, anchor: 'middle' },
  },
  { name: 'geckos', keys: ['geckos'], colour: PINK, label: { key: 'geckos', dx: 0, dy: -12, anchor: 'middle' } },
  { name: 'nengi', keys: ['nengi'], colour: GREEN, label: { key: 'nengi', dx: -9, dy: 20, anchor: 'end' } },
  {
    name: 'Colyseus, between patches',
    keys: ['colyseus', 'colyseus10Hz', 'colyseus5Hz', 'colyseus2Hz', 'colyseus1Hz'],
    colour: RED,
    label: { key: 'colyseus2Hz', dx: 14, dy: -4, anchor: 'start' },
    hasRates: true,
  },
  {
    name: 'Colyseus, carried to now',
    keys: ['colyseusNow', 'colyseusNow5Hz', 'colyseusNow2Hz'],
    colour: AMBER,
    label: { key: 'colyseusNow', dx: 4, dy: -28, anchor: 'middle' },
    hasRates: true,
  },
  {
    name: 'protobuf, 1 Hz',
    keys: ['protobuf'],
    colour: VIOLET,
    label: { key: 'protobuf', dx: 11, dy: 5, anchor: 'start' },
  },
  {
    name: 'gruppetto',
    keys: ['gruppetto×0.5', 'gruppetto', 'gruppetto×2', 'gruppetto×4'],
    colour: BLUE,
    label: { key: 'gruppetto', dx: -13, dy: 16, anchor: 'end' },
    isOurs: true,
  },
]

/** Rate against error: what each way of telling sends to one client, and how wrong its picture of 64 others is. */
export function syncPicture(points: readonly CurvePoint[], traceHash: string): string {
  const byKey = new Map(points.map((point) => [point.key, point]))
  const body = [...head(), ...frame()]
  for (const series of SERIES) body.push(...drawSeries(series, byKey))
  const foot = { fill: FAINT, 'font-size': 13 }
  body.push(
    text(20, HEIGHT - 30, `Trace hard ${traceHash.slice(0, 8)}; 150 ms round trip, 15 ms jitter, 5 % loss;`, foot),
  )
  body.push(text(20, HEIGHT - 12, 'IP, UDP and TCP headers counted. Numbers at dots: messages a second.', foot))
  return page(WIDTH, HEIGHT, 'Rate against error: ours and the peers', body)
}

function head(): string[] {
  const words = { 'font-size': SIZE }
  return [
    text(20, 30, 'What a picture of 64 riders costs', { 'font-size': 19, 'font-weight': 650 }),
    circle(27, 52, 6, { fill: INK }),
    text(40, 57, 'wrong by so much (p99) where they are now', words),
    circle(27, 75, 5, { fill: PAPER, stroke: INK, 'stroke-width': 2 }),
    text(40, 80, 'against the past that the picture shows', words),
  ]
}

function frame(): string[] {
  const { x, y, width, height } = FRAME
  const bottom = y + height
  const parts = [
    rect(x, py(GOAL.errorM), px(GOAL.kbitps) - x, bottom - py(GOAL.errorM), { fill: BLUE, opacity: 0.08 }),
    text(x + 8, bottom - 10, 'the goal', { fill: BLUE, 'font-size': SIZE }),
  ]
  for (const tick of Y.ticks) {
    parts.push(line(x, py(tick), x + width, py(tick), { stroke: GRID }))
    parts.push(
      text(x - 8, py(tick) + 5, tick < 1 ? `${Math.round(tick * 100)} cm` : `${tick} m`, {
        ...LABEL,
        'text-anchor': 'end',
      }),
    )
  }
  for (const tick of X.ticks) {
    parts.push(line(px(tick), y, px(tick), bottom, { stroke: GRID }))
    parts.push(text(px(tick), bottom + 20, String(tick), { ...LABEL, 'text-anchor': 'middle' }))
  }
  parts.push(line(x, bottom, x + width, bottom, { stroke: FAINT }))
  parts.push(
    text(x + width / 2, bottom + 42, 'kbit/s to each client, on the wire', {
      'font-size': SIZE,
      'text-anchor': 'middle',
    }),
  )
  return parts
}

const LABEL = { fill: FAINT, 'font-size': 13 } as const

function drawSeries(
  { name, keys, colour, label, isOurs, hasRates }: Series,
  byKey: ReadonlyMap<string, CurvePoint>,
): string[] {
  const dots = keys.flatMap((key) => byKey.get(key) ?? [])
  if (dots.length === 0) return []
  const parts: string[] = []
  for (const which of ['nowM', 'ownM'] as const) {
    if (dots.length > 1)
      parts.push(
        polyline(
          dots.map((dot) => [px(dot.kbitps), py(dot[which])]),
          { stroke: colour, opacity: 0.45 },
        ),
      )
  }
  for (const dot of dots) {
    const isLate = dot.behindMs > 0
    const x = px(dot.kbitps)
    if (isLate) {
      parts.push(
        line(x, py(dot.ownM) - 5, x, py(dot.nowM), { stroke: colour, opacity: 0.35, 'stroke-dasharray': '2 4' }),
      )
      parts.push(circle(x, py(dot.ownM), 5, { fill: PAPER, stroke: colour, 'stroke-width': 2 }))
    }
    const isWhole = dot.key === label.key
    parts.push(circle(x, py(dot.nowM), isOurs !== true ? 6 : isWhole ? 8 : 5, { fill: colour }))
    if (hasRates === true) {
      parts.push(text(x, py(dot.nowM) - 11, `${dot.hz}`, { fill: colour, 'font-size': 12, 'text-anchor': 'middle' }))
    }
  }
  const at = byKey.get(label.key)
  if (at !== undefined) {
    const words = {
      fill: colour,
      'text-anchor': label.anchor,
      'font-size': isOurs === true ? 16 : SIZE,
      'font-weight': isOurs === true ? 700 : 500,
    }
    parts.push(text(px(at.kbitps) + label.dx, py(at.nowM) + label.dy, name, words))
  }
  return [element('g', {}, parts.join('\n'))]
}
