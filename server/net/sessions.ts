import type { CloseReason } from '#protocol/control'
import { type Datagram, decodeDatagram, encodeChallenge } from '#protocol/datagram'
import type { RiderId, Row, Tick } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import {
  BYES,
  PACKETS_AT_ONCE_MAX,
  PACKETS_PER_TICK,
  RIDER_SESSIONS_MAX,
  ROOM_SESSIONS_MAX,
  SAMPLES_AT_ONCE_MAX,
  SAMPLES_PER_TICK,
} from '#protocol/limits'
import type { OwnGear } from '#protocol/own'
import { type ServerEvent, ServerSession } from '#protocol/server-session'
import { openSealer } from '#protocol/session'
import type { ConnectToken, SessionUse } from '#protocol/token'
import { decodeWish, type RiderWish, type WishBytes } from '#protocol/rider-wish'
import type { Course } from '#physics/course'
import type { Network } from '#maps/network'
import type { Riders } from '#physics/riders'
import type { Conditions } from '#physics/weather'
import type { Clock } from '../clock.ts'
import { Interest } from '../world/interest.ts'
import { OwnFeed } from '../world/own-feed.ts'
import { Viewer } from '../world/packets.ts'
import { RiderStream } from '../world/stream.ts'
import { Admission, type IssuedToken } from './admission.ts'
import { createSealer } from './aead.ts'
import { Counts, type DatagramSink, type Peer } from './peers.ts'

export type { SessionUse } from '#protocol/token'
export type { IssuedToken } from './admission.ts'
export type { DatagramSink, Peer } from './peers.ts'

/** What sessions ask of a world. */
export interface SessionHost {
  readonly tick: Tick
  readonly riders: Riders
  readonly course: Course
  readonly conditions: Conditions
  /** Ways, and which of them lie side by side; absent on a road of one way. */
  readonly network?: Network
  /** The route each rider is on, counted from 1. */
  readonly ledger?: { readonly route: Uint32Array }
  /** undefined when the rider is not on the road (any more). */
  rowOf(riderId: RiderId): Row | undefined
  post(row: Row, sample: InputSample): void
  /** Each wish once, in order. */
  heed?(row: Row, wish: RiderWish): void
  /** The rider's inputs come from another sender from now on: new sequences, a new clock. */
  resume(row: Row): void
  /** Newest sample the world has taken up for this rider; undefined before the first. */
  ackedSequence(row: Row): number | undefined
  /** In a race, and so on its route. */
  isBound?(row: Row): boolean
  /** What the session that gives the legs has told of its devices. */
  gear?(row: Row): OwnGear | undefined
}

export interface SessionsOptions {
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /** 32 bytes, of this process. */
  readonly tokenKey: Uint8Array
  /** Printable ASCII, at most ROOM_ID_BYTES_MAX. */
  readonly roomId: string
  readonly host: SessionHost
}

interface Entry {
  readonly key: string
  readonly session: ServerSession
  readonly peer: Peer
  readonly viewer: Viewer
  /** Interest is looked at anew every INTEREST_TICKS, each session in its own tick. */
  readonly phase: number
  readonly own: OwnFeed
  /** Packets this session may still send us in this tick. */
  packetsLeft: number
  /** Samples we still take up: each is a line of the journal, for ever. */
  samplesLeft: number
}

const INTEREST_TICKS = 5

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
  /** By connection id (udp) or peer (channel). */
  readonly #entries = new Map<string, Entry>()
  readonly #inputOf = new Map<RiderId, Entry>()
  #phase = 0
  #isClosed = false

  constructor(options: SessionsOptions) {
    const { host } = options
    this.#options = options
    this.#admission = new Admission(options)
    this.stream = new RiderStream(host)
    this.#interest = new Interest(host)
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

  hasInput(riderId: RiderId): boolean {
    return this.#inputOf.has(riderId)
  }

  issueToken(grant: { riderId: RiderId; use: SessionUse; ttlMs?: number }): IssuedToken {
    return this.#admission.issue(grant)
  }

  receive(peer: Peer, bytes: Uint8Array): void {
    this.#counts.add('datagramsIn')
    this.#counts.add('bytesIn', bytes.length)
    const refusal = this.#isClosed ? 'room-closed' : this.#take(peer, bytes)
    if (refusal !== undefined) this.#counts.add(refusal)
  }

  /** The channel of this peer is gone, and its session with it. */
  gone(peer: Peer): void {
    const entry = this.#entries.get(peer.key)
    if (entry !== undefined) this.#drop(entry)
  }

  /** True when the connection id is one of ours: asked by the switchboard, costs no crypto. */
  knows(connectionId: Uint8Array): boolean {
    return this.#entries.has(keyOf(connectionId))
  }

  /** True when this channel has a session here. */
  knowsPeer(peer: Peer): boolean {
    return this.#entries.has(peer.key)
  }

  /** After every world.step(): one packet for each session; silent ones end. */
  afterTick(): void {
    if (this.#isClosed) return
    const { host, clock } = this.#options
    const nowMs = clock.nowMs()
    this.stream.step(host.tick)
    if (this.#entries.size > 0) this.#interest.update()
    for (const entry of this.#entries.values()) {
      entry.samplesLeft = Math.min(entry.samplesLeft + SAMPLES_PER_TICK, SAMPLES_AT_ONCE_MAX)
      entry.packetsLeft = Math.min(entry.packetsLeft + PACKETS_PER_TICK, PACKETS_AT_ONCE_MAX)
      if (entry.session.isSilent(nowMs)) this.#end(entry, 'timed-out', 1)
      else this.#compose(entry, nowMs)
    }
    this.#admission.forget()
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
  #take(peer: Peer, bytes: Uint8Array): string | undefined {
    const datagram = decodeDatagram(bytes)
    if (!datagram.ok) return datagram.error
    const { value } = datagram
    switch (value.kind) {
      case 'connect':
        return peer.path === 'udp' ? this.#challenge(peer, value) : 'wrong-kind'
      case 'response':
        return peer.path === 'udp' ? this.#prove(peer, value) : 'wrong-kind'
      case 'up': {
        const entry = peer.path === 'udp' ? this.#entries.get(keyOf(value.connectionId)) : undefined
        if (entry === undefined) return 'unknown-connection'
        // Issue 4 lets a session move after the new path has proven itself; until then it stays where it began.
        return entry.peer.key === peer.key ? this.#hear(entry, value) : 'address-changed'
      }
      case 'upChannel': {
        const entry = peer.path === 'channel' ? this.#entries.get(peer.key) : undefined
        return entry === undefined ? 'unknown-connection' : this.#hear(entry, value)
      }
      case 'token':
        return peer.path === 'channel' ? this.#admit(peer, value.token) : 'wrong-kind'
      case 'challenge':
      case 'down':
        return 'reflected'
    }
  }

  /** CONNECT: a token that is ours is worth one cookie; nothing is kept. */
  #challenge(peer: Peer, datagram: Datagram & { kind: 'connect' }): string | undefined {
    const cookie = this.#admission.cookie(peer, datagram)
    if (typeof cookie === 'string') return cookie
    this.#send(peer, encodeChallenge(datagram.connectionId, cookie))
    return undefined
  }

  /** RESPONSE: the address is proven by the cookie, the holder of the token by the seal. */
  #prove(peer: Peer, datagram: Datagram & { kind: 'response' }): string | undefined {
    const key = keyOf(datagram.connectionId)
    const known = this.#entries.get(key)
    if (known !== undefined) return known.peer.key === peer.key ? this.#hear(known, datagram) : 'address-changed'
    const token = this.#admission.proven(peer, datagram)
    if (typeof token === 'string') return token
    const { riderId, use, upKey, downKey } = token
    const nowMs = this.#options.clock.nowMs()
    const sealer = createSealer({ sealKey: downKey, openKey: upKey })
    const session = new ServerSession({ sealer, riderId, use, nowMs })
    const first = session.receive(datagram, nowMs)
    if (!first.ok) return first.error
    const refusal = this.#begin(key, peer, session, token)
    if (refusal === undefined) this.#apply(this.#entries.get(key)!, first.events)
    return refusal
  }

  /** First message of a channel: the token. Said again until we answer, so the same peer may repeat it. */
  #admit(peer: Peer, token: Uint8Array): string | undefined {
    if (this.#entries.has(peer.key)) return 'token-repeated'
    const open = this.#admission.open(token)
    if (typeof open === 'string') return open
    const { riderId, use } = open
    const session = new ServerSession({ sealer: openSealer, riderId, use, nowMs: this.#options.clock.nowMs() })
    return this.#begin(peer.key, peer, session, open)
  }

  #begin(key: string, peer: Peer, session: ServerSession, token: ConnectToken): string | undefined {
    const { host } = this.#options
    const row = host.rowOf(session.riderId)
    if (row === undefined) return 'rider-unknown'
    if (this.#entries.size >= ROOM_SESSIONS_MAX) return 'room-full'
    const own = [...this.#entries.values()].filter((other) => other.session.riderId === session.riderId)
    if (own.length >= RIDER_SESSIONS_MAX) this.#end(own[0]!, 'replaced', BYES)
    this.#admission.spend(token)
    const entry: Entry = {
      key,
      session,
      peer,
      viewer: new Viewer(this.stream, host.riders.capacity),
      phase: this.#phase++ % INTEREST_TICKS,
      own: new OwnFeed(session.use === 'ride'),
      packetsLeft: PACKETS_AT_ONCE_MAX,
      samplesLeft: SAMPLES_AT_ONCE_MAX,
    }
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

  #hear(entry: Entry, packet: Parameters<ServerSession['receive']>[0]): string | undefined {
    if (entry.packetsLeft <= 0) return 'too-fast'
    entry.packetsLeft--
    const heard = entry.session.receive(packet, this.#options.clock.nowMs())
    if (!heard.ok) return heard.error
    this.#apply(entry, heard.events)
    return undefined
  }

  #apply(entry: Entry, events: readonly ServerEvent[]): void {
    const { host } = this.#options
    for (const event of events) {
      switch (event.kind) {
        case 'samples': {
          const row = host.rowOf(entry.session.riderId)
          if (row === undefined) break
          for (const sample of this.#affordable(entry, event.samples)) host.post(row, sample)
          break
        }
        case 'acks':
          entry.viewer.acked(event.newest, event.bits)
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
    if (wish.value.kind === 'view') return
    // [D144] Who looks on steers nobody.
    if (entry.session.use !== 'ride') return this.#counts.add('wish-of-a-watcher')
    const row = this.#options.host.rowOf(entry.session.riderId)
    if (row !== undefined) this.#options.host.heed?.(row, wish.value)
  }

  /** The newest count: a sender in a hurry loses the steps between, not where it is. */
  #affordable(entry: Entry, samples: readonly InputSample[]): readonly InputSample[] {
    const count = Math.min(samples.length, entry.samplesLeft)
    entry.samplesLeft -= count
    if (count < samples.length) this.#counts.add('samples-too-fast', samples.length - count)
    return samples.slice(samples.length - count)
  }

  #compose(entry: Entry, nowMs: number): void {
    const { host } = this.#options
    const { session, viewer } = entry
    const row = host.rowOf(session.riderId)
    if (row === undefined) return this.#end(entry, 'rider-gone', BYES)
    if (viewer.shown === 0 || (host.tick + entry.phase) % INTEREST_TICKS === 0)
      viewer.show(
        this.#interest.choose(row, (other) => viewer.isShown(other)),
        host.riders.id,
      )
    else viewer.prune(host.riders.id)
    const datagram = session.compose(nowMs, host.tick, {
      own: entry.own.take(host, row),
      riders: (w, number, bitsMax) => {
        entry.own.sent(number)
        viewer.write(w, number, bitsMax)
      },
    })
    this.#send(entry.peer, datagram)
  }

  #end(entry: Entry, reason: CloseReason, times: number): void {
    const { clock, host } = this.#options
    for (let i = 0; i < times; i++)
      this.#send(entry.peer, entry.session.compose(clock.nowMs(), host.tick, { bye: reason }))
    this.#drop(entry)
  }

  #drop(entry: Entry): void {
    if (!this.#entries.delete(entry.key)) return
    this.#counts.add('sessionsEnded')
    const { riderId } = entry.session
    if (this.#inputOf.get(riderId) === entry) this.#inputOf.delete(riderId)
  }

  #send(peer: Peer, datagram: Uint8Array): void {
    this.#counts.add('datagramsOut')
    this.#counts.add('bytesOut', datagram.length)
    peer.send(datagram)
  }
}

/** A connection id as a key of a map; no carrier's key begins so. */
function keyOf(connectionId: Uint8Array): string {
  return `#${String.fromCharCode(...connectionId)}`
}
