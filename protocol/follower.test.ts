import { expect, test } from 'vitest'
import { Follower, LEAP_TICKS_MAX } from './follower.ts'
import type { RiderId, Tick } from './ids.ts'
import type { SlotRecord } from './rider-block.ts'
import { checkOf, createRiderState, type RiderState, settle, settleWhole } from './rider-state.ts'
import { applyRecord, type Change, PART, type RecordBody, type RiderRecord } from './rider-stream.ts'
import { SlotTable } from './slots.ts'

/** A law of motion that does not forgive an order: speed makes place, place makes speed. */
const carry = (state: RiderState): void => {
  state.placeM += state.speedMps * 0.05
  state.speedMps += 0.001 * (state.powerW - 200) - 0.01 * (state.placeM % 3)
  state.lateralM += 0.2 * (state.lineM - state.lateralM)
  settle(state)
}

const ID = 7 as RiderId
const whole = (): RiderState => {
  const state = { ...createRiderState(), placeM: 100, speedMps: 9, powerW: 200, cadenceRpm: 90 }
  settleWhole(state)
  return state
}
const change = (parts: number, over: Partial<Change>): Change => ({
  ...{ kind: 'change', parts, placeSteps: 0, speedSteps: 0, draftSteps: 0, lateralSteps: 0, lateralSpeedSteps: 0 },
  ...{ lineSteps: 0, powerSteps: 0, cadenceSteps: 0, heartRateSteps: 0, flags: 0, turn: 0 },
  ...over,
})
const at = (tick: number, body: RecordBody): RiderRecord => ({ ...body, tick: tick as Tick, riderId: ID })

/** A minute of news of one rider, and what is true after it. */
function news(): { records: RiderRecord[]; states: RiderState[] } {
  const state = whole()
  const records = [at(0, { kind: 'absolute', id: ID, state: { ...state } })]
  const states = [{ ...state }]
  for (let tick = 1; tick < 200; tick++) {
    carry(state)
    const die = (tick * 7919) % 13
    const body =
      die === 1
        ? change(PART.along, { placeSteps: 1 + (tick % 3), speedSteps: -1 })
        : die === 4
          ? change(PART.sideways, { lateralSteps: -1, lineSteps: tick % 5 })
          : die === 8
            ? change(PART.telemetry, { powerSteps: (tick % 40) - 20, cadenceSteps: 1 })
            : undefined
    if (body !== undefined) {
      applyRecord(state, body)
      records.push(at(tick, body))
    }
    states.push({ ...state })
  }
  return { records, states }
}

test('[D96] news that comes late, in any order, leads to the same state as news in time', () => {
  const { records, states } = news()
  let late = 0
  for (let seed = 1; seed < 60; seed++) {
    const follower = new Follower()
    follower.accept(records[0]!, carry)
    // Each is late by up to forty ticks, and some come after the ones behind them.
    const heard = records
      .slice(1)
      .map((record, i) => ({ record, atTick: record.tick + ((Math.imul(seed * 31 + i, 0x9e3779b1) >>> 8) % 40) }))
      .toSorted((a, b) => a.atTick - b.atTick)
    for (const { record } of heard) {
      if (record.tick < follower.tick) late++
      follower.accept(record, carry)
    }
    follower.carryTo(199, carry)
    expect(follower.state).toEqual(states[199])
  }
  expect(late).toBeGreaterThan(300)
})

test('[D96] late telemetry does not go over fresher watts', () => {
  const follower = new Follower()
  follower.accept(at(0, { kind: 'absolute', id: ID, state: whole() }), carry)
  follower.accept(at(20, { kind: 'watts', powerSteps: 55, cadenceSteps: 4 }), carry)
  expect([follower.state.powerW, follower.state.shownW, follower.state.shownRpm]).toEqual([200, 255, 92])
  follower.accept(at(10, change(PART.telemetry, { powerSteps: 10 })), carry)
  // The watts are told against what everybody knows: with it they move.
  expect([follower.state.powerW, follower.state.shownW]).toEqual([210, 265])
  follower.accept(at(30, change(PART.telemetry, { powerSteps: -5 })), carry)
  expect([follower.state.powerW, follower.state.shownW]).toEqual([205, 205])
})

test('[D95] a check that does not fit says so, one that fits says nothing', () => {
  const follower = new Follower()
  follower.accept(at(0, { kind: 'absolute', id: ID, state: whole() }), carry)
  const twin = whole()
  for (let tick = 0; tick < 30; tick++) carry(twin)
  expect(follower.accept(at(30, { kind: 'check', check: checkOf(twin) }), carry)).toBe(true)
  carry(twin)
  expect(follower.accept(at(31, { kind: 'check', check: checkOf(twin) ^ 1 }), carry)).toBe(false)
})

const slot = (number: number, age: number, body: RecordBody): SlotRecord => ({ slot: number, age, body })
const isWhole = { kind: 'absolute', id: ID, state: whole() } as const

test('[D97] news told twice counts once; news of ticks before a slot was told whole counts nothing', () => {
  const slots = new SlotTable()
  expect(slots.resolve([slot(3, 0, isWhole)], 100)).toHaveLength(1)
  const line = change(PART.sideways, { lineSteps: 1 })
  expect(slots.resolve([slot(3, 0, line)], 101)).toHaveLength(1)
  expect(slots.resolve([slot(3, 1, line), slot(3, 0, line)], 102).map(({ tick }) => tick)).toEqual([102])
  expect(slots.resolve([slot(3, 3, line), slot(3, 2, line)], 103)).toEqual([])
  // Sixty-three ticks are remembered, over every word of the memory.
  expect(slots.resolve([slot(3, 0, line)], 140)).toHaveLength(1)
  expect(slots.resolve([slot(3, 39, line), slot(3, 38, line), slot(3, 37, line)], 140).map(({ tick }) => tick)).toEqual(
    [103],
  )
  expect(slots.resolve([slot(3, 0, line)], 165)).toHaveLength(1)
  expect(slots.resolve([slot(3, 63, line), slot(3, 62, line), slot(3, 61, line)], 165).map(({ tick }) => tick)).toEqual(
    [104],
  )
})

test('[D97] a slot belongs to the rider last told whole in it, and a rider to one slot', () => {
  const slots = new SlotTable()
  const line = change(PART.sideways, { lineSteps: 1 })
  const other = { ...isWhole, id: 8 as RiderId }
  slots.resolve([slot(0, 0, isWhole)], 10)
  expect(slots.resolve([slot(0, 0, other)], 20).map(({ kind, riderId }) => [kind, riderId])).toEqual([
    ['leave', 7],
    ['absolute', 8],
  ])
  // Lost news of the one before is told late: it is not the new rider's.
  expect(slots.resolve([slot(0, 6, line)], 21)).toEqual([])
  slots.resolve([slot(5, 0, other)], 30)
  expect(slots.resolve([slot(0, 0, line)], 31)).toEqual([])
  expect(slots.slotOf(8 as RiderId)).toBe(5)
  expect(slots.resolve([slot(5, 0, { kind: 'leave' })], 32).map(({ kind }) => kind)).toEqual(['leave'])
  expect([slots.slotOf(8 as RiderId), slots.unknownSlots]).toEqual([undefined, 1])
})

test('[D195] a server that leaps, or tells the same tick for ever, costs a bounded number of carried ticks and no memory', () => {
  const follower = new Follower()
  follower.accept(at(0, { kind: 'absolute', id: ID, state: whole() }), carry)
  let carried = 0
  const counted = (state: RiderState): void => {
    carried++
    carry(state)
  }
  const watts = { kind: 'watts', powerSteps: 1, cadenceSteps: 0 } as const
  for (let leap = 1; leap <= 3; leap++) follower.accept(at(leap * 30_000, watts), counted)
  expect([carried, follower.tick]).toEqual([3 * LEAP_TICKS_MAX, 90_000])
  for (let i = 0; i < 5000; i++) follower.accept(at(90_000, watts), counted)
  carried = 0
  // What is kept is what late news makes us go through again: nothing, once the last tick fills it.
  follower.accept(at(89_999, watts), counted)
  expect(carried).toBe(0)
  follower.accept(at(90_001, change(PART.along, { placeSteps: 1 })), counted)
  expect([carried, follower.tick]).toEqual([1, 90_001])
})
