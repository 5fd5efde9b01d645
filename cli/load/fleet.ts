import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Grant, ServerDoor } from '#bridges/server-door'
import { Link, type LinkProfile } from '#bench/sync/link'
import type { Course } from '#physics/course'
import { createRandom } from '#physics/random'
import type { Aead } from '#server/net/aead'
import { DelayLine } from './delay-line.ts'
import { type Belief, LoadRider } from './load-rider.ts'
import type { FleetCounts, FleetOrder, Truth } from './messages.ts'
import { Samples } from './samples.ts'

/** Everybody is looked after once in SLICES slices of the clock. */
const SLICE_MS = 2
const SLICES = 10
/** Requests under way at once while riders come. */
const ASKING_MOST = 12
/** Truths and beliefs wait for each other this many ticks. */
const WAIT_TICKS = 100
const TELL_MOST = 5000

/** Many riders in one process, each with a socket, a session and legs of its own. */
export class Fleet {
  readonly #order: FleetOrder
  readonly #course: Course
  readonly #aead: Aead
  readonly #riders: LoadRider[] = []
  readonly #sockets: Socket[] = []
  readonly #answeredMs = new Samples()
  readonly #rttMs = new Samples()
  readonly #truths = new Map<number, { readonly index: Map<number, number>; readonly hashes: readonly Uint32Array[] }>()
  readonly #beliefs: { readonly belief: Belief; readonly rider: LoadRider }[] = []
  readonly #refusals: Record<string, number> = {}
  readonly #line = new DelayLine()
  readonly #loop = monitorEventLoopDelay({ resolution: 10 })
  #timer: ReturnType<typeof setInterval> | undefined
  #slice = 0
  #datagramsIn = 0
  #bytesIn = 0
  #datagramsOut = 0
  #bytesOut = 0
  #samplesBefore = 0
  #recordsBefore = 0
  #checksBefore = 0
  #doubtsBefore = 0
  #compared = 0
  #agreed = 0
  #unmatched = 0
  #stillDiffer = 0
  #fewestSeen = Infinity
  #seenSum = 0
  #seenCount = 0
  #cpu = process.cpuUsage()
  #fromMs = performance.now()
  #isOver = false

  constructor(order: FleetOrder, course: Course, aead: Aead) {
    this.#order = order
    this.#course = course
    this.#aead = aead
  }

  get joined(): number {
    return this.#riders.length
  }

  /** Brings everybody onto the road, as fast as asked for. */
  async join(): Promise<void> {
    this.#timer = setInterval(() => this.#work(), SLICE_MS)
    const door = new ServerDoor(new URL(this.#order.url))
    const { riders, joinsPerS } = this.#order
    const startedMs = performance.now()
    let next = 0
    const ask = async (): Promise<void> => {
      while (next < riders && !this.#isOver) {
        const at = next++
        const waitMs = startedMs + (at * 1000) / joinsPerS - performance.now()
        if (waitMs > 0) await pause(waitMs)
        const grant = await this.#grant(door, this.#order.from + at)
        if (grant !== undefined) await this.#begin(grant, this.#order.from + at)
      }
    }
    await Promise.all(Array.from({ length: ASKING_MOST }, ask))
  }

  measure(): void {
    this.#datagramsIn = this.#bytesIn = this.#datagramsOut = this.#bytesOut = 0
    this.#compared = this.#agreed = this.#stillDiffer = this.#unmatched = this.#seenSum = this.#seenCount = 0
    this.#fewestSeen = Infinity
    this.#answeredMs.clear()
    this.#rttMs.clear()
    this.#samplesBefore = this.#sum((rider) => rider.samples)
    this.#recordsBefore = this.#sum((rider) => rider.records)
    this.#checksBefore = this.#sum((rider) => (rider.remote === undefined ? 0 : rider.checks))
    this.#doubtsBefore = this.#sum((rider) => rider.doubts)
    this.#loop.enable()
    this.#loop.reset()
    this.#cpu = process.cpuUsage()
    this.#fromMs = performance.now()
  }

  /** The server's word about a tick; what clients believed of it is compared. */
  hear({ tick, ids, hashes }: Truth): void {
    this.#truths.set(tick, { index: new Map(Array.from(ids, (id, i) => [id, i])), hashes })
    for (const old of this.#truths.keys()) if (old < tick - WAIT_TICKS) this.#truths.delete(old)
    for (const { belief, rider } of this.#beliefs.splice(0)) this.#compare(belief, rider)
  }

  counts(): FleetCounts {
    const { user, system } = process.cpuUsage(this.#cpu)
    const joined = this.#riders.filter(({ connectedMs }) => connectedMs > 0)
    return {
      riders: this.#riders.length,
      connected: this.#riders.filter(({ client }) => client.session.state === 'connected').length,
      carrying: this.#riders.filter(({ remote }) => remote !== undefined).length,
      ...{ datagramsIn: this.#datagramsIn, bytesIn: this.#bytesIn },
      ...{ datagramsOut: this.#datagramsOut, bytesOut: this.#bytesOut },
      samples: this.#sum((rider) => rider.samples) - this.#samplesBefore,
      records: this.#sum((rider) => rider.records) - this.#recordsBefore,
      checks: this.#sum((rider) => (rider.remote === undefined ? 0 : rider.checks)) - this.#checksBefore,
      doubts: this.#sum((rider) => rider.doubts) - this.#doubtsBefore,
      closed: countBy(this.#riders.flatMap(({ client }) => (client.closed === undefined ? [] : [[client.closed, 1]]))),
      rejects: countBy(this.#riders.flatMap(({ client }) => Object.entries(client.session.rejects))),
      refusals: { ...this.#refusals },
      ...{ compared: this.#compared, agreed: this.#agreed, stillDiffer: this.#stillDiffer, unmatched: this.#unmatched },
      fewestSeen: this.#fewestSeen,
      meanSeen: this.#seenSum / this.#seenCount,
      rttMs: this.#rttMs.take(TELL_MOST),
      answeredMs: this.#answeredMs.take(TELL_MOST),
      connectMs: Float64Array.from(joined, ({ connectedMs, askedMs }) => connectedMs - askedMs),
      firstSeenMs: Float64Array.from(
        joined.filter(({ seenMs }) => seenMs > 0),
        ({ seenMs, askedMs }) => seenMs - askedMs,
      ),
      cpuS: (user + system) / 1e6,
      loopLateP99Ms: this.#loop.percentile(99) / 1e6 - 10,
      rssBytes: process.memoryUsage.rss(),
      wallS: (performance.now() - this.#fromMs) / 1000,
    }
  }

  /** Everybody says goodbye. */
  async close(): Promise<void> {
    this.#isOver = true
    clearInterval(this.#timer)
    const nowMs = performance.now()
    for (const [i, rider] of this.#riders.entries()) {
      rider.client.close(nowMs)
      if (i % 100 === 99) await pause(5)
    }
    await pause(50)
    for (const socket of this.#sockets) socket.close()
  }

  async #grant(door: ServerDoor, number: number): Promise<Grant | undefined> {
    while (!this.#isOver) {
      const seat = await door.seat({
        name: `Load ${number}`,
        massKg: 58 + (number % 35),
        heightM: 1.6 + (number % 9) * 0.04,
      })
      const grant = seat.ok ? await door.token(seat.value) : seat
      if (grant.ok) return grant.value
      this.#refusals[grant.sentence] = (this.#refusals[grant.sentence] ?? 0) + 1
      if (!grant.sentence.includes('Too many')) return undefined
      await pause(1000)
    }
    return undefined
  }

  async #begin(grant: Grant, number: number): Promise<void> {
    const { host, port } = grant.datagram
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.on('error', () => {}) // Nobody there just now: the session notices by itself.
    await new Promise<void>((resolve) =>
      socket.connect(port, host === 'localhost' ? '127.0.0.1' : host, () => resolve()),
    )
    if (this.#isOver) return void socket.close()
    this.#sockets.push(socket)
    const { link } = this.#order
    const rider = new LoadRider({
      token: grant.token,
      sealer: this.#aead.createSealer({ sealKey: grant.keys.up, openKey: grant.keys.down }),
      randomBytes,
      viewRiders: this.#order.viewRiders,
      hasTurns: this.#course.wayCount > 1,
      nowMs: performance.now(),
      seed: this.#order.seed * 100_003 + number,
      send: this.#through(link, 2 * number, (datagram) => {
        this.#datagramsOut++
        this.#bytesOut += datagram.length
        if (!this.#isOver) socket.send(datagram)
      }),
      course: number % this.#order.carryEvery === 0 ? this.#course : undefined,
      answeredMs: this.#answeredMs,
      onBelief: (belief, from) => this.#compare(belief, from),
    })
    const hear = this.#through(link, 2 * number + 1, (datagram) => rider.receive(datagram, performance.now()))
    socket.on('message', (datagram) => {
      this.#datagramsIn++
      this.#bytesIn += datagram.length
      hear(datagram)
    })
    this.#riders.push(rider)
    rider.work(performance.now())
  }

  /** One direction of a rider's path, with dice of its own; without a link the datagram itself. */
  #through(
    profile: LinkProfile | undefined,
    number: number,
    deliver: (datagram: Uint8Array) => void,
  ): (datagram: Uint8Array) => void {
    if (profile === undefined) return deliver
    const link = new Link(profile, createRandom(this.#order.seed * 200_003 + number))
    return (datagram) =>
      link.send(datagram, performance.now(), (atMs, bytes) => this.#line.add(atMs, () => deliver(bytes)))
  }

  #work(): void {
    const nowMs = performance.now()
    this.#line.empty(nowMs)
    for (let i = this.#slice; i < this.#riders.length; i += SLICES) this.#riders[i]!.work(nowMs)
    this.#slice = (this.#slice + 1) % SLICES
    const some = this.#riders[Math.floor((nowMs * 7919) % Math.max(1, this.#riders.length))]
    if (some !== undefined && some.connectedMs > 0) this.#rttMs.add(some.client.session.rttMs)
  }

  #compare(belief: Belief, rider: LoadRider): void {
    const truth = this.#truths.get(belief.tick)
    if (truth === undefined) {
      this.#beliefs.push({ belief, rider })
      if (this.#beliefs.length > 10_000) this.#beliefs.shift()
      return
    }
    this.#fewestSeen = Math.min(this.#fewestSeen, belief.ids.length)
    this.#seenSum += belief.ids.length
    this.#seenCount++
    const differing = new Set<number>()
    for (const [i, id] of belief.ids.entries()) {
      const at = truth.index.get(id)
      if (at === undefined) this.#unmatched++
      else {
        this.#compared++
        if (truth.hashes[belief.tiers[i]!]![at] === belief.hashes[i]) this.#agreed++
        else differing.add(id)
        if (differing.has(id) && rider.differing.has(id)) this.#stillDiffer++
      }
    }
    rider.differing = differing
  }

  #sum(of: (rider: LoadRider) => number): number {
    return this.#riders.reduce((sum, rider) => sum + of(rider), 0)
  }
}

function countBy(entries: readonly (readonly [string, number])[] | (string | number)[][]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [name, count] of entries) counts[String(name)] = (counts[String(name)] ?? 0) + Number(count)
  return counts
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
