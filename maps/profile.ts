import { lengthOf, Walker, type Track } from './track.ts'

/** Slopes, widths and banks are averaged over this many metres, twice: a bicycle's length of road does not turn from 2 % to 8 %. */
const SMOOTH_M = 21

/** Values along a road, one about every metre, with a straight line between them. */
export interface Profile {
  readonly stepM: number
  readonly values: Float64Array
}

export function valueAt({ stepM, values }: Profile, atM: number): number {
  const at = Math.min(values.length - 1, Math.max(0, atM / stepM))
  const i = Math.min(values.length - 2, Math.floor(at))
  return values[i]! + (values[i + 1]! - values[i]!) * (at - i)
}

/** A value that changes at the ends of stretches, the change spread over twice SMOOTH_M. Later stretches win. */
export function steppedProfile(
  lengthM: number,
  value: number,
  stretches: readonly { fromM: number; toM: number; value: number }[],
): Profile {
  const count = Math.max(2, Math.round(lengthM)) + 1
  const stepM = lengthM / (count - 1)
  const values = new Float64Array(count).fill(value)
  for (const stretch of stretches)
    values.fill(stretch.value, Math.ceil(stretch.fromM / stepM), Math.ceil(stretch.toM / stepM))
  return { stepM, values: stretches.length === 0 ? values : smoothed(smoothed(values, false), false) }
}

/** The slope along the middle of a road, smoothed, and its exact integral, which ends where the road ends. */
export interface HeightProfile {
  readonly slope: Profile
  readonly startM: number
  /** Height at the beginning of each step. */
  readonly heights: Float64Array
}

export function heightProfile(track: Track): HeightProfile {
  const lengthM = lengthOf(track)
  const steps = Math.max(2, Math.round(lengthM))
  const stepM = lengthM / steps
  const walker = new Walker(track)
  const zM = Float64Array.from({ length: steps + 1 }, (_, i) => walker.to(i * stepM).of(track.z))
  const slopes = slopesOf(zM, steps + 1, false).map((rise) => rise / stepM)
  const values = smoothed(smoothed(slopes, false), false)
  // Smoothing shortens a rise that reaches an end by a little: it goes back in where the road is far from both.
  let sum = 0
  let weights = 0
  for (let i = 0; i < steps; i++) sum += 0.5 * (values[i]! + values[i + 1]!) * stepM
  for (let i = 1; i < steps; i++) weights += Math.min(20, i, steps - i)
  const missing = (zM[steps]! - zM[0]! - sum) / stepM
  for (let i = 1; i < steps; i++) values[i]! += (missing * Math.min(20, i, steps - i)) / weights
  const heights = new Float64Array(steps + 1)
  heights[0] = zM[0]!
  for (let i = 0; i < steps; i++) heights[i + 1] = heights[i]! + 0.5 * (values[i]! + values[i + 1]!) * stepM
  return { slope: { stepM, values }, startM: zM[0]!, heights }
}

export function profileHeightAt({ slope, heights }: HeightProfile, atM: number): number {
  const { stepM, values } = slope
  const at = Math.min(values.length - 1, Math.max(0, atM / stepM))
  const i = Math.min(values.length - 2, Math.floor(at))
  const f = at - i
  return heights[i]! + stepM * f * (values[i]! + 0.5 * f * (values[i + 1]! - values[i]!))
}

export function slopesOf(zM: Float64Array, count: number, isLoop: boolean): Float64Array {
  const slopes = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const before = i > 0 ? i - 1 : isLoop ? count - 1 : 0
    const after = isLoop || i < count - 1 ? i + 1 : i
    slopes[i] = (zM[after]! - zM[before]!) / (isLoop ? 2 : after - before)
  }
  return slopes
}

/** A moving average; on a straight course the window shrinks towards its ends. */
export function smoothed(values: Float64Array, isLoop: boolean): Float64Array {
  const count = values.length
  const reach = Math.min((SMOOTH_M - 1) / 2, Math.floor((count - 1) / 2))
  return values.map((_, i) => {
    const near = isLoop ? reach : Math.min(reach, i, count - 1 - i)
    let sum = 0
    for (let k = i - near; k <= i + near; k++) sum += values[(k + count) % count]!
    return sum / (2 * near + 1)
  })
}
