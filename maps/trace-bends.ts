// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import type { Point } from './format.ts'
import { splineAt, splineThrough } from './spline.ts'
import { gaussian } from './trace-filter.ts'
import { alongOf } from './trace-measure.ts'

/** The middle of the road on the plane, samples about STEP_M apart. */
export interface CentreLine {
  readonly isLoop: boolean
  readonly x: Float64Array
  readonly y: Float64Array
  /** Which place of the recording a sample stands for: m along its straight legs. */
  readonly sourceM: Float64Array
}

/** Between samples of a centre line, m. */
export const STEP_M = 2
/** Widest smoothing of a centre line (standard deviation), m: the noise of a receiver, not the bends of a road. */
const SMOOTH_MAX_M = 8
/** … and where the points themselves are tens of metres apart. */
const SMOOTH_SPARSE_MAX_M = 24
/** How much of its length a line may lose to smoothing: noise is a detour that nobody rode. */
const SMOOTH_LOSS = 0.0002
const LEG_MAX_M = 60
const HALVINGS = 8

/**
 * A smooth line through the points: a spline, which cuts no corner and so is a little too long, then smoothed: as much as costs
 * next to no length where points are dense, and more where they are so sparse that the spline swings out. A loop's first
 * point is not repeated.
 */
export function centreLine(x: Float64Array, y: Float64Array, isLoop: boolean): CentreLine {
  const line = sampled(...withShortLegs(x, y, isLoop), isLoop)
  const sourceM = lengthOf({ x: closed(x, isLoop), y: closed(y, isLoop) })
  const quiet = smoothed(line, SMOOTH_MAX_M)
  const quietM = lineLengthM(quiet)
  if (quietM < sourceM * (1 - SMOOTH_LOSS)) return smoothedTo(line, sourceM * (1 - SMOOTH_LOSS), 0, SMOOTH_MAX_M)
  return quietM > sourceM ? smoothedTo(line, sourceM, SMOOTH_MAX_M, SMOOTH_SPARSE_MAX_M) : quiet
}

/** The widest smoothing that leaves the line this long, found by halving. */
function smoothedTo(line: CentreLine, lengthM: number, fromM: number, toM: number): CentreLine {
  let narrow = fromM
  let wide = toM
  for (let k = 0; k < HALVINGS; k++) {
    const middle = (narrow + wide) / 2
    if (lineLengthM(smoothed(line, middle)) >= lengthM) narrow = middle
    else wide = middle
  }
  return smoothed(line, narrow)
}

/** Long legs get points of their own: a spline swings out between points that are far apart. */
function withShortLegs(x: Float64Array, y: Float64Array, isLoop: boolean): [Float64Array, Float64Array] {
  const longX: number[] = []
  const longY: number[] = []
  for (let i = 0; i < x.length; i++) {
    longX.push(x[i]!)
    longY.push(y[i]!)
    if (i === x.length - 1 && !isLoop) break
    const dx = x[(i + 1) % x.length]! - x[i]!
    const dy = y[(i + 1) % x.length]! - y[i]!
    const pieces = Math.ceil(Math.sqrt(dx * dx + dy * dy) / LEG_MAX_M)
    for (let k = 1; k < pieces; k++) {
      longX.push(x[i]! + (dx * k) / pieces)
      longY.push(y[i]! + (dy * k) / pieces)
    }
  }
  return [Float64Array.from(longX), Float64Array.from(longY)]
}

/** The same, smoothed by a given width whatever it costs in length: where the recording is noisier than a road can be. */
export function noiselessLine(x: Float64Array, y: Float64Array, isLoop: boolean, sigmaM: number): CentreLine {
  return smoothed(sampled(...withShortLegs(x, y, isLoop), isLoop), sigmaM)
}

export function lineLengthM({ x, y, isLoop }: CentreLine): number {
  return lengthOf({ x: closed(x, isLoop), y: closed(y, isLoop) })
}

function lengthOf(track: { readonly x: Float64Array; readonly y: Float64Array }): number {
  return alongOf(track).at(-1) ?? 0
}

function closed(values: Float64Array, isLoop: boolean): Float64Array {
  if (!isLoop) return values
  const longer = new Float64Array(values.length + 1)
  longer.set(values)
  longer[values.length] = values[0]!
  return longer
}

/** The spline through the points, cut into even steps of its own length. */
function sampled(x: Float64Array, y: Float64Array, isLoop: boolean): CentreLine {
  const points = Array.from(x, (east, i): Point => [east, y[i]!, 0])
  const spline = splineThrough(points, isLoop)
  const pieces = spline.knots.length - 1
  const legs = alongOf({ x: closed(x, isLoop), y: closed(y, isLoop) })
  const stepsOf = (piece: number) => Math.max(2, Math.ceil((2 * (legs[piece + 1]! - legs[piece]!)) / STEP_M))
  let total = 1
  for (let piece = 0; piece < pieces; piece++) total += stepsOf(piece)
  const walk = { x: new Float64Array(total), y: new Float64Array(total) }
  const source = new Float64Array(total)
  const at = new Float64Array(3)
  for (let piece = 0, n = 0; piece < pieces; piece++) {
    const steps = stepsOf(piece)
    for (let step = piece === 0 ? 0 : 1; step <= steps; step++, n++) {
      splineAt(spline, piece, step / steps, at)
      walk.x[n] = at[0]!
      walk.y[n] = at[1]!
      source[n] = legs[piece]! + ((legs[piece + 1]! - legs[piece]!) * step) / steps
    }
  }
  return evenly(walk, source, isLoop)
}

/** Cut anew into even steps; the last point of a loop's walk is its first again and is left out. */
function evenly(
  walk: { readonly x: Float64Array; readonly y: Float64Array },
  source: Float64Array,
  isLoop: boolean,
): CentreLine {
  const along = alongOf(walk)
  const lengthM = along.at(-1)!
  const steps = Math.max(1, Math.round(lengthM / STEP_M))
  const count = isLoop ? steps : steps + 1
  const line = {
    isLoop,
    x: new Float64Array(count),
    y: new Float64Array(count),
    sourceM: new Float64Array(count),
  }
  for (let i = 0, n = 0; i < count; i++) {
    const atM = (lengthM * i) / steps
    while (n < along.length - 2 && along[n + 1]! < atM) n++
    const f = Math.min(1, (atM - along[n]!) / Math.max(1e-9, along[n + 1]! - along[n]!))
    line.x[i] = walk.x[n]! + (walk.x[n + 1]! - walk.x[n]!) * f
    line.y[i] = walk.y[n]! + (walk.y[n + 1]! - walk.y[n]!) * f
    line.sourceM[i] = source[n]! + (source[n + 1]! - source[n]!) * f
  }
  return line
}

/** Even steps again, after a line was bent. */
export function evenedLine(line: CentreLine): CentreLine {
  const { isLoop, sourceM } = line
  const source = closed(sourceM, isLoop)
  if (isLoop) source[source.length - 1] = sourceM.at(-1)! + STEP_M
  return evenly({ x: closed(line.x, isLoop), y: closed(line.y, isLoop) }, source, isLoop)
}

/** Smoothed twice, the second time what the first took away: noise goes and a hairpin stays where it is. */
function smoothed(line: CentreLine, sigmaM: number): CentreLine {
  if (sigmaM < 0.1) return line
  const twice = (values: Float64Array) => {
    const once = gaussian(values, sigmaM / STEP_M, line.isLoop)
    const rest = values.map((value, i) => value - once[i]!)
    const back = gaussian(rest, sigmaM / STEP_M, line.isLoop)
    return once.map((value, i) => value + back[i]!)
  }
  return { ...line, x: twice(line.x), y: twice(line.y) }
}
