import { TICK_HZ } from '#protocol/limits'
import type { RoomFacts } from '../room.ts'

/** Sounds that happen once. */
export const CUES = ['count', 'go', 'last-lap', 'finish', 'cheer', 'gear', 'word', 'notice'] as const
export type Cue = (typeof CUES)[number]

/** What of a race has been heard already. */
export interface RaceHeard {
  lap: number
  isFinished: boolean
  /** Whole seconds to the start; 0 and less: it has gone off. */
  leftS: number
}

export function createRaceHeard(): RaceHeard {
  return { lap: -1, isFinished: false, leftS: Infinity }
}

/** What is to be heard of the race since the last look: the count, the gun, the bell of the last lap, the finish. */
export function raceCue(
  facts: RoomFacts | undefined,
  riderId: number,
  tick: number,
  heard: RaceHeard,
): Cue | undefined {
  if (facts === undefined || facts.eventId === '' || facts.startTick === 0) return undefined
  const leftS = Math.ceil((facts.startTick - tick) / TICK_HZ)
  const before = heard.leftS
  heard.leftS = leftS
  if (leftS < before && before < Infinity) {
    if (leftS > 0 && leftS <= 5) return 'count'
    if (leftS <= 0 && before > 0) return 'go'
  }
  const own = facts.board.find((place) => place.riderId === riderId)
  if (own === undefined) return undefined
  const lapBefore = heard.lap
  heard.lap = own.lap
  if (own.finishedMs > 0 && !heard.isFinished) {
    heard.isFinished = true
    return lapBefore < 0 ? undefined : 'finish' // Who looks in after the race hears no finish.
  }
  return lapBefore >= 0 && own.lap > lapBefore && own.lap === facts.laps - 1 && facts.laps > 1 ? 'last-lap' : undefined
}
