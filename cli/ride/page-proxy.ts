import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { listenOnLoopback, LOOPBACK, refusalOf } from '#bridges/local-page/loopback'

/** Said by one end of a connection about that connection: not passed on (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade'],
])
/**
 * A browser keeps cookies per name, not per port: those of 127.0.0.1 belong to everything on this machine that has a page.
 * None of them goes to the server, and it neither sets nor clears any. HTTP strictness and other addresses to be used
 * instead (`alt-svc`) would outlive this page as well.
 */
const NOT_ONWARD: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'referer', 'cookie'])
const NOT_BACK: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  ...['strict-transport-security', 'set-cookie', 'clear-site-data', 'alt-svc'],
])
/**
 * The server's scripts run as a page of this machine, which other programs here may trust more than one from elsewhere. So
 * they speak to their own server and to nobody else; what policy the server gives its page holds beside this one.
 */
const POLICY = [
  "default-src 'self' data: blob:",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')
const ANSWER_MS = 30_000
/** What is asked must come so soon; how often that is looked at. */
const HEAD_MS = 5000
const LOOK_MS = 1000
/** Pieces of a socket's bytes that are kept until the server has opened its end; a browser sends none. */
const EARLY_MAX = 8
const NO_STATUS = 'it answers with a status that is none'
const CONNECTIONS_MAX = 128

/**
 * The server's page from 127.0.0.1. A browser trusts what this machine itself serves, so that a page of a plain-http server
 * may use what needs a secure context. To the server it is its own page: Host and Origin are the server's. Only a page that
 * came from here, by this name, is passed on. [B120]
 */
export class PageProxy {
  readonly #target: URL
  readonly #server: Server
  readonly #upgraded = new Set<Duplex>()
  #port = 0

  constructor(target: URL) {
    this.#target = target
    this.#server = createServer({ connectionsCheckingInterval: LOOK_MS }, (request, response) =>
      this.#pass(request, response),
    )
    this.#server.maxConnections = CONNECTIONS_MAX
    this.#server.headersTimeout = HEAD_MS
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#passUpgrade(request, socket, head),
    )
  }

  async open(port: number): Promise<string> {
    this.#port = await listenOnLoopback(this.#server, port)
    return `http://${LOOPBACK}:${this.#port}`
  }

  async close(): Promise<void> {
    for (const socket of this.#upgraded) socket.destroy()
    if (!this.#server.listening) return
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const refusal = refusalOf(request, this.#port)
    if (refusal !== undefined) return refuse(response, refusal.status, refusal.sentence)
    // It would outlive the ride, and stand before the page of the next server that is shown from this address. [B141]
    if (request.headers['service-worker'] !== undefined)
      return refuse(response, 403, 'No page leaves a worker behind on this address.')
    const onward = this.#onward(request, {})
    if (onward === undefined) return refuse(response, 400, 'Only paths of the page are passed on.')
    onward.setTimeout(ANSWER_MS, () => onward.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)))
    onward.on('response', (answer) => {
      if (!isStatus(answer.statusCode)) return void onward.destroy(new Error(NO_STATUS))
      response.writeHead(answer.statusCode, this.#headersBack(answer))
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    })
    onward.on('error', (error) => {
      if (response.headersSent) response.destroy()
      else refuse(response, 502, `${this.#target.origin} does not answer (${error.message}).`)
    })
    // Such as a change of protocol that nobody asked for.
    onward.on('close', () => {
      if (!response.headersSent) refuse(response, 502, `${this.#target.origin} gave no answer.`)
    })
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  }

  #passUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const refusal = refusalOf(request, this.#port)
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal.status} Refused\r\nConnection: close\r\n\r\n`)
    const onward = this.#onward(request, { connection: 'Upgrade', upgrade: request.headers.upgrade ?? '' })
    if (onward === undefined) return void socket.destroy()
    onward.setTimeout(ANSWER_MS, () => onward.destroy())
    onward.on('error', () => socket.destroy())
    // Read meanwhile, or nobody would notice that the page has gone. What it says before it is answered waits.
    const early = [head]
    const hear = (chunk: Buffer): void => (early.length < EARLY_MAX ? void early.push(chunk) : leave())
    const leave = (): void => {
      onward.destroy()
      socket.destroy()
    }
    socket.on('data', hear).on('end', leave).on('close', leave)
    onward.on('response', (answer) => {
      // The server refuses: its status is all that a browser shows of it.
      const status = isStatus(answer.statusCode) ? answer.statusCode : 502
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`)
      answer.resume()
    })
    onward.on('upgrade', (answer: IncomingMessage, far: Duplex, farHead: Buffer) => {
      socket.removeListener('data', hear).removeListener('end', leave).removeListener('close', leave).pause()
      onward.setTimeout(0)
      far.on('error', () => far.destroy())
      // Gone while the server made up its mind: there will be no second 'close'.
      if (socket.destroyed) return void far.destroy()
      const lines = [
        'connection',
        'upgrade',
        'sec-websocket-accept',
        'sec-websocket-protocol',
        'sec-websocket-extensions',
      ]
        .flatMap((name) => (answer.headers[name] === undefined ? [] : [`${name}: ${String(answer.headers[name])}`]))
        .join('\r\n')
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n\r\n`)
      if (farHead.length > 0) socket.write(farHead)
      far.write(Buffer.concat(early))
      this.#join(socket, far)
    })
    onward.end()
  }

  #join(near: Duplex, far: Duplex): void {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#upgraded.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#upgraded.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  }

  /** The same request to the server, as if its own page sent it; undefined for what is no path (`GET http://…`). */
  #onward({ method, url = '', headers }: IncomingMessage, more: Readonly<Record<string, string>>) {
    if (!url.startsWith('/')) return undefined
    const { hostname, port, protocol, host, origin } = this.#target
    const kept = Object.entries(headers).filter(([name]) => !NOT_ONWARD.has(name))
    const sent: Record<string, string | string[]> = Object.fromEntries(
      kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    )
    sent['host'] = host
    if (headers.origin !== undefined) sent['origin'] = origin
    // So that nobody takes it for a program of the server's own machine.
    sent['via'] = '1.1 gruppetto-ride'
    const send = protocol === 'https:' ? httpsRequest : httpRequest
    // Joined by hand: a path like //evil.example would be another host to URL.
    return send({
      ...{ hostname: hostname.replace(/^\[|\]$/g, ''), port, method, path: url },
      headers: { ...sent, ...more },
    })
  }

  #headersBack({ headers }: IncomingMessage): Record<string, string | string[]> {
    const back: Record<string, string | string[]> = {}
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined && !NOT_BACK.has(name)) back[name] = value
    }
    const own = headers['content-security-policy']
    back['content-security-policy'] = own === undefined ? POLICY : `${String(own)}, ${POLICY}`
    back['x-content-type-options'] = 'nosniff'
    back['referrer-policy'] = 'no-referrer'
    const { location } = headers
    if (location?.startsWith(`${this.#target.origin}/`) === true)
      back['location'] = location.slice(this.#target.origin.length)
    return back
  }
}

/** What may end an answer; the parser lets three digits of any kind pass. */
const isStatus = (status: number | undefined): status is number =>
  status !== undefined && status >= 200 && status <= 599

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  response.end(`${sentence}\n`)
}
