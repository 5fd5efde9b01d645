import type { VNode } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import { rides as words } from '../../words/rides.ts'
import { clockText } from '../format.ts'
import type { RideRows } from './mine-api.ts'
import { heightTold, numberText, roadTold, speedTold, type Told } from './ride-text.ts'

/** A ride second by second: one strip for each quantity over one axis, the hill behind all of them. SVG, no package. */

const WIDTH = 960
const STRIP = 92
const HILL = 120
const TOP = 10

type Axis = 'distance' | 'time'

interface Strip {
  readonly key: string
  readonly name: string
  readonly values: readonly number[]
  readonly told: (value: number) => Told
  /** The axis begins here, where it makes sense. */
  readonly floor: number | undefined
}

export interface ChartsProps {
  readonly rows: RideRows
  /** Row under the pointer, shared with the map. */
  readonly at: number | undefined
  readonly onAt: (row: number | undefined) => void
}

export function Charts({ rows, at, onAt }: ChartsProps): VNode {
  const [axis, setAxis] = useState<Axis>('distance')
  const strips = useMemo(() => stripsOf(rows), [rows])
  const xs = useMemo(() => scaled(axis === 'distance' ? rows.distanceM : rows.atS), [rows, axis])
  const box = useRef<HTMLDivElement>(null)
  const point = (event: PointerEvent): void => {
    const { left, width } = box.current!.getBoundingClientRect()
    onAt(nearest(xs, ((event.clientX - left) / width) * WIDTH))
  }
  const keyed = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    onAt(Math.min(xs.length - 1, Math.max(0, (at ?? 0) + step)))
  }
  return (
    <section class="card ride-charts" aria-label={words.charts}>
      <div class="row">
        <h2>{words.charts}</h2>
        <div class="either push" role="group" aria-label={words.charts}>
          {(['distance', 'time'] as const).map((one) => (
            <button
              key={one}
              type="button"
              class="chip-button"
              aria-pressed={axis === one}
              onClick={() => setAxis(one)}
            >
              {one === 'distance' ? words.overDistance : words.overTime}
            </button>
          ))}
        </div>
      </div>
      <div
        class="chart-box"
        ref={box}
        tabIndex={0}
        role="group"
        aria-label={words.charts}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => onAt(undefined)}
        onKeyDown={keyed}
      >
        {strips.map((strip) => (
          <ChartStrip key={strip.key} strip={strip} xs={xs} hill={rows.heightM} at={at} />
        ))}
      </div>
      <p class="chart-foot number small muted" aria-live="off">
        {at === undefined ? <Ends rows={rows} axis={axis} /> : <Here rows={rows} at={at} />}
      </p>
    </section>
  )
}

function Here({ rows, at }: { rows: RideRows; at: number }): VNode {
  const road = roadTold(rows.distanceM[at]!, 2)
  return (
    <span>
      {clockText(rows.atS[at]! * 1000)} · {road.value} {road.unit}
    </span>
  )
}

function Ends({ rows, axis }: { rows: RideRows; axis: Axis }): VNode {
  const road = roadTold(rows.distanceM.at(-1) ?? 0)
  const end = axis === 'distance' ? `${road.value} ${road.unit}` : clockText((rows.atS.at(-1) ?? 0) * 1000)
  return (
    <span class="chart-ends">
      <span>{axis === 'distance' ? '0' : '0:00'}</span>
      <span>{end}</span>
    </span>
  )
}

interface ChartStripProps {
  readonly strip: Strip
  readonly xs: readonly number[]
  readonly hill: readonly number[]
  readonly at: number | undefined
}

function ChartStrip({ strip, xs, hill, at }: ChartStripProps): VNode {
  const isHill = strip.key === 'height'
  const height = isHill ? HILL : STRIP
  const { low, mean, high } = useMemo(() => extentOf(strip.values), [strip.values])
  const from = strip.floor ?? low
  const span = Math.max(high - from, 1e-6)
  const yOf = (value: number): number => TOP + (height - TOP - 4) * (1 - (value - from) / span)
  const line = useMemo(() => pathOf(xs, strip.values, yOf), [xs, strip.values])
  const behind = useMemo(() => {
    const hills = extentOf(hill)
    const rise = Math.max(hills.high - hills.low, 20)
    return areaOf(xs, hill, (m) => height - (height * 0.55 * (m - hills.low)) / rise, height)
  }, [xs, hill])
  const told = strip.told(at === undefined ? mean : strip.values[at]!)
  const words3 = [low, mean, high].map((value) => `${strip.told(value).value} ${strip.told(value).unit}`)
  return (
    <figure class={`strip strip-${strip.key}`}>
      <figcaption>
        <span>{strip.name}</span>
        <span class="number">
          {at === undefined && !isHill && <span class="muted">⌀ </span>}
          {told.value} <span class="muted">{told.unit}</span>
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.chartOf(strip.name, words3[0]!, words3[1]!, words3[2]!)}
      >
        {!isHill && <path class="hill" d={behind} />}
        {isHill ? <path class="area" d={areaOf(xs, strip.values, yOf, height)} /> : null}
        {!isHill && <line class="mean" x1={0} x2={WIDTH} y1={yOf(mean)} y2={yOf(mean)} />}
        <path class="line" d={line} vector-effect="non-scaling-stroke" />
        {at !== undefined && <line class="cursor" x1={xs[at]} x2={xs[at]} y1={0} y2={height} />}
      </svg>
    </figure>
  )
}

function stripsOf(rows: RideRows): Strip[] {
  const plain = (unit: string) => (value: number) => ({ value: numberText(value, 0), unit })
  return [
    { key: 'height', name: words.height, values: rows.heightM, told: heightTold, floor: undefined },
    { key: 'power', name: words.power, values: smoothed(rows.powerW), told: plain('W'), floor: 0 },
    ...(rows.heartRateBpm === null
      ? []
      : [{ key: 'heart', name: words.heartRate, values: rows.heartRateBpm, told: plain('bpm'), floor: undefined }]),
    { key: 'cadence', name: words.cadence, values: rows.cadenceRpm, told: plain(words.rpmUnit), floor: 0 },
    { key: 'speed', name: words.speed, values: rows.speedMps, told: (mps) => speedTold(mps), floor: 0 },
  ]
}

/** Watts as they are read: a mean of five rows, for single seconds are a forest. */
function smoothed(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const part = values.slice(Math.max(0, i - 2), i + 3)
    return part.reduce((sum, value) => sum + value, 0) / part.length
  })
}

function extentOf(values: readonly number[]): { low: number; mean: number; high: number } {
  let low = Infinity
  let high = -Infinity
  let sum = 0
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
    sum += value
  }
  return values.length === 0 ? { low: 0, mean: 0, high: 0 } : { low, mean: sum / values.length, high }
}

function scaled(values: readonly number[]): number[] {
  const last = Math.max(values.at(-1) ?? 0, 1e-6)
  return values.map((value) => (value / last) * WIDTH)
}

function nearest(xs: readonly number[], x: number): number {
  let low = 0
  let high = xs.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (xs[middle]! < x) low = middle + 1
    else high = middle
  }
  return Math.max(0, low)
}

const short = (value: number): string => value.toFixed(1)

function pathOf(xs: readonly number[], values: readonly number[], yOf: (value: number) => number): string {
  return values.map((value, i) => `${i === 0 ? 'M' : 'L'}${short(xs[i]!)} ${short(yOf(value))}`).join('')
}

function areaOf(
  xs: readonly number[],
  values: readonly number[],
  yOf: (value: number) => number,
  height: number,
): string {
  return `${pathOf(xs, values, yOf)}L${WIDTH} ${height}L0 ${height}Z`
}
