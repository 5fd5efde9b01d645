import { BICYCLE_POWER_PERIOD, BICYCLE_POWER_TYPE, encodeBicyclePower } from '../../core/pages/bicycle-power.ts'
import { encodeCommonPage } from '../../core/pages/common.ts'
import { CONTROL_COMMANDS, type ControlCommand, CONTROLS_TYPE, encodeControls } from '../../core/pages/controls.ts'
import { encodeHeartRatePage, HEART_RATE_PERIOD, HEART_RATE_TYPE } from '../../core/pages/heart-rate.ts'
import { encodeShifting, SHIFTING_PERIOD, SHIFTING_TYPE } from '../../core/pages/shifting.ts'
import {
  CADENCE_PERIOD,
  CADENCE_TYPE,
  encodeSpeedCadencePage,
  encodeTurnsPage,
  SPEED_CADENCE_PERIOD,
  SPEED_CADENCE_TYPE,
} from '../../core/pages/speed-cadence.ts'
import type { FakeAir, FakeMaster } from './air.ts'

/** Devices that only transmit. What they measure is set by whoever made them, between two pages. */
export interface FakeSensor<T> extends FakeMaster {
  readonly now: T
}

const PERIODS_PER_S = 32_768
const BACKGROUND_EVERY = 65
const INDEPENDENT = 5

function sensor<T>(
  made: { readonly type: number; readonly period: number; readonly number: number; readonly now: T },
  page: (now: T, turn: number) => Uint8Array,
): FakeSensor<T> {
  let turn = 0
  return {
    ...{ deviceNumber: made.number, deviceType: made.type, transmissionType: INDEPENDENT, period32768: made.period },
    now: made.now,
    next: () => page(made.now, turn++),
  }
}

export interface PowerNow {
  powerW: number
  cadenceRpm: number
  /** 1 new … 5 critical. */
  batteryStatus?: number
}

/** A power meter that counts an event a page, and tells of its battery now and then. */
export function fakePowerMeter(number: number, now: PowerNow): FakeSensor<PowerNow> {
  let events = 0
  let sumW = 0
  return sensor({ type: BICYCLE_POWER_TYPE, period: BICYCLE_POWER_PERIOD, number, now }, (now, turn) => {
    const { powerW, cadenceRpm, batteryStatus } = now
    if (batteryStatus !== undefined && turn % BACKGROUND_EVERY === 3)
      return encodeCommonPage({ page: 82, batteryStatus })
    events = (events + 1) & 0xff
    sumW = (sumW + powerW) & 0xffff
    return encodeBicyclePower({ page: 0x10, eventCount: events, cadenceRpm, accumulatedPowerW: sumW, powerW })
  })
}

export interface HeartNow {
  heartRateBpm: number
  batteryPercent?: number
}

export function fakeStrap(number: number, now: HeartNow): FakeSensor<HeartNow> {
  return sensor({ type: HEART_RATE_TYPE, period: HEART_RATE_PERIOD, number, now }, (now, turn) => {
    const { heartRateBpm, batteryPercent } = now
    const beats = Math.floor((turn * HEART_RATE_PERIOD * heartRateBpm) / PERIODS_PER_S / 60)
    const beat = { toggle: (turn >> 2) & 1, beatCount: beats & 0xff, heartRateBpm }
    const beatTime1024 = Math.floor((beats * 60 * 1024) / Math.max(1, heartRateBpm)) & 0xffff
    if (batteryPercent !== undefined && turn % BACKGROUND_EVERY === 3)
      return encodeHeartRatePage({ page: 7, ...beat, beatTime1024, batteryPercent })
    return encodeHeartRatePage({ page: 0, ...beat, beatTime1024 })
  })
}

export interface CrankNow {
  cadenceRpm: number
}

/** Whole turns and the moment of the last one, as a magnet counts them. */
function crankCounter(period32768: number): (cadenceRpm: number) => { revolutions: number; time1024: number } {
  let turns = 0
  let timeS = 0
  return (cadenceRpm) => {
    const before = turns
    turns += (cadenceRpm / 60) * (period32768 / PERIODS_PER_S)
    const whole = Math.floor(turns) - Math.floor(before)
    if (cadenceRpm > 0) timeS += (whole * 60) / cadenceRpm
    return { revolutions: Math.floor(turns) & 0xffff, time1024: Math.floor(timeS * 1024) & 0xffff }
  }
}

export function fakeCadence(number: number, now: CrankNow): FakeSensor<CrankNow> {
  const count = crankCounter(CADENCE_PERIOD)
  return sensor({ type: CADENCE_TYPE, period: CADENCE_PERIOD, number, now }, (now, turn) =>
    encodeTurnsPage({ page: 0, toggle: (turn >> 2) & 1, ...count(now.cadenceRpm) }),
  )
}

export function fakeSpeedCadence(number: number, now: CrankNow): FakeSensor<CrankNow> {
  const count = crankCounter(SPEED_CADENCE_PERIOD)
  return sensor({ type: SPEED_CADENCE_TYPE, period: SPEED_CADENCE_PERIOD, number, now }, (now) => {
    const { revolutions: crankRevolutions, time1024: crankTime1024 } = count(now.cadenceRpm)
    return encodeSpeedCadencePage({ crankTime1024, crankRevolutions, wheelTime1024: 0, wheelRevolutions: 0 })
  })
}

export interface GearNow {
  rearGear: number
  frontGear: number
}

export function fakeShifters(number: number, now: GearNow): FakeSensor<GearNow> {
  let eventCount = 0
  let said = { ...now }
  return sensor({ type: SHIFTING_TYPE, period: SHIFTING_PERIOD, number, now }, (now) => {
    if (said.rearGear !== now.rearGear || said.frontGear !== now.frontGear) eventCount = (eventCount + 1) & 0xff
    said = { ...now }
    return encodeShifting({ page: 1, eventCount, ...now, rearGears: 12, frontGears: 2 })
  })
}

/** Handlebar buttons, paired with the controllable device of this number. False: nobody took the press. */
export class FakeRemote {
  readonly #air: FakeAir
  readonly #serial: number
  readonly #pairedWith: number
  #sequence = 0

  constructor(air: FakeAir, serial: number, pairedWith: number) {
    this.#air = air
    this.#serial = serial
    this.#pairedWith = pairedWith
  }

  press(command: ControlCommand): boolean {
    this.#sequence = (this.#sequence + 1) & 0xff
    return this.again(command)
  }

  /** The same press said again, as remotes do when they are not sure. */
  again(command: ControlCommand): boolean {
    const page = encodeControls({
      ...{ page: 73, remoteSerial: this.#serial, remoteManufacturer: 255, sequence: this.#sequence },
      command: CONTROL_COMMANDS[command],
    })
    return this.#air.press(CONTROLS_TYPE, this.#pairedWith, page)
  }
}
