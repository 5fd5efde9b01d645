import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url))
const KEPT = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))

/**
 * Lays an empty database with all its tables into `folder`, for a house that lives as long as a test or a measurement:
 * to make one costs two seconds of a core, so the first is kept and copied. Where none can be kept nothing is laid,
 * and whoever opens `folder` makes it.
 */
export async function layPglite(folder: string): Promise<void> {
  try {
    await cp(await keptDatabase(), folder, { recursive: true })
  } catch {
    await rm(folder, { recursive: true, force: true })
  }
}

/** One for every PGlite and every set of tables: an older one is not asked. */
async function keptDatabase(): Promise<string> {
  const hash = createHash('sha256')
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  hash.update(await readFile(join(dirname(entry), '..', 'package.json')))
  for (const name of (await readdir(MIGRATIONS)).toSorted())
    hash.update(name).update(await readFile(join(MIGRATIONS, name)))
  const kept = join(KEPT, `empty-pglite-${hash.digest('hex').slice(0, 16)}`)
  if (!existsSync(kept)) await keep(kept)
  return kept
}

/** Whole at every moment: made aside, then put in place; of two at once one is thrown away. */
async function keep(kept: string): Promise<void> {
  await mkdir(KEPT, { recursive: true })
  const making = await mkdtemp(join(KEPT, 'making-pglite-'))
  try {
    // Loaded late: whoever finds one kept needs no database of its own.
    const { openPglite } = await import('./pglite.ts')
    await (await openPglite(making)).close()
    await rename(making, kept).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error
    })
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}
