import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VIEW_RIDERS_MAX } from '#protocol/limits'
import { layPglite } from '#server/store/laid-pglite'
import { SERVER_NODE_FLAGS } from '../server-flags.ts'
import type { FleetCounts, FleetOrder, FromFleet, FromServer, ServerOrder, ToFleet, Truth } from './messages.ts'

const STOP_MS = 20_000
/**
 * Riders are elsewhere in life: where they share the machine they give way to the server, and their collector keeps to the
 * core it is on. What they then do late is counted (`generator.late`).
 */
const GIVES_WAY = 5
const FLEET_NODE_FLAGS = ['--single-threaded-gc']

export interface ChildOptions {
  /** For Node. */
  readonly nodeFlags: readonly string[]
  /** GRUPPETTO_AEAD: who seals, at both ends. */
  readonly aead: string
}

/** The server of a load run, in a process of its own with a data folder that goes when it stops. */
export class ServerProcess {
  readonly url: string
  onTruth: (truth: Truth) => void = () => {}
  /** Set when it ended by itself. */
  ended: string | undefined
  readonly #child: ChildProcess
  readonly #folder: string

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child
    this.#folder = folder
    this.url = url
    child.on('message', (message: FromServer) => {
      if (message.kind === 'truth') this.onTruth(message)
    })
    child.on('exit', (code) => (this.ended = `the server ended with code ${code}`))
  }

  static async start(order: ServerOrder, { nodeFlags, aead }: ChildOptions): Promise<ServerProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'gruppetto-load-'))
    await chmod(folder, 0o711) // As root the database runs as another user, who must be able to pass.
    if (process.env['GRUPPETTO_STORE'] === 'pglite') await layPglite(join(folder, 'data', 'pglite'))
    const child = fork(fileURLToPath(new URL('server-process.ts', import.meta.url)), [JSON.stringify(order)], {
      execArgv: [...SERVER_NODE_FLAGS, ...nodeFlags],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...process.env,
        GRUPPETTO_AEAD: aead,
        ...{
          GRUPPETTO_DATA_DIR: join(folder, 'data'),
          GRUPPETTO_HOST: '127.0.0.1',
          GRUPPETTO_PORT: '0',
          GRUPPETTO_UDP_PORT: '0',
        },
        ...{
          GRUPPETTO_WEBRTC_PORT: '0',
          GRUPPETTO_LOG: 'warn',
          GRUPPETTO_STORE: process.env['GRUPPETTO_STORE'] ?? 'auto',
          GRUPPETTO_PACERS: '0',
          // How many are in view is what the clients wish for (--view).
          GRUPPETTO_VIEW_RIDERS: String(VIEW_RIDERS_MAX),
        },
      },
    })
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the server did not start (code ${code})`)))
      child.once('message', (message: FromServer) => {
        if (message.kind === 'open') resolve(message.url)
        else reject(new Error(message.kind === 'failed' ? message.sentence : 'the server said something else first'))
      })
    })
    return new ServerProcess(child, folder, url)
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit')
      this.#child.send('stop')
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
      await exited
      clearTimeout(timer)
    }
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** A fleet of riders in a process of its own. */
export class FleetProcess {
  joined = 0
  failed: string | undefined
  readonly #child: ChildProcess
  #onTold: ((counts: FleetCounts) => void) | undefined

  constructor(order: FleetOrder, { nodeFlags, aead }: ChildOptions) {
    this.#child = fork(fileURLToPath(new URL('generator-process.ts', import.meta.url)), [], {
      execArgv: [...FLEET_NODE_FLAGS, ...nodeFlags],
      env: { ...process.env, GRUPPETTO_AEAD: aead },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    if (this.#child.pid !== undefined) setPriority(this.#child.pid, GIVES_WAY)
    this.#child.on('message', (message: FromFleet) => {
      if (message.kind === 'joined') this.joined = message.joined
      else if (message.kind === 'failed') this.failed = message.sentence
      else this.#onTold?.(message.counts)
    })
    this.#child.on('exit', (code) => (this.failed ??= `a process of riders ended with code ${code}`))
    this.say(order)
  }

  say(message: ToFleet): void {
    if (this.#child.connected) this.#child.send(message)
  }

  async counts(): Promise<FleetCounts> {
    return await new Promise((resolve, reject) => {
      if (this.failed !== undefined) reject(new Error(this.failed))
      this.#onTold = resolve
      this.#child.once('exit', () => reject(new Error(this.failed)))
      this.say({ kind: 'tell' })
    })
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.say({ kind: 'stop' })
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
    await exited
    clearTimeout(timer)
  }
}

/** Forged datagrams from a process of their own. */
export class FloodProcess {
  counts = { sent: 0, cpuS: 0 }
  readonly #child: ChildProcess

  constructor(port: number, perS: number) {
    const order = JSON.stringify({ host: '127.0.0.1', port, perS })
    this.#child = fork(fileURLToPath(new URL('flood-process.ts', import.meta.url)), [order], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child.on('message', (counts: { sent: number; cpuS: number }) => (this.counts = counts))
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect()
  }
}
