import { AckHistory, expandNumber, expandTick, ReplayWindow } from './ack-window.ts'
import { ClockSync } from './clock-sync.ts'
import { type CloseReason, decodeDownPacket, type DownPacket, writeUpPacket } from './control.ts'
import {
  CONNECTION_ID_BYTES,
  decodeDatagram,
  encodeConnect,
  encodeResponseHeader,
  encodeShortHeader,
  encodeTokenMessage,
  encodeUpHeader,
  joinDatagram,
} from './datagram.ts'
import { isNewer, type RiderId, type Sequence, type Tick } from './ids.ts'
import type { InputSample } from './input.ts'
import {
  BYES,
  COOKIE_TTL_MS,
  HANDSHAKE_RESEND_MS,
  HANDSHAKE_TIMEOUT_MS,
  INPUT_SAMPLES_MAX,
  SESSION_SILENCE_MS,
  UPLINK_INTERVAL_MS,
} from './limits.ts'
import { OwnReader, type OwnState } from './own.ts'
import type { RiderRecord } from './rider-stream.ts'
import { SlotTable } from './slots.ts'
import { WishBox } from './wishes.ts'
import { BitWriter } from './writer.ts'

export type { CloseReason } from './control.ts'
export type { OwnState } from './own.ts'

/** Seals and opens datagrams. DTLS and TLS carriers hand in `openSealer`: they seal themselves. */
export interface Sealer {
  /** Bytes it adds. */
  readonly overhead: number
  seal(packetNumber: number, header: Uint8Array, body: Uint8Array): Uint8Array
  /** undefined: not from who it claims to be. */
  open(packetNumber: number, header: Uint8Array, sealed: Uint8Array): Uint8Array | undefined
}

export const openSealer: Sealer = { overhead: 0, seal: (_n, _h, body) => body, open: (_n, _h, sealed) => sealed }

export type ClientEvent =
  | { readonly kind: 'connected'; readonly tick: Tick; readonly riderId: RiderId }
  /** News of riders; `tick` is the packet's, also when there is no record. */
  | { readonly kind: 'riders'; readonly tick: Tick; readonly records: readonly RiderRecord[] }
  | { readonly kind: 'own'; readonly state: OwnState }
  | { readonly kind: 'closed'; readonly reason: CloseReason }

export interface ClientOptions {
  /** Sealed token as the server gave it. */
  readonly token: Uint8Array
  readonly sealer: Sealer
  /** udp: bare datagrams, address to be proven. channel: WebRTC or WebSocket, where the carrier has done that. */
  readonly path: 'udp' | 'channel'
  readonly randomBytes: (count: number) => Uint8Array
  readonly nowMs: number
}

/** docs/protocol.md draws the arrows. */
type State =
  | { name: 'connecting'; sinceMs: number; sentMs: number }
  | { name: 'proving'; sinceMs: number; sentMs: number; cookie: Uint8Array; cookieMs: number }
  | { name: 'connected'; heardMs: number; sentMs: number }
  | { name: 'closing'; byesLeft: number }
  | { name: 'closed'; reason: CloseReason }

/** The client's end of a connection: no socket, no clock, no crypto. Call `poll` every 10 ms or so, and after `offer`. */
export class ClientSession {
  readonly #options: ClientOptions
  readonly #connectionId: Uint8Array
  readonly #clock = new ClockSync()
  readonly #replays = new ReplayWindow()
  readonly #used = new AckHistory()
  readonly #slots = new SlotTable()
  readonly #own = new OwnReader()
  readonly #writer = new BitWriter()
  #state: State
  #packetNumber = 0
  #tick = -1
  #samples: InputSample[] = []
  #isSamplePending = false
  readonly #wishes = new WishBox()
  #path: Uint8Array | undefined
  /** Datagrams refused, by reason. */
  readonly rejects: Record<string, number> = {}

  constructor(options: ClientOptions) {
    this.#options = options
    this.#connectionId = options.randomBytes(CONNECTION_ID_BYTES)
    this.#state = { name: 'connecting', sinceMs: options.nowMs, sentMs: -Infinity }
  }

  get state(): State['name'] {
    return this.#state.name
  }

  /** Smallest round trip lately, ms. */
  get rttMs(): number {
    return this.#clock.rttMs
  }

  get jitterMs(): number {
    return this.#clock.jitterMs
  }

  /** Tick over there now, with its fraction. */
  tickAt(nowMs: number): number {
    return this.#clock.tickAt(nowMs)
  }

  /** Sends this sample, with the three before it, at the next `poll`. */
  offer(sample: InputSample): void {
    this.#samples.unshift(sample)
    this.#samples.length = Math.min(this.#samples.length, INPUT_SAMPLES_MAX)
    this.#isSamplePending = true
  }

  /**
   * What the rider wants to hold from now on, of this kind: repeated from the next `poll` on until the server has taken
   * it up; a newer wish of the same kind stands for it.
   */
  wish(kind: number, body: Uint8Array): void {
    this.#wishes.add(kind, body)
    this.#isSamplePending = true
  }

  /** Says goodbye at the next `poll`. */
  close(): void {
    if (this.#state.name === 'connected') this.#state = { name: 'closing', byesLeft: BYES }
    else if (this.#state.name !== 'closing') this.#state = { name: 'closed', reason: 'left' }
  }

  receive(bytes: Uint8Array, nowMs: number): readonly ClientEvent[] {
    const datagram = decodeDatagram(bytes)
    if (!datagram.ok) return this.#reject(datagram.error)
    if (datagram.value.kind === 'challenge') {
      const { connectionId, cookie } = datagram.value
      if (this.#state.name !== 'connecting' || this.#options.path !== 'udp') return this.#reject('unexpected')
      if (!areEqual(connectionId, this.#connectionId)) return this.#reject('not-ours')
      const { sinceMs } = this.#state
      this.#state = { name: 'proving', sinceMs, sentMs: -Infinity, cookie: cookie.slice(), cookieMs: nowMs }
      return []
    }
    if (datagram.value.kind !== 'down') return this.#reject('wrong-kind')
    if (this.#state.name === 'closed' || this.#state.name === 'closing') return []
    const { numberLow, header, sealed } = datagram.value
    const number = expandNumber(numberLow, this.#replays.newest + 1)
    if (!this.#replays.isFresh(number)) return this.#reject('replay')
    const body = this.#options.sealer.open(number, header, sealed)
    if (body === undefined) return this.#reject('forged')
    const packet = decodeDownPacket(body)
    if (!packet.ok) return this.#reject(packet.error)
    this.#replays.mark(number)
    if (packet.value.bye !== undefined) return this.#end(packet.value.bye)
    return this.#accept(packet.value, number, nowMs)
  }

  /** Turns an authentic packet into events. */
  #accept(packet: DownPacket, number: number, nowMs: number): readonly ClientEvent[] {
    const events: ClientEvent[] = []
    if (this.#tick < 0) {
      if (packet.welcome === undefined) return this.#reject('before-welcome')
      this.#state = { name: 'connected', heardMs: nowMs, sentMs: -Infinity }
      this.#tick = packet.welcome.tick - 1
      events.push({ kind: 'connected', tick: packet.welcome.tick as Tick, riderId: packet.welcome.riderId })
    }
    if (this.#state.name === 'connected') this.#state.heardMs = nowMs
    if (packet.echo !== undefined) {
      const sentAgoMs = (Math.floor(nowMs) - packet.echo.clockMs) & 0xffff
      this.#clock.echoed(nowMs - sentAgoMs - (nowMs - Math.floor(nowMs)), packet.echo.heldMs, nowMs)
    }
    const tick = expandTick(packet.tickLow, this.#tick + 1)
    // [D21] News is used in order; a packet overtaken by its successor is dropped and not acked.
    if (number < this.#used.newest) return events.length > 0 ? events : this.#reject('overtaken')
    this.#used.mark(number)
    this.#clock.heard(tick, nowMs)
    if (packet.riders !== undefined) {
      const records = this.#slots.resolve(packet.riders, tick, this.#tick)
      events.push({ kind: 'riders', tick: tick as Tick, records })
    } else events.push({ kind: 'riders', tick: tick as Tick, records: [] })
    this.#tick = tick
    if (packet.wishAck !== undefined) this.#wishes.acked(packet.wishAck)
    if (packet.path !== undefined) {
      this.#path = packet.path
      this.#isSamplePending = true
    }
    if (packet.own !== undefined) {
      const state = this.#own.take(packet.own, tick as Tick)
      if (state !== undefined) events.push({ kind: 'own', state })
      const acked = packet.own.ack?.sequence as Sequence | undefined
      const newest = this.#samples[0]
      if (acked !== undefined && newest !== undefined && !isNewer(newest.sequence, acked)) this.#samples = []
    }
    return events
  }

  /** The next datagram to send now; call until undefined. */
  poll(nowMs: number): Uint8Array | undefined {
    const state = this.#state
    switch (state.name) {
      case 'connecting':
        if (nowMs - state.sentMs < HANDSHAKE_RESEND_MS) return undefined
        state.sentMs = nowMs
        return this.#options.path === 'udp'
          ? encodeConnect(this.#connectionId, this.#options.token)
          : encodeTokenMessage(this.#options.token)
      case 'proving':
        if (nowMs - state.cookieMs > COOKIE_TTL_MS / 4) {
          this.#state = { name: 'connecting', sinceMs: state.sinceMs, sentMs: -Infinity }
          return this.poll(nowMs)
        }
        if (nowMs - state.sentMs < HANDSHAKE_RESEND_MS) return undefined
        state.sentMs = nowMs
        return this.#packet(nowMs, state.cookie)
      case 'connected':
        if (!this.#isSamplePending && nowMs - state.sentMs < UPLINK_INTERVAL_MS) return undefined
        state.sentMs = nowMs
        return this.#packet(nowMs)
      case 'closing':
        if (state.byesLeft-- === 0) {
          this.#state = { name: 'closed', reason: 'left' }
          return undefined
        }
        return this.#packet(nowMs)
      case 'closed':
        return undefined
    }
  }

  /** Time alone can end a session: ask now and then. */
  expire(nowMs: number): readonly ClientEvent[] {
    const state = this.#state
    const isOver =
      ((state.name === 'connecting' || state.name === 'proving') && nowMs - state.sinceMs > HANDSHAKE_TIMEOUT_MS) ||
      (state.name === 'connected' && nowMs - state.heardMs > SESSION_SILENCE_MS)
    return isOver ? this.#end('timed-out') : []
  }

  #packet(nowMs: number, cookie?: Uint8Array): Uint8Array {
    const number = this.#packetNumber++
    const w = this.#writer
    w.reset()
    writeUpPacket(w, {
      ack: this.#used.newest < 0 ? undefined : { newestLow: this.#used.newest % 0x10000, bits: this.#used.bits },
      clockMs: Math.floor(nowMs) % 0x10000,
      path: this.#path,
      input: this.#samples.length > 0 ? this.#samples : undefined,
      wishes: this.#wishes.offered,
      isBye: this.#state.name === 'closing',
    })
    this.#isSamplePending = false
    this.#path = undefined
    const header = cookie
      ? encodeResponseHeader(this.#connectionId, cookie, this.#options.token, number)
      : this.#options.path === 'udp'
        ? encodeUpHeader(this.#connectionId, number)
        : encodeShortHeader('upChannel', number)
    return joinDatagram(header, this.#options.sealer.seal(number, header, w.view()))
  }

  #end(reason: CloseReason): readonly ClientEvent[] {
    this.#state = { name: 'closed', reason }
    return [{ kind: 'closed', reason }]
  }

  #reject(reason: string): readonly ClientEvent[] {
    this.rejects[reason] = (this.rejects[reason] ?? 0) + 1
    return []
  }
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
