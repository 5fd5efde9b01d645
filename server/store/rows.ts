import type { Selectable } from 'kysely'
import type { RiderId, Tick } from '#protocol/ids'
import type { Crossing, Decision, DecisionAction, Result } from '#server/event/model'
import type { RunEnd, StoredEntry, StoredEvent, StoredRun } from './store.ts'
import type { Tables } from './tables.ts'

/** Rows of the tables as the rest of the house knows them. */

export function toEvent(row: Selectable<Tables['event']>): StoredEvent {
  return {
    id: row.id,
    title: row.title,
    mapId: row.map_id,
    mapHash: row.map_hash,
    routeId: row.route_id,
    laps: row.laps,
    startsAtMs: row.starts_at === null ? null : row.starts_at.getTime(),
    bots: row.bots,
    phase: row.phase,
  }
}

export function toEntry(row: Selectable<Tables['entry']>): StoredEntry {
  return {
    id: row.id,
    eventId: row.event_id,
    riderUuid: row.rider_id,
    name: row.name,
    massKg: row.mass_kg,
    heightM: row.height_m,
    isBot: row.is_bot,
    bib: row.bib,
  }
}

export function toRun(row: Selectable<Tables['run']>): StoredRun & Partial<RunEnd> {
  const run = {
    id: row.id,
    eventId: row.event_id,
    roomId: row.room_id,
    seed: row.seed,
    physicsVersion: row.physics_version,
    mapHash: row.map_hash,
    journal: row.journal,
    startedAtMs: row.started_at.getTime(),
    startTick: row.start_tick,
  }
  if (row.ended_at === null || row.end_tick === null || row.state_hash === null) return run
  return { ...run, endedAtMs: row.ended_at.getTime(), endTick: row.end_tick, stateHash: row.state_hash }
}

function toAction(row: Selectable<Tables['decision']>): DecisionAction {
  switch (row.kind) {
    case 'time-penalty':
      return { kind: 'time-penalty', penaltyMs: row.penalty_ms! }
    case 'revert':
      return { kind: 'revert', decisionId: row.reverts! }
    case 'dq':
    case 'note':
      return { kind: row.kind }
  }
}

export function toCrossing(row: Selectable<Tables['crossing']>): Crossing {
  return {
    tick: row.tick as Tick,
    fraction: row.fraction,
    riderId: row.rider as RiderId,
    lineId: row.line_id,
    lap: row.lap,
  }
}

export function toDecision(row: Selectable<Tables['decision']>): Decision {
  const { id, reason, decided_by: by } = row
  return { id, riderId: row.rider as RiderId, action: toAction(row), reason, by }
}

export function toResult(row: Selectable<Tables['result']>): Result {
  return {
    place: row.place,
    status: row.status,
    riderId: row.rider as RiderId,
    bib: row.bib,
    name: row.name,
    isBot: row.is_bot,
    timeMs: row.time_ms,
    gapMs: row.gap_ms,
    penaltyMs: row.penalty_ms,
    laps: row.laps,
    notes: JSON.parse(row.notes) as string[],
  }
}
