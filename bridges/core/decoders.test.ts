import { describe, expect, test } from 'vitest'
import { decodeAntFrame, decodeAntMessage, decodeAntPage, encodeAntFrame } from './ant-message.ts'
import type { Decoded } from './decoded.ts'
import { BICYCLE_POWER_PAGES, decodeBicyclePower, encodeBicyclePower } from './pages/bicycle-power.ts'
import { decodeCommonPage } from './pages/common.ts'
import { decodeSpeedCadencePage } from './pages/speed-cadence.ts'
import { decodeFitnessEquipment, encodeFitnessEquipment, FITNESS_EQUIPMENT_PAGES } from './pages/fitness-equipment.ts'
import { decodeHeartRatePage, encodeHeartRatePage } from './pages/heart-rate.ts'
import { decodeBodyTemperature } from './profiles/body-temperature.ts'
import {
  decodeControlAnswer,
  decodeControlRequest,
  encodeControlAnswer,
  encodeControlRequest,
} from './profiles/control-point.ts'
import { decodeCyclingPower, encodeCyclingPower } from './profiles/cycling-power.ts'
import { decodeHeartRate, encodeHeartRate } from './profiles/heart-rate.ts'
import { decodeIndoorBikeData, encodeIndoorBikeData, type IndoorBikeData } from './profiles/indoor-bike-data.ts'
import {
  decodeMachineFeature,
  decodePowerRange,
  decodeResistanceRange,
  encodeMachineFeature,
  encodePowerRange,
} from './profiles/machine-feature.ts'
import { decodeMachineStatus, encodeMachineStatus } from './profiles/machine-status.ts'
import { decodeButtonStates, encodeButtonStates } from './profiles/open-bike-control.ts'
import { decodeSpeedCadence, encodeSpeedCadence } from './profiles/speed-cadence.ts'
import { decodeWahooAnswer, decodeWahooRequest, encodeWahooRequest } from './profiles/wahoo.ts'

interface Door {
  readonly name: string
  readonly decode: (bytes: Uint8Array) => Decoded<unknown>
  /** Where there is one: what was decoded can be said again, so every value was in range. */
  readonly encode?: (value: never) => Uint8Array
  /** One valid message, at least. */
  readonly valid: readonly Uint8Array[]
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const FULL_BIKE = encodeIndoorBikeData({
  speedKmh: 34.2,
  averageSpeedKmh: 30,
  cadenceRpm: 91,
  averageCadenceRpm: 88.5,
  distanceM: 70_000,
  resistanceLevel: -12,
  powerW: -3,
  averagePowerW: 210,
  energyKcal: 500,
  energyPerHourKcal: 700,
  energyPerMinuteKcal: 12,
  heartRateBpm: 150,
  met: 9.1,
  elapsedS: 3600,
  remainingS: 60,
})
const FULL_POWER = encodeCyclingPower({
  powerW: -50,
  balancePercent: 48.5,
  accumulatedTorque32: 65_535,
  wheelRevolutions: 4_294_967_295,
  wheelTime2048: 12,
  crankRevolutions: 9,
  crankTime1024: 77,
  forceMaxN: 500,
  forceMinN: -20,
  torqueMaxNm: 40,
  torqueMinNm: -1,
  angleMaxDeg: 90,
  angleMinDeg: 271,
  topDeadSpotDeg: 5,
  bottomDeadSpotDeg: 185,
  energyKj: 800,
  isBalanceFromLeft: true,
  isTorqueFromCrank: true,
  isOffsetIndicated: true,
})

const pagesOf = (table: readonly { readonly page: number }[]): Uint8Array[] =>
  table.map(({ page }) => bytes(page, 0x19, 0x78, 0x32, 0x88, 0x13, 0x22, 0x30))

const DOORS: readonly Door[] = [
  { name: 'indoor bike data', decode: decodeIndoorBikeData, encode: encodeIndoorBikeData, valid: [FULL_BIKE] },
  {
    name: 'control point request',
    decode: decodeControlRequest,
    encode: encodeControlRequest,
    valid: [
      bytes(0),
      bytes(5, 0x2c, 1),
      encodeControlRequest({ op: 'set-simulation', windMps: -2.5, gradeFraction: -0.031, crr: 0.004, cwKgpm: 0.51 }),
    ],
  },
  {
    name: 'control point answer',
    decode: decodeControlAnswer,
    encode: (v: { requestCode: number; result: 'success'; parameters: Uint8Array }) =>
      encodeControlAnswer(v.requestCode, v.result, v.parameters),
    valid: [bytes(0x80, 0x11, 1), bytes(0x80, 0x13, 1, 0x10, 0x0e, 0x70, 0x17)],
  },
  {
    name: 'machine status',
    decode: decodeMachineStatus,
    encode: encodeMachineStatus,
    valid: [bytes(0xff), bytes(0x12, 0, 0, 0, 0, 0x24, 0x23), bytes(8, 0x60, 0)],
  },
  {
    name: 'machine feature',
    decode: decodeMachineFeature,
    valid: [bytes(0x82, 0x40, 0, 0, 0x0c, 0xa0, 0, 0)],
  },
  { name: 'power range', decode: decodePowerRange, encode: encodePowerRange, valid: [bytes(1, 0, 0xe8, 3, 5, 0)] },
  { name: 'resistance range', decode: decodeResistanceRange, valid: [bytes(10, 0, 150, 0, 10, 0), bytes(1, 20, 1)] },
  { name: 'cycling power', decode: decodeCyclingPower, encode: encodeCyclingPower, valid: [FULL_POWER] },
  {
    name: 'speed and cadence',
    decode: decodeSpeedCadence,
    encode: encodeSpeedCadence,
    valid: [bytes(3, 0x2d, 6, 0, 0, 0xa3, 0xa9, 0x90, 0x0a, 0x28, 0x9f)],
  },
  {
    name: 'heart rate',
    decode: decodeHeartRate,
    encode: encodeHeartRate,
    valid: [bytes(0x16, 0x48, 0x54, 1, 0xec, 2), bytes(0x0f, 0x2c, 1, 7, 0)],
  },
  {
    name: 'wahoo request',
    decode: decodeWahooRequest,
    encode: encodeWahooRequest,
    valid: [bytes(0x46, 0x3d, 0x8a), bytes(0x43, 0xe8, 0x1c, 0x28, 0, 0xe0, 1)],
  },
  { name: 'wahoo answer', decode: decodeWahooAnswer, valid: [bytes(1, 0x42, 1, 0, 0x32, 0)] },
  {
    name: 'body temperature',
    decode: decodeBodyTemperature,
    valid: [bytes(0x17, 0xe4, 0x0e, 7, 0x0f, 0, 0, 0x13, 0x82)],
  },
  {
    name: 'buttons',
    decode: decodeButtonStates,
    encode: encodeButtonStates,
    valid: [bytes(1, 1, 1, 2, 0)],
  },
  {
    name: 'fitness equipment pages',
    decode: decodeFitnessEquipment,
    encode: encodeFitnessEquipment,
    valid: pagesOf(FITNESS_EQUIPMENT_PAGES),
  },
  {
    name: 'bicycle power pages',
    decode: decodeBicyclePower,
    encode: encodeBicyclePower,
    valid: pagesOf(BICYCLE_POWER_PAGES),
  },
  {
    name: 'heart rate pages',
    decode: decodeHeartRatePage,
    encode: encodeHeartRatePage,
    valid: pagesOf([{ page: 0 }, { page: 1 }, { page: 0x82 }, { page: 4 }]),
  },
  { name: 'common pages', decode: decodeCommonPage, valid: pagesOf([{ page: 80 }, { page: 81 }]) },
  { name: 'speed and cadence page', decode: decodeSpeedCadencePage, valid: pagesOf([{ page: 0xe1 }]) },
  {
    name: 'ANT frame with a page',
    decode: (given) => {
      const frame = decodeAntFrame(given)
      if (!frame.ok) return frame
      const page = decodeAntPage(frame.value)
      return page.ok ? page : decodeAntMessage(frame.value)
    },
    valid: [
      encodeAntFrame(0x4e, bytes(0, 0x10, 0x23, 0xa9, 0x49, 0x6a, 0x23, 0xf5, 0, 0x80, 0xc8, 1, 0x0b, 5)),
      encodeAntFrame(0x40, bytes(0, 0x46, 0)),
      encodeAntFrame(0x42, bytes(0, 0, 0, 0x10)),
    ],
  },
]

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 8
  }
}

/** Every number inside, wherever. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (value instanceof Uint8Array) return []
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbersOf)
  return []
}

/** True when the bytes decoded. Throws what the test reports. */
function probe(door: Door, given: Uint8Array): boolean {
  const before = given.slice()
  const got = door.decode(given)
  if (!given.every((byte, i) => byte === before[i])) throw new Error(`${door.name} wrote into its input`)
  if (!got.ok) return false
  for (const number of numbersOf(got.value)) if (!Number.isFinite(number)) throw new Error(`${door.name}: ${number}`)
  if (door.encode === undefined) return true
  const again = door.decode(door.encode(got.value as never))
  if (JSON.stringify(again) !== JSON.stringify(got)) expect(again).toEqual(got)
  return true
}

describe.each(DOORS)('$name', (door) => {
  test('a valid message decodes, and says the same when encoded and decoded again', () => {
    for (const valid of door.valid) expect(probe(door, valid)).toBe(true)
  })

  test('[B1] every truncation is refused or a shorter message, without a throw', () => {
    for (const valid of door.valid)
      for (let length = 0; length < valid.length; length++) probe(door, valid.slice(0, length))
    expect(door.decode(bytes())).toMatchObject({ ok: false })
  })

  test('[B1] every bit flip stays finite and in range, without a throw', () => {
    for (const valid of door.valid)
      for (let bit = 0; bit < valid.length * 8; bit++) {
        const flipped = valid.slice()
        flipped[bit >> 3]! ^= 1 << (bit & 7)
        probe(door, flipped)
      }
  })

  test('[B1] random bytes stay finite and in range, without a throw', () => {
    const next = random(8214)
    for (let run = 0; run < 1500; run++) {
      const seed = door.valid[run % door.valid.length]!
      const given = Uint8Array.from({ length: next() % 40 }, () => next())
      // Half of them begin as a message does, or none would pass the first byte.
      if (run % 2 === 0) given.set(seed.subarray(0, Math.min(2, given.length)))
      probe(door, given)
    }
  })
})

test('features by name are the bits of a real trainer, and back', () => {
  const got = decodeMachineFeature(bytes(0x82, 0x40, 0, 0, 0x0c, 0xa0, 0, 0))
  if (!got.ok) throw new Error(got.error)
  expect([...got.value.names]).toEqual([
    'cadence',
    'resistance',
    'power',
    'set-resistance',
    'set-power',
    'set-simulation',
    'spin-down',
  ])
  expect(encodeMachineFeature(got.value.names)).toEqual(bytes(0x82, 0x40, 0, 0, 0x0c, 0xa0, 0, 0))
})

/** 16 000 comparisons: by hand, since `toEqual` takes a hundred times as long. */
function isSame(got: Decoded<IndoorBikeData>, wanted: IndoorBikeData): boolean {
  if (!got.ok) return false
  const names = Object.keys(wanted) as (keyof IndoorBikeData)[]
  return names.length === Object.keys(got.value).length && names.every((name) => got.value[name] === wanted[name])
}

describe('indoor bike data', () => {
  const values: Required<Omit<IndoorBikeData, 'resistanceRawU8'>> = {
    speedKmh: 34.21,
    averageSpeedKmh: 31.07,
    cadenceRpm: 90.5,
    averageCadenceRpm: 88,
    distanceM: 1_234_567,
    resistanceLevel: -7,
    powerW: -120,
    averagePowerW: 247,
    energyKcal: 812,
    energyPerHourKcal: 640,
    energyPerMinuteKcal: 11,
    heartRateBpm: 157,
    met: 10.3,
    elapsedS: 4321,
    remainingS: 99,
  }
  /** Bit → the names it announces. */
  const groups: readonly (readonly (keyof typeof values)[])[] = [
    ['speedKmh'],
    ['averageSpeedKmh'],
    ['cadenceRpm'],
    ['averageCadenceRpm'],
    ['distanceM'],
    ['resistanceLevel'],
    ['powerW'],
    ['averagePowerW'],
    ['energyKcal', 'energyPerHourKcal', 'energyPerMinuteKcal'],
    ['heartRateBpm'],
    ['met'],
    ['elapsedS'],
    ['remainingS'],
  ]

  test('[B2] all 8192 sets of flags come back as they went, with both sizes of the resistance level', () => {
    const wrong: number[] = []
    for (let flags = 0; flags < 2 ** 13; flags++) {
      const chosen: IndoorBikeData = {}
      for (const [bit, names] of groups.entries())
        if (flags & (1 << bit)) for (const name of names) chosen[name] = values[name]
      if (!isSame(decodeIndoorBikeData(encodeIndoorBikeData(chosen)), chosen)) wrong.push(flags)
      if (chosen.resistanceLevel === undefined) continue
      const { resistanceLevel: _wide, ...short } = chosen
      const small = { ...short, resistanceRawU8: 200 }
      if (!isSame(decodeIndoorBikeData(encodeIndoorBikeData(small)), small)) wrong.push(flags)
    }
    expect(wrong).toEqual([])
  })

  test('[B2] the more-data bit means that speed is missing, not that it is zero', () => {
    const got = decodeIndoorBikeData(bytes(0x41, 0, 0xf7, 0))
    expect(got).toEqual({ ok: true, value: { powerW: 247 } })
  })

  test('bytes behind the known fields are left alone', () => {
    expect(decodeIndoorBikeData(bytes(0x40, 0, 0, 0, 0xf7, 0, 9, 9))).toMatchObject({
      ok: true,
      value: { powerW: 247 },
    })
  })
})
