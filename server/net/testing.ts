import type { Course } from '#physics/course'
import { plainCourse } from '#physics/plain-courses'
import { homeLineM } from '#physics/lanes'
import { createRandom, type Random } from '#physics/random'
import { createRiders } from '#physics/riders'
import { stepRiders } from '#physics/step'
import { calmConditions } from '#physics/weather'
import type { RiderId, Row, Tick } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import type { Clock } from '../clock.ts'
import type { DatagramSink, Peer } from './peers.ts'
import type { SessionHost } from './session-host.ts'

/** Small fakes for tests of the datagram path: a clock, a world without rules, a bad network in memory. */

export class FakeClock implements Clock {
  ms = 1000
  nowMs = (): number => this.ms
  wallMs = (): number => 1_800_000_000_000 + this.ms
  after = (): (() => void) => () => {}
}

/** Ten kilometres of loop, up four percent and down again, eight metres wide. */
const fakeCourse: Course = plainCourse({
  lengthM: 10_000,
  isLoop: true,
  slopeAt: (s) => 0.04 * (1 - Math.abs((((s % 10_000) + 10_000) % 10_000) - 5000) / 2500),
  heightAt: () => 0,
  crrAt: () => 0.004,
  widthAt: () => 8,
})

/** Riders, physics, and the newest sample's watts; nothing else a world has. */
export class FakeHost implements SessionHost {
  tick = 0 as Tick
  readonly course = fakeCourse
  readonly conditions = calmConditions()
  readonly riders
  readonly posted: { readonly row: Row; readonly sample: InputSample }[] = []
  resumed = 0
  readonly #acked = new Map<number, number>()

  constructor(count: number, capacity: number = count) {
    this.riders = createRiders(capacity)
    for (let i = 0; i < count; i++) this.join(i, 500 + 3 * i)
  }

  join(row: number, distanceM: number, riderId: number = row + 1): void {
    const { riders } = this
    riders.count = Math.max(riders.count, row + 1)
    riders.id[row] = riderId
    riders.massKg[row] = 70 + (row % 7) * 3.3
    riders.cdaM2[row] = 0.3 + (row % 5) * 0.013
    riders.draftFactor[row] = 1
    riders.powerW[row] = 200
    riders.speedMps[row] = 8
    riders.distanceM[row] = distanceM
    riders.lineM[row] = homeLineM(riderId, 8)
    riders.lateralM[row] = riders.lineM[row]!
  }

  rowOf(riderId: RiderId): Row | undefined {
    const row = this.riders.id.indexOf(riderId)
    return row < 0 ? undefined : (row as Row)
  }

  post(row: Row, sample: InputSample): void {
    this.posted.push({ row, sample })
    this.riders.powerW[row] = sample.powerW
    this.riders.cadenceRpm[row] = sample.cadenceHalfRpm / 2
    this.riders.heartRateBpm[row] = sample.heartRateBpm
    this.#acked.set(row, sample.sequence)
  }

  resume(row: Row): void {
    this.resumed++
    this.#acked.delete(row)
  }

  ackedSequence(row: Row): number | undefined {
    return this.#acked.get(row)
  }

  step(): void {
    stepRiders(this.riders, this.course, this.conditions)
    this.tick = (this.tick + 1) as Tick
  }

  /** Legs that change their mind, as trainers tell it: each rider's watts a few times a second, sometimes a sprint. */
  pedal(random: Random): void {
    const { riders } = this
    for (let row = 0; row < riders.count; row++) {
      if (random.fraction() < 0.15)
        riders.powerW[row] = Math.max(0, riders.powerW[row]! + (random.fraction() - 0.5) * 30)
      if (random.fraction() < 0.002) riders.powerW[row] = random.fraction() < 0.5 ? 700 : 200
      if (random.fraction() < 0.1) riders.cadenceRpm[row] = 85 + Math.floor(random.fraction() * 10)
      if (random.fraction() < 0.03) riders.heartRateBpm[row] = 140 + Math.floor(random.fraction() * 20)
      if (random.fraction() < 0.005) riders.lineM[row] = (random.fraction() - 0.5) * 6
    }
  }
}

export interface LinkQuality {
  readonly delayMs: number
  readonly jitterMs: number
  readonly loss: number
  readonly duplicate: number
  /** Share of datagrams with one bit turned. */
  readonly corrupt: number
}

export const PERFECT: LinkQuality = { delayMs: 0, jitterMs: 0, loss: 0, duplicate: 0, corrupt: 0 }

/** One direction of a bad link; seeded, in virtual time. */
export class BadLink {
  quality: LinkQuality
  readonly #random: Random
  readonly #deliver: (datagram: Uint8Array) => void
  #queue: { atMs: number; datagram: Uint8Array }[] = []

  constructor(quality: LinkQuality, random: Random, deliver: (datagram: Uint8Array) => void) {
    this.quality = quality
    this.#random = random
    this.#deliver = deliver
  }

  send(datagram: Uint8Array, nowMs: number): void {
    const { delayMs, jitterMs, loss, duplicate, corrupt } = this.quality
    const copies = this.#random.fraction() < duplicate ? 2 : 1
    for (let i = 0; i < copies; i++) {
      if (this.#random.fraction() < loss) continue
      const copy = datagram.slice()
      if (this.#random.fraction() < corrupt) copy[this.#random.u32() % copy.length]! ^= 1 << (this.#random.u32() % 8)
      this.#queue.push({ atMs: nowMs + delayMs + this.#random.fraction() * jitterMs, datagram: copy })
    }
  }

  run(nowMs: number): void {
    const due = this.#queue.filter(({ atMs }) => atMs <= nowMs).toSorted((a, b) => a.atMs - b.atMs)
    this.#queue = this.#queue.filter(({ atMs }) => atMs > nowMs)
    for (const { datagram } of due) this.#deliver(datagram)
  }
}

/** A peer whose datagrams go where they are told. */
export function createMemoryPeer(key: string, path: Peer['path'], send: (datagram: Uint8Array) => void): Peer {
  return { key, carrier: 'memory', path, send, close() {} }
}

/** Bytes that are random and the same in every run. */
export function seededBytes(seed: number): (count: number) => Uint8Array {
  const random = createRandom(seed)
  return (count) => Uint8Array.from({ length: count }, () => random.u32() & 0xff)
}

export class RecordingSink implements DatagramSink {
  readonly received: { readonly peer: Peer; readonly datagram: Uint8Array }[] = []
  readonly lost: Peer[] = []
  receive(peer: Peer, datagram: Uint8Array): void {
    this.received.push({ peer, datagram: datagram.slice() })
  }
  gone(peer: Peer): void {
    this.lost.push(peer)
  }
}
