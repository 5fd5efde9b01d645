import { HeadlessClient } from '#client/net/headless'
import { createRandom } from '#physics/random'
import type { RiderId } from '#protocol/ids'
import { TICK_MS } from '#protocol/limits'
import { encodeWish } from '#protocol/rider-wish'
import { type Peer, Sessions } from '#server/net/sessions'
import type { Playback } from './playback.ts'

/** One sample in so many ticks from each client. */
const SAMPLE_TICKS = 5

interface Client {
  readonly net: HeadlessClient
  readonly inbox: Uint8Array[]
}

/**
 * Every rider has a client, on a channel that seals by itself: what is left of a tick is telling. Nothing is lost and
 * nothing waits; the clients open, acknowledge and speak, and their time is not counted.
 */
export class PlainRoom {
  readonly sessions: Sessions
  readonly playback: Playback
  readonly #clients: readonly Client[]
  #nowMs = 0
  #sequence = 0
  /** Bytes down. */
  bytes = 0

  constructor(playback: Playback, inView: number) {
    this.playback = playback
    const random = createRandom(8)
    const randomBytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => random.u32() >>> 24)
    const clock = { nowMs: () => this.#nowMs, wallMs: () => 1e12 + this.#nowMs, after: () => () => {} }
    this.sessions = new Sessions({ clock, randomBytes, tokenKey: randomBytes(32), roomId: 'bench', host: playback })
    this.#clients = Array.from({ length: playback.riders.count }, (_, row) => {
      const { token } = this.sessions.issueToken({ riderId: (row + 1) as RiderId, use: 'ride' })
      const inbox: Uint8Array[] = []
      const peer: Peer = {
        key: `memory/${row}`,
        carrier: 'memory',
        path: 'channel',
        send: (bytes) => {
          this.bytes += bytes.length
          inbox.push(bytes)
        },
        close() {},
      }
      const send = (bytes: Uint8Array): void => this.sessions.receive(peer, bytes)
      const net = new HeadlessClient({ token, path: 'channel', randomBytes, nowMs: 0, send })
      const { kind, body } = encodeWish({ kind: 'view', riders: inView })
      net.session.wish(kind, body)
      return { net, inbox }
    })
  }

  /** One tick; answers how long the server told, ms. */
  tick(): number {
    this.#nowMs += TICK_MS
    this.#sequence++
    for (const [i, { net }] of this.#clients.entries()) {
      if ((i + this.#sequence) % SAMPLE_TICKS === 0 && net.session.state === 'connected')
        net.offer(
          {
            ...{ sequence: (this.#sequence & 0xffff) as never, atMs: this.#nowMs, powerW: 200 + (this.#sequence % 30) },
            ...{ cadenceHalfRpm: 180, heartRateBpm: 140, steer: 0 },
          },
          this.#nowMs,
        )
      net.work(this.#nowMs)
    }
    if (!this.playback.isOver) this.playback.step()
    this.playback.posted.length = 0
    const startedMs = performance.now()
    this.sessions.afterTick()
    const toldMs = performance.now() - startedMs
    for (const { net, inbox } of this.#clients) {
      for (const bytes of inbox.splice(0)) net.receive(bytes, this.#nowMs)
      net.buffer.take()
    }
    return toldMs
  }
}
