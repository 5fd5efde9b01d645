import { Kysely, PGliteDialect } from 'kysely'
import { SqlStore } from './sql-store.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

/**
 * PostgreSQL compiled to WebAssembly, in this process: runs everywhere, survives a kill, but not surely a power cut (it
 * does not fsync), and a long query holds up the tick. The fallback, and the smallest thing for tests. No folder: in memory.
 */
export async function openPglite(folder?: string): Promise<Store> {
  // Loaded late: it costs a third of a second and 100 MB that the other stores do not need.
  const { PGlite } = await import('@electric-sql/pglite')
  const lite = await PGlite.create(folder === undefined ? {} : { dataDir: folder })
  return await SqlStore.open('pglite', new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: lite }) }))
}
