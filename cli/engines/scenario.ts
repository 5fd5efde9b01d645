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
const STAY_TICKS = 400
const STAGGER_TICKS = 37
const SAMPLE_TICKS = 20
/** So many of all ride as one bunch, this long when it starts, m. */
const BUNCH_SHARE = 0.6
const BUNCH_M = 60
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
    for (let n = 1; n <= this.#plan.riders; n++) {
      // Each looks at the clock at a time of their own; one in twenty is then away until the next look.
      if (tick === 0 || (tick + n * STAGGER_TICKS) % STAY_TICKS !== 0) continue
      const isAway = this.#dice(n, 0x1000 + tick) < 0.05
      const row = world.rowOf(n as RiderId)
      if (isAway && row !== undefined) world.leave(row)
      else if (!isAway && row === undefined) this.#join(n)
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
    this.#world.join({
      riderId: n as RiderId,
      massKg: 55 + 45 * this.#dice(n, 12),
      cdaM2: 0.22 + 0.16 * this.#dice(n, 13),
      distanceM: 0,
      placeM: this.#placeFor(n),
      lateralM: 0,
      isBot: false,
      held: false,
    })
  }

  /** The bunch keeps to the default exits, watts not far apart; the others ride where and how they like. */
  #isOfTheBunch(n: number): boolean {
    return n <= BUNCH_SHARE * this.#plan.riders
  }

  /** Who comes to the bunch comes to its first rider who is there; the others anywhere on the map. */
  #placeFor(n: number): number {
    const { course, network } = this.#road
    const { riders } = this.#world
    for (let first = 1; this.#isOfTheBunch(n) && this.#isOfTheBunch(first); first++) {
      const row = this.#world.rowOf(first as RiderId)
      if (row === undefined) continue
      const placeM = riders.distanceM[row]! + riders.offsetM[row]!
      return Math.max(course.wayStartM(riders.way[row]!), placeM - BUNCH_M * this.#dice(n, 11))
    }
    const [spawn] = network.spawns
    const way = this.#isOfTheBunch(n) ? spawn!.way : Math.floor(course.wayCount * this.#dice(n, 14))
    const startM = course.wayStartM(way)
    const lengthM = Math.min(course.wayEndM(way), startM + course.lengthM) - startM
    return startM + 0.98 * lengthM * this.#dice(n, 11)
  }

  /** Left, straight, right or back at the next junction, and now and then another route. */
  #choose(row: Row, id: number, tick: number): void {
    if (this.#isOfTheBunch(id)) return
    const { routes } = this.#road.network
    if (this.#dice(id, tick + 5) < 0.4) this.#world.wish(row, 1 + Math.floor(4 * this.#dice(id, tick + 6)))
    const route = routes[Math.floor(routes.length * this.#dice(id, tick + 8))]
    if (this.#dice(id, tick + 7) < 0.2) this.#world.takeRoute(row, route?.id ?? '')
  }

  /** A second of legs: most hold their own, some sprint, some rest; one in eight takes the bars. */
  #pedal(row: Row, id: number, tick: number): void {
    const isOfTheBunch = this.#isOfTheBunch(id)
    const own = isOfTheBunch ? 190 + 40 * this.#dice(id, 21) : 130 + 170 * this.#dice(id, 21)
    const mood = isOfTheBunch ? 0.5 * this.#dice(id, 23) + 0.05 : this.#dice(id, 22 + ((tick / 200) | 0))
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
