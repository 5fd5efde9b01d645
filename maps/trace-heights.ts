// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { GRADE_MAX } from './format.ts'
import { STEP_M } from './trace-bends.ts'
import { averaged, gaussian } from './trace-filter.ts'
import { alongOf, gainM, type PlaneTrack } from './trace-measure.ts'
import type { Repair } from './trace-repair.ts'

/** Between two points of a recording a height may change by this, and by this much of the way, and still be one road. */
const STEP_FREE_M = 5
const STEP_GRADE = 0.35
/** So many points in a row may be wrong, and believing a step costs as much as leaving out so many. */
const SPIKE_RUN_MAX = 120
const STEP_COST = 40

/** Change of grade per metre that is aimed at, to stay below what a road may have. */
const GRADE_STEP_AIM = 0.0075
const CALM_SIGMA_M = 30
const CALM_ROUNDS = 8
/** Baking averages slopes over 21 m twice; a Gaussian of this width does much the same. */
const BAKING_SIGMA_M = 8.6
const BAKING_REACH = 10

/** Widths tried, m, from smooth to rough. The first is taken whose gain is within GAIN_NEAR of the wanted, or of the roughest one's. */
const SIGMAS_M = [40, 34, 29, 25, 21, 18, 15, 12.5, 10, 8, 6, 4]
const GAIN_NEAR = 0.01
const THRESHOLDS_M = [4.1, 4.3, 4.5, 4.7, 4.9, 5.1, 5.3, 5.5, 5.7, 5.9]

/** Missing heights are drawn straight between their neighbours; a track without any is level, at sea level. */
export function filledHeights(
  heightsM: readonly (number | undefined)[],
  along: Float64Array,
  numbers: readonly number[],
  repairs: Repair[],
): Float64Array {
  const filled = Float64Array.from(heightsM, (heightM) => heightM ?? NaN)
  return fillGaps(filled, along, numbers, repairs, 'heights-missing', 'drawn straight between their neighbours')
}

function fillGaps(
  heightsM: Float64Array,
  along: Float64Array,
  numbers: readonly number[],
  repairs: Repair[],
  kind: 'heights-missing' | 'height-spikes',
  what: string,
): Float64Array {
  const n = heightsM.length
  let count = 0
  let first = -1
  let before = -1
  for (let i = 0; i < n; i++) {
    if (!Number.isNaN(heightsM[i]!)) {
      before = i
      continue
    }
    let after = i
    while (after < n && Number.isNaN(heightsM[after]!)) after++
    if (first < 0) first = i
    count += after - i
    for (let k = i; k < after; k++) {
      const share = (along[k]! - along[before]!) / Math.max(1e-9, along[after]! - along[before]!)
      if (before < 0) heightsM[k] = after < n ? heightsM[after]! : 0
      else
        heightsM[k] = after < n ? heightsM[before]! + (heightsM[after]! - heightsM[before]!) * share : heightsM[before]!
    }
    i = after - 1
  }
  if (count > 0)
    repairs.push({
      kind,
      count,
      firstPoint: numbers[first]!,
      firstAtM: along[first]!,
      what: count === n ? 'none in the file: a level road' : what,
    })
  return heightsM
}

/**
 * The most points among which no step is impossible are believed, the others are spikes. (Longest chain, by dynamic
 * programming: a chain may leave points out, or at a price believe a step.) Zeros that a recorder without a height wrote
 * are taken for missing where they are entered or left by an impossible step.
 */
export function withoutHeightSpikes(
  given: Float64Array,
  along: Float64Array,
  numbers: readonly number[],
  repairs: Repair[],
): Float64Array {
  const heightsM = withoutZeros(given, along)
  const n = heightsM.length
  const fits = (j: number, i: number) =>
    Math.abs(heightsM[i]! - heightsM[j]!) <= STEP_FREE_M + STEP_GRADE * (along[i]! - along[j]!)
  const links = new Int32Array(n).fill(-1)
  const scores = new Float64Array(n)
  let lastKnown = -1
  let lastTrouble = -Infinity
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(heightsM[i]!)) continue
    scores[i] = 1
    const previous = lastKnown
    lastKnown = i
    if (previous < 0) continue
    const isCalm = fits(previous, i)
    if (!isCalm) lastTrouble = i
    links[i] = previous
    scores[i] = 1 + scores[previous]! - (isCalm ? 0 : STEP_COST)
    if (i - lastTrouble > SPIKE_RUN_MAX) continue
    for (let j = Math.max(0, i - SPIKE_RUN_MAX); j < previous; j++) {
      if (Number.isNaN(heightsM[j]!) || 1 + scores[j]! <= scores[i]! || !fits(j, i)) continue
      scores[i] = 1 + scores[j]!
      links[i] = j
    }
    // A chain may also begin here: what came before is then wrong.
    if (1 > scores[i]!) {
      scores[i] = 1
      links[i] = -1
    }
  }
  let best = lastKnown
  for (let i = Math.max(0, n - SPIKE_RUN_MAX); i < n; i++)
    if (!Number.isNaN(heightsM[i]!) && scores[i]! > (scores[best] ?? 0)) best = i
  const mended = new Float64Array(n).fill(NaN)
  for (let i = best; i >= 0; i = links[i]!) mended[i] = heightsM[i]!
  return fillGaps(
    mended,
    along,
    numbers,
    repairs,
    'height-spikes',
    'impossible steps: drawn straight between their neighbours',
  )
}

function withoutZeros(given: Float64Array, along: Float64Array): Float64Array {
  const heightsM = Float64Array.from(given)
  const n = given.length
  for (let i = 0; i < n; i++) {
    if (given[i] !== 0) continue
    let end = i
    while (end < n && given[end] === 0) end++
    const isImpossible = (a: number, b: number) =>
      a >= 0 && b < n && Math.abs(given[b]! - given[a]!) > STEP_FREE_M + STEP_GRADE * (along[b]! - along[a]!)
    if (isImpossible(i - 1, i) || isImpossible(end - 1, end)) heightsM.fill(NaN, i, end)
    i = end - 1
  }
  return heightsM
}

/** Heights on the samples of a line, straight between those of the track, in steps of 0.2 m as a FIT file has them. */
export function heightsOnLine(sourceM: Float64Array, track: PlaneTrack & { readonly isLoop: boolean }): Float64Array {
  const lap = (values: Float64Array) => (track.isLoop ? Float64Array.from([...values, values[0]!]) : values)
  const along = alongOf({ x: lap(track.x), y: lap(track.y) })
  const heightsM = lap(track.z).map(inFitSteps)
  let k = 0
  return sourceM.map((atM) => {
    while (k < along.length - 2 && along[k + 1]! < atM) k++
    const f = Math.min(1, Math.max(0, (atM - along[k]!) / Math.max(1e-9, along[k + 1]! - along[k]!)))
    return heightsM[k]! + (heightsM[k + 1]! - heightsM[k]!) * f
  })
}

/** Heights as a FIT file has them. */
export function inFitSteps(heightM: number): number {
  return Math.round(heightM * 5) / 5
}

/**
 * The mean of gains with hystereses from 4.1 to 5.9 m. A dip of 4.9 m counts for nothing, one of 5.1 m for five: the mean goes
 * smoothly from one to the other, so that two files of one course are treated alike.
 */
export function gainMeanM(heightsM: ArrayLike<number>): number {
  let sumM = 0
  for (const thresholdM of THRESHOLDS_M) sumM += gainM(heightsM, thresholdM)
  return sumM / THRESHOLDS_M.length
}

/** The widest smoothing that keeps the mean gain; where none does, that keeps what the narrowest keeps. */
export function smoothingFor(rough: Float64Array, isLoop: boolean, gainWantedM: number): number {
  const gains = SIGMAS_M.map((sigmaM) =>
    gainMeanM(expectedHeights(shapedHeights(rough, isLoop, { sigmaM, scale: 1 }), isLoop)),
  )
  const leastM = Math.min(gainWantedM, Math.max(...gains)) * (1 - GAIN_NEAR)
  return SIGMAS_M[gains.findIndex((gain) => gain >= leastM)]!
}

/** What baking makes of a profile: a sample a metre, averaged twice; a lap comes back to its first. */
export function expectedHeights(heights: Float64Array, isLoop: boolean): Float64Array {
  const n = heights.length
  const fine = new Float64Array(isLoop ? 2 * n : 2 * n - 1)
  for (let i = 0; i < n; i++) {
    fine[2 * i] = heights[i]!
    if (2 * i + 1 < fine.length) fine[2 * i + 1] = (heights[i]! + heights[i + 1 < n ? i + 1 : 0]!) / 2
  }
  const baked = averaged(averaged(fine, BAKING_REACH, isLoop), BAKING_REACH, isLoop)
  return isLoop ? Float64Array.from([...baked, baked[0]!]) : baked
}

/** How widely a profile is smoothed, m, and how much it is stretched in height. */
export interface Shape {
  readonly sigmaM: number
  readonly scale: number
}

/** The profile of a road: no steeper than GRADE_MAX, smoothed, and calm where grade would change too fast. `scale` stretches it in height. */
export function shapedHeights(rough: Float64Array, isLoop: boolean, { sigmaM, scale }: Shape): Float64Array {
  const middleM = rough.reduce((sum, z) => sum + z, 0) / rough.length
  const stretched = scale === 1 ? rough : rough.map((z) => middleM + scale * (z - middleM))
  return calmed(gaussian(limitedGrade(stretched, isLoop), sigmaM / STEP_M, isLoop), isLoop)
}

/** Where grade would change too fast, the profile is smoothed again, there only. */
function calmed(given: Float64Array, isLoop: boolean): Float64Array {
  let heights = given
  for (let round = 0; round < CALM_ROUNDS; round++) {
    const baked = gaussian(heights, BAKING_SIGMA_M / STEP_M, isLoop)
    const n = heights.length
    const rough = new Float64Array(n)
    let isCalm = true
    for (let i = isLoop ? 0 : 1; i < (isLoop ? n : n - 1); i++) {
      const bow = baked[(i + n - 1) % n]! - 2 * baked[i]! + baked[(i + 1) % n]!
      if (Math.abs(bow) <= GRADE_STEP_AIM * STEP_M * STEP_M) continue
      isCalm = false
      const reach = Math.ceil(CALM_SIGMA_M / STEP_M)
      for (let k = -reach; k <= reach; k++) rough[isLoop ? (i + k + n) % n : Math.max(0, Math.min(n - 1, i + k))] = 1
    }
    if (isCalm) return heights
    const share = gaussian(rough, CALM_SIGMA_M / 2 / STEP_M, isLoop)
    const smooth = gaussian(heights, CALM_SIGMA_M / STEP_M, isLoop)
    heights = heights.map((z, i) => z + Math.min(1, Math.max(0, share[i]!)) * (smooth[i]! - z))
  }
  return heights
}

/** No step steeper than GRADE_MAX: half-way between the highest such profile below and the lowest above. */
export function limitedGrade(heights: Float64Array, isLoop: boolean): Float64Array {
  const n = heights.length
  const most = GRADE_MAX * STEP_M
  let isSteep = false
  for (let i = 1; i < n; i++) if (Math.abs(heights[i]! - heights[i - 1]!) > most) isSteep = true
  if (isLoop && Math.abs(heights[0]! - heights[n - 1]!) > most) isSteep = true
  if (!isSteep) return heights
  const below = Float64Array.from(heights)
  const above = Float64Array.from(heights)
  const rounds = isLoop ? 2 * n : n
  for (let k = 1; k < rounds; k++) {
    below[k % n] = Math.min(below[k % n]!, below[(k - 1) % n]! + most)
    above[k % n] = Math.max(above[k % n]!, above[(k - 1) % n]! - most)
  }
  for (let k = rounds - 2; k >= 0; k--) {
    below[k % n] = Math.min(below[k % n]!, below[(k + 1) % n]! + most)
    above[k % n] = Math.max(above[k % n]!, above[(k + 1) % n]! - most)
  }
  return below.map((low, i) => (low + above[i]!) / 2)
}
