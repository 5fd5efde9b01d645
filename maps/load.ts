import { courseHash, decodeCourse, sceneryHash } from './course-file.ts'
import { BakedCourse } from './course.ts'
import type { MapFile } from './format.ts'
import { parseMap } from './parse.ts'
import { checked, complaints, type Checked } from './result.ts'
import { sha256Hex } from './sha256.ts'

/** A road ready to be ridden and drawn: what server and client share. */
export interface LoadedWorld {
  readonly map: MapFile
  readonly course: BakedCourse
  /** Names what physics and results read: the columns, the lines, the segments, the spawn. In journals and tokens. */
  readonly mapHash: string
  /** Names what only the picture reads. */
  readonly sceneryHash: string
}

export function loadWorld(mapJson: unknown, courseBytes: Uint8Array): Checked<LoadedWorld> {
  const parsed = parseMap(mapJson)
  const decoded = decodeCourse(courseBytes)
  if (!parsed.ok || !decoded.ok)
    return complaints(...(parsed.ok ? [] : parsed.error), ...(decoded.ok ? [] : decoded.error))
  const map = parsed.value
  const course = new BakedCourse(decoded.value)
  if (map.isLoop !== course.isLoop) return complaints('map.json and course.bin differ on isLoop; bake the map again')
  const beyond = marksOf(map).filter(({ atM }) => atM > course.lengthM || (course.isLoop && atM === course.lengthM))
  if (beyond.length > 0)
    return complaints(...beyond.map((m) => `${m.path}: ${m.atM} m, but the road ends at ${course.lengthM} m`))
  const rules = JSON.stringify([
    map.id,
    map.lines.map((line) => [line.id, line.atM]),
    map.segments.map((segment) => [segment.id, segment.fromM, segment.toM]),
    map.spawnM,
  ])
  return checked({
    map,
    course,
    mapHash: sha256Hex(asciiBytes(courseHash(decoded.value) + rules)),
    sceneryHash: sceneryHash(decoded.value, asciiBytes(JSON.stringify(map.scenery))),
  })
}

function marksOf(map: MapFile): { path: string; atM: number }[] {
  return [
    { path: 'spawnM', atM: map.spawnM },
    ...map.lines.map((line, i) => ({ path: `lines[${i}].atM`, atM: line.atM })),
    ...map.segments.map((segment, i) => ({ path: `segments[${i}].toM`, atM: segment.toM })),
  ]
}

/** UTF-16 units as two bytes each: this room has no TextEncoder, and a hash only needs one way to write. */
function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i++) {
    bytes[2 * i] = text.charCodeAt(i) & 0xff
    bytes[2 * i + 1] = text.charCodeAt(i) >>> 8
  }
  return bytes
}
