import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { encodeCourse, courseHash } from '#maps/course-file'
import { gainM, traceRoad } from '#maps/trace'
import { readFit } from '#server/import/fit'
import { readTrack } from '#server/import/track'
import { figure, report, UsageError, type Command, type Figure, type Report } from './command.ts'

const ROAD_WIDTH_M = 6
const ROAD_CRR = 0.004

export const command: Command = {
  name: 'import',
  summary: 'read a GPX, TCX or FIT file and say what is in it, or why not',
  positionals: ['FILE'],
  options: [],
  details: [
    'GPX and TCX become a road: length over ground, height gained (every rise, and with a 5 m hysteresis), and what the',
    'baked road has. A FIT file is read as a ride; its gain and grade come from its own distance and height.',
    'A file that is none of these is one sentence with its name, the place and the reason. Exit code 1.',
  ].join('\n'),

  async run({ positionals }) {
    const file = positionals[0]
    if (file === undefined) throw new UsageError('import needs a FILE (.gpx, .tcx or .fit).')
    const name = path.basename(file)
    let bytes: Uint8Array
    try {
      bytes = await readFile(file)
    } catch (error) {
      throw new UsageError(`${file} could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`)
    }
    return /\.fit$/i.test(name) ? importFit(bytes, name) : importTrack(bytes, name)
  },
}

function importTrack(bytes: Uint8Array, name: string): Report {
  const track = readTrack(bytes, name)
  if (!track.ok) return report({}, [track.error])
  const road = traceRoad(track.value.points, { widthM: ROAD_WIDTH_M, crr: ROAD_CRR })
  if (!road.ok) return report({}, [`${name}: points 1 … ${track.value.points.length}: ${road.error[0]}`])
  const { columns, report: found } = road.value
  return report({
    points: figure(found.points, ''),
    lengthM: figure(round(found.lengthM), 'm'),
    gainRawM: figure(round(found.gainRawM), 'm'),
    gain5mM: figure(round(found.gain5mM), 'm'),
    maxGrade: figure(round(found.bakedGradeMax, 4), 'rise/run'),
    spikes: figure(found.spikes, ''),
    isLoop: { value: found.isLoop, unit: '' },
    bakedLengthM: figure(found.bakedLengthM, 'm'),
    bakedGain5mM: figure(round(found.bakedGainM), 'm'),
    bakedRadiusMinM: figure(round(found.bakedRadiusMinM), 'm'),
    bakedBytes: figure(encodeCourse(columns).length, 'B'),
    courseHash: { value: courseHash(columns), unit: '' },
  })
}

function importFit(bytes: Uint8Array, name: string): Report {
  const ride = readFit(bytes, name)
  if (!ride.ok) return report({}, [ride.error])
  const { records, durationS } = ride.value
  const heightsM = records.flatMap(({ heightM }) => (heightM === undefined ? [] : [heightM]))
  const figures: Record<string, Figure> = {
    points: figure(records.length, ''),
    lengthM: figure(round(Math.max(0, ...records.slice(-600).map(({ distanceM }) => distanceM ?? 0))), 'm'),
    gainRawM: figure(round(gainM(heightsM, 0)), 'm'),
    gain5mM: figure(round(gainM(heightsM, 5)), 'm'),
    maxGrade: figure(round(steepestGrade(records), 4), 'rise/run'),
    durationS: figure(durationS, 's'),
  }
  return report(figures)
}

/** Over no less than this much road: a barometer steps by 0.2 m. */
const GRADE_OVER_M = 100

function steepestGrade(records: readonly { readonly distanceM?: number; readonly heightM?: number }[]): number {
  let steepest = 0
  let from = 0
  const known = records.flatMap(({ distanceM, heightM }) =>
    distanceM === undefined || heightM === undefined ? [] : [{ distanceM, heightM }],
  )
  for (const { distanceM, heightM } of known) {
    while (distanceM - known[from + 1]!.distanceM >= GRADE_OVER_M) from++
    const runM = distanceM - known[from]!.distanceM
    if (runM >= GRADE_OVER_M) steepest = Math.max(steepest, Math.abs(heightM - known[from]!.heightM) / runM)
  }
  return steepest
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits))
}
