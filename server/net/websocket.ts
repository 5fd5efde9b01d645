import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { CHANNEL_BUFFER_BYTES_MAX, DATAGRAM_BYTES_MAX, SESSION_SILENCE_MS } from '#protocol/limits'
import type { Clock } from '../clock.ts'
import type { DatagramSink, Peer } from './peers.ts'

export interface WebSocketCarrier {
  /** Upgrades refused because of their origin, and datagrams dropped because the peer reads too slowly. */
  readonly counts: { readonly originRefused: number; readonly dropped: number }
  close(): Promise<void>
}

export const DATAGRAMS_PATH = '/datagrams'

/**
 * The same datagrams where nothing better passes the firewall: one binary message each. Serves upgrades of /datagrams on
 * an existing HTTP server and leaves all other paths alone.
 */
export function openWebSockets({
  server,
  sink,
  isOriginAllowed,
  clock,
}: {
  server: Server
  sink: DatagramSink
  /** Ends sockets that say nothing; without it they stay. */
  clock?: Pick<Clock, 'after'>
  isOriginAllowed: (origin: string | undefined, host: string | undefined) => boolean
}): WebSocketCarrier {
  const counts = { originRefused: 0, dropped: 0 }
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: DATAGRAM_BYTES_MAX,
    perMessageDeflate: false,
    clientTracking: true,
  })
  /** Heard, and spoken to, since the last look. */
  const heard = new Set<WebSocket>()
  const told = new Set<WebSocket>()
  /**
   * A client speaks ten times a second, and who has a session is told of each tick: whoever is silent from one look to the
   * next, or has never had a token to show, holds a place and nothing else. [D127]
   */
  const look = (): void => {
    for (const socket of sockets.clients) {
      const isHeard = heard.delete(socket)
      if (!told.delete(socket) || !isHeard) socket.terminate()
    }
    cancelLook = clock?.after(SESSION_SILENCE_MS, look)
  }
  let cancelLook = clock?.after(SESSION_SILENCE_MS, look)
  let next = 1
  sockets.on('connection', (socket: WebSocket) => {
    const peer = createPeer(`ws/${next++}`, socket, counts, told)
    socket.binaryType = 'nodebuffer'
    heard.add(socket)
    told.add(socket)
    socket.on('message', (data: Buffer, isBinary) => {
      heard.add(socket)
      if (isBinary) sink.receive(peer, data)
      else socket.close(1003, 'binary only')
    })
    socket.on('close', () => {
      heard.delete(socket)
      told.delete(socket)
      sink.gone(peer)
    })
    // A broken frame ends the socket; `close` follows and says the rest.
    socket.on('error', () => {})
  })
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Whoever goes away before the answer ends their own line and nothing else: nobody else listens to it here. [A45]
    socket.on('error', () => {})
    if ((request.url ?? '').split('?')[0] !== DATAGRAMS_PATH) {
      for (const other of others) other.call(server, request, socket, head)
      return
    }
    if (!isOriginAllowed(request.headers.origin, request.headers.host)) {
      counts.originRefused++
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (ready) => sockets.emit('connection', ready, request))
  }
  // Other WebSocket servers on this HTTP server take every path they see: ours must not reach them. Attach them first.
  const others = server.listeners('upgrade') as ((request: IncomingMessage, socket: Duplex, head: Buffer) => void)[]
  server.removeAllListeners('upgrade')
  server.on('upgrade', onUpgrade)
  return {
    counts,
    async close() {
      cancelLook?.()
      server.off('upgrade', onUpgrade)
      for (const other of others) server.on('upgrade', other)
      for (const socket of sockets.clients) socket.terminate()
      await new Promise<void>((resolve) => sockets.close(() => resolve()))
    },
  }
}

function createPeer(key: string, socket: WebSocket, counts: { dropped: number }, told: Set<WebSocket>): Peer {
  return {
    key,
    carrier: 'websocket',
    path: 'channel',
    send(datagram) {
      if (socket.readyState === socket.OPEN) told.add(socket)
      // TCP may stall; stale positions must not queue behind it. A packet not sent is a packet lost, and is told anew.
      if (socket.bufferedAmount > CHANNEL_BUFFER_BYTES_MAX) counts.dropped++
      else if (socket.readyState === socket.OPEN) socket.send(datagram, { binary: true })
    },
    close: () => socket.close(),
  }
}
