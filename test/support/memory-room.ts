import { HeadlessClient } from '#client/net/headless'
import { createPlaceCarrier } from '#physics/place-carrier'
import { createRandom, type Random } from '#physics/random'
import type { RiderId, Sequence } from '#protocol/ids'
import { Follower } from '#protocol/follower'
import type { InputSample } from '#protocol/input'
import type { KeyLimits } from '#protocol/key-ring'
import { advance, type RiderState } from '#protocol/rider-state'
import { createSealer } from '#server/net/aead'
import type { Peer } from '#server/net/peers'
import { Sessions, type SessionUse } from '#server/net/sessions'
import { BadLink, createMemoryPeer, FakeClock, FakeHost, type LinkQuality, seededBytes } from '#server/net/testing'

/** A room, its clients and their links, in memory and in virtual time. */

export const BAD: LinkQuality = { delayMs: 60, jitterMs: 30, loss: 0.1, duplicate: 0.05, corrupt: 0.01 }

/** A client, its link, and the public picture it keeps of everybody. */
export class Viewer {
  readonly client: HeadlessClient
  peer: Peer
  readonly up: BadLink
  readonly down: BadLink
  readonly states = new Map<number, Follower>()
  /** Checks that did not fit. */
  doubts = 0
  readonly sentUp: Uint8Array[] = []
  readonly sentDown: Uint8Array[] = []
  bytesDown = 0
  /** Sent to an address where this client is no more. */
  lostDown = 0
  #moves = 0

  constructor(room: Room, riderId: number, use: SessionUse, quality: LinkQuality, path: 'udp' | 'channel' = 'udp') {
    const { token, keys } = room.sessions.issueToken({ riderId: riderId as RiderId, use })
    this.up = new BadLink(quality, room.random, (datagram) => room.sessions.receive(this.peer, datagram))
    this.down = new BadLink(quality, room.random, (datagram) => this.client.receive(datagram, room.clock.ms))
    this.peer = createMemoryPeer(`memory/${room.viewers.length}`, path, (datagram) => {
      this.sentDown.push(datagram)
      this.bytesDown += datagram.length
      this.down.send(datagram, room.clock.ms)
    })
    this.client = new HeadlessClient({
      token,
      ...(path === 'udp' ? { sealer: createSealer({ sealKey: keys.up, openKey: keys.down }) } : {}),
      path,
      randomBytes: seededBytes(100 + room.viewers.length),
      nowMs: room.clock.ms,
      send: (datagram) => {
        this.sentUp.push(datagram)
        this.up.send(datagram, room.clock.ms)
      },
    })
    room.viewers.push(this)
  }

  /** From now on its datagrams come from another address, and what is sent to the old one goes nowhere. */
  move(): void {
    const { path, send } = this.peer
    const old = this.peer
    const address = `${old.key.split(' ')[0]} moved ${++this.#moves}`
    this.peer = createMemoryPeer(address, path, (datagram) => send(datagram))
    old.send = () => this.lostDown++
  }

  /** Brings the picture to `tick`, as the news tells. */
  follow(tick: number, carry: (state: RiderState) => void): void {
    for (const record of this.client.buffer.take()) {
      if (record.kind === 'leave') {
        this.states.delete(record.riderId)
        continue
      }
      const follower = this.states.get(record.riderId) ?? new Follower()
      this.states.set(record.riderId, follower)
      if (follower.accept(record, carry)) continue
      this.doubts++
      this.client.doubt([record.riderId])
    }
    for (const follower of this.states.values()) follower.carryTo(tick, carry)
  }
}

/** All that both ends believe; what is only shown is fresher for those near. */
export function believed({ shownW: _w, shownRpm: _r, ...state }: Readonly<RiderState>): string {
  return JSON.stringify(state)
}

export class Room {
  readonly clock = new FakeClock()
  readonly random: Random
  readonly viewers: Viewer[] = []
  readonly host: FakeHost
  readonly sessions: Sessions

  constructor(
    riders: number,
    options: {
      capacity?: number
      seed?: number
      keyLimits?: KeyLimits
      processId?: Uint8Array
      viewRiders?: number
    } = {},
  ) {
    const { capacity, seed = 8214, ...rest } = options
    this.random = createRandom(seed)
    this.host = new FakeHost(riders, capacity)
    this.sessions = new Sessions({
      ...rest,
      clock: this.clock,
      randomBytes: seededBytes(1),
      tokenKey: new Uint8Array(32).fill(7),
      roomId: 'ride-1',
      host: this.host,
    })
  }

  /** The law by which clients carry riders forward here. */
  createCarrier(): (state: RiderState) => void {
    const carry = createPlaceCarrier(this.host.course, this.host.conditions)
    return (state) => advance(state, carry)
  }

  /** Runs until this viewer has heard of the tick that is now: packets go ten to twenty times a second. */
  runUntilHeard(viewer: Viewer, eachTick?: () => void): void {
    for (let i = 0; i < 100 && viewer.client.buffer.newestTick !== this.host.tick; i++) this.run(10, eachTick)
  }

  /**
   * Riders of whom this viewer believes what the server does. Who changed tier or came into view a moment ago has news
   * waiting for an ack; so this looks for a quarter of a second.
   */
  agreed(viewer: Viewer): Set<number> {
    const carry = this.createCarrier()
    const agreed = new Set<number>()
    for (let i = 0; i < 5; i++) {
      this.run(50)
      this.runUntilHeard(viewer)
      viewer.follow(this.host.tick, carry)
      for (const [id, { state }] of viewer.states)
        if (believed(state) === believed(this.sessions.stream.stateOf(id - 1, state.tier))) agreed.add(id)
    }
    return agreed
  }

  /** Ten milliseconds at a time; a tick every fifth. */
  run(ms: number, eachTick?: () => void): void {
    for (const end = this.clock.ms + ms; this.clock.ms < end;) {
      this.clock.ms += 10
      for (const viewer of this.viewers) {
        viewer.client.work(this.clock.ms)
        viewer.up.run(this.clock.ms)
        viewer.down.run(this.clock.ms)
      }
      if (this.clock.ms % 50 !== 0) continue
      this.host.pedal(this.random)
      this.host.step()
      this.sessions.afterTick()
      eachTick?.()
    }
  }
}

export const sample = (sequence: number, powerW: number): InputSample => ({
  sequence: sequence as Sequence,
  atMs: sequence * 250,
  powerW,
  cadenceHalfRpm: 180,
  heartRateBpm: 140,
  steer: 0,
})

/** Says hello with a token and answers how many datagrams came back. */
export function knock(room: Room, token: Uint8Array, path: 'udp' | 'channel', key = 'memory/knock'): number {
  let said = 0
  const peer = createMemoryPeer(key, path, () => said++)
  const sealer = createSealer({ sealKey: new Uint8Array(32), openKey: new Uint8Array(32) })
  const client = new HeadlessClient({
    token,
    ...(path === 'udp' ? { sealer } : {}),
    path,
    randomBytes: seededBytes(9),
    nowMs: room.clock.ms,
    send: (datagram) => room.sessions.receive(peer, datagram),
  })
  client.work(room.clock.ms)
  return said
}
