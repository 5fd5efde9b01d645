import type { ActivityRow, ActivitySummary, Stint } from '../activity/model.ts'
import { keptUntilMs } from '../retention.ts'
import type { StoredRide } from '../store/people.ts'
import type { RideAnswer, RideItem, RideRowsAnswer } from './shapes-rides.ts'

/** Rides as the doors tell of them: all of it to who rode, to others neither weight nor heartbeat. [A30] */

/** A chart is no wider. */
export const ROWS_MAX = 1500

export function itemOf(ride: StoredRide): RideItem {
  const { distanceM, elapsedS, movingS, workJ, averageW, climbM, bests, weightedW } = ride.summary
  return {
    ...headOf(ride),
    summary: { distanceM, elapsedS, movingS, workJ, averageW, climbM, bests, weightedW },
  }
}

/** `guestRidesDays`: how long guests' rides are kept; 0: for ever. */
export function answerOf(
  ride: StoredRide,
  { isMine, hasFilm, guestRidesDays }: { isMine: boolean; hasFilm: boolean; guestRidesDays: number },
): RideAnswer {
  const { name, mapHash, massKg } = ride.head
  const summary = isMine ? ride.summary : withoutHeart(ride.summary)
  const untilMs = isMine && ride.isGuests ? keptUntilMs(ride.head.startMs, guestRidesDays) : null
  return {
    ...{ ...headOf(ride), name, mapHash, isMine, hasFilm, keptUntilMs: untilMs },
    ...{ massKg: isMine ? massKg : null, summary },
  }
}

function headOf({ id, isPublic, head }: StoredRide): Omit<RideItem, 'summary'> {
  const { startMs, mapId, mapName, eventId, eventTitle } = head
  return { id, startMs, mapId, mapName, eventId, eventTitle, isPublic }
}

function withoutHeart(summary: ActivitySummary): ActivitySummary {
  const bare = (stints: readonly Stint[]): readonly Stint[] => stints.map((stint) => ({ ...stint, averageBpm: null }))
  return { ...summary, averageBpm: null, maxBpm: null, splits: bare(summary.splits), laps: bare(summary.laps) }
}

export function rowsOf(rows: readonly ActivityRow[], isMine: boolean): RideRowsAnswer {
  const each = Math.max(1, Math.ceil(rows.length / ROWS_MAX))
  const parts: (readonly ActivityRow[])[] = []
  for (let from = 0; from < rows.length; from += each) parts.push(rows.slice(from, from + each))
  const last = (name: keyof ActivityRow, digits: number): number[] =>
    parts.map((part) => rounded(part.at(-1)![name], digits))
  const mean = (name: keyof ActivityRow, digits: number): number[] =>
    parts.map((part) => rounded(part.reduce((sum, row) => sum + row[name], 0) / part.length, digits))
  const hasHeart = isMine && rows.some(({ heartRateBpm }) => heartRateBpm > 0)
  return {
    ...{ atS: last('atS', 0), distanceM: last('distanceM', 0), powerW: mean('powerW', 0) },
    ...{ cadenceRpm: mean('cadenceRpm', 0), heartRateBpm: hasHeart ? mean('heartRateBpm', 0) : null },
    ...{ speedMps: mean('speedMps', 2), heightM: last('heightM', 2), savedW: mean('savedW', 0) },
    ...{ xM: last('xM', 0), yM: last('yM', 0) },
  }
}

function rounded(value: number, digits: number): number {
  const perUnit = 10 ** digits
  return Math.round(value * perUnit) / perUnit
}
