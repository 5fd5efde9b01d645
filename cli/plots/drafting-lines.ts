import { residuals, type Residual } from '../drafting/fit.ts'
import { Axes, circle, COLOURS, element, FAINT, INK, line, page, rect, text } from './svg.ts'

const [BLUE, ORANGE] = COLOURS
const WIDTH = 1120
const PANEL = { width: 216, height: 176, left: 64, top: 108, stepX: 264, stepY: 318 } as const
const RESIDUAL = { height: 52, below: 24 } as const
const BAR = 0.05

/** Lines of two to eight riders: published shares, the law's, and how far they are apart. */
export function linesPicture(): string {
  const all = residuals().filter(({ point }) => point.group === 'line')
  const rms = Math.sqrt(all.reduce((sum, { point, model }) => sum + (model - point.published) ** 2, 0) / all.length)
  const worst = Math.max(...all.map(({ point, model }) => Math.abs(model - point.published)))
  const body = [
    text(24, 36, 'Riding in line: the law against the table', { 'font-size': 20, 'font-weight': 600 }),
    text(
      24,
      58,
      'Share of the drag alone, by place in the line. Upright riders, 0.473 m² each, 0.15 m from wheel to wheel.',
      {
        fill: FAINT,
        'font-size': 13,
      },
    ),
  ]
  for (let count = 2; count <= 8; count++) {
    const [column, row] = [(count - 2) % 4, Math.floor((count - 2) / 4)]
    const x = PANEL.left + column * PANEL.stepX
    const y = PANEL.top + row * PANEL.stepY
    const rows = all.filter(({ point }) => point.name.endsWith(`of ${count}`))
    body.push(panel(x, y, count, rows))
  }
  body.push(legend(PANEL.left + 3 * PANEL.stepX, PANEL.top + PANEL.stepY, all.length, rms, worst))
  return page(WIDTH, 728, 'Riding in line: the law of shelter against the published table', body)
}

function panel(x: number, y: number, count: number, rows: readonly Residual[]): string {
  const places = rows.map((_, i) => i + 1)
  const common = { x, width: PANEL.width, xFrom: 0.5, xTo: 8.5, xTicks: [] as number[] }
  const yTicks = [0.4, 0.6, 0.8, 1]
  const title = `${['two', 'three', 'four', 'five', 'six', 'seven', 'eight'][count - 2]} riders`
  const axes = new Axes({ ...common, y, height: PANEL.height, yFrom: 0.3, yTo: 1.03, yTicks, title, tickText: fixed1 })
  const parts = [axes.frame()]
  parts.push(
    axes.curve(
      rows.map(({ model }, i) => [i + 1, model] as const),
      { stroke: BLUE, 'stroke-width': 2 },
    ),
  )
  for (const [i, { model, point }] of rows.entries()) {
    parts.push(axes.dot(i + 1, model, 2.6, { fill: BLUE }))
    parts.push(axes.dot(i + 1, point.published, 5, published(point.isDerived === true)))
  }
  const residualY = y + PANEL.height + RESIDUAL.below
  const scale = { yFrom: -0.06, yTo: 0.06, yTicks: [-BAR, 0, BAR], xTicks: places }
  const below = new Axes({ ...common, ...scale, y: residualY, height: RESIDUAL.height, tickText: signed2 })
  parts.push(below.frame())
  for (const bar of [-BAR, BAR]) {
    const at = below.py(bar)
    parts.push(line(x, at, x + PANEL.width, at, { stroke: ORANGE, 'stroke-dasharray': '3 3', 'stroke-width': 0.8 }))
  }
  for (const [i, { model, point }] of rows.entries()) {
    const [top, zero] = [below.py(model - point.published), below.py(0)]
    const height = Math.max(0.8, Math.abs(zero - top))
    parts.push(rect(below.px(i + 1) - 5, Math.min(top, zero), 10, height, { fill: BLUE, opacity: 0.75 }))
  }
  return element('g', {}, parts.join('\n'))
}

function published(isDerived: boolean): Record<string, string | number> {
  return { fill: isDerived ? '#ffffff' : 'none', stroke: ORANGE, 'stroke-width': 1.8, ...dashes(isDerived) }
}

function dashes(isDerived: boolean): Record<string, string> {
  return isDerived ? { 'stroke-dasharray': '2.2 1.8', 'fill-opacity': '0' } : {}
}

function legend(x: number, y: number, points: number, rms: number, worst: number): string {
  const row = (n: number) => y + 4 + 28 * n
  return [
    circle(x + 8, row(0) - 4, 5, published(false)),
    text(x + 26, row(0), 'published'),
    text(x + 26, row(0) + 15, 'van Druenen & Blocken 2021, table 1', { fill: FAINT, 'font-size': 11 }),
    circle(x + 8, row(2) - 16, 5, published(true)),
    text(x + 26, row(2) - 12, 'from a curve through the table'),
    text(x + 26, row(2) + 3, 'the rows of six and eight', { fill: FAINT, 'font-size': 11 }),
    line(x, row(3) + 2, x + 16, row(3) + 2, { stroke: BLUE, 'stroke-width': 2 }),
    circle(x + 8, row(3) + 2, 2.6, { fill: BLUE }),
    text(x + 26, row(3) + 6, 'the law'),
    rect(x + 3, row(4) - 6, 10, 12, { fill: BLUE, opacity: 0.75 }),
    text(x + 26, row(4) + 4, 'law less published'),
    line(x, row(5) - 2, x + 16, row(5) - 2, { stroke: ORANGE, 'stroke-dasharray': '3 3', 'stroke-width': 0.8 }),
    text(x + 26, row(5) + 2, 'no row may be farther off: 0.05'),
    text(x, row(6) + 14, `${points} rows:`, { 'font-weight': 600 }),
    text(x, row(7) + 6, `rms ${rms.toFixed(4)}, worst ${worst.toFixed(4)}`, { 'font-weight': 600, fill: INK }),
    text(x, row(8) + 2, 'Below each panel: place in the line', { fill: FAINT, 'font-size': 11 }),
  ].join('\n')
}

const fixed1 = (value: number): string => value.toFixed(1)

export function signed2(value: number): string {
  return value === 0 ? '0' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
}
