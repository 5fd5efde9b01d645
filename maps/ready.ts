import { decodeCourse } from './course-file.ts'
import { BakedCourse } from './course.ts'
import type { MapFile } from './format.ts'
import type { LoadedWorld } from './load.ts'
import type { Network } from './network.ts'
import { checked, complaints, type Checked } from './result.ts'

/**
 * A road as the server that rides it gives it to its page: what is compiled from the map file, beside `course.bin`. The
 * page comes from the same server, so it need not read, check and compile the map file a second time, nor carry the code
 * for it. docs/client.md [V110]
 */
export type ReadyWorld = Omit<LoadedWorld, 'map'> & { readonly map: Pick<MapFile, 'id' | 'name' | 'scenery'> }

/** `ready.json`. A way without end has no number for it in JSON: null. */
export function readyJson({ map: { id, name, scenery }, network, spawnM, mapHash, sceneryHash }: LoadedWorld): string {
  return JSON.stringify({ map: { id, name, scenery }, network, spawnM, mapHash, sceneryHash })
}

type Ready = Omit<ReadyWorld, 'course'>

/** `json` as `readyJson` wrote it; refused when the columns are another road's. */
export function readyWorld(json: unknown, courseBytes: Uint8Array): Checked<ReadyWorld> {
  const decoded = decodeCourse(courseBytes)
  if (!decoded.ok) return decoded
  const { network, ...facts } = json as Ready
  const ways = network?.ways?.map((way) => ({ ...way, endM: way.endM ?? Infinity }))
  const strips = decoded.value.ways
  if (ways?.length !== strips.length || ways.some(({ startM }, i) => startM !== strips[i]!.startM))
    return complaints('ready.json: its ways are not those of course.bin; load the page again')
  const whole: Network = { ...network, ways }
  return checked({ ...facts, network: whole, course: new BakedCourse(decoded.value) })
}
