/** A line across the road, m from the start of the course; on a loop it comes round once a lap. */
export interface Line {
  readonly id: string
  readonly atM: number
}

export interface Crossing {
  /** Index into the lines asked about. */
  readonly line: number
  /** Which time round: 0 on the first lap. */
  readonly lap: number
  /** When inside the tick: 0 its beginning, 1 its end. */
  readonly fraction: number
}

const NONE: readonly Crossing[] = []

/** How much of a tick is over when `passedM` of its `coveredM` are, with speed going in a straight line from v0 to v1. */
export function crossingFraction(passedM: number, coveredM: number, v0Mps: number, v1Mps: number): number {
  if (passedM <= 0) return 0
  const sum = v0Mps + v1Mps
  if (coveredM <= 0 || sum <= 0) return 1
  // (v1 − v0) f² + 2 v0 f = (v0 + v1) · passed / covered, solved for f without subtracting like from like.
  const share = (sum * passedM) / coveredM
  const root = Math.sqrt(Math.max(0, v0Mps * v0Mps + (v1Mps - v0Mps) * share))
  const below = v0Mps + root
  return below <= 0 ? 1 : Math.min(1, Math.max(0, share / below))
}

/**
 * The lines passed between road `d0M` and `d1M` of one tick, in the order they were passed. A line is passed when the
 * rider reaches it: d0 < line ≤ d1, so a rider who waits on a line has not crossed it. On a straight course give an
 * infinite `lengthM`. Allocates only when something was crossed.
 */
export function crossings(
  d0M: number,
  d1M: number,
  v0Mps: number,
  v1Mps: number,
  lines: readonly Line[],
  lengthM: number,
): readonly Crossing[] {
  if (!(d1M > d0M)) return NONE
  let found: Crossing[] | undefined
  for (let line = 0; line < lines.length; line++) {
    const { atM } = lines[line]!
    const isLoop = lengthM < Infinity
    const firstLap = isLoop ? Math.floor((d0M - atM) / lengthM) : 0
    const lastLap = isLoop ? Math.floor((d1M - atM) / lengthM) + 1 : 0
    for (let lap = firstLap; lap <= lastLap; lap++) {
      const lineM = isLoop ? atM + lap * lengthM : atM
      if (!(d0M < lineM && lineM <= d1M)) continue
      found ??= []
      found.push({ line, lap, fraction: crossingFraction(lineM - d0M, d1M - d0M, v0Mps, v1Mps) })
    }
  }
  return found === undefined ? NONE : found.toSorted((a, b) => a.fraction - b.fraction || a.line - b.line)
}
