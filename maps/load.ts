import { compileNetwork } from './compile.ts'
import { decodeCourse } from './course-file.ts'
import { courseHash, sceneryHash } from './course-write.ts'
import { BakedCourse } from './course.ts'
import type { MapFile } from './format.ts'
import type { Network } from './network.ts'
import { parseMap } from './parse.ts'
import { checked, complaints, type Checked } from './result.ts'
import { sha256Hex } from './sha256.ts'

/** A road ready to be ridden and drawn: what server and client share. */
export interface LoadedWorld {
  readonly map: MapFile
  readonly course: BakedCourse
  readonly network: Network
  /** Place on the tape of the usual spawn. */
  readonly spawnM: number
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
  const compiled = compileNetwork(map, decoded.value)
  if (!compiled.ok) return compiled
  const network = compiled.value
  const course = new BakedCourse(decoded.value)
  const { lines, routes, segments, pens, spawns, zones } = network
  const rules = JSON.stringify([map.id, ...[lines, routes, segments, pens, spawns, zones].map(withoutNames)])
  const [spawn] = spawns
  const spawnM = course.wayStartM(spawn!.way) + spawn!.atM
  const mapHash = sha256Hex(asciiBytes(courseHash(decoded.value) + rules))
  const sceneryHashed = sceneryHash(decoded.value, asciiBytes(JSON.stringify(map.scenery)))
  return checked({ map, course, network, spawnM, mapHash, sceneryHash: sceneryHashed })
}

/** Another name on a sign is no other race. */
function withoutNames(things: readonly object[]): readonly object[] {
  return things.map((thing) => Object.fromEntries(Object.entries(thing).filter(([key]) => key !== 'name')))
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
