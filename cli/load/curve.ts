import { Axes, COLOURS, FAINT, INK, line, page, rect, text } from '../plots/svg.ts'

/** One run of a sweep: milliseconds of the server's core a tick, by what they went to. */
export interface CurvePoint {
  readonly riders: number
  readonly worldMs: number
  readonly packetsMs: number
  /** Receiving, opening, the collector, HTTP: all else that the process did. */
  readonly restMs: number
  readonly generatorMs: number
  readonly doneP50Ms: number
  readonly doneP99Ms: number
  readonly doneWorstMs: number
  readonly lateShare: number
}

const TICK_MS = 50
const WIDTH = 920
const HEIGHT = 440
const [BLUE, ORANGE, GREEN, , YELLOW] = COLOURS

/** The curve to where it breaks: where a tick's time goes, and how late ticks are, by riders. */
export function curvePicture(points: readonly CurvePoint[], caption: string): string {
  const mostRiders = Math.max(...points.map(({ riders }) => riders))
  const xTicks = points.map(({ riders }) => riders)
  const common = { y: 88, width: 350, height: 270, xFrom: 0, xTo: mostRiders * 1.02, xTicks, xLabel: 'riders' }
  const mostMs = Math.max(TICK_MS * 1.1, ...points.map((p) => p.worldMs + p.packetsMs + p.restMs))
  const work = new Axes({
    ...common,
    x: 72,
    yFrom: 0,
    yTo: mostMs,
    yTicks: [0, 10, 20, 30, 40, 50].filter((tick) => tick <= mostMs),
    yLabel: 'ms of one core, each tick',
    title: 'Where the server’s time goes',
  })
  const scale = (ms: number): number => Math.log10(Math.max(ms, 1))
  const late = new Axes({
    ...common,
    x: 522,
    yFrom: 0,
    yTo: 3,
    yTicks: [0, 1, 2, 3],
    tickText: (tick) => String(10 ** tick),
    yLabel: 'ms after a tick was due',
    title: 'When its last packet had left',
  })
  const parts = [
    { name: 'world: forces, bunch, road', colour: GREEN, of: (p: CurvePoint) => p.worldMs },
    { name: 'packets: records, sealing, sending', colour: BLUE, of: (p: CurvePoint) => p.packetsMs },
    { name: 'receiving, opening, collector', colour: YELLOW, of: (p: CurvePoint) => p.restMs },
  ]
  const body: string[] = [work.frame(), late.frame()]
  let below = points.map(() => 0)
  for (const { colour, of } of parts) {
    const above = points.map((point, i) => below[i]! + of(point))
    const outline = [
      ...points.map((p, i) => [p.riders, above[i]!] as const),
      ...points.map((p, i) => [p.riders, below[i]!] as const).toReversed(),
    ]
    body.push(work.curve([...outline, outline[0]!], { fill: colour, 'fill-opacity': 0.75, stroke: PAPER_LINE }))
    below = above
  }
  // Named from above as they lie on each other.
  for (const [i, { name, colour }] of parts.toReversed().entries()) {
    const y = work.py(TICK_MS) + 16 + 17 * i
    body.push(rect(work.px(0) + 8, y - 9, 10, 10, { fill: colour, 'fill-opacity': 0.75 }))
    body.push(text(work.px(0) + 24, y, name, { 'font-size': 11 }))
  }
  const dashed = { stroke: ORANGE, 'stroke-dasharray': '5 4' }
  body.push(line(work.px(0), work.py(TICK_MS), work.px(mostRiders), work.py(TICK_MS), dashed))
  body.push(text(work.px(0) + 6, work.py(TICK_MS) - 6, 'one core, all of it', { fill: ORANGE, 'font-size': 11 }))
  body.push(line(late.px(0), late.py(scale(TICK_MS)), late.px(mostRiders), late.py(scale(TICK_MS)), dashed))
  body.push(
    text(late.px(0) + 6, late.py(scale(TICK_MS)) - 6, 'late: more than 50 ms', { fill: ORANGE, 'font-size': 11 }),
  )
  const curves = [
    { name: 'worst', colour: FAINT, of: (p: CurvePoint) => p.doneWorstMs },
    { name: 'p99', colour: BLUE, of: (p: CurvePoint) => p.doneP99Ms },
    { name: 'half', colour: INK, of: (p: CurvePoint) => p.doneP50Ms },
  ]
  let nameY = -Infinity
  for (const { name, colour, of } of curves) {
    body.push(
      late.curve(
        points.map((p) => [p.riders, scale(of(p))] as const),
        { stroke: colour, 'stroke-width': 2 },
      ),
    )
    for (const p of points) body.push(late.dot(p.riders, scale(of(p)), 2.6, { fill: colour }))
    // Beside its end, but never over the name above.
    nameY = Math.max(nameY + 13, late.py(scale(of(points.at(-1)!))) + 4)
    body.push(text(late.px(mostRiders) + 8, nameY, name, { fill: colour, 'font-size': 11 }))
  }
  body.push(text(72, 34, 'How many riders one world carries', { 'font-size': 17, 'font-weight': 600 }))
  body.push(text(72, HEIGHT - 18, caption, { fill: FAINT, 'font-size': 11 }))
  return page(WIDTH, HEIGHT, 'How many riders one world carries', body)
}

const PAPER_LINE = '#ffffff'
