import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { profileOf, type Profile } from '../account/profile.ts'
import type { ActivityHead, ActivitySummary } from '../activity/model.ts'
import { lookOf, type RiderLook } from '../room/looks.ts'
import { personKeys } from '../room/persons.ts'
import type { Account, NewAccount, NewRide, PeopleStore, RideOwner, StoredRide } from './people.ts'
import type { Tables } from './tables.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** PostgreSQL's class 23: what is to be unique is there already. */
const UNIQUE_VIOLATION = '23505'
const RIDE_COLUMNS = ['activity.id', 'activity.head', 'activity.summary', 'activity.is_public'] as const
/** Of whose rider it is. */
const IS_GUESTS = sql<boolean>`not exists (select 1 from rider owner
  where owner.id = activity.rider_id and owner.account_id is not null)`.as('is_guests')

/** Accounts and rides over any PostgreSQL. */
export class SqlPeople implements PeopleStore {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async createAccount({ name, nameKey, phrase, profile }: NewAccount): Promise<Account | undefined> {
    const row = await this.#db
      .insertInto('account')
      .values({ name, name_key: nameKey, phrase, profile: JSON.stringify(profile) })
      .onConflict((c) => c.column('name_key').doNothing())
      .returningAll()
      .executeTakeFirst()
    return row && toAccount(row)
  }

  async accountByName(nameKey: string): Promise<Account | undefined> {
    const row = await this.#db.selectFrom('account').selectAll().where('name_key', '=', nameKey).executeTakeFirst()
    return row && toAccount(row)
  }

  async account(accountId: string): Promise<Account | undefined> {
    if (!UUID.test(accountId)) return undefined
    const row = await this.#db.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirst()
    return row && toAccount(row)
  }

  async setPhrase(accountId: string, phrase: string): Promise<void> {
    await this.#db.updateTable('account').set({ phrase }).where('id', '=', accountId).execute()
  }

  async setProfile(accountId: string, as: { name: string; nameKey: string; profile: Profile }): Promise<boolean> {
    const columns = { name: as.name, name_key: as.nameKey, profile: JSON.stringify(as.profile) }
    try {
      await this.#db.updateTable('account').set(columns).where('id', '=', accountId).execute()
      return true
    } catch (error) {
      if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) return false
      throw error
    }
  }

  async setLook(accountId: string, look: RiderLook): Promise<void> {
    const columns = { look: JSON.stringify(look) }
    await this.#db.updateTable('account').set(columns).where('id', '=', accountId).execute()
  }

  async deleteAccount(accountId: string, withdrawnName: string): Promise<readonly string[]> {
    return await this.#db.transaction().execute(async (tx) => {
      const riders = await tx
        .selectFrom('rider')
        .select(['id', 'guest_key'])
        .where('account_id', '=', accountId)
        .execute()
      const ids = riders.map(({ id }) => id)
      const own = [accountKey(accountId), ...riders.map(keyOf)]
      await tx.deleteFrom('avoided').where('by_key', 'in', own).execute()
      await tx.deleteFrom('avoided').where('about_key', '=', accountKey(accountId)).execute()
      await tx.deleteFrom('report').where('by_key', 'in', own).execute()
      if (ids.length > 0) {
        // A result knows its rider by bib: the entry of the same event has it.
        await tx
          .updateTable('result')
          .from('run')
          .innerJoin('entry', 'entry.event_id', 'run.event_id')
          .whereRef('result.run_id', '=', 'run.id')
          .whereRef('result.bib', '=', 'entry.bib')
          .where('entry.rider_id', 'in', ids)
          .set({ name: withdrawnName })
          .execute()
        const nobody = { name: withdrawnName, mass_kg: 75, height_m: 1.75 }
        await tx.updateTable('entry').set(nobody).where('rider_id', 'in', ids).execute()
        await tx.deleteFrom('activity').where('rider_id', 'in', ids).execute()
        await tx.deleteFrom('rider').where('id', 'in', ids).execute()
      }
      await tx.deleteFrom('account').where('id', '=', accountId).execute()
      return ids
    })
  }

  async addSession(tokenHash: string, accountId: string, seenMs: number): Promise<void> {
    const values = { token_hash: tokenHash, account_id: accountId, seen_at: new Date(seenMs) }
    await this.#db.insertInto('account_session').values(values).execute()
  }

  async sessionOf(tokenHash: string, sinceMs: number): Promise<{ account: Account; seenMs: number } | undefined> {
    const row = await this.#db
      .selectFrom('account_session')
      .innerJoin('account', 'account.id', 'account_session.account_id')
      .selectAll('account')
      .select('account_session.seen_at')
      .where('token_hash', '=', tokenHash)
      .where('seen_at', '>', new Date(sinceMs))
      .executeTakeFirst()
    return row && { account: toAccount(row), seenMs: row.seen_at.getTime() }
  }

  async touchSession(tokenHash: string, seenMs: number): Promise<void> {
    const seen = { seen_at: new Date(seenMs) }
    await this.#db.updateTable('account_session').set(seen).where('token_hash', '=', tokenHash).execute()
  }

  async endSession(tokenHash: string): Promise<void> {
    await this.#db.deleteFrom('account_session').where('token_hash', '=', tokenHash).execute()
  }

  async endSessions(accountId: string, exceptHash = ''): Promise<void> {
    const query = this.#db.deleteFrom('account_session').where('account_id', '=', accountId)
    await query.where('token_hash', '!=', exceptHash).execute()
  }

  async dropSessions(beforeMs: number): Promise<void> {
    await this.#db.deleteFrom('account_session').where('seen_at', '<', new Date(beforeMs)).execute()
  }

  async setRecoveryCodes(accountId: string, codeHashes: readonly string[]): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute()
      const rows = codeHashes.map((hash) => ({ account_id: accountId, code_hash: hash }))
      await tx.insertInto('recovery_code').values(rows).execute()
    })
  }

  async spendRecoveryCode(accountId: string, codeHash: string): Promise<boolean> {
    const query = this.#db.deleteFrom('recovery_code').where('account_id', '=', accountId)
    const { numDeletedRows } = await query.where('code_hash', '=', codeHash).executeTakeFirstOrThrow()
    return numDeletedRows === 1n
  }

  async claim(accountId: string, secretHashes: readonly string[]): Promise<number> {
    if (secretHashes.length === 0) return 0
    return await this.#db.transaction().execute(async (tx) => {
      const claimed = await tx
        .updateTable('rider')
        .set({ account_id: accountId })
        .where('secret_hash', 'in', secretHashes)
        .where('account_id', 'is', null)
        .returning(['id', 'guest_key'])
        .execute()
      if (claimed.length === 0) return 0
      await avoidAlike(tx, [...new Set(claimed.map(keyOf))], accountKey(accountId))
      const ids = claimed.map(({ id }) => id)
      const count = tx.selectFrom('activity').select((c) => c.fn.countAll<string | number>().as('rides'))
      const row = await count.where('rider_id', 'in', ids).executeTakeFirstOrThrow()
      return Number(row.rides)
    })
  }

  async accountsOf(riderUuids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (riderUuids.length === 0) return new Map()
    const rows = await this.#db
      .selectFrom('rider')
      .select(['id', 'account_id'])
      .where('id', 'in', riderUuids)
      .where('account_id', 'is not', null)
      .execute()
    return new Map(rows.map(({ id, account_id }) => [id, account_id!]))
  }

  async setRiderLook(riderUuid: string, look: RiderLook): Promise<void> {
    const columns = { look: JSON.stringify(look) }
    await this.#db.updateTable('rider').set(columns).where('id', '=', riderUuid).execute()
  }

  async friends(accountId: string): Promise<readonly { id: string; name: string }[]> {
    return await this.#db
      .selectFrom('friend')
      .innerJoin('account', 'account.id', 'friend.friend_id')
      .select(['account.id', 'account.name'])
      .where('friend.account_id', '=', accountId)
      .orderBy('account.name')
      .orderBy('account.id')
      .execute()
  }

  async addFriend(accountId: string, friendId: string): Promise<boolean> {
    if ((await this.account(friendId)) === undefined) return false
    const insert = this.#db.insertInto('friend').values({ account_id: accountId, friend_id: friendId })
    await insert.onConflict((c) => c.doNothing()).execute()
    return true
  }

  async removeFriend(accountId: string, friendId: string): Promise<void> {
    if (!UUID.test(friendId)) return
    const query = this.#db.deleteFrom('friend').where('account_id', '=', accountId)
    await query.where('friend_id', '=', friendId).execute()
  }

  async keepRide({ head, summary, bytes, journals }: NewRide): Promise<void> {
    await this.#db
      .insertInto('activity')
      .values({
        ...{ id: head.id, rider_id: head.riderUuid, started_at: new Date(head.startMs) },
        ...{ head: JSON.stringify(head), summary: JSON.stringify(summary), ride: Buffer.from(bytes) },
        journals: JSON.stringify(journals),
        is_public: sql<boolean>`coalesce((select (account.profile::json ->> 'areRidesPublic')::boolean from rider
          join account on account.id = rider.account_id where rider.id = ${head.riderUuid}), false)`,
      })
      .onConflict((c) => c.column('id').doNothing())
      .execute()
  }

  async rides(owner: RideOwner, { beforeMs, limit }: { beforeMs: number; limit: number }): Promise<StoredRide[]> {
    const rows = await this.#of(owner)
      .where('activity.started_at', '<', new Date(beforeMs))
      .orderBy('activity.started_at', 'desc')
      .orderBy('activity.id')
      .limit(limit)
      .execute()
    return rows.map(toRide)
  }

  async ride(rideId: string): Promise<StoredRide | undefined> {
    if (!UUID.test(rideId)) return undefined
    const query = this.#db.selectFrom('activity').select([...RIDE_COLUMNS, IS_GUESTS])
    const row = await query.where('id', '=', rideId).executeTakeFirst()
    return row && toRide(row)
  }

  async rideBytes(rideId: string): Promise<Uint8Array | undefined> {
    if (!UUID.test(rideId)) return undefined
    const row = await this.#db.selectFrom('activity').select('ride').where('id', '=', rideId).executeTakeFirst()
    return row?.ride
  }

  async owns(owner: RideOwner, rideId: string): Promise<boolean> {
    if (!UUID.test(rideId)) return false
    return (await this.#of(owner).where('activity.id', '=', rideId).executeTakeFirst()) !== undefined
  }

  async setRidePublic(rideId: string, isPublic: boolean): Promise<void> {
    await this.#db.updateTable('activity').set({ is_public: isPublic }).where('id', '=', rideId).execute()
  }

  async deleteRide(rideId: string): Promise<void> {
    await this.#db.deleteFrom('activity').where('id', '=', rideId).execute()
  }

  #of({ accountId, secretHashes }: RideOwner) {
    return this.#db
      .selectFrom('activity')
      .innerJoin('rider', 'rider.id', 'activity.rider_id')
      .select([...RIDE_COLUMNS, IS_GUESTS])
      .where(({ or, and, eb }) =>
        or([
          ...(accountId === undefined ? [] : [eb('rider.account_id', '=', accountId)]),
          ...(secretHashes.length === 0
            ? []
            : [and([eb('rider.account_id', 'is', null), eb('rider.secret_hash', 'in', secretHashes)])]),
          // Of nobody: nothing.
          eb.lit(false),
        ]),
      )
  }
}

const accountKey = (accountId: string): string => personKeys.account(accountId)

function keyOf({ id, guest_key: guestKey }: { id: string; guest_key: string | null }): string {
  return guestKey ?? personKeys.rider(id)
}

/** What holds for these guests holds for the account that they are from now on. */
async function avoidAlike(tx: Transaction<Tables>, keys: readonly string[], account: string): Promise<void> {
  const known = tx.selectFrom('avoided').selectAll()
  const rows = await known.where(({ or, eb }) => or([eb('by_key', 'in', keys), eb('about_key', 'in', keys)])).execute()
  if (rows.length === 0) return
  const as = (key: string): string => (keys.includes(key) ? account : key)
  const alike = rows
    .map((row) => ({ ...row, by_key: as(row.by_key), about_key: as(row.about_key) }))
    .filter((row) => row.by_key !== row.about_key)
  if (alike.length === 0) return
  await tx
    .insertInto('avoided')
    .values(alike)
    .onConflict((c) => c.doNothing())
    .execute()
}

function toAccount(row: Selectable<Tables['account']>): Account {
  return {
    ...{ id: row.id, name: row.name, nameKey: row.name_key, phrase: row.phrase },
    ...{ profile: profileOf(row.profile), look: lookOf(row.look) },
  }
}

type RideRow = Pick<Selectable<Tables['activity']>, 'id' | 'head' | 'summary' | 'is_public'> & {
  readonly is_guests: boolean
}

function toRide(row: RideRow): StoredRide {
  return {
    ...{ id: row.id, isPublic: row.is_public, isGuests: row.is_guests },
    head: JSON.parse(row.head) as ActivityHead,
    summary: JSON.parse(row.summary) as ActivitySummary,
  }
}
