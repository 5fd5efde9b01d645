import { createSocket } from 'node:dgram'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RiderId } from '#protocol/ids'
import { PROTOCOL_VERSION } from '#protocol/limits'
import { createOriginCheck } from '#server/http/origins'
import { openUdp } from '#server/net/udp'
import { openWebSockets } from '#server/net/websocket'
import { startRoom } from './ticking-room.ts'

/** A server's doors and lines without the house behind them, whole but for what a test breaks. */
const closing: (() => unknown)[] = []

/** After each test. */
export async function closeServers(): Promise<void> {
  for (const close of closing.splice(0).toReversed()) await close()
}

interface Broken {
  /** Instead of the answer at this path. */
  readonly [path: string]: (() => { status: number; body?: unknown; headers?: Record<string, string> }) | undefined
}

/** A server that is whole, but for what a test breaks. */
export async function openServer({
  answers = {},
  udp = 'whole',
  hasSockets = true,
  isOpen = false,
  tellPort,
}: {
  answers?: Broken
  udp?: 'whole' | 'closed' | 'silent'
  hasSockets?: boolean
  /** Lets pages from anywhere in. */
  isOpen?: boolean
  tellPort?: number
} = {}) {
  const { sessions, close } = startRoom()
  closing.push(close)
  const carrier = await openUdp({ host: '127.0.0.1', port: 0, sink: sessions })
  closing.push(() => carrier.close())
  const port = tellPort ?? (udp === 'whole' ? carrier.port : udp === 'silent' ? await silentPort() : await closedPort())
  const datagram = { host: '127.0.0.1', port }
  const whole: Record<string, () => unknown> = {
    '/health': () => ({ isReady: true, version: '1.0.0', protocol: PROTOCOL_VERSION, waitingFor: '', uptimeS: 1 }),
    '/api/worlds': () => ({ worlds: [] }),
    '/api/reach': () => ({
      ...{ version: '1.0.0', protocol: PROTOCOL_VERSION, wallMs: Date.now(), you: '127.0.0.1', isLocal: true },
      ...{ datagram: { ...datagram, isSet: false }, webrtc: { state: 'off', reason: 'not here', port: 0, peers: 0 } },
    }),
    '/api/token': () => {
      const { token, keys } = sessions.issueToken({ riderId: 1 as RiderId, use: 'watch' })
      const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
      return {
        ...{ token: text(token), keys: { up: text(keys.up), down: text(keys.down) }, datagram },
        ...{ rider: { id: 1, name: 'Pacer' }, room: { id: 'room', mapId: 'm', mapHash: 'h', tick: 1 } },
      }
    },
  }
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0]!
    const { origin, host } = request.headers
    const isRefused = !isOpen && !createOriginCheck([])(origin, host)
    const answer = isRefused
      ? { status: 403 }
      : (answers[path]?.() ?? (whole[path] ? { status: 200, body: whole[path]() } : { status: 404 }))
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      ...('headers' in answer ? answer.headers : {}),
    })
    response.end(JSON.stringify('body' in answer ? answer.body : {}))
  })
  if (hasSockets) {
    const sockets = openWebSockets({ server, sink: sessions, isOriginAllowed: () => true })
    closing.push(() => sockets.close())
  }
  return { url: new URL(`http://127.0.0.1:${await listen(server)}`), sessions }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

/** Takes datagrams and says nothing, as a firewall does. */
export async function silentPort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  closing.push(() => socket.close())
  return socket.address().port
}

export async function closedPort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(resolve))
  return port
}
