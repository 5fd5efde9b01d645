import type { Connection, ConnectionEvent } from './net/connection.ts'
import { NetLog, type NetSecond, type ServerSecond } from './net/net-log.ts'
import { TICK_MS } from '#protocol/limits'

/** What a page shows of a ride's connection: as it is here, or as it came from another page. */
export interface NetView {
  /** Of this ride on this page; another ride has another one. */
  readonly id: string
  readonly name: string
  readonly carrier: string
  readonly why: string
  readonly events: readonly ConnectionEvent[]
  readonly seconds: readonly NetSecond[]
  readonly server: readonly ServerSecond[]
  /** Now on the clock of `events`. */
  readonly nowMs: number
}

/** Between pages of one browser. A page that looks says so now and then; who rides answers, and tells nothing unasked. */
export type NetMessage =
  | { readonly kind: 'who' }
  | { readonly kind: 'view'; readonly view: NetView }
  | { readonly kind: 'gone'; readonly id: string }
export const NET_CHANNEL = 'gruppetto.net'
/** A page that looks asks this often, and is told for twice as long. */
export const ASK_AGAIN_MS = 4000

const SECOND_MS = 1000
/** The page's timer beats this often (client/ride.ts). */
const BEAT_MS = 50
const PULSE_EVERY_MS = 2000

export interface NetWatchOptions {
  readonly connection: Connection
  readonly name: string
  readonly roomId: string
  readonly nowMs: () => number
  readonly inView: () => number
  /** Who only watches has no sensor whose watts could be old. */
  readonly hasSensor: () => boolean
  /** Other pages of this browser may look, too. */
  readonly isShared: boolean
}

/** Keeps the last minutes of a ride's connection, and tells whoever looks. Costs a row a second. */
export class NetWatch {
  readonly #options: NetWatchOptions
  readonly #log: NetLog
  readonly #id = crypto.randomUUID()
  readonly #channel: BroadcastChannel | undefined
  readonly #lookers = new Set<(view: NetView) => void>()
  readonly #beganMs: number
  #server: readonly ServerSecond[] = []
  #secondMs: number
  #beatMs: number
  #frameMs = NaN
  #frames = 0
  #frameMaxMs = 0
  #stallMs = 0
  #wasHidden = document.hidden
  #samples = 0
  #sampleMs = NaN
  #sampleAgeMs = 0
  #askedMs = -Infinity
  #pulseMs = -Infinity
  #clockMs: number | undefined

  constructor(options: NetWatchOptions) {
    this.#options = options
    this.#channel = options.isShared ? new BroadcastChannel(NET_CHANNEL) : undefined
    this.#log = new NetLog(options.connection.stats)
    const nowMs = options.nowMs()
    this.#beganMs = nowMs
    this.#secondMs = nowMs
    this.#beatMs = nowMs
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<NetMessage>) => {
      if (data.kind !== 'who') return
      this.#askedMs = options.nowMs()
      this.#post()
    })
  }

  get view(): NetView {
    const { connection, name, nowMs } = this.#options
    const { state, why, events } = connection
    const carrier = 'carrier' in state ? state.carrier : ''
    const seconds = this.#log.seconds
    return { id: this.#id, name, carrier, why, events: [...events], seconds, server: this.#server, nowMs: nowMs() }
  }

  /** Calls back with every second from now on; the result ends it. */
  look(onView: (view: NetView) => void): () => void {
    this.#lookers.add(onView)
    onView(this.view)
    return () => void this.#lookers.delete(onView)
  }

  /** A picture was drawn. */
  frame(nowMs: number): void {
    if (!Number.isNaN(this.#frameMs)) this.#frameMaxMs = Math.max(this.#frameMaxMs, nowMs - this.#frameMs)
    this.#frameMs = nowMs
    this.#frames++
  }

  /** A sensor told its watts. */
  sample(nowMs: number): void {
    this.#ageTo(nowMs)
    this.#sampleMs = nowMs
    this.#samples++
  }

  /** The page's timer, twenty times a second, hidden or not. */
  beat(nowMs: number): void {
    this.#stallMs = Math.max(this.#stallMs, nowMs - this.#beatMs - BEAT_MS)
    this.#beatMs = nowMs
    if (document.hidden) {
      this.#wasHidden = true
      this.#frameMs = NaN // No picture is due while nobody looks.
    }
    if (nowMs - this.#secondMs >= SECOND_MS) this.#takeSecond(nowMs)
  }

  close(): void {
    this.#channel?.postMessage({ kind: 'gone', id: this.#id } satisfies NetMessage)
    this.#channel?.close()
    this.#lookers.clear()
  }

  get #isSeen(): boolean {
    return this.#lookers.size > 0 || this.#options.nowMs() - this.#askedMs < ASK_AGAIN_MS * 2
  }

  #takeSecond(nowMs: number): void {
    const { connection, inView, hasSensor } = this.#options
    this.#ageTo(nowMs)
    // A picture that stands still is late before the next one comes.
    if (!Number.isNaN(this.#frameMs)) this.#frameMaxMs = Math.max(this.#frameMaxMs, nowMs - this.#frameMs)
    const { state } = connection.state
    const tick = connection.tickAt(nowMs)
    const offsetMs = tick * TICK_MS - nowMs
    if (state === 'riding') this.#clockMs ??= offsetMs
    this.#log.take((nowMs - this.#beganMs) / 1000, {
      ...{ state, tick, inView: inView() },
      carrier: 'carrier' in connection.state ? connection.state.carrier : '',
      clockMs: state === 'riding' ? Math.round((offsetMs - this.#clockMs!) * 10) / 10 : 0,
      silentMs: connection.buffer.newestTick < 0 ? 0 : connection.buffer.silentMs(nowMs),
      computer: {
        frames: Math.round((this.#frames * SECOND_MS) / (nowMs - this.#secondMs)),
        frameMs: Math.round(this.#frameMaxMs),
        stallMs: Math.max(0, Math.round(this.#stallMs)),
        isHidden: this.#wasHidden,
      },
      ...(hasSensor() && !Number.isNaN(this.#sampleMs)
        ? { trainer: { samples: this.#samples, ageMs: Math.round(this.#sampleAgeMs) } }
        : {}),
    })
    this.#secondMs = nowMs
    this.#frames = 0
    this.#frameMaxMs = 0
    this.#stallMs = 0
    this.#samples = 0
    this.#sampleAgeMs = 0
    this.#wasHidden = document.hidden
    if (!this.#isSeen) return
    this.#tell()
    if (nowMs - this.#pulseMs >= PULSE_EVERY_MS) void this.#askPulse(nowMs)
  }

  #ageTo(nowMs: number): void {
    if (!Number.isNaN(this.#sampleMs)) this.#sampleAgeMs = Math.max(this.#sampleAgeMs, nowMs - this.#sampleMs)
  }

  /** How the server's ticks went; asked only while somebody looks, and it tells two minutes at once. */
  async #askPulse(nowMs: number): Promise<void> {
    this.#pulseMs = nowMs
    try {
      const response = await fetch(`/api/pulse?room=${encodeURIComponent(this.#options.roomId)}`)
      if (response.ok) this.#server = ((await response.json()) as { seconds: readonly ServerSecond[] }).seconds
    } catch {
      // A server that does not answer is seen in the line's own figures.
    }
  }

  #tell(): void {
    const { view } = this
    for (const onView of this.#lookers) onView(view)
    this.#post()
  }

  #post(): void {
    if (this.#options.nowMs() - this.#askedMs < ASK_AGAIN_MS * 2)
      this.#channel?.postMessage({ kind: 'view', view: this.view } satisfies NetMessage)
  }
}
