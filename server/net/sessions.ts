import { Allowance } from '#protocol/allowance'
import { type CloseReason, PATH_BYTES } from '#protocol/control'
import { type Datagram, decodeDatagram, encodeChallenge, type Packet } from '#protocol/datagram'
import type { RiderId } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import {
  BYES,
  JOIN_DATAGRAMS_MAX,
  PACKETS_AT_ONCE_MAX,
  PACKETS_PER_S,
  ROOM_SESSIONS_MAX,
  SAMPLES_AT_ONCE_MAX,
  SAMPLES_PER_S,
  STRAYS_AT_ONCE_MAX,
  STRAYS_PER_S,
  TICK_HZ,
  VIEW_RIDERS,
} from '#protocol/limits'
import { type ServerEvent, ServerSession } from '#protocol/server-session'
import { openSealer } from '#protocol/sealer'
import type { ConnectToken, SessionUse } from '#protocol/token'
import { decodeWish, type WishBytes } from '#protocol/rider-wish'
import { Interest } from '../world/interest.ts'
import { Viewer } from '../world/packets.ts'
import { RiderStream } from '../world/stream.ts'
import { Admission, type IssuedToken } from './admission.ts'
import { type Aead, nodeAead } from './aead.ts'
import { PathProbe } from './path-probe.ts'
import type { SessionFigures } from './line-figures.ts'
import { type Entry, openEntry, whoMakesPlace, whoRestsLongest } from './session-entry.ts'
import type { SessionsOptions } from './session-host.ts'
import { areOne, Counts, type DatagramSink, keyOfConnection, type Peer } from './peers.ts'

export type { SessionUse } from '#protocol/token'
export type { IssuedToken } from './admission.ts'
export type { DatagramSink, Peer } from './peers.ts'

const INTEREST_TICKS = 5
/** Whose acks do not come for so long is told in one of so many ticks, until one comes. */
const UNACKED_TICKS_MAX = 3 * TICK_HZ
const DEAF_TICKS = 10
/** Datagrams that a RESPONSE said again is answered with, and how many of them are answered: whoever hears none of those is told by ticks. */
const WELCOME_AGAIN_MAX = 2
const RESPONSES_AGAIN_MAX = 6
/** Between two looks at the clock. */
const LOOK_SESSIONS = 16

/**
 * The sessions of one room: who may speak for which rider, and what goes to whom. Knows no socket; the simulator runs
 * it over a network in memory.
 */
export class Sessions implements DatagramSink {
  readonly #options: SessionsOptions
  readonly #admission: Admission
  readonly #counts = new Counts()
  /** What every client believes of the riders, and the records made. */
  readonly stream: RiderStream
  readonly #interest: Interest
  readonly #aead: Aead
  readonly #viewRidersMost: number
  /** Clients are told in every second tick only, half of them in each: the room is at its end. [D200] */
  isSparing = false
  /** By connection id (udp) or peer (channel). */
  readonly #entries = new Map<string, Entry>()
  readonly #inputOf = new Map<RiderId, Entry>()
  /** Sessions whose packet of this tick is still to be made. */
  #unsent: Iterator<Entry> | undefined
  #phase = 0
  #nextId = 1
  /** When the last tick was; before the first there is nothing to tell. */
  #tickedMs: number | undefined
  #interestTick = -1
  #isClosed = false

  constructor(options: SessionsOptions) {
    const { host } = options
    this.#options = options
    this.#admission = new Admission(options)
    this.stream = new RiderStream(host)
    this.#interest = new Interest(host)
    this.#aead = options.aead ?? nodeAead
    this.#viewRidersMost = options.viewRiders ?? VIEW_RIDERS
  }

  /** Refused datagrams by reason, and packets and bytes each way. */
  get counts(): Readonly<Record<string, number>> {
    return this.#counts.all
  }

  get size(): number {
    return this.#entries.size
  }

  /** Whose sessions there are now. */
  riderIds(): ReadonlySet<RiderId> {
    return new Set([...this.#entries.values()].map((entry) => entry.session.riderId))
  }

  /** True while the session that gives this rider's legs is heard from. */
  hasInput(riderId: RiderId): boolean {
    const entry = this.#inputOf.get(riderId)
    return entry !== undefined && !entry.session.isDormant(this.#options.clock.nowMs())
  }

  /** Everybody on the line, for who runs the server. */
  list(nowMs: number): SessionFigures[] {
    return [...this.#entries.values()].map(({ session, peer, viewer, line }) => {
      const { riderId, use } = session
      return { ...line.figures(nowMs), riderId, use, carrier: peer.carrier, inView: viewer.shown }
    })
  }

  issueToken(grant: { riderId: RiderId; use: SessionUse; ttlMs?: number }): IssuedToken {
    return this.#admission.issue(grant)
  }

  receive(peer: Peer, bytes: Uint8Array): void {
    const datagram = decodeDatagram(bytes)
    if (datagram.ok) return this.take(peer, bytes.length, datagram.value)
    this.#counts.received(bytes.length)
    this.#counts.add(this.#isClosed ? 'room-closed' : datagram.error)
  }

  /** The same, of so many bytes, taken apart already. */
  take(peer: Peer, byteCount: number, datagram: Datagram): void {
    this.#counts.received(byteCount)
    const refusal = this.#isClosed ? 'room-closed' : this.#guarded(() => this.#take(peer, datagram))
    if (refusal !== undefined) this.#counts.add(refusal)
  }

  /** Datagrams come from sockets of the whole house: what breaks here must not reach them. */
  #guarded<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      if (this.#options.onBroken === undefined) throw error
      this.#options.onBroken(error)
      return undefined
    }
  }

  /** The channel of this peer is gone, and its session with it. */
  gone(peer: Peer): void {
    const entry = this.#entries.get(peer.key)
    if (entry !== undefined) this.#guarded(() => this.#drop(entry))
  }

  /** True when this room gave out a token that begins so, and remembers: which is asked before any crypto. */
  knowsToken(token: Uint8Array): boolean {
    return this.#admission.remembers(token)
  }

  /** True when the connection id is one of ours: asked by the switchboard, costs no crypto. */
  knows(connectionKey: string): boolean {
    return this.#entries.has(connectionKey)
  }

  /** True when this channel has a session here. */
  knowsPeer(peer: Peer): boolean {
    return this.#entries.has(peer.key)
  }

  /** After every world.step(): what is due for each session; silent ones rest, and end in time. */
  afterTick(): void {
    this.openTick()
    while (this.sendSome(Infinity));
  }

  /** What there is to tell of the tick that is over. Whose packet of the tick before was not made hears of it in this one's. */
  openTick(): void {
    if (this.#isClosed) return
    const { host, clock } = this.#options
    this.#tickedMs = clock.nowMs()
    this.stream.step(host.tick)
    if (this.#entries.size > 0) this.#lookAround()
    this.#admission.forget()
    this.#unsent = this.#entries.values()
  }

  /** Packets of this tick for some sessions, until `untilMs`; true while others wait. The world must not step meanwhile. */
  sendSome(untilMs: number): boolean {
    const unsent = this.#unsent
    if (unsent === undefined || this.#isClosed) return false
    const { clock } = this.#options
    let nowMs = clock.nowMs()
    for (let i = 1; ; i++) {
      const next = unsent.next()
      if (next.done === true) break
      const entry = next.value
      if (entry.session.isOver(nowMs)) this.#end(entry, 'timed-out', 1)
      else if (entry.isMuted || entry.session.isDormant(nowMs)) entry.isMuted = true
      else this.#compose(entry, nowMs)
      if (i % LOOK_SESSIONS !== 0) continue
      nowMs = clock.nowMs()
      if (nowMs >= untilMs) return true
    }
    this.#unsent = undefined
    return false
  }

  #lookAround(): void {
    const { tick } = this.#options.host
    if (tick !== this.#interestTick) this.#interest.update()
    this.#interestTick = tick
  }

  /** The rider has left the room: all its sessions end. */
  dismiss(riderId: RiderId, reason: CloseReason = 'rider-gone'): void {
    for (const entry of this.#entries.values()) if (entry.session.riderId === riderId) this.#end(entry, reason, BYES)
  }

  close(): void {
    for (const entry of this.#entries.values()) this.#end(entry, 'room-closed', BYES)
    this.#isClosed = true
  }

  /** Answers why a datagram was refused. Nothing is ever said to a peer that has not proven itself. [D32] */
  #take(peer: Peer, value: Datagram): string | undefined {
    switch (value.kind) {
      case 'connect':
        return peer.path === 'udp' ? this.#challenge(peer, value) : 'wrong-kind'
      case 'response':
        return peer.path === 'udp' ? this.#prove(peer, value) : 'wrong-kind'
      case 'up': {
        const entry = peer.path === 'udp' ? this.#entries.get(keyOfConnection(value.connectionId)) : undefined
        return entry === undefined ? 'unknown-connection' : this.#hear(entry, peer, value)
      }
      case 'upChannel': {
        const entry = peer.path === 'channel' ? this.#entries.get(peer.key) : undefined
        return entry === undefined ? 'unknown-connection' : this.#hear(entry, peer, value)
      }
      case 'token':
        return peer.path === 'channel' ? this.#admit(peer, value.token) : 'wrong-kind'
      case 'challenge':
      case 'down':
        return 'reflected'
    }
  }

  /** CONNECT: a token that is ours is worth a cookie; nothing is kept of the address. */
  #challenge(peer: Peer, datagram: Datagram & { kind: 'connect' }): string | undefined {
    const cookie = this.#admission.cookie(peer, datagram)
    if (typeof cookie === 'string') return cookie
    this.#send(peer, encodeChallenge(datagram.connectionId, cookie))
    return undefined
  }

  /** RESPONSE: the address is proven by the cookie, the holder of the token by the seal. */
  #prove(peer: Peer, datagram: Datagram & { kind: 'response' }): string | undefined {
    const key = keyOfConnection(datagram.connectionId)
    const known = this.#entries.get(key)
    if (known !== undefined) return this.#hear(known, peer, datagram) ?? this.#welcomeAgain(known, peer)
    const token = this.#admission.proven(peer, datagram)
    if (typeof token === 'string') return token
    const { riderId, use, upKey, downKey } = token
    const nowMs = this.#options.clock.nowMs()
    const sealer = this.#aead.createSealer({ sealKey: downKey, openKey: upKey })
    const { keyLimits } = this.#options
    const session = new ServerSession({ sealer, riderId, use, nowMs, keyLimits })
    const first = session.receive(datagram, nowMs)
    if (!first.ok) return first.error
    const refusal = this.#begin(key, peer, session, { sealed: datagram.token, token })
    if (refusal !== undefined) return refusal
    const entry = this.#entries.get(key)!
    this.#apply(entry, peer, first.events)
    this.#welcome(entry)
    return undefined
  }

  /** First message of a channel: the token. Said again until we answer, so the same peer may repeat it. */
  #admit(peer: Peer, token: Uint8Array): string | undefined {
    if (this.#entries.has(peer.key)) return 'token-repeated'
    const open = this.#admission.open(token)
    if (typeof open === 'string') return open
    const { riderId, use } = open
    const session = new ServerSession({ sealer: openSealer, riderId, use, nowMs: this.#options.clock.nowMs() })
    const refusal = this.#begin(peer.key, peer, session, { sealed: token, token: open })
    if (refusal === undefined) this.#welcome(this.#entries.get(peer.key)!)
    return refusal
  }

  #begin(
    key: string,
    peer: Peer,
    session: ServerSession,
    { sealed, token }: { readonly sealed: Uint8Array; readonly token: ConnectToken },
  ): string | undefined {
    const { host } = this.#options
    const row = host.rowOf(session.riderId)
    if (row === undefined) return 'rider-unknown'
    this.#makePlace(session.riderId)
    if (this.#isFull()) return 'room-full'
    this.#admission.spend(sealed, token)
    const nowMs = this.#options.clock.nowMs()
    const viewer = new Viewer(this.stream, { viewRiders: Math.min(VIEW_RIDERS, this.#viewRidersMost) })
    const [id, phase] = [this.#nextId++, this.#phase++ % INTEREST_TICKS]
    const entry = openEntry({ key, session, peer, viewer }, { id, phase, tick: host.tick, nowMs })
    if (session.use === 'ride') {
      const before = this.#inputOf.get(session.riderId)
      this.#inputOf.set(session.riderId, entry)
      if (before !== undefined) this.#end(before, 'replaced', BYES)
      host.resume(row)
    }
    this.#entries.set(key, entry)
    this.#counts.add('sessionsBegun')
    return undefined
  }

  /** So many sessions a rider has. [D18] */
  #makePlace(riderId: RiderId): void {
    const goes = whoMakesPlace(this.#entries.values(), riderId)
    if (goes === undefined) return
    this.#end(goes, 'replaced', BYES)
    this.#drop(goes)
  }

  /** And so many a room. [D128] */
  #isFull(): boolean {
    if (this.#entries.size < ROOM_SESSIONS_MAX) return false
    const goes = whoRestsLongest(this.#entries.values())
    if (goes === undefined) return true
    this.#drop(goes)
    return false
  }

  /** The first answer does not wait for the next tick, and says at once whom there is to see. [D122] */
  #welcome(entry: Entry): void {
    if (this.#tickedMs === undefined) return
    this.#lookAround()
    const nowMs = this.#options.clock.nowMs()
    while (entry.welcomes < JOIN_DATAGRAMS_MAX) {
      this.#compose(entry, nowMs)
      entry.welcomes++
      if (!entry.viewer.isWholeWaiting) return
    }
  }

  /**
   * A RESPONSE said again: our answer is under way, or it was lost. It is said again too, a datagram for each of the
   * first; who waits for a view waits for its last datagram, and not for the next tick. [D202]
   */
  #welcomeAgain(entry: Entry, peer: Peer): undefined {
    if (entry.session.isWelcomed || !areOne(entry.peer, peer) || this.#tickedMs === undefined) return
    if (++entry.responsesAgain > RESPONSES_AGAIN_MAX) return
    const nowMs = this.#options.clock.nowMs()
    for (let i = 0; i < Math.min(entry.welcomes, WELCOME_AGAIN_MAX); i++) {
      entry.viewer.repeat()
      this.#compose(entry, nowMs)
    }
  }

  #hear(entry: Entry, peer: Peer, packet: Packet): string | undefined {
    const nowMs = this.#options.clock.nowMs()
    const isHome = areOne(entry.peer, peer)
    const isGranted = isHome
      ? entry.packets.take(1, PACKETS_PER_S, PACKETS_AT_ONCE_MAX, nowMs)
      : // From elsewhere: a flood of forged ones must not use up what the session itself may say.
        (entry.strays ??= new Allowance(STRAYS_AT_ONCE_MAX, nowMs)).take(1, STRAYS_PER_S, STRAYS_AT_ONCE_MAX, nowMs)
    if (isGranted === 0) return 'too-fast'
    const heard = entry.session.receive(packet, nowMs)
    if (!heard.ok) {
      entry.line.refused()
      return heard.error
    }
    entry.line.received(packet.bytes.length, heard.number, nowMs)
    if (entry.ended !== undefined) {
      this.#sayGoodbye(entry, peer, entry.ended, 1)
      this.#drop(entry)
      return undefined
    }
    if (isHome) {
      if (entry.isMuted) this.#wake(entry)
      // A client that is heard at home later than elsewhere has not moved.
      if (heard.isNewest) entry.probe = undefined
    } else if (heard.isNewest) this.#heardElsewhere(entry, peer, packet.bytes.length, nowMs)
    this.#apply(entry, peer, heard.events)
    return undefined
  }

  /** What it says counts at once; where it is counts when a challenge sent there is said again from there. [D111] */
  #heardElsewhere(entry: Entry, peer: Peer, bytes: number, nowMs: number): void {
    if (entry.probe === undefined || entry.probe.peer.key !== peer.key || entry.probe.isOver(nowMs))
      entry.probe = new PathProbe(peer, this.#options.randomBytes(PATH_BYTES), nowMs)
    const { probe } = entry
    if (!probe.heard(bytes, nowMs)) return
    this.#counts.add('pathChallenges')
    this.#send(peer, entry.session.challengePath(nowMs, this.#options.host.tick, probe.challenge))
  }

  #move(entry: Entry, peer: Peer): void {
    entry.peer = peer
    entry.probe = undefined
    this.#counts.add('pathChanges')
    this.#wake(entry)
  }

  /** What was sent lately went nowhere. */
  #wake(entry: Entry): void {
    entry.isMuted = false
    entry.viewer.loseUnacked()
  }

  #apply(entry: Entry, peer: Peer, events: readonly ServerEvent[]): void {
    const { host } = this.#options
    for (const event of events) {
      switch (event.kind) {
        case 'samples': {
          const row = host.rowOf(entry.session.riderId)
          if (row === undefined) break
          for (const sample of this.#affordable(entry, event.samples)) host.post(row, sample)
          entry.line.samples(event.samples.length)
          break
        }
        case 'path':
          if (entry.probe?.isProvenBy(event.bytes, peer) === true) this.#move(entry, peer)
          break
        case 'acks':
          entry.ackedTick = host.tick
          entry.viewer.acked(event.newest, event.bits)
          entry.line.acked(event.newest, event.bits, this.#options.clock.nowMs())
          entry.own.acked(event.newest, event.bits)
          break
        case 'wish':
          this.#heed(entry, event.wish)
          break
        case 'bye':
          this.#drop(entry)
      }
    }
  }

  /** Acked in any case, so that nothing is said for ever; what cannot be is counted. */
  #heed(entry: Entry, bytes: WishBytes): void {
    const wish = decodeWish(bytes)
    if (!wish.ok) return this.#counts.add(`wish-${wish.error}`)
    if (wish.value.kind === 'view') {
      entry.viewer.viewRiders = Math.min(wish.value.riders, this.#viewRidersMost)
      return
    }
    if (wish.value.kind === 'doubt') {
      for (const riderId of wish.value.riderIds) entry.viewer.doubt(riderId)
      return
    }
    // [D144] Who looks on steers nobody.
    if (entry.session.use !== 'ride') return this.#counts.add('wish-of-a-watcher')
    const row = this.#options.host.rowOf(entry.session.riderId)
    if (row !== undefined) this.#options.host.heed?.(row, wish.value)
  }

  /** The newest count: a sender in a hurry loses the steps between, not where it is. */
  #affordable(entry: Entry, samples: readonly InputSample[]): readonly InputSample[] {
    const nowMs = this.#options.clock.nowMs()
    const count = entry.samples.take(samples.length, SAMPLES_PER_S, SAMPLES_AT_ONCE_MAX, nowMs)
    if (count < samples.length) this.#counts.add('samples-too-fast', samples.length - count)
    return samples.slice(samples.length - count)
  }

  #compose(entry: Entry, nowMs: number): void {
    const { host } = this.#options
    const { session, viewer } = entry
    const row = host.rowOf(session.riderId)
    if (row === undefined) return this.#end(entry, 'rider-gone', BYES)
    if (viewer.shown === 0 || (host.tick + entry.phase) % INTEREST_TICKS === 0)
      viewer.look(this.#interest, row, host.riders.id)
    else viewer.prune(host.riders.id)
    const isOwnDue = entry.own.isDue(host, row)
    // [D203] Who speaks and acks nothing would be told everything whole again and again.
    const isDeaf = host.tick - entry.ackedTick > UNACKED_TICKS_MAX
    if (isDeaf && (host.tick + entry.line.id) % DEAF_TICKS !== 0) return
    if (this.isSparing && !session.isPressing && ((host.tick + entry.line.id) & 1) !== 0) return
    // [D104] Quiet views have a packet every second tick.
    if (!isOwnDue && !session.isPressing && !viewer.isDue(host.tick)) return
    const datagram = session.compose(nowMs, host.tick, {
      own: isOwnDue ? entry.own.block(host, row) : undefined,
      agoMs: nowMs - this.#tickedMs!,
      riders: (w, number, bitsMax) => {
        entry.own.sent(number)
        viewer.write(w, number, bitsMax)
      },
    })
    entry.line.sent(datagram.length, nowMs)
    this.#send(entry.peer, datagram)
  }

  #end(entry: Entry, reason: CloseReason, times: number): void {
    const { clock } = this.#options
    const nowMs = clock.nowMs()
    if (!entry.isMuted && !entry.session.isDormant(nowMs)) this.#sayGoodbye(entry, entry.peer, reason, times)
    else if (!entry.session.isOver(nowMs)) {
      // Nobody listens: it is told when somebody does, and until then it is no session any more. [D125]
      entry.ended = reason
      this.#forgetInput(entry)
      return
    }
    this.#drop(entry)
  }

  #sayGoodbye(entry: Entry, peer: Peer, reason: CloseReason, times: number): void {
    const { clock, host } = this.#options
    for (let i = 0; i < times; i++) this.#send(peer, entry.session.compose(clock.nowMs(), host.tick, { bye: reason }))
  }

  #drop(entry: Entry): void {
    if (!this.#entries.delete(entry.key)) return
    entry.viewer.end()
    this.#counts.add('sessionsEnded')
    this.#forgetInput(entry)
  }

  #forgetInput(entry: Entry): void {
    const { riderId } = entry.session
    if (this.#inputOf.get(riderId) === entry) this.#inputOf.delete(riderId)
  }

  /** `datagram` lies in a buffer that the next packet is written into. */
  #send(peer: Peer, datagram: Uint8Array): void {
    this.#counts.sent(datagram.length)
    peer.send(peer.isPrompt === true ? datagram : datagram.slice())
  }
}
