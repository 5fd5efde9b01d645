import { describe, expect, test } from 'vitest'
import { createRandom } from '#physics/random'
import { encodeConnect } from '#protocol/datagram'
import type { RiderId } from '#protocol/ids'
import { HANDSHAKES_AT_ONCE_MAX, TOKEN_OPENINGS_AT_ONCE_MAX, VIEW_RIDERS } from '#protocol/limits'
import { knock, Room, Viewer } from '#test/support/memory-room'
import { SipHash } from './siphash.ts'
import { createMemoryPeer, type LinkQuality, PERFECT } from './testing.ts'

const count = (room: Room, name: string): number => room.sessions.counts[name] ?? 0
const grant = { riderId: 1 as RiderId, use: 'ride' } as const

describe('[D120] a token is of one process', () => {
  test('another one with the same key, for a room of the same name, refuses it', () => {
    const room = new Room(3)
    const other = new Room(3, { processId: new Uint8Array(8).fill(1) })
    const { token } = other.sessions.issueToken(grant)
    expect([knock(room, token, 'udp'), count(room, 'wrong-process'), room.sessions.size]).toEqual([0, 1, 0])
    expect([knock(room, token, 'channel'), count(room, 'wrong-process')]).toEqual([0, 2])
    expect([knock(other, token, 'udp'), count(other, 'wrong-process')]).toEqual([1, 0])
  })
})

describe('[D121] what a flood of tokens may cost', () => {
  test('SipHash-2-4 of eight bytes, as in the paper’s table', () => {
    const key = Uint8Array.from({ length: 16 }, (_, i) => i)
    expect(new SipHash(key).hash(0x03020100, 0x07060504)).toBe(0x9a932462)
  })

  test('an invented token is refused without opening a seal, and takes nothing from who comes with a true one', () => {
    const room = new Room(3)
    const random = createRandom(8214)
    const peer = createMemoryPeer('memory/flood', 'udp', () => {})
    const connect = encodeConnect(new Uint8Array(8), room.sessions.issueToken(grant).token)
    for (let i = 0; i < 20_000; i++) {
      const forged = connect.slice()
      for (let at = 10; at < 22; at++) forged[at] = random.u32()
      room.sessions.receive(peer, forged)
    }
    // Opening them would have used up what a room opens at once, and the rest been told that it is busy.
    expect([count(room, 'token-forged'), count(room, 'busy'), count(room, 'datagramsOut')]).toEqual([20_000, 0, 0])
    expect(knock(room, room.sessions.issueToken(grant).token, 'udp')).toBe(1)
  })

  test('a token of ours is opened once, and may knock so often', () => {
    const room = new Room(3)
    let answers = 0
    const peer = createMemoryPeer('memory/flood', 'udp', () => answers++)
    const connect = encodeConnect(new Uint8Array(8), room.sessions.issueToken(grant).token)
    for (let i = 0; i < 1000; i++) room.sessions.receive(peer, connect)
    expect([answers, count(room, 'too-fast')]).toEqual([HANDSHAKES_AT_ONCE_MAX, 1000 - HANDSHAKES_AT_ONCE_MAX])
    room.clock.ms += 1000
    for (let i = 0; i < 1000; i++) room.sessions.receive(peer, connect)
    expect(answers).toBe(HANDSHAKES_AT_ONCE_MAX + 16)
  })

  test('tokens that a room does not remember: so many are opened at once, the others come again; those it gave out come in', () => {
    const room = new Room(3)
    const forgetful = new Room(3) // Of the same process and name: as after more tokens than a room remembers.
    let answers = 0
    const peer = createMemoryPeer('memory/many', 'udp', () => answers++)
    const issue = (from: Room): Uint8Array => from.sessions.issueToken(grant).token
    const ours = issue(room)
    issue(forgetful) // In memory all rooms draw the same chance: this one is that one.
    for (let i = 0; i < 3000; i++) room.sessions.receive(peer, encodeConnect(new Uint8Array(8), issue(forgetful)))
    expect([answers, count(room, 'busy')]).toEqual([TOKEN_OPENINGS_AT_ONCE_MAX, 3000 - TOKEN_OPENINGS_AT_ONCE_MAX])
    expect(knock(room, ours, 'udp')).toBe(1)
  })
})

describe('joining', () => {
  const RTT_MS = 150
  const LINK: LinkQuality = { ...PERFECT, delayMs: RTT_MS / 2 }

  test('[D122] two round trips after the first word a newcomer sees everybody, whatever the tick', () => {
    for (const atMs of [0, 10, 20, 30, 40]) {
      const room = new Room(VIEW_RIDERS + 6)
      room.run(500 + atMs)
      const viewer = new Viewer(room, 2, 'ride', LINK)
      const seen = new Set<number>()
      room.run(2 * RTT_MS + 40) // Each of four legs may wait for the room's next look, ten milliseconds.
      for (const record of viewer.client.buffer.take()) seen.add(record.riderId)
      expect([viewer.client.session.state, seen.size]).toEqual(['connected', VIEW_RIDERS])
      // The clock is right from the first answer on, though that came between two ticks.
      const lateMs = viewer.client.session.tickAt(room.clock.ms) * 50 - room.clock.ms
      expect(Math.abs(lateMs - (room.host.tick * 50 - room.clock.ms) - (room.clock.ms % 50))).toBeLessThanOrEqual(20)
    }
  })

  test('[D122] with a twentieth of all packets lost all but one in a hundred see everybody within three round trips', () => {
    let late = 0
    for (let seed = 0; seed < 300; seed++) {
      const room = new Room(VIEW_RIDERS + 6, { seed })
      room.run(100 + ((seed * 7) % 50))
      const viewer = new Viewer(room, 2, 'ride', { ...LINK, loss: 0.05 })
      const seen = new Set<number>()
      room.run(3 * RTT_MS)
      for (const record of viewer.client.buffer.take()) seen.add(record.riderId)
      if (seen.size < VIEW_RIDERS) late++
    }
    expect(late).toBeLessThanOrEqual(3)
  })

  test('[D123] nobody answers: said again after 20 ms, then ever more slowly, each RESPONSE with a number of its own', () => {
    const room = new Room(3)
    const viewer = new Viewer(room, 2, 'ride', { ...PERFECT, loss: 1 })
    const atMs: number[] = []
    const from = room.clock.ms
    let said = 0
    while (room.clock.ms < from + 2000) {
      room.run(10)
      if (viewer.sentUp.length > said) atMs.push(room.clock.ms - from)
      said = viewer.sentUp.length
    }
    expect(atMs.slice(0, 5)).toEqual([10, 30, 60, 110, 180])
    expect(atMs.length).toBe(10)
    viewer.up.quality = PERFECT
    viewer.down.quality = PERFECT
    let isDeaf = false
    const { send } = viewer.peer
    viewer.peer.send = (datagram) => (isDeaf ? undefined : send(datagram))
    while (viewer.client.session.state === 'connecting') room.run(10)
    isDeaf = true
    viewer.up.quality = { ...PERFECT, loss: 1 }
    const before = viewer.sentUp.length
    room.run(1000)
    const responses = viewer.sentUp.slice(before).filter((datagram) => datagram[0] === 3)
    expect(responses.length).toBeGreaterThan(3)
    expect(new Set(responses.map((datagram) => datagram[176])).size).toBe(responses.length)
  })
})
