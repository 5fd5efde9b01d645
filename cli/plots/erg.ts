import { FadingRider, type LegsModel, SteadyRider } from '#bridges/trainer-sim/legs-models'
import { legsBench } from '../sim/legs-bench.ts'
import { loopTimes } from '../sim/loop-times.ts'
import { figure, report } from '../command.ts'
import type { Plot } from './plot.ts'
import { Axes, COLOURS, FAINT, line, page, text } from './svg.ts'

/** The loop to the legs against the simulated trainer: legs that fade with the guard and without, and watts held by a meter. */
const LOOK_MS = 250
const [LEGS, ASKED, GUARDED, BARE] = [COLOURS[0], COLOURS[1], COLOURS[2], '#b9c0ca']
const FADE_S = 180
const TARGET_W = 280

interface Row {
  readonly t: number
  readonly legsW: number
  readonly askedW: number | undefined
  readonly cadenceRpm: number
}

const fading = (): LegsModel => new FadingRider({ powerW: 200, criticalPowerW: 180, reserveJ: 4000 })

/** Twenty seconds of road, then watts. */
function ridden(
  legs: LegsModel,
  options: { seconds: number; targets: Readonly<Record<number, number>>; isBiased?: boolean },
) {
  const { isBiased = false, seconds, targets } = options
  const bench = legsBench({ legs, ...(isBiased ? { spec: { biasPercent: 7.5 }, hasMeter: true } : {}) })
  bench.legs.road({ gradeFraction: 0 }, 0)
  bench.run(20)
  const rows: Row[] = []
  const fromMs = bench.nowMs
  bench.legs.ask({ ask: 'target', targetW: targets[0]! }, fromMs)
  bench.legs.ask({ ask: 'mode', mode: 'erg' }, fromMs)
  bench.run(seconds, ({ legsW, cadenceRpm }, atMs) => {
    const sinceMs = atMs - fromMs
    const next = sinceMs % 1000 === 0 ? targets[sinceMs / 1000] : undefined
    if (next !== undefined) bench.legs.ask({ ask: 'target', targetW: next }, atMs)
    if (sinceMs % LOOK_MS !== 0) return
    const { taken } = bench.legs.loop
    const askedW = taken !== undefined && 'targetW' in taken ? taken.targetW : undefined
    rows.push({ t: sinceMs / 1000, legsW, askedW, cadenceRpm })
  })
  return rows
}

/** The same legs and watts with nobody to let go. */
function bare(): readonly Row[] {
  const bench = legsBench({ legs: fading() })
  const { model } = bench
  const rows: Row[] = []
  for (let i = 0; i < 2000; i++) model.step(0.01)
  model.model.target = { mode: 'power', powerW: TARGET_W }
  for (let i = 0; i < FADE_S * 100; i++) {
    const { legsW, cadenceRpm } = model.step(0.01)
    if ((i * 10) % LOOK_MS === 0) rows.push({ t: i / 100, legsW, askedW: TARGET_W, cadenceRpm })
  }
  return rows
}

const STEPS: Readonly<Record<number, number>> = { 0: 200, 25: 240, 50: 200, 75: 160 }

export const plot: Plot = {
  draw() {
    const guarded = ridden(fading(), { seconds: FADE_S, targets: { 0: TARGET_W } })
    const alone = bare()
    const matched = ridden(new SteadyRider({ powerW: 180 }), { seconds: 100, targets: STEPS, isBiased: true })
    const slowest = (rows: readonly Row[]): number => Math.round(Math.min(...rows.map(({ cadenceRpm }) => cadenceRpm)))
    const errors = Object.entries(STEPS).map(([fromS, targetW]) => {
      const settled = matched.filter(({ t }) => t >= Number(fromS) + 10 && t < Number(fromS) + 25)
      return Math.max(...settled.map(({ legsW }) => Math.abs(legsW / targetW - 1))) * 100
    })
    const times = loopTimes()
    const figures = {
      gradeStepToWriteMs: figure(times.gradeStepToWriteMs, 'ms', { atMost: 50 }),
      shiftToWriteMs: figure(times.shiftToWriteMs, 'ms', { atMost: 100 }),
      writesInAnySecond: figure(times.writesInASecond, '', { atMost: 4 }),
      writesPerSecondMean: figure(Math.round(times.writesPerSecondMean * 100) / 100, '/s', { atMost: 4 }),
      silenceSaidAfterMs: figure(times.silenceSaidAfterMs, 'ms', { atMost: 2000 }),
      controlBackMs: figure(times.controlBackMs, 'ms', { atMost: 1000 }),
      guardReleaseMs: figure(times.guardReleaseMs, 'ms', { atMost: 3000 }),
      slowestWithGuardRpm: figure(slowest(guarded), 'rpm', { atLeast: 30 }),
      slowestWithoutRpm: figure(slowest(alone), 'rpm'),
      meterOffAfter10sPercent: figure(Math.round(Math.max(...errors) * 100) / 100, '%', { atMost: 2 }),
    }
    const svg = drawn(guarded, alone, matched)
    return Promise.resolve({ pictures: new Map([['erg-guard.svg', svg]]), report: report(figures, []) })
  },
}

const FRAME = { x: 66, width: 800 } as const
const ticks = (to: number, by: number): number[] => Array.from({ length: to / by + 1 }, (_, i) => i * by)

function drawn(guarded: readonly Row[], alone: readonly Row[], matched: readonly Row[]): string {
  const fade = { ...FRAME, xFrom: 0, xTo: FADE_S, xTicks: ticks(FADE_S, 20) }
  const power = new Axes({
    ...{ ...fade, y: 60, height: 170, yFrom: 0, yTo: 350, yTicks: ticks(350, 50), yLabel: 'W' },
    title: `Legs that fade, asked for ${TARGET_W} W`,
  })
  const cadence = new Axes({
    ...{ ...fade, y: 262, height: 110, yFrom: 0, yTo: 120, yTicks: [0, 50, 90, 120], yLabel: 'rpm' },
  })
  const meter = new Axes({
    ...{ ...FRAME, xFrom: 0, xTo: 100, xTicks: ticks(100, 10), y: 452, height: 170 },
    ...{ yFrom: 140, yTo: 280, yTicks: ticks(280, 20).filter((w) => w >= 140), yLabel: 'W', xLabel: 's' },
    title: 'By a power meter: the trainer reads 7.5 % too much',
  })
  const curve = (axes: Axes, rows: readonly Row[], of: (row: Row) => number | undefined, stroke: string, width = 1.8) =>
    pieces(rows, of).map((points) => axes.curve(points, { stroke, 'stroke-width': width }))
  const wished = Object.entries(STEPS).flatMap(([fromS, w], i, all) => [
    [Number(fromS), w] as const,
    [Number(all[i + 1]?.[0] ?? 100), w] as const,
  ])
  const collapse = cadence.py(50)
  const body = [
    ...[power, cadence, meter].map((axes) => axes.frame()),
    ...curve(power, alone, ({ legsW }) => legsW, BARE),
    ...curve(power, guarded, ({ askedW }) => askedW, ASKED, 2.2),
    ...curve(power, guarded, ({ legsW }) => legsW, LEGS),
    line(FRAME.x, collapse, FRAME.x + FRAME.width, collapse, { stroke: FAINT, 'stroke-dasharray': '3 4' }),
    ...curve(cadence, alone, ({ cadenceRpm }) => cadenceRpm, BARE),
    ...curve(cadence, guarded, ({ cadenceRpm }) => cadenceRpm, GUARDED),
    meter.curve(wished, { stroke: FAINT, 'stroke-width': 1.2, 'stroke-dasharray': '5 4' }),
    ...curve(meter, matched, ({ askedW }) => askedW, ASKED, 2.2),
    ...curve(meter, matched, ({ legsW }) => legsW, LEGS),
    ...key(480, 42, [
      ['asked of the trainer', ASKED],
      ['legs', LEGS],
      ['legs without the guard', BARE],
    ]),
    ...key(FRAME.x, 406, [
      ['cadence', GUARDED],
      ['without the guard', BARE],
      ['50 rpm: let go', FAINT],
    ]),
    ...key(530, 434, [
      ['wished', FAINT],
      ['asked of the trainer', ASKED],
      ['at the cranks', LEGS],
    ]),
  ]
  return page(900, 670, 'The loop to the legs: ERG guard and power match', body)
}

/** A curve with holes where there is nothing. */
function pieces(rows: readonly Row[], of: (row: Row) => number | undefined): (readonly [number, number])[][] {
  const found: (readonly [number, number])[][] = [[]]
  for (const row of rows) {
    const value = of(row)
    if (value !== undefined) found.at(-1)!.push([row.t, value])
    else if (found.at(-1)!.length > 0) found.push([])
  }
  return found.filter((points) => points.length > 1)
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
