import { refused, type Decoded } from '#protocol/decoded'
import { FIT_EPOCH_S } from '../fit-protocol.ts'
import { isFit, walkFit, type FitMessage } from './fit-messages.ts'
import { HEIGHT_MAX_M, RecordingBuilder, type Recording } from './recording.ts'

export { isFit }

/** One row a device wrote: a point in time and what was known then. */
export interface FitRecord {
  /** Seconds since the first record. */
  readonly atS: number
  readonly powerW?: number
  readonly cadenceRpm?: number
  readonly heartRateBpm?: number
  readonly speedMps?: number
  readonly distanceM?: number
  readonly heightM?: number
}

export interface FitRide {
  readonly fileName: string
  /** Of the first record, ms since 1970. */
  readonly startMs: number
  readonly durationS: number
  /** Strictly in order of time. */
  readonly records: readonly FitRecord[]
}

/** `error` is one sentence: file, place, reason. */
export type FitRead = { readonly ok: true; readonly value: FitRide } | { readonly ok: false; readonly error: string }

/** Two days at one a second. */
const FIT_RECORDS_MAX = 172_800

const RECORD_MESSAGE = 20
const COURSE_MESSAGE = 31
const COURSE_NAME_FIELD = 5
const LATITUDE_FIELD = 0
const LONGITUDE_FIELD = 1
/** Half circles / 2³¹ → degrees. */
const DEGREES_PER_COUNT = 180 / 2 ** 31

/** Fields of the record message: number, bytes, counts per unit, value of count 0. The wider of two forms stands last and wins. */
const RECORD_FIELDS = [
  ['heightM', 2, 2, 5, -500],
  ['heartRateBpm', 3, 1, 1, 0],
  ['cadenceRpm', 4, 1, 1, 0],
  ['distanceM', 5, 4, 100, 0],
  ['speedMps', 6, 2, 1000, 0],
  ['powerW', 7, 2, 1, 0],
  ['speedMps', 73, 4, 1000, 0],
  ['heightM', 78, 4, 5, -500],
] as const

/** Reads the rows of a FIT activity. Any bytes at all end in a ride or a sentence, never in a throw. */
export function readFit(bytes: Uint8Array, fileName: string): FitRead {
  const records: FitRecord[] = []
  const complaint = walkFit(bytes, (message) => {
    if (message.globalNumber !== RECORD_MESSAGE || message.timestampS === undefined) return undefined
    const record = recordIn(message, message.timestampS)
    const last = records.at(-1)
    // Some devices write one second in two rows; a clock set back while riding is not a time to go back to.
    if (last !== undefined && record.atS === last.atS) records[records.length - 1] = { ...last, ...record }
    else if (last === undefined || record.atS > last.atS) records.push(record)
    return records.length > FIT_RECORDS_MAX
      ? `byte ${message.headerAt}: more than ${FIT_RECORDS_MAX} records; a ride has fewer.`
      : undefined
  })
  if (complaint !== undefined) return { ok: false, error: `${fileName}: ${complaint}` }
  const first = records[0]
  if (first === undefined)
    return { ok: false, error: `${fileName}: a FIT file, but without a single record of a ride.` }
  const startS = first.atS
  const relative = records.map((record) => ({ ...record, atS: record.atS - startS }))
  return {
    ok: true,
    value: {
      fileName,
      startMs: (startS + FIT_EPOCH_S) * 1000,
      durationS: relative.at(-1)!.atS,
      records: relative,
    },
  }
}

/** The positions of a FIT course or activity. Records without one are passed over. */
export function readFitTrack(bytes: Uint8Array, name: string): Decoded<Recording, string> {
  const builder = new RecordingBuilder()
  const complaint = walkFit(bytes, (message) => {
    if (message.globalNumber === COURSE_MESSAGE) builder.title ??= message.text(COURSE_NAME_FIELD)
    if (message.globalNumber !== RECORD_MESSAGE) return undefined
    const latCount = message.signed32(LATITUDE_FIELD)
    const lonCount = message.signed32(LONGITUDE_FIELD)
    if (latCount === undefined || lonCount === undefined) return undefined
    const latDeg = latCount * DEGREES_PER_COUNT
    if (Math.abs(latDeg) > 90) return `byte ${message.headerAt}: latitude ${latDeg.toFixed(1)} is not in −90 … 90.`
    const { heightM } = recordIn(message, 0)
    if (heightM !== undefined && Math.abs(heightM) > HEIGHT_MAX_M)
      return `byte ${message.headerAt}: height ${heightM} is not in −${HEIGHT_MAX_M} … ${HEIGHT_MAX_M} m.`
    const { timestampS } = message
    const timeMs = timestampS === undefined ? undefined : (timestampS + FIT_EPOCH_S) * 1000
    return builder.add({ latDeg, lonDeg: lonCount * DEGREES_PER_COUNT, heightM, timeMs }, message.headerAt)
  })
  if (complaint !== undefined) return refused(`${name}: ${complaint}`)
  return builder.build(`${name}: byte ${bytes.length}`, (index) => `byte ${index}`)
}

function recordIn(message: FitMessage, atS: number): FitRecord {
  const record: { -readonly [K in keyof FitRecord]: number } = { atS }
  for (const [name, number, bytes, perUnit, zero] of RECORD_FIELDS) {
    const count = message.unsigned(number, bytes)
    if (count !== undefined) record[name] = (count + zero * perUnit) / perUnit
  }
  return record
}
