import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { peerPath } from './peer-codecs.ts'

const HOST = '127.0.0.1'
/** Everybody has been told of everybody, and compilers are warm. */
const SETTLE_S = 4
const START_S = 30

export interface LiveOptions {
  /** Of the riders of the trace's first stage: 1 is 240 riders, each with a client of its own. */
  readonly share: number
  readonly measureS: number
}

/** One run: processor time of the server's process alone, bytes as its sockets counted them. */
export interface Live {
  readonly clients: number
  /** All in but what moves the riders: sockets, seals, acks, samples that come in. */
  readonly usPerClientTick: number
  /** To each client with headers, kB/s: 28 B a datagram, 40 B a TCP segment. */
  readonly wireKBps: number
  readonly inView?: number
}

interface Counted {
  readonly clients: number
  readonly ticks: number
  readonly cpuMs: number
  readonly worldMs: number
  readonly bytes: number
  readonly packets?: number
  readonly inView?: number
}

/** Ours: server and clients in two processes, over UDP on the loopback. */
export async function runOurs({ share, measureS }: LiveOptions): Promise<Live> {
  const seconds = String(SETTLE_S + measureS + 12)
  const server = start(new URL('live-server.ts', import.meta.url), [HOST, seconds, String(share)])
  let clients: ChildProcess | undefined
  try {
    const { port, grants, count } = await answer<{ port: number; grants: unknown; count: number }>(server)
    clients = start(new URL('live-clients.ts', import.meta.url), [])
    clients.send({ host: HOST, port, grants })
    const { connected } = await answer<{ connected: number }>(clients)
    if (connected !== count) throw new Error(`${connected} of ${count} clients came in`)
    await sleep(SETTLE_S)
    const counted = await measureOn(server, measureS)
    return live(counted, counted.bytes + 28 * counted.packets!)
  } finally {
    await stop(server, clients)
  }
}

/** A live Colyseus room in the same shape. */
export async function runColyseus({ share, measureS }: LiveOptions): Promise<Live> {
  const seconds = String(SETTLE_S + measureS + 20)
  const port = await freePort()
  const sources = fileURLToPath(new URL('.', import.meta.url)).replace(/[/\\]$/, '')
  const server = start(peerPath('colyseus-server.mjs'), [HOST, String(port), seconds, String(share), sources])
  let clients: ChildProcess | undefined
  try {
    const { count } = await answer<{ count: number }>(server)
    clients = start(peerPath('colyseus-clients.mjs'), [HOST, String(port), String(count)])
    await answer(clients)
    await sleep(SETTLE_S)
    const before = await ask<{ segments: number }>(clients)
    const counted = await measureOn(server, measureS)
    const after = await ask<{ segments: number }>(clients)
    return live(counted, counted.bytes + 40 * (after.segments - before.segments))
  } finally {
    await stop(server, clients)
  }
}

function live({ clients, ticks, cpuMs, worldMs, inView }: Counted, wireBytes: number): Live {
  const clientTicks = clients * ticks
  const one = { clients, usPerClientTick: ((cpuMs - worldMs) * 1000) / clientTicks, wireKBps: wireBytes / clientTicks / 50 }
  return inView === undefined ? one : { ...one, inView }
}

function start(path: URL | string, args: readonly string[]): ChildProcess {
  const file = typeof path === 'string' ? path : fileURLToPath(path)
  return fork(file, args, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
}

async function measureOn(server: ChildProcess, measureS: number): Promise<Counted> {
  server.send({ measureS })
  return answer<Counted>(server, measureS + START_S)
}

async function ask<T>(child: ChildProcess): Promise<T> {
  child.send({})
  return answer<T>(child)
}

async function answer<T>(child: ChildProcess, patienceS = START_S): Promise<T> {
  const signal = AbortSignal.timeout(patienceS * 1000)
  const died = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`a process of the bench ended (${code})`)
  })
  died.catch(() => {}) // Whichever is not first has nothing more to say.
  const message = once(child, 'message', { signal }).then(([value]) => value as T)
  message.catch(() => {})
  return Promise.race([message, died])
}

async function stop(...children: readonly (ChildProcess | undefined)[]): Promise<void> {
  for (const child of children) {
    if (child === undefined || child.exitCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, HOST)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const sleep = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000))
