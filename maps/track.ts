import type { Point } from './format.ts'
import { splineAt, splineThrough } from './spline.ts'

/** A curve as many short chords, with the road behind each point (three dimensions) and the direction there. */
export interface Track {
  readonly alongM: Float64Array
  readonly x: Float64Array
  readonly y: Float64Array
  readonly z: Float64Array
  /** Metres along the middle of the road it belongs to. */
  readonly roadM: Float64Array
  /** Unit vector, seen from above. */
  readonly east: Float64Array
  readonly north: Float64Array
}

/** The curve is walked in pieces of about this, m: arc length to a micrometre. */
const WALK_M = 0.1

export function createTrack(points: number): Track {
  const column = () => new Float64Array(points)
  return {
    ...{ alongM: column(), x: column(), y: column(), z: column() },
    ...{ roadM: column(), east: column(), north: column() },
  }
}

export function lengthOf({ alongM }: Track): number {
  return alongM[alongM.length - 1]!
}

/** Many points along the smooth curve through a few. */
export function walkCurve(points: readonly Point[], isLoop: boolean): Track {
  const spline = splineThrough(points, isLoop)
  const pieces = spline.knots.length - 1
  const stepsOf = (piece: number) => {
    const rootM = spline.knots[piece + 1]! - spline.knots[piece]!
    return Math.ceil((rootM * rootM) / WALK_M) + 1
  }
  let total = 1
  for (let piece = 0; piece < pieces; piece++) total += stepsOf(piece)
  const track = createTrack(total)
  const at = new Float64Array(3)
  let n = 0
  for (let piece = 0; piece < pieces; piece++) {
    const steps = stepsOf(piece)
    for (let step = piece === 0 ? 0 : 1; step <= steps; step++, n++) {
      splineAt(spline, piece, step / steps, at)
      track.x[n] = at[0]!
      track.y[n] = at[1]!
      track.z[n] = at[2]!
    }
  }
  measure(track, isLoop)
  track.roadM.set(track.alongM)
  return track
}

/** Fills in lengths and directions of a track whose points are there. */
export function measure(track: Track, isLoop: boolean): void {
  const { alongM, x, y, z, east, north } = track
  const last = x.length - 1
  for (let n = 1; n <= last; n++) {
    const [dx, dy, dz] = [x[n]! - x[n - 1]!, y[n]! - y[n - 1]!, z[n]! - z[n - 1]!]
    alongM[n] = alongM[n - 1]! + Math.sqrt(dx * dx + dy * dy + dz * dz)
  }
  for (let n = 0; n <= last; n++) {
    const inside = n > 0 && n < last
    const a = inside || !isLoop ? Math.max(0, n - 1) : last - 1
    const b = inside || !isLoop ? Math.min(last, n + 1) : 1
    direct(track, n, x[b]! - x[a]!, y[b]! - y[a]!)
  }
  if (isLoop || last < 3) return
  // At an end a chord looks half a step inwards: what it turned from there to here, once more.
  direct(track, 0, 1.5 * east[0]! - 0.5 * chord(x, y, 1), 1.5 * north[0]! - 0.5 * chord(y, x, 1))
  direct(track, last, 1.5 * east[last]! - 0.5 * chord(x, y, last - 1), 1.5 * north[last]! - 0.5 * chord(y, x, last - 1))
}

/** One axis of the direction of the chord n … n + 1 (towards the inside at an end). */
function chord(along: Float64Array, across: Float64Array, n: number): number {
  const [a, b] = n === 1 ? [1, 2] : [n - 1, n]
  const d = along[b]! - along[a]!
  const e = across[b]! - across[a]!
  return d / Math.sqrt(d * d + e * e)
}

function direct({ east, north }: Track, n: number, dx: number, dy: number): void {
  const length = Math.sqrt(dx * dx + dy * dy)
  east[n] = length > 0 ? dx / length : n > 0 ? east[n - 1]! : 1
  north[n] = length > 0 ? dy / length : n > 0 ? north[n - 1]! : 0
}

/** Walks along a track, asked for places that only grow. */
export class Walker {
  readonly track: Track
  #n = 0
  #f = 0

  constructor(track: Track) {
    this.track = track
  }

  to(alongM: number): this {
    const at = this.track.alongM
    while (this.#n < at.length - 2 && at[this.#n + 1]! < alongM) this.#n++
    while (this.#n > 0 && at[this.#n]! > alongM) this.#n--
    const stepM = at[this.#n + 1]! - at[this.#n]!
    this.#f = stepM > 0 ? Math.min(1, Math.max(0, (alongM - at[this.#n]!) / stepM)) : 0
    return this
  }

  of(column: Float64Array): number {
    const a = column[this.#n]!
    return a + (column[this.#n + 1]! - a) * this.#f
  }
}
