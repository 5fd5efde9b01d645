import type { InputSample } from '#protocol/input'
import { ClientSession, type ClientEvent, openSealer, type Sealer } from '#protocol/session'
import { DOUBTS_MAX, encodeWish } from '#protocol/rider-wish'
import { NetStats } from '#protocol/net-stats'
import { StreamBuffer } from './stream-buffer.ts'

export interface HeadlessOptions {
  readonly token: Uint8Array
  /** Absent: the carrier seals (path "channel"). */
  readonly sealer?: Sealer
  readonly path: 'udp' | 'channel'
  readonly randomBytes: (count: number) => Uint8Array
  readonly nowMs: number
  readonly send: (datagram: Uint8Array) => void
  /** Of a connection that outlives its sessions; its own otherwise. */
  readonly stats?: NetStats | undefined
}

/** A session and its buffer with the socket handed in: what simulator, load generator and examples ride with. */
export class HeadlessClient {
  readonly session: ClientSession
  readonly buffer = new StreamBuffer()
  readonly stats: NetStats
  /** Set when the session ended. */
  closed: string | undefined
  readonly #send: (datagram: Uint8Array) => void

  constructor({ token, sealer, path, randomBytes, nowMs, send, stats }: HeadlessOptions) {
    this.stats = stats ?? new NetStats()
    this.session = new ClientSession({
      token,
      sealer: sealer ?? openSealer,
      path,
      randomBytes,
      nowMs,
      stats: this.stats,
    })
    this.#send = send
  }

  receive(datagram: Uint8Array, nowMs: number): readonly ClientEvent[] {
    const events = this.session.receive(datagram, nowMs)
    for (const event of events) this.#note(event, nowMs)
    if (this.session.isPressing) this.work(nowMs)
    return events
  }

  offer(sample: InputSample, nowMs: number): void {
    this.session.offer(sample)
    this.work(nowMs)
  }

  /** Asks the server to tell these riders whole. [D95] */
  doubt(riderIds: readonly number[]): void {
    const { kind, body } = encodeWish({ kind: 'doubt', riderIds: riderIds.slice(0, DOUBTS_MAX) })
    this.session.wish(kind, body)
  }

  /** Sends what is due; call every 10 to 50 ms. */
  work(nowMs: number): void {
    for (let datagram = this.session.poll(nowMs); datagram !== undefined; datagram = this.session.poll(nowMs))
      this.#send(datagram)
    for (const event of this.session.expire(nowMs)) this.#note(event, nowMs)
  }

  close(nowMs: number): void {
    this.session.close()
    this.work(nowMs)
  }

  #note(event: ClientEvent, nowMs: number): void {
    if (event.kind === 'closed') this.closed = event.reason
    this.buffer.accept(event, nowMs)
  }
}
