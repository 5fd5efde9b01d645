import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { AppError } from '../errors.ts'

/** What the page is made of: the client, the rooms it shares with the server, and the packages. */
const SOURCES = ['client', 'protocol', 'physics', 'maps', 'bridges/core', 'package-lock.json']
const compress = promisify(gzip)
const compressBrotli = promisify(brotliCompress)
/** As small as it gets: it is done once, when the page is built. */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS },
}

export interface ClientBuild {
  /** Where the page's files are, once `ready`. */
  readonly folder: string
  /** The sources are the ones it was built from. */
  isFresh(): Promise<boolean>
  build(): Promise<void>
}

/** Vite builds the page at start when its sources have changed, and never otherwise. */
export function clientBuild(root: string): ClientBuild {
  const folder = join(root, 'dist', 'client')
  const stamp = join(root, 'dist', 'client.stamp')
  return {
    folder,
    async isFresh() {
      const built = await readFile(stamp, 'utf8').catch(() => '') // None: never built.
      return existsSync(join(folder, 'index.html')) && built === (await hashSources(root))
    },
    async build() {
      const hash = await hashSources(root)
      const next = join(root, 'dist', `client-${process.pid}`)
      try {
        await runVite(root, next)
        await compressFiles(next)
        // The page is whole at every moment: the old one, then the new one.
        await rm(stamp, { force: true })
        await rm(folder, { recursive: true, force: true })
        await rename(next, folder)
        await writeFile(stamp, hash)
      } finally {
        await rm(next, { recursive: true, force: true })
      }
    },
  }
}

/** SHA-256 over names and contents, in the order of names. */
export async function hashSources(root: string, sources: readonly string[] = SOURCES): Promise<string> {
  const hash = createHash('sha256')
  const files = (await Promise.all(sources.map((source) => listFiles(join(root, source))))).flat()
  for (const file of files.toSorted()) {
    if (file.endsWith('.test.ts')) continue
    // A hash is a chain.
    const content = await readFile(file)
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

async function listFiles(path: string): Promise<string[]> {
  if (!existsSync(path)) return []
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined)
  if (entries === undefined) return [path] // A file, not a folder.
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** In a process of its own: bundling needs a core for seconds and memory that the server would keep. */
async function runVite(root: string, outFolder: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const child = spawn(
    process.execPath,
    [vite, 'build', join(root, 'client'), '--outDir', outFolder, '--emptyOutDir', '--logLevel', 'warn'],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (said = (said + String(text)).slice(-2000)))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return
  throw new AppError(
    'ERR_CONFIG',
    `The page could not be built; Vite says: ${stripVTControlCharacters(said).trim() || `exit code ${code}`}`,
  )
}

/**
 * Beside each file its gzip (scripts have theirs from the build: client/small-gzip.ts), and its Brotli, which browsers take
 * from secure pages and from this machine: a tenth less.
 */
export async function compressFiles(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const files = await listFiles(folder)
  await Promise.all(
    files
      .filter((file) => /\.(js|css|html|svg|json)$/.test(file))
      .map(async (file) => {
        const content = await readFile(file)
        if (!files.includes(`${file}.gz`)) await writeFile(`${file}.gz`, await compress(content, { level: 9 }))
        await writeFile(`${file}.br`, await compressBrotli(content, BROTLI))
      }),
  )
}
