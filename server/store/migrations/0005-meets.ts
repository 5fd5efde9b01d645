import { type Kysely, sql } from 'kysely'

/** Meet-ups: a road, a time, and a link. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('meet')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('map_id', 'text', (c) => c.notNull())
    .addColumn('map_hash', 'text', (c) => c.notNull())
    .addColumn('route_id', 'text', (c) => c.notNull())
    .addColumn('laps', 'integer', (c) => c.notNull().check(sql`laps > 0`))
    .addColumn('starts_at', 'timestamptz', (c) => c.notNull())
    .addColumn('pace_low_wkg', 'double precision')
    .addColumn('pace_high_wkg', 'double precision')
    .addColumn('is_together', 'boolean', (c) => c.notNull())
    .addColumn('is_listed', 'boolean', (c) => c.notNull())
    .addColumn('made_by', 'text', (c) => c.notNull())
    .addColumn('key_hash', 'text', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn('ended_at', 'timestamptz')
    .execute()
  await db.schema.createIndex('meet_starts').on('meet').column('starts_at').execute()
}
