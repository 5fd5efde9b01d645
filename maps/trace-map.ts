// runs once, when a road is made from a recording. Nothing that World.step reaches imports it.

import { MAP_FORMAT_VERSION, type MapFile, type MapLine } from './format.ts'
import type { TracedRoad } from './trace.ts'
import { alongRoad, sceneryOf } from './trace-world.ts'

export interface RecordedMap {
  /** Folder name. */
  readonly id: string
  readonly name: string
  readonly widthM: number
  readonly crr: number
  readonly licence: string
  readonly author: string
}

const ROAD = '>road'
/** Riders wait this far behind the start line, m; in front of it is room for the rows of a pen. */
const START_M = 60
const PEN_ROWS = 20
/** A finish needs road behind it to roll out on. */
const ROLL_OUT_M = 60

/** What a recording does not say of its road: as wide as a lane road, asphalt as it is in the country. */
export const RECORDED_ROAD = { widthM: 6, crr: 0.004 } as const

/** A recording as a map of one road, one way: with one route, a start, a finish, a pen and a place to appear. */
export function recordedMap(road: TracedRoad, { id, name, widthM, crr, licence, author }: RecordedMap): MapFile {
  const { isLoop, points, columns } = road
  const lengthM = columns.ways[0]!.lengthM
  const startM = Math.round(Math.min(START_M, lengthM / 5))
  const finishM = Math.round(lengthM - Math.min(ROLL_OUT_M, lengthM / 5))
  const penM = startM - 2
  const start: MapLine = { id: 'start', name: isLoop ? 'Start and finish' : 'Start', road: ROAD, atM: startM }
  const finish: MapLine = { id: 'finish', name: 'Finish', road: ROAD, atM: finishM }
  const along = alongRoad(columns, { strip: ROAD, startM, finishM: isLoop ? lengthM - startM : finishM })
  return {
    ...{ format: 'gruppetto-map', version: MAP_FORMAT_VERSION, id, name, licence, author },
    surfaces: [{ id: 'asphalt', crr, grip: 0.9 }],
    nodes: [],
    roads: [
      {
        ...{ id: 'road', name, from: null, to: null, isClosed: isLoop, isOneWay: true, points, widthM },
        ...{ surface: 'asphalt', windShare: 1, uTurn: 'none' as const },
        ...{ widths: [], surfaces: [], banks: [], shelters: [], spans: [] },
      },
    ],
    lines: [start, ...along.lines, ...(isLoop ? [] : [finish])],
    routes: [
      {
        ...{ id: 'whole', name, pen: 'start', leadIn: [], roads: [ROAD], isLap: isLoop, laps: 1 },
        finish: isLoop ? 'start' : 'finish',
      },
    ],
    segments: along.segments,
    pens: [{ id: 'start', road: ROAD, atM: penM, rows: Math.min(PEN_ROWS, Math.floor(penM / 2)), abreast: 4 }],
    spawns: [{ road: ROAD, atM: Math.round(startM / 2), lateralM: 0 }],
    zones: [],
    // Nothing is known of the land but its heights: what lies around is made up of them.
    scenery: sceneryOf(columns, road.report.road.gain5mM, seedOf(id)),
  }
}

/** The map file as text: a line for each thing, points a few to a line. */
export function mapText(map: MapFile): string {
  const POINTS_A_LINE = 6
  const marks = map.roads.map(({ points }) => points)
  const text = JSON.stringify({ ...map, roads: map.roads.map((road, i) => ({ ...road, points: `@${i}@` })) }, null, 2)
  return `${text.replaceAll(/"@(\d+)@"/g, (_, i) => {
    const points = marks[Number(i)]!.map((point) => JSON.stringify(point))
    const lines: string[] = []
    for (let k = 0; k < points.length; k += POINTS_A_LINE)
      lines.push(`        ${points.slice(k, k + POINTS_A_LINE).join(', ')}`)
    return `[\n${lines.join(',\n')}\n      ]`
  })}\n`
}

/** Any name → a folder name: lower case letters, digits, dashes. */
export function mapIdOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return plain === '' ? 'recording' : plain
}

/** The same scenery for the same name. FNV-1a. */
function seedOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0
  return hash
}
