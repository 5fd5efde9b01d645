import { createSocket, type Socket } from 'node:dgram'
import { createRandom } from '#physics/random'
import { Link, type LinkCounts, type LinkProfile } from './link.ts'

export interface UdpLinkOptions {
  /** Where the server listens, on this machine. */
  readonly port: number
  readonly host?: string
  /** Of each client's path; clients differ by the order in which they came. */
  readonly seed: number
  /** From client to server, and back. */
  readonly up: LinkProfile
  readonly down: LinkProfile
}

/** A bad path between real sockets: clients send to `port` and see only it; the server sees one address per client. */
export interface UdpLink {
  readonly port: number
  readonly up: LinkCounts
  readonly down: LinkCounts
  /** For datagrams sent from now on. */
  change(profiles: { up?: LinkProfile; down?: LinkProfile }): void
  /** The server sees this client (by its own local port; all when left out) come from a new address from now on. */
  rebind(clientPort?: number): Promise<void>
  close(): Promise<void>
}

interface Path {
  readonly up: Link
  readonly down: Link
  readonly clientPort: number
  readonly clientHost: string
  toServer: Socket
}

const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024
/** Timers are a millisecond coarse: what is due within this is sent now. */
const SLACK_MS = 0.5

/** The emulator of link.ts as a proxy on the loopback. Its own process cares for thousands of packets a second, not more. */
export async function openUdpLink(options: UdpLinkOptions): Promise<UdpLink> {
  const host = options.host ?? '127.0.0.1'
  const front = await open(host)
  const paths = new Map<string, Path>()
  const profiles = { up: options.up, down: options.down }
  const waiting = new Set<ReturnType<typeof setTimeout>>()
  let isOpen = true

  const later = (atMs: number, deliver: () => void): void => {
    const inMs = atMs - performance.now()
    if (inMs <= SLACK_MS) return deliver()
    const timer = setTimeout(() => {
      waiting.delete(timer)
      if (isOpen) deliver()
    }, inMs)
    waiting.add(timer)
  }
  const openUpper = (path: Omit<Path, 'toServer'>): Socket => {
    const socket = createSocket({ type: typeOf(host), lookup: noLookup(host) })
    socket.on('error', () => {}) // The server is away: to a client that is loss.
    socket.on('message', (datagram) => {
      path.down.send(datagram, performance.now(), (atMs, bytes) =>
        later(atMs, () => front.send(bytes, path.clientPort, path.clientHost)),
      )
    })
    return socket
  }
  const pathOf = (clientPort: number, clientHost: string): Path => {
    const key = `${clientHost} ${clientPort}`
    const known = paths.get(key)
    if (known !== undefined) return known
    const seed = options.seed + 2 * paths.size
    const up = new Link(profiles.up, createRandom(seed))
    const down = new Link(profiles.down, createRandom(seed + 1))
    const half = { up, down, clientPort, clientHost }
    const path: Path = { ...half, toServer: openUpper(half) }
    paths.set(key, path)
    return path
  }
  front.on('error', () => {})
  front.on('message', (datagram, from) => {
    const path = pathOf(from.port, from.address)
    path.up.send(datagram, performance.now(), (atMs, bytes) =>
      later(atMs, () => path.toServer.send(bytes, options.port, host)),
    )
  })
  const sum = (of: (path: Path) => LinkCounts): LinkCounts => {
    const total: Record<string, number> = { ...new Link({}, createRandom(0)).counts }
    for (const path of paths.values()) for (const [name, n] of Object.entries(of(path))) total[name]! += n
    return total as unknown as LinkCounts
  }
  return {
    port: front.address().port,
    get up() {
      return sum((path) => path.up.counts)
    },
    get down() {
      return sum((path) => path.down.counts)
    },
    change({ up = profiles.up, down = profiles.down }) {
      Object.assign(profiles, { up, down })
      for (const path of paths.values()) {
        path.up.profile = up
        path.down.profile = down
      }
    },
    async rebind(clientPort) {
      for (const path of paths.values()) {
        if (clientPort !== undefined && path.clientPort !== clientPort) continue
        const before = path.toServer
        path.toServer = openUpper(path)
        await closed(before)
      }
    },
    async close() {
      isOpen = false
      for (const timer of waiting) clearTimeout(timer)
      await Promise.all([front, ...[...paths.values()].map((path) => path.toServer)].map(closed))
    },
  }
}

async function open(host: string): Promise<Socket> {
  const socket = createSocket({ type: typeOf(host), lookup: noLookup(host) })
  await new Promise<void>((resolve) => socket.bind(0, host, resolve))
  try {
    socket.setRecvBufferSize(SOCKET_BUFFER_BYTES)
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES)
  } catch {
    // The system allows less: a burst may lose some here, which is what a link does.
  }
  return socket
}

const typeOf = (host: string): 'udp4' | 'udp6' => (host.includes(':') ? 'udp6' : 'udp4')

/** Hosts are addresses: node's own look-up would delay each send a turn. */
function noLookup(host: string) {
  const family = host.includes(':') ? 6 : 4
  return (name: string, _options: unknown, done: (error: null, address: string, family: number) => void): void =>
    done(null, name, family)
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.close(() => resolve()))
