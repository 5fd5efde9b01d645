import { bakeMap } from '#maps/bake'
import { encodeCourse } from '#maps/course-write'
import { loadWorld } from '#maps/load'
import { checked, complaints, type Checked } from '#maps/result'
import { traceRoad } from '#maps/trace'
import { mapText, RECORDED_ROAD, recordedMap } from '#maps/trace-map'
import { readTrack } from '../import/track.ts'

/** What a dropped file became, ready to be laid into a folder: what `gruppetto import` writes. */
export interface TrackRoad {
  readonly name: string
  readonly mapText: string
  readonly courseBytes: Uint8Array
  /** What was put right, for people: how often, and what. */
  readonly repairs: readonly string[]
}

const NAME_CHARS_MAX = 60

/** Bytes that anybody sent → a road, or sentences with the place and the reason. Runs where it may take its time. */
export function trackRoad(bytes: Uint8Array, fileName: string, id: string): Checked<TrackRoad> {
  const track = readTrack(bytes, fileName)
  if (!track.ok) return complaints(track.error)
  const road = traceRoad(track.value.points, { ...track.value, ...RECORDED_ROAD })
  if (!road.ok) return complaints(...road.error.map((sentence) => `${fileName}: ${sentence}`))
  const name = (track.value.title ?? fileName.replace(/\.[a-z0-9]{2,4}$/i, '')).trim().slice(0, NAME_CHARS_MAX) || id
  const map = recordedMap(road.value, {
    ...{ id, name, ...RECORDED_ROAD },
    ...{ licence: 'as the recording', author: 'not stated' },
  })
  const columns = bakeMap(map)
  if (!columns.ok) return columns
  const courseBytes = encodeCourse(columns.value)
  const text = mapText(map)
  // The very checks that the house makes when it opens the folder.
  const world = loadWorld(JSON.parse(text), courseBytes)
  if (!world.ok) return world
  const repairs = road.value.report.repairs.map(({ count, what }) => `${count} × ${what}`)
  return checked({ name, mapText: text, courseBytes, repairs })
}
