import { HeadlessClient } from '#client/net/headless'
import { RemoteRiders } from '#client/world/remote'
import { createRandom } from '#physics/random'
import { decodeDownPacket, writeDownPacket } from '#protocol/control'
import type { RiderId } from '#protocol/ids'
import { VIEW_RIDERS_MAX, TICK_MS } from '#protocol/limits'
import type { Sealer } from '#protocol/session'
import { BitWriter } from '#protocol/writer'
import { createSealer } from '#server/net/aead'
import { type Peer, Sessions } from '#server/net/sessions'
import type { Clock } from '#server/clock'
import type { LinkProfile } from './link.ts'
import { createDrawn, type Judge } from './judge.ts'
import { MemoryLink } from './memory-link.ts'
import { Playback } from './playback.ts'
import { nothingSent, type Contender, type Rig, type Sent } from './rig.ts'
import type { Stage } from './trace.ts'

/** UDP over IPv4. */
export const UDP_HEADER_BYTES = 28
/** A client looks at its clock so often, as the page's worker does. */
const WORK_MS = 20

/** Ours, the whole of it: sealed sessions, the real client with the picture it draws, over the link both ways. */
export const OURS: Contender = {
  name: 'gruppetto',
  headerBytes: UDP_HEADER_BYTES,
  begin: (stage, viewers, link, seed) => new OurRig(stage, viewers, link, seed),
}

interface Client {
  readonly row: number
  readonly net: HeadlessClient
  readonly remote: RemoteRiders
  readonly up: MemoryLink
  readonly down: MemoryLink
  nextWorkMs: number
  riderBits: number
  heard: number
}

export class OurRig implements Rig {
  readonly sent: Sent = nothingSent()
  readonly sessions: Sessions
  readonly clients: readonly Client[]
  readonly #playback: Playback
  readonly #drawn = createDrawn()
  #nowMs = 0

  constructor(stage: Stage, viewers: readonly number[], link: LinkProfile, seed: number) {
    const playback = new Playback(stage)
    this.#playback = playback
    const clock: Clock = {
      nowMs: () => this.#nowMs,
      wallMs: () => 1_800_000_000_000 + this.#nowMs,
      after: () => () => {},
    }
    const random = createRandom(seed)
    const randomBytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => random.u32() >>> 24)
    this.sessions = new Sessions({ clock, randomBytes, tokenKey: randomBytes(32), roomId: 'bench', host: playback })
    this.clients = viewers.map((row, i) => {
      const { token, keys } = this.sessions.issueToken({ riderId: (row + 1) as RiderId, use: 'ride' })
      const up = new MemoryLink(link, createRandom(seed * 1000 + 2 * i), (bytes) => this.sessions.receive(peer, bytes))
      const down = new MemoryLink(link, createRandom(seed * 1000 + 2 * i + 1), (bytes, atMs) =>
        this.#hear(client, bytes, atMs),
      )
      const peer: Peer = {
        key: `memory/${i}`,
        carrier: 'memory',
        path: 'udp',
        send: (bytes) => {
          this.sent.bytes += bytes.length
          this.sent.packets++
          down.send(bytes, this.#nowMs)
        },
        close() {},
      }
      const sealer = createSealer({ sealKey: keys.up, openKey: keys.down })
      const client: Client = {
        row,
        net: new HeadlessClient({
          token,
          sealer: this.#tapped(sealer, (bits) => {
            client.riderBits += bits
            client.heard++
          }),
          path: 'udp',
          randomBytes,
          nowMs: 0,
          send: (bytes) => up.send(bytes, this.#nowMs),
        }),
        remote: new RemoteRiders(playback.course, VIEW_RIDERS_MAX, playback.weather),
        up,
        down,
        nextWorkMs: (i * 7) % WORK_MS,
        riderBits: 0,
        heard: 0,
      }
      return client
    })
  }

  tick(tick: number): void {
    this.#nowMs = tick * TICK_MS
    if (tick > 0) this.#playback.step()
    this.sessions.afterTick()
    for (const client of this.clients) {
      this.sent.viewerTicks++
      this.sent.riderTicks += client.remote.count
    }
    // Bits of riders are counted where packets are opened; of those that were lost the same share is assumed.
    const heard = this.clients.reduce((sum, client) => sum + client.heard, 0)
    const bits = this.clients.reduce((sum, client) => sum + client.riderBits, 0)
    this.sent.payloadBits = heard === 0 ? 0 : (bits / heard) * this.sent.packets
  }

  run(untilMs: number): void {
    for (const client of this.clients) {
      for (;;) {
        const nextMs = Math.min(client.nextWorkMs, client.up.nextMs, client.down.nextMs)
        if (nextMs > untilMs) break
        this.#nowMs = nextMs
        client.up.run(nextMs)
        client.down.run(nextMs)
        if (nextMs < client.nextWorkMs) continue
        client.nextWorkMs += WORK_MS
        client.net.work(nextMs)
      }
    }
    this.#nowMs = untilMs
  }

  draw(nowMs: number, dtS: number, judge: Judge): void {
    const drawn = this.#drawn
    drawn.shownMs = nowMs
    for (const { net, remote } of this.clients) {
      remote.frame(net.session.tickAt(nowMs), net.buffer.newestTick, dtS)
      judge.frame()
      for (let row = 0; row < remote.rows; row++) {
        if (remote.id[row] === 0) continue
        drawn.row = remote.id[row]! - 1
        drawn.placeM = remote.shownPlaceM[row]!
        drawn.lateralM = remote.shownLateralM[row]!
        drawn.powerW = remote.known[row]!.powerW
        judge.see(drawn, nowMs)
      }
    }
  }

  #hear(client: Client, bytes: Uint8Array, atMs: number): void {
    client.net.receive(bytes, atMs)
    for (const record of client.net.buffer.take()) client.remote.accept(record)
  }

  /** Counts the bits of the rider block of every packet that is opened. */
  #tapped(sealer: Sealer, note: (bits: number) => void): Sealer {
    const w = new BitWriter()
    return {
      ...sealer,
      open(number, header, sealed) {
        const body = sealer.open(number, header, sealed)
        const packet = body === undefined ? undefined : decodeDownPacket(body)
        if (body === undefined || packet === undefined || !packet.ok) return body
        w.reset()
        writeDownPacket(w, { ...packet.value, tick: packet.value.tickLow, riders: undefined } as never)
        note(body.length * 8 - w.bitLength)
        return body
      },
    }
  }
}
