import { HeadlessClient } from '#client/net/headless'
import { RemoteRiders } from '#client/world/remote'
import { createRandom } from '#physics/random'
import type { RiderId, Sequence } from '#protocol/ids'
import { TICK_MS, VIEW_RIDERS_MAX } from '#protocol/limits'
import { NET_BITS } from '#protocol/net-stats'
import { encodeWish } from '#protocol/rider-wish'
import type { ClientEvent } from '#protocol/session'
import type { Sealer } from '#protocol/sealer'
import type { Clock } from '#server/clock'
import { type Aead, nodeAead } from '#server/net/aead'
import { type Peer, Sessions } from '#server/net/sessions'
import type { LinkProfile } from './link.ts'
import { MemoryLink } from './memory-link.ts'
import type { Playback } from './playback.ts'

/** A client looks at its clock so often, as the page's worker does. */
const WORK_MS = 20
/** A trainer speaks four times a second. */
const SAMPLE_MS = 250
/** Calendar time when the bench begins; any will do. */
const EPOCH_MS = 1_800_000_000_000

/** What is in a packet beside the riders. */
const ELSEWHERE = ['framing', 'welcome', 'clock', 'own', 'other'] as const

export interface OurRoomOptions {
  readonly seed: number
  /** Riders each client wishes to see. */
  readonly inView: number
  readonly aead?: Aead
}

/** Our server with its sealed sessions and real clients, all in this process and in virtual time. */
export class OurRoom {
  readonly sessions: Sessions
  readonly playback: Playback
  readonly options: OurRoomOptions
  readonly clients: OurClient[] = []
  readonly randomBytes: (count: number) => Uint8Array
  /** Down, all clients together. */
  bytes = 0
  packets = 0
  nowMs = 0

  constructor(playback: Playback, options: OurRoomOptions) {
    this.playback = playback
    this.options = options
    const random = createRandom(options.seed)
    this.randomBytes = (count) => Uint8Array.from({ length: count }, () => random.u32() >>> 24)
    const clock: Clock = { nowMs: () => this.nowMs, wallMs: () => EPOCH_MS + this.nowMs, after: () => () => {} }
    this.sessions = new Sessions({
      clock,
      randomBytes: this.randomBytes,
      tokenKey: this.randomBytes(32),
      roomId: 'bench',
      host: playback,
      aead: options.aead,
    })
  }

  join(row: number, link: LinkProfile, seed: number): OurClient {
    const client = new OurClient(this, row, link, seed)
    this.clients.push(client)
    return client
  }

  leave(client: OurClient): void {
    this.clients.splice(this.clients.indexOf(client), 1)
  }

  /** The next tick, at tick · 50 ms; the first shows what the playback begins with. */
  tick(tick: number): void {
    this.nowMs = tick * TICK_MS
    if (tick > 0) this.playback.step()
    this.sessions.afterTick()
  }

  run(untilMs: number): void {
    for (const client of this.clients) client.run(untilMs)
    this.nowMs = untilMs
  }
}

/** One client and its path; the server sees it come from `address`. */
export class OurClient {
  readonly row: number
  readonly net: HeadlessClient
  readonly remote: RemoteRiders
  readonly up: MemoryLink
  readonly down: MemoryLink
  /** Of packets that were opened: how many, and the bits in them that tell of others. */
  opened = 0
  /** Set before the client connects: hears what it hears. */
  onEvent: ((event: ClientEvent, atMs: number) => void) | undefined
  readonly #room: OurRoom
  #bodyBits = 0
  #workMs: number
  #peer: Peer
  /** What the server's peer knows of us. */
  #gate!: { client: OurClient | undefined }
  #addresses = 0
  #sequence = 0
  #sampleMs: number

  constructor(room: OurRoom, row: number, link: LinkProfile, seed: number) {
    const { sessions, playback, options } = room
    this.#room = room
    this.row = row
    this.up = new MemoryLink(link, createRandom(2 * seed), (bytes, atMs) => {
      room.nowMs = atMs
      sessions.receive(this.#peer, bytes)
    })
    this.down = new MemoryLink(link, createRandom(2 * seed + 1), (bytes, atMs) => this.#hear(bytes, atMs))
    this.#peer = this.#newPeer()
    this.#workMs = room.nowMs
    // Each trainer in a phase of its own.
    this.#sampleMs = room.nowMs + ((row * 37) % SAMPLE_MS)
    const { token, keys } = sessions.issueToken({ riderId: (row + 1) as RiderId, use: 'ride' })
    const sealer = (options.aead ?? nodeAead).createSealer({ sealKey: keys.up, openKey: keys.down })
    this.net = new HeadlessClient({
      token,
      sealer: this.#tapped(sealer),
      path: 'udp',
      randomBytes: room.randomBytes,
      nowMs: room.nowMs,
      send: (bytes) => this.up.send(bytes, room.nowMs),
    })
    const { kind, body } = encodeWish({ kind: 'view', riders: options.inView })
    this.net.session.wish(kind, body)
    this.remote = new RemoteRiders(playback.course, VIEW_RIDERS_MAX, playback.weather)
  }

  /** Bits that told of others, in all packets that were opened: what is left when everything else is taken away. */
  get riderBits(): number {
    const { numbers } = this.net.session.stats
    return ELSEWHERE.reduce((bits, kind) => bits - numbers[NET_BITS[kind]]!, this.#bodyBits)
  }

  /** What legs give: told at once, as a page does. */
  offer(powerW: number, nowMs: number): void {
    this.#sequence = (this.#sequence + 1) & 0xffff
    const sequence = this.#sequence as Sequence
    const atMs = Math.floor(nowMs) >>> 0
    this.net.offer({ sequence, atMs, powerW, cadenceHalfRpm: 180, heartRateBpm: 140, steer: 0 }, nowMs)
  }

  get sequence(): number {
    return this.#sequence
  }

  /** What the server sees it come from. */
  get address(): string {
    return this.#peer.key
  }

  /** The client is gone and all it holds; the server's peer stays, and sends to nobody. */
  letGo(): void {
    this.#gate.client = undefined
  }

  /** From now on the server sees another address, as after a walk out of the house. */
  move(): void {
    this.#peer = this.#newPeer()
  }

  run(untilMs: number): void {
    for (;;) {
      const nextMs = Math.min(this.#workMs, this.up.nextMs, this.down.nextMs)
      if (nextMs > untilMs) return
      this.#room.nowMs = nextMs
      this.up.run(nextMs)
      this.down.run(nextMs)
      if (nextMs < this.#workMs) continue
      this.#workMs += WORK_MS
      this.net.work(nextMs)
      if (nextMs < this.#sampleMs) continue
      this.#sampleMs += SAMPLE_MS
      if (this.net.session.state === 'connected')
        this.offer(Math.round(this.#room.playback.riders.powerW[this.row]!), nextMs)
    }
  }

  #newPeer(): Peer {
    const room = this.#room
    const address = ++this.#addresses
    const gate: { client: OurClient | undefined } = { client: this }
    this.#gate = gate
    return {
      key: `memory/${this.row}/${address}`,
      carrier: 'memory',
      path: 'udp',
      send: (bytes) => {
        room.bytes += bytes.length
        room.packets++
        // Where nobody is any more nothing arrives.
        if (gate.client !== undefined && address === gate.client.#addresses) gate.client.down.send(bytes, room.nowMs)
      },
      close() {},
    }
  }

  #hear(bytes: Uint8Array, atMs: number): void {
    for (const event of this.net.receive(bytes, atMs)) this.onEvent?.(event, atMs)
    for (const record of this.net.buffer.take()) this.remote.accept(record)
    const doubted = this.remote.takeDoubted()
    if (doubted.length > 0) this.net.doubt(doubted)
  }

  #tapped(sealer: Sealer): Sealer {
    return {
      overhead: sealer.overhead,
      seal: (number, datagram, headerBytes) => sealer.seal(number, datagram, headerBytes),
      open: (number, datagram, headerBytes) => {
        const body = sealer.open(number, datagram, headerBytes)
        if (body !== undefined) {
          this.opened++
          this.#bodyBits += 8 * body.length
        }
        return body
      },
      next: () => this.#tapped(sealer.next!()),
    }
  }
}
