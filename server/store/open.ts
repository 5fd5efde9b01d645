import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { findEngine, openEmbedded } from './embedded.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import type { Store } from './store.ts'

/** The store that the settings ask for; `say` hears what was chosen when that is not the first choice. */
export async function openStore(
  config: Pick<Config, 'databaseUrl' | 'store'>,
  dataFolder: string,
  say: (sentence: string) => void,
): Promise<Store> {
  if (config.databaseUrl !== undefined) return await openPostgres(config.databaseUrl)
  const folder = join(dataFolder, 'postgres')
  if (config.store !== 'pglite') {
    const engine = await findEngine(folder)
    if (engine.ok) return await openEmbedded(folder, engine, say)
    if (config.store === 'postgres') {
      throw new AppError('ERR_CONFIG', `GRUPPETTO_STORE=postgres cannot be: ${engine.why}; leave it at auto.`)
    }
    say(
      `Using PGlite, in this process and not safe against power loss: ${engine.why}. ` +
        'Set DATABASE_URL, or move the clone and GRUPPETTO_DATA_DIR to where that user may read, for a real PostgreSQL.',
    )
    if (existsSync(join(folder, 'data', 'PG_VERSION'))) say(`The database in ${folder} is left alone, and not read.`)
  }
  return await openPglite(join(dataFolder, 'pglite'))
}
