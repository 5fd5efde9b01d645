import { describe, expect, test } from 'vitest'
import { HeadlessClient } from '#client/net/headless'
import { createRandom } from '#physics/random'
import type { RiderId, Row } from '#protocol/ids'
import { encodeWish, type RiderWish } from '#protocol/rider-wish'
import { smallNetwork } from '#test/sim/small-network'
import type { JournalRecord } from '../world/records.ts'
import { World } from '../world/world.ts'
import { Sessions, type SessionUse } from './sessions.ts'
import { BadLink, createMemoryPeer, FakeClock, type LinkQuality, seededBytes } from './testing.ts'

const { course, network, spawnM } = smallNetwork()
const BAD: LinkQuality = { delayMs: 60, jitterMs: 30, loss: 0.3, duplicate: 0.2, corrupt: 0 }

class Room {
  readonly clock = new FakeClock()
  readonly records: JournalRecord[] = []
  readonly refusals: string[] = []
  readonly random = createRandom(7)
  readonly world = new World({
    ...{ course, network, riderCapacity: 4 },
    journal: (record) => this.records.push(record),
    onRefusal: (_row, why) => this.refusals.push(why.message),
  })
  readonly sessions = new Sessions({
    ...{ clock: this.clock, randomBytes: seededBytes(1), tokenKey: new Uint8Array(32).fill(7), roomId: 'r' },
    host: this.world,
  })
  readonly #links: BadLink[] = []
  readonly #clients: HeadlessClient[] = []
  readonly row = this.world.join({
    ...{ riderId: 1 as RiderId, massKg: 80, cdaM2: 0.3, distanceM: spawnM, lateralM: 0, isBot: false, held: false },
  })

  client(use: SessionUse): HeadlessClient {
    const { token } = this.sessions.issueToken({ riderId: 1 as RiderId, use })
    const key = `memory/${this.#clients.length}`
    const up = new BadLink(BAD, this.random, (bytes) => this.sessions.receive(peer, bytes))
    const down = new BadLink(BAD, this.random, (bytes) => client.receive(bytes, this.clock.ms))
    const peer = createMemoryPeer(key, 'channel', (bytes) => down.send(bytes, this.clock.ms))
    const client = new HeadlessClient({
      ...{ token, path: 'channel', randomBytes: seededBytes(9), nowMs: this.clock.ms },
      send: (bytes) => up.send(bytes, this.clock.ms),
    })
    this.#links.push(up, down)
    this.#clients.push(client)
    return client
  }

  run(ms: number): void {
    for (const end = this.clock.ms + ms; this.clock.ms < end;) {
      this.clock.ms += 10
      for (const link of this.#links) link.run(this.clock.ms)
      for (const client of this.#clients) client.work(this.clock.ms)
      if (this.clock.ms % 50 !== 0) continue
      this.world.step()
      this.sessions.afterTick()
    }
  }

  of(kind: JournalRecord[0]): readonly (readonly unknown[])[] {
    return this.records.filter((record) => record[0] === kind).map((record) => record.slice(2))
  }
}

const say = (client: HeadlessClient, wish: RiderWish): void => {
  const { kind, body } = encodeWish(wish)
  client.session.wish(kind, body)
}

describe('[D141] wishes are inputs', () => {
  test('through a line that loses a third, each is in the journal once, in order, the newest holding', () => {
    const room = new Room()
    const rider = room.client('ride')
    room.run(3000)
    for (let i = 0; i < 20; i++) {
      say(rider, { kind: 'turn', turn: 1 + (i % 3) })
      room.run(1000)
    }
    expect(room.of('turn')).toEqual(Array.from({ length: 20 }, (_, i) => [room.row, 1 + (i % 3)]))
  })

  test('what cannot be is answered in a sentence, what is no wish is counted, and neither is said for ever', () => {
    const room = new Room()
    const rider = room.client('ride')
    room.run(3000)
    say(rider, { kind: 'route', routeId: 'nowhere' })
    rider.session.wish(1, Uint8Array.of(9))
    rider.session.wish(200, Uint8Array.of(1, 2, 3))
    room.run(3000)
    expect(room.refusals).toEqual(['There is no route "nowhere" here.'])
    expect(room.sessions.counts).toMatchObject({ 'wish-out-of-range': 1, 'wish-unknown-kind': 1 })
    say(rider, { kind: 'turn', turn: 2 })
    room.run(2000)
    expect(room.of('turn')).toEqual([[room.row, 2]])
  })

  test('what the legs’ end says of trainer and devices is journalled, and comes to the rider’s other sessions', () => {
    const room = new Room()
    const bridge = room.client('ride')
    const page = room.client('watch')
    room.run(3000)
    say(bridge, { kind: 'trainer', mode: 'target', targetW: 250 })
    say(bridge, { kind: 'sources', power: 'power-meter', cadence: 'trainer', heartRate: 'strap' })
    room.run(2000)
    expect(room.of('gear').at(-1)).toEqual([room.row, 3, 250, 1, 4, 3])
    expect(page.buffer.own).toMatchObject({ trainerMode: 3, targetW: 250, powerSource: 1, heartRateSource: 3 })
    // Another device takes over: what the last one said of itself holds no longer.
    room.client('ride')
    room.run(3000)
    expect(page.buffer.own).toMatchObject({ trainerMode: 0, targetW: 0, powerSource: 0 })
  })

  test('[D144] who watches steers nobody, and may say how much to show', () => {
    const room = new Room()
    const page = room.client('watch')
    room.run(3000)
    say(page, { kind: 'turn', turn: 1 })
    say(page, { kind: 'trainer', mode: 'off', targetW: 0 })
    say(page, { kind: 'view', riders: 320 })
    room.run(2000)
    expect([room.of('turn'), room.of('gear')]).toEqual([[], []])
    expect(room.world.riders.turn[room.row as Row]).toBe(0)
    expect(room.sessions.counts).toMatchObject({ 'wish-of-a-watcher': 2 })
  })
})
