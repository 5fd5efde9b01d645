import { readFileSync } from 'node:fs'
import { createRandom } from '#physics/random'
import { readFit } from '#server/import/fit'

/** Power about its mean, one value a second: 0.1 is ten per cent above it. */
export type Wander = readonly number[]

/** Trainers and meters average the strokes of a pedal over about this. */
const SMOOTH_S = 3
/** Recorded windows in which the rider freewheels longer than this in all are no steady riding, share of the time. */
const COAST_SHARE_MAX = 0.05

/** About zero, scaled so that 95 % of the seconds lie within ±`share`; the rest, the gaps of freewheeling, end there. */
export function scaleWander(power: readonly number[], share: number): Wander {
  const mean = power.reduce((sum, value) => sum + value, 0) / power.length
  const off = power.map((value) => value / mean - 1)
  const sorted = off.map(Math.abs).sort((a, b) => a - b)
  const most = sorted[Math.floor(0.95 * (sorted.length - 1))]!
  return off.map((value) => Math.min(share, Math.max(-share, (value * share) / Math.max(1e-9, most))))
}

/** Ten minutes at a time from a recorded ride: windows that were ridden, not coasted. */
export function recordedWanders(file: string, seconds: number, share: number): Wander[] {
  const read = readFit(readFileSync(file), file)
  if (!read.ok) return []
  const bySecond = new Float64Array(Math.ceil(read.value.durationS) + 1)
  for (const { atS, powerW } of read.value.records) bySecond[Math.floor(atS)] = powerW ?? 0
  const wanders: Wander[] = []
  for (let from = 0; from + seconds <= bySecond.length; from += seconds / 2) {
    const window = Array.from(bySecond.subarray(from, from + seconds))
    const coasted = window.filter((value) => value < 30).length
    if (coasted > COAST_SHARE_MAX * seconds) continue
    wanders.push(scaleWander(smoothed(window), share))
  }
  return wanders
}

/** Legs from dice: swings of a minute, of ten seconds and from second to second. */
export function syntheticWander(seed: number, seconds: number, share: number): Wander {
  const random = createRandom(seed)
  const parts = [60, 12, 2].map((spanS) => ({
    spanS,
    phase: random.fraction() * 60,
    values: new Map<number, number>(),
  }))
  const at = (part: (typeof parts)[number], s: number): number => {
    const x = (s + part.phase) / part.spanS
    const k = Math.floor(x)
    for (const n of [k, k + 1]) if (!part.values.has(n)) part.values.set(n, random.fraction() - 0.5)
    return part.values.get(k)! * (1 - x + k) + part.values.get(k + 1)! * (x - k)
  }
  const power = Array.from({ length: seconds }, (_, s) => 1 + parts.reduce((sum, part) => sum + at(part, s), 0) * 0.2)
  return scaleWander(power, share)
}

function smoothed(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const part = values.slice(Math.max(0, i - SMOOTH_S + 1), i + 1)
    return part.reduce((sum, value) => sum + value, 0) / part.length
  })
}
