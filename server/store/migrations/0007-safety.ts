import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** What riders reported of one another; whom they block or do not hear; in which journals a ride is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const now = sql`now()`

  await db.schema
    .createTable('report')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    .addColumn('made_at', 'timestamptz', (c) => c.notNull())
    // Person keys: by whom, about whom (server/room/persons.ts). Nobody is told them.
    .addColumn('by_key', 'text', (c) => c.notNull())
    .addColumn('about_key', 'text', (c) => c.notNull())
    .addColumn('about_name', 'text', (c) => c.notNull())
    // JSON: the report as the organiser reads it.
    .addColumn('report', 'text', (c) => c.notNull())
    .addColumn('settled_at', 'timestamptz')
    .execute()
  await db.schema.createIndex('report_open').on('report').columns(['settled_at', 'made_at']).execute()
  await db.schema.createIndex('report_pair').on('report').columns(['by_key', 'about_key']).execute()

  await db.schema
    .createTable('avoided')
    .addColumn('by_key', 'text', (c) => c.notNull())
    .addColumn('about_key', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    // The same for all keys of one person; the page knows them by it.
    .addColumn('mark_id', 'uuid', (c) => c.notNull())
    // As that rider was called then.
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('made_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    // When who avoids was here last.
    .addColumn('seen_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('avoided_once', ['by_key', 'about_key', 'kind'])
    .execute()
  await db.schema.createIndex('avoided_about').on('avoided').column('about_key').execute()

  // Who a guest is, from one ride to the next; null: of before, or a bridge, who are their rider and nobody else.
  await db.schema.alterTable('rider').addColumn('guest_key', 'text').execute()
  // JSON: file names in journals/; null: not known, of before.
  await db.schema.alterTable('activity').addColumn('journals', 'text').execute()
  await db.schema.createIndex('activity_started').on('activity').column('started_at').execute()
}
