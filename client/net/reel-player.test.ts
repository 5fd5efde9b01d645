import { describe, expect, test } from 'vitest'
import { HardRide } from '#bench/stream/hard-ride'
import { RideModel } from '#client/world/ride-model'
import { TICK_MS } from '#protocol/limits'
import { decodeReelChunk, REEL_CHUNK_TICKS } from '#protocol/reel'
import { gapBetweenM } from '#physics/ways'
import { ReelMaker } from '#server/world/reel-maker'
import { ReelPlayer } from './reel-player.ts'

const RIDERS = 30
const TICKS = REEL_CHUNK_TICKS + 600

interface Film {
  readonly chunks: ReadonlyMap<number, Uint8Array>
  readonly ride: HardRide
  /** Place of each rider, by tick. */
  readonly truth: readonly Float64Array[]
}

function shoot(): Film {
  const ride = new HardRide({ worldId: 'thrushford', routes: ['boulevard'], riders: RIDERS, seed: 8214 })
  const chunks = new Map<number, Uint8Array>()
  const truth: Float64Array[] = []
  const maker = new ReelMaker(ride.world, (firstTick, bytes) => chunks.set(firstTick, bytes))
  const { riders } = ride.world
  for (let i = 0; i < TICKS; i++) {
    maker.step(ride.world.tick)
    truth.push(Float64Array.from({ length: RIDERS }, (_none, row) => riders.distanceM[row]! + riders.offsetM[row]!))
    ride.step()
  }
  maker.finish()
  return { chunks, ride, truth }
}

function playerOf({ chunks }: Film): ReelPlayer {
  const fetchChunk = async (firstTick: number) => await Promise.resolve(chunks.get(firstTick)!)
  return new ReelPlayer({ fromTick: 0, toTick: TICKS, fetchChunk })
}

function modelOf({ ride }: Film): RideModel {
  const { course, network } = ride.loaded
  return new RideModel({ course, network, body: { riderId: 0, massKg: 80, cdaM2: 0.3 } as never })
}

const film = shoot()

describe('a reel', () => {
  test('[S1] it is two chunks of a minute, and costs less than 6 bits a rider and tick', () => {
    expect([...film.chunks.keys()]).toEqual([0, REEL_CHUNK_TICKS])
    const bytes = [...film.chunks.values()].reduce((sum, chunk) => sum + chunk.length, 0)
    expect((bytes * 8) / (TICKS * RIDERS)).toBeLessThan(6)
  })

  test('[S2] every chunk stands alone: its first tick tells everybody whole', () => {
    for (const [firstTick, bytes] of film.chunks) {
      const ticks = decodeReelChunk(bytes)
      if (!ticks.ok) throw new Error(ticks.error)
      const [first] = ticks.value
      expect(first!.tick).toBe(firstTick)
      const whole = first!.records.filter(({ kind }) => kind === 'absolute')
      expect(new Set(whole.map(({ riderId }) => riderId)).size).toBe(RIDERS)
    }
  })

  test('[S3] played, riders are within half a metre of where they were, from any second on', async () => {
    const player = playerOf(film)
    const model = modelOf(film)
    model.follow(3)
    let nowMs = 0
    // Forward, and back again.
    for (const fromTick of [REEL_CHUNK_TICKS + 211, 0, 437]) {
      player.seek(fromTick)
      let worstM = 0
      let frames = 0
      while (!player.isAtEnd && frames < 900) {
        await Promise.resolve().then(() => {})
        const tick = player.advance(nowMs)
        if (player.takeFresh()) model.rewind()
        for (const record of player.take()) model.accept(record)
        model.heard(Math.floor(tick))
        model.frame(tick, nowMs === 0 ? 0 : 1 / 60)
        nowMs += 1000 / 60
        if (player.isWaiting) continue
        frames++
        // Corrections are folded in; what a seek lands on is right at once.
        worstM = Math.max(worstM, worstOf(film, model, tick))
        expect(model.scene.id[0]).toBe(3)
        expect(model.scene.count).toBe(RIDERS)
      }
      expect(frames).toBeGreaterThan(300)
      expect(worstM).toBeLessThan(0.5)
    }
  })

  test('[S4] what does not arrive is said in a sentence, and time stands still', async () => {
    const player = new ReelPlayer({
      fromTick: 0,
      toTick: TICKS,
      fetchChunk: async () => await Promise.reject(new Error('The film is gone.')),
    })
    for (let i = 0; i < 10; i++) {
      player.advance(i * TICK_MS)
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    expect(player.tick).toBe(0)
    expect(player.trouble).toBe('The film is gone.')
  })

  test('[S4] what does not arrive is asked for again every two seconds, not with every frame; it comes when it is there', async () => {
    let asked = 0
    let isThere = false
    const player = new ReelPlayer({
      fromTick: 0,
      toTick: TICKS,
      fetchChunk: async (firstTick) => {
        asked++
        if (!isThere) throw new Error('not yet')
        return await Promise.resolve(film.chunks.get(firstTick)!)
      },
    })
    for (let nowMs = 0; nowMs <= 10_000; nowMs += 16) {
      player.advance(nowMs)
      for (let turn = 0; turn < 4; turn++) await Promise.resolve()
    }
    expect(asked).toBeLessThanOrEqual(6)
    expect(asked).toBeGreaterThanOrEqual(4)
    isThere = true
    for (let nowMs = 10_000; nowMs <= 13_000; nowMs += 16) {
      player.advance(nowMs)
      for (let turn = 0; turn < 4; turn++) await Promise.resolve()
    }
    expect(player.trouble).toBe('')
    expect(player.tick).toBeGreaterThan(10)
  })

  test('[S17] who drags the slider over an hour waits for two minutes at most, and what has come is there at once', async () => {
    const [first] = [...film.chunks.values()]
    const asked: number[] = []
    let coming = 0
    let most = 0
    const player = new ReelPlayer({
      fromTick: 0,
      toTick: 60 * REEL_CHUNK_TICKS,
      fetchChunk: async (firstTick) => {
        asked.push(firstTick)
        most = Math.max(most, ++coming)
        await new Promise((resolve) => setTimeout(resolve, 5))
        coming--
        // Any minute will do, under its own number.
        const bytes = first!.slice()
        new DataView(bytes.buffer).setUint32(0, firstTick, true)
        return bytes
      },
    })
    for (let k = 0; k <= 50; k++) {
      player.seek(k * REEL_CHUNK_TICKS + 100)
      player.advance(k)
    }
    const settle = async (): Promise<void> => {
      for (let k = 0; k < 8; k++) {
        player.advance(1000)
        await new Promise((resolve) => setTimeout(resolve, 6))
      }
    }
    player.rate = 0
    await settle()
    expect(player.isWaiting).toBe(false)
    // The two that were begun, the one it stopped at, and the one before it: winding ten seconds back is there, too.
    expect(asked).toEqual([0, REEL_CHUNK_TICKS, 50 * REEL_CHUNK_TICKS, 49 * REEL_CHUNK_TICKS])
    expect(most).toBeLessThanOrEqual(2)
    for (const tick of [50 * REEL_CHUNK_TICKS + 700, 49 * REEL_CHUNK_TICKS + 1100, 300, 50 * REEL_CHUNK_TICKS]) {
      player.seek(tick)
      expect(player.isWaiting).toBe(false)
      expect(player.takeFresh()).toBe(true)
      expect(player.take().at(-1)!.tick).toBeLessThanOrEqual(tick)
    }
  })

  test('[S4] bytes that are no chunk are refused, whatever they are', () => {
    const [bytes] = [...film.chunks.values()]
    expect(decodeReelChunk(bytes!.subarray(0, bytes!.length - 1)).ok).toBe(false)
    expect(decodeReelChunk(new Uint8Array(400).fill(255)).ok).toBe(false)
    expect(decodeReelChunk(Uint8Array.of(...bytes!.subarray(0, 300), 7, 7, 7)).ok).toBe(false)
  })
})

function worstOf({ truth, ride }: Film, model: RideModel, tick: number): number {
  const before = truth[Math.floor(tick)]!
  const after = truth[Math.min(TICKS - 1, Math.floor(tick) + 1)]!
  let worstM = 0
  for (let row = 0; row < model.scene.count; row++) {
    const at = model.scene.id[row]! - 1
    const onM = gapBetweenM(ride.loaded.course, before[at]!, after[at]!)
    const gapM = gapBetweenM(ride.loaded.course, before[at]!, model.scene.placeM[row]!) - onM * (tick % 1)
    // NaN: the rider has just turned off where the prediction went on.
    if (!Number.isNaN(gapM)) worstM = Math.max(worstM, Math.abs(gapM))
  }
  return worstM
}
