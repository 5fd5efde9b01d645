import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { BridgeClock } from '../core/clock.ts'
import { type BridgeDesk, readCommand } from '../bridge-state.ts'
import { hasToken, listenOnLoopback, LOOPBACK, refusalOf } from './loopback.ts'

export interface LocalPageOptions {
  readonly desk: BridgeDesk
  readonly clock: BridgeClock
  /** Who has it may see the legs and speak for the rider. */
  readonly token: string
  /** Taken if free. */
  readonly port: number
}

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
}
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
/** A command is under a hundred bytes. */
const BODY_BYTES_MAX = 1024
const BODY_MS = 2000
/** How often connections are looked at that are open and say nothing; Node's own half a minute is long for a page of 32. */
const LOOK_MS = 500
/** A person looks, watts come four times a second: faster changes nobody sees. */
const TELL_MS = 250
/** Told anew although nothing changed, so that a page knows the bridge lives. */
const TELL_LATEST_MS = 2000
const LISTENERS_MAX = 8
const CONNECTIONS_MAX = 32

/** The bridge's own page: what the legs do, live, and what a rider may ask of them. Only for this machine. [B110] */
export class LocalPage {
  readonly #options: LocalPageOptions
  readonly #server: Server
  readonly #listeners = new Set<ServerResponse>()
  #port = 0
  #told = ''
  #toldMs = -Infinity
  #cancelTell: (() => void) | undefined

  constructor(options: LocalPageOptions) {
    this.#options = options
    this.#server = createServer({ connectionsCheckingInterval: LOOK_MS }, (request, response) => {
      // What breaks here is one answer: whoever asked hears nothing, and the legs ride on.
      this.#answer(request, response).catch(() => response.destroy())
    })
    this.#server.maxConnections = CONNECTIONS_MAX
    this.#server.headersTimeout = BODY_MS
    this.#server.requestTimeout = 2 * BODY_MS
    this.#server.keepAliveTimeout = BODY_MS
  }

  /** The address with the token, which is behind the #: no browser sends that part to anybody. */
  async open(): Promise<string> {
    this.#port = await listenOnLoopback(this.#server, this.#options.port)
    this.#later()
    return `http://${LOOPBACK}:${this.#port}/#${this.#options.token}`
  }

  async close(): Promise<void> {
    this.#cancelTell?.()
    for (const listener of this.#listeners) listener.end()
    if (!this.#server.listening) return
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const name in HEADERS) response.setHeader(name, HEADERS[name]!)
    const refusal = refusalOf(request, this.#port)
    if (refusal !== undefined) return refuse(response, refusal.status, refusal.sentence)
    const { method = '', url = '' } = request
    const file = FILES[url]
    if (file !== undefined) {
      if (method !== 'GET') return refuse(response, 405, 'This is only to be read.')
      const [name, type] = file
      response.setHeader('content-type', type)
      return void response.end(await readFile(new URL(name, import.meta.url)))
    }
    if (url !== '/state' && url !== '/command' && url !== '/watch')
      return refuse(response, 404, 'There is nothing here.')
    if (!hasToken(request, this.#options.token))
      return refuse(response, 401, 'Open the address that the bridge printed, with all that is behind the #.')
    if (url === '/state') {
      if (method !== 'GET') return refuse(response, 405, 'This is only to be read.')
      return this.#listen(response)
    }
    // A GET asks for nothing: a picture's address, a link, a prefetch must not shift a gear.
    if (method !== 'POST') return refuse(response, 405, 'A command is sent by POST.')
    if (url === '/watch') return await this.#watchUrl(response)
    await this.#command(request, response)
  }

  async #watchUrl(response: ServerResponse): Promise<void> {
    const address = await this.#options.desk.watchUrl()
    if (address === undefined) return refuse(response, 409, 'The server shows this ride to nobody just now.')
    response.setHeader('content-type', 'application/json; charset=utf-8')
    response.end(JSON.stringify({ address }))
  }

  async #command(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers['content-type']?.split(';')[0]?.trim() !== 'application/json')
      return refuse(response, 415, 'A command is JSON.')
    const body = await this.#bodyOf(request)
    if (!body.ok) return refuse(response, body.status, body.sentence)
    const read = readCommand(parsed(body.text))
    if (!read.ok) return refuse(response, 400, read.sentence)
    const complaint = this.#options.desk.command(read.command)
    if (complaint !== undefined) return refuse(response, 409, complaint)
    response.writeHead(204).end()
    this.#tell()
  }

  /** Never more than the limit is kept, nor waited longer. */
  #bodyOf(
    request: IncomingMessage,
  ): Promise<{ ok: true; text: string } | { ok: false; status: number; sentence: string }> {
    const done = Promise.withResolvers<{ ok: true; text: string } | { ok: false; status: number; sentence: string }>()
    const cancel = this.#options.clock.after(BODY_MS, () =>
      done.resolve({ ok: false, status: 408, sentence: 'The command did not come in time.' }),
    )
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > BODY_BYTES_MAX)
        done.resolve({ ok: false, status: 413, sentence: `A command has at most ${BODY_BYTES_MAX} bytes.` })
      else chunks.push(chunk)
    })
    request.on('end', () => done.resolve({ ok: true, text: Buffer.concat(chunks).toString('utf8') }))
    request.on('error', () => done.resolve({ ok: false, status: 400, sentence: 'The command broke off.' }))
    return done.promise.finally(cancel)
  }

  #listen(response: ServerResponse): void {
    if (this.#listeners.size >= LISTENERS_MAX) return refuse(response, 429, 'This page is open too often; close one.')
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    this.#listeners.add(response)
    response.on('close', () => this.#listeners.delete(response))
    response.write(eventOf(JSON.stringify(this.#options.desk.state())))
  }

  #tell(): void {
    if (this.#listeners.size === 0) return
    const nowMs = this.#options.clock.nowMs()
    const text = JSON.stringify(this.#options.desk.state())
    if (text === this.#told && nowMs - this.#toldMs < TELL_LATEST_MS) return
    this.#told = text
    this.#toldMs = nowMs
    for (const listener of this.#listeners)
      // Who does not read is not written to: memory stays, and the next state is the newer one anyway.
      if (!listener.writableNeedDrain) listener.write(eventOf(text))
  }

  #later(): void {
    this.#cancelTell = this.#options.clock.after(TELL_MS, () => {
      this.#tell()
      this.#later()
    })
  }
}

const eventOf = (text: string): string => `data: ${text}\n\n`

function refuse(response: ServerResponse, status: number, sentence: string): void {
  // Whatever else comes on this connection is not read: a body may be without end.
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
  const { socket } = response // It has none any more when the answer is out.
  response.end(`${JSON.stringify({ message: sentence })}\n`, () => socket?.destroySoon())
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Not JSON: readCommand says so.
  }
}
