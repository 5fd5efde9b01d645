import { createRandom } from '#physics/random'
import type { RiderId } from '#protocol/ids'
import { TICK_MS } from '#protocol/limits'
import { type Peer, Sessions } from '#server/net/sessions'
import { LightClient } from './light-client.ts'
import type { Playback } from './playback.ts'

/** One sample in so many ticks from each client. */
const SAMPLE_TICKS = 5

interface Client {
  readonly end: LightClient
  readonly inbox: Uint8Array[]
}

/**
 * Every rider has a client, on a channel that seals by itself: what is left of a tick is telling. Nothing is lost and
 * nothing waits; the clients acknowledge and speak, and their time is not counted.
 */
export class PlainRoom {
  readonly sessions: Sessions
  readonly playback: Playback
  readonly #clients: readonly Client[]
  #nowMs = 0
  #tick = 0
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
      return { end: new LightClient({ token, inView, send }), inbox }
    })
  }

  /** One tick; answers how long the server told, ms. */
  tick(): number {
    this.#nowMs += TICK_MS
    this.#tick++
    const said = { powerW: 200 + (this.#tick % 30), cadenceHalfRpm: 180, heartRateBpm: 140, steer: 0 }
    for (const [i, { end }] of this.#clients.entries())
      end.work(this.#tick, this.#nowMs, (i + this.#tick) % SAMPLE_TICKS === 0 ? said : undefined)
    if (!this.playback.isOver) this.playback.step()
    this.playback.posted.length = 0
    const startedMs = performance.now()
    this.sessions.afterTick()
    const toldMs = performance.now() - startedMs
    for (const { end, inbox } of this.#clients) {
      for (const bytes of inbox) end.receive(bytes)
      inbox.length = 0
    }
    return toldMs
  }
}
