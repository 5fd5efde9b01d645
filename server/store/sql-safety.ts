import { type Kysely, type Selectable, sql } from 'kysely'
import type { Report } from '../room/report.ts'
import type { Avoided, NewReport, OpenReport, ReportCounts, SafetyStore } from './safety.ts'
import type { Tables } from './tables.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const ACCOUNT = 'a:'

/** Reports and whom riders avoid, over any PostgreSQL. */
export class SqlSafety implements SafetyStore {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async addReport({ byKey, aboutKey, ...report }: NewReport): Promise<void> {
    await this.#db
      .insertInto('report')
      .values({
        ...{ id: report.id, made_at: new Date(report.wallMs), by_key: byKey, about_key: aboutKey },
        ...{ about_name: report.about.name, report: JSON.stringify(report), settled_at: null },
      })
      .onConflict((c) => c.column('id').doNothing())
      .execute()
  }

  async openReports(limit: number): Promise<{ reports: readonly OpenReport[]; count: number }> {
    const rows = await this.#db
      .selectFrom('report')
      .where('settled_at', 'is', null)
      .selectAll()
      .select([
        sql<string>`count(*) over ()`.as('count'),
        sql<string>`count(*) over (partition by by_key)`.as('of_reporter'),
      ])
      .orderBy('made_at', 'desc')
      .orderBy('id')
      .limit(limit)
      .execute()
    const reports = rows.map((row) => ({ ...toReport(row), ofReporter: Number(row.of_reporter) }))
    return { reports, count: Number(rows[0]?.count ?? 0) }
  }

  async countReports(byKey: string, aboutKey: string): Promise<ReportCounts> {
    const row = await this.#db
      .selectFrom('report')
      .where('settled_at', 'is', null)
      .select([
        sql<string>`count(*)`.as('all'),
        sql<string>`count(*) filter (where by_key = ${byKey})`.as('byThem'),
        sql<string>`count(*) filter (where about_key = ${aboutKey})`.as('aboutThem'),
        sql<string>`count(*) filter (where by_key = ${byKey} and about_key = ${aboutKey})`.as('ofPair'),
      ])
      .executeTakeFirstOrThrow()
    const { all, byThem, aboutThem, ofPair } = row
    return { all: Number(all), byThem: Number(byThem), aboutThem: Number(aboutThem), ofPair: Number(ofPair) }
  }

  async settledReports(limit: number): Promise<readonly Report[]> {
    const settled = this.#db.selectFrom('report').selectAll().where('settled_at', 'is not', null)
    return (await settled.orderBy('settled_at', 'desc').orderBy('id').limit(limit).execute()).map(toReport)
  }

  async reportsBy(byKey: string): Promise<readonly Report[]> {
    const made = this.#db.selectFrom('report').selectAll().where('by_key', '=', byKey)
    return (await made.orderBy('made_at').orderBy('id').execute()).map(toReport)
  }

  async settleReport(id: string, settledMs: number, areAllOfReporter: boolean): Promise<number> {
    if (!UUID.test(id)) return 0
    const open = this.#db
      .updateTable('report')
      .set({ settled_at: new Date(settledMs) })
      .where('settled_at', 'is', null)
    const meant = areAllOfReporter
      ? open.where('by_key', '=', (c) => c.selectFrom('report').select('by_key').where('id', '=', id))
      : open.where('id', '=', id)
    return Number((await meant.executeTakeFirstOrThrow()).numUpdatedRows)
  }

  async dropSettled(beforeMs: number): Promise<void> {
    await this.#db.deleteFrom('report').where('settled_at', '<', new Date(beforeMs)).execute()
  }

  async avoidedBy(keys: readonly string[]): Promise<readonly Avoided[]> {
    if (keys.length === 0) return []
    const query = this.#db.selectFrom('avoided').selectAll().where('by_key', 'in', keys)
    return (await query.orderBy('made_at').orderBy('about_key').orderBy('kind').execute()).map(toAvoided)
  }

  async avoid(avoided: readonly Avoided[]): Promise<void> {
    if (avoided.length === 0) return
    await this.#db.transaction().execute(async (tx) => {
      const rows = avoided.map(({ byKey, aboutKey, kind, markId, name }) => ({
        ...{ by_key: byKey, about_key: aboutKey, kind, mark_id: markId, name },
      }))
      await tx
        .insertInto('avoided')
        .values(rows)
        .onConflict((c) => c.doNothing())
        .execute()
      for (const { byKey, aboutKey, kind } of avoided) {
        if (kind !== 'block' || !byKey.startsWith(ACCOUNT) || !aboutKey.startsWith(ACCOUNT)) continue
        const [by, about] = [byKey.slice(ACCOUNT.length), aboutKey.slice(ACCOUNT.length)]
        for (const [one, other] of [
          [by, about],
          [about, by],
        ] as const)
          await tx.deleteFrom('friend').where('account_id', '=', one).where('friend_id', '=', other).execute()
      }
    })
  }

  async hearAgain(keys: readonly string[], markId: string): Promise<void> {
    if (keys.length === 0 || !UUID.test(markId)) return
    await this.#db.deleteFrom('avoided').where('by_key', 'in', keys).where('mark_id', '=', markId).execute()
  }

  async touchAvoided(keys: readonly string[], seenMs: number): Promise<void> {
    if (keys.length === 0) return
    const seen = { seen_at: new Date(seenMs) }
    await this.#db.updateTable('avoided').set(seen).where('by_key', 'in', keys).execute()
  }

  async dropAvoided(seenBeforeMs: number): Promise<void> {
    const old = this.#db.deleteFrom('avoided').where('seen_at', '<', new Date(seenBeforeMs))
    await old.where('by_key', 'not like', `${ACCOUNT}%`).execute()
  }

  async countAvoided(): Promise<number> {
    const count = this.#db.selectFrom('avoided').select((c) => c.fn.countAll<string | number>().as('count'))
    return Number((await count.executeTakeFirstOrThrow()).count)
  }
}

function toReport(row: Selectable<Tables['report']>): Report {
  return JSON.parse(row.report) as Report
}

function toAvoided(row: Selectable<Tables['avoided']>): Avoided {
  return { byKey: row.by_key, aboutKey: row.about_key, kind: row.kind, markId: row.mark_id, name: row.name }
}
