import { describe, expect, test } from 'vitest'
import { calmConditions } from '#physics/weather'
import { createRandom } from '#physics/random'
import { RIDER_FLAG } from '#physics/riders'
import {
  DEVIATION_DISTANCE_M,
  DEVIATION_LATERAL_M,
  DEVIATION_SPEED_MPS,
  REFRESH_TICKS_MAX,
  VIEW_RIDERS,
} from '#protocol/limits'
import { AckHistory } from '#protocol/ack-window'
import { BitReader } from '#protocol/reader'
import { readRiderBlock } from '#protocol/rider-block'
import { SlotTable } from '#protocol/slots'
import { BitWriter } from '#protocol/writer'
import { FakeHost } from '#server/net/testing'
import { Interest } from './interest.ts'
import { Viewer } from './packets.ts'
import { RiderStream } from './stream.ts'

const streamOf = (host: FakeHost) =>
  new RiderStream({ riders: host.riders, course: host.course, conditions: calmConditions() })

describe('one record a rider and tick', () => {
  test('[D20] the public state is never farther from the truth than the tolerances, plus one count of the correction', () => {
    const host = new FakeHost(50)
    const stream = streamOf(host)
    const random = createRandom(8214)
    for (let i = 0; i < 1200; i++) {
      host.pedal(random)
      host.step()
      stream.step(host.tick)
      for (let row = 0; row < 50; row++) {
        const said = stream.stateOf(row)
        expect(Math.abs(said.placeM - host.riders.distanceM[row]!)).toBeLessThanOrEqual(DEVIATION_DISTANCE_M)
        expect(Math.abs(said.lateralM - host.riders.lateralM[row]!)).toBeLessThanOrEqual(DEVIATION_LATERAL_M)
        expect(Math.abs(said.speedMps - host.riders.speedMps[row]!)).toBeLessThanOrEqual(DEVIATION_SPEED_MPS)
      }
    }
    expect(stream.made.correction).toBeGreaterThan(0)
    expect(stream.made.correction / (50 * 60)).toBeLessThan(1.5)
  })

  test('[D23] whose legs do not change costs nothing but the corrections of class and grid', () => {
    const host = new FakeHost(20)
    const stream = streamOf(host)
    let records = 0
    for (let i = 0; i < 200; i++) {
      host.step()
      stream.step(host.tick)
      for (let row = 0; row < 20; row++) if (stream.lengthOf(row) > 0) records++
    }
    expect(records / (20 * 200)).toBeLessThan(0.08)
    expect(stream.made.telemetry).toBe(0)
  })

  test('[D24] telemetry changes at most four times a second', () => {
    const host = new FakeHost(1)
    const stream = streamOf(host)
    for (let i = 0; i < 200; i++) {
      host.riders.heartRateBpm[0] = 100 + (i % 50)
      host.step()
      stream.step(host.tick)
    }
    expect(stream.made.telemetry).toBeLessThanOrEqual(40)
    expect(stream.made.telemetry).toBeGreaterThan(30)
  })

  test('[D25] a jump too wide for a correction is told whole, to everybody', () => {
    const host = new FakeHost(2)
    const stream = streamOf(host)
    host.step()
    stream.step(host.tick)
    host.riders.distanceM[1]! += 500
    host.step()
    stream.step(host.tick)
    expect([stream.isWholeDue(0), stream.isWholeDue(1)]).toEqual([false, true])
    expect(Math.abs(stream.stateOf(1).placeM - host.riders.distanceM[1]!)).toBeLessThan(0.001)
  })

  test('[D26] a held rider stands; the start is told in the tick it happens', () => {
    const host = new FakeHost(1)
    host.riders.flags[0] = RIDER_FLAG.held
    host.riders.speedMps[0] = 0
    const stream = streamOf(host)
    for (let i = 0; i < 20; i++) {
      host.step()
      stream.step(host.tick)
      expect(stream.lengthOf(0)).toBe(0)
    }
    host.riders.flags[0] = 0
    host.step()
    stream.step(host.tick)
    expect(stream.lengthOf(0)).toBeGreaterThan(0)
    expect(stream.stateOf(0).flags).toBe(0)
  })
})

describe('who is seen', () => {
  test('[D27] the nearest by road, round the loop too, never oneself', () => {
    const host = new FakeHost(0, 200)
    for (let row = 0; row < 200; row++) host.join(row, (row * 50 + 10_000 * (row % 3)) % 30_000)
    const interest = new Interest(host)
    interest.update()
    const near = interest.choose(0, () => false)
    expect(near.length).toBe(VIEW_RIDERS)
    const gapM = (row: number): number => {
      const apart = Math.abs(((host.riders.distanceM[row]! % 10_000) - (host.riders.distanceM[0]! % 10_000)) % 10_000)
      return Math.min(apart, 10_000 - apart)
    }
    const byGap = Array.from({ length: 199 }, (_, i) => i + 1).toSorted((a, b) => gapM(a) - gapM(b))
    expect(near.map(gapM)).toEqual(byGap.slice(0, VIEW_RIDERS).map(gapM))
    expect(new Set(near).size).toBe(VIEW_RIDERS)
    expect(near).not.toContain(0)
  })

  test('[D28] someone shown stays until eight others are nearer', () => {
    const host = new FakeHost(0, 100)
    for (let row = 0; row < 100; row++) host.join(row, 100 + row)
    const interest = new Interest(host)
    interest.update()
    const far = 67 // In the place after the last who is shown, and a few more.
    expect(interest.choose(0, () => false)).not.toContain(far)
    expect(interest.choose(0, (row) => row === far)).toContain(far)
    expect(interest.choose(0, (row) => row === 90)).not.toContain(90)
  })

  test('riders who leave and rows that are taken again do not confuse the order', () => {
    const host = new FakeHost(10)
    const interest = new Interest(host)
    interest.update()
    host.riders.id[3] = 0
    interest.update()
    expect(interest.choose(0, () => false).toSorted((a, b) => a - b)).toEqual([1, 2, 4, 5, 6, 7, 8, 9])
    host.join(3, 9000, 77)
    interest.update()
    expect(interest.choose(0, () => false)).toContain(3)
    expect(interest.choose(5, () => false)).not.toContain(5)
  })
})

/** One viewer, read as a client reads it. */
function watch(host: FakeHost, bitsMax: number) {
  const stream = streamOf(host)
  const viewer = new Viewer(stream, host.riders.capacity)
  const interest = new Interest(host)
  const slots = new SlotTable()
  const used = new AckHistory()
  let number = 0
  let knownTick = -1
  return {
    viewer,
    stream,
    step(isDelivered = true) {
      host.step()
      stream.step(host.tick)
      interest.update()
      viewer.show(
        interest.choose(0, (row) => viewer.isShown(row)),
        host.riders.id,
      )
      const w = new BitWriter(2400)
      viewer.write(w, number, bitsMax)
      const bits = w.bitLength
      const read = readRiderBlock(new BitReader(w.finish()))
      if (!read.ok) throw new Error(read.error)
      const records = isDelivered ? slots.resolve(read.value, host.tick, knownTick) : []
      if (isDelivered) {
        knownTick = host.tick
        used.mark(number)
      }
      number++
      return { bits, records, ack: () => viewer.acked(used.newest, used.bits) }
    },
  }
}

describe('packets', () => {
  test('[D60] a mass start stays inside the budget, and everybody is told within a few packets', () => {
    const host = new FakeHost(300)
    const { step } = watch(host, 4000)
    const told = new Set<number>()
    for (let i = 0; i < 12; i++) {
      const { bits, records, ack } = step()
      expect(bits).toBeLessThanOrEqual(4000)
      for (const record of records) if (record.kind === 'absolute') told.add(record.riderId)
      ack()
    }
    expect(told.size).toBe(VIEW_RIDERS)
  })

  test('[D61] every rider is told whole again within REFRESH_TICKS_MAX, though nothing is lost', () => {
    const host = new FakeHost(65)
    const { step } = watch(host, 8000)
    for (let i = 0; i < 20; i++) step().ack()
    const told = new Set<number>()
    for (let i = 0; i < REFRESH_TICKS_MAX; i++) {
      const { records, ack } = step()
      for (const record of records) if (record.kind === 'absolute') told.add(record.riderId)
      ack()
    }
    expect(told.size).toBe(64)
  })

  test('[D62] a rider out of view is gone at the client, also when the news was lost', () => {
    const host = new FakeHost(65)
    const { step } = watch(host, 8000)
    for (let i = 0; i < 5; i++) step().ack()
    host.riders.id[20] = 0
    for (let i = 0; i < 3; i++) step(false) // Lost: nothing is acked.
    const gone: number[] = []
    for (let i = 0; i < 5; i++) {
      const { records, ack } = step()
      for (const record of records) if (record.kind === 'leave') gone.push(record.riderId)
      ack()
    }
    expect(gone).toEqual([21])
  })
})
