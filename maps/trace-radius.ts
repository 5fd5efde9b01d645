// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { RADIUS_MIN_M } from './format.ts'
import { checked, complaints, type Checked } from './result.ts'
import { evenedLine, lineLengthM, STEP_M, type CentreLine } from './trace-bends.ts'

/** Road on either side of a tight place that may move, m: first try, and the most. */
const ROOM_FIRST_M = 24
const ROOM_MAX_M = 120
const ROUNDS = 600
const PASSES = 10
const SHORT_MAX = 0.0004
/** Samples moved, in all; hundreds of hairpins need less. A knot of points that has no room ends here. */
const WORK_MAX = 8_000_000
/** So large a share of a way may be tight; in a road of nothing but hairpins it is a fifteenth. */
const TIGHT_SHARE = 0.08
const TIGHT_MIN = 30

export interface Widened {
  readonly line: CentreLine
  /** Sample of each place that was widened. */
  readonly places: readonly number[]
  /** Tight places that stayed tight: there is no room for them on the recorded way. */
  readonly left: number
}

/**
 * Bends tighter than `radiusM` are opened as if the road were a rod that does not stretch and can be bent only so far: the
 * tip of a hairpin grows round, its legs come a little shorter, and the length stays. (Position based dynamics: each
 * constraint moves its points by the least that satisfies it, round after round.)
 */
export function widened(given: CentreLine, radiusM: number): Checked<Widened> {
  const wantedM = lineLengthM(given)
  let line = evenedLine(given)
  let work = WORK_MAX
  const places: number[] = []
  let roomM = ROOM_FIRST_M
  let windows = windowsOf(line, radiusM, roomM)
  let moved = windows
  for (let pass = 0; pass < PASSES && windows.length > 0; pass++) {
    const n = line.x.length
    if (pass === 0) for (const { from, to } of windows) places.push(Math.floor((from + to) / 2) % n)
    moved = windows
    const bent = { ...line, x: Float64Array.from(line.x), y: Float64Array.from(line.y) }
    const lengthM = lineLengthM(line)
    const stepM = lengthM / (line.isLoop ? n : n - 1)
    // Cutting into steps takes the corners off; the bends that move are given what is missing.
    let moving = 0
    for (const { from, to } of windows) moving += to - from
    const restM = stepM + Math.min(0.2 * stepM, Math.max(0, wantedM - lengthM) / moving)
    for (const window of windows) work -= relax(bent, window, radiusM, restM)
    if (work < 0) return complaints(tooWinding(windows[0]!.from * stepM))
    line = evenedLine(bent)
    roomM = Math.min(ROOM_MAX_M, roomM * 1.4)
    windows = windowsOf(line, radiusM, roomM)
    // Nothing is tight any more, but the corners that were cut off are missing: the same bends once more.
    if (windows.length === 0 && lineLengthM(line) < wantedM * (1 - SHORT_MAX)) windows = moved
  }
  return checked({ line, places, left: windowsOf(line, radiusM, roomM).length })
}

/** Whether more than a small share of the way is tighter than any road: then it is noise that bends it. */
export function isTangled(given: CentreLine, radiusM: number, share = TIGHT_SHARE): boolean {
  const { x, y } = evenedLine(given)
  const n = x.length
  const limit = bowM(0.9 * radiusM, STEP_M)
  let tight = 0
  for (let i = 1; i + 1 < n; i++) {
    const bx = x[i - 1]! - 2 * x[i]! + x[i + 1]!
    const by = y[i - 1]! - 2 * y[i]! + y[i + 1]!
    if (bx * bx + by * by > limit * limit) tight++
  }
  return tight > Math.max(TIGHT_MIN, share * n)
}

export function tooWinding(atM: number): string {
  return `from ${Math.round(atM)} m on the points turn again and again more tightly than a road can (${RADIUS_MIN_M} m)`
}

/** |a − 2b + c| of three points on a circle of `radiusM`, `apartM` of arc between them. */
function bowM(radiusM: number, apartM: number): number {
  return 2 * radiusM * (1 - Math.cos(Math.min(Math.PI, apartM / radiusM)))
}

interface Window {
  readonly from: number
  readonly to: number
}

/** Stretches around tight places; they may run over the end of a loop (`to` beyond the last sample). */
function windowsOf({ x, y, isLoop }: CentreLine, radiusM: number, roomM: number): Window[] {
  const n = x.length
  const limit = bowM(0.95 * radiusM, STEP_M)
  const room = Math.ceil(roomM / STEP_M)
  const windows: { from: number; to: number }[] = []
  for (let i = isLoop ? 0 : 1; i < (isLoop ? n : n - 1); i++) {
    const a = (i - 1 + n) % n
    const c = (i + 1) % n
    const bx = x[a]! - 2 * x[i]! + x[c]!
    const by = y[a]! - 2 * y[i]! + y[c]!
    if (bx * bx + by * by <= limit * limit) continue
    const from = isLoop ? i - room : Math.max(0, i - room)
    const to = isLoop ? i + room : Math.min(n - 1, i + room)
    const last = windows.at(-1)
    if (last !== undefined && from <= last.to) last.to = to
    else windows.push({ from, to })
  }
  return windows.map(({ from, to }) => ({
    from: from < 0 ? from + n : from,
    to: (from < 0 ? from + n : from) + Math.min(to - from, n - 1),
  }))
}

function relax({ x, y, isLoop }: CentreLine, { from, to }: Window, radiusM: number, stepM: number): number {
  const count = to - from + 1
  if (count < 8) return 0
  const n = x.length
  const px = Float64Array.from({ length: count }, (_, k) => x[(from + k) % n]!)
  const py = Float64Array.from({ length: count }, (_, k) => y[(from + k) % n]!)
  // The ends of an open road are free to turn; everywhere else two points stay, so that place and direction go on.
  const firstFree = !isLoop && from === 0 ? 1 : 2
  const lastFree = !isLoop && to === n - 1 ? count - 2 : count - 3
  unfold(px, py)
  const spans = [1, 2, 4].filter((span) => 2 * span < count)
  const aims = spans.map((span) => bowM(radiusM, span * STEP_M))
  const isFree = (k: number) => (k >= firstFree && k <= lastFree ? 1 : 0)
  let round = 0
  for (; round < ROUNDS; round++) {
    let worst = 0
    spans.forEach((span, s) => {
      const aim = aims[s]!
      for (let b = span; b + span < count; b++) {
        const bowX = px[b - span]! - 2 * px[b]! + px[b + span]!
        const bowY = py[b - span]! - 2 * py[b]! + py[b + span]!
        const bow = Math.sqrt(bowX * bowX + bowY * bowY)
        if (bow <= aim) continue
        const wa = isFree(b - span)
        const wb = isFree(b)
        const wc = isFree(b + span)
        const weight = wa + 4 * wb + wc
        if (weight === 0) continue
        if (span === 1) worst = Math.max(worst, bow / aim)
        const share = (bow - aim) / bow / weight
        px[b - span]! -= wa * share * bowX
        py[b - span]! -= wa * share * bowY
        px[b]! += 2 * wb * share * bowX
        py[b]! += 2 * wb * share * bowY
        px[b + span]! -= wc * share * bowX
        py[b + span]! -= wc * share * bowY
      }
    })
    for (let k = 0; k + 1 < count; k++) {
      const wa = isFree(k)
      const wb = isFree(k + 1)
      if (wa + wb === 0) continue
      const dx = px[k + 1]! - px[k]!
      const dy = py[k + 1]! - py[k]!
      const apart = Math.sqrt(dx * dx + dy * dy)
      const share = (apart - stepM) / Math.max(1e-6, apart) / (wa + wb)
      px[k]! += wa * share * dx
      py[k]! += wa * share * dy
      px[k + 1]! -= wb * share * dx
      py[k + 1]! -= wb * share * dy
    }
    if (worst < 1.02 && round > 2) break
  }
  for (let k = 0; k < count; k++) {
    x[(from + k) % n] = px[k]!
    y[(from + k) % n] = py[k]!
  }
  return round * count
}

/** A road that turns back onto itself has no side to open to: the way in is moved to its right, the way out to its own right. */
function unfold(px: Float64Array, py: Float64Array): void {
  const count = px.length
  for (let k = 2; k + 2 < count; k++) {
    const inX = px[k]! - px[k - 2]!
    const inY = py[k]! - py[k - 2]!
    const outX = px[k + 2]! - px[k]!
    const outY = py[k + 2]! - py[k]!
    const sizes = Math.hypot(inX, inY) * Math.hypot(outX, outY)
    if (sizes === 0 || (inX * outX + inY * outY) / sizes > -0.9) continue
    const reach = Math.min(k, count - 1 - k, 10)
    for (let j = k - reach; j <= k + reach; j++) {
      if (j <= 1 || j >= count - 2) continue
      const [dx, dy] = j < k ? [inX, inY] : [outX, outY]
      const size = Math.hypot(dx, dy)
      const shiftM = 1.5 * (1 - Math.abs(j - k) / (reach + 1))
      if (size === 0 || j === k) continue
      px[j]! += (dy / size) * shiftM
      py[j]! -= (dx / size) * shiftM
    }
    k += reach
  }
}
