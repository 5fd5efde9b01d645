// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import type { Point } from './format.ts'
import { STEP_M, type CentreLine } from './trace-bends.ts'

/** Points of the map file lie this far apart at most, m, and turn the road by this at most between two. */
const SPACING_MAX_M = 12
const TURN_MAX = 0.3
/** Spacing follows the tightest bend within this: a curve through points swings where their spacing jumps. */
const AHEAD_M = 12

/** The points that a baker's curve needs to lie on this line: few where it is straight, one every two metres in a hairpin. */
export function controlPoints(line: CentreLine, heightsM: Float64Array): Point[] {
  const { x, y, isLoop } = line
  const n = x.length
  const bends = bendsOf(line)
  const reach = Math.ceil(AHEAD_M / STEP_M)
  const points: Point[] = []
  const lay = (i: number) => points.push([rounded(x[i]!, 1000), rounded(y[i]!, 1000), rounded(heightsM[i]!, 100)])
  const end = isLoop ? n : n - 1
  for (let i = 0; i < end;) {
    lay(i)
    let tightest = 0
    for (let k = -reach; k <= 2 * reach; k++) tightest = Math.max(tightest, bends[(i + k + n) % n]!)
    const spacingM = Math.min(SPACING_MAX_M, tightest > 0 ? TURN_MAX / tightest : Infinity)
    i += Math.max(1, Math.round(spacingM / STEP_M))
    // No crumb before the end.
    if (i < end && end - i < 0.5 * (spacingM / STEP_M)) i = end
  }
  if (!isLoop) lay(n - 1)
  return points
}

/** Turn per metre at every sample; on an open line none at the ends. */
function bendsOf({ x, y, isLoop }: CentreLine): Float64Array {
  const n = x.length
  const bends = new Float64Array(n)
  for (let i = isLoop ? 0 : 1; i < (isLoop ? n : n - 1); i++) {
    const a = (i + n - 1) % n
    const c = (i + 1) % n
    const bowX = x[a]! - 2 * x[i]! + x[c]!
    const bowY = y[a]! - 2 * y[i]! + y[c]!
    bends[i] = Math.sqrt(bowX * bowX + bowY * bowY) / (STEP_M * STEP_M)
  }
  return bends
}

function rounded(valueM: number, perM: number): number {
  return Math.round(valueM * perM) / perM
}
