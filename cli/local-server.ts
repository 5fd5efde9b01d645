import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { layPglite } from '#server/store/laid-pglite'

/** A real server in a process of its own, on free ports of this machine, with a data folder that goes when it stops. */
export interface LocalServer {
  /** As printed: http://localhost:PORT */
  readonly url: string
  readonly pid: number
  /** Everything it said so far. */
  readonly output: () => string
  /** As Ctrl-C does; the exit code. */
  stop(): Promise<number | null>
}

export interface LocalServerOptions {
  readonly env?: Readonly<Record<string, string>>
  /** The first start builds the page. */
  readonly timeoutMs?: number
}

/** A page is built in ten seconds of a core, of which a busy machine gives a tenth. */
const READY_MS = 170_000
const TREE = fileURLToPath(new URL('..', import.meta.url))
const STOP_MS = 15_000

export async function startLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gruppetto-local-'))
  const pglite = join(options.env?.['GRUPPETTO_DATA_DIR'] ?? dataDir, 'pglite')
  if (!existsSync(pglite)) await layPglite(pglite)
  const child = spawn(process.execPath, [join(TREE, 'gruppetto.mjs'), 'serve'], {
    cwd: TREE,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      GRUPPETTO_DATA_DIR: dataDir,
      GRUPPETTO_HOST: '127.0.0.1',
      GRUPPETTO_PORT: '0',
      GRUPPETTO_UDP_PORT: '0',
      GRUPPETTO_WEBRTC_PORT: '0',
      GRUPPETTO_LOG: 'warn',
      // The contract tests hold both stores equal; this one is up in a second.
      GRUPPETTO_STORE: 'pglite',
      ...options.env,
    },
  })
  let said = ''
  const hear = (chunk: Buffer): void => {
    said += chunk.toString()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const stop = async (): Promise<number | null> => {
    await end(child)
    await rm(dataDir, { recursive: true, force: true })
    return child.exitCode
  }
  const url = await firstAddress(child, () => said, options.timeoutMs ?? READY_MS)
  if (url !== undefined && (await isReady(url, options.timeoutMs ?? READY_MS)))
    return { url, pid: child.pid!, output: () => said, stop }
  await stop()
  throw new Error(`The server did not become ready. It said:\n${said}`)
}

async function firstAddress(child: ChildProcess, said: () => string, timeoutMs: number): Promise<string | undefined> {
  const until = performance.now() + timeoutMs
  while (performance.now() < until && child.exitCode === null) {
    const found = /Open (http:\/\/localhost:\d+)/.exec(said())?.[1]
    if (found !== undefined) return found
    await pause(25)
  }
  return undefined
}

/** The page answers before the store is open; riders can come when `/health` says so and the page is built. */
async function isReady(url: string, timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs
  while (performance.now() < until) {
    try {
      const health = (await (await fetch(`${url}/health`)).json()) as { isReady: boolean }
      if (health.isReady && (await fetch(`${url}/`)).ok) return true
    } catch {
      // Not listening yet.
    }
    await pause(50)
  }
  return false
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await exited
  clearTimeout(timer)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
