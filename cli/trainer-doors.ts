import { AntBursts } from '#bridges/core/ant-burst'
import { decodeAntFrame, encodeAntFrame } from '#bridges/core/ant-frame'
import { AntFramer } from '#bridges/core/ant-framer'
import { decodeAntMessage, encodeAntMessage } from '#bridges/core/ant-message'
import { decodeAntPage, encodeAntPage } from '#bridges/core/ant-page'
import { type Decoded, decoded, refused } from '#bridges/core/decoded'
import { HeartBeats } from '#bridges/core/heart-beats'
import { BICYCLE_POWER_PAGES, decodeBicyclePower, encodeBicyclePower } from '#bridges/core/pages/bicycle-power'
import { COMMON_PAGES, decodeCommonPage, encodeCommonPage } from '#bridges/core/pages/common'
import { CONTROLS_PAGES, decodeControls, encodeControls } from '#bridges/core/pages/controls'
import {
  decodeFitnessEquipment,
  encodeFitnessEquipment,
  FITNESS_EQUIPMENT_PAGES,
} from '#bridges/core/pages/fitness-equipment'
import { decodeHeartRatePage, encodeHeartRatePage } from '#bridges/core/pages/heart-rate'
import { decodeShifting, encodeShifting, SHIFTING_PAGES } from '#bridges/core/pages/shifting'
import {
  decodeSpeedCadencePage,
  decodeTurnsPage,
  encodeSpeedCadencePage,
  encodeTurnsPage,
} from '#bridges/core/pages/speed-cadence'
import { decodeBatteryLevel, encodeBatteryLevel } from '#bridges/core/profiles/battery'
import { decodeBodyTemperature, encodeBodyTemperature } from '#bridges/core/profiles/body-temperature'
import {
  decodeControlAnswer,
  decodeControlRequest,
  decodeSpinDownSpeeds,
  encodeControlAnswer,
  encodeControlRequest,
  encodeSpinDownSpeeds,
  type ControlAnswer,
} from '#bridges/core/profiles/control-point'
import { decodeCyclingPower, encodeCyclingPower } from '#bridges/core/profiles/cycling-power'
import { decodeHeartRate, encodeHeartRate } from '#bridges/core/profiles/heart-rate'
import { decodeIndoorBikeData, encodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { IndoorBikeMerger } from '#bridges/core/profiles/indoor-bike-merger'
import {
  decodeInclineRange,
  decodeMachineFeature,
  decodePowerRange,
  decodeResistanceRange,
  decodeSpeedRange,
  encodeInclineRange,
  encodePowerRange,
  encodeResistanceRange,
  encodeSpeedRange,
} from '#bridges/core/profiles/machine-feature'
import { decodeMachineStatus, encodeMachineStatus } from '#bridges/core/profiles/machine-status'
import {
  decodeAppInformation,
  decodeButtonStates,
  decodeControllerMessage,
  encodeAppInformation,
  encodeButtonStates,
  encodeControllerMessage,
} from '#bridges/core/profiles/open-bike-control'
import {
  decodePowerAnswer,
  decodePowerFeature,
  decodePowerRequest,
  decodeSensorLocation,
  encodePowerAnswer,
  encodePowerRequest,
  encodeSensorLocation,
} from '#bridges/core/profiles/power-feature'
import {
  decodeSpeedCadence,
  decodeSpeedCadenceFeature,
  encodeSpeedCadence,
  encodeSpeedCadenceFeature,
} from '#bridges/core/profiles/speed-cadence'
import { decodeTacx, encodeTacxPage, TacxPages } from '#bridges/core/profiles/tacx'
import { decodeTrainingStatus, encodeTrainingStatus } from '#bridges/core/profiles/training-status'
import {
  decodeWahooAnswer,
  decodeWahooRequest,
  encodeWahooAnswer,
  encodeWahooRequest,
} from '#bridges/core/profiles/wahoo'
import { AccumulatedPower, CRANK_OPTIONS, Revolutions, WHEEL_OPTIONS } from '#bridges/core/revolutions'
import { TorqueFrequency, TorqueSum } from '#bridges/core/torque'

/** A way in for bytes of devices. */
export interface Door {
  readonly name: string
  readonly decode: (bytes: Uint8Array) => Decoded<unknown>
  /** What was decoded can be said again: so every value was in range. Absent where a decoder keeps state. */
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
const APP = encodeAppInformation({
  kind: 'app',
  id: 'gruppetto',
  version: '0.1.0',
  buttonIds: [1, 2, 0x1b],
  hints: [{ id: 0x20, label: 'Grüße' }],
})
const TURNS = [
  bytes(3, 0x2d, 6, 0, 0, 0xa3, 0xa9, 0x90, 0x0a, 0x28, 0x9f),
  bytes(3, 0x2e, 6, 0, 0, 0xa3, 0xad, 0x91, 0x0a, 0x28, 0xa3),
]

const pagesOf = (table: readonly { readonly page: number }[]): Uint8Array[] =>
  table.map(({ page }) => bytes(page, 0x19, 0x78, 0x32, 0x88, 0x13, 0x22, 0x30))

const SENDER = { deviceNumber: 456, deviceType: 11, transmissionType: 5 }
const PAGE = bytes(0x10, 0x23, 0xa9, 0x49, 0x6a, 0x23, 0xf5, 0)
const FRAMES = [
  encodeAntPage({ channel: 0, sender: SENDER }, PAGE),
  encodeAntPage({ channel: 1, sender: SENDER, rssiDbm: -61, time32768: 9000 }, PAGE),
  encodeAntFrame(0x40, bytes(0, 0x46, 0)),
  encodeAntFrame(0x42, bytes(0, 0, 0, 0x10)),
  encodeAntMessage('burst', { sequenceAndChannel: 0 }, PAGE),
  encodeAntMessage('burst', { sequenceAndChannel: 0xa0 }, PAGE),
]

/** One function per message: bytes in, checked values out, and back. */
const DECODERS: readonly Door[] = [
  { name: 'indoor bike data', decode: decodeIndoorBikeData, encode: encodeIndoorBikeData, valid: [FULL_BIKE] },
  {
    name: 'control point request',
    decode: decodeControlRequest,
    encode: encodeControlRequest,
    valid: [
      bytes(0),
      bytes(5, 0x2c, 1),
      encodeControlRequest({ op: 'set-simulation', windMps: -2.5, gradeFraction: -0.031, crr: 0.004, cwKgpm: 0.51 }),
      encodeControlRequest({ op: 'set-target-resistance', resistanceLevel: 12 }, { isShort: true }),
      encodeControlRequest({ op: 'spin-down', startOrIgnore: 1 }),
    ],
  },
  {
    name: 'control point answer',
    decode: decodeControlAnswer,
    encode: (v: ControlAnswer) => encodeControlAnswer(v.requestCode, v.result, v.parameters),
    valid: [bytes(0x80, 0x11, 1), bytes(0x80, 0x13, 1, 0x10, 0x0e, 0x70, 0x17)],
  },
  {
    name: 'spin-down speeds',
    decode: decodeSpinDownSpeeds,
    encode: encodeSpinDownSpeeds,
    valid: [bytes(0x10, 0x0e, 0x70, 0x17)],
  },
  {
    name: 'machine status',
    decode: decodeMachineStatus,
    encode: encodeMachineStatus,
    valid: [bytes(0xff), bytes(0x12, 0, 0, 0, 0, 0x24, 0x23), bytes(8, 0x60, 0), bytes(0x14, 4), bytes(7, 100)],
  },
  {
    name: 'training status',
    decode: decodeTrainingStatus,
    encode: encodeTrainingStatus,
    valid: [bytes(0, 13), encodeTrainingStatus({ status: 'watt-control', text: 'ERG, 220 W · Ω' })],
  },
  {
    name: 'machine feature',
    decode: decodeMachineFeature,
    valid: [bytes(0x82, 0x40, 0, 0, 0x0c, 0xa0, 0, 0)],
  },
  { name: 'power range', decode: decodePowerRange, encode: encodePowerRange, valid: [bytes(1, 0, 0xe8, 3, 5, 0)] },
  {
    name: 'resistance range',
    decode: decodeResistanceRange,
    encode: encodeResistanceRange,
    valid: [bytes(10, 0, 150, 0, 10, 0), bytes(1, 20, 1)],
  },
  { name: 'speed range', decode: decodeSpeedRange, encode: encodeSpeedRange, valid: [bytes(0, 0, 0xa0, 0x0f, 10, 0)] },
  {
    name: 'incline range',
    decode: decodeInclineRange,
    encode: encodeInclineRange,
    valid: [bytes(0x9c, 0xff, 200, 0, 5, 0)],
  },
  { name: 'cycling power', decode: decodeCyclingPower, encode: encodeCyclingPower, valid: [FULL_POWER] },
  {
    name: 'cycling power feature',
    decode: decodePowerFeature,
    valid: [bytes(0x0d, 0x12, 0, 0)],
  },
  { name: 'sensor location', decode: decodeSensorLocation, encode: encodeSensorLocation, valid: [bytes(15)] },
  {
    name: 'cycling power request',
    decode: decodePowerRequest,
    encode: encodePowerRequest,
    valid: [bytes(0x0c), bytes(0x04, 0x5a, 1), bytes(5)],
  },
  {
    name: 'cycling power answer',
    decode: decodePowerAnswer,
    encode: encodePowerAnswer,
    valid: [bytes(0x20, 0x0c, 1, 0xf4, 0xff), bytes(0x20, 0x0c, 4)],
  },
  {
    name: 'speed and cadence',
    decode: decodeSpeedCadence,
    encode: encodeSpeedCadence,
    valid: TURNS,
  },
  {
    name: 'speed and cadence feature',
    decode: decodeSpeedCadenceFeature,
    encode: encodeSpeedCadenceFeature,
    valid: [bytes(3, 0)],
  },
  {
    name: 'heart rate',
    decode: decodeHeartRate,
    encode: encodeHeartRate,
    valid: [bytes(0x16, 0x48, 0x54, 1, 0xec, 2), bytes(0x0f, 0x2c, 1, 7, 0)],
  },
  { name: 'battery level', decode: decodeBatteryLevel, encode: encodeBatteryLevel, valid: [bytes(87)] },
  {
    name: 'tacx frame',
    decode: decodeTacx,
    valid: [encodeTacxPage(PAGE), bytes(0xa4, 9, 0x4e, 5, 0x10, 0x19, 0, 0, 0, 0, 0x30, 0x35, 0x34)],
  },
  {
    name: 'wahoo request',
    decode: decodeWahooRequest,
    encode: encodeWahooRequest,
    valid: [bytes(0x46, 0x3d, 0x8a), bytes(0x43, 0xe8, 0x1c, 0x28, 0, 0xe0, 1), bytes(0x40, 0, 0x20)],
  },
  {
    name: 'wahoo answer',
    decode: decodeWahooAnswer,
    encode: encodeWahooAnswer,
    valid: [bytes(1, 0x42, 1, 0, 0x32, 0)],
  },
  {
    name: 'body temperature',
    decode: decodeBodyTemperature,
    encode: encodeBodyTemperature,
    valid: [bytes(0x17, 0xe4, 0x0e, 7, 0x0f, 0, 0, 0x13, 0x82)],
  },
  { name: 'buttons', decode: decodeButtonStates, encode: encodeButtonStates, valid: [bytes(1, 1, 1, 2, 0)] },
  { name: 'app information', decode: decodeAppInformation, encode: encodeAppInformation, valid: [APP] },
  {
    name: 'controller message',
    decode: decodeControllerMessage,
    encode: encodeControllerMessage,
    valid: [bytes(1, 0x1b, 0x94), bytes(2, 85, 1), bytes(3, 2, 20, 128), APP],
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
    valid: pagesOf([{ page: 0 }, { page: 1 }, { page: 0x82 }, { page: 4 }, { page: 7 }]),
  },
  {
    name: 'speed and cadence page',
    decode: decodeSpeedCadencePage,
    encode: encodeSpeedCadencePage,
    valid: pagesOf([{ page: 0xe1 }]),
  },
  {
    name: 'speed or cadence pages',
    decode: decodeTurnsPage,
    encode: encodeTurnsPage,
    valid: pagesOf([0, 1, 2, 3, 4, 5, 0x84].map((page) => ({ page }))),
  },
  { name: 'controls pages', decode: decodeControls, encode: encodeControls, valid: pagesOf(CONTROLS_PAGES) },
  { name: 'shifting pages', decode: decodeShifting, encode: encodeShifting, valid: pagesOf(SHIFTING_PAGES) },
  { name: 'common pages', decode: decodeCommonPage, encode: encodeCommonPage, valid: pagesOf(COMMON_PAGES) },
  {
    name: 'ant frame with a page',
    decode: (given) => {
      const frame = decodeAntFrame(given)
      if (!frame.ok) return frame
      const page = decodeAntPage(frame.value)
      return page.ok ? page : decodeAntMessage(frame.value)
    },
    valid: FRAMES,
  },
]

/** What keeps state from message to message: made anew for each run, so that a run can be repeated. */
const MEMORIES: readonly (() => Door)[] = [
  () => {
    const merger = new IndoorBikeMerger()
    const decode = (given: Uint8Array) =>
      merger.take(given) === 'refused' ? refused('too-short') : decoded(merger.latest)
    return { name: 'records of a bike', decode, valid: [FULL_BIKE, bytes(0x41, 0, 0xf7, 0), bytes(4, 0, 1, 2, 3, 4)] }
  },
  () => {
    const framer = new AntFramer()
    const bursts = new AntBursts()
    const decode = (given: Uint8Array) => {
      const frames = framer.push(given)
      return frames.length === 0
        ? refused('truncated-frame')
        : decoded(frames.map((frame) => [decodeAntPage(frame), bursts.push(frame)]))
    }
    return { name: 'frames of a stream', decode, valid: FRAMES }
  },
  () => {
    const pages = new TacxPages()
    const decode = (given: Uint8Array) => {
      const page = pages.take(given)
      return page === undefined ? refused('unknown-kind') : decodeFitnessEquipment(page)
    }
    return {
      name: 'pages over bluetooth',
      decode,
      valid: pagesOf(FITNESS_EQUIPMENT_PAGES).map((p) => encodeTacxPage(p)),
    }
  },
  () => {
    const wheel = new Revolutions(WHEEL_OPTIONS)
    const crank = new Revolutions(CRANK_OPTIONS)
    let atMs = 0
    const decode = (given: Uint8Array) => {
      const got = decodeSpeedCadence(given)
      if (!got.ok) return got
      const { wheelRevolutions, wheelTime1024, crankRevolutions, crankTime1024 } = got.value
      // Mostly a second apart, at times minutes: the last byte says.
      atMs += (given.at(-1) ?? 0) < 8 ? 100_000 : 250
      return decoded({
        wheelPerS: wheelRevolutions === undefined ? undefined : wheel.offer(wheelRevolutions, wheelTime1024!, atMs),
        crankPerS: crankRevolutions === undefined ? undefined : crank.offer(crankRevolutions, crankTime1024!, atMs),
        stillPerS: crank.rateAt(atMs + 2500),
      })
    }
    return { name: 'turns', decode, valid: TURNS }
  },
  () => {
    const sum = new AccumulatedPower()
    const torque = new TorqueSum()
    const frequency = new TorqueFrequency()
    frequency.offsetHz = 500
    let atMs = 0
    const decode = (given: Uint8Array) => {
      const got = decodeBicyclePower(given)
      if (!got.ok) return got
      const page = got.value
      atMs += given[1]! < 4 ? 70_000 : 250
      if (page.page === 0x10)
        return decoded(sum.offer(page.accumulatedPowerW!, page.eventCount!, { atMs, powerW: page.powerW }))
      if (page.page === 0x11 || page.page === 0x12) return decoded(torque.offer(page as Required<typeof page>))
      if (page.page === 0x20) return decoded(frequency.offer(page as Required<typeof page>))
      return got
    }
    return { name: 'sums of watts and torque', decode, valid: pagesOf(BICYCLE_POWER_PAGES) }
  },
  () => {
    const beats = new HeartBeats()
    let atMs = 0
    const decode = (given: Uint8Array) => {
      const got = decodeHeartRatePage(given)
      return got.ok ? decoded(beats.offer(got.value, (atMs += 250))) : got
    }
    return { name: 'heart beats', decode, valid: pagesOf([{ page: 0 }, { page: 0x84 }, { page: 4 }]) }
  },
]

export const doors = (): readonly Door[] => [...DECODERS, ...MEMORIES.map((make) => make())]
