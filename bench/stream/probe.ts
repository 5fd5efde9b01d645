import { RemoteRiders } from '#client/world/remote'
import { AckHistory } from '#protocol/ack-window'
import { TICK_MS } from '#protocol/limits'
import { BitReader } from '#protocol/reader'
import { readRiderBlock } from '#protocol/rider-block'
import { PART } from '#protocol/rider-stream'
import { SlotTable } from '#protocol/slots'
import { BitWriter } from '#protocol/writer'
import { createRandom, type Random } from '#physics/random'
import { gapBetweenM } from '#physics/ways'
import { Interest } from '#server/world/interest'
import { Viewer } from '#server/world/packets'
import { RiderStream } from '#server/world/stream'
import { HardRide, type HardRideOptions } from './hard-ride.ts'

/** What the stream costs and how true it is, on hard rides over a bad link: `node bench/stream/probe.ts`. */

export interface ProbeOptions {
  readonly ride: HardRideOptions
  readonly viewers: number
  readonly inView: number
  readonly seconds: number
  readonly link: { readonly loss: number; readonly delayMs: number; readonly jitterMs: number }
}

export const RIDES: readonly HardRideOptions[] = [
  { worldId: 'thrushford', routes: ['boulevard', 'quayside', 'parade-circuit'], riders: 128, seed: 1 },
  { worldId: 'high-gentian', routes: ['valley-loop', 'gentian-pass'], riders: 96, seed: 2 },
  { worldId: 'sorrelmere', routes: ['round-the-mere'], riders: 128, seed: 3 },
  { worldId: 'gannetholm', routes: ['round-the-island', 'widdershins'], riders: 96, seed: 4 },
]

const WARM_UP_TICKS = 1200
const SETTLE_TICKS = 100
/** IP and UDP, header, block byte and tick, tag. */
const WIRE_BYTES = 28 + 3 + 3 + 16
const ACK_TICKS = 2

interface Flight {
  readonly atMs: number
  readonly deliver: () => void
}

class Link {
  readonly #flights: Flight[] = []
  readonly #random: Random
  readonly #quality: ProbeOptions['link']

  constructor(random: Random, quality: ProbeOptions['link']) {
    this.#random = random
    this.#quality = quality
  }

  send(nowMs: number, deliver: () => void): void {
    const { loss, delayMs, jitterMs } = this.#quality
    if (this.#random.fraction() < loss) return
    const bell = Math.abs(this.#random.fraction() + this.#random.fraction() + this.#random.fraction() - 1.5) * 2
    this.#flights.push({ atMs: nowMs + delayMs + jitterMs * bell, deliver })
    this.#flights.sort((a, b) => a.atMs - b.atMs)
  }

  run(nowMs: number): void {
    while (this.#flights.length > 0 && this.#flights[0]!.atMs <= nowMs) this.#flights.shift()!.deliver()
  }
}

export interface ProbeFigures {
  readonly bits: Record<string, number>
  readonly records: Record<string, number>
  packets: number
  bytes: number
  riderTicks: number
  viewerTicks: number
  readonly alongM: number[]
  readonly sidewaysM: number[]
  missing: number
  doubts: number
  readonly wattsAgeTicks: number[]
}

export function createFigures(): ProbeFigures {
  return {
    bits: {},
    records: {},
    packets: 0,
    bytes: 0,
    riderTicks: 0,
    viewerTicks: 0,
    alongM: [],
    sidewaysM: [],
    missing: 0,
    doubts: 0,
    wattsAgeTicks: [],
  }
}

class Client {
  readonly viewer: Viewer
  readonly row: number
  readonly remote: RemoteRiders
  readonly #slots = new SlotTable()
  readonly #used = new AckHistory()
  readonly #down: Link
  readonly #up: Link
  readonly #writer = new BitWriter()
  readonly #figures: ProbeFigures
  #number = 0
  #newestTick = -1
  isCounting = false

  constructor(
    stream: RiderStream,
    ride: HardRide,
    row: number,
    random: Random,
    options: ProbeOptions,
    figures: ProbeFigures,
  ) {
    this.viewer = new Viewer(stream, { viewRiders: options.inView })
    this.row = row
    this.remote = new RemoteRiders(ride.loaded.course, options.inView + 16)
    this.#down = new Link(random, options.link)
    this.#up = new Link(random, options.link)
    this.#figures = figures
  }

  send(tick: number, nowMs: number): void {
    const { viewer } = this
    const figures = this.#figures
    if (this.isCounting) {
      figures.viewerTicks++
      figures.riderTicks += viewer.shown
    }
    if (!viewer.isDue(tick)) return
    const w = this.#writer
    w.reset()
    const number = this.#number++
    viewer.write(w, number, (1200 - 22) * 8)
    const bytes = w.finish()
    if (this.isCounting) {
      figures.packets++
      figures.bytes += bytes.length + WIRE_BYTES
    }
    const read = readRiderBlock(new BitReader(bytes), (kind, bits, body) => {
      if (!this.isCounting) return
      let name: string = kind
      if (body?.kind === 'change')
        name = Object.entries(PART)
          .filter(([, bit]) => (body.parts & bit) !== 0)
          .map(([part]) => part)
          .join('+')
      figures.bits[name] = (figures.bits[name] ?? 0) + bits
      figures.records[name] = (figures.records[name] ?? 0) + 1
    })
    if (!read.ok) throw new Error(`our own block was refused: ${read.error}`)
    if (this.isCounting) {
      const again = read.value.filter(({ age }) => age > 1).length
      figures.records['(older than a tick)'] = (figures.records['(older than a tick)'] ?? 0) + again
    }
    this.#down.send(nowMs, () => {
      if (number <= this.#used.newest) return
      this.#used.mark(number)
      this.#newestTick = tick
      for (const record of this.#slots.resolve(read.value, tick)) this.remote.accept(record)
      for (const id of this.remote.takeDoubted()) {
        figures.doubts++
        this.#up.send(nowMs, () => viewer.doubt(id))
      }
    })
  }

  receive(nowMs: number): void {
    this.#down.run(nowMs)
    this.#up.run(nowMs)
  }

  ack(nowMs: number): void {
    const { newest, bits } = this.#used
    if (newest >= 0) this.#up.send(nowMs, () => this.viewer.acked(newest, bits))
  }

  frame(tick: number, dtS: number): void {
    this.remote.frame(tick, this.#newestTick, dtS)
  }
}

export function probe(options: ProbeOptions, figures: ProbeFigures): void {
  const ride = new HardRide(options.ride)
  const { world } = ride
  for (let i = 0; i < WARM_UP_TICKS; i++) ride.step()
  const stream = new RiderStream(world)
  const interest = new Interest(world)
  const random = createRandom(options.ride.seed + 77)
  const { riders } = world
  const clients = Array.from({ length: options.viewers }, (_none, i) => {
    const row = Math.floor((i * riders.count) / options.viewers)
    return new Client(stream, ride, row, random, options, figures)
  })
  for (let i = 0; i < SETTLE_TICKS + options.seconds * 20; i++) {
    ride.step()
    const { tick } = world
    const nowMs = tick * TICK_MS
    stream.step(tick)
    interest.update()
    clients.forEach((client, n) => {
      client.isCounting = i >= SETTLE_TICKS
      if ((tick + n) % 5 === 0 || client.viewer.shown === 0) client.viewer.look(interest, client.row, riders.id)
      client.send(tick, nowMs)
      client.receive(nowMs)
      if ((tick + n) % ACK_TICKS === 0) client.ack(nowMs)
      client.frame(tick, TICK_MS / 1000)
      if (client.isCounting) measure(client, ride, figures)
      client.receive(nowMs + 25)
    })
  }
}

function measure(client: Client, ride: HardRide, figures: ProbeFigures): void {
  const { riders, course } = ride.world
  for (let row = 0; row < riders.count; row++) {
    if (!client.viewer.isShown(row)) continue
    const seen = client.remote.rowOf(riders.id[row]!)
    if (seen === undefined) {
      figures.missing++
      continue
    }
    const placeM = riders.distanceM[row]! + riders.offsetM[row]!
    const gapM = gapBetweenM(course, client.remote.shownPlaceM[seen]!, placeM)
    figures.alongM.push(Number.isNaN(gapM) ? 99 : Math.abs(gapM))
    figures.sidewaysM.push(Math.abs(client.remote.shownLateralM[seen]! - riders.lateralM[row]!))
  }
}

export function quantile(values: number[], p: number): number {
  values.sort((a, b) => a - b)
  return values[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN
}

function print(name: string, figures: ProbeFigures): void {
  const { bits, records, riderTicks, viewerTicks } = figures
  const total = Object.values(bits).reduce((sum, value) => sum + value, 0)
  const per = (value: number): string => (value / riderTicks).toFixed(3)
  const lines = Object.entries(bits)
    .toSorted(([, a], [, b]) => b - a)
    .map(
      ([kind, value]) =>
        `  ${kind.padEnd(22)} ${per(value)} bits  ${((20 * (records[kind] ?? 0)) / riderTicks).toFixed(3)}/s  ${(value / (records[kind] ?? 1)).toFixed(1)} each`,
    )
  const q = (values: number[]): string => [0.5, 0.99, 0.999, 1].map((p) => quantile(values, p).toFixed(3)).join(' ')
  process.stdout.write(
    `${name}: ${per(total)} bits per rider and tick, ${(riderTicks / viewerTicks).toFixed(1)} in view, ` +
      `${((20 * figures.packets) / viewerTicks).toFixed(1)} packets/s, ${((20 * figures.bytes) / viewerTicks).toFixed(0)} B/s without own state\n` +
      `${lines.join('\n')}\n  told again ${((20 * (records['(older than a tick)'] ?? 0)) / riderTicks).toFixed(3)}/s, missing ${per(figures.missing)}, doubts ${figures.doubts}\n` +
      `  along p50 p99 p99.9 max ${q(figures.alongM)}  sideways ${q(figures.sidewaysM)}\n`,
  )
}

if (import.meta.main) {
  const all = createFigures()
  for (const ride of RIDES) {
    const figures = createFigures()
    const options = { ride, viewers: 8, inView: 64, seconds: 60, link: { loss: 0.05, delayMs: 75, jitterMs: 15 } }
    probe(options, figures)
    print(ride.worldId, figures)
    for (const [kind, value] of Object.entries(figures.bits)) all.bits[kind] = (all.bits[kind] ?? 0) + value
    for (const [kind, value] of Object.entries(figures.records)) all.records[kind] = (all.records[kind] ?? 0) + value
    for (const key of ['packets', 'bytes', 'riderTicks', 'viewerTicks', 'missing', 'doubts'] as const)
      all[key] += figures[key]
    for (const value of figures.alongM) all.alongM.push(value)
    for (const value of figures.sidewaysM) all.sidewaysM.push(value)
  }
  print('all', all)
}
