import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError } from '../errors.ts'
import { believe, peerAddress } from './peer-address.ts'
import type { Certificate } from './certificate.ts'
import type { ErrorAnswer } from './shapes.ts'
import { corsHeaders, type OriginCheck } from './origins.ts'

/** Everything on one port: what each request goes through before anybody answers it. */
export interface FrontOptions {
  /** Serves https and wss, where there is one. */
  readonly certificate?: Certificate | undefined
  /** Other machines whose word is believed when they name for whom they ask. */
  readonly proxies?: readonly string[]
  readonly isOriginAllowed: OriginCheck
  /** False: somebody else's name leads here. */
  readonly isHostOurs: (host: string | undefined) => boolean
  /** Fastify: the API, the maps, the client's files. */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void
  /** Colyseus: `/matchmake/…`, and WebSockets of rooms. Never listens itself. */
  readonly rooms: Server
  /** WebSockets somebody else on this server answers: `/datagrams`. */
  readonly isForeignUpgrade: (path: string) => boolean
  /** False: this peer asks for seats too often. */
  readonly maySit: (peer: string) => boolean
  /** What the rooms wait for, or '': until then they have no seats, and would say so in words of their own. */
  readonly waitingFor: () => string
}

/** A seat's options are a name and two numbers. */
const SEAT_BODY_BYTES_MAX = 4096

/** One policy for every answer. The page is one origin: its own files, its own sockets, no inline script, no frame around it. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Bluetooth is the page's own by default, and named here a browser without it would warn on every page.
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

export type Front = Server | SecureServer

export function createFront(options: FrontOptions): Front {
  const { isOriginAllowed, isHostOurs, rooms, certificate, proxies = [] } = options
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    for (const name in SECURITY_HEADERS) response.setHeader(name, SECURITY_HEADERS[name]!)
    const { origin, host } = request.headers
    if (!isHostOurs(host)) {
      return refuse(
        response,
        421,
        'ERR_FORBIDDEN',
        'This server does not go by that name; add it to GRUPPETTO_ORIGINS, as in https://club.example.',
      )
    }
    if (isForAnybody(request)) {
      // Told to every page there is: no credentials are read behind these doors, and nothing can be done there. [S10]
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('cross-origin-resource-policy', 'cross-origin')
      return options.onRequest(request, response)
    }
    const cors = corsHeaders(origin, host, isOriginAllowed)
    for (const name in cors) response.setHeader(name, cors[name]!)
    if (request.method === 'OPTIONS') return answerPreflight(request, response, cors)
    if (!isOriginAllowed(origin, host)) {
      return refuse(
        response,
        403,
        'ERR_FORBIDDEN',
        'This page may not use this server; its origin must be in GRUPPETTO_ORIGINS.',
      )
    }
    if (!pathOf(request).startsWith('/matchmake/')) return options.onRequest(request, response)
    const waitingFor = options.waitingFor()
    if (waitingFor !== '') {
      return refuse(response, 503, 'ERR_NOT_READY', `The server is not ready (${waitingFor}); try again in a second.`)
    }
    if (!options.maySit(peerAddress(request))) {
      return refuse(response, 429, 'ERR_TOO_MANY', 'Too many seats asked for from one address; wait a few seconds.')
    }
    // Colyseus reads a body whole, however long it is.
    const bytes = Number(request.headers['content-length'] ?? Number.NaN)
    if (!(bytes <= SEAT_BODY_BYTES_MAX)) {
      return refuse(
        response,
        413,
        'ERR_BAD_REQUEST',
        `A seat is asked for with at most ${SEAT_BODY_BYTES_MAX} bytes of JSON, and a Content-Length.`,
      )
    }
    rooms.emit('request', request, response)
  }
  const front = certificate === undefined ? createServer(answer) : createSecureServer(pairOf(certificate), answer)
  certificate?.onRenewed((pair) => (front as SecureServer).setSecureContext(pair))
  front.on(certificate === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    if (proxies.includes(socket.remoteAddress?.replace(/^::ffff:/, '') ?? '')) believe(socket)
  })
  front.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node takes its own ear off such a line: who goes away before the answer would end the house. [A45]
    socket.on('error', () => {})
    if (options.isForeignUpgrade(pathOf(request))) return
    // A WebSocket asks nobody's leave: the browser lets any page open one, and only tells us which.
    const { origin, host } = request.headers
    if (isHostOurs(host) && isOriginAllowed(origin, host)) rooms.emit('upgrade', request, socket, head)
    else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  })
  return front
}

function isForAnybody(request: IncomingMessage): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && pathOf(request).startsWith('/api/public/')
}

function pairOf({ cert, key }: Certificate): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert, key }
}

/** Resolves with the port. Fails with one sentence that names the setting. */
export async function listen(server: Front, at: { host: string; port: number }): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, at)))
    server.listen(at.port, at.host, resolve)
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : at.port
}

function listenError(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use: stop what listens there, or set GRUPPETTO_PORT to another one.`,
    EACCES: `Port ${port} is not ours to open: set GRUPPETTO_PORT to one above 1023.`,
    EADDRNOTAVAIL: `${host} is no address of this machine: set GRUPPETTO_HOST to one that is, or to 0.0.0.0 for all.`,
    ENOTFOUND: `${host} is a name that leads nowhere: set GRUPPETTO_HOST to an address of this machine.`,
  }
  const sentence =
    sentences[error.code ?? ''] ??
    `${host}:${port} cannot be opened (${error.message}): check GRUPPETTO_HOST and GRUPPETTO_PORT.`
  return new AppError('ERR_CONFIG', sentence, { cause: error })
}

function answerPreflight(request: IncomingMessage, response: ServerResponse, cors: Record<string, string>): void {
  const isAllowed = 'access-control-allow-origin' in cors
  if (isAllowed && request.headers['access-control-request-method'] !== undefined) {
    response.setHeader('access-control-allow-methods', 'GET, POST')
    response.setHeader('access-control-allow-headers', 'authorization, content-type')
    response.setHeader('access-control-max-age', '600')
  }
  response.writeHead(isAllowed ? 204 : 403).end()
}

function refuse(response: ServerResponse, status: number, error: string, message: string): void {
  const answer: ErrorAnswer = { error, message }
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
  response.end(JSON.stringify(answer))
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0]!
}
