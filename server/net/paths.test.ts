import { describe, expect, test } from 'vitest'
import type { RiderId } from '#protocol/ids'
import { SESSION_RESUME_MS, SESSION_SILENCE_MS, VIEW_RIDERS } from '#protocol/limits'
import { Room, sample, Viewer } from '#test/support/memory-room'
import { PathProbe } from './path-probe.ts'
import { createMemoryPeer, type LinkQuality, PERFECT } from './testing.ts'

const RTT_MS = 100
const FAR: LinkQuality = { ...PERFECT, delayMs: RTT_MS / 2 }
const count = (room: Room, name: string): number => room.sessions.counts[name] ?? 0

function ridden(riders = 3, quality: LinkQuality = FAR): { room: Room; viewer: Viewer } {
  const room = new Room(riders)
  const viewer = new Viewer(room, 2, 'ride', quality)
  room.run(3000)
  return { room, viewer }
}

describe('another address', () => {
  test('[D111] input counts at once; the view comes back 1.5 round trips and a tick after the first packet from there', () => {
    const { room, viewer } = ridden(70)
    const before = viewer.client.buffer.newestTick
    viewer.move()
    viewer.client.offer(sample(1, 321), room.clock.ms)
    const heardMs = room.clock.ms + RTT_MS / 2
    room.run(RTT_MS / 2 + 10)
    expect(room.host.posted.at(-1)!.sample.powerW).toBe(321)
    // What was under way to the old address: one packet, of two ticks.
    expect(viewer.client.buffer.newestTick).toBeLessThanOrEqual(before + 2)
    const wasKnown = viewer.client.buffer.newestTick
    const lost = viewer.lostDown
    while (viewer.client.buffer.newestTick <= wasKnown + 1 && room.clock.ms < heardMs + 1000) room.run(10)
    // The room looks every ten milliseconds, and each of three legs may wait for that.
    expect(room.clock.ms - heardMs).toBeLessThanOrEqual(1.5 * RTT_MS + 50 + 30)
    expect(lost).toBeGreaterThan(0)
    expect([count(room, 'pathChanges'), room.sessions.size]).toEqual([1, 1])
    expect(viewer.client.session.state).toBe('connected')
  })

  test('[D111] what was lost between the addresses is told again: the picture is the server’s a moment later', () => {
    const room = new Room(70)
    const viewer = new Viewer(room, 2, 'ride', FAR)
    const carry = room.createCarrier()
    const follow = (): void => viewer.follow(viewer.client.buffer.newestTick, carry)
    room.run(3000, follow)
    for (let i = 0; i < 5; i++) {
      viewer.move()
      room.run(1000, follow)
    }
    expect(viewer.lostDown).toBeGreaterThan(5)
    viewer.up.quality = viewer.down.quality = PERFECT
    room.run(1000, follow)
    const inView = Math.min(VIEW_RIDERS, 69)
    expect([room.agreed(viewer).size, viewer.states.size, viewer.doubts]).toEqual([inView, inView, 0])
  })

  test('[D112] until it is proven an address is sent challenges and nothing else, and never more bytes than came from it', () => {
    const { room, viewer } = ridden()
    viewer.move()
    const sent: number[] = []
    // Nothing that is sent there arrives: the client never answers.
    viewer.peer.send = (datagram) => void sent.push(datagram.length)
    const from = viewer.sentUp.length
    room.run(4000)
    const came = viewer.sentUp.slice(from).reduce((sum, { length }) => sum + length, 0)
    expect(sent.length).toBeGreaterThan(10)
    expect(new Set(sent)).toEqual(new Set([30]))
    expect(sent.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(came)
    expect(count(room, 'pathChanges')).toBe(0)
  })

  test('[D112] [D113] a challenge waits for as many bytes as it has, and for a tenth of a second after the last; after 5 s it is another; the very bytes from the very address answer it', () => {
    const peer = createMemoryPeer('memory/new', 'udp', () => {})
    const probe = new PathProbe(peer, new Uint8Array(8), 0)
    expect([probe.heard(29, 0), probe.heard(1, 0)]).toEqual([false, true])
    expect([probe.heard(60, 99), probe.heard(0, 100), probe.heard(0, 200)]).toEqual([false, true, true])
    expect([probe.heard(29, 300), probe.isOver(5000), probe.isOver(5001)]).toEqual([false, false, true])
    const other = createMemoryPeer('memory/other', 'udp', () => {})
    const wrong = new Uint8Array(8).fill(1, 7)
    expect([probe.isProvenBy(new Uint8Array(8), peer), probe.isProvenBy(new Uint8Array(8), other)]).toEqual([
      true,
      false,
    ])
    expect(probe.isProvenBy(wrong, peer)).toBe(false)
  })

  test('[D112] a newer packet from the old address calls a challenge off: its answer moves nobody', () => {
    const { room, viewer } = ridden()
    const challenges: Uint8Array[] = []
    const elsewhere = createMemoryPeer('memory/elsewhere', 'udp', (datagram) => challenges.push(datagram.slice()))
    const { send } = viewer.up
    const { receive } = viewer.client
    /** Packets go from there from now on; the first one is on its way when this ends. An answer to a challenge is one. */
    const speakFrom = (peer: typeof elsewhere | undefined, challenge?: Uint8Array): void => {
      viewer.up.send = (datagram, nowMs) => {
        if (peer === undefined) send.call(viewer.up, datagram, nowMs)
        else room.sessions.receive(peer, datagram)
      }
      const sent = viewer.sentUp.length
      if (challenge !== undefined) receive.call(viewer.client, challenge, room.clock.ms)
      while (viewer.sentUp.length === sent) room.run(10)
    }
    speakFrom(elsewhere)
    speakFrom(undefined)
    room.run(2 * RTT_MS)
    expect([challenges.length, count(room, 'pathChanges')]).toEqual([1, 0])
    speakFrom(elsewhere, challenges[0])
    expect([challenges.length, count(room, 'pathChanges')]).toEqual([2, 0])
    // The one that stands moves the session when it is answered.
    speakFrom(elsewhere, challenges[1])
    expect(count(room, 'pathChanges')).toBe(1)
  })

  test('[D113] who catches datagrams and sends them from an address of his own gains nothing', () => {
    const { room, viewer } = ridden()
    const caught: Uint8Array[] = []
    const thief = createMemoryPeer('memory/thief', 'udp', (datagram) => caught.push(datagram.slice()))
    // He is nearer to the server: his copy is always the first.
    const { send } = viewer.up
    viewer.up.send = (datagram, nowMs) => {
      room.sessions.receive(thief, datagram)
      send.call(viewer.up, datagram, nowMs)
    }
    const heard = viewer.client.buffer.newestTick
    room.run(3000)
    expect(new Set(caught.map(({ length }) => length))).toEqual(new Set([30]))
    expect(count(room, 'pathChanges')).toBe(0)
    // Sending the challenge back as it is, is no answer; and afterwards nothing has changed for the rider.
    for (const datagram of caught) room.sessions.receive(thief, datagram)
    expect(viewer.client.buffer.newestTick - heard).toBeGreaterThan(56)
    viewer.up.send = send
    viewer.client.offer(sample(7, 222), room.clock.ms)
    room.run(300)
    expect(room.host.posted.at(-1)!.sample.powerW).toBe(222)
    // A replay from there long after is nothing at all.
    const said = caught.length
    for (const datagram of viewer.sentUp.slice(-50)) room.sessions.receive(thief, datagram)
    expect([caught.length, count(room, 'pathChanges')]).toEqual([said, 0])
  })

  test('[D113] an answer from another address than the one that was asked does not move the session', () => {
    const { room, viewer } = ridden()
    const elsewhere = createMemoryPeer('memory/elsewhere', 'udp', () => {})
    const { receive } = viewer.client
    // One packet comes from elsewhere, and its challenge reaches the client all the same.
    let isStray = true
    const up = viewer.up.send
    viewer.up.send = (datagram, nowMs) => {
      if (!isStray) return up.call(viewer.up, datagram, nowMs)
      isStray = false
      elsewhere.send = (challenge) => void receive.call(viewer.client, challenge.slice(), nowMs)
      room.sessions.receive(elsewhere, datagram)
    }
    room.run(1000)
    expect([count(room, 'pathChallenges'), count(room, 'pathChanges')]).toEqual([1, 0])
    expect(viewer.client.session.state).toBe('connected')
  })

  test('a flood from elsewhere under a known connection id leaves the session its own packets', () => {
    const { room, viewer } = ridden()
    const stranger = createMemoryPeer('memory/stranger', 'udp', () => {})
    const known = viewer.sentUp.at(-1)!
    const forged = known.with(10, known[10]! ^ 0x40)
    const before = count(room, 'too-fast')
    const heard = viewer.client.session.stats.count('datagramsOut')
    room.run(2000, () => {
      for (let i = 0; i < 500; i++) room.sessions.receive(stranger, forged)
      viewer.client.offer(sample(room.host.tick, 200), room.clock.ms)
    })
    expect(count(room, 'too-fast') - before).toBeGreaterThan(15_000)
    expect(count(room, 'forged')).toBeLessThan(200)
    expect(room.host.posted.length).toBeGreaterThan(35)
    expect(viewer.client.session.stats.count('datagramsOut')).toBeGreaterThan(heard)
  })
})

describe('silence', () => {
  test('[D114] after ten seconds nothing is sent; the first valid packet wakes the session, without a handshake', () => {
    const { room, viewer } = ridden(70)
    viewer.up.quality = { ...FAR, loss: 1 }
    room.run(SESSION_SILENCE_MS + 100)
    const said = viewer.sentDown.length
    room.run(30_000)
    expect([viewer.sentDown.length - said, room.sessions.size]).toEqual([0, 1])
    expect(room.sessions.hasInput(2 as RiderId)).toBe(false)
    viewer.up.quality = FAR
    viewer.client.offer(sample(9, 234), room.clock.ms)
    const handshakes = viewer.sentUp.filter((datagram) => datagram[0] !== 4).length
    room.run(2500)
    expect(viewer.client.session.state).toBe('connected')
    expect(room.host.posted.at(-1)!.sample.powerW).toBe(234)
    expect(viewer.sentUp.filter((datagram) => datagram[0] !== 4).length).toBe(handshakes)
    expect([room.sessions.hasInput(2 as RiderId), room.host.tick - viewer.client.buffer.newestTick < 5]).toEqual([
      true,
      true,
    ])
  })

  test('[D114] from another address too, once that is proven', () => {
    const { room, viewer } = ridden()
    viewer.up.quality = { ...FAR, loss: 1 }
    room.run(SESSION_SILENCE_MS + 20_000)
    viewer.up.quality = FAR
    viewer.move()
    const lost = viewer.lostDown
    room.run(3000)
    expect([viewer.client.session.state, viewer.lostDown - lost]).toEqual(['connected', 0])
    expect([count(room, 'pathChanges'), room.host.tick - viewer.client.buffer.newestTick < 5]).toEqual([1, true])
  })

  test('[D115] a client that hears nothing knocks ever more slowly, and gives up in time', () => {
    const { room, viewer } = ridden()
    viewer.up.quality = viewer.down.quality = { ...FAR, loss: 1 }
    room.run(SESSION_SILENCE_MS + 100)
    expect(viewer.client.session.state).toBe('silent')
    const from = viewer.sentUp.length
    room.run(10_000)
    expect(viewer.sentUp.length - from).toBeGreaterThan(5)
    expect(viewer.sentUp.length - from).toBeLessThan(11)
    room.run(SESSION_RESUME_MS)
    expect([viewer.client.session.state, viewer.client.closed]).toEqual(['closed', 'timed-out'])
  })

  test('[D125] who was replaced while nobody listened is told so when heard again, and nothing more', () => {
    const { room, viewer } = ridden()
    viewer.up.quality = viewer.down.quality = { ...FAR, loss: 1 }
    room.run(SESSION_SILENCE_MS + 1000)
    const second = new Viewer(room, 2, 'ride', FAR)
    room.run(1000)
    const said = viewer.sentDown.length
    expect([second.client.session.state, room.sessions.hasInput(2 as RiderId)]).toEqual(['connected', true])
    viewer.up.quality = viewer.down.quality = FAR
    room.run(3000)
    expect([viewer.client.closed, viewer.sentDown.length - said]).toEqual(['replaced', 1])
    expect([second.client.session.state, room.sessions.size]).toEqual(['connected', 1])
  })
})

describe('keys that change', () => {
  test('[D117] tiny epochs over a bad link: hundreds of changes, and nobody notices', () => {
    const keyLimits = { packets: 20, ageMs: 5000, keptMs: 2000 }
    const room = new Room(3, { keyLimits })
    const viewer = new Viewer(room, 2, 'ride', { delayMs: 40, jitterMs: 80, loss: 0.1, duplicate: 0.1, corrupt: 0.01 })
    for (let i = 0; i < 240; i++) {
      viewer.client.offer(sample(i, 100 + i), room.clock.ms)
      room.run(250)
    }
    room.run(1000)
    const { stats } = viewer.client.session
    expect(stats.count('rekeys')).toBeGreaterThan(20)
    expect(room.host.posted.map(({ sample: { sequence } }) => sequence)).toEqual(
      Array.from({ length: 240 }, (_, i) => i),
    )
    expect([viewer.client.session.state, viewer.client.closed]).toEqual(['connected', undefined])
    // Only what was damaged on the way was refused.
    expect(stats.refusals['forged'] ?? 0).toBeLessThan(0.03 * stats.count('datagramsIn'))
  })
})
