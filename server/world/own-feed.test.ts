import { describe, expect, test } from 'vitest'
import type { Row } from '#protocol/ids'
import { OWN_STATE_STANDING_TICKS, OWN_STATE_TICKS_MAX } from '#protocol/limits'
import { type OwnBlock, type OwnGear, writeOwn } from '#protocol/own'
import { BitWriter } from '#protocol/writer'
import { plainCourse } from '#physics/plain-courses'
import { createRiders } from '#physics/riders'
import { stepRiders } from '#physics/step'
import { calmConditions } from '#physics/weather'
import { OwnFeed, type OwnHost } from './own-feed.ts'

const course = plainCourse({
  ...{ lengthM: 10_000, isLoop: true, slopeAt: () => 0, heightAt: () => 0, crrAt: () => 0.004, widthAt: () => 8 },
})
const ROW = 0 as Row

/** One rider, its feed, and the packets that carry its blocks. */
class Told {
  readonly host: OwnHost & { tick: number; acked: number | undefined; gearNow: OwnGear | undefined }
  readonly feed: OwnFeed
  readonly blocks: { readonly tick: number; readonly number: number; readonly block: OwnBlock }[] = []
  #number = 0

  constructor({ isSender = true, speedMps = 9 } = {}) {
    const riders = createRiders(1)
    riders.count = 1
    riders.id[0] = 1
    riders.massKg[0] = 80
    riders.cdaM2[0] = 0.3
    riders.draftFactor[0] = 1
    riders.distanceM[0] = 500
    riders.speedMps[0] = speedMps
    riders.powerW[0] = speedMps > 0 ? 200 : 0
    const host = {
      ...{ tick: 0, acked: undefined as number | undefined, gearNow: undefined as OwnGear | undefined },
      ...{ riders, course },
      ackedSequence: () => host.acked,
      gear: () => host.gearNow,
    }
    this.host = host
    this.feed = new OwnFeed(isSender)
  }

  /** `isHeard`: each packet is acked a tick later. */
  run(ticks: number, { isHeard = true, change = (_tick: number): void => {} } = {}): void {
    for (let i = 0; i < ticks; i++) {
      stepRiders(this.host.riders, course, calmConditions())
      this.host.tick++
      change(this.host.tick)
      const isDue = this.feed.isDue(this.host, ROW)
      if (isHeard && this.#number > 0) this.feed.acked(this.#number - 1, -1 >>> 0)
      if (!isDue) {
        this.#number++
        continue
      }
      const block = this.feed.block(this.host, ROW)
      this.feed.sent(this.#number)
      this.blocks.push({ tick: this.host.tick, number: this.#number++, block })
    }
  }

  /** Ticks of blocks since then. */
  ticks(fromTick: number): number[] {
    return this.blocks.filter(({ tick }) => tick > fromTick).map(({ tick }) => tick)
  }
}

describe('[D143] when a rider is told of themselves', () => {
  test('four times a second while riding, once a second standing still', () => {
    const rides = new Told()
    rides.run(100)
    expect(rides.ticks(40).every((tick, i, all) => i === 0 || OWN_STATE_TICKS_MAX === tick - all[i - 1]!)).toBe(true)
    const stands = new Told({ speedMps: 0 })
    stands.run(100)
    expect(stands.ticks(20).every((tick, i, all) => i === 0 || OWN_STATE_STANDING_TICKS === tick - all[i - 1]!)).toBe(
      true,
    )
  })

  test('at once when a sample was taken up', () => {
    const told = new Told()
    told.run(60, { change: (tick) => void (told.host.acked = Math.floor(tick / 7)) })
    for (const tick of [42, 49, 56]) expect(told.ticks(40)).toContain(tick)
  })

  test.each([
    ['another line', (told: Told) => void (told.host.riders.lineM[0] = 1)],
    ['a push aside', (told: Told) => void (told.host.riders.lateralM[0]! += 0.05)],
    ['shelter', (told: Told) => void (told.host.riders.draftFactor[0] = 0.7)],
    ['a wheel too near', (told: Told) => void (told.host.riders.contactJ[0]! += 50)],
  ])('at once, and again in the next tick: %s', (_what, change) => {
    const told = new Told()
    told.run(41)
    told.run(1, { change: () => change(told) })
    told.run(1)
    expect(told.ticks(41)).toEqual([42, 43])
  })

  test('steering to a line that was told is no news', () => {
    const told = new Told()
    told.host.riders.lineM[0] = 2
    told.run(60)
    expect(told.ticks(10).every((tick, i, all) => i === 0 || OWN_STATE_TICKS_MAX === tick - all[i - 1]!)).toBe(true)
    expect(told.host.riders.lateralM[0]).toBeGreaterThan(1.9)
  })
})

describe('[D142] parts go along until they have arrived', () => {
  test('the first blocks hold everything, until one of them is acked', () => {
    const told = new Told()
    told.run(30, { isHeard: false })
    for (const { block } of told.blocks)
      expect([block.legs, block.road, block.books, block.gear]).not.toContain(undefined)
    told.run(12)
    const { road, gear } = told.blocks.at(-1)!.block
    expect([road, gear]).toEqual([undefined, undefined])
  })

  test('a turn wished for, a gear: from then on, lost packets or not', () => {
    const told = new Told()
    told.run(41)
    told.host.riders.turn[0] = 3
    told.host.gearNow = { trainerMode: 3, targetW: 250, powerSource: 4, cadenceSource: 0, heartRateSource: 0 }
    told.run(21, { isHeard: false })
    const since = told.blocks.filter(({ tick }) => tick > 41)
    expect(since.length).toBeGreaterThan(3)
    for (const { block } of since) expect([block.road?.turn, block.gear?.targetW]).toEqual([3, 250])
  })

  test('watts come once a second to who sends them, and as they change to who looks on', () => {
    const change = (told: Told) => (tick: number) => void (told.host.riders.powerW[0] = 200 + tick)
    const sender = new Told()
    sender.run(120, { change: change(sender) })
    const withLegs = (told: Told) =>
      told.blocks.filter(({ tick, block }) => tick > 20 && block.legs !== undefined).length
    expect(withLegs(sender)).toBe(5)
    const watcher = new Told({ isSender: false })
    watcher.run(120, { change: change(watcher) })
    expect(withLegs(watcher)).toBe(20)
  })

  test('a block of a ride is 19 bytes at most, most of the time', () => {
    const told = new Told()
    told.run(200, { change: (tick) => void (told.host.acked = Math.floor(tick / 5)) })
    const bytes = told.blocks.map(({ block }) => {
      const w = new BitWriter()
      writeOwn(w, block)
      return Math.ceil(w.bitLength / 8)
    })
    bytes.sort((a, b) => a - b)
    expect(bytes[bytes.length >> 1]).toBeLessThanOrEqual(19)
  })
})
