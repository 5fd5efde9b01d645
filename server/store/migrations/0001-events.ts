import { type Kysely, sql } from 'kysely'

/**
 * The model of a race: event → entry, run → crossing, decision, result. Crossings and decisions are the only truth;
 * a result is a revision computed from them and never overwritten. SQL of PostgreSQL 15, so that managed services do.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const now = sql`now()`
  const newUuid = sql`gen_random_uuid()`

  await db.schema
    .createTable('settings')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('rider')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('mass_kg', 'double precision', (c) => c.notNull())
    .addColumn('height_m', 'double precision', (c) => c.notNull())
    .addColumn('secret_hash', 'text', (c) => c.notNull().unique())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()

  await db.schema
    .createTable('event')
    .addColumn('id', 'uuid', (c) => c.primaryKey().defaultTo(newUuid))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('map_id', 'text', (c) => c.notNull())
    .addColumn('map_hash', 'text', (c) => c.notNull())
    .addColumn('laps', 'integer', (c) => c.notNull().check(sql`laps > 0`))
    .addColumn('starts_at', 'timestamptz')
    .addColumn('bots', 'integer', (c) => c.notNull())
    .addColumn('phase', 'text', (c) => c.notNull().defaultTo('planned'))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('ordinal', 'serial', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('entry')
    .addColumn('id', 'uuid', (c) => c.primaryKey().defaultTo(newUuid))
    .addColumn('event_id', 'uuid', (c) => c.notNull().references('event.id').onDelete('cascade'))
    .addColumn('rider_id', 'uuid', (c) => c.references('rider.id').onDelete('set null'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('mass_kg', 'double precision', (c) => c.notNull())
    .addColumn('height_m', 'double precision', (c) => c.notNull())
    .addColumn('is_bot', 'boolean', (c) => c.notNull())
    .addColumn('bib', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addUniqueConstraint('entry_bib', ['event_id', 'bib'])
    .addUniqueConstraint('entry_rider', ['event_id', 'rider_id'])
    .execute()

  await db.schema
    .createTable('run')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('event_id', 'uuid', (c) => c.notNull().references('event.id').onDelete('cascade'))
    .addColumn('room_id', 'text', (c) => c.notNull())
    // A seed is 32 bits unsigned: more than `integer` holds. A double holds it exactly, and drivers hand it over as a number.
    .addColumn('seed', 'double precision', (c) => c.notNull())
    .addColumn('physics_version', 'text', (c) => c.notNull())
    .addColumn('map_hash', 'text', (c) => c.notNull())
    .addColumn('journal', 'text', (c) => c.notNull())
    .addColumn('started_at', 'timestamptz', (c) => c.notNull())
    .addColumn('start_tick', 'double precision', (c) => c.notNull())
    .addColumn('ended_at', 'timestamptz')
    .addColumn('end_tick', 'double precision')
    .addColumn('state_hash', 'text')
    .execute()
  await db.schema.createIndex('run_event').on('run').columns(['event_id', 'started_at']).execute()

  await db.schema
    .createTable('crossing')
    .addColumn('run_id', 'uuid', (c) => c.notNull().references('run.id').onDelete('cascade'))
    .addColumn('rider', 'integer', (c) => c.notNull())
    .addColumn('line_id', 'text', (c) => c.notNull())
    .addColumn('lap', 'integer', (c) => c.notNull())
    .addColumn('tick', 'double precision', (c) => c.notNull())
    .addColumn('fraction', 'double precision', (c) => c.notNull())
    .addPrimaryKeyConstraint('crossing_once', ['run_id', 'rider', 'line_id', 'lap'])
    .execute()

  await db.schema
    .createTable('decision')
    .addColumn('run_id', 'uuid', (c) => c.notNull().references('run.id').onDelete('cascade'))
    .addColumn('id', 'integer', (c) => c.notNull())
    .addColumn('rider', 'integer', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('penalty_ms', 'integer')
    .addColumn('reverts', 'integer')
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('decided_by', 'text', (c) => c.notNull())
    .addColumn('decided_at', 'timestamptz', (c) => c.notNull())
    .addPrimaryKeyConstraint('decision_order', ['run_id', 'id'])
    .execute()

  await db.schema
    .createTable('result')
    .addColumn('run_id', 'uuid', (c) => c.notNull().references('run.id').onDelete('cascade'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('ordinal', 'integer', (c) => c.notNull())
    .addColumn('rider', 'integer', (c) => c.notNull())
    .addColumn('place', 'integer')
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('bib', 'integer', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('is_bot', 'boolean', (c) => c.notNull())
    .addColumn('time_ms', 'double precision')
    .addColumn('gap_ms', 'double precision')
    .addColumn('penalty_ms', 'integer', (c) => c.notNull())
    .addColumn('laps', 'integer', (c) => c.notNull())
    .addColumn('notes', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('result_revision', ['run_id', 'revision', 'ordinal'])
    .execute()
}
