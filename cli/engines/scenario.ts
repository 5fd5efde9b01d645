import type { RiderId, Row, Sequence } from '#protocol/ids'
import { TICK_MS } from '#protocol/limits'
import { fromBase64 } from '#server/world/base64'
import { fold } from '#server/world/hash'
import { World } from '#server/world/world'
import { loadWorld, type LoadedWorld } from '#maps/load'

/** What an engine is given, as JSON: the same world, the same evening. */
export interface ScenarioPlan {
  readonly mapJson: unknown
  /** course.bin. */
  readonly courseBase64: string
  readonly seed: number
  readonly riders: number
  /** Taken out, written down as JSON and put back into a new world at this tick; absent: never. */
  readonly restoreAtTick?: number
}

const WEATHER_TICKS = 700
const COMING_AND_GOING_TICKS = 40
const SAMPLE_TICKS = 20
const SPREAD_M = 600
const TURN_TICKS = 90

/**
 * An evening that leaves nothing out: wind that turns and gusts, rain, riders who join and leave in the middle, steer,
 * choose turns, stop pedalling and sprint. What happens in a tick follows from seed and tick alone, so an evening that was
 * put back into a new world goes on as if nothing had been.
 */
export class Scenario {
  readonly #plan: ScenarioPlan
  readonly #road: LoadedWorld
  #world: World

  constructor(plan: ScenarioPlan) {
    const bytes = fromBase64(plan.courseBase64)
    if (bytes === undefined) throw new Error('course is not base64')
    const road = loadWorld(plan.mapJson, bytes)
    if (!road.ok) throw new Error(road.error.join('; '))
    this.#plan = plan
    this.#road = road.value
    this.#world = this.#empty()
    for (let n = 1; n <= plan.riders; n++) this.#join(n)
  }

  get tick(): number {
    return this.#world.tick
  }

  /** Rides to `tick`; answers the hash of the state there. */
  rideTo(tick: number): string {
    while (this.#world.tick < tick) {
      if (this.#world.tick === this.#plan.restoreAtTick) this.#putIntoANewWorld()
      this.#happen()
      this.#world.step()
    }
    return this.#world.stateHash()
  }

  #empty(): World {
    const { course, network } = this.#road
    return new World({ course, network, riderCapacity: this.#plan.riders + 8 })
  }

  #putIntoANewWorld(): void {
    const written = JSON.stringify(this.#world.checkpoint())
    const { tick } = this.#world
    this.#world = this.#empty()
    if (!this.#world.restore(tick, JSON.parse(written))) throw new Error(`the checkpoint of tick ${tick} does not fit`)
  }

  #happen(): void {
    const world = this.#world
    const { tick, riders } = world
    if (tick % WEATHER_TICKS === 0) this.#turnTheWeather(tick)
    if (tick % COMING_AND_GOING_TICKS === 0 && tick > 0) {
      const leaving = (1 + this.#dice(tick, 7) * this.#plan.riders) | 0
      const row = world.rowOf(leaving as RiderId)
      if (row === undefined) this.#join(leaving)
      else world.leave(row)
    }
    for (let row = 0; row < riders.count; row++) {
      const id = riders.id[row]!
      if (id === 0) continue
      if ((tick + id) % SAMPLE_TICKS === 0) this.#pedal(row as Row, id, tick)
      if ((tick + 7 * id) % TURN_TICKS === 0) this.#choose(row as Row, id, tick)
    }
  }

  #turnTheWeather(tick: number): void {
    this.#world.decide({
      kind: 'weather',
      weather: {
        windEastMps: Math.round(16 * this.#dice(tick, 1) - 8),
        windNorthMps: Math.round(16 * this.#dice(tick, 2) - 8),
        gustShare: 0.4,
        seaLevelC: Math.round(30 * this.#dice(tick, 3)),
        isWet: this.#dice(tick, 4) < 0.4,
      },
    })
  }

  #join(n: number): void {
    const { course, network } = this.#road
    // Most on one way, close together; some anywhere, on routes and off.
    const isAnywhere = this.#dice(n, 10) < 0.3 && course.wayCount > 1
    const [spawn] = network.spawns
    const way = isAnywhere ? Math.floor(course.wayCount * this.#dice(n, 14)) : spawn!.way
    const startM = course.wayStartM(way)
    const lengthM = Math.min(course.wayEndM(way), startM + course.lengthM) - startM
    this.#world.join({
      riderId: n as RiderId,
      massKg: 55 + 45 * this.#dice(n, 12),
      cdaM2: 0.22 + 0.16 * this.#dice(n, 13),
      distanceM: 0,
      placeM: startM + Math.min(SPREAD_M, 0.98 * lengthM) * this.#dice(n, 11),
      lateralM: 0,
      isBot: false,
      held: false,
    })
  }

  /** Left, straight, right or back at the next junction, and now and then another route. */
  #choose(row: Row, id: number, tick: number): void {
    const { routes } = this.#road.network
    if (this.#dice(id, tick + 5) < 0.4) this.#world.wish(row, 1 + Math.floor(4 * this.#dice(id, tick + 6)))
    const route = routes[Math.floor(routes.length * this.#dice(id, tick + 8))]
    if (this.#dice(id, tick + 7) < 0.2) this.#world.takeRoute(row, route?.id ?? '')
  }

  /** A second of legs: most hold their own, some sprint, some rest; one in eight takes the bars. */
  #pedal(row: Row, id: number, tick: number): void {
    const own = 130 + 170 * this.#dice(id, 21)
    const mood = this.#dice(id, 22 + ((tick / 200) | 0))
    const effort = mood < 0.05 ? 0 : mood > 0.95 ? 2.4 : 0.85 + 0.3 * this.#dice(id, tick)
    const powerW = Math.round(own * effort)
    this.#world.post(row, {
      sequence: (((tick / SAMPLE_TICKS) | 0) & 0xffff) as Sequence,
      atMs: tick * TICK_MS,
      powerW,
      cadenceHalfRpm: powerW === 0 ? 0 : 176,
      heartRateBpm: 140,
      steer: mood > 0.4 && mood < 0.52 ? Math.round(254 * this.#dice(id, tick + 3) - 127) : 0,
    })
  }

  /** 0 ≤ x < 1 of seed and two numbers. */
  #dice(a: number, b: number): number {
    const thrown = fold(fold(fold(this.#plan.seed | 0, a), b), 0x2545f491)
    return ((thrown ^ (thrown >>> 15)) >>> 8) / 16_777_216
  }
}
