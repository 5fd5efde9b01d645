import type { SegmentNow, SegmentRow, SegmentWatch } from '../world/segment-watch.ts'
import { hud as words } from '../words/hud.ts'
import { clock, deltaText, lengthText } from './figures.ts'

/** A segment as it is shown: ahead, or the try that is on. */
export interface SegmentFigures {
  readonly name: string
  /** Its length, or how far it is. */
  readonly where: string
  /** The time of the try; '' while the segment is ahead. */
  readonly elapsed: string
  readonly doneShare: number
  readonly ownDelta: string
  readonly ownBest: string
  readonly bestDelta: string
  readonly best: string
  /** The first of the board. */
  readonly rows: readonly { readonly name: string; readonly time: string }[]
}

const ROWS = 3

export function segmentFigures(now: SegmentNow | undefined, watch: SegmentWatch): SegmentFigures | undefined {
  if (now === undefined) return undefined
  const board: readonly SegmentRow[] = watch.board(now.id)
  const ownBestS = watch.ownBestS(now.id)
  const best = board[0]
  return {
    name: now.name,
    where:
      now.elapsedS === undefined
        ? words.segmentIn(lengthText(now.aheadM))
        : lengthText(now.lengthM * (1 - now.doneShare)),
    elapsed: now.elapsedS === undefined ? '' : clock(now.elapsedS),
    doneShare: Math.round(now.doneShare * 100) / 100,
    ownDelta: deltaText(now.ownDeltaS),
    ownBest: ownBestS === undefined ? '' : clock(ownBestS),
    bestDelta: deltaText(now.bestDeltaS),
    best: best === undefined ? '' : clock(best.ms / 1000),
    rows: board.slice(0, ROWS).map(({ name, ms }) => ({ name, time: clock(ms / 1000) })),
  }
}
