import type { Riders } from '#physics/riders'
import { BICYCLE_LENGTH_M } from '#physics/wake-law'
import { figure, report } from '../command.ts'
import { rideField } from '../pack/field.ts'
import { ECHELON, PACELINE, rideFile } from '../pack/lines.ts'
import { holdWheel, steadyPlace, type Place } from '../pack/pair.ts'
import { HOLD_W } from '../pack/scenes.ts'
import { syntheticWander } from '../pack/traces.ts'
import type { Plot } from './plot.ts'
import { Axes, COLOURS, FAINT, GRID, INK, line, page, rect, text } from './svg.ts'

const MINUTES = 10

export const plot: Plot = {
  draw() {
    const places = range(200, 330, 5).map((powerW) => steadyPlace(powerW))
    const fixed = range(200, 330, 5).map((powerW) => steadyPlace(powerW, { isShelterSteered: false }))
    const wander = syntheticWander(1, 600, 0.15)
    const steered = holdWheel(HOLD_W, wander)
    const unsteered = holdWheel(HOLD_W, wander, { isShelterSteered: false })
    const field = { riders: 100, wattsPerKg: 3, spread: 0, seed: 1 }
    const moments: { readonly minute: number; readonly riders: Dots }[] = []
    const hundred = rideField(field, 1)
    moments.push({ minute: 1, riders: dots(hundred.bunch.riders) })
    for (const minute of [3, 6, MINUTES]) {
      while (hundred.bunch.tick < minute * 1200) hundred.bunch.ride(1, () => hundred.metrics.look())
      moments.push({ minute, riders: dots(hundred.bunch.riders) })
    }
    const pictures = new Map([
      ['pack-place.svg', placePicture(places, fixed)],
      ['pack-hold.svg', holdPicture(steered, unsteered)],
      ['pack-bunch.svg', bunchPicture(moments)],
      ['pack-files.svg', filesPicture()],
      ['pack-surge.svg', surgePicture(hundred.metrics.speedsMps, hundred.metrics.lengthsM)],
    ])
    const figures = hundred.metrics.figures()
    return Promise.resolve({
      pictures,
      report: report({
        held: figure(100 * steered.heldShare, '%', { atLeast: 95 }),
        'held.withoutShelterSteering': figure(100 * unsteered.heldShare, '%'),
        'hundred.churn': figure(figures.churn, 'places/min'),
        'hundred.pull': figure(figures.pullS, 's'),
        'hundred.heldBack': figure(100 * figures.wasteShare, '%'),
      }),
    })
  },
}

/** Gap and distance to the side over watts; the line of a product that sits is flat. */
function placePicture(places: readonly Place[], fixed: readonly Place[]): string {
  const watts = { x: 70, width: 600, xFrom: 200, xTo: 320, xTicks: range(200, 320, 20) }
  const gap = new Axes({
    ...watts,
    y: 56,
    height: 260,
    yFrom: 1,
    yTo: -1,
    yTicks: [1, 0.5, 0, -0.5, -1],
    title: 'Behind a rider of 300 W: watts have one place each',
    yLabel: 'wheel to wheel, m',
  })
  const aside = new Axes({
    ...watts,
    y: 370,
    height: 150,
    yFrom: 0,
    yTo: 0.8,
    yTicks: [0, 0.2, 0.4, 0.6, 0.8],
    xLabel: 'watts of the follower, same body',
    yLabel: 'to the side, m',
  })
  const held = (rows: readonly Place[]) => rows.filter(({ gapM }) => gapM < 1 && gapM > -1)
  const gaps = (rows: readonly Place[]) => held(rows).map(({ powerW, gapM }) => [powerW, gapM] as const)
  const asides = (rows: readonly Place[]) => held(rows).map(({ powerW, asideM }) => [powerW, asideM] as const)
  const band = (axes: Axes, y: number, height: number) =>
    rect(axes.px(230), y, axes.px(295) - axes.px(230), height, { fill: '#f3f5f8' })
  const last = held(places).at(-1)!
  return page(720, 590, 'Watts and places', [
    band(gap, 56, 260),
    band(aside, 370, 150),
    gap.frame(),
    aside.frame(),
    line(gap.px(200), gap.py(0), gap.px(320), gap.py(0), { stroke: FAINT, 'stroke-dasharray': '4 4' }),
    text(gap.px(202), gap.py(0) - 6, 'wheels overlap above this line', { fill: FAINT, 'font-size': 11 }),
    text(gap.px(262.5), 310, 'where today’s products sit in one place', {
      'text-anchor': 'middle',
      fill: FAINT,
      'font-size': 11,
    }),
    gap.curve(gaps(fixed), { stroke: COLOURS[1], 'stroke-dasharray': '6 4' }),
    gap.curve(gaps(places), { stroke: COLOURS[0], 'stroke-width': 2.4 }),
    ...gaps(places).map(([x, y]) => gap.dot(x, y, 3, { fill: COLOURS[0] })),
    text(gap.px(last.powerW) + 10, gap.py(last.gapM) + 4, 'past, with more', { fill: COLOURS[0] }),
    aside.curve(asides(places), { stroke: COLOURS[0], 'stroke-width': 2.4 }),
    ...asides(places).map(([x, y]) => aside.dot(x, y, 3, { fill: COLOURS[0] })),
    text(gap.px(203), gap.py(-0.85), 'steered by shelter', { fill: COLOURS[0] }),
    text(gap.px(203), gap.py(-0.7), 'not steered by shelter: few watts hold at all', { fill: COLOURS[1] }),
  ])
}

/** Ten minutes on a wheel: power above, gap and line below. */
function holdPicture(steered: ReturnType<typeof holdWheel>, unsteered: ReturnType<typeof holdWheel>): string {
  const time = {
    x: 70,
    width: 760,
    xFrom: 0,
    xTo: 600,
    xTicks: range(0, 600, 60),
    xTickText: (s: number) => `${s / 60}`,
  }
  const power = new Axes({
    ...time,
    y: 50,
    height: 130,
    yFrom: 200,
    yTo: 290,
    yTicks: [210, 245, 280],
    title: 'Ten minutes on the wheel of 300 W, power wandering ±15 %',
    yLabel: 'watts',
  })
  const gap = new Axes({
    ...time,
    y: 235,
    height: 170,
    yFrom: 4,
    yTo: -1,
    yTicks: [4, 3, 2, 1, 0, -1],
    yLabel: 'gap, m',
  })
  const aside = new Axes({
    ...time,
    y: 460,
    height: 110,
    yFrom: -1,
    yTo: 1,
    yTicks: [-1, 0, 1],
    yLabel: 'aside, m',
    xLabel: 'minutes',
  })
  const seconds = (values: readonly number[], most = Infinity) =>
    values.map((value, s) => [s, Math.min(most, value)] as const)
  return page(860, 620, 'Holding a wheel', [
    power.frame(),
    power.curve(seconds(steered.powerW), { stroke: INK, 'stroke-width': 1 }),
    gap.frame(),
    line(70, gap.py(3), 830, gap.py(3), { stroke: COLOURS[1], 'stroke-dasharray': '4 4' }),
    text(826, gap.py(3) - 5, 'lost', { 'text-anchor': 'end', fill: COLOURS[1], 'font-size': 11 }),
    gap.curve(seconds(unsteered.gapM, 4), { stroke: COLOURS[7], 'stroke-width': 1, 'stroke-dasharray': '5 4' }),
    gap.curve(seconds(steered.gapM, 4), { stroke: COLOURS[0] }),
    aside.frame(),
    aside.curve(seconds(steered.asideM), { stroke: COLOURS[2] }),
    text(74, gap.py(-1) - 4, 'solid: steered by shelter; dashed: without', { fill: FAINT, 'font-size': 11 }),
  ])
}

type Dots = readonly {
  readonly behindM: number
  readonly lateralM: number
  readonly draft: number
  readonly isHeld: boolean
}[]

/** Places behind the middle of the bunch, as they are now. */
function dots(riders: Riders): Dots {
  const rows = Array.from({ length: riders.count }, (_, row) => row)
  const sorted = rows.map((row) => riders.distanceM[row]!).sort((a, b) => b - a)
  const frontM = sorted[Math.floor(sorted.length / 20)]!
  return rows.map((row) => ({
    behindM: frontM - riders.distanceM[row]!,
    lateralM: riders.lateralM[row]!,
    draft: riders.draftFactor[row]!,
    isHeld: riders.spareMps2[row]! > 0.05,
  }))
}

const ROAD_M = 110
const PX_PER_M = 8

/** Riders from above, to scale, on a strip of road; the wind shows in their colour. */
function strip(y: number, label: string, riders: Dots, fromM: number, toM: number): string[] {
  const x = (behindM: number) => 60 + (toM - behindM) * PX_PER_M
  const width = (toM - fromM) * PX_PER_M
  const across = (lateralM: number) => y + 28 + lateralM * PX_PER_M
  return [
    text(60, y - 8, label, { 'font-weight': 600 }),
    rect(60, y, width, 56, { fill: '#f6f7f9', stroke: GRID }),
    ...riders
      .filter(({ behindM }) => behindM >= fromM && behindM <= toM - 2)
      .map(({ behindM, lateralM, draft }) =>
        rect(x(behindM) - BICYCLE_LENGTH_M * PX_PER_M, across(lateralM) - 2, BICYCLE_LENGTH_M * PX_PER_M, 4, {
          rx: 2,
          fill: shade(draft),
        }),
      ),
  ]
}

/** Full wind red, deep shelter blue. */
function shade(draft: number): string {
  const t = Math.min(1, Math.max(0, (draft - 0.35) / 0.6))
  const mix = (from: number, to: number) => Math.round(from + (to - from) * t)
  return `rgb(${mix(0, 213)},${mix(114, 94)},${mix(178, 0)})`
}

function bunchPicture(moments: readonly { readonly minute: number; readonly riders: Dots }[]): string {
  const body = moments.flatMap(({ minute, riders }, i) =>
    strip(70 + i * 100, `after ${minute} min`, riders, -15, ROAD_M - 15),
  )
  return page(60 + ROAD_M * PX_PER_M + 30, 70 + moments.length * 100 + 20, 'A hundred riders from above', [
    text(
      60,
      30,
      'A hundred riders of 3 W/kg from above, riding to the right; red rides in the wind, blue is sheltered',
      { 'font-size': 13, 'font-weight': 600 },
    ),
    ...body,
  ])
}

function filesPicture(): string {
  const paceline = dots(rideFile(PACELINE).riders)
  const echelon = dots(rideFile(ECHELON).riders)
  return page(60 + 40 * PX_PER_M + 30, 270, 'Files', [
    text(60, 30, 'Found by the riders themselves', { 'font-size': 13, 'font-weight': 600 }),
    ...strip(70, 'a paceline: 8 riders, 430 W and 72 % of it', paceline, -10, 30),
    ...strip(170, 'wind from the left (above), 4 m/s: an echelon', echelon, -10, 30),
  ])
}

function surgePicture(speedsMps: readonly number[], lengthsM: readonly number[]): string {
  const time = {
    x: 70,
    width: 700,
    xFrom: 0,
    xTo: 60 * MINUTES,
    xTicks: range(0, 60 * MINUTES, 60),
    xTickText: (s: number) => `${s / 60}`,
  }
  const speed = new Axes({
    ...time,
    y: 50,
    height: 150,
    yFrom: 30,
    yTo: 40,
    yTicks: [30, 32, 34, 36, 38, 40],
    title: 'The hundred: speed of their middle half, and how long the first four fifths are',
    yLabel: 'km/h',
  })
  const length = new Axes({
    ...time,
    y: 260,
    height: 150,
    yFrom: 0,
    yTo: 200,
    yTicks: [0, 50, 100, 150, 200],
    yLabel: 'm',
    xLabel: 'minutes',
  })
  return page(800, 480, 'Surging', [
    speed.frame(),
    speed.curve(
      speedsMps.map((mps, s) => [s, Math.min(40, Math.max(30, 3.6 * mps))] as const),
      { stroke: COLOURS[0], 'stroke-width': 1.2 },
    ),
    length.frame(),
    length.curve(
      lengthsM.map((m, s) => [s, Math.min(200, m)] as const),
      { stroke: COLOURS[2] },
    ),
  ])
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)
}
