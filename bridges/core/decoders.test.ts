import { describe, expect, test } from 'vitest'
import { doors } from '#cli/trainer-doors'
import { fuzz, saidAgain } from '#cli/trainer-fuzz'
import type { Decoded } from './decoded.ts'
import { decodeIndoorBikeData, encodeIndoorBikeData, type IndoorBikeData } from './profiles/indoor-bike-data.ts'
import { decodeMachineFeature, encodeMachineFeature } from './profiles/machine-feature.ts'
import { decodePowerFeature, encodePowerFeature } from './profiles/power-feature.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

/** True when the bytes decoded; what was decoded says the same again. */
function probe(door: ReturnType<typeof doors>[number], given: Uint8Array): boolean {
  const before = given.slice()
  const got = door.decode(given)
  if (!given.every((byte, i) => byte === before[i])) throw new Error(`${door.name} wrote into its input`)
  if (got.ok) expect(saidAgain(door, got.value)).toBeUndefined()
  return got.ok
}

describe.each(doors())('$name', (door) => {
  test('a valid message decodes, and says the same when encoded and decoded again', () => {
    expect(door.valid.filter((valid) => probe(door, valid)).length).toBeGreaterThan(0)
    if (door.encode !== undefined) for (const valid of door.valid) expect(probe(door, valid)).toBe(true)
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

  test('[B1] random and mutated bytes stay finite and in range, without a throw', () => {
    const { faults, decoded } = fuzz(door, { inputs: 10_000, seed: 8214, againEvery: 4 })
    expect(faults).toEqual([])
    expect(decoded).toBeGreaterThan(300)
  })
})

test('[B21] a fault that a decoder could have is found: a throw, no number, a number outside its field, a value that does not come back', () => {
  const valid = [bytes(1, 2)]
  const at = (decode: (given: Uint8Array) => unknown, encode?: (value: never) => Uint8Array) => {
    const door = {
      name: 'planted',
      valid,
      decode: (given: Uint8Array) => ({ ok: true, value: decode(given) }) as const,
    }
    const { faults } = fuzz(encode === undefined ? door : { ...door, encode }, { inputs: 200, seed: 1, againEvery: 1 })
    return faults[0]?.replace(/^planted [0-9a-f]*: /, '')
  }
  expect(
    at(() => {
      throw new Error('SYNC missing')
    }),
  ).toBe('threw Error: SYNC missing')
  expect(at((given) => ({ powerW: 100 / (given[1] ?? 0) }))).toBe('powerW is Infinity, outside -32768 … 65535')
  expect(at(() => ({ deep: [{ cadenceRpm: Number.NaN }] }))).toBe('cadenceRpm is NaN, outside 0 … 32767.5')
  expect(at(() => ({ heartRateBpm: -1 }))).toBe('heartRateBpm is -1, outside 0 … 65535')
  expect(
    at(
      (given) => ({ met: given[0] ?? 7 }),
      () => bytes(),
    ),
  ).toMatch(/^\{"met":\d+\} comes back as \{"met":7\}$/)
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

test('what a power meter can, by name, and back', () => {
  const got = decodePowerFeature(bytes(0x0d, 0x12, 0, 0))
  if (!got.ok) throw new Error(got.error)
  expect([...got.value.names]).toEqual(['balance', 'wheel', 'crank', 'offset-compensation', 'crank-length'])
  expect(encodePowerFeature(got.value.names)).toEqual(bytes(0x0d, 0x12, 0, 0))
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
