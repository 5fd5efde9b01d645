import { type Kysely, sql } from 'kysely'
import type { RetentionStore } from './retention.ts'
import type { Tables } from './tables.ts'

/** What goes by itself, over any PostgreSQL. */
export class SqlRetention implements RetentionStore {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async dropGuestRides(beforeMs: number, most: number): Promise<number> {
    return await this.#db.transaction().execute(async (tx) => {
      const old = tx
        .selectFrom('activity')
        .leftJoin('rider', 'rider.id', 'activity.rider_id')
        .select(['activity.id', 'activity.rider_id'])
        .where('activity.started_at', '<', new Date(beforeMs))
        .where('rider.account_id', 'is', null)
      const found = await old.orderBy('activity.started_at').limit(most).execute()
      if (found.length === 0) return 0
      // Whoever claims just now is first, and then it is theirs; or comes after, and finds what is left.
      const riders = [...new Set(found.map((ride) => ride.rider_id))]
      const locked = tx.selectFrom('rider').select(['id', 'account_id']).where('id', 'in', riders).orderBy('id')
      const claimed = new Set(
        (await locked.forUpdate().execute()).flatMap((rider) => (rider.account_id === null ? [] : [rider.id])),
      )
      const ids = found.flatMap((ride) => (claimed.has(ride.rider_id) ? [] : [ride.id]))
      if (ids.length > 0) await tx.deleteFrom('activity').where('id', 'in', ids).execute()
      return ids.length
    })
  }

  async dropGuests(beforeMs: number, most: number, except: readonly string[]): Promise<number> {
    const nothingKept = sql<boolean>`not exists (select 1 from activity where activity.rider_id = rider.id)
      and not exists (select 1 from entry where entry.rider_id = rider.id)`
    const gone = this.#db
      .selectFrom('rider')
      .select('id')
      .where('created_at', '<', new Date(beforeMs))
      .where('account_id', 'is', null)
      .where(nothingKept)
      .$if(except.length > 0, (query) => query.where('id', 'not in', except))
      .limit(most)
    const { numDeletedRows } = await this.#db
      .deleteFrom('rider')
      .where('id', 'in', gone)
      // Once more: a claim may have come between.
      .where('account_id', 'is', null)
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  }

  async journalsInUse(): Promise<{ names: ReadonlySet<string>; unknownFromMs: number | undefined }> {
    const names = new Set<string>()
    for (const { journal } of await this.#db.selectFrom('run').select('journal').execute()) names.add(journal)
    const lists = this.#db.selectFrom('activity').select('journals').distinct().where('journals', 'is not', null)
    for (const { journals } of await lists.execute())
      for (const name of JSON.parse(journals!) as string[]) names.add(name)
    const unknown = this.#db.selectFrom('activity').select((c) => c.fn.min('started_at').as('from'))
    const { from } = await unknown.where('journals', 'is', null).executeTakeFirstOrThrow()
    return { names, unknownFromMs: (from as Date | null)?.getTime() }
  }
}
