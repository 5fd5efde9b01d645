import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../bytes.ts'
import type { Decoded } from '../decoded.ts'
import {
  BICYCLE_POWER_PAGES,
  CALIBRATION,
  decodeBicyclePower,
  encodeBicyclePower,
  torqueFrequencyOffset,
} from './bicycle-power.ts'
import { batteryPercent, COMMON_PAGES, decodeCommonPage, encodeCommonPage } from './common.ts'
import { controlCommand, CONTROLS_PAGES, decodeControls, encodeControls } from './controls.ts'
import { decodeFitnessEquipment, encodeFitnessEquipment, FITNESS_EQUIPMENT_PAGES } from './fitness-equipment.ts'
import { decodeHeartRatePage, encodeHeartRatePage } from './heart-rate.ts'
import { decodeShifting, encodeShifting, SHIFTING_PAGES } from './shifting.ts'
import {
  decodeSpeedCadencePage,
  decodeTurnsPage,
  encodeSpeedCadencePage,
  encodeTurnsPage,
  type TurnsPage,
} from './speed-cadence.ts'

/** The value of a page given as a person reads it off a log. */
function read<T>(decode: (bytes: Uint8Array) => Decoded<T>, hex: string): T {
  const got = decode(fromHex(hex.replaceAll(' ', ''))!)
  if (!got.ok) throw new Error(got.error)
  return got.value
}

test('[B20] every page the profiles name is in its table', () => {
  const numbers = (rows: readonly { readonly page: number }[]) => rows.map(({ page }) => page)
  const common = [70, 71, 80, 81, 82]
  expect(numbers(COMMON_PAGES)).toEqual(common)
  expect(numbers(FITNESS_EQUIPMENT_PAGES)).toEqual([1, 2, 16, 17, 25, 26, 48, 49, 50, 51, 54, 55, ...common])
  expect(numbers(BICYCLE_POWER_PAGES)).toEqual([0x01, 0x02, 0x10, 0x11, 0x12, 0x13, 0x20, ...common])
  expect(numbers(CONTROLS_PAGES)).toEqual([2, 73, ...common])
  expect(numbers(SHIFTING_PAGES)).toEqual([1, ...common])
})

describe('pages, byte by byte', () => {
  test('a request for page 71, answered once, and its answer to command 5 of page 49', () => {
    const request = { page: 70, descriptor1: 0xff, descriptor2: 0xff, times: 4, requestedPage: 71, command: 1 } as const
    expect(toHex(encodeCommonPage(request))).toBe('46ffffffff044701')
    expect(read(decodeCommonPage, '47 31 05 00 ff ff 90 01')).toEqual({
      page: 71,
      lastPage: 49,
      sequence: 5,
      commandStatus: 0,
      echo: 0x0190ffff,
    })
    expect(read(decodeCommonPage, '47 ff ff ff ff ff ff ff')).toEqual({ page: 71, echo: 0xffffffff })
  })

  test('a battery: the second of three, 3.5 V, low', () => {
    const page = read(decodeCommonPage, '52 ff 13 10 00 00 80 c3')
    expect(page).toEqual({
      page: 82,
      batteryCount: 3,
      batteryIndex: 1,
      operatingTicks: 16,
      batteryFractionV: 0.5,
      batteryWholeV: 3,
      batteryStatus: 4,
      isTickShort: 1,
    })
    expect([{ batteryStatus: 4 }, {}, { batteryStatus: 7 }, { batteryStatus: 6 }].map(batteryPercent)).toEqual([
      25,
      ...[undefined, undefined, undefined],
    ])
    // A battery without a number says nothing of others.
    expect(read(decodeCommonPage, '52 ff ff 10 00 00 80 23')).not.toHaveProperty('batteryIndex')
  })

  test('a press of "lap" on a remote, and what is controlled saying that it takes generic commands', () => {
    const press = read(decodeControls, '49 34 12 ff ff 07 24 00')
    expect(press).toEqual({ page: 73, remoteSerial: 0x1234, sequence: 7, command: 36 })
    expect(controlCommand(36)).toBe('lap')
    expect([controlCommand(0x8001), controlCommand(7), controlCommand(undefined)]).toEqual([
      'custom',
      undefined,
      undefined,
    ])
    expect(toHex(encodeControls({ page: 2, takesGeneric: 1 }))).toBe('0200000000000010')
  })

  test('the twelfth of twelve behind, the big one of two in front', () => {
    const page = { page: 1, eventCount: 9, rearGear: 11, frontGear: 1, rearGears: 12, frontGears: 2 } as const
    const bytes = encodeShifting(page)
    expect(toHex(bytes)).toBe('0109ff2b4c000000')
    expect(read(decodeShifting, toHex(bytes))).toMatchObject(page)
    // 31 and 7 are no gears.
    expect(read(decodeShifting, '01 09 ff ff 00 00 00 00')).not.toHaveProperty('rearGear')
  })

  test('speed and cadence in one, as captured', () => {
    const page = read(decodeSpeedCadencePage, 'e1 68 23 00 a8 68 8f 00')
    expect(page).toEqual({ crankTime1024: 26_849, crankRevolutions: 35, wheelTime1024: 26_792, wheelRevolutions: 143 })
    expect(toHex(encodeSpeedCadencePage(page))).toBe('e1682300a8688f00')
  })

  test('a counter of one: every page brings its turns, and each background page its own', () => {
    const turns = { toggle: 1, time1024: 1024, revolutions: 500 }
    const pages: TurnsPage[] = [
      { page: 0, ...turns },
      { page: 1, ...turns, operatingTimeS: 7200 },
      { page: 2, ...turns, manufacturerLsb: 32, serial: 54_321 },
      { page: 3, ...turns, hardware: 1, software: 2, model: 3 },
      { page: 4, ...turns, batteryFractionV: 0.25, batteryWholeV: 3, batteryStatus: 2 },
      { page: 5, ...turns, isStill: 1 },
    ]
    for (const page of pages) expect(read(decodeTurnsPage, toHex(encodeTurnsPage(page)))).toEqual(page)
    expect(read(decodeTurnsPage, '84 ff 40 23 00 04 f4 01')).toEqual(pages[4])
    // A page nobody knows still counts turns.
    expect(read(decodeTurnsPage, '8f ff ff ff 00 04 f4 01')).toEqual({ page: 15, ...turns })
  })

  test('a heart with its battery', () => {
    const page = read(decodeHeartRatePage, '87 50 80 32 00 04 0a 48')
    expect(page).toMatchObject({
      page: 7,
      batteryPercent: 80,
      batteryFractionV: 0.5,
      batteryWholeV: 2,
      batteryStatus: 3,
    })
    expect(toHex(encodeHeartRatePage(page))).toBe('8750803200040a48')
  })

  test('the calibration of a meter: asked, done with −12; a crank of 172.5 mm', () => {
    const ask = encodeBicyclePower({ page: 1, calibrationId: CALIBRATION.zeroNow, offset: -1 })
    expect(toHex(ask)).toBe('01aaffffffffffff')
    expect(read(decodeBicyclePower, '01 ac 01 ff ff ff f4 ff')).toEqual({
      page: 1,
      calibrationId: CALIBRATION.done,
      autoZero: 1,
      offset: -12,
    })
    expect(read(decodeBicyclePower, '02 01 ff ff 7d ff ff ff')).toEqual({ page: 2, subPage: 1, crankLengthMm: 172.5 })
  })

  test('torque as a frequency has its high bytes first', () => {
    expect(read(decodeBicyclePower, '20 05 00 d7 0f a0 12 34')).toEqual({
      page: 0x20,
      eventCount: 5,
      slopeNmPerHz: 21.5,
      time2000: 4000,
      torqueTicks: 0x1234,
    })
    const offset = read(decodeBicyclePower, '01 10 01 ff ff ff 01 f4')
    expect(torqueFrequencyOffset((offset as { offset: number }).offset)).toBe(500)
  })

  test('a spin-down of a trainer: asked, target 33 km/h and 10 s, done in 9.8 s', () => {
    expect(toHex(encodeFitnessEquipment({ page: 1, hasSpinDown: 1 }))).toBe('018000ffffffffff')
    const going = read(decodeFitnessEquipment, '02 80 00 5a cf 23 10 27')
    expect(going).toMatchObject({ page: 2, isSpinDownPending: 1, temperatureC: 20, targetSpeedMps: 9.167 })
    expect(going).toMatchObject({ targetSpinDownMs: 10_000, isZeroOffsetPending: 0 })
    expect(read(decodeFitnessEquipment, '01 80 00 5a ff ff 48 26')).toEqual({
      page: 1,
      hasZeroOffset: 0,
      hasSpinDown: 1,
      temperatureC: 20,
      spinDownMs: 9800,
    })
  })
})
