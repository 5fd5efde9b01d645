import {
  decodeAntFrame,
  decodeAntMessage,
  decodeAntPage,
  ANT_EVENTS,
  AntFramer,
  type AntMessage,
} from '#bridges/core/ant-message'
import { fromHex } from '#bridges/core/bytes'
import type { Decoded } from '#bridges/core/decoded'
import { decodeBicyclePower } from '#bridges/core/pages/bicycle-power'
import { decodeCommonPage, decodeSpeedCadencePage } from '#bridges/core/pages/common'
import { decodeFitnessEquipment } from '#bridges/core/pages/fitness-equipment'
import { decodeHeartRatePage } from '#bridges/core/pages/heart-rate'
import { decodeBodyTemperature } from '#bridges/core/profiles/body-temperature'
import { decodeControlAnswer, decodeControlRequest } from '#bridges/core/profiles/control-point'
import { decodeCyclingPower } from '#bridges/core/profiles/cycling-power'
import { decodeHeartRate } from '#bridges/core/profiles/heart-rate'
import { decodeIndoorBikeData } from '#bridges/core/profiles/indoor-bike-data'
import { decodeMachineFeature, decodePowerRange, decodeResistanceRange } from '#bridges/core/profiles/machine-feature'
import { decodeMachineStatus } from '#bridges/core/profiles/machine-status'
import { decodeButtonStates } from '#bridges/core/profiles/open-bike-control'
import { decodeSpeedCadence } from '#bridges/core/profiles/speed-cadence'
import { decodeWahooAnswer, decodeWahooRequest } from '#bridges/core/profiles/wahoo'
import { AccumulatedPower, CRANK_OPTIONS, Revolutions, WHEEL_OPTIONS } from '#bridges/core/revolutions'
import { HEADER_BYTES, readDirconHeader, uuidFromBytes } from '#bridges/dircon/frame'

/**
 * The words vector files use for what our decoders say. One function per profile: bytes in, the fields of the file's
 * vocabulary out. Only names and units are turned here; every value comes from the decoder that rides use.
 */
export type Vocabulary = (bytes: Uint8Array) => Readonly<Record<string, unknown>>

type Named = Readonly<Record<string, unknown>>

/** Our name → the file's. Values pass as they are; a factor turns fractions into percent. */
type Names = Readonly<Record<string, string | readonly [name: string, factor: number]>>

const SIMULATION: Names = { windMps: 'wind_mps', gradeFraction: ['grade_pct', 100], crr: 'crr', cwKgpm: 'cw_kg_per_m' }
const COUNTERS: Names = {
  wheelRevolutions: 'wheel_revs',
  wheelTime1024: 'wheel_time_1024',
  wheelTime2048: 'wheel_time_2048',
  crankRevolutions: 'crank_revs',
  crankTime1024: 'crank_time_1024',
}
const POWER_AND_CADENCE: Names = { powerW: 'power_w', cadenceRpm: 'cadence_rpm', heartRateBpm: 'heart_rate_bpm' }

const INDOOR_BIKE: Names = {
  ...POWER_AND_CADENCE,
  speedKmh: 'speed_kmh',
  averageSpeedKmh: 'average_speed_kmh',
  averageCadenceRpm: 'average_cadence_rpm',
  distanceM: 'distance_m',
  resistanceLevel: 'resistance',
  resistanceRawU8: 'resistance_raw_u8',
  averagePowerW: 'average_power_w',
  energyKcal: 'energy_kcal',
  energyPerHourKcal: 'energy_per_hour_kcal',
  energyPerMinuteKcal: 'energy_per_min_kcal',
  met: 'met',
  elapsedS: 'elapsed_s',
  remainingS: 'remaining_s',
}
const PAGES: Names = {
  ...POWER_AND_CADENCE,
  ...COUNTERS,
  page: 'page',
  elapsedS: 'elapsed_s',
  distanceM: 'distance_m',
  speedMps: 'speed_mps',
  heartRateSource: 'hr_source',
  lap: 'lap',
  eventCount: 'event_count',
  accumulatedPowerW: 'acc_power_w',
  resistancePercent: 'resistance_pct',
  cwKgpm: 'wind_coeff',
  windKmh: 'wind_kmh',
  draftFactor: 'draft',
  gradeFraction: ['grade_pct', 100],
  crr: 'crr',
  userMassKg: 'user_kg',
  wheelOffsetMm: 'wheel_offset_mm',
  bikeMassKg: 'bike_kg',
  wheelM: 'wheel_m',
  gearRatio: 'gear_ratio',
  pedalPercent: 'pedal_right_pct',
  leftEffectivenessPercent: 'left_te_pct',
  rightEffectivenessPercent: 'right_te_pct',
  leftSmoothnessPercent: 'left_ps_pct',
  rightSmoothnessPercent: 'right_ps_pct',
  hardware: 'hw_rev',
  manufacturer: 'manufacturer',
  model: 'model',
  software: 'sw_main',
  softwareSupplement: 'sw_supp',
  serial: 'serial',
  toggle: 'toggle',
  beatTime1024: 'beat_time_1024',
  beatCount: 'beat_count',
  operatingTimeS: 'operating_time_s',
  manufacturerLsb: 'manufacturer_lsb',
}
const FLAGS: Readonly<Record<string, string>> = {
  isDistanceOn: 'distance_enabled',
  isSpeedVirtual: 'virtual_speed',
  needsUserConfiguration: 'user_config_required',
  isPedalRight: 'pedal_right_known',
}
const STATES: Readonly<Record<number, string>> = { 1: 'off', 2: 'ready', 3: 'in_use', 4: 'finished' }
const LIMITS = ['on_target', 'too_slow', 'too_fast', 'undetermined']

const CONTROL_WORDS: Readonly<Record<string, string>> = { 'set-simulation': 'set_indoor_bike_simulation' }
const STATUS_FIELDS: Names = {
  ...SIMULATION,
  powerW: 'power_w',
  resistanceLevel: 'resistance',
  circumferenceMm: 'circumference_mm',
}

/** The vectors call our refusals by fewer names. */
function failure(error: string): Named {
  return { error: error.replaceAll('-', '_') }
}

function renamed(value: object, names: Names): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, v] of Object.entries(value)) {
    const to = names[name]
    if (to === undefined) continue
    if (typeof to === 'string') out[to] = v
    else out[to[0]] = Number(v) * to[1]
  }
  return out
}

const through =
  <T extends object>(decode: (bytes: Uint8Array) => Decoded<T>, names: Names): Vocabulary =>
  (bytes) => {
    const got = decode(bytes)
    return got.ok ? renamed(got.value, names) : failure(got.error)
  }

const snake = (text: string): string => text.replaceAll('-', '_')

function operation(value: { readonly op: string }, names: Names): Named {
  const param = (value as { stopOrPause?: number }).stopOrPause
  return {
    ...renamed(value, names),
    op: CONTROL_WORDS[value.op] ?? snake(value.op),
    ...(param === undefined ? {} : { param: param === 1 ? 'stop' : 'pause' }),
  }
}

function controlPoint(bytes: Uint8Array): Named {
  if (bytes[0] === 0x80) {
    const got = decodeControlAnswer(bytes)
    if (!got.ok) return failure(got.error)
    return { op: 'response', request: got.value.requestCode, result: snake(got.value.result) }
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

/** A few notifications in a row, `reconnect` between them where the link was lost. One second apart. */
export function cscSequence(text: string, wheelCircumferenceM: number): readonly Named[] {
  const wheel = new Revolutions(WHEEL_OPTIONS)
  const crank = new Revolutions(CRANK_OPTIONS)
  const steps: Record<string, unknown>[] = []
  let atMs = 0
  for (const part of text.split(',')) {
    if (part === 'reconnect') {
      wheel.reset()
      crank.reset()
      continue
    }
    const got = decodeSpeedCadence(fromHex(part) ?? new Uint8Array(0))
    if (!got.ok) return [...steps, failure(got.error)]
    const v = got.value
    const wheelRate =
      v.wheelRevolutions === undefined ? undefined : wheel.offer(v.wheelRevolutions, v.wheelTime1024!, atMs)
    const crankRate =
      v.crankRevolutions === undefined ? undefined : crank.offer(v.crankRevolutions, v.crankTime1024!, atMs)
    steps.push({
      speed_kmh: wheelRate === undefined ? null : wheelRate * wheelCircumferenceM * 3.6,
      cadence_rpm: crankRate === undefined ? null : crankRate * 60,
    })
    atMs += 1000
  }
  return steps
}

/** A whole capture of a power meter and its speed sensor: what was counted, roll-overs included. */
export function captureTotals(bytes: Uint8Array): Named {
  const framer = new AntFramer()
  const frames = framer.push(bytes)
  const power = new AccumulatedPower()
  const totals = { crank_revs: 0, crank_time_1024: 0, wheel_revs: 0, wheel_time_1024: 0 }
  let before: Record<string, number> | undefined
  let powerFrames = 0
  let range: [number, number] = [Infinity, -Infinity]
  let cadence: [number, number] = [Infinity, -Infinity]
  for (const frame of frames) {
    const got = decodeAntPage(frame)
    if (!got.ok) continue
    const type = got.value.sender?.deviceType
    const pwr = decodeBicyclePower(got.value.page)
    if (type === 11 && pwr.ok && pwr.value.page === 0x10) {
      powerFrames++
      power.offer(pwr.value.accumulatedPowerW!, pwr.value.eventCount!)
      range = widen(range, pwr.value.powerW)
      cadence = widen(cadence, pwr.value.cadenceRpm)
    } else if (type === 121) {
      const bsc = decodeSpeedCadencePage(got.value.page)
      if (!bsc.ok) continue
      const now = renamed(bsc.value, COUNTERS) as Record<keyof typeof totals, number>
      if (before !== undefined)
        for (const name of Object.keys(totals) as (keyof typeof totals)[])
          totals[name] += (now[name] - before[name]!) & 0xffff
      before = now
    }
  }
  return {
    frames: frames.length,
    bad_checksums: framer.badChecksums,
    pwr_page16_frames: powerFrames,
    pwr_events: power.totalEvents,
    accumulated_w: power.totalW,
    mean_w: Number((power.totalW / power.totalEvents).toFixed(2)),
    power_w_range: range,
    cadence_rpm_range: cadence,
    ...totals,
  }
}

const widen = ([min, max]: [number, number], value: number | undefined): [number, number] =>
  value === undefined ? [min, max] : [Math.min(min, value), Math.max(max, value)]

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
}

/** Where a file gives the value asked for instead of the value sent: half a count of the wire. Everything else is exact. */
export const TOLERANCES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'wahoo.cps_ext': { grade_pct: (0.5 * 100) / 32768 },
}
