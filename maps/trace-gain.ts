// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { bakeRoad } from './bake.ts'
import type { BakedColumns, Point } from './format.ts'
import { checked, type Checked } from './result.ts'
import { STEP_M, type CentreLine } from './trace-bends.ts'
import { controlPoints } from './trace-control.ts'
import { expectedHeights, gainMeanM, inFitSteps, shapedHeights, smoothingFor, type Shape } from './trace-heights.ts'
import type { ClosedTrack } from './trace-loop.ts'
import { gainM, HYSTERESIS_M } from './trace-measure.ts'
import { measureRoad } from './trace-road.ts'

export interface Graded extends Shape {
  readonly points: readonly Point[]
  readonly columns: BakedColumns
}

/** The gain of a made road is within this share of the recorded one … */
const MISS_MAX = 0.0295
/** … and moves in steps of a hysteresis: nearer than half of one nothing can be asked for, m. */
const HALF_STEP_M = 2.6
const MISS_NEAR = 0.002
const SCALE_LEAST = 0.9
const SCALE_MOST = 1.4
const SECANTS = 6
/** Further shapes tried where the first did not do: so far away in stretch and width, and so many kilometres of road baked in all. */
const SCALE_STEPS = [0, 0.004, 0.008, 0.014, 0.022, 0.035, 0.05, 0.07]
const SIGMA_SHARES = [1, 0.7, 1.4]
const BAKES_KM = 250
const BAKES_MOST = 40

/**
 * Smoothing and baking take gain away, and a profile of a sample a metre passes its hysteresis sooner than one of a point
 * every forty: the profile is stretched in height by the least that brings the gain of the baked road near the recorded one.
 */
export function bakedToGain(
  line: CentreLine,
  rough: Float64Array,
  track: ClosedTrack,
  { widthM, crr, sourceGainM }: { readonly widthM: number; readonly crr: number; readonly sourceGainM: number },
): Checked<Graded> {
  const { isLoop } = line
  const lap = isLoop ? Float64Array.from([...track.z, track.z[0]!]) : track.z
  const inSteps = lap.map(inFitSteps)
  const wantedM = gainM(inSteps, HYSTERESIS_M)
  const exactM = gainM(lap, HYSTERESIS_M)
  // The mean hardly knows how heights were rounded: a GPX and a FIT file of one course aim at the same.
  const aimM = within(gainMeanM(inSteps), [wantedM, sourceGainM])
  const sigmaM = smoothingFor(rough, isLoop, aimM)
  const bakedAs = (shape: Shape): Checked<Graded & { readonly gain5mM: number }> => {
    const points = controlPoints(line, shapedHeights(rough, isLoop, shape))
    const baked = bakeRoad({ points, isLoop, widthM, crr })
    if (!baked.ok) return baked
    return checked({ points, columns: baked.value, ...shape, gain5mM: measureRoad(baked.value).gain5mM })
  }
  const missM = (gain: number) =>
    Math.max(0, Math.abs(gain - aimM) - Math.max(HALF_STEP_M, MISS_NEAR * aimM)) +
    Math.max(0, Math.abs(gain - exactM) - MISS_MAX * exactM)
  const first = scaleFor(
    (scale) => gainMeanM(expectedHeights(shapedHeights(rough, isLoop, { sigmaM, scale }), isLoop)),
    aimM,
  )
  const bakes = Math.min(BAKES_MOST, Math.ceil(BAKES_KM / (line.x.length * STEP_M * 0.001)))
  let best: (Graded & { readonly gain5mM: number }) | undefined
  for (const shape of around({ sigmaM, scale: first }).slice(0, bakes)) {
    const baked = bakedAs(shape)
    if (!baked.ok) return baked
    if (best === undefined || missM(baked.value.gain5mM) < missM(best.gain5mM)) best = baked.value
    if (missM(best.gain5mM) === 0) break
  }
  return checked(best!)
}

/**
 * On samples a metre apart gain moves in steps of 5 m and a little, the steeper the road the more: of several shapes with
 * the same number of steps one may do and another not. Outward from the first, then a little rougher or smoother.
 */
function around({ sigmaM, scale }: Shape): Shape[] {
  const shapes: Shape[] = []
  for (const width of SIGMA_SHARES) {
    for (const step of SCALE_STEPS)
      for (const one of step === 0 ? [scale] : [scale + step, scale - step])
        if (one >= SCALE_LEAST && one <= SCALE_MOST) shapes.push({ sigmaM: sigmaM * width, scale: one })
  }
  return shapes
}

/** Near enough to the mended gain, and to the recorded one too where repairs changed little. */
function within(gain: number, [mendedM, sourceM]: readonly [number, number]): number {
  const room = (wantedM: number) => Math.max(0, MISS_MAX * wantedM - HALF_STEP_M)
  const leastM = Math.max(mendedM - room(mendedM), sourceM - room(sourceM))
  const mostM = Math.min(mendedM + room(mendedM), sourceM + room(sourceM))
  if (leastM <= mostM) return Math.max(leastM, Math.min(mostM, gain))
  return Math.max(mendedM - room(mendedM), Math.min(mendedM + room(mendedM), gain))
}

/** The stretch that brings the mean gain where it is wanted; 1 where there is none to speak of. */
function scaleFor(gainAt: (scale: number) => number, wantedM: number): number {
  let scale = 1
  for (let k = 0; k < SECANTS; k++) {
    const gain = gainAt(scale)
    if (gain < HYSTERESIS_M || Math.abs(gain - wantedM) <= MISS_NEAR * wantedM) break
    scale = Math.max(SCALE_LEAST, Math.min(SCALE_MOST, scale * (1 + (wantedM - gain) / gain)))
  }
  return scale
}
