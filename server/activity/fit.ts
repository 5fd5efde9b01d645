import { FIT_EPOCH_S } from '../fit-protocol.ts'
import { globePlace } from './anchor.ts'
import type { Activity, ActivityRow, ActivitySummary, Stint } from './model.ts'
import { FitFile, type FitFieldValue } from './fit-file.ts'
import { lapsOf } from './summary.ts'

/** A ride as a FIT activity: what every other program for riders reads. [A39] */

/** Global message numbers and values of their enums, from the public FIT profile. */
const FILE_ID = 0
const SESSION = 18
const LAP = 19
const RECORD = 20
const EVENT = 21
const DEVICE_INFO = 23
const ACTIVITY = 34
const FIELD_DESCRIPTION = 206
const DEVELOPER_DATA_ID = 207
const ACTIVITY_FILE = 4
/** "development": who has no number of their own. */
const MANUFACTURER = 255
const PRODUCT = 1
const CYCLING = 2
const VIRTUAL_ACTIVITY = 58
const TIMER = 0
const LAP_EVENT = 9
const SESSION_EVENT = 8
const ACTIVITY_EVENT = 26
const START = 0
const STOP = 1
const STOP_ALL = 4
const SINT16 = 0x83
/** Names our developer field; any 16 bytes that are ours alone. */
const APPLICATION_ID = Uint8Array.from([
  0x67, 0x72, 0x75, 0x70, 0x70, 0x65, 0x74, 0x74, 0x6f, 0x2d, 0x64, 0x72, 0x61, 0x66, 0x74, 0x31,
])
/** Half circles / 2³¹. */
const COUNTS_PER_DEG = 2 ** 31 / 180
/** JSON to bytes: a name in a file header must not be an essay. */
const TEXT_BYTES_MAX = 32

export function fitOf({ head, rows, marks }: Activity, summary: ActivitySummary): Uint8Array {
  const startS = Math.round(head.startMs / 1000) - FIT_EPOCH_S
  const endS = startS + (rows.at(-1)?.atS ?? 0)
  const file = new FitFile()
  file.message(FILE_ID, [
    ['enum', 0, ACTIVITY_FILE],
    ['uint16', 1, MANUFACTURER],
    ['uint16', 2, PRODUCT],
    ['uint32z', 3, serialOf(head.id)],
    ['uint32', 4, startS],
  ])
  file.message(DEVICE_INFO, [
    ['uint32', 253, startS],
    ['uint8', 0, 0],
    ['uint16', 2, MANUFACTURER],
    ['uint16', 4, PRODUCT],
    ['uint16', 5, 100],
    ['text', 27, 'Gruppetto', TEXT_BYTES_MAX],
  ])
  file.message(DEVELOPER_DATA_ID, [
    ['bytes', 1, APPLICATION_ID],
    ['uint8', 3, 0],
  ])
  file.message(FIELD_DESCRIPTION, [
    ['uint8', 0, 0],
    ['uint8', 1, 0],
    ['uint8', 2, SINT16],
    ['text', 3, 'draft_saved', TEXT_BYTES_MAX],
    ['text', 8, 'W', 4],
  ])
  event(file, startS, START)
  const laps = lapsOf(rows, marks)
  const pauses = marks.filter(({ kind }) => kind === 'pause' || kind === 'resume')
  let lap = 0
  let pause = 0
  for (const row of rows) {
    // A pause ends before the row that follows it.
    for (; pause < pauses.length && pauses[pause]!.atS < row.atS; pause++) {
      event(file, startS + pauses[pause]!.atS, pauses[pause]!.kind === 'pause' ? STOP : START)
    }
    record(file, startS, row, globePlace(head.anchor, row.xM, row.yM))
    if (laps[lap] !== undefined && row.atS >= laps[lap]!.toS && lap < laps.length - 1) {
      lapMessage(file, startS, laps[lap]!, lap)
      lap++
    }
  }
  event(file, endS, STOP_ALL)
  if (laps[lap] !== undefined) lapMessage(file, startS, laps[lap]!, lap)
  file.message(SESSION, [
    ['uint32', 253, endS],
    ['enum', 0, SESSION_EVENT],
    ['enum', 1, STOP],
    ['uint32', 2, startS],
    ['enum', 5, CYCLING],
    ['enum', 6, VIRTUAL_ACTIVITY],
    ['uint32', 7, summary.elapsedS * 1000],
    ['uint32', 8, summary.movingS * 1000],
    ['uint32', 9, summary.distanceM * 100],
    ['uint16', 11, summary.workJ / 4184 / 0.239], // kcal: what the legs did, at the usual efficiency of 23.9 %.
    ['uint8', 16, summary.averageBpm ?? undefined],
    ['uint8', 17, summary.maxBpm ?? undefined],
    ['uint8', 18, summary.averageRpm],
    ['uint8', 19, summary.maxRpm],
    ['uint16', 20, summary.averageW],
    ['uint16', 21, summary.maxW],
    ['uint16', 22, summary.climbM],
    ['uint16', 25, 0],
    ['uint16', 26, laps.length],
    ['uint16', 34, summary.weightedW === 0 ? undefined : summary.weightedW],
    ['uint32', 48, summary.workJ],
    ['uint32', 124, summary.averageMps * 1000],
    ['uint32', 125, summary.maxMps * 1000],
    ['text', 110, head.mapName, TEXT_BYTES_MAX],
  ])
  file.message(ACTIVITY, [
    ['uint32', 253, endS],
    ['uint32', 0, summary.movingS * 1000],
    ['uint16', 1, 1],
    ['enum', 2, 0],
    ['enum', 3, ACTIVITY_EVENT],
    ['enum', 4, STOP],
    ['uint32', 5, endS],
  ])
  return file.bytes()
}

function event(file: FitFile, atS: number, type: number): void {
  file.message(EVENT, [
    ['uint32', 253, atS],
    ['enum', 0, TIMER],
    ['enum', 1, type],
    ['uint8', 4, 0],
  ])
}

function record(file: FitFile, startS: number, row: ActivityRow, at: { latDeg: number; lonDeg: number }): void {
  const fields: FitFieldValue[] = [
    ['uint32', 253, startS + row.atS],
    ['sint32', 0, at.latDeg * COUNTS_PER_DEG],
    ['sint32', 1, at.lonDeg * COUNTS_PER_DEG],
    ['uint32', 5, row.distanceM * 100],
    ['uint32', 73, row.speedMps * 1000],
    ['uint32', 78, (row.heightM + 500) * 5],
    ['uint16', 7, row.powerW],
    ['sint16', 9, row.gradeFraction * 10_000],
    ['uint8', 3, row.heartRateBpm === 0 ? undefined : row.heartRateBpm],
    ['uint8', 4, row.cadenceRpm],
    ['sint8', 13, row.temperatureC],
  ]
  file.message(RECORD, fields, [['sint16', 0, row.savedW]])
}

function lapMessage(file: FitFile, startS: number, lap: Stint, index: number): void {
  file.message(LAP, [
    ['uint16', 254, index],
    ['uint32', 253, startS + lap.toS],
    ['enum', 0, LAP_EVENT],
    ['enum', 1, STOP],
    ['uint32', 2, startS + lap.fromS],
    ['uint32', 7, (lap.toS - lap.fromS) * 1000],
    ['uint32', 8, lap.movingS * 1000],
    ['uint32', 9, lap.distanceM * 100],
    ['uint8', 15, lap.averageBpm ?? undefined],
    ['uint8', 17, lap.averageRpm],
    ['uint16', 19, lap.averageW],
    ['uint16', 20, lap.maxW],
    ['uint16', 21, lap.climbM],
    ['uint32', 41, lap.averageW * lap.movingS],
    ['uint32', 110, lap.movingS > 0 ? (lap.distanceM / lap.movingS) * 1000 : 0],
  ])
}

/** A number that stays with the ride, so that a file that is handed in twice is seen to be the same. 0 would be "none". */
function serialOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 8), 16) || 1
}
