import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../bytes.ts'
import type { Decoded } from '../decoded.ts'
import { decodeFitnessEquipment, encodeFitnessEquipment } from '../pages/fitness-equipment.ts'
import {
  decodeControlAnswer,
  decodeControlRequest,
  decodeSpinDownSpeeds,
  encodeControlAnswer,
  encodeControlRequest,
  encodeSpinDownSpeeds,
} from './control-point.ts'
import { decodeCyclingPower, encodeCyclingPower } from './cycling-power.ts'
import { encodeIndoorBikeData } from './indoor-bike-data.ts'
import { IndoorBikeMerger } from './indoor-bike-merger.ts'
import { decodeResistanceRange, encodeResistanceRange } from './machine-feature.ts'
import { decodeMachineStatus, encodeMachineStatus, SPIN_DOWN_STATUS } from './machine-status.ts'
import {
  buttonValue,
  decodeAppInformation,
  decodeButtonStates,
  decodeControllerMessage,
  encodeAppInformation,
  encodeControllerMessage,
} from './open-bike-control.ts'
import { decodePowerAnswer, encodePowerRequest } from './power-feature.ts'
import { encodeTacxCommand, encodeTacxPage, TacxPages } from './tacx.ts'
import { decodeTrainingStatus, encodeTrainingStatus } from './training-status.ts'
import { decodeWahooAnswer, encodeWahooAnswer, encodeWahooRequest, WAHOO_UNLOCK, wahooCode } from './wahoo.ts'

const bytes = (hex: string): Uint8Array => fromHex(hex.replaceAll(' ', ''))!
function read<T>(decode: (given: Uint8Array) => Decoded<T>, hex: string): T {
  const got = decode(bytes(hex))
  if (!got.ok) throw new Error(got.error)
  return got.value
}

describe('a record in two parts', () => {
  const first = encodeIndoorBikeData({ cadenceRpm: 90, powerW: 247 })
  const second = encodeIndoorBikeData({ speedKmh: 34.2, heartRateBpm: 150 })

  test('[B22] is whole with the second, and nothing in it was zeroed', () => {
    const merger = new IndoorBikeMerger()
    expect(merger.take(first)).toBe('part')
    expect(merger.record.powerW).toBeUndefined()
    expect(merger.take(second)).toBe('whole')
    expect(merger.record).toMatchObject({ speedKmh: 34.2, cadenceRpm: 90, powerW: 247, heartRateBpm: 150 })
    // The next record says nothing of the heart; what was heard of it stays.
    merger.take(encodeIndoorBikeData({ speedKmh: 34.3, powerW: 250 }))
    expect([merger.record.heartRateBpm, merger.record.powerW]).toEqual([undefined, 250])
    expect([merger.latest.heartRateBpm, merger.latest.cadenceRpm]).toEqual([150, 90])
  })

  test('[B22] whose second part never comes is left, and a trainer that always promises more is taken at its word no longer', () => {
    const merger = new IndoorBikeMerger()
    const taken = Array.from({ length: 5 }, () => merger.take(first))
    expect(taken).toEqual(['part', 'part', 'whole', 'whole', 'whole'])
    expect(merger.record).toMatchObject({ cadenceRpm: 90, powerW: 247 })
    expect(merger.take(second)).toBe('whole')
    expect(merger.take(first)).toBe('part')
  })

  test('[B22] that ends too early changes nothing; after a reconnection nothing of before counts', () => {
    const merger = new IndoorBikeMerger()
    merger.take(second)
    expect(merger.take(second.slice(0, -1))).toBe('refused')
    expect(merger.record.speedKmh).toBe(34.2)
    merger.take(first)
    merger.reset()
    expect(merger.take(second)).toBe('whole')
    expect(merger.record.powerW).toBeUndefined()
    expect(merger.latest.powerW).toBeUndefined()
  })
})

describe('fitness machines', () => {
  test('a resistance in two sizes, asked, told and bounded', () => {
    const request = { op: 'set-target-resistance', resistanceLevel: 10 } as const
    expect(toHex(encodeControlRequest(request))).toBe('046400')
    expect(toHex(encodeControlRequest(request, { isShort: true }))).toBe('0464')
    expect(read(decodeControlRequest, '04 64')).toEqual(request)
    const told = { op: 'target-resistance-changed', resistanceLevel: 10 } as const
    expect([toHex(encodeMachineStatus(told)), toHex(encodeMachineStatus(told, { isShort: true }))]).toEqual([
      '076400',
      '0764',
    ])
    for (const hex of ['0a0096000a00', '011401'])
      expect(toHex(encodeResistanceRange(read(decodeResistanceRange, hex)))).toBe(hex)
    expect(decodeResistanceRange(bytes('96 00 0a 00 0a 00'))).toEqual({ ok: false, error: 'out-of-range' })
  })

  test('a spin-down: asked, the speeds it answers, and every status of it', () => {
    expect(toHex(encodeControlRequest({ op: 'spin-down', startOrIgnore: 1 }))).toBe('1301')
    const speeds = encodeSpinDownSpeeds({ lowKmh: 36, highKmh: 60 })
    const answer = encodeControlAnswer(0x13, 'success', speeds)
    expect(toHex(answer)).toBe('801301100e7017')
    const got = read(decodeControlAnswer, toHex(answer))
    expect(decodeSpinDownSpeeds(got.parameters)).toEqual({ ok: true, value: { lowKmh: 36, highKmh: 60 } })
    expect(decodeSpinDownSpeeds(bytes('7017100e'))).toEqual({ ok: false, error: 'out-of-range' })
    for (const spinDown of Object.values(SPIN_DOWN_STATUS))
      expect(read(decodeMachineStatus, `140${spinDown}`)).toEqual({ op: 'spin-down', spinDown })
    expect(read(decodeMachineStatus, 'ff')).toEqual({ op: 'control-lost' })
  })

  test('every operation of the control point and every status has its code', () => {
    const known = (decode: (given: Uint8Array) => Decoded<unknown>) =>
      Array.from({ length: 256 }, (_, code) => code).filter((code) => {
        const got = decode(Uint8Array.of(code))
        return got.ok || got.error !== 'unknown-kind'
      })
    expect(known(decodeControlRequest)).toEqual(Array.from({ length: 0x15 }, (_, code) => code))
    expect(known(decodeMachineStatus)).toEqual([...Array.from({ length: 0x15 }, (_, code) => code + 1), 0xff])
    const zones = { op: 'set-target-times-in-2-zones', fatS: 600, fitnessS: 1200 } as const
    expect(toHex(encodeControlRequest(zones))).toBe('0e5802b004')
  })

  test('what a machine thinks its rider does, in its own words', () => {
    expect(read(decodeTrainingStatus, '00 0d')).toEqual({ status: 'manual' })
    const said = { status: 'watt-control', text: '220 W, größer' } as const
    expect(read(decodeTrainingStatus, toHex(encodeTrainingStatus(said)))).toEqual(said)
    expect(decodeTrainingStatus(bytes('01 0c ff'))).toEqual({ ok: false, error: 'bad-text' })
  })
})

describe('power meters', () => {
  test('watts may be negative, angles are two times twelve bits', () => {
    expect(read(decodeCyclingPower, '00 01 ce ff 5a f0 10')).toEqual({ powerW: -50, angleMaxDeg: 90, angleMinDeg: 271 })
  })

  test('all 2¹³ sets of flags come back as they went', () => {
    const wrong: number[] = []
    for (let flags = 0; flags < 2 ** 13; flags++) {
      const value = { powerW: flags - 4096 } as Parameters<typeof encodeCyclingPower>[0]
      if (flags & 0x0001) value.balancePercent = 48.5
      if (flags & 0x0002) value.isBalanceFromLeft = true
      if (flags & 0x0004) value.accumulatedTorque32 = 65_535
      if (flags & 0x0008) value.isTorqueFromCrank = true
      if (flags & 0x0010) Object.assign(value, { wheelRevolutions: 4_294_967_295, wheelTime2048: 12 })
      if (flags & 0x0020) Object.assign(value, { crankRevolutions: 9, crankTime1024: 77 })
      if (flags & 0x0040) Object.assign(value, { forceMaxN: 500, forceMinN: -20 })
      if (flags & 0x0080) Object.assign(value, { torqueMaxNm: 40.5, torqueMinNm: -1.25 })
      if (flags & 0x0100) Object.assign(value, { angleMaxDeg: 90, angleMinDeg: 271 })
      if (flags & 0x0200) value.topDeadSpotDeg = 5
      if (flags & 0x0400) value.bottomDeadSpotDeg = 185
      if (flags & 0x0800) value.energyKj = 800
      if (flags & 0x1000) value.isOffsetIndicated = true
      const encoded = encodeCyclingPower(value)
      const got = decodeCyclingPower(encoded)
      if ((encoded[0]! | (encoded[1]! << 8)) !== flags || !got.ok) wrong.push(flags)
      else if (Object.entries(value).some(([name, v]) => got.value[name as 'powerW'] !== v)) wrong.push(flags)
      else if (Object.keys(got.value).length !== Object.keys(value).length) wrong.push(flags)
    }
    expect(wrong).toEqual([])
  })

  test('the zero of a meter: asked, and answered with −12', () => {
    expect(toHex(encodePowerRequest({ op: 'compensate-offset' }))).toBe('0c')
    expect(read(decodePowerAnswer, '20 0c 01 f4 ff')).toEqual({ requestCode: 0x0c, result: 'success', value: -12 })
    expect(read(decodePowerAnswer, '20 0c 02')).toEqual({ requestCode: 0x0c, result: 'not-supported' })
  })
})

describe('trainers with a way of their own', () => {
  test('[B25] a page over Bluetooth with a wrong checksum is taken, and counted', () => {
    const pages = new TacxPages()
    expect(toHex(pages.take(bytes('a4094e05101900000000303534'))!)).toBe('1019000000003035')
    expect(pages.badChecksums).toBe(1)
    expect(toHex(pages.take(encodeTacxPage(bytes('1019000000003035')))!)).toBe('1019000000003035')
    expect(pages.take(bytes('a4094e0510190000000030'))).toBeUndefined()
    expect([pages.badChecksums, pages.refused]).toEqual([1, 1])
  })

  test('[B25] the flat, and 200 W, as they are written to a Tacx trainer', () => {
    const flat = encodeFitnessEquipment({ page: 51, gradeFraction: 0, crr: 0.0033 })
    expect(toHex(encodeTacxCommand(flat))).toBe('a4094f0533ffffffff204e42f8')
    const frame = encodeTacxCommand(encodeFitnessEquipment({ page: 49, powerW: 200 }))
    expect(read(decodeFitnessEquipment, toHex(frame.slice(4, 12)))).toEqual({ page: 49, powerW: 200 })
  })

  test("Wahoo's extension: what unlocks it, a share of resistance, a grade, and its answers", () => {
    expect(toHex(encodeWahooRequest(WAHOO_UNLOCK))).toBe('20eefc')
    expect(toHex(encodeWahooRequest({ op: 'set-resistance', share: 0.25 }))).toBe('40ff2f')
    expect(toHex(encodeWahooRequest({ op: 'set-resistance', share: 1 }))).toBe('400000')
    expect(toHex(encodeWahooRequest({ op: 'set-grade', gradeFraction: -0.005 }))).toBe('465c7f')
    expect(toHex(encodeWahooRequest({ op: 'set-crr', crr: 0.004 }))).toBe('442800')
    const answer = { requestCode: wahooCode('set-power'), isOk: true, value: 50 }
    expect(toHex(encodeWahooAnswer(answer))).toBe('014201003200')
    expect(read(decodeWahooAnswer, '01 42 01 00 32 00')).toEqual(answer)
  })
})

describe('OpenBikeControl', () => {
  test('several actions in one press are pairs, whole ones only', () => {
    expect(read(decodeButtonStates, '01 01 01 30 01').map(({ name }) => name)).toEqual(['shift-up', 'harder'])
    expect(decodeButtonStates(bytes('01 01 01 30'))).toEqual({ ok: false, error: 'odd-pair-list' })
  })

  test('knobs mean something by the button that has them', () => {
    expect(buttonValue({ id: 0x03, state: 0x0d })).toEqual({ position: 12 })
    expect(buttonValue({ id: 0x1a, state: 1 })).toEqual({ brake: 1 })
    expect(buttonValue({ id: 0x1a, state: 0xff })).toEqual({ brake: 2 })
    expect(buttonValue({ id: 0x1b, state: 0x94 })).toEqual({ steerDeg: 10 })
    expect(buttonValue({ id: 0x1b, state: 0x77 })).toEqual({ steerDeg: -4.5 })
    expect(buttonValue({ id: 0x3c, state: 0x64 })).toEqual({ targetW: 500 })
    expect(buttonValue({ id: 0x3c, state: 1 })).toEqual({ isPressed: true })
    // Released, kept for later, not to be used.
    for (const [id, state] of [
      [1, 0],
      [0x03, 1],
      [0x1b, 1],
      [0x1b, 0xff],
      [0x3c, 5],
    ] as const)
      expect(buttonValue({ id, state })).toBeUndefined()
  })

  test('a status, a buzz and who speaks', () => {
    expect(read(decodeControllerMessage, '02 55 01')).toEqual({ type: 'status', batteryPercent: 85, isReady: true })
    const buzz = { type: 'haptic', pattern: 'double', durationMs: 200, intensity: 128 } as const
    expect(toHex(encodeControllerMessage(buzz))).toBe('03021480')
    const app = {
      kind: 'app',
      id: 'gruppetto',
      version: '0.1.0',
      buttonIds: [1, 2],
      hints: [{ id: 32, label: 'Hé' }],
    } as const
    expect(toHex(encodeAppInformation(app))).toBe('0401020967727570706574746f05302e312e3002010201200348c3a9')
    expect(read(decodeAppInformation, toHex(encodeAppInformation(app)))).toEqual(app)
    // A name too long is cut between two letters.
    const long = read(decodeAppInformation, toHex(encodeAppInformation({ ...app, id: 'ä'.repeat(40) })))
    expect(long.id).toBe('ä'.repeat(16))
  })
})

test('[B28] what is no number is written as the flat, no watts, no value: never as the far end of a range', () => {
  for (const broken of [Number.NaN, Infinity, -Infinity]) {
    const flat = { op: 'set-simulation', windMps: 0, gradeFraction: 0, crr: 0, cwKgpm: 0 } as const
    expect(encodeControlRequest({ ...flat, gradeFraction: broken, windMps: broken })).toEqual(
      encodeControlRequest(flat),
    )
    expect(toHex(encodeControlRequest({ op: 'set-target-power', powerW: broken }))).toBe('050000')
    expect(toHex(encodeWahooRequest({ op: 'set-grade', gradeFraction: broken }))).toBe('460080')
    expect(toHex(encodeWahooRequest({ op: 'set-wind', windMps: broken }))).toBe('470080')
    expect(toHex(encodeWahooRequest({ op: 'set-resistance', share: broken }))).toBe('40ff3f')
    // FFFF and FF are "no value" there, which a trainer takes for the flat and its own rolling resistance.
    expect(toHex(encodeFitnessEquipment({ page: 51, gradeFraction: broken, crr: broken }))).toBe('33ffffffffffffff')
    expect(toHex(encodeFitnessEquipment({ page: 49, powerW: broken }))).toBe('31ffffffffff0000')
  }
  // Beyond a range is its end.
  expect(toHex(encodeControlRequest({ op: 'set-target-power', powerW: 1e9 }))).toBe('05ff7f')
  expect(toHex(encodeFitnessEquipment({ page: 51, gradeFraction: -9 }))).toBe('33ffffffff0000ff')
})
