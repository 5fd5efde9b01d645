// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { bakeRoad } from './bake.ts'
import type { BakedColumns, Point } from './format.ts'
import { checked, type Checked } from './result.ts'
import type { CentreLine } from './trace-bends.ts'
import { controlPoints } from './trace-control.ts'
import { expectedGainM, inFitSteps, shapedHeights, smoothingFor } from './trace-heights.ts'
import type { ClosedTrack } from './trace-loop.ts'
import { gainM, HYSTERESIS_M } from './trace-measure.ts'
import { measureRoad } from './trace-road.ts'

export interface Graded {
  readonly points: readonly Point[]
  readonly columns: BakedColumns
  /** How much the profile was stretched in height. */
  readonly scale: number
  /** … and how widely it was smoothed, m. */
  readonly sigmaM: number
}

/** A gain is good this near the recorded one. */
const MISS_GOOD = 0.029
/** The expected gain is to be nearer with every bake. */
const MISS_AIMS = [0.023, 0.018, 0.012, 0.006, 0.003, 0, 0]
/** Stretches tried: 0, 1, −1, 2, −2 … of this. */
const SCALE_STEP = 0.01
const SCALE_STEPS_UP = 40
const SCALE_STEPS_DOWN = 10

interface Band {
  readonly leastM: number
  readonly mostM: number
}

/**
 * Smoothing and baking take gain away, and a profile of a sample a metre passes its hysteresis sooner than one of a point
 * every forty: the profile is stretched in height by the least that brings the baked road near the recorded gain.
 */
export function bakedToGain(
  line: CentreLine,
  rough: Float64Array,
  track: ClosedTrack,
  { widthM, crr }: { readonly widthM: number; readonly crr: number },
): Checked<Graded> {
  const { isLoop } = line
  const good = bandOf(track, MISS_GOOD)
  const sigmaM = smoothingFor(rough, isLoop, (good.leastM + good.mostM) / 2)
  const expected = new Map<number, number>()
  const shaped = (scale: number) => shapedHeights(rough, isLoop, { sigmaM, scale })
  const expectedAt = (scale: number) => {
    const known = expected.get(scale) ?? expectedGainM(shaped(scale), isLoop)
    expected.set(scale, known)
    return known
  }
  const tried = new Set<number>()
  let bakingShare = 1
  let best: Graded | undefined
  let bestMissM = Infinity
  for (const aim of MISS_AIMS) {
    const band = bandOf(track, aim)
    const scale = leastScale((one) => missM(bakingShare * expectedAt(one), band), tried)
    tried.add(scale)
    const points = controlPoints(line, shaped(scale))
    const baked = bakeRoad({ points, isLoop, widthM, crr })
    if (!baked.ok) return baked
    const bakedM = measureRoad(baked.value).gain5mM
    const miss = missM(bakedM, good)
    if (miss < bestMissM) best = { points, columns: baked.value, scale, sigmaM }
    bestMissM = Math.min(miss, bestMissM)
    if (miss === 0) break
    // What baking does to the gain is learned from what it did.
    if (expectedAt(scale) > 0 && bakedM > 0) bakingShare = bakedM / expectedAt(scale)
  }
  return checked(best!)
}

/**
 * Gains within `share` of the recorded one, both of the heights as they are and of heights in steps of 0.2 m, as a FIT file has
 * them: on long even climbs the two differ, and a course is to be the same road from either file.
 */
function bandOf({ z, isLoop }: ClosedTrack, share: number): Band {
  const lap = isLoop ? Float64Array.from([...z, z[0]!]) : z
  const exactM = gainM(lap, HYSTERESIS_M)
  const fitM = gainM(lap.map(inFitSteps), HYSTERESIS_M)
  const leastM = Math.max(exactM, fitM) * (1 - share)
  const mostM = Math.min(exactM, fitM) * (1 + share)
  return leastM <= mostM ? { leastM, mostM } : { leastM: exactM * (1 - share), mostM: exactM * (1 + share) }
}

function missM(gain: number, { leastM, mostM }: Band): number {
  return Math.max(0, leastM - gain, gain - mostM)
}

/** The least stretch that misses nothing, else the one that misses least; none twice. */
function leastScale(missAt: (scale: number) => number, tried: ReadonlySet<number>): number {
  let best = 1
  let bestM = Infinity
  for (let step = 0; step <= SCALE_STEPS_UP; step++) {
    for (const signed of step === 0 || step > SCALE_STEPS_DOWN ? [step] : [step, -step]) {
      const scale = 1 + signed * SCALE_STEP
      if (tried.has(scale)) continue
      const miss = missAt(scale)
      if (miss < bestM) [best, bestM] = [scale, miss]
      if (miss === 0) return scale
    }
  }
  return best
}
