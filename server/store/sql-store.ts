import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Crossing, Decision, Result } from '#server/event/model'
import type { EventPhase } from '../http/shapes.ts'
import * as events0001 from './migrations/0001-events.ts'
import * as routes0002 from './migrations/0002-routes.ts'
import * as meets0005 from './migrations/0005-meets.ts'
import * as people0006 from './migrations/0006-people.ts'
import * as safety0007 from './migrations/0007-safety.ts'
import { lookOf } from '../room/looks.ts'
import { createMeet, endMeet, openMeets } from './meets.ts'
import { toCrossing, toDecision, toEntry, toEvent, toResult, toRun } from './rows.ts'
import type { PeopleStore } from './people.ts'
import { SqlPeople } from './sql-people.ts'
import { SqlRetention } from './sql-retention.ts'
import { SqlSafety } from './sql-safety.ts'
import type { RetentionStore } from './retention.ts'
import type { SafetyStore } from './safety.ts'
import type {
  NewEntry,
  NewEvent,
  RunEnd,
  Store,
  StoredEntry,
  StoredEvent,
  StoredMeet,
  StoredRider,
  StoredRun,
} from './store.ts'
import type { Tables } from './tables.ts'

/** In the order of their names; one that has run anywhere is never changed. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-events': events0001,
  '0002-routes': routes0002,
  '0005-meets': meets0005,
  '0006-people': people0006,
  '0007-safety': safety0007,
}

/** Rows per insert: PostgreSQL takes 65535 values in one statement. */
const ROWS_PER_INSERT = 1000

/** The store over any PostgreSQL that Kysely speaks to. */
export class SqlStore implements Store {
  readonly kind: Store['kind']
  readonly people: PeopleStore
  readonly safety: SafetyStore
  readonly retention: RetentionStore
  readonly #db: Kysely<Tables>
  readonly #stop: () => Promise<void>

  private constructor(kind: Store['kind'], db: Kysely<Tables>, stop: () => Promise<void>) {
    this.kind = kind
    this.#db = db
    this.people = new SqlPeople(db)
    this.safety = new SqlSafety(db)
    this.retention = new SqlRetention(db)
    this.#stop = stop
  }

  /** Brings the tables up to date first. `stop` ends what stands behind the connections. */
  static async open(
    kind: Store['kind'],
    db: Kysely<Tables>,
    stop: () => Promise<void> = async () => {},
  ): Promise<Store> {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
    const { error } = await migrator.migrateToLatest()
    if (error !== undefined) throw error instanceof Error ? error : new Error(String(error))
    return new SqlStore(kind, db, stop)
  }

  async setting(key: string): Promise<string | undefined> {
    const row = await this.#db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
    return row?.value
  }

  async putSettingOnce(key: string, value: string): Promise<boolean> {
    const insert = this.#db.insertInto('settings').values({ key, value })
    const { numInsertedOrUpdatedRows } = await insert.onConflict((c) => c.doNothing()).executeTakeFirstOrThrow()
    return numInsertedOrUpdatedRows === 1n
  }

  async putSetting(key: string, value: string): Promise<void> {
    const insert = this.#db.insertInto('settings').values({ key, value })
    await insert.onConflict((c) => c.column('key').doUpdateSet({ value })).execute()
  }

  async saveRider(rider: StoredRider): Promise<void> {
    const look = rider.look === undefined ? {} : { look: JSON.stringify(rider.look) }
    const guest = rider.guestKey === undefined ? {} : { guest_key: rider.guestKey }
    const body = { name: rider.name, mass_kg: rider.massKg, height_m: rider.heightM, ...look, ...guest }
    await this.#db
      .insertInto('rider')
      .values({ id: rider.id, secret_hash: rider.secretHash, ...body })
      .onConflict((c) => c.column('id').doUpdateSet(body))
      .execute()
  }

  async riderBySecret(secretHash: string): Promise<StoredRider | undefined> {
    const row = await this.#db.selectFrom('rider').selectAll().where('secret_hash', '=', secretHash).executeTakeFirst()
    if (row === undefined) return undefined
    const { id, name, mass_kg: massKg, height_m: heightM, secret_hash: hash } = row
    return { id, name, massKg, heightM, secretHash: hash, look: lookOf(row.look), guestKey: row.guest_key ?? undefined }
  }

  async createEvent(event: NewEvent): Promise<StoredEvent> {
    const row = await this.#db
      .insertInto('event')
      .values({
        title: event.title,
        map_id: event.mapId,
        map_hash: event.mapHash,
        route_id: event.routeId,
        laps: event.laps,
        starts_at: event.startsAtMs === null ? null : new Date(event.startsAtMs),
        bots: event.bots,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return toEvent(row)
  }

  async event(eventId: string): Promise<StoredEvent | undefined> {
    if (!isUuid(eventId)) return undefined
    const row = await this.#db.selectFrom('event').selectAll().where('id', '=', eventId).executeTakeFirst()
    return row && toEvent(row)
  }

  async events(limit: number): Promise<readonly StoredEvent[]> {
    const rows = await this.#db.selectFrom('event').selectAll().orderBy('ordinal', 'desc').limit(limit).execute()
    return rows.map(toEvent)
  }

  async setEventPhase(eventId: string, phase: EventPhase): Promise<void> {
    await this.#db.updateTable('event').set({ phase }).where('id', '=', eventId).execute()
  }

  async createEntry(entry: NewEntry): Promise<StoredEntry> {
    return await this.#db.transaction().execute(async (tx) => {
      // One at a time for each event, so that bibs have no gaps and no doubles.
      await tx.selectFrom('event').select('id').where('id', '=', entry.eventId).forUpdate().executeTakeFirstOrThrow()
      const mine = tx.selectFrom('entry').where('event_id', '=', entry.eventId)
      if (entry.riderUuid !== null) {
        const known = await mine.selectAll().where('rider_id', '=', entry.riderUuid).executeTakeFirst()
        if (known !== undefined) return toEntry(known)
      }
      const last = await mine.select((c) => c.fn.max('bib').as('bib')).executeTakeFirstOrThrow()
      const row = await tx
        .insertInto('entry')
        .values({
          event_id: entry.eventId,
          rider_id: entry.riderUuid,
          name: entry.name,
          mass_kg: entry.massKg,
          height_m: entry.heightM,
          is_bot: entry.isBot,
          bib: (last.bib ?? 0) + 1,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return toEntry(row)
    })
  }

  async entries(eventId: string): Promise<readonly StoredEntry[]> {
    const rows = await this.#db.selectFrom('entry').selectAll().where('event_id', '=', eventId).orderBy('bib').execute()
    return rows.map(toEntry)
  }

  async createRun(run: StoredRun): Promise<void> {
    await this.#db
      .insertInto('run')
      .values({
        id: run.id,
        event_id: run.eventId,
        room_id: run.roomId,
        seed: run.seed,
        physics_version: run.physicsVersion,
        map_hash: run.mapHash,
        journal: run.journal,
        started_at: new Date(run.startedAtMs),
        start_tick: run.startTick,
      })
      .execute()
  }

  async endRun(runId: string, end: RunEnd): Promise<void> {
    const columns = { ended_at: new Date(end.endedAtMs), end_tick: end.endTick, state_hash: end.stateHash }
    await this.#db.updateTable('run').set(columns).where('id', '=', runId).execute()
  }

  async runOf(eventId: string): Promise<(StoredRun & Partial<RunEnd>) | undefined> {
    const row = await this.#db
      .selectFrom('run')
      .selectAll()
      .where('event_id', '=', eventId)
      .orderBy('started_at', 'desc')
      .executeTakeFirst()
    return row && toRun(row)
  }

  async addCrossings(runId: string, crossings: readonly Crossing[]): Promise<void> {
    for (let from = 0; from < crossings.length; from += ROWS_PER_INSERT) {
      const rows = crossings.slice(from, from + ROWS_PER_INSERT).map((crossing) => ({
        run_id: runId,
        rider: crossing.riderId,
        line_id: crossing.lineId,
        lap: crossing.lap,
        tick: crossing.tick,
        fraction: crossing.fraction,
      }))
      const insert = this.#db.insertInto('crossing').values(rows)
      // One statement after another, on purpose: a crowd's finish is not a burst of connections.
      await insert.onConflict((c) => c.doNothing()).execute()
    }
  }

  async crossings(runId: string): Promise<readonly Crossing[]> {
    const rows = await this.#db
      .selectFrom('crossing')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('tick')
      .orderBy('fraction')
      .orderBy('rider')
      .execute()
    return rows.map(toCrossing)
  }

  async addDecision(runId: string, decision: Decision, decidedAtMs: number): Promise<void> {
    const { id, riderId, action, reason, by } = decision
    await this.#db
      .insertInto('decision')
      .values({
        run_id: runId,
        id,
        rider: riderId,
        kind: action.kind,
        penalty_ms: action.kind === 'time-penalty' ? action.penaltyMs : null,
        reverts: action.kind === 'revert' ? action.decisionId : null,
        reason,
        decided_by: by,
        decided_at: new Date(decidedAtMs),
      })
      .execute()
  }

  async decisions(runId: string): Promise<readonly Decision[]> {
    const query = this.#db.selectFrom('decision').selectAll().where('run_id', '=', runId).orderBy('id')
    const rows = await query.execute()
    return rows.map(toDecision)
  }

  async addResults(runId: string, rows: readonly Result[]): Promise<number> {
    return await this.#db.transaction().execute(async (tx) => {
      await tx.selectFrom('run').select('id').where('id', '=', runId).forUpdate().executeTakeFirstOrThrow()
      const last = await tx
        .selectFrom('result')
        .select((c) => c.fn.max('revision').as('revision'))
        .where('run_id', '=', runId)
        .executeTakeFirstOrThrow()
      const revision = (last.revision ?? 0) + 1
      const values = rows.map((row, ordinal) => ({
        run_id: runId,
        revision,
        ordinal,
        rider: row.riderId,
        place: row.place,
        status: row.status,
        bib: row.bib,
        name: row.name,
        is_bot: row.isBot,
        time_ms: row.timeMs,
        gap_ms: row.gapMs,
        penalty_ms: row.penaltyMs,
        laps: row.laps,
        notes: JSON.stringify(row.notes),
      }))
      for (let from = 0; from < values.length; from += ROWS_PER_INSERT) {
        const part = values.slice(from, from + ROWS_PER_INSERT)
        // One connection holds the transaction.
        await tx.insertInto('result').values(part).execute()
      }
      return revision
    })
  }

  async results(runId: string): Promise<{ revision: number; rows: readonly Result[] }> {
    const newest = sql<number>`(select max(revision) from result where run_id = ${runId})`
    const rows = await this.#db
      .selectFrom('result')
      .selectAll()
      .where('run_id', '=', runId)
      .where('revision', '=', newest)
      .orderBy('ordinal')
      .execute()
    return { revision: rows[0]?.revision ?? 0, rows: rows.map(toResult) }
  }

  async createMeet(meet: StoredMeet): Promise<void> {
    await createMeet(this.#db, meet)
  }

  async openMeets(limit: number): Promise<readonly StoredMeet[]> {
    return await openMeets(this.#db, limit)
  }

  async endMeet(id: string, endedAtMs: number): Promise<void> {
    await endMeet(this.#db, id, endedAtMs)
  }

  async close(): Promise<void> {
    await this.#db.destroy()
    await this.#stop()
  }
}

/** PostgreSQL answers an error, not an empty set, to a text that is no UUID. */
function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
}
