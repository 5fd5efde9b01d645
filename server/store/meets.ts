import type { Kysely, Selectable } from 'kysely'
import type { StoredMeet } from './store.ts'
import type { Tables } from './tables.ts'

/** Meet-ups in the store, over any PostgreSQL that Kysely speaks to. */

export async function createMeet(db: Kysely<Tables>, meet: StoredMeet): Promise<void> {
  const { title, laps } = meet
  await db
    .insertInto('meet')
    .values({
      ...{ id: meet.id, title, map_id: meet.mapId, map_hash: meet.mapHash, route_id: meet.routeId, laps },
      ...{ starts_at: new Date(meet.startsAtMs), is_together: meet.isTogether, is_listed: meet.isListed },
      ...{ pace_low_wkg: meet.paceWkg?.low ?? null, pace_high_wkg: meet.paceWkg?.high ?? null },
      ...{ made_by: meet.madeBy, key_hash: meet.keyHash, ended_at: null },
    })
    .execute()
}

/** Those that are not over, the soonest first. */
export async function openMeets(db: Kysely<Tables>, limit: number): Promise<readonly StoredMeet[]> {
  const query = db.selectFrom('meet').selectAll().where('ended_at', 'is', null).orderBy('starts_at').limit(limit)
  return (await query.execute()).map(toMeet)
}

export async function endMeet(db: Kysely<Tables>, id: string, endedAtMs: number): Promise<void> {
  const ended = { ended_at: new Date(endedAtMs) }
  await db.updateTable('meet').set(ended).where('id', '=', id).execute()
}

function toMeet(row: Selectable<Tables['meet']>): StoredMeet {
  const { pace_low_wkg: low, pace_high_wkg: high } = row
  return {
    ...{ id: row.id, title: row.title, mapId: row.map_id, mapHash: row.map_hash, routeId: row.route_id },
    ...{ laps: row.laps, startsAtMs: row.starts_at.getTime(), isTogether: row.is_together, isListed: row.is_listed },
    ...{ paceWkg: low === null || high === null ? null : { low, high }, madeBy: row.made_by, keyHash: row.key_hash },
  }
}
