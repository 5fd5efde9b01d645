import { decodeAntFrame } from '#bridges/core/ant-frame'
import { decodeAntMessage, ANT_EVENTS, type AntMessage } from '#bridges/core/ant-message'
import { decodeAntPage } from '#bridges/core/ant-page'
import { toHex } from '#bridges/core/bytes'
import type { Decoded } from '#bridges/core/decoded'
import { decodeBicyclePower } from '#bridges/core/pages/bicycle-power'
import { decodeCommonPage } from '#bridges/core/pages/common'
import { decodeFitnessEquipment } from '#bridges/core/pages/fitness-equipment'
import { decodeHeartRatePage } from '#bridges/core/pages/heart-rate'
import { decodeControls } from '#bridges/core/pages/controls'
import { decodeShifting } from '#bridges/core/pages/shifting'
import { decodeSpeedCadencePage, decodeTurnsPage } from '#bridges/core/pages/speed-cadence'
import { decodeBatteryLevel } from '#bridges/core/profiles/battery'
import { decodeBodyTemperature } from '#bridges/core/profiles/body-temperature'
import { decodeControlAnswer, decodeControlRequest, decodeSpinDownSpeeds } from '#bridges/core/profiles/control-point'
import { decodeCyclingPower } from '#bridges/core/profiles/cycling-power'
import { decodeHeartRate } from '#bridges/core/profiles/heart-rate'
import { decodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import {
  decodeInclineRange,
  decodeMachineFeature,
  decodePowerRange,
  decodeResistanceRange,
  decodeSpeedRange,
} from '#bridges/core/profiles/machine-feature'
import { decodeMachineStatus } from '#bridges/core/profiles/machine-status'
import { decodeButtonStates, decodeControllerMessage } from '#bridges/core/profiles/open-bike-control'
import { decodePowerAnswer, decodePowerFeature, decodeSensorLocation } from '#bridges/core/profiles/power-feature'
import { decodeSpeedCadence, decodeSpeedCadenceFeature } from '#bridges/core/profiles/speed-cadence'
import { decodeTrainingStatus } from '#bridges/core/profiles/training-status'
import { decodeWahooAnswer, decodeWahooRequest } from '#bridges/core/profiles/wahoo'
import { HEADER_BYTES, readDirconHeader, uuidFromBytes } from '#bridges/dircon/frame'
import {
  CONTROL_WORDS,
  COUNTERS,
  failure,
  FLAGS,
  INDOOR_BIKE,
  LIMITS,
  type Named,
  type Names,
  PAGES,
  renamed,
  snake,
  STATES,
  STATUS_FIELDS,
  type Vocabulary,
} from './trainer-words.ts'

const through =
  <T extends object>(decode: (bytes: Uint8Array) => Decoded<T>, names: Names): Vocabulary =>
  (bytes) => {
    const got = decode(bytes)
    return got.ok ? renamed(got.value, names) : failure(got.error)
  }

function operation(value: { readonly op: string }, names: Names): Named {
  const param = (value as { stopOrPause?: number }).stopOrPause
  return {
    ...renamed(value, names),
    op: CONTROL_WORDS[value.op] ?? snake(value.op),
    ...(param === undefined ? {} : { param: param === 1 ? 'stop' : 'pause' }),
  }
}

const SPIN_DOWN = 0x13

function controlPoint(bytes: Uint8Array): Named {
  if (bytes[0] === 0x80) {
    const got = decodeControlAnswer(bytes)
    if (!got.ok) return failure(got.error)
    const { requestCode, result, parameters } = got.value
    const speeds = decodeSpinDownSpeeds(parameters)
    return {
      op: 'response',
      request: requestCode,
      result: snake(result),
      parameters: toHex(parameters),
      ...(requestCode === SPIN_DOWN && speeds.ok ? renamed(speeds.value, {}) : {}),
    }
  }
  const got = decodeControlRequest(bytes)
  return got.ok ? operation(got.value, STATUS_FIELDS) : failure(got.error)
}

function status(bytes: Uint8Array): Named {
  const got = decodeMachineStatus(bytes)
  return got.ok ? operation(got.value, STATUS_FIELDS) : failure(got.error)
}

function feature(bytes: Uint8Array): Named {
  const got = decodeMachineFeature(bytes)
  if (!got.ok) return failure(got.error)
  const { machineBits, targetBits, names } = got.value
  const all = [
    'average-speed',
    'cadence',
    'power',
    'resistance',
    'set-resistance',
    'set-power',
    'set-simulation',
    'set-wheel',
    'spin-down',
  ] as const
  return {
    machine: machineBits,
    target: targetBits,
    ...Object.fromEntries(all.map((name) => [snake(name), names.has(name)])),
  }
}

function heartRate(bytes: Uint8Array): Named {
  const got = decodeHeartRate(bytes)
  if (!got.ok) return failure(got.error)
  const { heartRateBpm, contact, energyKj, rr1024 } = got.value
  return { heart_rate_bpm: heartRateBpm, contact: contact?.replace('-', '_'), energy_kj: energyKj, rr_1024: rr1024 }
}

function cyclingPower(bytes: Uint8Array): Named {
  return through(decodeCyclingPower, {
    ...COUNTERS,
    powerW: 'power_w',
    balancePercent: 'pedal_balance_pct',
    accumulatedTorque32: 'acc_torque_32',
    energyKj: 'energy_kj',
  })(bytes)
}

/** A page of any device type: the common ones first, then whoever's it is. */
function page(decode: (bytes: Uint8Array) => Decoded<object>): Vocabulary {
  return (bytes) => {
    const common = decodeCommonPage(bytes)
    const got: Decoded<object> = common.ok ? common : decode(bytes)
    if (!got.ok) return failure(got.error)
    const value = got.value as Record<string, number | undefined>
    const out = renamed(value, PAGES)
    for (const [name, to] of Object.entries(FLAGS)) if (value[name] !== undefined) out[to] = value[name] === 1
    if (value['equipment'] === 25) out['equipment'] = 'trainer'
    if (value['state'] !== undefined) out['state'] = STATES[value['state']]
    if (value['limit'] !== undefined) out['limit'] = LIMITS[value['limit']]
    if (value['heartRateBpm'] !== undefined) out['heart_rate_raw'] = value['heartRateBpm']
    return out
  }
}

/** A frame with a page in it. `isStrict`: the wire has no checksum of its own, so a wrong one is an error. */
function framed(decode: (bytes: Uint8Array) => Decoded<object>, isStrict: boolean): Vocabulary {
  return (bytes) => {
    const frame = decodeAntFrame(bytes)
    if (!frame.ok) return failure(frame.error)
    if (isStrict && !frame.value.isChecksumRight) return failure('bad-checksum')
    const got = decodeAntPage(frame.value)
    if (!got.ok) return failure(got.error)
    const { sender } = got.value
    return {
      ...page(decode)(got.value.page),
      checksum_ok: frame.value.isChecksumRight,
      ...(sender === undefined
        ? {}
        : { device: sender.deviceNumber, device_type: sender.deviceType, tx_type: sender.transmissionType }),
    }
  }
}

const ANT_NAMES: Readonly<Record<string, string>> = {
  assign: 'assign_channel',
  frequency: 'rf_freq',
  acknowledged: 'ack_data',
}

function antSerial(bytes: Uint8Array): Named {
  const frame = decodeAntFrame(bytes)
  if (!frame.ok) return failure(frame.error)
  if (!frame.value.isChecksumRight) return failure('bad-checksum')
  const got: Decoded<AntMessage> = decodeAntMessage(frame.value)
  if (!got.ok) return failure(got.error)
  const { name, values, rest } = got.value
  const isEvent = name === 'channel-event' && values['aboutId'] === 1
  const word =
    name === 'channel-event' ? (isEvent ? 'channel_event' : 'channel_response') : (ANT_NAMES[name] ?? snake(name))
  const names: Names = {
    channel: 'channel',
    type: 'type',
    network: 'network',
    extended: 'extended',
    deviceNumber: 'device',
    deviceType: 'device_type',
    transmissionType: 'tx_type',
    frequency: 'freq',
    requestedId: 'requested',
    period32768: 'period',
    code: 'code',
  }
  const data = name === 'acknowledged' && rest.length === 8 ? page(decodeFitnessEquipment)(rest) : {}
  return {
    ...data,
    ...renamed(values, names),
    id: frame.value.id,
    name: word,
    ...(isEvent ? { meaning: ANT_EVENTS[values['code']!] } : { for_id: values['aboutId'] }),
  }
}

function wahoo(bytes: Uint8Array): Named {
  if (bytes[0] === 0x01) {
    const got = decodeWahooAnswer(bytes)
    if (!got.ok) return failure(got.error)
    return { op: 'response', ok: got.value.isOk, request: got.value.requestCode, value: got.value.value }
  }
  const got = decodeWahooRequest(bytes)
  if (!got.ok) return failure(got.error)
  const words: Readonly<Record<string, string>> = { 'set-power': 'set_erg', 'set-simulation': 'set_sim' }
  const names: Names = {
    powerW: 'power_w',
    gradeFraction: ['grade_pct', 100],
    circumferenceMm: 'circumference_mm',
    weightKg: 'weight_kg',
    crr: 'crr',
    cw: 'cw',
  }
  return { ...renamed(got.value, names), op: words[got.value.op] ?? snake(got.value.op) }
}

function buttons(bytes: Uint8Array): Named {
  const got = decodeButtonStates(bytes)
  if (!got.ok)
    return {
      type: 'button_state',
      error: got.error === 'odd-pair-list' ? 'odd pair list, must be rejected' : got.error,
    }
  return { type: 'button_state', buttons: got.value.map((b) => ({ ...b, name: b.name?.replace('-', '_') })) }
}

function dircon(bytes: Uint8Array): Named {
  const header = readDirconHeader(bytes)
  if (header === undefined) return failure('too-short')
  const body = bytes.subarray(HEADER_BYTES)
  const names: Readonly<Record<number, string>> = { 5: 'enable_notifications' }
  return {
    version: header.version,
    type: header.type,
    name: names[header.type],
    seq: header.sequence,
    resp: header.result,
    length: header.length,
    body_bytes_present: body.length,
    uuid: uuidFromBytes(body),
    enable: body[16],
  }
}

/**
 * One function per profile of a vector file: bytes in, the fields of the file's vocabulary out. Only names and units are
 * turned here; every value comes from the decoder that rides use.
 */
export const VOCABULARIES: Readonly<Record<string, Vocabulary>> = {
  'ftms.indoor_bike_data': through(decodeIndoorBikeData, INDOOR_BIKE),
  'ftms.control_point': controlPoint,
  'ftms.status': status,
  'ftms.feature': feature,
  'ftms.supported_power_range': through(decodePowerRange, { minW: 'min_w', maxW: 'max_w', stepW: 'inc_w' }),
  'ftms.supported_resistance_range': through(decodeResistanceRange, {
    min: 'min',
    max: 'max',
    step: 'inc',
    minRawU8: 'min_raw_u8',
    maxRawU8: 'max_raw_u8',
    stepRawU8: 'inc_raw_u8',
  }),
  'ftms.supported_speed_range': through(decodeSpeedRange, {}),
  'ftms.supported_inclination_range': through(decodeInclineRange, {}),
  'ftms.training_status': through(decodeTrainingStatus, {}),
  'cps.feature': (bytes) => {
    const got = decodePowerFeature(bytes)
    if (!got.ok) return failure(got.error)
    return { bits: got.value.bits, names: [...got.value.names].map(snake) }
  },
  'cps.location': through(decodeSensorLocation, {}),
  'cps.control_point': through(decodePowerAnswer, {}),
  'csc.feature': through(decodeSpeedCadenceFeature, {}),
  'battery.level': through(decodeBatteryLevel, {}),
  'cps.measurement': cyclingPower,
  'csc.measurement': through(decodeSpeedCadence, COUNTERS),
  'hrs.measurement': heartRate,
  'ant.serial': antSerial,
  'ant.fec': framed(decodeFitnessEquipment, true),
  'tacx.fec_over_ble': framed(decodeFitnessEquipment, false),
  'ant.fec.page': page(decodeFitnessEquipment),
  'ant.common.page': page(decodeCommonPage),
  'ant.pwr': framed(decodeBicyclePower, true),
  'ant.pwr.page': page(decodeBicyclePower),
  'ant.bsc': framed(decodeSpeedCadencePage, true),
  'ant.hr.page': page(decodeHeartRatePage),
  'ant.speed.page': page(decodeTurnsPage),
  'ant.cadence.page': page(decodeTurnsPage),
  'ant.controls.page': page(decodeControls),
  'ant.shifting.page': page(decodeShifting),
  'wahoo.cps_ext': wahoo,
  'core.body_temp': through(decodeBodyTemperature, {
    coreC: 'core_c',
    skinC: 'skin_c',
    reserved: 'reserved',
    quality: 'quality_state',
    heartRateBpm: 'heart_rate_bpm',
  }),
  'dircon.frame': dircon,
  'openbikecontrol.button': buttons,
  'openbikecontrol.message': through(decodeControllerMessage, {}),
}

/** Where a file gives the value asked for instead of the value sent: half a count of the wire. Everything else is exact. */
export const TOLERANCES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'wahoo.cps_ext': { grade_pct: (0.5 * 100) / 32768 },
}
