import { bytesWithin, textWithin } from '#bridges/bounded-answer'
import type { RoadSample } from '#bridges/core/road-ahead'
import { type LoadedWorld, loadWorld } from '#maps/load'
import { Wayfinder } from '#maps/wayfinder'
import { gradeFromSlope } from '#physics/course'

/** Where a rider is and where they are going, as the server says it. */
export interface OnRoad {
  readonly placeM: number
  readonly route: number
  readonly leg: number
  readonly turn: number
}

const STEP_M = 10
/** At 12 m/s four minutes: longer than a server takes to start again. */
const AHEAD_M = 3000
const LOAD_MS = 20_000
/** The largest of ours is a hundredth of it. */
const MAP_BYTES_MAX = 64 * 1024 * 1024

/** The road of a ride, fetched once, so that the trainer can follow it when the server is gone. */
export class RoadMemory {
  readonly #server: URL
  #mapId: string | undefined
  #world: LoadedWorld | undefined

  constructor(server: URL) {
    this.#server = server
  }

  /** The grades from here on, along the route or straight on; undefined: this road is not known (yet). */
  ahead(rider: OnRoad, mapId: string): readonly RoadSample[] | undefined {
    if (mapId !== this.#mapId) void this.#load(mapId)
    return this.#world === undefined ? undefined : gradesAhead(this.#world, rider)
  }

  async #load(mapId: string): Promise<void> {
    this.#mapId = mapId
    this.#world = undefined
    try {
      const folder = new URL(`/maps/${encodeURIComponent(mapId)}/`, this.#server)
      const get = (file: string) => fetch(new URL(file, folder), { signal: AbortSignal.timeout(LOAD_MS) })
      const [map, course] = await Promise.all([get('map.json'), get('course.bin')])
      const [text, bytes] = [await textWithin(map, MAP_BYTES_MAX), await bytesWithin(course, MAP_BYTES_MAX)]
      if (text === undefined || bytes === undefined) return
      const world = loadWorld(JSON.parse(text), bytes)
      if (world.ok && mapId === this.#mapId) this.#world = world.value
    } catch {
      // Without a map the grade is held and fades when the server is gone.
    }
  }
}

/** What `physics/ways` will do with this rider, written down in steps. */
export function gradesAhead({ course, network }: LoadedWorld, { placeM, route, leg, turn }: OnRoad): RoadSample[] {
  const wayfinder = new Wayfinder(network)
  const rider = { way: Uint32Array.of(course.wayAt(placeM)), leg: Uint32Array.of(leg), turn: Uint32Array.of(turn) }
  const routes = Uint32Array.of(route)
  const samples: RoadSample[] = []
  let atM = placeM
  for (let aheadM = 0; aheadM <= AHEAD_M; aheadM += STEP_M) {
    const endM = course.wayEndM(rider.way[0]!)
    if (atM >= endM) {
      const next = wayfinder.take(rider, routes, 0)
      if (next < 0) break
      rider.way[0] = next
      atM = course.wayStartM(next) + (atM - endM)
    }
    samples.push({ aheadM, gradeFraction: gradeFromSlope(course.slopeAt(atM)) })
    atM += STEP_M
  }
  return samples
}
