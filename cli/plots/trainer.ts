import { CalibratingRider, FadingRider, type LegsModel, SteadyRider } from '#bridges/trainer-sim/legs-models'
import { TrainerModel, type TrainerState } from '#bridges/trainer-sim/trainer-model'
import { figure, report } from '../command.ts'
import type { Plot } from './plot.ts'
import { Axes, COLOURS, FAINT, line, page, text } from './svg.ts'

/** What the simulated trainer does to legs: watts held, watts that cannot be held, and what a spin-down takes away. */
const LOOK_S = 0.25
const [REPORTED, LEGS, BRAKE, CADENCE] = [COLOURS[1], COLOURS[0], '#b9c0ca', COLOURS[2]]
const WARM_W = 20

interface Row extends TrainerState {
  readonly t: number
  readonly brakeW: number
  readonly reserveJ: number
}

/** Looks at a ride four times a second, and does something at moments. */
function watched(
  model: TrainerModel,
  legs: LegsModel,
  seconds: number,
  moments: Readonly<Record<number, () => void>> = {},
): readonly Row[] {
  const rows: Row[] = []
  const fromS = model.atS
  for (let i = 0; i < seconds / LOOK_S; i++) {
    moments[i * LOOK_S]?.()
    model.step(legs, LOOK_S)
    const state = model.report()
    const reserveJ = legs instanceof FadingRider ? legs.reserveJ : 0
    rows.push({ ...state, t: state.atS - fromS, brakeW: state.brakeN * state.speedMps, reserveJ })
  }
  return rows
}

const holding = (model: TrainerModel, powerW: number) => () => {
  model.target = { mode: 'power', powerW }
}

/** When a quantity comes within reach of its goal and does not leave again, s after `fromS`. */
function settledS(rows: readonly Row[], fromS: number, isThere: (row: Row) => boolean): number {
  const away = rows.findLast((row) => !isThere(row))
  return away === undefined ? 0 : away.t + LOOK_S - fromS
}

function heldRide() {
  const model = new TrainerModel()
  const legs = new SteadyRider({ powerW: 150 })
  watched(model, legs, 40)
  const rows = watched(model, legs, 60, { 5: holding(model, 150), 15: holding(model, 250), 40: holding(model, 150) })
  const upS = settledS(
    rows.filter(({ t }) => t > 15 && t < 40),
    15,
    ({ reportedW }) => Math.abs(reportedW - 250) < 5,
  )
  return { rows, upS }
}

function spiral() {
  const model = new TrainerModel()
  const legs = new FadingRider({ powerW: 200, criticalPowerW: 220, reserveJ: 4000 })
  watched(model, legs, 30)
  const rows = watched(model, legs, 90, { 5: holding(model, 310) })
  const below = (rpm: number): number => rows.find(({ t, cadenceRpm }) => t > 15 && cadenceRpm < rpm)?.t ?? Infinity
  return { rows, from80S: below(80), collapseS: below(20) - below(80) }
}

function spunDown() {
  const model = new TrainerModel({ driftW: WARM_W })
  const legs = new CalibratingRider({ powerW: 250 })
  watched(model, legs, 1200)
  const rows = watched(model, legs, 100, { 10: () => model.startSpinDown() })
  const { state } = model.spinDown
  const off = ({ reportedW, legsW }: Row): number => reportedW - legsW
  const durationS = model.spinDown.state === 'passed' ? model.spinDown.durationS : 0
  return { rows, state, durationS, beforeW: off(rows[20]!), afterW: off(rows.at(-1)!) }
}

export const plot: Plot = {
  draw() {
    const held = heldRide()
    const fall = spiral()
    const spun = spunDown()
    const rounded = (value: number): number => Math.round(value * 100) / 100
    const figures = {
      ergSettlesS: figure(rounded(held.upS), 's'),
      spiralFrom80To20RpmS: figure(rounded(fall.collapseS), 's'),
      spinDownS: figure(rounded(spun.durationS), 's'),
      driftBeforeSpinDownW: figure(rounded(spun.beforeW), 'W'),
      driftAfterSpinDownW: figure(rounded(spun.afterW), 'W', { atMost: 1 }),
    }
    const failures = spun.state === 'passed' ? [] : [`the spin-down ended as ${spun.state}`]
    const svg = drawn(held.rows, fall.rows, spun.rows)
    return Promise.resolve({ pictures: new Map([['trainer-sim.svg', svg]]), report: report(figures, failures) })
  },
}

const FRAME = { x: 66, width: 800 } as const

function drawn(held: readonly Row[], fall: readonly Row[], spun: readonly Row[]): string {
  const seconds = (to: number) => ({
    ...{ xFrom: 0, xTo: to },
    xTicks: Array.from({ length: Math.floor(to / 10) + 1 }, (_, i) => i * 10),
  })
  const erg = new Axes({
    ...{ ...FRAME, ...seconds(60), y: 56, height: 170, yFrom: 100, yTo: 300, yTicks: [100, 150, 200, 250, 300] },
    ...{ yLabel: 'W', title: 'Watts held: 150, then 250, then 150' },
  })
  const power = new Axes({
    ...{ ...FRAME, ...seconds(90), y: 300, height: 150, yFrom: 0, yTo: 400, yTicks: [0, 100, 200, 300, 400] },
    ...{ yLabel: 'W', title: 'The spiral of death: 310 W held, legs with 220 W and 4 kJ' },
  })
  const cadence = new Axes({
    ...{ ...FRAME, ...seconds(90), y: 474, height: 90, yFrom: 0, yTo: 100, yTicks: [0, 50, 100] },
    ...{ yLabel: 'rpm' },
  })
  const drift = new Axes({
    ...{ ...FRAME, ...seconds(100), y: 640, height: 150, yFrom: 0, yTo: 400, yTicks: [0, 100, 200, 300, 400] },
    ...{ yLabel: 'W', title: `A spin-down takes the drift of a warm trainer away (${WARM_W} W at 30 km/h)` },
  })
  const speed = new Axes({
    ...{ ...FRAME, ...seconds(100), y: 814, height: 90, yFrom: 0, yTo: 50, yTicks: [0, 10, 30, 50] },
    ...{ yLabel: 'km/h', xLabel: 's' },
  })
  const curve = (axes: Axes, rows: readonly Row[], of: (row: Row) => number, stroke: string, width = 1.8) =>
    axes.curve(
      rows.map((row) => [row.t, of(row)] as const),
      { stroke, 'stroke-width': width },
    )
  const target = (axes: Axes, points: readonly (readonly [number, number])[]) =>
    axes.curve(points, { stroke: FAINT, 'stroke-width': 1.2, 'stroke-dasharray': '5 4' })
  const level = (axes: Axes, value: number) =>
    line(FRAME.x, axes.py(value), FRAME.x + FRAME.width, axes.py(value), { stroke: FAINT, 'stroke-dasharray': '3 4' })
  const body = [
    ...[erg, power, cadence, drift, speed].map((axes) => axes.frame()),
    target(erg, [
      [5, 150],
      [15, 150],
      [15, 250],
      [40, 250],
      [40, 150],
      [60, 150],
    ]),
    curve(erg, held, (r) => r.brakeW, BRAKE),
    curve(erg, held, (r) => r.legsW, LEGS),
    curve(erg, held, (r) => r.reportedW, REPORTED),
    target(power, [
      [5, 310],
      [90, 310],
    ]),
    curve(power, fall, (r) => r.brakeW, BRAKE),
    curve(power, fall, (r) => r.legsW, LEGS),
    curve(power, fall, (r) => r.reserveJ / 10, COLOURS[3], 1.4),
    curve(cadence, fall, (r) => r.cadenceRpm, CADENCE),
    curve(drift, spun, (r) => r.reportedW, REPORTED),
    curve(drift, spun, (r) => r.legsW, LEGS),
    level(speed, 10),
    level(speed, 30),
    curve(speed, spun, (r) => r.speedMps * 3.6, COLOURS[6]),
    ...key(500, 42, [
      ['target', FAINT],
      ['brake', BRAKE],
      ['legs', LEGS],
      ['reported', REPORTED],
    ]),
    ...key(540, 286, [
      ['brake', BRAKE],
      ['legs', LEGS],
      ['W′ left, ÷ 10 J', COLOURS[3]],
    ]),
    ...key(620, 626, [
      ['legs', LEGS],
      ['reported', REPORTED],
    ]),
  ]
  return page(900, 960, 'What the simulated trainer does', body)
}

/** Names with a dash of their colour, side by side. */
function key(x: number, y: number, rows: readonly (readonly [string, string])[]): string[] {
  const parts: string[] = []
  let at = x
  for (const [name, stroke] of rows) {
    parts.push(line(at, y - 4, at + 18, y - 4, { stroke, 'stroke-width': 2.4 }), text(at + 24, y, name))
    at += 44 + name.length * 6.6
  }
  return parts
}
