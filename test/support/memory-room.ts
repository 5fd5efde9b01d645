import { HeadlessClient } from '#client/net/headless'
import { createPlaceCarrier } from '#physics/place-carrier'
import { createRandom, type Random } from '#physics/random'
import type { RiderId, Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import type { KeyLimits } from '#protocol/key-ring'
import { advance, type RiderState } from '#protocol/rider-state'
import { applyRecord } from '#protocol/rider-stream'
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
  readonly states = new Map<number, { state: RiderState; tick: number }>()
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

  /** Brings the picture to `tick`, by the rule that stands in rider-stream.ts. */
  follow(tick: number, carry: (state: RiderState) => void): void {
    const carryTo = (entry: { state: RiderState; tick: number }, to: number): void => {
      for (; entry.tick < to; entry.tick++) advance(entry.state, carry)
    }
    for (const record of this.client.buffer.take()) {
      if (record.kind === 'leave') {
        this.states.delete(record.riderId)
        continue
      }
      if (record.kind === 'absolute') this.states.set(record.riderId, { state: { ...record.state }, tick: record.tick })
      const entry = this.states.get(record.riderId)!
      carryTo(entry, record.tick)
      applyRecord(entry.state, record)
    }
    for (const entry of this.states.values()) carryTo(entry, tick)
  }
}

export class Room {
  readonly clock = new FakeClock()
  readonly random: Random
  readonly viewers: Viewer[] = []
  readonly host: FakeHost
  readonly sessions: Sessions

  constructor(
    riders: number,
    options: { capacity?: number; seed?: number; keyLimits?: KeyLimits; processId?: Uint8Array } = {},
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
    return createPlaceCarrier(this.host.course, this.host.conditions)
  }

  /** Runs until this viewer has heard of the tick that is now: packets go ten to twenty times a second. */
  runUntilHeard(viewer: Viewer, eachTick?: () => void): void {
    for (let i = 0; i < 100 && viewer.client.buffer.newestTick !== this.host.tick; i++) this.run(10, eachTick)
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
