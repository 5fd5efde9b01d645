import { describe, expect, test, vi } from 'vitest'
import { HeadlessClient } from '#client/net/headless'
import { createRandom } from '#physics/random'
import { encodeConnect } from '#protocol/datagram'
import type { RiderId } from '#protocol/ids'
import { RIDER_SESSIONS_MAX, ROOM_SESSIONS_MAX, SESSION_SILENCE_MS, TOKEN_OPENINGS_AT_ONCE_MAX } from '#protocol/limits'
import type { Sealer } from '#protocol/sealer'
import { knock, Room, sample, Viewer } from '#test/support/memory-room'
import { createSealer } from './aead.ts'
import { Sessions } from './sessions.ts'
import { Switchboard } from './switchboard.ts'
import { BadLink, createMemoryPeer, FakeClock, FakeHost, PERFECT, seededBytes } from './testing.ts'
import { TokenSealer } from './token-sealer.ts'

/** What somebody with a token, or a key to watch, or a place on the path, tries. */

const count = (room: Room, name: string): number => room.sessions.counts[name] ?? 0
const grant = { riderId: 1 as RiderId, use: 'ride' } as const
const TOKEN_AT = 10

/** A CONNECT with a token of ours of which only the mark is true. */
function* spoiled(token: Uint8Array, many: number): Generator<Uint8Array> {
  const random = createRandom(8214)
  const connect = encodeConnect(new Uint8Array(8), token)
  for (let i = 0; i < many; i++) {
    const forged = connect.slice()
    for (let at = TOKEN_AT + 12; at < TOKEN_AT + 146; at++) forged[at] = random.u32()
    yield forged
  }
}

describe('[D121] one true token, and a hundred thousand made of it', () => {
  test('keep nobody out: what bears its mark and is not it costs no opening', () => {
    const room = new Room(3)
    const peer = createMemoryPeer('memory/flood', 'udp', () => {})
    const { token } = room.sessions.issueToken(grant)
    for (const forged of spoiled(token, 3 * TOKEN_OPENINGS_AT_ONCE_MAX)) room.sessions.receive(peer, forged)
    expect([count(room, 'busy'), count(room, 'token-forged')]).toEqual([0, 3 * TOKEN_OPENINGS_AT_ONCE_MAX])
    expect(knock(room, room.sessions.issueToken(grant).token, 'udp')).toBe(1)
    // Nor does it use up what the true one may knock.
    expect(knock(room, token, 'udp')).toBe(1)
  })

  test('nor when there are several rooms: which one is meant is known without opening', () => {
    const clock = new FakeClock()
    const tokenKey = new Uint8Array(32).fill(7)
    const switchboard = new Switchboard({ tokenKey, clock })
    const rooms = ['ride-1', 'ride-2'].map((roomId) => {
      const sessions = new Sessions({ clock, randomBytes: seededBytes(1), tokenKey, roomId, host: new FakeHost(3) })
      switchboard.add(roomId, sessions)
      return sessions
    })
    let answers = 0
    const peer = createMemoryPeer('memory/flood', 'udp', () => answers++)
    const opened = vi.spyOn(TokenSealer.prototype, 'open')
    const { token } = rooms[1]!.issueToken(grant)
    for (const forged of spoiled(token, 2000)) switchboard.receive(peer, forged)
    switchboard.receive(peer, encodeConnect(new Uint8Array(8), token))
    expect([opened.mock.calls.length, answers]).toEqual([0, 1])
    // A mark that nobody here remembers is looked at, so often.
    const gone = new Sessions({ clock, randomBytes: seededBytes(2), tokenKey, roomId: 'r', host: new FakeHost(3) })
    const other = gone.issueToken(grant).token
    for (const forged of spoiled(other, 3 * TOKEN_OPENINGS_AT_ONCE_MAX)) switchboard.receive(peer, forged)
    expect(opened.mock.calls.length).toBe(TOKEN_OPENINGS_AT_ONCE_MAX)
    expect(switchboard.counts).toMatchObject({ busy: 2 * TOKEN_OPENINGS_AT_ONCE_MAX })
    opened.mockRestore()
  })
})

test('[D12] who has seen a connection id cannot take it into another room: its packets go where it lives', () => {
  const room = new Room(3)
  const { clock } = room
  const tokenKey = new Uint8Array(32).fill(7)
  const other = new Sessions({ clock, randomBytes: seededBytes(3), tokenKey, roomId: 'ride-2', host: new FakeHost(3) })
  const switchboard = new Switchboard({ tokenKey, clock })
  switchboard.add('ride-2', other)
  switchboard.add('ride-1', room.sessions)
  const viewer = new Viewer(room, 2, 'ride', PERFECT)
  room.run(200)
  const theirs = viewer.sentUp.find((datagram) => datagram[0] === 4)!.slice(1, 9)
  // The thief has a token of the other room, and says the same connection id.
  const { token, keys } = other.issueToken(grant)
  const inbox: Uint8Array[] = []
  const peer = createMemoryPeer('memory/thief', 'udp', (datagram) => void inbox.push(datagram))
  const thief = new HeadlessClient({
    ...{ token, sealer: createSealer({ sealKey: keys.up, openKey: keys.down }), path: 'udp' },
    ...{ randomBytes: () => theirs, nowMs: clock.ms, send: (datagram) => switchboard.receive(peer, datagram) },
  })
  for (let i = 0; i < 30; i++) {
    clock.ms += 10
    thief.work(clock.ms)
    for (const datagram of inbox.splice(0)) thief.receive(datagram, clock.ms)
  }
  expect([inbox.length, thief.session.state, other.size]).toEqual([0, 'proving', 0])
  viewer.client.offer(sample(5, 300), clock.ms)
  switchboard.receive(viewer.peer, viewer.sentUp.at(-1)!)
  expect(room.host.posted.map(({ sample: { sequence } }) => sequence)).toEqual([5])
})

describe('[D18] eight sessions a rider', () => {
  test('[D14] who may only watch cannot end the session that rides', () => {
    const room = new Room(3)
    const rider = new Viewer(room, 2, 'ride', PERFECT)
    room.run(200)
    const watchers = Array.from({ length: 3 * RIDER_SESSIONS_MAX }, () => {
      const watcher = new Viewer(room, 2, 'watch', PERFECT)
      room.run(100)
      return watcher
    })
    room.run(1000)
    expect([rider.client.session.state, rider.client.closed]).toEqual(['connected', undefined])
    expect(watchers.filter(({ client }) => client.closed === undefined).length).toBe(RIDER_SESSIONS_MAX - 1)
    expect(room.sessions.size).toBe(RIDER_SESSIONS_MAX)
  })

  test('who lets sessions fall silent and opens others has no more of them', () => {
    const room = new Room(3)
    let most = 0
    for (let round = 0; round < 5; round++) {
      const opened = Array.from({ length: RIDER_SESSIONS_MAX }, () => new Viewer(room, 2, 'watch', PERFECT))
      room.run(300)
      most = Math.max(most, room.sessions.size)
      for (const viewer of opened) viewer.up.quality = { ...PERFECT, loss: 1 }
      room.run(SESSION_SILENCE_MS + 100)
    }
    expect([most, room.sessions.size]).toEqual([RIDER_SESSIONS_MAX, RIDER_SESSIONS_MAX])
  })

  test('[D128] a room full of sessions that rest lets a newcomer in, in the place of the one that rests longest', () => {
    const room = new Room(ROOM_SESSIONS_MAX / RIDER_SESSIONS_MAX + 1)
    const count = ROOM_SESSIONS_MAX
    for (let i = 0; i < count; i++) {
      const { token } = room.sessions.issueToken({ riderId: (1 + (i >> 3)) as RiderId, use: 'watch' })
      knock(room, token, 'channel', `memory/${i}`)
    }
    expect(room.sessions.size).toBe(count)
    const newcomer = (): Uint8Array =>
      room.sessions.issueToken({ riderId: (1 + count / RIDER_SESSIONS_MAX) as RiderId, use: 'ride' }).token
    knock(room, newcomer(), 'channel', 'memory/early')
    expect([room.sessions.counts['room-full'], room.sessions.size]).toEqual([1, count])
    room.clock.ms += SESSION_SILENCE_MS + 1
    room.sessions.afterTick()
    knock(room, newcomer(), 'channel', 'memory/late')
    const isThere = (key: string): boolean => room.sessions.knows(key)
    expect([room.sessions.size, isThere('memory/0'), isThere('memory/late')]).toEqual([count, false, true])
  })
})

describe('[D126] what breaks in a room while a datagram is read ends that room, and no other', () => {
  class BrittleHost extends FakeHost {
    isBroken = false
    override post(...args: Parameters<FakeHost['post']>): void {
      if (this.isBroken) throw new Error('an assertion failed')
      super.post(...args)
    }
  }

  test('a sample that the world cannot bear', () => {
    const clock = new FakeClock()
    const tokenKey = new Uint8Array(32).fill(7)
    const host = new BrittleHost(3)
    const broken: unknown[] = []
    const options = { clock, tokenKey, roomId: 'ride-2', host, onBroken: (error: unknown) => void broken.push(error) }
    const sessions = new Sessions({ ...options, randomBytes: seededBytes(3) })
    const { token } = sessions.issueToken(grant)
    const client = new HeadlessClient({
      ...{ token, path: 'channel', randomBytes: seededBytes(4), nowMs: clock.ms },
      send: (datagram) => sessions.receive(peer, datagram),
    })
    const peer = createMemoryPeer('memory/1', 'channel', (datagram) => void client.receive(datagram, clock.ms))
    for (let i = 0; i < 20; i++) {
      clock.ms += 50
      host.step()
      sessions.afterTick()
      client.work(clock.ms)
    }
    expect(client.session.state).toBe('connected')
    host.isBroken = true
    expect(() => client.offer(sample(1, 200), clock.ms)).not.toThrow()
    expect(broken.map(String)).toEqual(['Error: an assertion failed'])
  })
})

test('[D73] no number is sealed twice with one key, through loss, doubles, changes of keys and addresses, and silence', () => {
  const sealed = new Map<string, number>()
  /** As the sealer inside, and counts; a key's name grows with each epoch. */
  const counted = (inner: Sealer, key: string): Sealer => ({
    overhead: inner.overhead,
    seal(number, datagram, headerBytes) {
      const nonce = `${key} ${number}`
      sealed.set(nonce, (sealed.get(nonce) ?? 0) + 1)
      inner.seal(number, datagram, headerBytes)
    },
    open: (number, datagram, headerBytes) => inner.open(number, datagram, headerBytes),
    next: () => counted(inner.next!(), `${key}'`),
  })
  const clock = new FakeClock()
  const host = new FakeHost(6)
  const random = createRandom(8214)
  let keysMade = 0
  const sessions = new Sessions({
    ...{ clock, host, randomBytes: seededBytes(1), tokenKey: new Uint8Array(32).fill(7), roomId: 'ride-1' },
    aead: { name: 'node:crypto', createSealer: (keys) => counted(createSealer(keys), `down ${keysMade++}`) },
    keyLimits: { packets: 40, ageMs: 900, keptMs: 300 },
  })
  const { token, keys } = sessions.issueToken(grant)
  const rough = { delayMs: 60, jitterMs: 80, loss: 0.3, duplicate: 0.5, corrupt: 0.05 }
  let peer = createMemoryPeer('memory/0', 'udp', (datagram) => down.send(datagram, clock.ms))
  const up = new BadLink(rough, random, (datagram) => sessions.receive(peer, datagram))
  const down: BadLink = new BadLink(rough, random, (datagram) => client.receive(datagram, clock.ms))
  const client: HeadlessClient = new HeadlessClient({
    ...{ token, path: 'udp', randomBytes: seededBytes(2), nowMs: clock.ms },
    sealer: counted(createSealer({ sealKey: keys.up, openKey: keys.down }), 'up'),
    send: (datagram) => up.send(datagram, clock.ms),
  })
  for (let i = 0; i < 5000; i++) {
    clock.ms += 10
    if (i % 900 === 899) peer = createMemoryPeer(`memory/${i}`, 'udp', (datagram) => down.send(datagram, clock.ms))
    // Thirteen seconds in which nothing passes.
    if (i < 2000 || i > 3300) {
      client.work(clock.ms)
      up.run(clock.ms)
      down.run(clock.ms)
    }
    if (i % 25 === 0) client.offer(sample(i & 0xffff, 200), clock.ms)
    if (i % 5 !== 0) continue
    host.step()
    sessions.afterTick()
  }
  expect([client.session.state, Math.max(...sealed.values())]).toEqual(['connected', 1])
  expect(client.stats.count('rekeys')).toBeGreaterThan(10)
  expect([sealed.size > 900, sessions.counts['pathChanges']! > 2]).toEqual([true, true])
})
