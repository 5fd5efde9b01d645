import { TICK_MS } from '#protocol/limits'
import type { RiderId } from '#protocol/ids'
import type { Crossing, Decision, RaceRules, Result, ResultStatus, Run } from './model.ts'

/** What a result is made of, and nothing else: so it can be made again by anybody, at any time, byte for byte. */
export interface RacePapers {
  readonly run: Run
  readonly startTick: number
  readonly crossings: readonly Crossing[]
  readonly decisions: readonly Decision[]
}

/** From the gun to a crossing, ms. The gun is the state of `startTick`; a crossing lies inside the tick before its own state. */
export function gunTimeMs(crossing: Pick<Crossing, 'tick' | 'fraction'>, startTick: number): number {
  return (crossing.tick - 1 - startTick + crossing.fraction) * TICK_MS
}

/** Provisional results, places first, then who did not finish by road covered, did not start, and was disqualified. */
export function results(papers: RacePapers): readonly Result[] {
  const { run, startTick } = papers
  const standing = reverted(papers.decisions)
  const rows = run.entries.map((entry) => {
    const own = papers.crossings.filter((c) => c.riderId === entry.riderId && c.lineId === run.rules.lineId)
    const decisions = standing.filter((d) => d.riderId === entry.riderId)
    const finish = own.find((c) => c.lap === run.rules.laps)
    const last = own.at(-1)
    const penaltyMs = decisions.reduce(
      (sum, { action }) => sum + (action.kind === 'time-penalty' ? action.penaltyMs : 0),
      0,
    )
    return {
      ...entry,
      status: statusOf(own, decisions, run.rules),
      laps: last?.lap ?? 0,
      penaltyMs,
      lastMs: last === undefined ? Infinity : gunTimeMs(last, startTick),
      timeMs: finish === undefined ? null : gunTimeMs(finish, startTick) + penaltyMs,
      notes: decisions.map((d) => d.reason),
    }
  })
  rows.sort((a, b) => {
    const byStatus = STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status)
    if (byStatus !== 0) return byStatus
    if (a.status === 'finished') return a.timeMs! - b.timeMs! || a.bib - b.bib
    return b.laps - a.laps || compare(a.lastMs, b.lastMs) || a.bib - b.bib
  })
  const winnerMs = rows[0]?.status === 'finished' ? rows[0].timeMs! : 0
  const table: Result[] = []
  for (const { riderId, bib, name, isBot, status, timeMs, penaltyMs, laps, notes } of rows) {
    const isPlaced = status === 'finished'
    const before = table.at(-1)
    const isDeadHeat = isPlaced && before !== undefined && before.timeMs === timeMs
    const place = !isPlaced ? null : isDeadHeat ? before.place : table.length + 1
    const gapMs = isPlaced ? timeMs! - winnerMs : null
    table.push({
      place,
      status,
      riderId,
      bib,
      name,
      isBot,
      timeMs: isPlaced ? timeMs : null,
      gapMs,
      penaltyMs,
      laps,
      notes,
    })
  }
  return table
}

const STATUS_ORDER: readonly ResultStatus[] = ['finished', 'dnf', 'dns', 'dq']

/** On a loop everybody who starts crosses the line at once (lap 0); on a straight road there is no such witness. */
function statusOf(own: readonly Crossing[], decisions: readonly Decision[], rules: RaceRules): ResultStatus {
  if (decisions.some((d) => d.action.kind === 'dq')) return 'dq'
  if (own.some((c) => c.lap === rules.laps)) return 'finished'
  return own.length === 0 && rules.hasStartCrossing ? 'dns' : 'dnf'
}

/** Decisions that nothing took back; a revert can itself be reverted. */
function reverted(decisions: readonly Decision[]): readonly Decision[] {
  const gone = new Set<number>()
  for (const decision of decisions.toReversed()) {
    if (decision.action.kind === 'revert' && !gone.has(decision.id)) gone.add(decision.action.decisionId)
  }
  return decisions.filter((d) => !gone.has(d.id) && d.action.kind !== 'revert')
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)

export type Board = readonly {
  readonly place: number
  readonly riderId: RiderId
  readonly bib: number
  readonly name: string
  readonly isBot: boolean
  /** Laps done. */
  readonly lap: number
  readonly distanceM: number
  /** Behind the leader on the road, m. */
  readonly gapM: number
  readonly finishedMs: number | null
}[]

/** The race as it stands, for people: who is home by time, the others by road. */
export function liveBoard(
  papers: Pick<RacePapers, 'run' | 'startTick' | 'crossings'>,
  distanceOfM: (riderId: RiderId) => number | undefined,
): Board {
  const { run, startTick, crossings } = papers
  const rows = run.entries.map(({ riderId, bib, name, isBot }) => {
    const own = crossings.filter((c) => c.riderId === riderId)
    const finish = own.find((c) => c.lap === run.rules.laps)
    const finishedMs = finish === undefined ? null : gunTimeMs(finish, startTick)
    return { riderId, bib, name, isBot, lap: own.at(-1)?.lap ?? 0, distanceM: distanceOfM(riderId) ?? 0, finishedMs }
  })
  rows.sort(
    (a, b) => compare(a.finishedMs ?? Infinity, b.finishedMs ?? Infinity) || b.distanceM - a.distanceM || a.bib - b.bib,
  )
  const leadM = rows.reduce((most, row) => Math.max(most, row.distanceM), 0)
  return rows.map((row, index) => ({ place: index + 1, ...row, gapM: leadM - row.distanceM }))
}
