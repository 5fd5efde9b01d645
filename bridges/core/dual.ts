import type { Reading } from './sample.ts'

/**
 * A trainer and a power meter at once: every reading of both is kept, and from them comes how much one shows more than the
 * other and how much later it says so. The lag is where the two courses of watts agree best; the bias is the ratio of their
 * work in short windows after that shift, without the windows that are far off (a spike, a value that hung).
 */
export type DualSide = 'trainer' | 'meter'

export interface DualEstimate {
  /** What the trainer shows more than the meter, per cent of the meter's; and how far off that may be (two standard errors). */
  readonly biasPct: number
  readonly biasUncertaintyPct: number
  /** How much later the trainer says it, s; undefined: the watts moved too little to tell. */
  readonly lagS: number | undefined
  /** The same bias among the easier and the harder half of the time, and their mean watts by the meter. */
  readonly easy: { readonly meterW: number; readonly biasPct: number }
  readonly hard: { readonly meterW: number; readonly biasPct: number }
  /** Time that both gave and that counts, s. */
  readonly usedS: number
}

interface Row {
  readonly atMs: number
  readonly powerW: number
  readonly cadenceRpm: number | undefined
}

/** Seven hours of four readings a second; what comes later is not kept. */
const ROWS_MAX = 100_000
const STEP_MS = 250
const GAP_MS = 3000
const LAG_MAX_STEPS = 40
/** The top of the agreement is taken from the lags so far to both sides of it, and looked for again from there. */
const TOP_STEPS = 8
const TOP_ROUNDS = 4
/** Less agreement than this is no lag but chance. */
const AGREEMENT_MIN = 0.5
/** Watts that move less than this, one standard deviation, tell no lag. */
const MOVES_MIN_W = 8
const WINDOW_STEPS = 20
/** Below this a ratio says more about offsets and freewheels than about legs. */
const WINDOW_MIN_W = 50
const WINDOWS_MIN = 12
/** A window whose ratio is off by more than this share is no lag of seconds but a device that hung or jumped. */
const WRECK = 0.4
const WRECK_ROUNDS = 2
/** Its edge may lie two seconds into the next window, and is to stay outside when the courses are shifted by two more. */
const WRECK_MARGIN_STEPS = 20
/** Farther from the median than this many times the median distance is not of this ride. */
const OUTLIER = 4

export class DualRecording {
  readonly #ids = new Map<DualSide, string | undefined>()
  readonly #rows: Record<DualSide, Row[]> = { trainer: [], meter: [] }

  /** Readings of both, and of anything else, in the order they came. Of two trainers or meters the first is taken. */
  offer({ source, deviceId, powerW, cadenceRpm }: Reading, atMs: number): void {
    const side = source === 'trainer' ? 'trainer' : source === 'power-meter' ? 'meter' : undefined
    if (side === undefined || powerW === undefined || !Number.isFinite(powerW)) return
    if (!this.#ids.has(side)) this.#ids.set(side, deviceId)
    if (this.#ids.get(side) !== deviceId) return
    if (this.#rows[side].length < ROWS_MAX) this.#rows[side].push({ atMs, powerW, cadenceRpm })
  }

  get isDual(): boolean {
    return this.#rows.trainer.length > 0 && this.#rows.meter.length > 0
  }

  /** Each reading a line, in order of time; a device that was silent has no lines, so gaps stay gaps. */
  csv(): string {
    const all = (['trainer', 'meter'] as const).flatMap((side) => this.#rows[side].map((row) => ({ ...row, side })))
    all.sort((a, b) => a.atMs - b.atMs)
    const firstMs = all[0]?.atMs ?? 0
    const lines = all.map(({ side, atMs, powerW, cadenceRpm }) => {
      const own = `${powerW},${cadenceRpm ?? ''}`
      return `${((atMs - firstMs) / 1000).toFixed(3)},${side === 'trainer' ? `${own},,` : `,,${own}`}`
    })
    return `${['time_s,trainer_power_w,trainer_cadence_rpm,meter_power_w,meter_cadence_rpm', ...lines].join('\n')}\n`
  }

  /** undefined: too little of both at once. */
  estimate(): DualEstimate | undefined {
    const { trainer, meter } = this.#rows
    if (!this.isDual) return undefined
    const fromMs = Math.max(trainer[0]!.atMs, meter[0]!.atMs)
    const count = Math.floor((Math.min(trainer.at(-1)!.atMs, meter.at(-1)!.atMs) - fromMs) / STEP_MS) + 1
    if (count < WINDOWS_MIN * WINDOW_STEPS) return undefined
    const lagS = lagBetween(withoutSpikes(meter), withoutSpikes(trainer), { fromMs, count })
    // The trainer said at t + lag what the meter said at t.
    const shifted = gridOf(trainer, fromMs + 1000 * (lagS ?? 0), count)
    return biasOf(gridOf(meter, fromMs, count), shifted, lagS)
  }
}

/** Watts at every step, in a straight line between readings; not a number inside a gap. */
function gridOf(rows: readonly Row[], fromMs: number, count: number): Float64Array {
  const grid = new Float64Array(count).fill(Number.NaN)
  let at = 0
  for (let i = 0; i < count; i++) {
    const ms = fromMs + i * STEP_MS
    while (at + 1 < rows.length && rows[at + 1]!.atMs <= ms) at++
    const before = rows[at]!
    const after = rows[at + 1]
    if (before.atMs > ms || after === undefined || after.atMs - before.atMs > GAP_MS) continue
    const share = (ms - before.atMs) / (after.atMs - before.atMs)
    grid[i] = before.powerW + share * (after.powerW - before.powerW)
  }
  return grid
}

/** The middle of each three: a spike of one reading is gone, a step stays where it was. */
function withoutSpikes(rows: readonly Row[]): readonly Row[] {
  return rows.map((row, i) => {
    const powerW = median([rows[i - 1] ?? row, row, rows[i + 1] ?? row].map((each) => each.powerW))
    return { ...row, powerW }
  })
}

/**
 * How much later the trainer goes the way of the meter, s. The agreement of two noisy courses is flat on top, but it falls
 * alike to both sides: so the best whole step first, then the vertex of a parabola through two seconds to both sides of it,
 * and again around that vertex until it stays.
 */
function lagBetween(
  meter: readonly Row[],
  trainer: readonly Row[],
  { fromMs, count }: { fromMs: number; count: number },
): number | undefined {
  const whole = gridOf(trainer, fromMs, count)
  let a = gridOf(meter, fromMs, count)
  let best = bestStep(a, whole)
  for (let round = 0; round < WRECK_ROUNDS && best !== undefined; round++) {
    a = withoutWrecks(gridOf(meter, fromMs, count), gridOf(trainer, fromMs + best * STEP_MS, count))
    best = bestStep(a, whole)
  }
  if (best === undefined) return undefined
  let lagMs = best * STEP_MS
  for (let round = 0; round < TOP_ROUNDS; round++) {
    const b = gridOf(trainer, fromMs + lagMs, count)
    const agreements = Array.from({ length: 2 * TOP_STEPS + 1 }, (_, i) => agreementOf(a, b, i - TOP_STEPS))
    lagMs += vertexOf(agreements) * STEP_MS
  }
  return lagMs / 1000
}

/** The lag in whole steps at which the courses agree best; undefined: at none of those that are looked at. */
function bestStep(a: Float64Array, b: Float64Array): number | undefined {
  let best = 0
  let bestAgreement = -1
  for (let lag = -LAG_MAX_STEPS; lag <= LAG_MAX_STEPS; lag++) {
    const agreement = agreementOf(a, b, lag)
    if (agreement <= bestAgreement) continue
    best = lag
    bestAgreement = agreement
  }
  return bestAgreement < AGREEMENT_MIN || Math.abs(best) === LAG_MAX_STEPS ? undefined : best
}

/** What hung or jumped in one of them alone is a course of its own, with edges that are nobody's legs. */
function withoutWrecks(meter: Float64Array, trainer: Float64Array): Float64Array {
  const windows = windowsOf(meter, trainer)
  const middle = median(windows.map(({ ratio }) => ratio))
  for (const { at, ratio } of windows) {
    if (Math.abs(ratio / middle - 1) < WRECK) continue
    meter.fill(Number.NaN, Math.max(0, at - WRECK_MARGIN_STEPS), at + WINDOW_STEPS + WRECK_MARGIN_STEPS)
  }
  return meter
}

/** Where the parabola that fits these best, counted from their middle, is highest; within one step. */
function vertexOf(values: readonly number[]): number {
  const half = values.length >> 1
  let slope = 0
  let bend = 0
  let squares = 0
  let fourths = 0
  values.forEach((value, i) => {
    const x = i - half
    slope += value * x
    bend += value * x * x
    squares += x * x
    fourths += x ** 4
  })
  const n = values.length
  const sum = values.reduce((total, value) => total + value, 0)
  const b = slope / squares
  const c = (n * bend - squares * sum) / (n * fourths - squares * squares)
  return c < 0 ? Math.max(-1, Math.min(1, -b / (2 * c))) : 0
}

/** Pearson's correlation of a(t) and b(t + lag) over the steps that both have; −1 where they move too little. */
function agreementOf(a: Float64Array, b: Float64Array, lag: number): number {
  let n = 0
  let sumA = 0
  let sumB = 0
  let sumAA = 0
  let sumBB = 0
  let sumAB = 0
  for (let i = Math.max(0, -lag); i < Math.min(a.length, a.length - lag); i++) {
    const x = a[i]!
    const y = b[i + lag]!
    if (Number.isNaN(x) || Number.isNaN(y)) continue
    n++
    sumA += x
    sumB += y
    sumAA += x * x
    sumBB += y * y
    sumAB += x * y
  }
  if (n === 0) return -1
  const varianceA = sumAA / n - (sumA / n) ** 2
  const varianceB = sumBB / n - (sumB / n) ** 2
  if (varianceA < MOVES_MIN_W ** 2 || varianceB < MOVES_MIN_W ** 2) return -1
  return (sumAB / n - (sumA / n) * (sumB / n)) / Math.sqrt(varianceA * varianceB)
}

interface Window {
  readonly at: number
  readonly meterW: number
  readonly trainerW: number
  readonly ratio: number
}

/** Stretches of five seconds that both gave. */
function windowsOf(meter: Float64Array, trainer: Float64Array): readonly Window[] {
  const windows: Window[] = []
  for (let at = 0; at + WINDOW_STEPS <= meter.length; at += WINDOW_STEPS) {
    const meterW = mean(meter.subarray(at, at + WINDOW_STEPS))
    const trainerW = mean(trainer.subarray(at, at + WINDOW_STEPS))
    if (Math.max(meterW, trainerW) >= WINDOW_MIN_W) windows.push({ at, meterW, trainerW, ratio: trainerW / meterW })
  }
  return windows
}

function biasOf(meter: Float64Array, trainer: Float64Array, lagS: number | undefined): DualEstimate | undefined {
  const all = windowsOf(meter, trainer)
  const middle = median(all.map(({ ratio }) => ratio))
  const usual = median(all.map((each) => Math.abs(each.ratio - middle)))
  const windows = all.filter((each) => Math.abs(each.ratio - middle) <= OUTLIER * usual)
  if (windows.length < WINDOWS_MIN) return undefined
  const ratio = ratioOf(windows)
  const spread = Math.sqrt(windows.reduce((sum, w) => sum + (w.ratio - ratio) ** 2, 0) / windows.length)
  const byPower = windows.toSorted((a, b) => a.meterW - b.meterW)
  const half = byPower.length >> 1
  return {
    biasPct: 100 * (ratio - 1),
    biasUncertaintyPct: (200 * spread) / Math.sqrt(windows.length),
    lagS,
    easy: halfOf(byPower.slice(0, half)),
    hard: halfOf(byPower.slice(half)),
    usedS: (windows.length * WINDOW_STEPS * STEP_MS) / 1000,
  }
}

const halfOf = (windows: readonly Window[]): { meterW: number; biasPct: number } => ({
  meterW: windows.reduce((sum, w) => sum + w.meterW, 0) / windows.length,
  biasPct: 100 * (ratioOf(windows) - 1),
})

/** Of the work, not of the ratios: noise in the meter does not make the trainer look strong. */
const ratioOf = (windows: readonly Window[]): number =>
  windows.reduce((sum, w) => sum + w.trainerW, 0) / windows.reduce((sum, w) => sum + w.meterW, 0)

/** Not a number, if any of them is none. */
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** For the rider, in a sentence. */
export function dualSentence({ biasPct, biasUncertaintyPct, lagS, easy, hard, usedS }: DualEstimate): string {
  const of = (pct: number): string =>
    Math.abs(pct) < 0.05 ? 'as much as' : `${Math.abs(pct).toFixed(1)} % ${pct > 0 ? 'more' : 'less'} than`
  const later = (s: number): string =>
    Math.abs(s) < 0.05 ? 'at the same time' : `${Math.abs(s).toFixed(1)} s ${s > 0 ? 'later' : 'earlier'}`
  const minutes = `over ${(usedS / 60).toFixed(0)} min, ±${biasUncertaintyPct.toFixed(1)} %`
  const lag = lagS === undefined ? '' : `, and says it ${later(lagS)}`
  const differs = Math.abs(hard.biasPct - easy.biasPct) > 2 * biasUncertaintyPct + 0.5
  const signed = (pct: number): string => `${pct < 0 ? '−' : '+'}${Math.abs(pct).toFixed(1)} %`
  const halves = `: ${signed(easy.biasPct)} about ${Math.round(easy.meterW)} W, ${signed(hard.biasPct)} about ${Math.round(hard.meterW)} W`
  return `the trainer shows ${of(biasPct)} the power meter (${minutes})${lag}${differs ? halves : ''}`
}
