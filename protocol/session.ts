import { AckHistory, expandNumber, expandTick, ReplayWindow } from './ack-window.ts'
import { ClockSync } from './clock-sync.ts'
import { type CloseReason, decodeDownPacket, type DownPacket, writeUpPacket } from './control.ts'
import {
  CONNECTION_ID_BYTES,
  type Datagram,
  decodeDatagram,
  encodeConnect,
  encodeTokenMessage,
  type Packet,
  writeResponseHeader,
  writeShortHeader,
  writeUpHeader,
} from './datagram.ts'
import { isNewer, type RiderId, type Sequence, type Tick } from './ids.ts'
import type { InputSample } from './input.ts'
import { type KeyLimits, KeyRing } from './key-ring.ts'
import {
  BYES,
  CLOCK_INTERVAL_MS,
  COOKIE_TTL_MS,
  HANDSHAKE_RESEND_MAX_MS,
  HANDSHAKE_RESEND_MS,
  HANDSHAKE_TIMEOUT_MS,
  INPUT_SAMPLES_MAX,
  PACKET_NUMBER_MAX,
  PROBE_FIRST_MS,
  PROBE_MAX_MS,
  SESSION_RESUME_MS,
  SESSION_SILENCE_MS,
  TICK_MS,
  SAMPLE_TWIN_MS,
  UPLINK_INTERVAL_MS,
} from './limits.ts'
import { NetStats } from './net-stats.ts'
import { OwnReader, type OwnState } from './own.ts'
import type { RiderRecord } from './rider-stream.ts'
import type { Sealer } from './sealer.ts'
import { SlotTable } from './slots.ts'
import { WishBox } from './wishes.ts'
import { BitWriter } from './writer.ts'

export type { CloseReason } from './control.ts'
export { openSealer, type Sealer } from './sealer.ts'
export type { OwnState } from './own.ts'

export type ClientEvent =
  | { readonly kind: 'connected'; readonly tick: Tick; readonly riderId: RiderId }
  /** News of riders; `tick` is the packet's, also when there is no record. */
  | { readonly kind: 'riders'; readonly tick: Tick; readonly records: readonly RiderRecord[] }
  | { readonly kind: 'own'; readonly state: OwnState }
  /** Nothing was heard for SESSION_SILENCE_MS; the session knocks on, and wakes with whatever comes. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'closed'; readonly reason: CloseReason }

export interface ClientOptions {
  /** Sealed token as the server gave it. */
  readonly token: Uint8Array
  readonly sealer: Sealer
  /** udp: bare datagrams, address to be proven. channel: WebRTC or WebSocket, where the carrier has done that. */
  readonly path: 'udp' | 'channel'
  readonly randomBytes: (count: number) => Uint8Array
  readonly nowMs: number
  /** Counts on over several sessions; absent: this one's own. */
  readonly stats?: NetStats | undefined
  /** Only for tests: other limits of keys, and the number both directions begin at. */
  readonly keyLimits?: KeyLimits
  readonly firstNumber?: number
}

/** docs/protocol.md draws the arrows. */
type State =
  | { name: 'connecting'; sinceMs: number; sentMs: number; waitMs: number }
  | { name: 'proving'; sinceMs: number; sentMs: number; waitMs: number; cookie: Uint8Array; cookieMs: number }
  | { name: 'connected'; heardMs: number; sentMs: number }
  | { name: 'silent'; heardMs: number; sentMs: number; waitMs: number }
  | { name: 'closing'; byesLeft: number }
  | { name: 'closed'; reason: CloseReason }

/** Bits of IP and UDP around each datagram, IPv4. */
const CARRIER_BITS = 28 * 8
/** Round trips that are asked for in every packet; later ones now and then. */
const ECHOES_EAGER = 4

/** The client's end of a connection: no socket, no clock, no crypto. Call `poll` every 10 ms or so, and after `offer`. */
export class ClientSession {
  readonly stats: NetStats
  readonly #options: ClientOptions
  readonly #connectionId: Uint8Array
  readonly #keys: KeyRing
  readonly #clock = new ClockSync()
  readonly #replays: ReplayWindow
  readonly #used = new AckHistory()
  readonly #slots = new SlotTable()
  readonly #own = new OwnReader()
  readonly #writer = new BitWriter()
  readonly #wishes = new WishBox()
  #state: State
  #packetNumber: number
  #tick = -1
  #samples: InputSample[] = []
  /** Something was said that does not wait for the next beat. */
  #isPressing = false
  /** A sample waits that no packet has carried yet; and when the twin of the packet that did goes. */
  #isSampleNew = false
  #twinMs = Infinity
  /** The server's challenge of a new path, to be said again in the next packet. */
  #path: Uint8Array | undefined
  #clockSentMs = -Infinity
  #echoes = 0

  constructor(options: ClientOptions) {
    const { nowMs, sealer, keyLimits, firstNumber = 0, stats = new NetStats() } = options
    this.#options = options
    this.stats = stats
    stats.begin()
    this.#connectionId = options.randomBytes(CONNECTION_ID_BYTES)
    this.#keys = new KeyRing(sealer, nowMs, keyLimits)
    this.#packetNumber = firstNumber
    this.#replays = new ReplayWindow(firstNumber)
    this.#state = { name: 'connecting', sinceMs: nowMs, sentMs: -Infinity, waitMs: 0 }
  }

  get state(): State['name'] {
    return this.#state.name
  }

  /** Datagrams refused, by reason. */
  get rejects(): Readonly<Record<string, number>> {
    return this.stats.refusals
  }

  /** Smallest round trip lately, ms. */
  get rttMs(): number {
    return this.#clock.rttMs
  }

  get jitterMs(): number {
    return this.#clock.jitterMs
  }

  /** Something is to be said at once: call `poll`, also right after `receive`. */
  get isPressing(): boolean {
    return this.#isPressing || (this.#state.name === 'proving' && this.#state.sentMs === -Infinity)
  }

  /** How often the idea of the time over there was set anew instead of bent. */
  get clockSteps(): number {
    return this.#clock.steps
  }

  /** How long nothing valid has come, ms; 0 while there was nothing to hear. */
  silentMs(nowMs: number): number {
    const state = this.#state
    return state.name === 'connected' || state.name === 'silent' ? nowMs - state.heardMs : 0
  }

  /** Tick over there now, with its fraction. */
  tickAt(nowMs: number): number {
    return this.#clock.tickAt(nowMs)
  }

  /** Sends this sample, with the three before it, at the next `poll`. */
  offer(sample: InputSample): void {
    this.#samples.unshift(sample)
    this.#samples.length = Math.min(this.#samples.length, INPUT_SAMPLES_MAX)
    this.#isPressing = this.#isSampleNew = true
    this.stats.add('samples')
  }

  /**
   * What the rider wants to hold from now on, of this kind: repeated from the next `poll` on until the server has taken
   * it up; a newer wish of the same kind stands for it. [D110]
   */
  wish(kind: number, body: Uint8Array): void {
    this.#wishes.add(kind, body)
    this.#isPressing = true
  }

  /** Says goodbye at the next `poll`. */
  close(): void {
    const { name } = this.#state
    if (name === 'connected' || name === 'silent') this.#state = { name: 'closing', byesLeft: BYES }
    else if (name !== 'closing') this.#state = { name: 'closed', reason: 'left' }
  }

  receive(bytes: Uint8Array, nowMs: number): readonly ClientEvent[] {
    this.stats.received(bytes.length)
    const datagram = decodeDatagram(bytes)
    if (!datagram.ok) return this.#reject(datagram.error)
    const { value } = datagram
    if (value.kind === 'challenge') return this.#challenged(value, nowMs)
    if (value.kind !== 'down') return this.#reject('wrong-kind')
    if (this.#state.name === 'closed' || this.#state.name === 'closing') return []
    return this.#open(value, nowMs)
  }

  #challenged({ connectionId, cookie }: Datagram & { kind: 'challenge' }, nowMs: number): readonly ClientEvent[] {
    if (this.#state.name !== 'connecting' || this.#options.path !== 'udp') return this.#reject('unexpected')
    if (!areEqual(connectionId, this.#connectionId)) return this.#reject('not-ours')
    const { sinceMs } = this.#state
    this.#state = { name: 'proving', sinceMs, sentMs: -Infinity, waitMs: 0, cookie: cookie.slice(), cookieMs: nowMs }
    return []
  }

  #open({ numberLow, phase, bytes, headerBytes }: Packet, nowMs: number): readonly ClientEvent[] {
    const number = expandNumber(numberLow, this.#replays.expected)
    if (!this.#replays.isFresh(number)) return this.#reject('replay')
    const epoch = this.#keys.epoch
    const body = this.#keys.open(number, phase, bytes, headerBytes, nowMs)
    if (body === undefined) return this.#reject('forged')
    this.stats.bits('wire', CARRIER_BITS + (headerBytes + this.#keys.overhead) * 8)
    const packet = decodeDownPacket(body, this.stats)
    if (!packet.ok) return this.#reject(packet.error)
    this.#replays.mark(number)
    this.stats.packet(number)
    if (this.#keys.epoch !== epoch) this.stats.add('rekeys')
    if (packet.value.bye !== undefined) return this.#end(packet.value.bye)
    return this.#accept(packet.value, number, nowMs)
  }

  /** Turns an authentic packet into events. */
  #accept(packet: DownPacket, number: number, nowMs: number): readonly ClientEvent[] {
    const events: ClientEvent[] = []
    const agoMs = packet.welcome?.agoMs ?? 0
    if (this.#tick < 0) {
      if (packet.welcome === undefined) return this.#reject('before-welcome')
      this.#state = { name: 'connected', heardMs: nowMs, sentMs: -Infinity }
      this.#tick = packet.welcome.tick - 1
      events.push({ kind: 'connected', tick: packet.welcome.tick as Tick, riderId: packet.welcome.riderId })
    }
    if (this.#heard(nowMs)) events.push({ kind: 'resumed' })
    if (packet.echo !== undefined) this.#echoed(packet.echo.clockMs, packet.echo.heldMs, nowMs)
    if (packet.path !== undefined) {
      if (this.#path === undefined) this.stats.add('moves')
      this.#path = packet.path
      this.#isPressing = true
    }
    if (packet.wishAck !== undefined) this.#wishes.acked(packet.wishAck)
    const tick = expandTick(packet.tickLow, this.#tick + 1)
    // [D21] News is used in order; a packet overtaken by its successor is dropped and not acked.
    if (number < this.#used.newest) return events
    this.#used.mark(number)
    const { steps } = this.#clock
    this.#clock.heard(tick, nowMs - agoMs)
    if (this.#clock.steps !== steps) this.stats.add('clockSteps')
    this.stats.arrived(tick * TICK_MS + agoMs, nowMs)
    const records = packet.riders === undefined ? [] : this.#slots.resolve(packet.riders, tick)
    // News of a tick that a packet was heard of before: it had been lost.
    for (const record of records) if (record.tick <= this.#tick && record.kind === 'change') this.stats.add('repairs')
    events.push({ kind: 'riders', tick: tick as Tick, records })
    this.#tick = tick
    if (packet.own !== undefined) {
      const state = this.#own.take(packet.own, tick as Tick)
      if (state !== undefined) events.push({ kind: 'own', state })
      const acked = packet.own.ack?.sequence as Sequence | undefined
      const newest = this.#samples[0]
      if (acked !== undefined && newest !== undefined && !isNewer(newest.sequence, acked)) this.#samples = []
    }
    return events
  }

  /** Whatever is valid wakes a session that had fallen silent; true when it did. [D115] */
  #heard(nowMs: number): boolean {
    if (this.#state.name === 'connected') this.#state.heardMs = nowMs
    if (this.#state.name !== 'silent') return false
    this.#state = { name: 'connected', heardMs: nowMs, sentMs: -Infinity }
    this.stats.add('resumes')
    return true
  }

  #echoed(clockMs: number, heldMs: number, nowMs: number): void {
    const wholeMs = Math.floor(nowMs)
    const sentAgoMs = (wholeMs - clockMs) & 0xffff
    const sentMs = wholeMs - sentAgoMs
    this.#clock.echoed(sentMs, heldMs, nowMs)
    this.#echoes++
    // What is echoed was opened there: if it was said in this epoch of keys, the other end is in it.
    if (sentMs > this.#keys.sinceMs) this.#keys.confirm()
    if (nowMs - sentMs >= heldMs) this.stats.roundTrip(nowMs - sentMs - heldMs)
  }

  /** The next datagram to send now; call until undefined. */
  poll(nowMs: number): Uint8Array | undefined {
    const datagram = this.#next(nowMs)
    if (datagram !== undefined) this.stats.sent(datagram.length)
    return datagram
  }

  #next(nowMs: number): Uint8Array | undefined {
    const state = this.#state
    switch (state.name) {
      case 'connecting':
        if (!isAgain(state, nowMs, HANDSHAKE_RESEND_MS, HANDSHAKE_RESEND_MAX_MS)) return undefined
        return this.#options.path === 'udp'
          ? encodeConnect(this.#connectionId, this.#options.token)
          : encodeTokenMessage(this.#options.token)
      case 'proving':
        if (nowMs - state.cookieMs > COOKIE_TTL_MS / 4) {
          this.#state = { name: 'connecting', sinceMs: state.sinceMs, sentMs: -Infinity, waitMs: 0 }
          return this.#next(nowMs)
        }
        if (!isAgain(state, nowMs, HANDSHAKE_RESEND_MS, HANDSHAKE_RESEND_MAX_MS)) return undefined
        return this.#packet(nowMs, state.cookie)
      case 'connected':
        if (!this.#isPressing && nowMs - state.sentMs < UPLINK_INTERVAL_MS && nowMs < this.#twinMs) return undefined
        state.sentMs = nowMs
        return this.#packet(nowMs)
      case 'silent':
        // What is offered meanwhile rides along; it does not knock more often.
        return isAgain(state, nowMs, PROBE_FIRST_MS, PROBE_MAX_MS) ? this.#packet(nowMs) : undefined
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

  /** Time alone can change or end a session: ask now and then. */
  expire(nowMs: number): readonly ClientEvent[] {
    const state = this.#state
    switch (state.name) {
      case 'connecting':
      case 'proving':
        return nowMs - state.sinceMs > HANDSHAKE_TIMEOUT_MS ? this.#end('timed-out') : []
      case 'connected':
        if (this.#packetNumber > PACKET_NUMBER_MAX) return this.#end('timed-out')
        if (nowMs - state.heardMs <= SESSION_SILENCE_MS) return []
        // A channel has no other address to be heard from: a new one is the better try.
        if (this.#options.path === 'channel') return this.#end('timed-out')
        this.#state = { name: 'silent', heardMs: state.heardMs, sentMs: nowMs, waitMs: PROBE_FIRST_MS }
        return [{ kind: 'silent' }]
      case 'silent':
        return nowMs - state.heardMs > SESSION_SILENCE_MS + SESSION_RESUME_MS ? this.#end('timed-out') : []
      case 'closing':
      case 'closed':
        return []
    }
  }

  #packet(nowMs: number, cookie?: Uint8Array): Uint8Array | undefined {
    if (this.#packetNumber > PACKET_NUMBER_MAX) return undefined
    const number = this.#packetNumber++
    const w = this.#writer
    w.reset()
    const epoch = this.#keys.epoch
    // The token's keys open a RESPONSE: it belongs to the first epoch, and is only sent in it.
    const phase = this.#keys.turn(nowMs)
    if (this.#keys.epoch !== epoch) this.stats.add('rekeys')
    if (cookie !== undefined) writeResponseHeader(w, this.#connectionId, cookie, this.#options.token, number)
    else if (this.#options.path === 'udp') writeUpHeader(w, this.#connectionId, number, phase)
    else writeShortHeader(w, 'upChannel', number, 0)
    const headerBytes = w.bitLength / 8
    const isClockDue = this.#echoes < ECHOES_EAGER || nowMs - this.#clockSentMs >= CLOCK_INTERVAL_MS
    if (isClockDue) this.#clockSentMs = nowMs
    writeUpPacket(w, {
      ack: this.#used.newest < 0 ? undefined : { newestLow: this.#used.newest % 0x10000, bits: this.#used.bits },
      clockMs: isClockDue ? Math.floor(nowMs) % 0x10000 : undefined,
      path: this.#path,
      input: this.#samples.length > 0 ? this.#samples : undefined,
      wishes: this.#wishes.offered,
      isBye: this.#state.name === 'closing',
    })
    this.#twinMs = this.#isSampleNew ? nowMs + SAMPLE_TWIN_MS : Infinity
    this.#isPressing = this.#isSampleNew = false
    this.#path = undefined
    w.align()
    w.skipBytes(this.#keys.overhead)
    const datagram = w.finish()
    this.#keys.seal(number, datagram, headerBytes)
    return datagram
  }

  #end(reason: CloseReason): readonly ClientEvent[] {
    this.#state = { name: 'closed', reason }
    return [{ kind: 'closed', reason }]
  }

  #reject(reason: string): readonly ClientEvent[] {
    this.stats.refuse(reason)
    return []
  }
}

/** True when what is said again is due: after `firstMs`, then each time half as long again. */
function isAgain(state: { sentMs: number; waitMs: number }, nowMs: number, firstMs: number, mostMs: number): boolean {
  if (nowMs - state.sentMs < state.waitMs) return false
  state.sentMs = nowMs
  state.waitMs = state.waitMs === 0 ? firstMs : Math.min(state.waitMs * 1.5, mostMs)
  return true
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
