import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import type { InputSample } from '#protocol/input'
import { LastingWishes } from '#protocol/lasting-wishes'
import type { RiderWish } from '#protocol/rider-wish'
import { type ClientEvent, ClientSession, type CloseReason, type OwnState } from '#protocol/session'
import { createSealer } from './aead.ts'

/** silent: nothing is heard, but the session still lives at both ends and goes on by itself. */
export type UplinkState = 'connecting' | 'connected' | 'silent' | 'reconnecting' | 'closed'

/** What POST /api/token answers, as bytes. */
export interface UplinkGrant {
  readonly token: Uint8Array
  readonly keys: { readonly up: Uint8Array; readonly down: Uint8Array }
  readonly datagram: { readonly host: string; readonly port: number }
}

export interface UplinkOptions {
  /** Asks the server, by the rider's secret, for a new grant. A rejection is tried again. */
  readonly requestGrant: () => Promise<UplinkGrant>
  /** False: a grant is good once, and who asks for another is over. Then a silent session is all there is. */
  readonly mayAskAgain?: () => boolean
  /** Between two askings while nothing is heard; only tests hurry. */
  readonly askAgainMs?: number
  readonly nowMs: () => number
  readonly onState?: (state: UplinkState, sentence: string) => void
  readonly onOwn?: (own: OwnState) => void
}

const POLL_MS = 20
const RETRY_FIRST_MS = 500
const RETRY_MAX_MS = 5000

const CLOSED_SENTENCES: Partial<Record<CloseReason, string>> = {
  left: 'The bridge has left.',
  replaced: 'Another bridge or page sends for this rider now; this one stops.',
}

/** The bridge's session over UDP: reconnects by itself, as the same rider, asking for a new grant each time. */
export class Uplink {
  readonly #options: UplinkOptions
  #state: UplinkState = 'connecting'
  #session: ClientSession | undefined
  #socket: Socket | undefined
  #timer: ReturnType<typeof setInterval> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #retryMs = RETRY_FIRST_MS
  #isOver = false
  readonly #wishes = new LastingWishes()

  constructor(options: UplinkOptions) {
    this.#options = options
  }

  get state(): UplinkState {
    return this.#state
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#work(), POLL_MS)
    void this.#connect()
  }

  /** Samples are sent as they come; what is said while there is no session is lost, the next one tells anew. */
  send(sample: InputSample): void {
    this.#session?.offer(sample)
    this.#work()
  }

  /** Said until the server has it; devices to each new session too. */
  wish(wish: RiderWish): void {
    this.#wishes.wish(wish)
    this.#work()
  }

  async close(): Promise<void> {
    if (this.#isOver) return
    this.#session?.close()
    this.#work()
    this.#isOver = true
    clearInterval(this.#timer)
    clearTimeout(this.#retry)
    const socket = this.#socket
    this.#socket = undefined
    // Goodbyes are on their way: the socket closes when the system has taken them.
    if (socket !== undefined) await new Promise<void>((resolve) => setImmediate(() => socket.close(() => resolve())))
    this.#say('closed', CLOSED_SENTENCES.left!)
  }

  async #connect(): Promise<void> {
    try {
      const grant = await this.#options.requestGrant()
      if (!this.#isOver) this.#connectWith(grant)
    } catch (error) {
      if (!this.#isOver) this.#again(error instanceof Error ? error.message : 'The server cannot be reached.')
    }
  }

  /**
   * Nothing is heard: the line, or the server, which may be another one by now and know nothing of this session. It is
   * asked over HTTP, while the session knocks on; whoever answers first is taken. [D31]
   */
  async #seek(silent: ClientSession): Promise<void> {
    const { requestGrant, mayAskAgain, askAgainMs = RETRY_MAX_MS } = this.#options
    if (mayAskAgain?.() === false) return
    const isNeeded = (): boolean => !this.#isOver && this.#session === silent && silent.state === 'silent'
    try {
      const grant = await requestGrant()
      if (!isNeeded()) return
      this.#letGo()
      this.#connectWith(grant)
    } catch {
      // Nobody answers there either: the session lives as long as it does.
      clearTimeout(this.#retry)
      if (isNeeded()) this.#retry = setTimeout(() => void this.#seek(silent), askAgainMs)
    }
  }

  #connectWith(grant: UplinkGrant): void {
    try {
      const { host, port } = grant.datagram
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
      this.#socket = socket
      socket.on('message', (datagram) => this.#hear(socket, datagram))
      socket.on('error', (error) => {
        // Once we talk, an error means that nobody listens there just now: silence ends the session in time.
        if (socket === this.#socket && this.#session === undefined)
          this.#again(`${host} cannot be found (${error.message}).`)
      })
      socket.connect(port, host, () => {
        if (this.#socket !== socket || this.#isOver) return
        this.#session = new ClientSession({
          token: grant.token,
          sealer: createSealer({ sealKey: grant.keys.up, openKey: grant.keys.down }),
          path: 'udp',
          randomBytes,
          nowMs: this.#options.nowMs(),
        })
        this.#wishes.session = this.#session
        this.#work()
      })
    } catch (error) {
      if (!this.#isOver) this.#again(error instanceof Error ? error.message : 'The server cannot be reached.')
    }
  }

  #hear(socket: Socket, datagram: Uint8Array): void {
    const nowMs = this.#options.nowMs()
    if (socket !== this.#socket || this.#session === undefined) return
    this.#note(this.#session.receive(datagram, nowMs))
    if (this.#session?.isPressing) this.#work()
  }

  #work(): void {
    const session = this.#session
    const socket = this.#socket
    if (session === undefined || socket === undefined || this.#isOver) return
    const nowMs = this.#options.nowMs()
    for (let datagram = session.poll(nowMs); datagram !== undefined; datagram = session.poll(nowMs)) {
      try {
        socket.send(datagram)
      } catch {
        break // The socket lost its way: silence will end the session, and the next begins with a new socket.
      }
    }
    this.#note(session.expire(nowMs))
  }

  #note(events: readonly ClientEvent[]): void {
    for (const event of events) {
      if (event.kind === 'connected') {
        this.#retryMs = RETRY_FIRST_MS
        this.#say('connected', 'Connected to the server.')
      } else if (event.kind === 'silent') {
        this.#say('silent', 'The server has not been heard from; still trying.')
        void this.#seek(this.#session!)
      } else if (event.kind === 'resumed') this.#say('connected', 'The server is heard again.')
      else if (event.kind === 'own') this.#options.onOwn?.(event.state)
      else if (event.kind === 'closed') {
        const final = CLOSED_SENTENCES[event.reason]
        if (final === undefined) this.#again(`The session has ended (${event.reason}).`)
        else this.#stop(final)
      }
    }
  }

  #again(why: string): void {
    this.#letGo()
    this.#say('reconnecting', `${why} Trying again in ${this.#retryMs / 1000} s.`)
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.#connect(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS)
  }

  #stop(sentence: string): void {
    this.#isOver = true
    clearInterval(this.#timer)
    this.#letGo()
    this.#say('closed', sentence)
  }

  #letGo(): void {
    this.#session = undefined
    this.#wishes.session = undefined
    this.#socket?.close()
    this.#socket = undefined
  }

  #say(state: UplinkState, sentence: string): void {
    this.#state = state
    this.#options.onState?.(state, sentence)
  }
}
