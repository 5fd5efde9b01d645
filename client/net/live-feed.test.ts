import { expect, test } from 'vitest'
import { HardRide } from '#bench/stream/hard-ride'
import { RideModel } from '#client/world/ride-model'
import { gapBetweenM } from '#physics/ways'
import { ReelMaker } from '#server/world/reel-maker'
import { LiveFeed } from './live-feed.ts'

const FRAME_MS = 1000 / 60

test('[S11] who looks on sees riders go on evenly, though pieces come once a second and late; a cut line begins anew', () => {
  const ride = new HardRide({ worldId: 'sorrelmere', routes: ['round-the-mere'], riders: 10, seed: 2 })
  const pieces: { atMs: number; bytes: Uint8Array }[] = []
  const maker = new ReelMaker(
    ride.world,
    (firstTick, bytes) => {
      // Unevenly, up to 400 ms late.
      const lateMs = (firstTick * 7919) % 400
      pieces.push({ atMs: (firstTick + 20) * 50 + lateMs, bytes })
    },
    { chunkTicks: 20, wholeTicks: 100 },
  )
  const truth = new Map<number, number>()
  for (let tick = 0; tick < 1000; tick++) {
    maker.step(ride.world.tick)
    truth.set(ride.world.tick, ride.world.riders.distanceM[4]! + ride.world.riders.offsetM[4]!)
    ride.step()
  }
  const { course, network } = ride.loaded
  const feed = new LiveFeed()
  const model = new RideModel({ course, network, body: { riderId: 0, massKg: 80, cdaM2: 0.3 } })
  model.follow(5)
  let next = 0
  let worstM = 0
  let mostTicks = 0
  let dry = 0
  let lastTick = 0
  for (let nowMs = 0; nowMs < 48_000; nowMs += FRAME_MS) {
    // The line is cut for five seconds, and comes back with the next whole piece.
    const isCut = nowMs > 20_000 && nowMs < 25_000
    while (next < pieces.length && pieces[next]!.atMs <= nowMs) {
      if (!isCut) feed.hear(pieces[next]!.bytes)
      next++
    }
    if (isCut) feed.begin()
    const tick = feed.advance(nowMs)
    if (feed.takeFresh()) {
      model.rewind()
      lastTick = tick
    }
    for (const record of feed.take()) model.accept(record)
    model.heard(Math.floor(tick))
    model.frame(tick, FRAME_MS / 1000)
    if (nowMs < 4000 || (nowMs > 20_000 && nowMs < 33_000)) {
      lastTick = tick
      continue
    }
    if (feed.isWaiting) dry++
    mostTicks = Math.max(mostTicks, tick - lastTick)
    expect(tick).toBeGreaterThanOrEqual(lastTick)
    lastTick = tick
    const before = truth.get(Math.floor(tick))!
    const onM = gapBetweenM(course, before, truth.get(Math.floor(tick) + 1) ?? before) * (tick % 1)
    worstM = Math.max(worstM, Math.abs(gapBetweenM(course, before, model.scene.placeM[0]!) - onM))
  }
  expect(dry).toBe(0)
  // A frame is a third of a tick.
  expect(mostTicks).toBeLessThan(0.4)
  expect(worstM).toBeLessThan(0.5)
})

test('[S11] a piece that is lost or broken costs five seconds at the most, not the rest of the ride', () => {
  const ride = new HardRide({ worldId: 'sorrelmere', routes: ['round-the-mere'], riders: 6, seed: 3 })
  const pieces: Uint8Array[] = []
  const maker = new ReelMaker(ride.world, (_tick, bytes) => pieces.push(bytes), { chunkTicks: 20, wholeTicks: 100 })
  for (let tick = 0; tick < 600; tick++) {
    maker.step(ride.world.tick)
    ride.step()
  }
  for (const harm of ['lost', 'cut', 'noise'] as const) {
    const feed = new LiveFeed()
    const heardAt: number[] = []
    pieces.forEach((bytes, second) => {
      if (second !== 7) feed.hear(bytes)
      else if (harm !== 'lost')
        feed.hear(harm === 'cut' ? bytes.subarray(0, bytes.length - 3) : bytes.map((b) => b ^ 0x5a))
      for (let k = 0; k < 20; k++) feed.advance(second * 1000 + k * 50)
      if (feed.take().length > 0) heardAt.push(second)
    })
    expect([harm, heardAt.some((second) => second < 7)]).toEqual([harm, true])
    // Everybody is told whole in the piece of second 10, and it plays 1.5 s behind.
    expect([harm, heardAt.filter((second) => second >= 12).length]).toEqual([harm, pieces.length - 12])
  }
})
