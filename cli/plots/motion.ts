import { Books } from '#physics/books'
import { GRAVITY_MPS2 } from '#physics/constants'
import { bendM2ps2, cornersOf } from '#physics/corners'
import { mixedCourse, sketchedCourse } from '#physics/plain-courses'
import { createRiders } from '#physics/riders'
import { createSurroundings, surround } from '#physics/ground'
import { stepRiders } from '#physics/step'
import { CALM, type Weather } from '#physics/weather'
import { figure, report, type Figure } from '../command.ts'
import type { Plot } from './plot.ts'
import { type Attributes, Axes, circle, COLOURS, FAINT, line, page, polyline, rect, text } from './svg.ts'

const course = mixedCourse()
const BREEZE: Weather = { ...CALM, windEastMps: 3, windNorthMps: 2, gustShare: 0.6, seaLevelC: 24 }
const RAIN: Weather = { ...BREEZE, isWet: true }
const POWER_W = 250
const MASS_KG = 84
const SURFACES = [
  { crr: 0.008, name: 'gravel', colour: '#f6e3c2' },
  { crr: 0.012, name: 'cobbles', colour: '#e4dfe9' },
] as const

/** What a lap gave at one metre of road. */
interface Metre {
  readonly speedMps: number
  readonly brakeW: number
  readonly headMps: number
}

interface Lap {
  readonly metres: readonly Metre[]
  readonly seconds: number
  readonly hardestG: number
  /** The highest speed over what the road allows at that very place. */
  readonly overLimit: number
  readonly books: Books
  readonly brakeShare: number
  readonly closurePercent: number
}

/** The second lap of a rider at steady power, so that it begins as it ends. */
function ride(weather: Weather): Lap {
  const riders = createRiders(1)
  riders.count = 1
  riders.id[0] = 1
  riders.massKg[0] = MASS_KG
  riders.cdaM2[0] = 0.32
  riders.powerW[0] = POWER_W
  const books = new Books(1)
  books.open(0, riders, course)
  const metres: Metre[] = []
  const around = createSurroundings()
  const conditions = { weather, tick: 0 }
  const corners = cornersOf(course, weather.isWet)
  let [fromTick, hardestG, overLimit] = [0, 0, 0]
  for (let tick = 0; riders.distanceM[0]! < 2 * course.lengthM; tick++) {
    const [m, v, brakeJ] = [riders.distanceM[0]!, riders.speedMps[0]!, riders.brakeJ[0]!]
    conditions.tick = tick
    if (m < course.lengthM) fromTick = tick
    stepRiders(riders, course, conditions, undefined, books)
    hardestG = Math.max(hardestG, ((v - riders.speedMps[0]!) * 20) / GRAVITY_MPS2)
    overLimit = Math.max(overLimit, riders.speedMps[0]! / corners.limitMps(riders.distanceM[0]!))
    const { headMps } = surround(course, m, conditions, around)
    const metre = { speedMps: v, brakeW: (riders.brakeJ[0]! - brakeJ) * 20, headMps }
    for (let at = Math.floor(m) - course.lengthM; at < riders.distanceM[0]! - course.lengthM; at++)
      if (at >= 0) metres[at] = metre
    if (tick - fromTick > 40_000) break
  }
  const legsJ = books.legsJ[0]!
  return {
    ...{ metres, hardestG, overLimit, books },
    seconds: Math.round(
      metres.length > 0 ? metres.reduce((sum, { speedMps }) => sum + 1 / Math.max(1, speedMps), 0) : 0,
    ),
    brakeShare: books.brakeJ[0]! / legsJ,
    closurePercent: (100 * Math.abs(books.residualJ(0, riders, course))) / legsJ,
  }
}

export const plot: Plot = {
  draw() {
    const dry = ride(BREEZE)
    const wet = ride(RAIN)
    const figures: Record<string, Figure> = {
      lapDryS: figure(dry.seconds, 's'),
      lapWetS: figure(wet.seconds, 's'),
      hardestDryG: figure(Number(dry.hardestG.toFixed(3)), 'g', { atMost: 0.55 }),
      hardestWetG: figure(Number(wet.hardestG.toFixed(3)), 'g', { atMost: 0.37 }),
      brakeShareDry: figure(Number((100 * dry.brakeShare).toFixed(1)), '%'),
      closure: figure(Number(Math.max(dry.closurePercent, wet.closurePercent).toFixed(4)), '%', { atMost: 0.1 }),
      overLimit: figure(Number(Math.max(dry.overLimit, wet.overLimit).toFixed(6)), '', { atMost: 1.001 }),
    }
    const pictures = new Map([
      ['motion-course.svg', courseSvg(dry, wet)],
      ['motion-descent.svg', descentSvg()],
    ])
    return Promise.resolve({ pictures, report: report(figures, []) })
  },
}

/** Every so many metres a point. */
const STEP_M = 5
/** Top of the speed panel. */
const KMH_MOST = 90

/** Top and height of each panel, px. */
const PANELS = [
  [56, 110],
  [222, 260],
  [538, 90],
  [684, 90],
] as const

const WOOD = '#dcebdd'

/** Stretches of one ground, where it is not asphalt in the open. */
function bands(): { fromM: number; toM: number; colour: string }[] {
  const found: { fromM: number; toM: number; colour: string }[] = []
  for (let m = 0; m < course.lengthM; m++) {
    const surface = SURFACES.find((each) => each.crr === course.crrAt(m))
    const colour = surface?.colour ?? (course.windShareAt(m) < 0.5 ? WOOD : undefined)
    const last = found.at(-1)
    if (colour === undefined) continue
    if (last !== undefined && last.toM === m && last.colour === colour) last.toM = m + 1
    else found.push({ fromM: m, toM: m + 1, colour })
  }
  return found
}

function courseSvg(dry: Lap, wet: Lap): string {
  const xTo = course.lengthM
  const xTicks = [0, 1000, 2000, 3000, 4000, 5000, 6000].filter((x) => x <= xTo)
  const km = (m: number) => String(m / 1000)
  const common = { x: 66, width: 860, xFrom: 0, xTo, xTicks, xTickText: km }
  const heights = Array.from({ length: xTo + 1 }, (_, m) => course.heightAt(Math.min(m, xTo - 0.001)))
  const [low, high] = [Math.floor(Math.min(...heights) / 20) * 20, Math.ceil(Math.max(...heights) / 20) * 20]
  const profile = new Axes({
    ...{ ...common, y: 56, height: 110, yFrom: low, yTo: high, yTicks: [800, 840, 880] },
    ...{ yLabel: 'height, m', title: 'A course with everything in it' },
  })
  const speed = new Axes({
    ...{ ...common, y: 222, height: 260, yFrom: 0, yTo: 90, yTicks: [0, 15, 30, 45, 60, 75, 90] },
    ...{ yLabel: 'km/h', title: `What the bends allow, and how ${POWER_W} W ride it` },
  })
  const force = new Axes({
    ...{
      ...common,
      y: 538,
      height: 90,
      yFrom: 0,
      yTo: 4000,
      yTicks: [0, 2000, 4000],
      tickText: (w) => String(w / 1000),
    },
    ...{ yLabel: 'kW', title: 'What the brakes take' },
  })
  const wind = new Axes({
    ...{ ...common, y: 684, height: 90, yFrom: -6, yTo: 6, yTicks: [-6, -3, 0, 3, 6], xLabel: 'km' },
    ...{ yLabel: 'm/s', title: 'Wind in the face, gusts and hedges in it' },
  })
  const ground = bands().flatMap(({ fromM, toM, colour }) =>
    [profile, speed, force, wind].map((axes, i) =>
      rect(axes.px(fromM), PANELS[i]![0], axes.px(toM) - axes.px(fromM), PANELS[i]![1], { fill: colour }),
    ),
  )
  const ridden = (lap: Lap) => along((m) => lap.metres[m]!.speedMps * 3.6)
  const body = [
    ...ground,
    profile.frame(),
    profile.curve(
      along((m) => heights[m]!),
      { stroke: '#444b57', 'stroke-width': 2 },
    ),
    speed.frame(),
    ...limitCurves(speed, (m) => Math.sqrt(bendM2ps2(course, m, false)), {
      stroke: '#c3c9d2',
      'stroke-width': 1.4,
      'stroke-dasharray': '2 3',
    }),
    ...limitCurves(speed, (m) => cornersOf(course, true).limitMps(m), { stroke: COLOURS[5], 'stroke-width': 1.3 }),
    ...limitCurves(speed, (m) => cornersOf(course, false).limitMps(m), { stroke: COLOURS[4], 'stroke-width': 1.6 }),
    speed.curve(ridden(wet), { stroke: COLOURS[0], 'stroke-width': 1.4 }),
    speed.curve(ridden(dry), { stroke: COLOURS[1], 'stroke-width': 1.8 }),
    force.frame(),
    force.curve(
      along((m) => Math.min(4000, dry.metres[m]!.brakeW)),
      { stroke: COLOURS[1], 'stroke-width': 1.4 },
    ),
    wind.frame(),
    line(66, wind.py(0), 926, wind.py(0), { stroke: FAINT }),
    wind.curve(
      along((m) => dry.metres[m]!.headMps),
      { stroke: COLOURS[2], 'stroke-width': 1.2 },
    ),
    ...legend(478, 206, [
      ['bend alone', '#c3c9d2'],
      ['road ahead, dry', COLOURS[4]],
      ['wet', COLOURS[5]],
      ['ridden, dry', COLOURS[1]],
      ['wet', COLOURS[0]],
    ]),
    ...swatches(680, 38, [...SURFACES.map(({ name, colour }) => [name, colour] as const), ['wood', WOOD]]),
  ]
  return page(950, 830, 'Speed along a mixed course, with what the bends allow', body)
}

function along(value: (m: number) => number, stepM = STEP_M): (readonly [number, number])[] {
  return Array.from({ length: Math.floor(course.lengthM / stepM) }, (_, i) => [i * stepM, value(i * stepM)] as const)
}

/** A limit that leaves the frame is not drawn along its edge: pieces, each with the point at which it leaves. */
function limitCurves(axes: Axes, mps: (m: number) => number, attributes: Attributes): string[] {
  const pieces: (readonly [number, number])[][] = []
  let piece: (readonly [number, number])[] = []
  for (const [m, kmh] of along((at) => Math.min(KMH_MOST, mps(at) * 3.6), 2)) {
    if (kmh < KMH_MOST) piece.push([m, kmh])
    else if (piece.length > 0) {
      pieces.push([[piece[0]![0] - 2, KMH_MOST], ...piece, [m, KMH_MOST]])
      piece = []
    }
  }
  return pieces.map((points) => axes.curve(points, attributes))
}

function legend(x: number, y: number, entries: readonly (readonly [string, string])[]): string[] {
  let at = x
  return entries.flatMap(([name, colour]) => {
    const mark = polyline(
      [
        [at, y],
        [at + 18, y],
      ],
      { stroke: colour, 'stroke-width': 2.4 },
    )
    const label = text(at + 23, y + 4, name, { 'font-size': 11 })
    at += 40 + name.length * 5.8
    return [mark, label]
  })
}

function swatches(x: number, y: number, entries: readonly (readonly [string, string])[]): string[] {
  return entries.flatMap(([name, colour], i) => [
    rect(x + i * 95, y - 10, 14, 14, { fill: colour, stroke: '#c3c9d2' }),
    text(x + 20 + i * 95, y + 2, name, { 'font-size': 11 }),
  ])
}

/** Bends of many sizes, down at 6 %. */
const descent = sketchedCourse(
  [
    { lengthM: 260, slope: -0.06 },
    { lengthM: 48, slope: -0.06, curvature: 1 / 45 },
    { lengthM: 170, slope: -0.06 },
    { lengthM: 40, slope: -0.05, curvature: -1 / 18 },
    { lengthM: 210, slope: -0.06 },
    { lengthM: 22, slope: -0.05, curvature: 1 / 9 },
    { lengthM: 190, slope: -0.07 },
    { lengthM: 50, slope: -0.05, curvature: -1 / 28 },
    { lengthM: 130, slope: -0.07 },
    { lengthM: 80, slope: -0.05, curvature: 1 / 80 },
    { lengthM: 160, slope: -0.04 },
  ],
  false,
)

/** Speed and brake at each metre of the descent, from a rolling start, W at the pedals as on the course. */
function rideDown(): Metre[] {
  const riders = createRiders(1)
  riders.count = 1
  riders.id[0] = 1
  riders.massKg[0] = MASS_KG
  riders.cdaM2[0] = 0.32
  riders.powerW[0] = POWER_W
  riders.speedMps[0] = 8
  const metres: Metre[] = []
  for (let tick = 0; riders.distanceM[0]! < descent.lengthM - 1; tick++) {
    const [m, brakeJ] = [riders.distanceM[0]!, riders.brakeJ[0]!]
    stepRiders(riders, descent, { weather: CALM, tick })
    const metre = { speedMps: riders.speedMps[0]!, brakeW: (riders.brakeJ[0]! - brakeJ) * 20, headMps: 0 }
    for (let at = Math.ceil(m); at <= riders.distanceM[0]!; at++) metres[at] = metre
  }
  return metres
}

/** The descent from above: colour is speed, figures are speed and lean at the middle of each bend. */
function descentSvg(): string {
  const metres = rideDown()
  const places = metres.map((_, m) => m)
  const [xs, ys] = [places.map((m) => descent.xAt(m)), places.map((m) => descent.yAt(m))]
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  // Turned by a quarter: the road begins northward, the page is wider than high.
  const scale = Math.min(700 / (north - south), 520 / (east - west))
  const px = (m: number) => 80 + (descent.yAt(m) - south) * scale
  const py = (m: number) => 120 + (descent.xAt(m) - west) * scale
  const height = (east - west) * scale + 270
  const width = (north - south) * scale + 200
  const title = `A descent from above: ${POWER_W} W, dry, 6 % down`
  const body = [text(40, 40, title, { 'font-size': 15, 'font-weight': 600 })]
  const road = { stroke: '#e6e9ee', 'stroke-width': 16, 'stroke-linecap': 'round' }
  body.push(
    polyline(
      places.filter((m) => m % 3 === 0).map((m) => [px(m), py(m)] as const),
      road,
    ),
  )
  for (let m = 0; m + 4 < metres.length; m += 4) {
    const points = [m, m + 2, m + 4].map((at) => [px(at), py(at)] as const)
    body.push(polyline(points, { stroke: hue(metres[m]!.speedMps), 'stroke-width': 7, 'stroke-linecap': 'round' }))
  }
  for (let m = 0; m < metres.length; m += 6)
    if (metres[m]!.brakeW > 50) body.push(circle(px(m), py(m), 1.7, { fill: '#1b2430' }))
  for (const apexM of apexes()) {
    const { speedMps } = metres[apexM]!
    const curvature = descent.curvatureAt(apexM)
    const leanDeg = (Math.atan((speedMps * speedMps * Math.abs(curvature)) / GRAVITY_MPS2) * 180) / Math.PI
    // On the outside of the bend; on this page a bend to the right turns down.
    const side = (curvature > 0 ? -1 : 1) * 48
    const [tx, ty] = [px(apexM) - side * descent.eastAt(apexM), py(apexM) + side * descent.northAt(apexM)]
    const words = [
      `R ${(1 / Math.abs(curvature)).toFixed(0)} m`,
      `${(speedMps * 3.6).toFixed(0)} km/h`,
      `${leanDeg.toFixed(0)}° lean`,
    ]
    words.forEach((word, i) => {
      const weight = i === 0 ? 600 : 400
      body.push(text(tx, ty - 10 + 15 * i, word, { 'text-anchor': 'middle', 'font-weight': weight }))
    })
  }
  body.push(
    circle(px(0), py(0), 5, { fill: '#1b2430' }),
    text(px(0) - 4, py(0) - 14, 'top', { 'text-anchor': 'middle' }),
  )
  const y = height - 46
  for (let i = 0; i <= 60; i++) body.push(rect(60 + i * 4, y, 4.3, 10, { fill: hue(5 + (i / 60) * 18) }))
  body.push(text(60, y + 26, '18 km/h', { 'font-size': 11 }))
  body.push(text(304, y + 26, '83 km/h', { 'font-size': 11, 'text-anchor': 'end' }))
  body.push(circle(350, y + 5, 2, { fill: '#1b2430' }), text(360, y + 9, 'braking', { 'font-size': 11 }))
  return page(Math.round(width), Math.round(height), title, body)
}

/** The middle of each bend of the descent. */
function apexes(): number[] {
  const found: number[] = []
  let from = -1
  for (let m = 0; m <= descent.lengthM; m++) {
    const isBend = Math.abs(descent.curvatureAt(m)) > 0.011
    if (isBend && from < 0) from = m
    if (isBend || from < 0) continue
    found.push(Math.round((from + m) / 2))
    from = -1
  }
  return found
}

/** Slow is blue, fast is red. */
function hue(speedMps: number): string {
  const share = Math.min(1, Math.max(0, (speedMps - 5) / 18))
  return `hsl(${Math.round(225 - 215 * share)} 78% 48%)`
}
