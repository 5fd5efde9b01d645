import { describe, expect, test } from 'vitest'
import { createPlaceCarrier } from '#physics/place-carrier'
import { calmConditions } from '#physics/weather'
import { createRandom, type Random } from '#physics/random'
import { RIDER_FLAG } from '#physics/riders'
import {
  CHECK_TICKS,
  MIDDLE_RIDERS,
  NEAR_RIDERS,
  TELEMETRY_TICKS_MIN,
  TIER_KEEP,
  TOLERANCES,
  VIEW_RIDERS,
  WATTS_TICKS_MIN,
} from '#protocol/limits'
import { AckHistory } from '#protocol/ack-window'
import { Follower } from '#protocol/follower'
import { BitReader } from '#protocol/reader'
import { readRiderBlock, type SlotRecord } from '#protocol/rider-block'
import { advance, type RiderState, TIER } from '#protocol/rider-state'
import type { RiderRecord } from '#protocol/rider-stream'
import { SlotTable } from '#protocol/slots'
import { BitWriter } from '#protocol/writer'
import { FakeHost } from '#server/net/testing'
import { Interest } from './interest.ts'
import { Viewer } from './packets.ts'
import { RiderStream, WHOLE_DUE } from './stream.ts'

/** A stream of which somebody watches every row, in both tiers. */
function streamOf(host: FakeHost): RiderStream {
  const stream = new RiderStream({ riders: host.riders, course: host.course, conditions: calmConditions() })
  for (let row = 0; row < host.riders.count; row++) for (const tier of [0, 1]) stream.watch(row, tier, 1)
  return stream
}

describe('one record a rider, tick and tier', () => {
  test.each([TIER.fine, TIER.coarse])(
    '[D20] tier %d: the public state is never farther from the truth than its tolerances',
    (tier) => {
      const host = new FakeHost(50)
      const stream = streamOf(host)
      const random = createRandom(8214)
      const { alongM, alongS, sidewaysM, sidewaysS, lineShare } = TOLERANCES[tier]!
      let most = 0
      for (let i = 0; i < 1200; i++) {
        host.pedal(random)
        host.step()
        stream.step(host.tick)
        for (let row = 0; row < 50; row++) {
          const said = stream.stateOf(row, tier)
          const { distanceM, speedMps, lateralM, lateralMps, lineM } = host.riders
          const gapM = distanceM[row]! - said.placeM + alongS * (speedMps[row]! - said.speedMps)
          const asideM =
            lateralM[row]! -
            said.lateralM +
            sidewaysS * (lateralMps[row]! - said.lateralMps) +
            lineShare * (lineM[row]! - said.lineM)
          most = Math.max(most, Math.abs(gapM))
          expect(Math.abs(gapM)).toBeLessThanOrEqual(alongM)
          expect(Math.abs(asideM)).toBeLessThanOrEqual(sidewaysM)
        }
      }
      expect(most).toBeGreaterThan(0.5 * alongM)
      expect(stream.made.along).toBeGreaterThan(0)
      expect(stream.made.along / (50 * 60)).toBeLessThan(1.5)
    },
  )

  test('[D23] whose legs do not change costs nothing but the changes of class and grid', () => {
    const host = new FakeHost(20)
    const stream = streamOf(host)
    let records = 0
    for (let i = 0; i < 200; i++) {
      host.step()
      stream.step(host.tick)
      for (let row = 0; row < 20; row++) if (stream.lengthOf(row, TIER.fine, host.tick) > 0) records++
    }
    expect(records / (20 * 200)).toBeLessThan(0.02)
    expect(stream.made.telemetry).toBe(0)
  })

  test('[D24] whatever the legs do, watts are told every 0.2 s to those near, and everything once a second to everybody', () => {
    const host = new FakeHost(1)
    const stream = streamOf(host)
    const ticks = 400
    let oldest = 0
    let truthTick = 0
    for (let i = 0; i < ticks; i++) {
      if (i % 5 === 0) {
        host.riders.powerW[0] = 200 + ((i * 7) % 30)
        truthTick = i
      }
      host.step()
      stream.step(host.tick)
      if (stream.wattsTickOf(0) < host.tick && stream.stateOf(0).powerW !== host.riders.powerW[0]) {
        // Not told in this tick: told lately, or not new.
        oldest = Math.max(oldest, i - truthTick)
      }
    }
    expect(stream.made.telemetry).toBeLessThanOrEqual(
      ticks / TELEMETRY_TICKS_MIN[0] + ticks / TELEMETRY_TICKS_MIN[1] + 2,
    )
    expect(stream.made.telemetry).toBeGreaterThan(ticks / 20)
    expect(stream.made.watts).toBeGreaterThan(ticks / 10)
    expect(stream.made.watts + stream.made.telemetry).toBeLessThanOrEqual(ticks / WATTS_TICKS_MIN + 8)
    expect(oldest).toBeLessThanOrEqual(WATTS_TICKS_MIN)
  })

  test('[D98] watts that throw the prediction off are told to everybody at once', () => {
    const host = new FakeHost(1)
    const stream = streamOf(host)
    for (let i = 0; i < 10; i++) {
      host.step()
      stream.step(host.tick)
    }
    host.riders.powerW[0] = 900
    host.step()
    stream.step(host.tick)
    expect([stream.stateOf(0, TIER.fine).powerW, stream.stateOf(0, TIER.coarse).powerW]).toEqual([900, 900])
  })

  test('[D25] a jump too wide for a change is told whole, to everybody', () => {
    const host = new FakeHost(2)
    const stream = streamOf(host)
    host.step()
    stream.step(host.tick)
    host.step()
    stream.step(host.tick)
    host.riders.distanceM[1]! += 500
    host.step()
    stream.step(host.tick)
    for (const tier of [TIER.fine, TIER.coarse])
      expect([stream.lengthOf(0, tier, host.tick), stream.lengthOf(1, tier, host.tick)]).toEqual([0, WHOLE_DUE])
    expect(Math.abs(stream.stateOf(1).placeM - host.riders.distanceM[1]!)).toBeLessThan(0.001)
  })

  test('[D26] a held rider stands; the start is told in the tick it happens', () => {
    const host = new FakeHost(1)
    host.riders.flags[0] = RIDER_FLAG.held
    host.riders.speedMps[0] = 0
    const stream = streamOf(host)
    host.step()
    stream.step(host.tick)
    for (let i = 0; i < 20; i++) {
      host.step()
      stream.step(host.tick)
      expect(stream.lengthOf(0, TIER.fine, host.tick)).toBe(0)
    }
    host.riders.flags[0] = 0
    host.step()
    stream.step(host.tick)
    expect(stream.lengthOf(0, TIER.fine, host.tick)).toBeGreaterThan(0)
    expect(stream.stateOf(0).flags).toBe(0)
  })

  test('[D99] of a row that nobody watches in a tier nothing is made', () => {
    const host = new FakeHost(3)
    const stream = new RiderStream({ riders: host.riders, course: host.course, conditions: calmConditions() })
    stream.watch(1, TIER.fine, 1)
    const random = createRandom(3)
    for (let i = 0; i < 400; i++) {
      host.pedal(random)
      host.step()
      stream.step(host.tick)
      for (const [row, tier] of [
        [0, 0],
        [1, 1],
        [2, 0],
        [2, 1],
      ] as const)
        expect(stream.lengthOf(row, tier, host.tick)).toBe(0)
    }
    expect(stream.made.along).toBeGreaterThan(0)
  })
})

const NOBODY = new Int16Array(2000).fill(-1)
function seen(interest: Interest, viewer: number, shown: readonly number[] = [], most = VIEW_RIDERS): number[] {
  const slotOfRow = NOBODY.slice()
  for (const row of shown) slotOfRow[row] = 1
  const { rows, count } = interest.choose(viewer, most, slotOfRow)
  return [...rows.subarray(0, count)]
}

describe('who is seen', () => {
  test('[D27] the nearest by road, round the loop too, never oneself', () => {
    const host = new FakeHost(0, 200)
    for (let row = 0; row < 200; row++) host.join(row, (row * 50 + 10_000 * (row % 3)) % 30_000)
    const interest = new Interest(host)
    interest.update()
    const near = seen(interest, 0)
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

  test('[D28] someone shown stays until eight others are nearer, and as many are shown as before', () => {
    const host = new FakeHost(0, 150)
    for (let row = 0; row < 150; row++) host.join(row, 100 + row)
    const interest = new Interest(host)
    interest.update()
    expect(seen(interest, 0, [], 64)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1))
    const all = Array.from({ length: 64 }, (_, i) => i + 1)
    expect(seen(interest, 0, [67], 64)).toEqual([...all.slice(0, 63), 67])
    expect(seen(interest, 0, [66, 67, 68], 64)).toEqual([...all.slice(0, 61), 66, 67, 68])
    expect(seen(interest, 0, [72, 90], 64)).toEqual(all)
    expect(
      seen(
        interest,
        0,
        Array.from({ length: 72 }, (_, i) => i + 1),
        64,
      ),
    ).toEqual(all)
  })

  test('riders who leave and rows that are taken again do not confuse the order', () => {
    const host = new FakeHost(10)
    const interest = new Interest(host)
    interest.update()
    host.riders.id[3] = 0
    interest.update()
    expect(seen(interest, 0).toSorted((a, b) => a - b)).toEqual([1, 2, 4, 5, 6, 7, 8, 9])
    host.join(3, 9000, 77)
    interest.update()
    expect(seen(interest, 0)).toContain(3)
    expect(seen(interest, 5)).not.toContain(5)
  })
})

interface Bad {
  readonly loss: number
  readonly delayTicks: number
  readonly duplicates?: number
  readonly reorder?: number
}
const PERFECT: Bad = { loss: 0, delayTicks: 0 }

/** One viewer over a line that is as bad as said, read as a client reads it. */
function watch(host: FakeHost, { viewRiders = 64, bad = PERFECT, bitsMax = 9000, seed = 1 } = {}) {
  const stream = new RiderStream({ riders: host.riders, course: host.course, conditions: host.conditions })
  const viewer = new Viewer(stream, { viewRiders })
  const interest = new Interest(host)
  const slots = new SlotTable()
  const used = new AckHistory()
  const random: Random = createRandom(seed)
  const carrier = createPlaceCarrier(host.course, calmConditions())
  const carry = (state: RiderState): void => advance(state, carrier)
  const known = new Map<number, Follower>()
  const line: { atTick: number; deliver: () => void }[] = []
  let number = 0
  const seenOf = { bits: 0, packets: 0, doubts: 0, records: [] as RiderRecord[], raw: [] as SlotRecord[] }
  const quality = { ...bad }
  const send = (deliver: () => void): void => {
    if (random.fraction() < quality.loss) return
    const extra = random.fraction() < (quality.reorder ?? 0) ? 3 : 0
    line.push({ atTick: host.tick + quality.delayTicks + extra, deliver })
    if (random.fraction() < (quality.duplicates ?? 0))
      line.push({ atTick: host.tick + quality.delayTicks + 1, deliver })
  }
  const hear = (records: readonly SlotRecord[], tick: number, packet: number): void => {
    if (packet <= used.newest) return
    used.mark(packet)
    for (const record of slots.resolve(records, tick)) {
      seenOf.records.push(record)
      if (record.kind === 'leave') {
        known.delete(record.riderId)
        continue
      }
      const follower = known.get(record.riderId) ?? new Follower()
      known.set(record.riderId, follower)
      if (!follower.accept(record, carry)) {
        seenOf.doubts++
        send(() => viewer.doubt(record.riderId))
      }
    }
  }
  return {
    viewer,
    stream,
    known,
    quality,
    seenOf,
    step({ isEachTick = true, isAcked = true } = {}): void {
      host.step()
      stream.step(host.tick)
      interest.update()
      if (host.tick % 5 === 1) viewer.look(interest, 0, host.riders.id)
      else viewer.prune(host.riders.id)
      if (isEachTick || viewer.isDue(host.tick)) {
        const w = new BitWriter(2400)
        const packet = number++
        viewer.write(w, packet, bitsMax)
        seenOf.bits = w.bitLength
        seenOf.packets++
        expect(w.bitLength).toBeLessThanOrEqual(bitsMax)
        const read = readRiderBlock(new BitReader(w.finish()))
        if (!read.ok) throw new Error(read.error)
        seenOf.raw = [...read.value]
        const { tick } = host
        send(() => hear(read.value, tick, packet))
      }
      for (const flight of line.splice(0)) {
        if (flight.atTick <= host.tick) flight.deliver()
        else line.push(flight)
      }
      if (isAcked && used.newest >= 0 && host.tick % 2 === 0) {
        const { newest, bits } = used
        send(() => viewer.acked(newest, bits))
      }
    },
    /** How many of those in view both ends believe the same of, now; nothing may be under way. */
    agreement(): { same: number; other: number } {
      const count = { same: 0, other: 0 }
      for (const [id, follower] of known) {
        follower.carryTo(host.tick, carry)
        const { shownW: _w, shownRpm: _r, ...state } = follower.state
        const { shownW: _sw, shownRpm: _sr, ...truth } = stream.stateOf(id - 1, state.tier)
        if (JSON.stringify(state) === JSON.stringify(truth)) count.same++
        else count.other++
      }
      return count
    },
  }
}

describe('packets', () => {
  test('[D60] a mass start of 300 in view stays inside the budget, nobody is left out, and everybody starts', () => {
    const host = new FakeHost(301)
    host.riders.flags.fill(RIDER_FLAG.held, 0, 301)
    host.riders.speedMps.fill(0)
    const one = watch(host, { viewRiders: 300, bitsMax: 9000 })
    for (let i = 0; i < 30; i++) one.step()
    expect(one.known.size).toBe(300)
    host.riders.flags.fill(0, 0, 301)
    const random = createRandom(5)
    for (let i = 0; i < 60; i++) {
      host.pedal(random)
      one.step()
    }
    for (let i = 0; i < 20; i++) one.step()
    expect(one.agreement().other).toBe(0)
    for (const follower of one.known.values()) expect(follower.state.flags).toBe(0)
  })

  test('[D60] with a budget far too small those near come first, and nobody starves', () => {
    const host = new FakeHost(101)
    const one = watch(host, { viewRiders: 100, bitsMax: 900 })
    const random = createRandom(6)
    for (let i = 0; i < 200; i++) {
      host.pedal(random)
      one.step()
    }
    expect(one.known.size).toBe(100)
    const newest = [...one.known].map(([id, { tick }]) => ({ id, late: host.tick - tick }))
    expect(Math.max(...newest.map(({ late }) => late))).toBeLessThan(150)
  })

  test.each([
    ['5 % lost', { loss: 0.05, delayTicks: 2 }],
    ['30 % lost, half of it twice, some of it late', { loss: 0.3, delayTicks: 4, duplicates: 0.5, reorder: 0.2 }],
  ])('[D22] %s: a second after it ends both ends agree on everybody', (_name, bad) => {
    for (const seed of [1, 2, 3]) {
      const host = new FakeHost(120)
      const one = watch(host, { viewRiders: 100, bad, seed })
      const random = createRandom(seed)
      for (let i = 0; i < 400; i++) {
        host.pedal(random)
        one.step({ isEachTick: i % 3 !== 0 })
      }
      Object.assign(one.quality, { loss: 0, duplicates: 0, reorder: 0 })
      for (let i = 0; i < 20; i++) {
        host.pedal(random)
        one.step()
      }
      one.quality.delayTicks = 0
      for (let i = 0; i < 5; i++) one.step()
      expect(one.known.size).toBe(100)
      expect(one.agreement()).toEqual({ same: 100, other: 0 })
      expect(one.seenOf.doubts).toBe(0)
    }
  })

  test('[D61] whoever believes something wrong of a rider is told so within five seconds, and what is right after it', () => {
    const host = new FakeHost(65)
    const one = watch(host)
    for (let i = 0; i < 40; i++) one.step()
    const checked = new Set<number>()
    for (let i = 0; i < CHECK_TICKS + 20; i++) {
      one.seenOf.records.length = 0
      one.step()
      for (const record of one.seenOf.records) if (record.kind === 'check') checked.add(record.riderId)
    }
    expect(checked.size).toBe(64)
    expect(one.seenOf.doubts).toBe(0)
    for (const follower of one.known.values()) follower.state.massKg += 6
    for (let i = 0; i < 95; i++) one.step()
    expect(one.seenOf.doubts).toBeGreaterThan(60)
    for (let i = 0; i < 5; i++) one.step()
    expect(one.agreement()).toEqual({ same: 64, other: 0 })
  })

  test('[D62] a rider out of view is gone at the client, also when the news was lost', () => {
    const host = new FakeHost(65)
    const one = watch(host)
    for (let i = 0; i < 11; i++) one.step()
    host.riders.id[20] = 0
    one.quality.loss = 1
    for (let i = 0; i < 3; i++) one.step()
    one.quality.loss = 0
    one.seenOf.records.length = 0
    for (let i = 0; i < 8; i++) one.step()
    const gone = one.seenOf.records.filter(({ kind }) => kind === 'leave').map(({ riderId }) => riderId)
    expect(gone).toEqual([21])
  })

  test('[D100] a change is told once; lost, it is told again twice, with its own tick', () => {
    for (const loss of [0, 1]) {
      const host = new FakeHost(2)
      const one = watch(host)
      for (let i = 0; i < 20; i++) one.step()
      host.riders.powerW[1] = 215
      const toldTick = host.tick + 1
      let tellings = 0
      one.seenOf.records.length = 0
      for (let i = 0; i < 12; i++) {
        one.quality.loss = i === 0 ? loss : 0
        one.step()
        for (const { age, body } of one.seenOf.raw)
          if (body.kind === 'change' && host.tick - age === toldTick) tellings++
      }
      expect(tellings).toBe(loss === 0 ? 1 : 3)
      const heard = one.seenOf.records.filter(({ kind }) => kind === 'change').map(({ tick }) => tick)
      expect(heard).toEqual([toldTick])
      expect(one.agreement()).toEqual({ same: 1, other: 0 })
    }
  })

  test('[D100] whose loss is heard of after 48 ticks is told whole instead', () => {
    const host = new FakeHost(2)
    const one = watch(host)
    for (let i = 0; i < 20; i++) one.step()
    host.riders.powerW[1] = 215
    one.quality.loss = 1
    for (let i = 0; i < 55; i++) one.step()
    one.quality.loss = 0
    one.seenOf.records.length = 0
    for (let i = 0; i < 6; i++) one.step()
    const kinds = new Set(one.seenOf.records.map(({ kind }) => kind))
    expect([kinds.has('absolute'), kinds.has('change')]).toEqual([true, false])
    expect(one.agreement()).toEqual({ same: 1, other: 0 })
  })

  test('[D101] what would hurt if it were lost is told two or three times at once', () => {
    const host = new FakeHost(2)
    const one = watch(host)
    for (let i = 0; i < 20; i++) one.step()
    host.riders.speedMps[1]! -= 2
    const ages: number[] = []
    for (let i = 0; i < 6; i++) {
      one.step()
      for (const { age, body } of one.seenOf.raw) if (body.kind === 'change' && age >= i) ages.push(age)
    }
    expect(ages).toEqual([0, 1, 2])
  })

  test('[D102] nearest, middle and far: who changes place is told across, exactly, and does not flicker at the edge', () => {
    const host = new FakeHost(0, 121)
    for (let row = 0; row <= 120; row++) host.join(row, 1000 + 4 * row)
    const one = watch(host, { viewRiders: 100 })
    const random = createRandom(9)
    for (let i = 0; i < 40; i++) {
      host.pedal(random)
      one.step()
    }
    const tierOf = (): number[] => Array.from({ length: 100 }, (_, i) => one.known.get(i + 2)!.state.tier)
    expect(tierOf()).toEqual(Array.from({ length: 100 }, (_, i) => (i < MIDDLE_RIDERS ? TIER.fine : TIER.coarse)))
    // Three come from afar: those at the edge stay fine, for fewer than TIER_KEEP others are nearer.
    one.seenOf.records.length = 0
    for (const row of [95, 96, 97]) host.riders.distanceM[row] = host.riders.distanceM[30]! + row - 95
    for (let i = 0; i < 20; i++) one.step()
    const crossed = () => one.seenOf.records.filter(({ kind }) => kind === 'transfer').map(({ riderId }) => riderId)
    expect(3).toBeLessThan(TIER_KEEP)
    // Those who jumped are told whole; nobody else is told across.
    expect(crossed()).toEqual([])
    // The viewer rides on by the length of forty riders: near and far change sides.
    host.riders.distanceM[0]! += 4 * 100
    for (let i = 0; i < 40; i++) one.step()
    expect(crossed().length).toBeGreaterThan(20)
    expect(one.agreement()).toEqual({ same: one.known.size, other: 0 })
    expect(one.seenOf.doubts).toBe(0)
  })

  test('[D103] only those near hear of watts between two tellings to everybody', () => {
    const host = new FakeHost(0, 60)
    for (let row = 0; row < 60; row++) host.join(row, 1000 + 5 * row)
    const one = watch(host)
    for (let i = 0; i < 30; i++) one.step()
    one.seenOf.records.length = 0
    for (let i = 0; i < 100; i++) {
      for (let row = 0; row < 60; row++) host.riders.powerW[row] = 200 + ((i + row) % 5)
      one.step()
    }
    const told = new Set(one.seenOf.records.filter(({ kind }) => kind === 'watts').map(({ riderId }) => riderId - 1))
    expect([...told].toSorted((a, b) => a - b)).toEqual(Array.from({ length: NEAR_RIDERS }, (_, i) => i + 1))
    for (const row of told) {
      const { shownW, powerW } = one.known.get(row + 1)!.state
      expect(Math.abs(shownW - host.riders.powerW[row]!)).toBeLessThan(5)
      expect(Math.abs(powerW - 202)).toBeLessThan(5)
    }
  })

  test('[D202] several packets of one tick, said again and acked in between, can each be read alone, and name everybody', () => {
    const random = createRandom(5)
    const host = new FakeHost(60)
    const stream = streamOf(host)
    const interest = new Interest(host)
    for (let round = 0; round < 20; round++) {
      const viewer = new Viewer(stream, { viewRiders: 59 })
      const met = new Set<number>()
      let number = 0
      const write = (): void => {
        const w = new BitWriter()
        viewer.write(w, number++, 9000)
        const read = readRiderBlock(new BitReader(w.finish()))
        if (!read.ok) throw new Error(read.error)
        for (const { body } of read.value) if (body.kind === 'absolute') met.add(body.id)
      }
      for (let tick = 0; tick < 6; tick++) {
        host.pedal(random)
        host.step()
        stream.step(host.tick)
        interest.update()
        viewer.look(interest, 0, host.riders.id)
        write()
        viewer.repeat()
        write()
        if (tick === 0) expect(met.size).toBe(59)
        // Any of those before may be the one that arrives.
        viewer.acked(number - 1 - Math.floor(random.fraction() * 3), 0)
        write()
      }
      viewer.end()
    }
  })

  test('[D104] a view has a packet every second tick; what is large goes at once', () => {
    const host = new FakeHost(41)
    const one = watch(host)
    for (let i = 0; i < 100; i++) one.step({ isEachTick: false })
    const before = one.seenOf.packets
    for (let i = 0; i < 40; i++) one.step({ isEachTick: false })
    expect(one.seenOf.packets - before).toBeLessThan(26)
    const wasDue = (): boolean => {
      const packets = one.seenOf.packets
      one.step({ isEachTick: false })
      return one.seenOf.packets > packets
    }
    /** Right after a packet a rider is this much faster than predicted: is there a packet in the next tick? */
    const isAtOnce = (row: number, fasterMps: number): boolean => {
      while (!wasDue()) continue
      host.riders.speedMps[row]! += fasterMps
      return wasDue()
    }
    expect(isAtOnce(3, -0.25)).toBe(false)
    // It has been made all the same, and goes with its own tick.
    expect([wasDue(), one.seenOf.raw.some(({ age, body }) => age === 1 && body.kind === 'change')]).toEqual([
      true,
      true,
    ])
    expect([isAtOnce(3, -1), isAtOnce(38, -1)]).toEqual([true, true])
  })
})
