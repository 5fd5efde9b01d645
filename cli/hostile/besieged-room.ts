import { HeadlessClient } from '#client/net/headless'
import { createRandom, type Random } from '#physics/random'
import { CONNECTION_ID_BYTES, encodeConnect, UP_HEADER_BYTES } from '#protocol/datagram'
import type { RiderId, Sequence } from '#protocol/ids'
import { DATAGRAM_BYTES_MAX, PROTOCOL_VERSION } from '#protocol/limits'
import { createSealer } from '#server/net/aead'
import { Sessions } from '#server/net/sessions'
import { createMemoryPeer, FakeClock, FakeHost, seededBytes } from '#server/net/testing'

/** What a stranger sends; what they are made of is in docs/protocol.md, "What is refused". */
export const HOSTILE_KINDS = [
  'random bytes',
  'one of ours, cut short',
  'one of ours, a bit turned',
  'one of ours, again',
  'one of ours, again, from elsewhere',
  'forged for a known connection',
  'forged for a known connection, from elsewhere',
  'CONNECT with an invented token',
  'RESPONSE with an invented token',
] as const
export type HostileKind = (typeof HOSTILE_KINDS)[number]

const HEARD_KEPT = 500

/** A room with riders in it who go on riding while strangers send what they like. In memory, in virtual time. */
export class BesiegedRoom {
  readonly sessions: Sessions
  readonly clients: HeadlessClient[] = []
  /** Datagrams that went to an address no rider ever had, by first byte. */
  readonly answers: Record<string, number> = {}
  /** Samples that reached the world. */
  posted = 0
  readonly #host: FakeHost
  readonly #clock = new FakeClock()
  readonly #random: Random
  /** True datagrams that were delivered, for replays and forgeries. */
  readonly #heard: Uint8Array[] = []
  readonly #peers
  #next = 0

  constructor(riders: number, seed: number) {
    this.#random = createRandom(seed)
    this.#host = new FakeHost(riders)
    const randomBytes = seededBytes(seed)
    this.sessions = new Sessions({
      ...{ clock: this.#clock, randomBytes, tokenKey: randomBytes(32), roomId: 'ride-1', host: this.#host },
    })
    this.#peers = Array.from({ length: riders }, (_, i) => {
      const { token, keys } = this.sessions.issueToken({ riderId: (i + 1) as RiderId, use: 'ride' })
      const inbox: Uint8Array[] = []
      const peer = createMemoryPeer(`memory/${i}`, 'udp', (datagram) => void inbox.push(datagram))
      const sealer = createSealer({ sealKey: keys.up, openKey: keys.down })
      const send = (datagram: Uint8Array): void => {
        this.#heard[this.#next++ % HEARD_KEPT] = datagram
        this.sessions.receive(peer, datagram)
      }
      this.clients.push(
        new HeadlessClient({ token, sealer, path: 'udp', randomBytes, nowMs: this.#clock.nowMs(), send }),
      )
      return { peer, inbox }
    })
  }

  get tick(): number {
    return this.#host.tick
  }

  /** A tick passes: riders send and hear as always. */
  step(): void {
    for (let i = 0; i < 5; i++) {
      this.#clock.ms += 10
      for (const client of this.clients) client.work(this.#clock.ms)
    }
    const { tick } = this.#host
    for (const [i, client] of this.clients.entries()) {
      if ((tick + i) % 5 === 0 && client.session.state === 'connected') client.offer(this.#sample(tick), this.#clock.ms)
      for (const datagram of this.#peers[i]!.inbox.splice(0)) client.receive(datagram, this.#clock.ms)
      client.buffer.take()
    }
    this.#host.pedal(this.#random)
    this.#host.step()
    this.sessions.afterTick()
    this.posted += this.#host.posted.splice(0).length
  }

  /** One hostile datagram arrives. What it is made of is made before, so that the time taken is the server's. */
  receive(kind: HostileKind, datagram: Uint8Array): void {
    this.sessions.receive(this.#addressOf(kind), datagram)
  }

  #addressOf(kind: HostileKind) {
    if (kind === 'one of ours, again' || kind === 'forged for a known connection')
      return this.#peers[this.#random.u32() % this.#peers.length]!.peer
    const key = `memory/stranger ${this.#random.u32() % 60_000}`
    return createMemoryPeer(key, 'udp', (datagram) => {
      const first = `0x${datagram[0]!.toString(16).padStart(2, '0')}`
      this.answers[first] = (this.answers[first] ?? 0) + 1
    })
  }

  make(kind: HostileKind): Uint8Array {
    const { u32 } = this.#random
    const ours = this.#heard[u32() % this.#heard.length]!
    switch (kind) {
      case 'random bytes':
        return Uint8Array.from({ length: u32() % 200 }, () => u32())
      case 'one of ours, cut short':
        return ours.subarray(0, u32() % ours.length)
      case 'one of ours, a bit turned':
        return ours.with(u32() % ours.length, u32())
      case 'one of ours, again':
      case 'one of ours, again, from elsewhere':
        return ours
      case 'forged for a known connection':
      case 'forged for a known connection, from elsewhere': {
        const forged = Uint8Array.from({ length: UP_HEADER_BYTES + 20 + (u32() % 60) }, () => u32())
        forged[0] = u32() % 2 === 0 ? 0x04 : 0x84
        const id = this.#heard.find((datagram) => datagram[0] === 0x04)!
        forged.set(id.subarray(1, 1 + CONNECTION_ID_BYTES), 1)
        return forged
      }
      case 'CONNECT with an invented token': {
        const token = Uint8Array.from({ length: 146 }, () => u32())
        return encodeConnect(token.subarray(0, CONNECTION_ID_BYTES), token)
      }
      case 'RESPONSE with an invented token': {
        const response = Uint8Array.from({ length: 220 + (u32() % 100) }, () => u32())
        response.set([0x03, PROTOCOL_VERSION])
        return response.subarray(0, DATAGRAM_BYTES_MAX)
      }
    }
  }

  #sample(tick: number) {
    return {
      ...{ sequence: (tick & 0xffff) as Sequence, atMs: tick * 50 },
      ...{ powerW: 200 + (tick % 50), cadenceHalfRpm: 180, heartRateBpm: 140, steer: 0 },
    }
  }
}
