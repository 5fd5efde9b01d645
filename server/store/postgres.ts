import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { AppError } from '../errors.ts'
import { SqlStore } from './sql-store.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

/** Connections to one database. The server asks it rarely; the tick never does. */
const CONNECTIONS_MAX = 8
const CONNECT_TIMEOUT_MS = 5000

/** The organiser's own PostgreSQL (15 or newer). */
export async function openPostgres(databaseUrl: string): Promise<Store> {
  try {
    const config = { connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS }
    return await SqlStore.open('postgres', connect(config))
  } catch (cause) {
    throw new AppError(
      'ERR_CONFIG',
      `DATABASE_URL leads to no usable database (${reason(cause)}): check host, port, user and database name, or unset it to use the embedded one.`,
      { cause },
    )
  }
}

export function connect(config: pg.PoolConfig): Kysely<Tables> {
  const pool = new pg.Pool({ max: CONNECTIONS_MAX, ...config })
  // A connection that breaks while idle is dropped by the pool; the next query opens another one or fails by itself.
  pool.on('error', () => {})
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

/** Several addresses tried at once fail with one error of errors, whose own message is empty. */
export function reason(cause: unknown): string {
  if (cause instanceof AggregateError) return reason(cause.errors[0])
  return cause instanceof Error ? cause.message : String(cause)
}
