import type { Kysely } from 'kysely'

/** A race is ridden on a route of its map; events from before have the first one, by no name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('event')
    .addColumn('route_id', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
}
