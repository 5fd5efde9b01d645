import { readGolomb, readSigned, writeGolomb, writeSigned } from '#protocol/codes'
import { Follower } from '#protocol/follower'
import type { RiderId, Tick } from '#protocol/ids'
import { BitReader } from '#protocol/reader'
import { readRiderBlock, type SlotRecord, writeRiderBlock } from '#protocol/rider-block'
import { advance, checkOf, createRiderState, type RiderState, settleWhole } from '#protocol/rider-state'
import {
  applyRecord,
  PART,
  type Change,
  type RecordBody,
  type RiderRecord,
  type Transfer,
} from '#protocol/rider-stream'
import { SlotTable } from '#protocol/slots'
import { BitWriter } from '#protocol/writer'
import { createPlaceCarrier } from '#physics/place-carrier'
import { CALM } from '#physics/weather'
import { meaning, valueOf } from './meaning.ts'
import { vectorRoad } from './roads.ts'
import { told } from './told.ts'
import { hex, type VectorFile } from './vector-file.ts'

const NUMBERS = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 100, 511, 4095, 65_535, 1_000_000] as const
const ORDERS = [0, 1, 2, 3, 4, 7, 9] as const

const codes: VectorFile = {
  name: 'golomb',
  about:
    'Exp-Golomb codes [D92]: number, order, bits and bytes, zeros to the byte; and numbers with a sign (`value`), folded.',
  vectors: () => [
    ...ORDERS.flatMap((k) =>
      NUMBERS.map((n) => {
        const w = new BitWriter()
        writeGolomb(w, n, k)
        const bytes = w.finish()
        if (readGolomb(new BitReader(bytes), k) !== n) throw new Error(`code of ${n}, order ${k}`)
        return { n, k, bits: w.bitLength, hex: hex(bytes) }
      }),
    ),
    ...[0, 1, 4].flatMap((k) =>
      [0, -1, 1, -2, 2, -17, 17, 300, -300, 524_287, -524_288].map((value) => {
        const w = new BitWriter()
        writeSigned(w, value, k)
        const bytes = w.finish()
        if (readSigned(new BitReader(bytes), k) !== value) throw new Error(`code of ${value}, order ${k}`)
        return { value, k, bits: w.bitLength, hex: hex(bytes) }
      }),
    ),
  ],
}

function stateOf(more: Partial<RiderState>): RiderState {
  const state = { ...createRiderState(), powerW: 230, cadenceRpm: 88.5, heartRateBpm: 151, ...more }
  settleWhole(state)
  return state
}

export const whole = (id: number, more: Partial<RiderState> = {}): RecordBody => ({
  kind: 'absolute',
  id: id as RiderId,
  state: stateOf({ placeM: 1234.5678, speedMps: 9.87654, lateralM: 1.25, lateralMps: -0.125, lineM: 1, ...more }),
})

const NO_STEPS: Change = {
  ...{ kind: 'change', parts: 0, placeSteps: 0, speedSteps: 0, draftSteps: 0 },
  ...{ lateralSteps: 0, lateralSpeedSteps: 0, lineSteps: 0 },
  ...{ powerSteps: 0, cadenceSteps: 0, heartRateSteps: 0, flags: 0, turn: 0 },
}

export function change(steps: Partial<Omit<Change, 'kind' | 'parts'>>): Change {
  const has = (...names: (keyof Change)[]): boolean =>
    names.some((name) => (steps as Partial<Change>)[name] !== undefined)
  const parts =
    (has('placeSteps', 'speedSteps', 'draftSteps') ? PART.along : 0) |
    (has('lateralSteps', 'lateralSpeedSteps', 'lineSteps') ? PART.sideways : 0) |
    (has('powerSteps', 'cadenceSteps', 'heartRateSteps') ? PART.telemetry : 0) |
    (has('flags') ? PART.flags : 0) |
    (has('turn') ? PART.turn : 0)
  return { ...NO_STEPS, ...steps, parts }
}

const TRANSFER: Transfer = {
  ...{ kind: 'transfer', place: -317, speed: 1234, lateral: 77, lateralSpeed: -65, line: 3, draft: -2 },
  ...{ turn: 2, power: -45, cadence: 7, heartRate: 1 },
}

const RECORDS: readonly (readonly [name: string, body: RecordBody])[] = [
  ['absolute, fine', whole(17)],
  ['absolute, coarse, a bot that has finished', whole(0xffffff, { tier: 1, flags: 6, turn: 4 })],
  [
    'absolute, held, at the ends of fields',
    whole(1, { placeM: 0, speedMps: 1e9, lateralM: -99, lineM: 99, flags: 1, massKg: 400 }),
  ],
  ['telemetry', change({ powerSteps: 23, cadenceSteps: -3, heartRateSteps: 1 })],
  ['telemetry: heart rate only', change({ heartRateSteps: -1 })],
  ['telemetry: as wide as it may be', change({ powerSteps: -3000, cadenceSteps: 500, heartRateSteps: -250 })],
  ['watts to show', { kind: 'watts', powerSteps: -31, cadenceSteps: 2 }],
  ['watts to show: as before', { kind: 'watts', powerSteps: 0, cadenceSteps: 0 }],
  ['sideways', change({ lateralSteps: 2, lateralSpeedSteps: -1, lineSteps: 6 })],
  ['along', change({ placeSteps: -1, speedSteps: 3, draftSteps: -4 })],
  ['along and sideways', change({ placeSteps: 1, speedSteps: 0, lineSteps: -12 })],
  ['flags', change({ flags: 9 })],
  ['the turn', change({ turn: 3 })],
  [
    'back beyond the beginning, and to the edge',
    change({ placeSteps: -9, speedSteps: -1, lateralSteps: 9, lateralSpeedSteps: 1 }),
  ],
  ['everything', change({ placeSteps: 5, lateralSteps: -7, powerSteps: 300, flags: 2, turn: 1 })],
  ['transfer to the other tier', TRANSFER],
  ['transfer that changes nothing but the tier', { ...NO_TRANSFER(), turn: 0 }],
  ['check', { kind: 'check', check: 0xabc }],
  ['leave', { kind: 'leave' }],
]

function NO_TRANSFER(): Transfer {
  return {
    ...{ kind: 'transfer', place: 0, speed: 0, lateral: 0, lateralSpeed: 0, line: 0, draft: 0 },
    ...{ turn: 0, power: 0, cadence: 0, heartRate: 0 },
  }
}

const at = (slot: number, age: number, body: RecordBody): SlotRecord => ({ slot, age, body })

export const BLOCK_RECORDS: readonly (readonly [name: string, records: readonly SlotRecord[]])[] = [
  ['nobody has news', []],
  ...RECORDS.map(([name, body]) => [name, [at(3, 0, body)]] as const),
  ['the first and the last slot', [at(0, 0, { kind: 'leave' }), at(511, 0, { kind: 'leave' })]],
  ['the oldest news', [at(7, 63, change({ powerSteps: 5 }))]],
  [
    'three ticks, oldest first',
    [
      at(4, 9, change({ placeSteps: 2 })),
      at(90, 9, change({ powerSteps: -2 })),
      at(4, 1, change({ powerSteps: 12 })),
      ...[0, 1, 2, 3, 40].map((slot) => at(slot, 0, change({ lineSteps: 1 + slot }))),
    ],
  ],
  ['thirty at once', Array.from({ length: 30 }, (_zero, i) => at(2 * i, 0, change({ powerSteps: i - 40 })))],
  ['a first sight of three', [at(0, 0, whole(5)), at(1, 0, whole(6, { tier: 1 })), at(2, 0, whole(7, { flags: 1 }))]],
]

const riders: VectorFile = {
  name: 'rider-block',
  about:
    'Rider blocks [D93], the bits of a down packet from their first bit on, zeros to the byte: gaps, ages, and every kind of record [D94].',
  vectors: () =>
    BLOCK_RECORDS.map(([name, records]) => {
      const w = new BitWriter()
      writeRiderBlock(w, records)
      const bytes = w.finish()
      return {
        name,
        bits: w.bitLength,
        hex: hex(bytes),
        records: meaning(valueOf(readRiderBlock(new BitReader(bytes)))),
      }
    }),
}

const apply: VectorFile = {
  name: 'apply',
  about:
    'What a record makes of a state that was carried to its tick [D194], and the check of the state after it [D95]. Doubles as 64 bits in hex.',
  vectors: () =>
    [
      stateOf({ placeM: 1000.25, speedMps: 9.5, lateralM: -1.5, lineM: -1 }),
      stateOf({ tier: 1, placeM: 40, flags: 2, turn: 3 }),
      stateOf({ placeM: 0.01, speedMps: 0.001, lateralM: 15.99, lateralMps: 3.99 }),
    ].flatMap((before) =>
      RECORDS.map(([name, body]) => {
        const state = { ...before }
        applyRecord(state, body)
        return { name, before: told(before), body: meaning(body), after: told(state), check: checkOf(state) }
      }),
    ),
}

interface Heard {
  readonly tick: number
  readonly body: RecordBody
}
const heard = (tick: number, body: RecordBody): Heard => ({ tick, body })
const START = whole(17, { placeM: 20.5, speedMps: 8, lateralM: 0.5, lateralMps: 0, lineM: 0.5, powerW: 250 })
const ON_NETWORK = whole(17, { placeM: 30, speedMps: 7, lateralM: 0.5, lateralMps: 0, lineM: 0.5, turn: 1 })

/** News of one rider in the order heard; the last tick asked for. */
const STORIES: readonly { name: string; road: 'loop' | 'network'; heard: readonly Heard[]; untilTick: number }[] = [
  { name: 'told whole, then nothing', road: 'loop', heard: [heard(100, START)], untilTick: 160 },
  {
    name: 'in order',
    road: 'loop',
    heard: [
      heard(100, START),
      heard(110, change({ powerSteps: 150, cadenceSteps: 8 })),
      heard(118, change({ placeSteps: 2, speedSteps: -1, draftSteps: -9 })),
      heard(130, change({ lineSteps: 8 })),
      heard(141, change({ powerSteps: -400, heartRateSteps: 2 })),
    ],
    untilTick: 200,
  },
  {
    name: 'the same, heard late: the state is the same',
    road: 'loop',
    heard: [
      heard(100, START),
      heard(118, change({ placeSteps: 2, speedSteps: -1, draftSteps: -9 })),
      heard(141, change({ powerSteps: -400, heartRateSteps: 2 })),
      heard(110, change({ powerSteps: 150, cadenceSteps: 8 })),
      heard(130, change({ lineSteps: 8 })),
    ],
    untilTick: 200,
  },
  {
    name: 'a turn to the left, and the default exit after it',
    road: 'network',
    heard: [heard(9, ON_NETWORK), heard(30, change({ powerSteps: 60 }))],
    untilTick: 320,
  },
  {
    name: 'to the other tier and back, with coarser steps between',
    road: 'loop',
    heard: [
      heard(50, START),
      heard(60, TRANSFER),
      heard(70, change({ placeSteps: 1, lateralSteps: 2 })),
      heard(90, { ...TRANSFER, place: 40, turn: 0 }),
      heard(95, change({ placeSteps: 1, lateralSteps: 2 })),
    ],
    untilTick: 130,
  },
  {
    name: 'held, then let go',
    road: 'loop',
    heard: [
      heard(10, whole(4, { placeM: 12, speedMps: 0, lateralM: 1, lateralMps: 0, flags: 1, powerW: 320 })),
      heard(60, change({ flags: 0 })),
    ],
    untilTick: 120,
  },
]

const follow: VectorFile = {
  name: 'follow',
  about:
    'One rider from news in the order heard, carried in calm on a road of road.json [D21] [D96]; at untilTick the state, doubles as 64 bits in hex, and its check [D95].',
  vectors: () =>
    STORIES.map(({ name, road, heard: news, untilTick }) => {
      const { course } = vectorRoad(road)
      const conditions = { weather: CALM, tick: 0 }
      const carryOn = createPlaceCarrier(course, conditions)
      const carry = (state: RiderState, tick: number): void => {
        conditions.tick = tick
        advance(state, carryOn)
      }
      const follower = new Follower()
      for (const { tick, body } of news)
        follower.accept({ ...body, tick: tick as Tick, riderId: 17 as RiderId } as RiderRecord, carry)
      follower.carryTo(untilTick, carry)
      const { state } = follower
      return { name, road, heard: meaning(news), untilTick, state: told(state), check: checkOf(state) }
    }),
}

/** Packets with their ticks, as a viewer uses them. */
const VIEWS: readonly { name: string; packets: readonly { tick: number; records: readonly SlotRecord[] }[] }[] = [
  {
    name: 'told twice, counted once',
    packets: [
      { tick: 10, records: [at(0, 0, whole(5)), at(3, 0, whole(6))] },
      {
        tick: 12,
        records: [at(0, 2, whole(5)), at(0, 1, change({ powerSteps: 4 })), at(3, 0, change({ powerSteps: 9 }))],
      },
      { tick: 13, records: [at(0, 2, change({ powerSteps: 4 })), at(3, 1, change({ powerSteps: 9 }))] },
      {
        tick: 14,
        records: [
          at(0, 4, { kind: 'leave' }),
          at(3, 4, { kind: 'check', check: 1 }),
          at(3, 3, { kind: 'check', check: 1 }),
        ],
      },
    ],
  },
  {
    name: 'late news counts; what is before being told whole does not',
    packets: [
      { tick: 100, records: [at(1, 0, whole(5))] },
      { tick: 140, records: [at(1, 0, change({ powerSteps: 1 }))] },
      {
        tick: 150,
        records: [
          at(1, 60, change({ powerSteps: 2 })),
          at(1, 50, change({ powerSteps: 3 })),
          at(1, 20, change({ powerSteps: 4 })),
        ],
      },
      {
        tick: 203,
        records: [
          at(1, 63, change({ powerSteps: 1 })),
          at(1, 62, change({ powerSteps: 5 })),
          at(1, 0, change({ powerSteps: 6 })),
        ],
      },
      { tick: 266, records: [at(1, 63, change({ powerSteps: 6 })), at(1, 1, change({ powerSteps: 7 }))] },
    ],
  },
  {
    name: 'a slot with another rider, a rider in another slot, a slot of nobody, who has left',
    packets: [
      { tick: 1, records: [at(0, 0, whole(5)), at(1, 0, whole(6)), at(9, 0, change({ powerSteps: 1 }))] },
      { tick: 2, records: [at(0, 0, whole(7)), at(2, 0, whole(6))] },
      { tick: 3, records: [at(0, 0, change({ turn: 2 })), at(1, 0, change({ turn: 1 })), at(2, 0, { kind: 'leave' })] },
      {
        tick: 5,
        records: [at(2, 1, change({ turn: 4 })), at(2, 0, { kind: 'leave' }), at(0, 0, { kind: 'check', check: 5 })],
      },
    ],
  },
]

const slots: VectorFile = {
  name: 'slots',
  about:
    'Slots [D97]: records of packets in the order used, and the news that they are: tick, rider, and which record of the packet (-1: a leave of who stood there before).',
  vectors: () =>
    VIEWS.map(({ name, packets }) => {
      const table = new SlotTable()
      const used = packets.map(({ tick, records }) => ({
        tick,
        records: meaning(records),
        news: table.resolve(records, tick).map((one) => [one.tick, one.riderId, indexOf(records, one, tick)]),
      }))
      return { name, packets: used }
    }),
}

function indexOf(records: readonly SlotRecord[], one: RiderRecord, packetTick: number): number {
  return records.findIndex(({ age, body }) => {
    const { tick, riderId: _who, ...rest } = one
    return packetTick - age === tick && JSON.stringify(sorted(body)) === JSON.stringify(sorted(rest))
  })
}

const sorted = (value: object): object =>
  Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))

export const BLOCKS = BLOCK_RECORDS.map(
  ([name, records]) => [name, (w: BitWriter) => writeRiderBlock(w, records)] as const,
)

export const RIDER_VECTORS: readonly VectorFile[] = [codes, riders, apply, follow, slots]
