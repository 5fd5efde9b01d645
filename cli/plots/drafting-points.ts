import { HELD, residuals, type Residual } from '../drafting/fit.ts'
import { lineOf, rider, sharesOfDrag, type Body } from '../drafting/formation.ts'
import { GROUPS, MOTORCYCLE_LENGTH_M, TRIAL_AREA_M2, type Group } from '../drafting/points.ts'
import { Axes, COLOURS, element, FAINT, line, page, text, type Attributes } from './svg.ts'

const [BLUE, ORANGE, GREEN] = COLOURS
const WIDTH = 1120
const LAW = { stroke: BLUE, 'stroke-width': 2 }
const SEEN = { fill: 'none', stroke: ORANGE, 'stroke-width': 1.8 }
const NOT_FITTED = { fill: 'none', stroke: FAINT, 'stroke-width': 1.4 }

/** Everything that is not an upright line: motorcycles, gaps, posture, the bunch, the echelon; and all residuals. */
export function pointsPicture(): string {
  const body = [
    text(24, 36, 'One law, one set of numbers', { 'font-size': 20, 'font-weight': 600 }),
    text(
      24,
      58,
      'Circles: published share of the drag alone. Blue: the law. Grey circles contradict the others or one another: shown, not fitted.',
      { fill: FAINT, 'font-size': 13 },
    ),
    ahead(72, 112),
    behind(436, 112),
    beside(800, 112),
    gaps(72, 404),
    trials(436, 404),
    all(84, 700),
    bunchAndEchelon(800, 404),
  ]
  return page(WIDTH, 1010, 'The law of shelter against every published point', body)
}

const motorcycle = (alongM: number, rightM: number): Body => {
  return { alongM, rightM, areaM2: HELD.motorcycleAreaM2, lengthM: MOTORCYCLE_LENGTH_M }
}
const APART_M = (rider(0).lengthM + MOTORCYCLE_LENGTH_M) / 2
const FRAME = { width: 268, height: 190 } as const
const shares = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

function ahead(x: number, y: number): string {
  const xTicks = [0, 10, 20, 30, 40, 50]
  const axes = new Axes({
    ...{ x, y, ...FRAME, xFrom: 0, xTo: 55, yFrom: 0.4, yTo: 1.02, xTicks, yTicks: shares },
    ...{ title: 'Behind a motorcycle', xLabel: 'gap, m', yLabel: 'share of the drag alone', tickText: one },
  })
  const law = series(1, 55, 110, (gapM) => sharesOfDrag([rider(0), motorcycle(gapM + APART_M, 0)])[0]!)
  return group(axes.frame(), axes.curve(law, LAW), ...dots(axes, 'ahead'))
}

function behind(x: number, y: number): string {
  const yTicks = [0.9, 0.92, 0.94, 0.96, 0.98, 1]
  const axes = new Axes({
    ...{ x, y, ...FRAME, xFrom: 0, xTo: 10.5, yFrom: 0.84, yTo: 1.005, xTicks: [0, 2, 4, 6, 8, 10] },
    ...{ yTicks: [0.86, 0.88, ...yTicks], title: 'In front of motorcycles', xLabel: 'gap, m', tickText: two },
  })
  const law = series(0.1, 10.5, 100, (gapM) => sharesOfDrag([rider(0), motorcycle(-gapM - APART_M, 0)])[0]!)
  const three = residuals().find(({ point }) => point.name.startsWith('three'))!
  const parts = [axes.frame(), axes.curve(law, LAW), ...dots(axes, 'behind')]
  parts.push(axes.dot(0.25, three.point.published, 5, SEEN), axes.dot(0.25, three.model, 2.6, { fill: BLUE }))
  parts.push(text(axes.px(0.25) + 12, axes.py(three.point.published) + 4, 'three of them', { fill: FAINT }))
  return group(...parts)
}

function beside(x: number, y: number): string {
  const axes = new Axes({
    ...{ x, y, ...FRAME, xFrom: 0, xTo: 4, yFrom: 0.98, yTo: 1.12, xTicks: [0, 1, 2, 3, 4] },
    ...{ yTicks: [0.98, 1, 1.02, 1.04, 1.06, 1.08, 1.1], title: 'Side by side', xLabel: 'apart, m', tickText: two },
  })
  const law = series(0, 4, 80, (apartM) => sharesOfDrag([rider(0), motorcycle(0, apartM)])[0]!)
  const cyclists = series(0.45, 4, 71, (apartM) => sharesOfDrag([rider(0), rider(0, apartM)])[0]!)
  return group(
    axes.frame(),
    axes.curve(law, LAW),
    axes.curve(cyclists, { stroke: GREEN, 'stroke-width': 2 }),
    text(axes.px(1.55), axes.py(1.087), 'with a motorcycle', { fill: BLUE }),
    text(axes.px(0.42), axes.py(0.99), 'with a rider (nothing published)', { fill: GREEN }),
    ...dots(axes, 'beside'),
  )
}

function gaps(x: number, y: number): string {
  const axes = new Axes({
    ...{ x, y, ...FRAME, xFrom: 0, xTo: 12, yFrom: 0.4, yTo: 1.02, xTicks: [0, 2, 4, 6, 8, 10, 12], yTicks: shares },
    ...{ title: 'Behind one rider', xLabel: 'gap, m', yLabel: 'share of the drag alone', tickText: one },
  })
  const parts = [axes.frame()]
  const bySize = [
    { areaM2: 0.473, name: '0.473 m²', attributes: LAW },
    { areaM2: TRIAL_AREA_M2, name: '0.211 m²', attributes: { stroke: GREEN, 'stroke-width': 2 } },
  ]
  for (const { areaM2, name, attributes } of bySize) {
    const law = series(0, 12, 96, (gapM) => sharesOfDrag(lineOf(2, gapM, areaM2))[1]!)
    parts.push(axes.curve(law, attributes))
    const [, end] = law[80]!
    parts.push(text(axes.px(10), axes.py(end) + (areaM2 > 0.3 ? 18 : -8), name, { fill: attributes.stroke }))
  }
  for (const { point } of residuals()) {
    const gapM = Number(/^[\d.]+/.exec(point.name)?.[0])
    if (point.group === 'trial' && point.name.endsWith(' 2 of 2')) parts.push(axes.dot(gapM, point.published, 4, SEEN))
    if (point.group === 'trial' && point.name.startsWith('5 m, 2 of 3'))
      parts.push(axes.dot(gapM, point.published, 4, NOT_FITTED))
    const kyle = /^Kyle, (\d) m$/.exec(point.name)
    if (kyle !== null) parts.push(axes.dot(Number(kyle[1]), point.published, 4, NOT_FITTED))
    if (point.group === 'line' && point.name === '2 of 2') parts.push(axes.dot(0.15, point.published, 4, SEEN))
  }
  parts.push(text(axes.px(2) + 9, axes.py(0.78) - 4, 'Kyle 1979', { fill: FAINT, 'font-size': 11 }))
  parts.push(text(axes.px(5) + 9, axes.py(0.708) + 4, 'time trial, 5 m', { fill: FAINT, 'font-size': 11 }))
  return group(...parts)
}

function trials(x: number, y: number): string {
  const xTicks = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  const axes = new Axes({
    ...{ x, y, ...FRAME, xFrom: 0.5, xTo: 9.5, yFrom: 0.35, yTo: 1.02, xTicks, yTicks: shares, tickText: one },
    ...{ title: 'Nine in time-trial posture', xLabel: 'place in the line' },
  })
  const parts = [axes.frame()]
  for (const [n, gap] of ['0.15', '1', '5'].entries()) {
    const rows = residuals().filter(({ point }) => point.name.startsWith(`${gap} m,`) && point.name.endsWith('of 9'))
    const colour = COLOURS[[0, 2, 7][n]!]!
    parts.push(
      axes.curve(
        rows.map(({ model }, i) => [i + 1, model] as const),
        { stroke: colour, 'stroke-width': 2 },
      ),
    )
    for (const [i, { point }] of rows.entries())
      parts.push(axes.dot(i + 1, point.published, 4, point.weight === 0 ? NOT_FITTED : SEEN))
    const last = rows.at(-1)!.model
    parts.push(text(axes.px(9.5) + 5, axes.py(last) + 4, `${gap} m`, { fill: colour }))
  }
  return group(...parts)
}

function bunchAndEchelon(x: number, y: number): string {
  const rows = residuals().filter(({ point }) => point.group === 'bunch' || point.group === 'echelon')
  const parts = [text(x - 14, y - 14, 'A bunch of 121; five in a side wind', { 'font-size': 13, 'font-weight': 600 })]
  const axes = new Axes({
    ...{ x: x + 118, y, width: 150, height: FRAME.height, xFrom: 0, xTo: 1.05, yFrom: rows.length, yTo: 0 },
    ...{ xTicks: [0, 0.5, 1], yTicks: [], xLabel: 'share of the drag alone' },
  })
  parts.push(axes.frame())
  const names = [
    'leader',
    'second row',
    'third row, centre',
    'middle',
    'rear',
    'echelon, 4th of 5',
    'line, leader of 5',
  ]
  for (const [i, { point, model }] of rows.entries()) {
    const at = axes.py(i + 0.5)
    parts.push(line(axes.px(0), at, axes.px(1.05), at, { stroke: '#e6e9ee' }))
    parts.push(text(x + 108, at + 4, names[i]!, { 'text-anchor': 'end' }))
    parts.push(axes.dot(point.published, i + 0.5, 5, SEEN), axes.dot(model, i + 0.5, 2.6, { fill: BLUE }))
  }
  return group(...parts)
}

/** Every point that was fitted, its residual against the bar of its group. */
function all(x: number, y: number): string {
  const groups: readonly Group[] = ['line', 'ahead', 'behind', 'beside', 'bunch', 'echelon']
  const rows = groups.flatMap((name) => residuals().filter(({ point }) => point.group === name))
  const axes = new Axes({
    ...{ x, y, width: WIDTH - x - 52, height: 210, xFrom: 0, xTo: rows.length + groups.length, yFrom: -0.1, yTo: 0.1 },
    ...{ xTicks: [], yTicks: [-0.1, -0.05, 0, 0.05, 0.1], yLabel: 'law less published' },
    ...{ title: 'Every residual, and how far it may be off', tickText: two },
  })
  const parts = [axes.frame()]
  let at = 0.5
  for (const name of groups) {
    const own = rows.filter(({ point }) => point.group === name)
    const { worst, title } = GROUPS[name]
    const [from, to] = [axes.px(at), axes.px(at + own.length)]
    for (const bar of [-worst, worst])
      parts.push(line(from, axes.py(bar), to, axes.py(bar), { stroke: ORANGE, 'stroke-dasharray': '3 3' }))
    for (const row of own) {
      parts.push(stick(axes, at + 0.5, row))
      at++
    }
    const anchor: Attributes = { 'text-anchor': own.length < 8 ? 'end' : 'middle', fill: FAINT, 'font-size': 11 }
    const [labelX, labelY] = [(from + to) / 2, axes.py(-0.1) + 16]
    const turned = own.length < 8 ? { transform: `rotate(-24 ${labelX} ${labelY})` } : {}
    parts.push(text(labelX, labelY, title, { ...anchor, ...turned }))
    at++
  }
  return group(...parts)
}

function stick(axes: Axes, at: number, { point, model }: Residual): string {
  const off = model - point.published
  const colour = point.isDerived === true ? COLOURS[5] : BLUE
  const [x, zero, top] = [axes.px(at), axes.py(0), axes.py(off)]
  return line(x, zero, x, top, { stroke: colour, 'stroke-width': 1.4 }) + axes.dot(at, off, 3, { fill: colour })
}

function dots(axes: Axes, name: Group): string[] {
  return residuals()
    .filter(({ point }) => point.group === name && /^[\d.]+ m$/.test(point.name))
    .map(({ point }) => axes.dot(Number.parseFloat(point.name), point.published, 5, SEEN))
}

function series(from: number, to: number, steps: number, share: (value: number) => number): [number, number][] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const value = from + ((to - from) * i) / steps
    return [value, share(value)]
  })
}

function group(...parts: readonly string[]): string {
  return element('g', {}, parts.join('\n'))
}

const one = (value: number): string => value.toFixed(1)
const two = (value: number): string => value.toFixed(2).replace('-', '−')
