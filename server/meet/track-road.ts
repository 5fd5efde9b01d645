import { bakeMap } from '#maps/bake'
import { encodeCourse } from '#maps/course-write'
import { loadWorld } from '#maps/load'
import { traceRoad } from '#maps/trace'
import { mapText, RECORDED_ROAD, recordedMap } from '#maps/trace-map'
import type { ErrorReason } from '../errors.ts'
import { isFit } from '../import/fit.ts'
import { TOO_FEW_POINTS } from '../import/recording.ts'
import { OTHER_ROOT, readTrack } from '../import/track.ts'
import { xmlText } from '../import/xml.ts'

/** What a dropped file became, ready to be laid into a folder: what `gruppetto import` writes. */
export interface TrackRoad {
  readonly name: string
  readonly mapText: string
  readonly courseBytes: Uint8Array
  /** What was put right, for people: how often, and what. */
  readonly repairs: readonly string[]
}

/** Sentences for the log and for English pages; the reason has words in every language. */
export type RoadOrWhy =
  | { readonly ok: true; readonly value: TrackRoad }
  | { readonly ok: false; readonly error: readonly string[]; readonly reason: ErrorReason }

const NAME_CHARS_MAX = 60

/** Bytes that anybody sent → a road, or sentences with the place and the reason. Runs where it may take its time. */
export function trackRoad(bytes: Uint8Array, fileName: string, id: string): RoadOrWhy {
  const track = readTrack(bytes, fileName)
  if (!track.ok) return { ok: false, error: [track.error], reason: unreadable(bytes, track.error) }
  const road = traceRoad(track.value.points, { ...track.value, ...RECORDED_ROAD })
  if (!road.ok) return noRoad(road.error.map((sentence) => `${fileName}: ${sentence}`))
  const name = (track.value.title ?? fileName.replace(/\.[a-z0-9]{2,4}$/i, '')).trim().slice(0, NAME_CHARS_MAX) || id
  const map = recordedMap(road.value, {
    ...{ id, name, ...RECORDED_ROAD },
    ...{ licence: 'as the recording', author: 'not stated' },
  })
  const columns = bakeMap(map)
  if (!columns.ok) return noRoad(columns.error)
  const courseBytes = encodeCourse(columns.value)
  const text = mapText(map)
  // The very checks that the house makes when it opens the folder.
  const world = loadWorld(JSON.parse(text), courseBytes)
  if (!world.ok) return noRoad(world.error)
  const repairs = road.value.report.repairs.map(({ count, what }) => `${count} × ${what}`)
  return { ok: true, value: { name, mapText: text, courseBytes, repairs } }
}

function noRoad(error: readonly string[]): RoadOrWhy {
  return { ok: false, error, reason: 'track-road' }
}

function unreadable(bytes: Uint8Array, complaint: string): ErrorReason {
  if (complaint.endsWith(TOO_FEW_POINTS)) return 'track-points'
  const isOfAnotherKind = complaint.endsWith(OTHER_ROOT) || (!isFit(bytes) && !xmlText(bytes).ok)
  return isOfAnotherKind ? 'track-file' : 'track-broken'
}
