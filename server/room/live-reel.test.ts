import { expect, test } from 'vitest'
import { HardRide } from '#bench/stream/hard-ride'
import type { RiderId } from '#protocol/ids'
import { decodeReelChunk, type ReelTick } from '#protocol/reel'
import { LIVE_LISTENERS_MAX, LiveReel } from './live-reel.ts'

const RIDERS = 12
const DELAY_TICKS = 40

function listener() {
  const riderOf = new Map<number, RiderId>()
  const ticks: ReelTick[] = []
  const failures: string[] = []
  return {
    ticks,
    failures,
    onPiece: (bytes: Uint8Array) => {
      const decoded = decodeReelChunk(bytes, riderOf)
      if (decoded.ok) ticks.push(...decoded.value)
      else failures.push(decoded.error)
    },
  }
}

test('[S9] who looks on hears every tick once, two seconds late; who comes later begins with everybody whole', () => {
  const ride = new HardRide({ worldId: 'sorrelmere', routes: ['round-the-mere'], riders: RIDERS, seed: 1 })
  const live = new LiveReel(ride.world, DELAY_TICKS)
  const first = listener()
  const late = listener()
  for (let i = 0; i < 460; i++) {
    if (i === 7) expect(live.listen(first)).toBe(true)
    if (i === 333) expect(live.listen(late)).toBe(true)
    ride.step()
    live.step(ride.world.tick)
    const newest = first.ticks.at(-1)?.tick ?? 0
    expect(ride.world.tick - newest).toBeGreaterThanOrEqual(first.ticks.length === 0 ? 0 : DELAY_TICKS)
  }
  for (const { ticks, failures } of [first, late]) {
    expect(failures).toEqual([])
    const [begin] = ticks
    expect(ticks.map(({ tick }) => tick)).toEqual(ticks.map((_none, i) => begin!.tick + i))
    expect(begin!.records.filter(({ kind }) => kind === 'absolute')).toHaveLength(RIDERS)
  }
  expect(first.ticks[0]!.tick).toBe(20)
  // At tick 334, two seconds late, and not before the last fifth second.
  expect(late.ticks[0]!.tick).toBe(200)
})

test('[S9] nobody listening, nothing is made; a room has a limit', () => {
  const ride = new HardRide({ worldId: 'sorrelmere', routes: ['round-the-mere'], riders: 2, seed: 1 })
  const live = new LiveReel(ride.world, 0)
  const listeners = Array.from({ length: LIVE_LISTENERS_MAX }, () => ({ onPiece: () => {} }))
  for (const one of listeners) expect(live.listen(one)).toBe(true)
  expect(live.listen({ onPiece: () => {} })).toBe(false)
  for (const one of listeners) live.leave(one)
  expect(live.count).toBe(0)
  ride.step()
  live.step(20)
  const again = listener()
  live.listen(again)
  expect(again.ticks).toEqual([])
})
