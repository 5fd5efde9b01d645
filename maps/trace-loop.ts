// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { alongOf, type PlaneTrack } from './trace-measure.ts'
import type { Repair } from './trace-repair.ts'

/** A recording whose ends are nearer than this, and than this share of its length, is a loop. */
const GAP_MAX_M = 60
const GAP_SHARE = 0.002
const GAP_WIDEST_M = 200
const LENGTH_MIN_M = 600
/** The last direction, the way across the gap and the first direction may turn by so much in all: cosine of 120°. */
const TURN_COSINE_MIN = -0.5
/** A loop comes back to its height; what a barometer drifts in a day is less than this, m. */
const DRIFT_MAX_M = 30
/** Directions at the ends are taken over so much road. */
const END_M = 30

export interface ClosedTrack extends PlaneTrack {
  readonly isLoop: boolean
  /** Length of the piece that closes it. */
  readonly gapM: number
}

/** A loop is closed by a piece of road from its last point to its first; what the height differs is shared out along all of it. */
export function closedTrace(track: PlaneTrack, repairs: Repair[], numbers: readonly number[]): ClosedTrack {
  const open = { ...track, isLoop: false, gapM: 0 }
  const along = alongOf(track)
  const n = along.length
  const lengthM = along[n - 1]!
  const dx = track.x[0]! - track.x[n - 1]!
  const dy = track.y[0]! - track.y[n - 1]!
  const gapM = Math.sqrt(dx * dx + dy * dy)
  const limitM = Math.min(GAP_WIDEST_M, Math.max(GAP_MAX_M, GAP_SHARE * lengthM))
  if (lengthM < LENGTH_MIN_M || gapM >= limitM) return open
  const [outX, outY] = direction(track, along, 0, indexAt(along, END_M))
  const [inX, inY] = direction(track, along, indexAt(along, lengthM - END_M), n - 1)
  if (inX * outX + inY * outY < TURN_COSINE_MIN) return open
  // A gap to the back is a recording that went on past its start: the piece would have to turn around.
  const isAhead = gapM < 1 || inX * dx + inY * dy > -0.7 * gapM
  if (!isAhead) return open
  const driftM = track.z[n - 1]! - track.z[0]!
  if (Math.abs(driftM) > DRIFT_MAX_M) return open
  const wholeM = lengthM + gapM
  repairs.push({
    kind: 'loop-closed',
    count: 1,
    firstPoint: numbers[n - 1]!,
    firstAtM: lengthM,
    what: `${gapM.toFixed(1)} m of road added, ${Math.abs(driftM).toFixed(1)} m of height shared out`,
  })
  const z = track.z.map((height, i) => height - (driftM * along[i]!) / wholeM)
  // The first point comes again by itself.
  const keep = gapM < 1 ? n - 1 : n
  return {
    x: track.x.slice(0, keep),
    y: track.y.slice(0, keep),
    z: z.slice(0, keep),
    isLoop: true,
    gapM,
  }
}

function indexAt(along: Float64Array, atM: number): number {
  let i = 0
  while (i < along.length - 1 && along[i]! < atM) i++
  return i
}

function direction({ x, y }: PlaneTrack, along: Float64Array, from: number, to: number): [number, number] {
  const a = Math.min(from, along.length - 2)
  const b = Math.max(to, a + 1)
  const dx = x[b]! - x[a]!
  const dy = y[b]! - y[a]!
  const size = Math.sqrt(dx * dx + dy * dy)
  return size > 0 ? [dx / size, dy / size] : [0, 0]
}
