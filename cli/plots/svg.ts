/** A small hand for drawing: plots are SVG text that opens anywhere, in one light style. */

/** Ink on paper: colours that stay apart for colour-blind eyes (after Okabe and Ito) and in print. */
export const INK = '#1b2430'
export const FAINT = '#8a94a3'
export const GRID = '#e6e9ee'
export const PAPER = '#ffffff'
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#6b4fa0', '#444b57'] as const

export type Attributes = Readonly<Record<string, string | number>>

/** One element; numbers are written to a hundredth. */
export function element(name: string, attributes: Attributes, inside = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escaped(value)}"`)
    .join('')
  return inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escaped(content))
}

export function line(x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}): string {
  return element('line', { x1, y1, x2, y2, stroke: INK, 'stroke-width': 1, ...attributes })
}

export function polyline(points: readonly (readonly [number, number])[], attributes: Attributes = {}): string {
  const d = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('')
  return element('path', {
    d,
    fill: 'none',
    stroke: INK,
    'stroke-width': 1.6,
    'stroke-linejoin': 'round',
    ...attributes,
  })
}

export function circle(cx: number, cy: number, r: number, attributes: Attributes = {}): string {
  return element('circle', { cx, cy, r, ...attributes })
}

export function rect(x: number, y: number, width: number, height: number, attributes: Attributes = {}): string {
  return element('rect', { x, y, width, height, ...attributes })
}

export function page(widthPx: number, heightPx: number, title: string, body: readonly string[]): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widthPx} ${heightPx}" width="${widthPx}" height="${heightPx}"`
  const font = `font-family="system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif" font-size="12" fill="${INK}"`
  const lines = [`${open} ${font} role="img">`, `<title>${escaped(title)}</title>`]
  return [...lines, rect(0, 0, widthPx, heightPx, { fill: PAPER }), ...body, '</svg>', ''].join('\n')
}

export interface AxesOptions {
  /** The frame of the plot on the page, px. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly xFrom: number
  readonly xTo: number
  readonly yFrom: number
  readonly yTo: number
  readonly xTicks: readonly number[]
  readonly yTicks: readonly number[]
  readonly xLabel?: string
  readonly yLabel?: string
  readonly title?: string
  readonly tickText?: (value: number) => string
  readonly xTickText?: (value: number) => string
}

/** A frame with scales: where a value stands on the page, and the frame itself as SVG. */
export class Axes {
  readonly #o: AxesOptions

  constructor(options: AxesOptions) {
    this.#o = options
  }

  px(value: number): number {
    const { x, width, xFrom, xTo } = this.#o
    return x + ((value - xFrom) / (xTo - xFrom)) * width
  }

  py(value: number): number {
    const { y, height, yFrom, yTo } = this.#o
    return y + height - ((value - yFrom) / (yTo - yFrom)) * height
  }

  curve(points: readonly (readonly [number, number])[], attributes: Attributes = {}): string {
    return polyline(
      points.map(([x, y]) => [this.px(x), this.py(y)] as const),
      attributes,
    )
  }

  dot(x: number, y: number, r: number, attributes: Attributes = {}): string {
    return circle(this.px(x), this.py(y), r, attributes)
  }

  frame(): string {
    const { x, y, width, height, xTicks, yTicks, xLabel, yLabel, title } = this.#o
    const yText = this.#o.tickText ?? String
    const xText = this.#o.xTickText ?? String
    const bottom = y + height
    const parts: string[] = []
    for (const tick of yTicks) {
      parts.push(line(x, this.py(tick), x + width, this.py(tick), { stroke: GRID }))
      parts.push(text(x - 7, this.py(tick) + 4, yText(tick), { 'text-anchor': 'end', fill: FAINT, 'font-size': 11 }))
    }
    for (const tick of xTicks) {
      parts.push(line(this.px(tick), bottom, this.px(tick), bottom + 4, { stroke: FAINT }))
      parts.push(
        text(this.px(tick), bottom + 17, xText(tick), { 'text-anchor': 'middle', fill: FAINT, 'font-size': 11 }),
      )
    }
    parts.push(line(x, bottom, x + width, bottom, { stroke: FAINT }))
    if (title !== undefined) parts.push(text(x, y - 14, title, { 'font-size': 13, 'font-weight': 600 }))
    if (xLabel !== undefined) parts.push(text(x + width / 2, bottom + 36, xLabel, { 'text-anchor': 'middle' }))
    if (yLabel !== undefined) {
      const [cx, cy] = [x - 42, y + height / 2]
      const turn = `rotate(-90 ${short(cx)} ${short(cy)})`
      parts.push(text(cx, cy, yLabel, { 'text-anchor': 'middle', transform: turn }))
    }
    return parts.join('\n')
  }
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100)
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
