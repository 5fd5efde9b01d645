/** The words vector files use for what our decoders say, and how one is turned into the other: names and units only. */
export type Vocabulary = (bytes: Uint8Array) => Readonly<Record<string, unknown>>

export type Named = Readonly<Record<string, unknown>>

/** Our name → the file's. Values pass as they are; a factor turns fractions into percent. */
export type Names = Readonly<Record<string, string | readonly [name: string, factor: number]>>

const SIMULATION: Names = {
  windMps: 'wind_mps',
  gradeFraction: ['grade_pct', 100],
  crr: 'crr',
  cwKgpm: 'cw_kg_per_m',
}
export const COUNTERS: Names = {
  wheelRevolutions: 'wheel_revs',
  wheelTime1024: 'wheel_time_1024',
  wheelTime2048: 'wheel_time_2048',
  crankRevolutions: 'crank_revs',
  crankTime1024: 'crank_time_1024',
}
const POWER_AND_CADENCE: Names = { powerW: 'power_w', cadenceRpm: 'cadence_rpm', heartRateBpm: 'heart_rate_bpm' }

export const INDOOR_BIKE: Names = {
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
export const PAGES: Names = {
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
export const FLAGS: Readonly<Record<string, string>> = {
  isDistanceOn: 'distance_enabled',
  isSpeedVirtual: 'virtual_speed',
  needsUserConfiguration: 'user_config_required',
  isPedalRight: 'pedal_right_known',
}
export const STATES: Readonly<Record<number, string>> = { 1: 'off', 2: 'ready', 3: 'in_use', 4: 'finished' }
export const LIMITS = ['on_target', 'too_slow', 'too_fast', 'undetermined']

export const CONTROL_WORDS: Readonly<Record<string, string>> = { 'set-simulation': 'set_indoor_bike_simulation' }
export const STATUS_FIELDS: Names = {
  ...SIMULATION,
  powerW: 'power_w',
  resistanceLevel: 'resistance',
  circumferenceMm: 'circumference_mm',
}

/** The vectors call our refusals by fewer names. */
export function failure(error: string): Named {
  return { error: error.replaceAll('-', '_') }
}

/** A field without a word of its own in these files is called as here, in their spelling: `spinDownMs` is spin_down_ms. */
export function renamed(value: object, names: Names): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, v] of Object.entries(value)) {
    const to = names[name] ?? snake(name)
    if (typeof to === 'string') out[to] = v
    else out[to[0]] = Number(v) * to[1]
  }
  return out
}

export const snake = (text: string): string =>
  text.replaceAll('-', '_').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
