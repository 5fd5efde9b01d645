import { createRandom } from '#physics/random'
import { TICK_MS } from '#protocol/limits'
import type { LinkProfile } from './link.ts'
import { createDrawn, type Drawn, type Judge } from './judge.ts'
import {
  PACKED,
  PEER_FIELDS,
  type PeerCodec,
  type PeerGrid,
  type PeerInterpolation,
  type PeerModule,
  WIDE,
} from './peer-codecs.ts'
import { MemoryLink } from './memory-link.ts'
import { Playback } from './playback.ts'
import { nothingSent, type Contender, type Rig, type Sent } from './rig.ts'
import { StreamLink } from './stream-link.ts'
import type { Stage } from './trace.ts'
import { VIEW_TICKS, Views } from './views.ts'

export interface PeerOptions {
  readonly name: string
  readonly module: PeerModule
  /** A stream waits for what was lost; datagrams do not. */
  readonly carrier: 'stream' | 'datagrams'
  readonly headerBytes: number
  /** Ticks from one message to the next: 1 is 20 Hz. */
  readonly everyTicks?: number
  /** Tells whole centimetres in wide types, as one writes it who does not count bits. */
  readonly isWide?: boolean
  /**
   * between: late by the way and a buffer, in a straight line between two snapshots; now: the newest one carried on to
   * the server's now by its speed; own: by the package's own interpolation.
   */
  readonly picture: 'between' | 'now' | { readonly own: () => PeerInterpolation }
}

/** What waits in the buffer of who draws between two snapshots, at least, ms; and in snapshots. */
const BUFFER_MS = 100
const BUFFER_SNAPSHOTS = 1.5
/** Who has run out of snapshots goes on by speed for so long, then stands. */
const COAST_MS = 250
const KEPT = 24

export function peerContender(options: PeerOptions): Contender {
  return {
    name: options.name,
    headerBytes: options.headerBytes,
    begin: (stage, viewers, link, seed) => new PeerRig(options, stage, viewers, link, seed),
  }
}

/** Snapshots of one rider at one client, newest last. */
interface History {
  readonly atMs: number[]
  readonly distanceM: number[]
  readonly lateralM: number[]
  speedMps: number
  powerW: number
}

interface PeerClient {
  readonly row: number
  readonly values: Int32Array
  readonly riders: Map<number, History>
  shown: readonly number[]
  readonly own: PeerInterpolation | undefined
  readonly lastOwn: Map<number, { distance: number; lateral: number }>
  newestTick: number
}

class PeerRig implements Rig {
  readonly sent: Sent = nothingSent()
  readonly #options: PeerOptions
  readonly #playback: Playback
  readonly #codec: PeerCodec
  readonly #views: Views
  readonly #values: Int32Array
  readonly #clients: readonly PeerClient[]
  readonly #send: ((message: unknown, bytes: number, nowMs: number) => number)[]
  readonly #run: ((nowMs: number) => void)[]
  readonly #everyTicks: number
  readonly #grid: PeerGrid
  readonly #delayMs: number
  readonly #drawn: Drawn = createDrawn()

  constructor(options: PeerOptions, stage: Stage, viewers: readonly number[], link: LinkProfile, seed: number) {
    this.#options = options
    this.#everyTicks = options.everyTicks ?? 1
    this.#grid = options.isWide === true ? WIDE : PACKED
    this.#delayMs = link.delayMs ?? 0
    this.#playback = new Playback(stage)
    const count = stage.count
    this.#codec = options.module.create({
      count,
      viewers: viewers.length,
      everyTicks: this.#everyTicks,
      isWide: options.isWide === true,
    })
    this.#views = new Views(this.#playback, viewers.length)
    this.#values = new Int32Array(count * PEER_FIELDS)
    const { picture } = options
    this.#clients = viewers.map((row) => ({
      row,
      values: new Int32Array(count * PEER_FIELDS),
      riders: new Map(),
      shown: [],
      own: typeof picture === 'object' ? picture.own() : undefined,
      lastOwn: new Map(),
      newestTick: 0,
    }))
    this.#send = []
    this.#run = []
    this.#clients.forEach((client, i) => {
      const random = createRandom(seed * 1000 + 2 * i + 1)
      const hear = (message: unknown, atMs: number) => this.#hear(client, i, message, atMs)
      if (options.carrier === 'stream') {
        const stream = new StreamLink<unknown>(link, random, hear)
        this.#send.push((message, bytes, nowMs) => stream.send(message, bytes, nowMs))
        this.#run.push((nowMs) => stream.run(nowMs))
      } else {
        const path = new MemoryLink(link, random, (bytes, atMs) => hear(bytes, atMs))
        this.#send.push((message, _bytes, nowMs) => {
          path.send(message as Uint8Array, nowMs)
          return 1
        })
        this.#run.push((nowMs) => path.run(nowMs))
      }
    })
  }

  tick(tick: number): void {
    if (tick > 0) this.#playback.step()
    const codec = this.#codec
    const isRelay = this.#options.module.isRelay === true
    const isSending = isRelay || tick % this.#everyTicks === 0
    if (tick % VIEW_TICKS === 0) {
      this.#clients.forEach((client, i) => {
        client.shown = this.#views.look(i, client.row)
        // A relay never says who left; its clients shall know all the same, and at once.
        if (isRelay) for (const row of client.riders.keys()) if (!client.shown.includes(row)) client.riders.delete(row)
      })
    }
    for (const { shown } of this.#clients) {
      this.sent.viewerTicks++
      this.sent.riderTicks += shown.length
    }
    if (!isSending) return
    fillPeerValues(this.#playback, this.#values, this.#grid)
    codec.update(this.#values, tick)
    this.#clients.forEach(({ shown }, i) => codec.show(i, shown))
    codec.beginTick()
    for (let i = 0; i < this.#clients.length; i++) {
      const message = codec.encode(i)
      if (message === undefined) continue
      const bytes = codec.wireBytes(message)
      this.sent.payloadBits += 8 * codec.payloadBytes(message)
      this.sent.bytes += bytes
      this.sent.packets += this.#send[i]!(message, bytes, tick * TICK_MS)
    }
    codec.endTick()
  }

  run(nowMs: number): void {
    for (const run of this.#run) run(nowMs)
  }

  draw(nowMs: number, _dtS: number, judge: Judge): void {
    for (const client of this.#clients) {
      judge.frame()
      if (client.own !== undefined) this.#drawOwn(client, nowMs, judge)
      else this.#drawClient(client, nowMs, judge)
    }
  }

  #drawClient({ riders }: PeerClient, nowMs: number, judge: Judge): void {
    const drawn = this.#drawn
    const isNow = this.#options.picture === 'now'
    const bufferMs = Math.max(BUFFER_MS, BUFFER_SNAPSHOTS * this.#everyTicks * TICK_MS)
    drawn.shownMs = isNow ? nowMs : nowMs - this.#delayMs - bufferMs
    for (const [row, history] of riders) {
      // Who has just come into view is not drawn before the picture has come up to what is known of them.
      if (history.atMs[0]! > drawn.shownMs) continue
      drawn.row = row
      drawn.powerW = history.powerW
      this.#place(history, drawn)
      judge.see(drawn, nowMs)
    }
  }

  #place({ atMs, distanceM, lateralM, speedMps }: History, drawn: Drawn): void {
    let newer = atMs.length - 1
    while (newer > 0 && atMs[newer - 1]! > drawn.shownMs) newer--
    if (newer === 0 || atMs[newer]! <= drawn.shownMs) {
      const last = newer
      const beyondMs = drawn.shownMs - atMs[last]!
      const limitMs = this.#options.picture === 'now' ? Infinity : COAST_MS
      drawn.distanceM = distanceM[last]! + (speedMps * Math.min(Math.max(beyondMs, 0), limitMs)) / 1000
      drawn.lateralM = lateralM[last]!
      return
    }
    const share = (drawn.shownMs - atMs[newer - 1]!) / (atMs[newer]! - atMs[newer - 1]!)
    drawn.distanceM = distanceM[newer - 1]! + (distanceM[newer]! - distanceM[newer - 1]!) * share
    drawn.lateralM = lateralM[newer - 1]! + (lateralM[newer]! - lateralM[newer - 1]!) * share
  }

  #drawOwn(client: PeerClient, nowMs: number, judge: Judge): void {
    const { shownMs, entities } = client.own!.draw(nowMs, 'distance lateral')
    for (const { id, distance, lateral } of entities ?? []) client.lastOwn.set(Number(id), { distance, lateral })
    const drawn = this.#drawn
    drawn.shownMs = shownMs
    for (const [row, { powerW }] of client.riders) {
      const last = client.lastOwn.get(row)
      if (last === undefined) continue
      drawn.row = row
      drawn.powerW = powerW
      drawn.distanceM = last.distance
      drawn.lateralM = last.lateral
      judge.see(drawn, nowMs)
    }
  }

  #hear(client: PeerClient, viewer: number, message: unknown, atMs: number): void {
    const told = this.#codec.decode(viewer, message, client.values)
    const tick = unwrapped(told.tick, client.newestTick)
    if (tick < client.newestTick && told.isPartial !== true) return
    client.newestTick = Math.max(tick, client.newestTick)
    const present = new Set(told.rows)
    if (told.isPartial !== true)
      for (const row of client.riders.keys()) if (!present.has(row)) client.riders.delete(row)
    for (const row of told.rows) this.#note(client, row, tick)
    if (client.own === undefined) return
    const entities = [...present].map((row) => {
      const { distanceM, lateralM } = client.riders.get(row)!
      return { id: String(row), distance: distanceM.at(-1)!, lateral: lateralM.at(-1)! }
    })
    client.own.add(atMs, tick * TICK_MS, entities)
  }

  #note(client: PeerClient, row: number, tick: number): void {
    const { values, riders } = client
    const at = row * PEER_FIELDS
    let history = riders.get(row)
    if (history === undefined) {
      history = { atMs: [], distanceM: [], lateralM: [], speedMps: 0, powerW: 0 }
      riders.set(row, history)
    }
    const { atMs, distanceM, lateralM } = history
    if (atMs.length > 0 && atMs.at(-1)! >= tick * TICK_MS) return
    const grid = this.#grid
    // A client that meets a rider learns the whole number once, from a roster; here it is looked up.
    const before = distanceM.at(-1) ?? this.#playback.riders.distanceM[row]!
    const beforeCount = Math.round(before / grid.distanceM)
    const step = values[at]! - beforeCount - grid.wrap * Math.round((values[at]! - beforeCount) / grid.wrap)
    atMs.push(tick * TICK_MS)
    distanceM.push((beforeCount + step) * grid.distanceM)
    lateralM.push(values[at + 1]! * grid.lateralM)
    history.speedMps = values[at + 2]! * grid.speedMps
    history.powerW = values[at + 3]!
    if (atMs.length > KEPT) {
      atMs.shift()
      distanceM.shift()
      lateralM.shift()
    }
  }
}

/** Riders as the whole numbers that peers tell. */
export function fillPeerValues({ riders }: Playback, values: Int32Array, grid: PeerGrid = PACKED): void {
  for (let row = 0; row < riders.count; row++) {
    const at = row * PEER_FIELDS
    values[at] = Math.round(riders.distanceM[row]! / grid.distanceM) % grid.wrap
    values[at + 1] = Math.round(riders.lateralM[row]! / grid.lateralM)
    values[at + 2] = Math.round(riders.speedMps[row]! / grid.speedMps)
    values[at + 3] = Math.round(riders.powerW[row]!)
    values[at + 4] = Math.round(riders.cadenceRpm[row]!)
    values[at + 5] = Math.round(riders.heartRateBpm[row]!)
    values[at + 6] = riders.flags[row]! & 15
  }
}

function unwrapped(low: number, near: number): number {
  return near + ((((low - near) & 0xffff) + 0x8000) & 0xffff) - 0x8000
}
