import type { InputSample } from '#protocol/input'
import { LastingWishes } from '#protocol/lasting-wishes'
import { NetStats } from '#protocol/net-stats'
import type { RiderWish } from '#protocol/rider-wish'
import { ClientSession, type ClientEvent, type CloseReason, openSealer } from '#protocol/session'
import { LINE_ENGLISH, type LineWords } from './line-english.ts'
import { type Channel, NotOffered, openDataChannel, openWebSocket } from './channels.ts'
import { StreamBuffer } from './stream-buffer.ts'

/** Answer of POST /api/token: docs/ARCHITECTURE.md. Byte strings are base64url. */
export interface TokenAnswer {
  readonly token: string
  readonly keys: { readonly up: string; readonly down: string }
  readonly datagram: { readonly host: string; readonly port: number }
  readonly rider: {
    readonly id: number
    readonly name: string
    readonly secret?: string
    /** For who came to watch by a code. */
    readonly watchKey?: string
  }
  readonly room: { readonly id: string; readonly mapId: string; readonly mapHash: string; readonly tick: number }
}

/** For people: what the connection is doing. */
export type ConnectionState =
  | { readonly state: 'connecting'; readonly carrier: 'webrtc' | 'websocket'; readonly words: string }
  | { readonly state: 'riding'; readonly carrier: 'webrtc' | 'websocket'; readonly words: string }
  | { readonly state: 'reconnecting'; readonly words: string }
  | { readonly state: 'closed'; readonly reason: CloseReason; readonly words: string }

export interface ConnectionEvent {
  /** On the page's clock. */
  readonly atMs: number
  readonly words: string
}

export interface ConnectionOptions {
  /** Asks the server for a (new) token: a seat the first time, the resume secret after. */
  readonly requestToken: () => Promise<TokenAnswer>
  readonly onState: (state: ConnectionState) => void
  /** Steady, ms: the page's clock. */
  readonly nowMs: () => number
  /** Origin of the server; the page's own by default. */
  readonly origin?: string
  readonly webrtc?: 'auto' | 'off'
  /** In the language of whoever reads them; without, in English. */
  readonly words?: LineWords
  /** How long WebRTC may take to open. */
  readonly webrtcMs?: number
}

/** WebRTC has so long to open; then the WebSocket is taken, so that nobody waits more than three seconds. */
const WEBRTC_MS = 2000
const WEBSOCKET_MS = 5000
/** A channel that opened but brings no welcome within this is given up. */
const WELCOME_MS = 3000
const POLL_MS = 20
const RETRY_FIRST_MS = 500
const RETRY_MAX_MS = 5000
/** So long without a packet, and the server answers over HTTP all the same: this channel is dead, whoever killed it. */
const SILENT_MS = 1000
const MEND_WAIT_MS = 200
/** What a connection remembers of its own life. */
const EVENTS_MAX = 40
/** Where a page remembers, until it is closed, that WebRTC does not pass here. */
const BLOCKED_KEY = 'gruppetto.webrtc-blocked'

/** The page's session: opened, kept open, opened again. WebRTC, else WebSocket. */
export class Connection {
  readonly buffer = new StreamBuffer()
  /** Of all its sessions, one after the other. */
  readonly stats = new NetStats()
  readonly #options: ConnectionOptions
  readonly #origin: string
  readonly #words: LineWords
  #state: ConnectionState
  #session: ClientSession | undefined
  #channel: Channel | undefined
  #timer: ReturnType<typeof setInterval> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #retryMs = RETRY_FIRST_MS
  /** The same instant, for `work`: a page's own timers may come a minute late when it is not seen. */
  #retryAtMs = Infinity
  #openedMs = 0
  /** Rises with each attempt; what belongs to an older one is ignored. */
  #attempt = 0
  #isOver = false
  #isMending = false
  #mendAgainMs = 0
  #why = ''
  readonly #events: ConnectionEvent[] = []
  #stepsBefore = 0
  readonly #wishes = new LastingWishes()

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#words = options.words ?? LINE_ENGLISH
    this.#state = { state: 'reconnecting', words: this.#words.begins }
    this.#origin = options.origin ?? location.origin
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Why it is this carrier: for who looks after a stutter. */
  get why(): string {
    return this.#why
  }

  /** What happened to this connection, oldest first. */
  get events(): readonly ConnectionEvent[] {
    return this.#events
  }

  /** Smallest round trip lately, ms. */
  get rttMs(): number {
    return this.#session?.rttMs ?? 0
  }

  start(): void {
    this.#timer ??= setInterval(() => this.work(), POLL_MS)
    void this.#connect()
  }

  offer(sample: InputSample): void {
    this.#session?.offer(sample)
    this.work()
  }

  /** Said until the server has it; devices and view to each new session too. */
  wish(wish: RiderWish): void {
    this.#wishes.wish(wish)
    this.work()
  }

  /** How often the idea of the server's time was set anew, over all sessions so far. */
  get clockSteps(): number {
    return this.#stepsBefore + (this.#session?.clockSteps ?? 0)
  }

  /** Fractional server tick at `nowMs` of the page's clock. */
  tickAt(nowMs: number): number {
    return this.#session?.tickAt(nowMs) ?? 0
  }

  /** Sends what is due. Runs by itself; a page whose timers are throttled may call it from a worker's. */
  work(): void {
    const session = this.#session
    const channel = this.#channel
    if (this.#options.nowMs() >= this.#retryAtMs) {
      clearTimeout(this.#retry)
      void this.#connect()
    }
    if (session === undefined || channel === undefined) return
    const nowMs = this.#options.nowMs()
    for (let datagram = session.poll(nowMs); datagram !== undefined; datagram = session.poll(nowMs))
      channel.send(datagram)
    this.#note(session.expire(nowMs), nowMs)
    if (session.state === 'connecting' && nowMs - this.#openedMs > WELCOME_MS) this.#again(this.#words.noAnswer)
    if (session.state === 'connected' && this.#isSilent(nowMs)) void this.#mend(nowMs)
  }

  close(): void {
    if (this.#isOver) return
    this.#session?.close()
    this.work()
    this.#finish('left')
  }

  #isSilent(nowMs: number): boolean {
    return this.buffer.silentMs(nowMs) > SILENT_MS
  }

  /**
   * [D173] A channel says nothing when its gateway is killed, and a browser notices only after many seconds. Whether the line
   * is down too is asked over HTTP: when an answer comes and the channel is silent still, another one is opened.
   */
  async #mend(nowMs: number): Promise<void> {
    if (this.#isMending || nowMs < this.#mendAgainMs) return
    this.#isMending = true
    this.#mendAgainMs = nowMs + SILENT_MS
    const attempt = this.#attempt
    try {
      const answer = await this.#options.requestToken()
      // A server that was busy answers everybody at once, and in no order.
      await new Promise((resolve) => setTimeout(resolve, MEND_WAIT_MS))
      if (this.#isOver || attempt !== this.#attempt || !this.#isSilent(this.#options.nowMs())) return
      this.#letGo(this.#words.fellSilent)
      void this.#connect(answer)
    } catch {
      // The line is down as a whole: it may come back, or the session's own patience ends.
    } finally {
      this.#isMending = false
    }
  }

  async #connect(held?: TokenAnswer): Promise<void> {
    const attempt = ++this.#attempt
    this.#retryAtMs = Infinity
    const isStale = (): boolean => this.#isOver || attempt !== this.#attempt
    try {
      const answer = held ?? (await this.#options.requestToken())
      if (isStale()) return
      const channel = await this.#open(isStale)
      if (isStale()) return channel.close()
      this.#channel = channel
      this.#openedMs = this.#options.nowMs()
      this.#session = new ClientSession({
        token: fromBase64Url(answer.token),
        sealer: openSealer,
        path: 'channel',
        randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
        nowMs: this.#openedMs,
        stats: this.stats,
      })
      this.#wishes.session = this.#session
      this.work()
    } catch (error) {
      if (!isStale()) this.#again(error instanceof Error ? withoutStop(error.message) : this.#words.notReached)
    }
  }

  async #open(isStale: () => boolean): Promise<Channel> {
    const attempt = this.#attempt
    const events = {
      onDatagram: (datagram: Uint8Array): void => {
        if (attempt === this.#attempt) this.#hear(datagram)
      },
      onGone: (): void => {
        if (attempt === this.#attempt && !this.#isOver) this.#again(this.#words.cut)
      },
    }
    const isOff = this.#options.webrtc === 'off'
    this.#why = isOff ? this.#words.isOff : this.#words.wasBlocked
    if (!isOff && !isBlocked()) {
      this.#say({ state: 'connecting', carrier: 'webrtc', words: this.#words.connecting('WebRTC') })
      try {
        const channel = await openDataChannel(this.#origin, events, this.#options.webrtcMs ?? WEBRTC_MS, this.#words)
        this.#why = this.#words.found
        return channel
      } catch (error) {
        // Not here, not now: the WebSocket says the rest. A gateway that is away for a second blocks nobody for good.
        if (!(error instanceof NotOffered)) rememberBlocked()
        this.#why = this.#words.noWebrtc(error instanceof Error ? error.message : this.#words.notOpened)
      }
      if (isStale()) throw new Error('given up')
    }
    this.#say({ state: 'connecting', carrier: 'websocket', words: this.#words.connecting('WebSocket') })
    return await openWebSocket(this.#origin, events, WEBSOCKET_MS, this.#words)
  }

  #hear(datagram: Uint8Array): void {
    const nowMs = this.#options.nowMs()
    if (this.#session === undefined) return
    this.#note(this.#session.receive(datagram, nowMs), nowMs)
    if (this.#session?.isPressing) this.work()
  }

  #note(events: readonly ClientEvent[], nowMs: number): void {
    for (const event of events) {
      this.buffer.accept(event, nowMs)
      if (event.kind === 'connected') {
        this.#retryMs = RETRY_FIRST_MS
        const carrier = this.#channel!.carrier
        this.#say({
          state: 'riding',
          carrier,
          words: carrier === 'webrtc' ? this.#words.connected : this.#words.socket,
        })
      }
      if (event.kind === 'closed') {
        if (event.reason === 'timed-out') this.#again(this.#words.serverSilent)
        else this.#finish(event.reason)
      }
    }
  }

  #letGo(why: string): void {
    this.#attempt++
    this.#channel?.close()
    this.#channel = undefined
    if (this.#session !== undefined) this.#stepsBefore += this.#session.clockSteps + 1 // The next one begins anew.
    this.#session = undefined
    this.#wishes.session = undefined
    clearTimeout(this.#retry)
    this.stats.add('resumes')
    this.#say({ state: 'reconnecting', words: this.#words.again(why) })
  }

  /** Lets go of what is and tries again a little later. */
  #again(why: string): void {
    this.#letGo(why)
    this.#retry = setTimeout(() => void this.#connect(), this.#retryMs)
    this.#retryAtMs = this.#options.nowMs() + this.#retryMs
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS)
  }

  #finish(reason: CloseReason): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#attempt++
    clearInterval(this.#timer)
    clearTimeout(this.#retry)
    this.#retryAtMs = Infinity
    this.#channel?.close()
    this.#say({ state: 'closed', reason, words: this.#words.closed[reason] })
  }

  #say(state: ConnectionState): void {
    this.#state = state
    this.#events.push({ atMs: this.#options.nowMs(), words: state.words })
    if (this.#events.length > EVENTS_MAX) this.#events.shift()
    this.#options.onState(state)
  }
}

function isBlocked(): boolean {
  try {
    return sessionStorage.getItem(BLOCKED_KEY) !== null
  } catch {
    return false // No storage for this page: then we try each time.
  }
}

function rememberBlocked(): void {
  try {
    sessionStorage.setItem(BLOCKED_KEY, '1')
  } catch {
    // No storage for this page: then we try each time.
  }
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '')
