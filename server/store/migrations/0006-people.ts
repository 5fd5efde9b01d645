import { type Kysely, sql } from 'kysely'

/** Accounts, what they own, and every ride; guests have rides without an account. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const now = sql`now()`
  const newUuid = sql`gen_random_uuid()`

  await db.schema
    .createTable('account')
    .addColumn('id', 'uuid', (c) => c.primaryKey().defaultTo(newUuid))
    .addColumn('name', 'text', (c) => c.notNull())
    // The name as it is compared: whoever writes it larger is the same.
    .addColumn('name_key', 'text', (c) => c.notNull().unique())
    .addColumn('phrase', 'text', (c) => c.notNull())
    .addColumn('profile', 'text', (c) => c.notNull())
    .addColumn('look', 'text')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .execute()

  await db.schema
    .createTable('account_session')
    .addColumn('token_hash', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'uuid', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('seen_at', 'timestamptz', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('account_session_account').on('account_session').column('account_id').execute()

  await db.schema
    .createTable('recovery_code')
    .addColumn('account_id', 'uuid', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('code_hash', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('recovery_code_once', ['account_id', 'code_hash'])
    .execute()

  await db.schema
    .createTable('friend')
    .addColumn('account_id', 'uuid', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('friend_id', 'uuid', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('friend_once', ['account_id', 'friend_id'])
    .execute()

  await db.schema
    .alterTable('rider')
    .addColumn('account_id', 'uuid', (c) => c.references('account.id').onDelete('set null'))
    .execute()
  await db.schema.alterTable('rider').addColumn('look', 'text').execute()
  await db.schema.createIndex('rider_account').on('rider').column('account_id').execute()

  await db.schema
    .createTable('activity')
    .addColumn('id', 'uuid', (c) => c.primaryKey())
    // No reference: a ride is kept also when the rider could not be saved yet.
    .addColumn('rider_id', 'uuid', (c) => c.notNull())
    .addColumn('started_at', 'timestamptz', (c) => c.notNull())
    .addColumn('head', 'text', (c) => c.notNull())
    .addColumn('summary', 'text', (c) => c.notNull())
    .addColumn('ride', 'bytea', (c) => c.notNull())
    .addColumn('is_public', 'boolean', (c) => c.notNull().defaultTo(false))
    .execute()
  await db.schema.createIndex('activity_rider').on('activity').columns(['rider_id', 'started_at']).execute()
}
