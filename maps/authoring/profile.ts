import type { Spot } from './alignment.ts'
import type { Junction } from './junction.ts'

/** What the author wished for a stretch of road, as a fraction; where nothing was wished, what remains to be climbed. */
export interface GradeWish {
  readonly fromM: number
  readonly toM: number
  readonly startGrade: number
  readonly endGrade: number
}

export interface ProfilePlan {
  readonly lengthM: number
  readonly at: (distanceM: number) => Spot
  readonly wishes: readonly GradeWish[]
  /** Wanted heights between junctions; smoothing may miss them by a little. */
  readonly heights: readonly { readonly atM: number; readonly heightM: number }[]
  readonly junctions: readonly { readonly atM: number; readonly junction: Junction }[]
  /** Grade wavers by about this fraction, as built roads do. */
  readonly waverGrade: number
  /** Grade changes are spread over about this, m. */
  readonly easeM: number
  readonly random: () => number
}

export interface Profile {
  readonly heightAt: (distanceM: number) => number
  readonly gradeAt: (distanceM: number) => number
  /** How far the wishes had to give way so that the heights meet, as a fraction; a road whose figure is large was wished wrongly. */
  readonly shiftGrade: number
}

/** Around a junction the road lies in the junction's plane for this far, m, … */
const PLANE_M = 16
/** … and takes this long to come back to its own grade. */
const RAMP_M = 70
/** A junction is tilted no more than this by the road that runs through it. */
const TILT_MAX = 0.04

/**
 * The heights of a road: grades as wished, spread over an easement, level with the plane of every junction and at its
 * height exactly. Junctions without a height get the one at which the road arrives.
 */
export function layProfile(plan: ProfilePlan): Profile {
  const count = Math.max(2, Math.round(plan.lengthM))
  const stepM = plan.lengthM / count
  const middleM = (i: number) => (i + 0.5) * stepM
  // Grade of each metre between two samples.
  const grade = new Float64Array(count).fill(NaN)
  for (const wish of plan.wishes) {
    for (let i = 0; i < count; i++) {
      const f = (middleM(i) - wish.fromM) / (wish.toM - wish.fromM)
      if (f >= 0 && f < 1) grade[i] = wish.startGrade + (wish.endGrade - wish.startGrade) * f
    }
  }
  const indexOf = (atM: number) => Math.min(count, Math.max(0, Math.round(atM / stepM)))
  const anchors = [
    ...plan.heights.map(({ atM, heightM }) => ({ index: indexOf(atM), heightM })),
    ...plan.junctions.flatMap(({ atM, junction }) =>
      junction.z === undefined ? [] : [{ index: indexOf(atM), heightM: junction.z }],
    ),
  ].toSorted((a, b) => a.index - b.index)
  const first = anchors[0]
  if (first?.index !== 0) throw new Error('the road begins at no height')
  let shiftGrade = 0
  anchors.forEach((from, k) => {
    const to = anchors[k + 1]
    const end = to?.index ?? count
    let wishedM = 0
    let freeM = 0
    for (let i = from.index; i < end; i++) {
      if (Number.isNaN(grade[i])) freeM += stepM
      else wishedM += grade[i]! * stepM
    }
    if (to === undefined) {
      for (let i = from.index; i < end; i++) if (Number.isNaN(grade[i])) grade[i] = 0
      return
    }
    const missingM = to.heightM - from.heightM - wishedM
    if (freeM > 0) {
      for (let i = from.index; i < end; i++) if (Number.isNaN(grade[i])) grade[i] = missingM / freeM
    } else if (end > from.index) {
      const shift = missingM / ((end - from.index) * stepM)
      shiftGrade = Math.max(shiftGrade, Math.abs(shift))
      for (let i = from.index; i < end; i++) grade[i]! += shift
    }
  })
  const waver = wavering(plan.random)
  for (let i = 0; i < count; i++) grade[i]! += plan.waverGrade * waver(middleM(i))
  let smooth = averaged(averaged(grade, plan.easeM / stepM), plan.easeM / stepM)

  // What remains of a road's own will at each place: nothing in a junction, all of it a ramp away.
  const own = new Float64Array(count).fill(1)
  const planeGrade = new Float64Array(count)
  for (const { atM, junction } of plan.junctions) {
    const { headingRad } = plan.at(atM)
    const inside = atM > 1 && atM < plan.lengthM - 1
    const wanted = smooth[Math.min(count - 1, indexOf(atM))]!
    const along = inside ? Math.min(TILT_MAX, Math.max(-TILT_MAX, wanted)) : 0
    junction.tilt ??= { x: along * Math.cos(headingRad), y: along * Math.sin(headingRad) }
    const { tilt } = junction
    const tiltGrade = tilt.x * Math.cos(headingRad) + tilt.y * Math.sin(headingRad)
    for (let i = 0; i < count; i++) {
      const will = smoothstep(PLANE_M, PLANE_M + RAMP_M, Math.abs(middleM(i) - atM))
      if (will >= own[i]!) continue
      own[i] = will
      planeGrade[i] = tiltGrade
    }
  }
  smooth = smooth.map((value, i) => value * own[i]! + planeGrade[i]! * (1 - own[i]!))

  // Junction heights exactly: what is missing between two of them is spread over the road's own stretches.
  const height = new Float64Array(count + 1)
  height[0] = first.heightM
  const fixed = plan.junctions.filter(({ junction }) => junction.z !== undefined)
  let from = 0
  const layTo = (end: number) => {
    for (let i = from; i < end; i++) height[i + 1] = height[i]! + smooth[i]! * stepM
    from = end
  }
  for (const { atM, junction } of fixed) {
    const end = Math.min(count, Math.floor(atM / stepM + 1e-9))
    if (end <= from) continue
    let missingM = junction.z! - height[from]! - (smooth[end] ?? 0) * (atM - end * stepM)
    let ownM = 0
    for (let i = from; i < end; i++) {
      missingM -= smooth[i]! * stepM
      ownM += own[i]! * stepM
    }
    if (ownM > 0) for (let i = from; i < end; i++) smooth[i]! += (missingM / ownM) * own[i]!
    layTo(end)
  }
  layTo(count)

  const heightAt = (distanceM: number): number => {
    const f = Math.min(count, Math.max(0, distanceM / stepM))
    const i = Math.min(count - 1, Math.floor(f))
    return height[i]! + (height[i + 1]! - height[i]!) * (f - i)
  }
  for (const { atM, junction } of plan.junctions) junction.z ??= heightAt(atM)
  const gradeAt = (distanceM: number) => smooth[Math.min(count - 1, Math.max(0, Math.floor(distanceM / stepM)))]!
  return { heightAt, gradeAt, shiftGrade }
}

/** About −1 … 1, its waves 90 to 400 m long. */
function wavering(random: () => number): (s: number) => number {
  const waves = [90, 140, 230, 400].map((lengthM) => ({
    perM: (2 * Math.PI) / (lengthM * (0.85 + 0.3 * random())),
    phase: 2 * Math.PI * random(),
  }))
  return (s) => waves.reduce((sum, { perM, phase }) => sum + Math.sin(s * perM + phase), 0) / 2
}

/** A moving average whose window shrinks towards the ends. */
function averaged(values: Float64Array, window: number): Float64Array {
  const sums = new Float64Array(values.length + 1)
  values.forEach((value, i) => {
    sums[i + 1] = sums[i]! + value
  })
  const half = Math.round(window / 2)
  return values.map((_, i) => {
    const reach = Math.min(half, i, values.length - 1 - i)
    return (sums[i + reach + 1]! - sums[i - reach]!) / (2 * reach + 1)
  })
}

function smoothstep(from: number, to: number, value: number): number {
  const f = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return f * f * (3 - 2 * f)
}
