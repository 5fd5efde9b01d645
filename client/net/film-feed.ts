import type { RiderRecord } from '#protocol/rider-stream'

/** What a picture without a rider of its own draws from: a reel that is wound, or one that is being shot. */
export interface FilmFeed {
  /** Where it is, in ticks of the room, with fraction. */
  readonly tick: number
  /** Time stands still: the next records are on their way. */
  readonly isWaiting: boolean
  readonly isAtEnd: boolean
  /** Why it does not go on, as a sentence; '' while all is well. */
  readonly trouble: string
  /** 1: as it happened; 0: still. */
  rate: number
  /** Time goes on to `nowMs`; answers the tick it has come to. */
  advance(nowMs: number): number
  /** Everything said up to now that was not handed out before, in the order of ticks. */
  take(): RiderRecord[]
  /** It has begun anew: whoever draws it forgets what was. True once. */
  takeFresh(): boolean
}
