import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { answerOf, askChild, startChild, stopChildren } from './child.ts'
import { peerPath } from './peer-codecs.ts'

const HOST = '127.0.0.1'
/** Everybody has been told of everybody, and compilers are warm. */
const SETTLE_S = 4
/** The trace goes on until everybody has joined and was measured. */
const SPARE_S = 20

export interface LiveOptions {
  /** Of the riders of the trace's first stage: 1 is 240 riders, each with a client of its own. */
  readonly share: number
  readonly measureS: number
  /** Seals by the native accelerator. */
  readonly isAccelerated?: boolean
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

/** Ours: server and clients in two processes, over UDP on the loopback; undefined: the accelerator is not here. */
export async function runOurs({ share, measureS, isAccelerated = false }: LiveOptions): Promise<Live | undefined> {
  const seconds = SETTLE_S + measureS + SPARE_S
  const server = startChild(new URL('live-server.ts', import.meta.url), { host: HOST, seconds, share, isAccelerated })
  let clients: ChildProcess | undefined
  try {
    const { port, grants, count } = await answerOf<{ port?: number; grants: unknown; count: number }>(server)
    if (port === undefined) return undefined
    clients = startChild(new URL('live-clients.ts', import.meta.url), { host: HOST, port, grants })
    const { connected } = await answerOf<{ connected: number }>(clients)
    if (connected !== count) throw new Error(`${connected} of ${count} clients came in`)
    await sleep(SETTLE_S)
    const counted = await askChild<Counted>(server, { measureS })
    return live(counted, counted.bytes + 28 * counted.packets!)
  } finally {
    await stopChildren(server, clients)
  }
}

/** A live Colyseus room in the same shape. */
export async function runColyseus({ share, measureS }: LiveOptions): Promise<Live> {
  const seconds = SETTLE_S + measureS + SPARE_S
  const port = await freePort()
  const sources = fileURLToPath(new URL('.', import.meta.url)).replace(/[/\\]$/, '')
  const server = startChild(peerPath('colyseus-server.mjs'), { host: HOST, port, seconds, share, sources })
  let clients: ChildProcess | undefined
  try {
    const { count } = await answerOf<{ count: number }>(server)
    clients = startChild(peerPath('colyseus-clients.mjs'), { host: HOST, port, count })
    await answerOf(clients)
    await sleep(SETTLE_S)
    const before = await askChild<{ segments: number }>(clients, {})
    const counted = await askChild<Counted>(server, { measureS })
    const after = await askChild<{ segments: number }>(clients, {})
    return live(counted, counted.bytes + 40 * (after.segments - before.segments))
  } finally {
    await stopChildren(server, clients)
  }
}

function live({ clients, ticks, cpuMs, worldMs, inView }: Counted, wireBytes: number): Live {
  const clientTicks = clients * ticks
  const one = {
    clients,
    usPerClientTick: ((cpuMs - worldMs) * 1000) / clientTicks,
    wireKBps: wireBytes / clientTicks / 50,
  }
  return inView === undefined ? one : { ...one, inView }
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
