import { describe, expect, test } from 'vitest'
import type { RiderId } from '#protocol/ids'
import { LastingWishes } from '#protocol/lasting-wishes'
import { SESSION_RESUME_MS, SESSION_SILENCE_MS, VIEW_RIDERS } from '#protocol/limits'
import { BAD, believed, knock, Room, sample, Viewer } from '#test/support/memory-room'
import { Sessions } from './sessions.ts'
import { createMemoryPeer, PERFECT, seededBytes } from './testing.ts'

describe('a session over a link in memory', () => {
  test('[D4] token, challenge, response: connected after two round trips, and every answer before is smaller than a third', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 1, 'ride', PERFECT)
    room.run(100)
    expect(viewer.client.session.state).toBe('connected')
    expect(viewer.sentUp[0]!.length).toBe(1200)
    expect(viewer.sentDown[0]!.length).toBeLessThanOrEqual(0.35 * 1200)
    expect(room.sessions.size).toBe(1)
  })

  test('[D5] the sample that was offered reaches the world, its watts and its ack come back', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 2, 'ride', PERFECT)
    room.run(200)
    viewer.client.offer(sample(77, 247), room.clock.ms)
    room.run(150)
    expect(room.host.posted.map(({ row, sample: s }) => [row, s.sequence, s.powerW])).toEqual([[1, 77, 247]])
    expect(viewer.client.buffer.own).toMatchObject({ ackedSequence: 77 })
    expect(viewer.client.buffer.own!.distanceM).toBeGreaterThan(503)
  })

  test('[D6] with a tenth of all packets lost no sample is lost, and each is posted once, in order', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 2, 'ride', { ...BAD, loss: 0.1 })
    room.run(2000)
    for (let i = 0; i < 200; i++) {
      viewer.client.offer(sample(i, 100 + i), room.clock.ms)
      room.run(250)
    }
    room.run(1000)
    const posted = room.host.posted.map(({ sample: s }) => s.sequence as number)
    expect(posted).toEqual(posted.toSorted((a, b) => a - b))
    expect(new Set(posted).size).toBe(posted.length)
    expect(posted.length).toBe(200)
  })

  test('[D157] a packet with a new sample has a twin 20 ms later, one; and a sample between needs none', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 2, 'ride', PERFECT)
    room.run(2000)
    const sentAt = (offerMs: readonly number[]): readonly number[] => {
      const fromMs = room.clock.ms
      const times: number[] = []
      let sent = viewer.sentUp.length
      for (let ms = 0; ms <= 90; ms += 10) {
        if (offerMs.includes(ms)) viewer.client.offer(sample((sequence += 1), 200), room.clock.ms)
        else viewer.client.work(room.clock.ms)
        for (; sent < viewer.sentUp.length; sent++) times.push(room.clock.ms - fromMs)
        room.clock.ms += 10
      }
      return times
    }
    let sequence = 0
    expect([sentAt([0]), sentAt([0, 10])]).toEqual([
      [0, 20],
      [0, 10, 30],
    ])
  })

  test('[D21] server and client believe the same of every rider, to the last bit, through loss, duplicates and corruption', () => {
    const room = new Room(90)
    const carry = room.createCarrier()
    const viewers = [
      new Viewer(room, 10, 'ride', BAD),
      new Viewer(room, 45, 'watch', { ...BAD, corrupt: 0 }, 'channel'),
    ]
    // Whole public states of the last ticks, to compare with when the news has arrived.
    const history = new Map<number, Map<number, string>>()
    let equal = 0
    let unequal = 0
    room.run(60_000, () => {
      const { stream } = room.sessions
      const now = new Map<number, string>()
      for (let row = 0; row < 90; row++)
        for (const tier of [0, 1]) now.set(2 * row + tier, believed(stream.stateOf(row, tier)))
      history.set(room.host.tick, now)
      history.delete(room.host.tick - 40)
      for (const viewer of viewers) {
        const tick = viewer.client.buffer.newestTick
        viewer.follow(tick, carry)
        const then = history.get(tick)
        if (then === undefined || room.host.tick < 100) continue
        for (const [id, { state }] of viewer.states) {
          if (believed(state) === then.get(2 * (id - 1) + state.tier)) equal++
          else unequal++
        }
      }
    })
    for (const viewer of viewers) expect(viewer.states.size).toBe(89)
    // The carrier of a channel seals: here, where there is none, nothing is damaged on it.
    for (const viewer of viewers) expect(viewer.doubts).toBe(0)
    // What was lost is told again a round trip later, with its own tick.
    expect(unequal / (equal + unequal)).toBeLessThan(0.1)
    expect(equal).toBeGreaterThan(100_000)
    const calm = viewers[0]!
    expect(calm.client.session.rejects['before-welcome'] ?? 0).toBe(0)
  })

  test('[D22] once nothing is lost any more, server and clients agree on everybody within a second', () => {
    const room = new Room(70)
    const carry = room.createCarrier()
    const viewer = new Viewer(room, 10, 'ride', { ...BAD, loss: 0.4 })
    room.run(10_000, () => viewer.follow(viewer.client.buffer.newestTick, carry))
    viewer.up.quality = viewer.down.quality = PERFECT
    room.run(1000, () => viewer.follow(viewer.client.buffer.newestTick, carry))
    expect([room.agreed(viewer).size, viewer.states.size, viewer.doubts]).toEqual([69, 69, 0])
  })
})

test.each([
  [undefined, VIEW_RIDERS],
  [200, 200],
  [48, 48],
])(
  '[D27] as many are in view as the viewer wishes for, and no more than the server allows (%s)',
  (viewRiders, most) => {
    const room = new Room(250, viewRiders === undefined ? {} : { viewRiders })
    const viewer = new Viewer(room, 45, 'ride', PERFECT)
    const wishing = new LastingWishes()
    wishing.session = viewer.client.session
    const inView = (): number | undefined => room.sessions.list(room.clock.ms)[0]?.inView
    room.run(1000)
    expect(inView()).toBe(Math.min(VIEW_RIDERS, most))
    for (const [riders, shown] of [
      [320, most],
      [24, 24],
    ] as const) {
      wishing.wish({ kind: 'view', riders })
      room.run(1000)
      expect(inView()).toBe(shown)
    }
  },
)

test('[D63] 89 riders with restless legs cost a viewer at most 55 bytes a tick, seal and header included', () => {
  const room = new Room(90)
  const viewer = new Viewer(room, 45, 'ride', PERFECT)
  room.run(5000)
  const [bytes, packets] = [viewer.bytesDown, viewer.sentDown.length]
  room.run(30_000)
  expect(viewer.states.size + viewer.client.buffer.take().length).toBeGreaterThan(1000)
  expect(viewer.sentDown.length - packets).toBeLessThan(600)
  expect((viewer.bytesDown - bytes) / 600).toBeLessThan(55)
})

test('[D202] until the first ack each RESPONSE said again is answered at once with what is in view, and after it no more', () => {
  const room = new Room(100)
  const viewer = new Viewer(room, 10, 'ride', { ...PERFECT, delayMs: 75 })
  const answers: number[] = []
  // The world stands still after a first tick: only what is heard is answered.
  room.run(50)
  const packets = (): number => viewer.sentDown.filter(([kind]) => (kind! & 0x7f) === 5).length
  for (let ms = 0; ms < 600; ms += 5) {
    room.clock.ms += 5
    const before = packets()
    viewer.up.run(room.clock.ms)
    if (packets() > before) answers.push(packets() - before)
    viewer.client.work(room.clock.ms)
    viewer.down.run(room.clock.ms)
  }
  expect(viewer.client.session.state).toBe('connected')
  // A hundred riders take two datagrams; before they are heard of, the RESPONSE is said again after 20, 50 and 95 ms.
  expect(answers).toEqual([2, 2, 2, 2])
})

test('[D202] who says RESPONSE again and again and acks nothing is answered so often and no oftener', () => {
  const room = new Room(100)
  const viewer = new Viewer(room, 10, 'ride', { ...PERFECT, delayMs: 75 })
  room.run(50)
  const [ups, downs] = [viewer.sentUp.length, viewer.sentDown.length]
  for (let ms = 0; ms < 5000; ms += 5) {
    room.clock.ms += 5
    viewer.up.run(room.clock.ms)
    // The CHALLENGE is heard, and nothing after it.
    if (viewer.sentDown.length > downs) viewer.down.quality = { ...PERFECT, loss: 1 }
    viewer.client.work(room.clock.ms)
    viewer.down.run(room.clock.ms)
  }
  expect(viewer.sentUp.length - ups).toBeGreaterThan(9)
  expect(viewer.sentDown.slice(downs).filter(([kind]) => (kind! & 0x7f) === 5)).toHaveLength(2 + 12)
})

test('[D203] a client that speaks and acks nothing is sent little, and everything again once it acks', () => {
  const room = new Room(70)
  const carry = room.createCarrier()
  const viewer = new Viewer(room, 10, 'ride', PERFECT)
  const follow = (): void => viewer.follow(viewer.client.buffer.newestTick, carry)
  room.run(2000, follow)
  viewer.down.quality = { ...PERFECT, loss: 1 }
  room.run(3500, follow)
  const [bytes, packets] = [viewer.bytesDown, viewer.sentDown.length]
  room.run(5000, follow)
  expect(viewer.sentDown.length - packets).toBe(10)
  expect((viewer.bytesDown - bytes) / 5).toBeLessThan(2400)
  viewer.down.quality = PERFECT
  room.run(2000, follow)
  expect([room.agreed(viewer).size, viewer.states.size]).toEqual([69, 69])
})

test('[D200] a room at its end tells each client in every second tick, half of them in each, and nothing goes wrong by it', () => {
  const room = new Room(70)
  const carry = room.createCarrier()
  const viewers = [10, 40].map((riderId) => new Viewer(room, riderId, 'ride', PERFECT))
  const follow = (): void => viewers.forEach((each) => each.follow(each.client.buffer.newestTick, carry))
  const packetsIn = (ms: number): number[] => {
    const before = viewers.map(({ sentDown }) => sentDown.length)
    room.run(ms, follow)
    return viewers.map(({ sentDown }, i) => sentDown.length - before[i]!)
  }
  room.run(2000, follow)
  for (const packets of packetsIn(10_000)) expect(packets).toBeGreaterThan(105)
  room.sessions.isSparing = true
  packetsIn(100)
  expect(packetsIn(10_000)).toEqual([100, 100])
  const sent = viewers.map(({ sentDown }) => sentDown.length)
  room.run(50, follow)
  expect(viewers.reduce((sum, { sentDown }, i) => sum + sentDown.length - sent[i]!, 0)).toBe(1)
  room.sessions.isSparing = false
  room.run(1000, follow)
  for (const viewer of viewers) expect([room.agreed(viewer).size, viewer.doubts]).toEqual([69, 0])
})

describe('what is refused, silently and counted', () => {
  const count = (room: Room, reason: string): number => room.sessions.counts[reason] ?? 0

  test('[D7] a replayed packet changes nothing', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 2, 'ride', PERFECT)
    room.run(200)
    viewer.client.offer(sample(1, 250), room.clock.ms)
    room.run(100)
    const said = viewer.sentDown.length
    for (const datagram of viewer.sentUp.slice(2)) room.sessions.receive(viewer.peer, datagram)
    expect(count(room, 'replay')).toBe(viewer.sentUp.length - 2)
    expect(room.host.posted.length).toBe(1)
    expect(viewer.sentDown.length).toBe(said)
  })

  test('[D8] our own datagrams sent back to us are reflections', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 2, 'ride', PERFECT)
    room.run(200)
    const said = viewer.sentDown.length
    for (const datagram of viewer.sentDown.slice()) room.sessions.receive(viewer.peer, datagram)
    expect(count(room, 'reflected')).toBe(said)
    expect(viewer.sentDown.length).toBe(said)
    // And the client knows its own when it sees them again.
    const before = { ...viewer.client.session.rejects }
    for (const datagram of viewer.sentUp) viewer.client.receive(datagram, room.clock.ms)
    expect(viewer.client.session.rejects['wrong-kind']! - (before['wrong-kind'] ?? 0)).toBe(viewer.sentUp.length)
  })

  test.each([
    ['udp', 'wrong-room'],
    ['channel', 'wrong-room'],
  ] as const)('[D9] a token of another room (%s)', (path, reason) => {
    const room = new Room(3)
    const other = new Sessions({
      clock: room.clock,
      randomBytes: seededBytes(2),
      tokenKey: new Uint8Array(32).fill(7),
      roomId: 'ride-2',
      host: room.host,
    })
    const { token } = other.issueToken({ riderId: 1 as RiderId, use: 'ride' })
    const said = knock(room, token, path)
    expect([count(room, reason), said, room.sessions.size]).toEqual([1, 0, 0])
  })

  test('[D10] an expired token', () => {
    const room = new Room(3)
    const { token } = room.sessions.issueToken({ riderId: 1 as RiderId, use: 'ride', ttlMs: 500 })
    room.clock.ms += 501
    expect([knock(room, token, 'udp'), count(room, 'token-expired')]).toEqual([0, 1])
  })

  test('[D11] a token that has opened a session opens no other, over either path', () => {
    const room = new Room(3)
    const { token } = room.sessions.issueToken({ riderId: 1 as RiderId, use: 'ride' })
    expect(knock(room, token, 'channel')).toBe(0)
    expect(room.sessions.size).toBe(1)
    expect([knock(room, token, 'channel', 'memory/b'), knock(room, token, 'udp'), count(room, 'token-spent')]).toEqual([
      0, 0, 2,
    ])
    expect(room.sessions.size).toBe(1)
  })

  test('[D12] a forged token, a forged packet, an unknown connection', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 2, 'ride', PERFECT)
    room.run(200)
    const { token } = room.sessions.issueToken({ riderId: 1 as RiderId, use: 'ride' })
    token[40]! ^= 1
    expect([knock(room, token, 'udp'), count(room, 'token-forged')]).toEqual([0, 1])
    const said = viewer.sentDown.length
    const packet = viewer.sentUp.at(-1)!.slice()
    packet[9] = (packet[9]! + 1) & 0xff // Another packet number: the seal does not fit.
    room.sessions.receive(viewer.peer, packet)
    expect(count(room, 'forged')).toBe(1)
    packet[3]! ^= 1
    room.sessions.receive(viewer.peer, packet)
    expect(count(room, 'unknown-connection')).toBe(1)
    expect(viewer.sentDown.length).toBe(said)
  })

  test('[D13] a cookie for one address is worth nothing at another, or too late', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 2, 'ride', PERFECT)
    room.run(50)
    const response = viewer.sentUp.find((datagram) => datagram[0] === 3)!
    const fresh = new Room(3) // Same keys, and it has not seen this token yet.
    let said = 0
    const stranger = createMemoryPeer('memory/stranger', 'udp', () => said++)
    fresh.sessions.receive(stranger, response)
    expect(fresh.sessions.counts['cookie-forged']).toBe(1)
    fresh.clock.ms = room.clock.ms + 20_000
    fresh.sessions.receive(viewer.peer, response)
    expect(fresh.sessions.counts['cookie-expired']).toBe(1)
    expect([said, fresh.sessions.size]).toEqual([0, 0])
  })

  test('[D14] a watching session steers nobody', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 2, 'watch', PERFECT)
    room.run(200)
    viewer.client.offer(sample(1, 250), room.clock.ms)
    room.run(200)
    expect([room.host.posted.length, viewer.client.buffer.own!.powerW > 0]).toEqual([0, true])
  })
})

describe('whose session counts', () => {
  test('[D15] the newest input session of a rider wins; the older one is told, views stay', () => {
    const room = new Room(3)
    const first = new Viewer(room, 2, 'ride', PERFECT)
    const view = new Viewer(room, 2, 'watch', PERFECT)
    room.run(200)
    const second = new Viewer(room, 2, 'ride', PERFECT)
    room.run(200)
    expect(first.client.closed).toBe('replaced')
    expect(second.client.session.state).toBe('connected')
    expect(view.client.session.state).toBe('connected')
    expect([room.host.resumed, room.sessions.hasInput(2 as RiderId)]).toEqual([2, true])
  })

  test('[D16] a silent input session rests, then ends, and its rider has none any more; goodbye ends it at once', () => {
    const room = new Room(3)
    const silent = new Viewer(room, 2, 'ride', PERFECT)
    const leaving = new Viewer(room, 3, 'ride', PERFECT)
    room.run(200)
    room.viewers.splice(0, 1)
    leaving.client.close(room.clock.ms)
    room.run(50)
    const hasInput = () => [2, 3].map((riderId) => room.sessions.hasInput(riderId as RiderId))
    expect([hasInput(), leaving.client.closed]).toEqual([[true, false], undefined])
    room.run(SESSION_SILENCE_MS + 100)
    expect([hasInput(), room.sessions.size]).toEqual([[false, false], 1])
    const said = silent.sentDown.length
    room.run(SESSION_RESUME_MS + 100)
    expect([room.sessions.size, silent.sentDown.length]).toEqual([0, said])
    expect(silent.client.session.state).toBe('connected') // It was never told, for it never listened.
  })

  test('twenty samples a second are taken up and the newest of them; what is beyond is counted and in no journal', () => {
    const room = new Room(1)
    const viewer = new Viewer(room, 1, 'ride', PERFECT)
    room.run(200)
    let sequence = 0
    for (let ms = 0; ms < 20_000; ms += 10) {
      for (let i = 0; i < 3; i++) viewer.client.offer(sample(++sequence, 200), room.clock.ms)
      room.run(10)
    }
    const { posted } = room.host
    expect(posted.length).toBeGreaterThan(20 * 20)
    expect(posted.length).toBeLessThanOrEqual(64 + 21 * 20)
    expect(sequence - posted.at(-1)!.sample.sequence).toBeLessThan(2 * 15) // Fifteen a tick are offered; the link takes one.
    expect(room.sessions.counts['samples-too-fast']).toBeGreaterThan(1000)
  })

  test('[D17] a rider who leaves the road takes the sessions along', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 2, 'ride', PERFECT)
    room.run(200)
    room.sessions.dismiss(2 as RiderId)
    room.run(50)
    expect([viewer.client.closed, room.sessions.size]).toEqual(['rider-gone', 0])
  })

  test('[D18] a rider over the session limit loses the oldest', () => {
    const room = new Room(3)
    const viewers = Array.from({ length: 10 }, () => new Viewer(room, 2, 'watch', PERFECT))
    room.run(300)
    expect(room.sessions.size).toBe(8)
    expect(viewers.map(({ client }) => client.closed).slice(0, 3)).toEqual(['replaced', 'replaced', undefined])
  })
})
