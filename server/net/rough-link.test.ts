import { expect, test } from 'vitest'
import type { Row } from '#protocol/ids'
import { VIEW_RIDERS } from '#protocol/limits'
import { encodeWish, type RiderWish } from '#protocol/rider-wish'
import { Room, sample, Viewer } from '#test/support/memory-room'
import { type LinkQuality, PERFECT } from './testing.ts'

/** 400 ms there and back, reordered over a quarter of a second, a third lost, half of it twice, one in a hundred damaged. */
const ROUGH: LinkQuality = { delayMs: 150, jitterMs: 100, loss: 0.3, duplicate: 0.5, corrupt: 0.01 }
/** A minute of legs that speak four times a second: packets enough for all of it to happen often. */
const SAMPLES = 240

test.each([8214, 17, 3000])(
  '[D124] a third lost, half of it twice, disorder, damage, 400 ms: all once, in order, and right a second after (seed %d)',
  (seed) => {
    const room = new Room(70, { seed })
    const heeded: RiderWish[] = []
    Object.assign(room.host, { heed: (_row: Row, wish: RiderWish) => heeded.push(wish) })
    const viewer = new Viewer(room, 10, 'ride', ROUGH)
    const carry = room.createCarrier()
    const follow = (): void => viewer.follow(viewer.client.buffer.newestTick, carry)
    const ticks: number[] = []
    const riders = viewer.client.buffer
    room.run(3000, follow)
    expect(viewer.client.session.state).toBe('connected')
    for (let i = 0; i < SAMPLES; i++) {
      viewer.client.offer(sample(i, 100 + i), room.clock.ms)
      const { kind, body } = encodeWish({ kind: 'turn', turn: 1 + (i % 4) })
      if (i % 10 === 0) viewer.client.session.wish(kind, body)
      room.run(250, () => {
        follow()
        if (ticks.at(-1) !== riders.newestTick) ticks.push(riders.newestTick)
      })
    }
    room.run(2000, follow)
    // Every sample once and in order, every wish too.
    const sequences = room.host.posted.map(({ sample: each }) => each.sequence as number)
    expect(sequences).toEqual(Array.from({ length: SAMPLES }, (_, i) => i))
    const turns = heeded.map((wish) => (wish.kind === 'turn' ? wish.turn : 0))
    expect(turns).toEqual(Array.from({ length: SAMPLES / 10 }, (_, i) => 1 + ((i * 10) % 4)))
    // News never goes back in time, and nothing that was damaged passed for true.
    expect(ticks).toEqual([...new Set(ticks)].toSorted((a, b) => a - b))
    const { stats } = viewer.client.session
    expect(stats.count('duplicate')).toBeGreaterThan(100)
    expect(stats.count('lost')).toBeGreaterThan(100)
    expect(stats.refusals['forged']).toBeGreaterThan(0)
    expect([viewer.client.closed, room.sessions.size]).toEqual([undefined, 1])
    // The road clears: a second later both ends believe the same of everybody.
    viewer.up.quality = viewer.down.quality = PERFECT
    room.run(1000, follow)
    const inView = Math.min(VIEW_RIDERS, 69)
    expect([room.agreed(viewer).size, viewer.states.size, viewer.doubts]).toEqual([inView, inView, 0])
  },
)
