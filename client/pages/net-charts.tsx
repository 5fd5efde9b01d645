import type { VNode } from 'preact'

/** Small charts of the last minutes, as SVG: one value a second, the newest at the right. */

export interface Series {
  readonly label: string
  readonly color: string
  /** NaN: nothing was measured in that second. */
  readonly values: readonly number[]
  readonly isBar?: boolean
}

export interface ChartProps {
  readonly title: string
  readonly unit: string
  readonly series: readonly Series[]
  /** The chart is never less high than this: a good line looks calm, not magnified. */
  readonly leastMax: number
  /** Above this it is too much: a line across. */
  readonly limit?: number
  /** One above the other instead of one over the other. */
  readonly isStacked?: boolean
}

const WIDTH = 300
const HEIGHT = 84
/** Seconds shown. */
export const SHOWN_S = 120

export function Chart({ title, unit, series, leastMax, limit, isStacked = false }: ChartProps): VNode {
  const stacked = isStacked ? stack(series) : series
  const highest = Math.max(leastMax, ...stacked.flatMap(({ values }) => values.filter((value) => !Number.isNaN(value))))
  const max = niceMax(highest)
  const words = series.map(({ label, values }) => `${label} ${shown(newest(values), unit)}`).join(', ')
  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b>
        <span class="chart-keys">
          {series.map(({ label, color, values }) => (
            <span key={label} class="chart-key">
              <i style={{ background: color }} aria-hidden="true" />
              {label} {!isStacked && <span class="number">{shown(newest(values), unit)}</span>}
            </span>
          ))}
        </span>
      </figcaption>
      <div class="chart-box">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${title}: ${words}`}>
          <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 0.5H${WIDTH}`} class="chart-grid" />
          {(isStacked ? stacked.toReversed() : stacked).map(({ label, color, values, isBar }) =>
            isBar === true ? (
              <path key={label} d={barsOf(values, max)} fill={color} />
            ) : isStacked ? (
              <path key={label} d={areaOf(values, max)} fill={color} />
            ) : (
              <path key={label} d={lineOf(values, max)} stroke={color} class="chart-line" />
            ),
          )}
          {limit !== undefined && limit < max && <path d={`M0 ${y(limit, max)}H${WIDTH}`} class="chart-limit" />}
        </svg>
        <span class="chart-max number" aria-hidden="true">
          {shown(max, unit)}
        </span>
      </div>
    </figure>
  )
}

/** What was measured last; some figures come only every other second. */
const newest = (values: readonly number[]): number => values.findLast((value) => !Number.isNaN(value)) ?? NaN

/** A row of seconds, each in the colour of whose fault it was. */
export function Strip({
  colors,
  label,
}: {
  readonly colors: readonly (string | undefined)[]
  readonly label: string
}): VNode {
  const first = SHOWN_S - colors.length
  return (
    <svg class="strip" viewBox={`0 0 ${SHOWN_S} 10`} preserveAspectRatio="none" role="img" aria-label={label}>
      {colors.map((color, i) =>
        color === undefined ? (
          <rect key={i} x={first + i + 0.1} y={7} width={0.8} height={3} class="strip-good" />
        ) : (
          <rect key={i} x={first + i + 0.05} y={0} width={0.95} height={10} fill={color} />
        ),
      )}
    </svg>
  )
}

const x = (i: number, count: number): number => WIDTH - ((count - 1 - i) * WIDTH) / (SHOWN_S - 1)
const y = (value: number, max: number): string => (HEIGHT - (Math.min(value, max) / max) * (HEIGHT - 2) - 1).toFixed(1)

function lineOf(values: readonly number[], max: number): string {
  let path = ''
  let isDown = false
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) {
      isDown = false
      continue
    }
    path += `${isDown ? 'L' : 'M'}${x(i, values.length).toFixed(1)} ${y(value, max)}`
    isDown = true
  }
  return path
}

function areaOf(values: readonly number[], max: number): string {
  if (values.length < 2) return ''
  const tops = values.map((value, i) => `${x(i, values.length).toFixed(1)} ${y(Number.isNaN(value) ? 0 : value, max)}`)
  return `M${x(0, values.length).toFixed(1)} ${HEIGHT}L${tops.join('L')}L${WIDTH} ${HEIGHT}Z`
}

function barsOf(values: readonly number[], max: number): string {
  const wide = (WIDTH / SHOWN_S) * 0.8
  return values
    .map((value, i) =>
      value > 0
        ? `M${(x(i, values.length) - wide).toFixed(1)} ${HEIGHT}V${y(value, max)}h${wide.toFixed(1)}V${HEIGHT}Z`
        : '',
    )
    .join('')
}

function stack(series: readonly Series[]): readonly Series[] {
  const sums = (series[0]?.values ?? []).map(() => 0)
  return series.map((one) => ({
    ...one,
    values: one.values.map((value, i) => (sums[i] = sums[i]! + (Number.isNaN(value) ? 0 : value))),
  }))
}

/** 1, 2 or 5 and zeros. */
export function niceMax(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const lead = value / power
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power
}

export function shown(value: number, unit: string): string {
  if (Number.isNaN(value)) return '–'
  const text =
    value >= 100 || Number.isInteger(value)
      ? String(Math.round(value))
      : value >= 10
        ? value.toFixed(0)
        : value.toFixed(1)
  return unit === '' ? text : `${text} ${unit}`
}
