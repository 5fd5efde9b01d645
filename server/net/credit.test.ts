import { describe, expect, test } from 'vitest'
import { HeadlessClient } from '#client/net/headless'
import { createRandom } from '#physics/random'
import type { RiderId, Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { PROBE_MAX_MS } from '#protocol/limits'
import { testCourse } from '#test/sim/road'
import { World } from '../world/world.ts'
import { createSealer } from './aead.ts'
import { Sessions } from './sessions.ts'
import { BadLink, createMemoryPeer, FakeClock, type LinkQuality, seededBytes } from './testing.ts'

/** From a sensor to the account, over sessions and a line in memory. */
class Ride {
  readonly clock = new FakeClock()
  readonly made: { readonly atMs: number; readonly powerW: number }[] = []
  readonly world = new World({ course: testCourse(), riderCapacity: 1 })
  readonly #random
  readonly #sessions
  readonly #up: BadLink
  readonly #down: BadLink
  readonly #client: HeadlessClient
  /** What the page's clock is ahead of the server's. */
  apartMs = 777_000
  powerW = 220
  #sequence = 65_500 // Wraps within the ride.
  #nextMs = 0
  isSilent = false
  #hasConnected = false

  constructor(seed: number, quality: LinkQuality) {
    this.#random = createRandom(seed)
    this.world.join({
      ...{ riderId: 1 as RiderId, massKg: 80, cdaM2: 0.3, distanceM: 0, lateralM: 0, isBot: false, held: false },
    })
    this.#sessions = new Sessions({
      ...{ clock: this.clock, randomBytes: seededBytes(seed), tokenKey: new Uint8Array(32).fill(7), roomId: 'r' },
      host: this.world,
    })
    const { token, keys } = this.#sessions.issueToken({ riderId: 1 as RiderId, use: 'ride' })
    this.#up = new BadLink(quality, this.#random, (bytes) => this.#sessions.receive(peer, bytes))
    this.#down = new BadLink(quality, this.#random, (bytes) => this.#client.receive(bytes, this.clock.ms))
    const peer = createMemoryPeer('memory/1', 'udp', (bytes) => this.#down.send(bytes, this.clock.ms))
    this.#client = new HeadlessClient({
      ...{ token, path: 'udp', randomBytes: seededBytes(9), nowMs: this.clock.ms },
      sealer: createSealer({ sealKey: keys.up, openKey: keys.down }),
      send: (bytes) => this.#up.send(bytes, this.clock.ms),
    })
  }

  set quality(quality: LinkQuality) {
    this.#up.quality = quality
    this.#down.quality = quality
  }

  /** Five milliseconds at a time; a sample each quarter of a second, not quite on the beat. */
  run(ms: number): void {
    for (const end = this.clock.ms + ms; this.clock.ms < end;) {
      this.clock.ms += 5
      const nowMs = this.clock.ms
      this.#up.run(nowMs)
      this.#down.run(nowMs)
      this.#hasConnected ||= this.#client.session.state === 'connected'
      if (nowMs >= this.#nextMs && this.#hasConnected && !this.isSilent) this.#pedal(nowMs)
      if (nowMs % 20 === 0) this.#client.work(nowMs)
      if (nowMs % 50 !== 0) continue
      this.world.step()
      this.#sessions.afterTick()
    }
  }

  #pedal(nowMs: number): void {
    const random = this.#random
    this.#nextMs = nowMs + 230 + random.fraction() * 40
    if (random.fraction() < 0.05) this.powerW = Math.floor(random.fraction() * 600)
    const powerW = Math.max(0, this.powerW + Math.floor((random.fraction() - 0.5) * 30))
    this.made.push({ atMs: nowMs, powerW })
    const sample: InputSample = {
      sequence: (this.#sequence++ & 0xffff) as Sequence,
      atMs: (nowMs + this.apartMs) >>> 0,
      ...{ powerW, cadenceHalfRpm: 180, heartRateBpm: 140, steer: 0 },
    }
    this.#client.offer(sample, nowMs)
  }

  /** The last watts hold and fall, every debt is paid. */
  settle(): void {
    this.isSilent = true
    this.run(30_000)
  }

  get creditedJ(): number {
    return this.world.riders.workJ[0]! + this.world.riders.owedJ[0]!
  }

  /** What the sensor measured between two instants, each value until the next one. */
  measuredJ(fromMs = 0, toMs = Infinity): number {
    let sumJ = 0
    for (const [i, { atMs, powerW }] of this.made.entries()) {
      const nextMs = this.made[i + 1]?.atMs ?? atMs + 4000 // Three seconds held, two falling.
      sumJ += (powerW * Math.max(0, Math.min(nextMs, toMs) - Math.max(atMs, fromMs))) / 1000
    }
    return sumJ
  }
}

const LOSSY: LinkQuality = { delayMs: 60, jitterMs: 40, loss: 0.1, duplicate: 0.05, corrupt: 0.01 }
const GOOD: LinkQuality = { delayMs: 40, jitterMs: 10, loss: 0, duplicate: 0, corrupt: 0 }
const DEAD: LinkQuality = { ...GOOD, loss: 1 }

describe('[D149] work credited', () => {
  test.each([1, 2, 3, 4, 5])(
    'with a tenth lost, doubled and overtaking packets: within a thousandth of the sensor’s (seed %i)',
    (seed) => {
      const ride = new Ride(seed, LOSSY)
      ride.run(240_000)
      ride.settle()
      expect(ride.made.length).toBeGreaterThan(900)
      expect(Math.abs(ride.creditedJ / ride.measuredJ() - 1)).toBeLessThan(0.001)
    },
  )

  test('at 30 % loss, half of all packets doubled and 400 ms late: within a thousandth, too', () => {
    const ride = new Ride(6, { delayMs: 400, jitterMs: 100, loss: 0.3, duplicate: 0.5, corrupt: 0.01 })
    ride.run(240_000)
    ride.settle()
    expect(Math.abs(ride.creditedJ / ride.measuredJ() - 1)).toBeLessThan(0.001)
  })
})

describe('[D150] an outage', () => {
  test('of two seconds costs nothing but what watts changed in it: the last ones hold, stamps say the rest', () => {
    const ride = new Ride(7, GOOD)
    ride.run(30_000)
    const fromMs = ride.clock.ms
    ride.quality = DEAD
    ride.run(2000)
    ride.quality = GOOD
    ride.run(30_000)
    const toMs = ride.clock.ms
    ride.settle()
    const lostJ = Math.abs(ride.creditedJ - ride.measuredJ())
    const spread = ride.made
      .filter(({ atMs }) => atMs > fromMs - 300 && atMs < toMs - 28_000)
      .map(({ powerW }) => powerW)
    expect(lostJ).toBeLessThanOrEqual((Math.max(...spread) - Math.min(...spread)) * 2.2)
  })

  test('of half a minute credits the last watts for four seconds’ worth, then what the last four samples tell; no more, no less', () => {
    for (const seed of [8, 9, 10]) {
      const ride = new Ride(seed, GOOD)
      ride.run(30_000)
      const deadMs = ride.clock.ms
      ride.quality = DEAD
      ride.run(30_000)
      ride.quality = GOOD
      const backMs = ride.clock.ms
      ride.run(30_000)
      ride.settle()
      const last = ride.made.findLast(({ atMs }) => atMs <= deadMs)!
      const toldJ = ride.measuredJ(0, last.atMs) + last.powerW * 4 + ride.measuredJ(backMs)
      // Four samples span a second or a little more; a silent session knocks every PROBE_MAX_MS.
      expect(ride.creditedJ).toBeGreaterThan(toldJ - ride.measuredJ(backMs, backMs + PROBE_MAX_MS) - 200)
      expect(ride.creditedJ).toBeLessThan(toldJ + ride.measuredJ(backMs - 1300, backMs) + 200)
    }
  })
})

describe('[D151] clocks that jump earn nothing', () => {
  test.each([
    ['an hour ahead', 3_600_000],
    ['ten seconds ahead', 10_000],
    ['an hour back', -3_600_000],
    ['over the wrap of its 32 bits', 2 ** 32 - 700_000],
  ])('%s: a second’s worth at most, and what comes after counts as before', (_what, byMs) => {
    for (const seed of [11, 12]) {
      const ride = new Ride(seed, GOOD)
      ride.run(60_000)
      ride.apartMs += byMs
      ride.run(60_000)
      ride.settle()
      const tooMuchJ = ride.creditedJ - ride.measuredJ()
      expect(tooMuchJ).toBeLessThan(600 * 1.3)
      expect(tooMuchJ).toBeGreaterThan(-600 * 5)
    }
  })

  test('stamps that run five per cent fast for ten minutes: a second’s worth at most', () => {
    const ride = new Ride(13, GOOD)
    for (let i = 0; i < 600; i++) {
      ride.run(1000)
      ride.apartMs += 50
    }
    ride.settle()
    expect(ride.creditedJ - ride.measuredJ()).toBeLessThan(600)
    expect(ride.creditedJ / ride.measuredJ()).toBeGreaterThan(0.99)
  })
})

test('[D154] whatever has come before a tick begins is used by it: nothing waits for a second one', () => {
  const ride = new Ride(14, { ...GOOD, delayMs: 12, jitterMs: 30 })
  ride.run(5000)
  for (let i = 0; i < 200; i++) {
    ride.run(50)
    const newest = ride.made.findLast(({ atMs }) => atMs + 12 + 30 < ride.clock.ms)!
    expect(ride.world.riders.sampleAtMs[0]! - ride.apartMs).toBeGreaterThanOrEqual(newest.atMs)
  }
})
