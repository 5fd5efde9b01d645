import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { SERVER_NODE_FLAGS } from '#cli/server-flags'
import { findEngine } from '#server/store/embedded'

/** The real program as a person starts it: one process, real ports, a real database. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'gruppetto-serve-'))
await chmod(folder, 0o711) // Under root the database runs as `nobody`, who must be able to pass.
const dataDir = join(folder, 'data')
const postmasterPid = join(dataDir, 'postgres', 'data', 'postmaster.pid')
const engine = await findEngine(join(dataDir, 'postgres'))

const children: Program[] = []
afterEach(async () => {
  for (const program of children.splice(0)) await program.kill('SIGKILL')
})
afterAll(async () => {
  if (existsSync(postmasterPid)) process.kill(await readPid(), 'SIGINT') // Only when a test above has failed.
  await rm(folder, { recursive: true })
})

class Program {
  readonly child: ChildProcess
  out = ''
  err = ''
  readonly code: Promise<number | null>

  constructor(env: Record<string, string>) {
    const quiet = {
      GRUPPETTO_DATA_DIR: dataDir,
      GRUPPETTO_PORT: '0',
      GRUPPETTO_WEBRTC_PORT: '0',
      GRUPPETTO_LOG: 'warn',
    }
    this.child = spawn(process.execPath, ['gruppetto.mjs', 'serve', '--no-page'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...quiet, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout!.on('data', (text) => (this.out += String(text)))
    this.child.stderr!.on('data', (text) => (this.err += String(text)))
    this.code = new Promise((resolve) => this.child.once('close', resolve))
    children.push(this)
  }

  /** The address, once the house is open. */
  async opened(): Promise<string> {
    const address = await new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = /^Open (http:\S+)/m.exec(this.out)?.[1]
        if (found !== undefined) resolve(found)
      }
      this.child.stdout!.on('data', look)
      void this.code.then((code) => reject(new Error(`ended with ${code}: ${this.err}`)))
    })
    return address.replace('localhost', '127.0.0.1')
  }

  async kill(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal)
    return await this.code
  }
}

describe('a start that cannot be: one sentence that names the setting, and an exit code', () => {
  test('a wrong value', async () =>
    expectRefusal({ GRUPPETTO_PORT: 'eighty' }, 'GRUPPETTO_PORT must be a whole number'))
  test('a misspelt setting', async () => expectRefusal({ GRUPPETTO_POTR: '1' }, 'GRUPPETTO_POTR is not a setting'))

  test('a TCP port in use', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    await expectRefusal(
      { GRUPPETTO_PORT: String(port), GRUPPETTO_STORE: 'pglite' },
      `Port ${port} is in use`,
      'GRUPPETTO_PORT',
    )
    other.close()
  })

  test('a UDP port in use', async () => {
    const other = createSocket('udp4')
    await new Promise<void>((resolve) => other.bind(0, '127.0.0.1', resolve))
    const { port } = other.address()
    await expectRefusal(
      { GRUPPETTO_UDP_PORT: String(port), GRUPPETTO_STORE: 'pglite' },
      `UDP port ${port}`,
      'GRUPPETTO_UDP_PORT',
    )
    other.close()
  })

  test('an address of another machine', async () =>
    expectRefusal({ GRUPPETTO_HOST: '192.0.2.1' }, '192.0.2.1 is no address of this machine', 'GRUPPETTO_HOST'))

  test('a data folder that cannot be', async () => {
    await writeFile(join(folder, 'file'), '')
    await expectRefusal({ GRUPPETTO_DATA_DIR: join(folder, 'file', 'data') }, 'cannot be written', 'GRUPPETTO_DATA_DIR')
  })

  test('a database that does not answer', async () =>
    expectRefusal({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, 'DATABASE_URL leads to no usable database'))
})

describe('a start, an end, and the start after a crash', () => {
  test('[D201] a server begins with its flags for Node; Ctrl-C, said twice as npm does, writes the journal to its end, stops the database and leaves nothing', async () => {
    const first = new Program({})
    const address = await first.opened()
    expect(await (await fetch(`${address}/health`)).json()).toMatchObject({ isReady: true })
    expect(first.out).toMatch(/Organiser’s token.*: [\w-]{43}\n/)
    const flags = (await (await fetch(`${address}/metrics`)).text()).match(/(?<=node_flags\{flag=")[^"]*/g) ?? []
    expect(flags).toEqual(process.platform === 'win32' ? [] : SERVER_NODE_FLAGS)
    expect(existsSync(postmasterPid)).toBe(engine.ok)
    first.child.kill('SIGINT')
    first.child.kill('SIGINT')
    expect({ code: await first.code, err: first.err }).toEqual({ code: 0, err: engine.ok ? '' : first.err })
    expect(first.out).toMatch(/Closed\.\n$/)
    expect(existsSync(postmasterPid)).toBe(false)
    expect(existsSync(join(dataDir, 'server.pid'))).toBe(false)
    await expectEndedJournals(1)
  }, 30_000)

  test('after kill -9 the next start takes over the database that was left, and a second server is refused meanwhile', async () => {
    const killed = new Program({})
    await killed.opened()
    expect(killed.out).not.toContain('Organiser’s token') // Shown once, in the test above.
    const pid = engine.ok ? await readPid() : 0
    await killed.kill('SIGKILL')
    if (engine.ok) expect(await readPid()).toBe(pid)

    const next = new Program({})
    const address = await next.opened()
    if (engine.ok) expect(await readPid()).toBe(pid)
    expect(await (await fetch(`${address}/api/events`)).json()).toEqual({ events: [] })
    await expectRefusal({}, `is in use by the server with process id ${next.child.pid}`, 'GRUPPETTO_DATA_DIR')
    expect(await next.kill('SIGTERM')).toBe(0)
    expect(existsSync(postmasterPid)).toBe(false)
    expect(existsSync(join(dataDir, 'postgres', '.s.PGSQL.5432'))).toBe(false)
    await expectEndedJournals(2)
  }, 30_000)
})

async function expectRefusal(env: Record<string, string>, ...words: readonly string[]): Promise<void> {
  const program = new Program(env)
  const code = await program.code
  const lines = program.err.trim().split('\n')
  expect(lines, program.err).toHaveLength(1)
  for (const word of words) expect(lines[0]).toContain(word)
  expect(lines[0]).toMatch(/^gruppetto: .*\.$/)
  expect(code).toBe(1)
}

async function readPid(): Promise<number> {
  return Number((await readFile(postmasterPid, 'utf8')).split('\n')[0])
}

/** Every journal begins with its header; those of servers that ended, not killed, have an `end`. */
async function expectEndedJournals(servers: number): Promise<void> {
  const worlds = (await readdir('maps/worlds', { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const names = (await readdir(join(dataDir, 'journals'))).filter((name) => name.endsWith('.jsonl'))
  const texts = await Promise.all(names.map((name) => readFile(join(dataDir, 'journals', name), 'utf8')))
  for (const text of texts) expect(JSON.parse(text.split('\n')[0]!)).toMatchObject({ format: 'gruppetto-journal' })
  expect(
    texts.filter((text) => /^\["end",\d+,"[0-9a-f]{16}"\]$/.test(text.trimEnd().split('\n').at(-1)!)),
  ).toHaveLength(servers * worlds.length) // A free road in every world.
}
