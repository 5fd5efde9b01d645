import { readFileSync } from 'node:fs'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { createRandom, type Random } from '#physics/random'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import type { InputSample } from '#protocol/input'
import { TICK_HZ, TICK_MS } from '#protocol/limits'
import { World } from '#server/world/world'

/** How watts reach the server from one rider: so often a second, and in batches of so many samples. */
const SENSORS = [
  { hz: 4, batch: 1 },
  { hz: 4, batch: 4 },
  { hz: 1, batch: 1 },
  { hz: 2, batch: 1 },
  { hz: 4, batch: 1 },
  { hz: 1, batch: 1 },
] as const

interface Legs {
  readonly row: Row
  readonly baseW: number
  readonly hz: number
  readonly batch: number
  readonly phase: number
  readonly isSteering: boolean
  readonly isTurning: boolean
  /** Whom this rider stays with: −1 nobody. */
  readonly group: number
  swing: number
  surgeS: number
  surgeShare: number
  silentS: number
  steer: number
  sequence: number
  heartRate: number
  readonly waiting: InputSample[]
}

export interface HardRideOptions {
  readonly worldId: string
  /** Routes that groups ride; riders beyond them roam. */
  readonly routes: readonly string[]
  readonly riders: number
  readonly seed: number
}

/**
 * A world with everything that makes others hard to predict, in legs by script: bunches with shelter and contact, sprints,
 * soft pedalling, climbs and descents, corners and junctions taken by wish, oncoming riders, hands on the bars, dropouts,
 * and sensors of 1 to 4 Hz, some in batches of a second.
 */
export class HardRide {
  readonly loaded: LoadedWorld
  readonly world: World
  readonly #legs: Legs[]
  readonly #random: Random
  /** Road behind the middle of each group, m. */
  readonly #middleM: number[]

  constructor({ worldId, routes, riders, seed }: HardRideOptions) {
    this.loaded = shippedWorld(worldId)
    const { course, network } = this.loaded
    this.world = new World({ course, network, riderCapacity: riders })
    this.#random = createRandom(seed)
    this.#middleM = routes.map(() => 0)
    const random = this.#random
    this.#legs = Array.from({ length: riders }, (_none, i) => {
      const group = i % (routes.length + 1)
      const place = Math.floor(i / (routes.length + 1))
      const routeId = routes[group]
      const spawn = network.spawns[i % network.spawns.length]!
      const placeM = course.wayStartM(spawn.way) + spawn.atM + 3 * (place % 8)
      const massKg = 66 + 30 * random.fraction()
      const row = this.world.join({
        riderId: (i + 1) as RiderId,
        massKg,
        cdaM2: 0.26 + 0.1 * random.fraction(),
        distanceM: routeId === undefined ? placeM : 60 - Math.floor(place / 4) * 3,
        placeM,
        routeId: routeId ?? '',
        lateralM: (i % 4) - 1.5,
        isBot: false,
        held: false,
      })
      const sensor = SENSORS[i % SENSORS.length]!
      return {
        row,
        baseW: massKg * (2.7 + 0.5 * random.fraction()),
        ...sensor,
        phase: Math.floor(random.fraction() * TICK_HZ),
        isSteering: i % 9 === 4,
        isTurning: routeId === undefined,
        group: routeId === undefined ? -1 : group,
        swing: 0,
        surgeS: 0,
        surgeShare: 1,
        silentS: 0,
        steer: 0,
        sequence: 0,
        heartRate: 120 + 40 * random.fraction(),
        waiting: [],
      }
    })
  }

  step(): void {
    if (this.world.tick % TICK_HZ === 0) this.#gather()
    for (const legs of this.#legs) this.#pedal(legs)
    this.world.step()
  }

  #gather(): void {
    const { distanceM } = this.world.riders
    for (let group = 0; group < this.#middleM.length; group++) {
      const places = this.#legs.filter((legs) => legs.group === group).map(({ row }) => distanceM[row]!)
      this.#middleM[group] = places.toSorted((a, b) => a - b)[places.length >> 1] ?? 0
    }
  }

  /** Who has fallen behind the others works, who is off the front waits. */
  #pull({ group, row }: Legs): number {
    if (group < 0) return 1
    const behindM = this.#middleM[group]! - this.world.riders.distanceM[row]!
    return 1 + Math.max(-0.3, Math.min(0.4, 0.012 * behindM))
  }

  #pedal(legs: Legs): void {
    const { tick } = this.world
    const random = this.#random
    const at = tick + legs.phase
    if (at % TICK_HZ === 0) this.#decide(legs)
    if (at % (TICK_HZ / legs.hz) !== 0 || legs.silentS > 0) return
    const swing = (legs.swing = 0.8 * legs.swing + 0.03 * (2 * random.fraction() - 1))
    const noise = 0.035 * (random.fraction() + random.fraction() - 1)
    const powerW = Math.round(Math.max(0, legs.baseW * legs.surgeShare * this.#pull(legs) * (1 + swing + noise)))
    const rpm = powerW < 20 ? 0 : 86 + 6 * (legs.surgeShare - 1) + 8 * swing
    legs.waiting.push({
      sequence: (legs.sequence++ & 0xffff) as Sequence,
      atMs: (tick * TICK_MS) >>> 0,
      powerW,
      cadenceHalfRpm: Math.max(0, Math.round(2 * rpm + 2 * (random.fraction() - 0.5))),
      heartRateBpm: Math.round(legs.heartRate),
      steer: legs.steer,
    })
    if (legs.waiting.length < legs.batch) return
    for (const sample of legs.waiting.splice(0)) this.world.post(legs.row, sample)
  }

  /** Once a second: surge, ease, sprint, fall silent, turn the bars, wish for a turn. */
  #decide(legs: Legs): void {
    const random = this.#random
    const die = random.fraction()
    if (legs.silentS > 0) legs.silentS--
    if (legs.surgeS > 0) legs.surgeS--
    else {
      legs.surgeShare = 1
      if (die < 0.01) [legs.surgeS, legs.surgeShare] = [8, 3]
      else if (die < 0.025) [legs.surgeS, legs.surgeShare] = [12, 1.45]
      else if (die < 0.045) [legs.surgeS, legs.surgeShare] = [4, 0]
      else if (die < 0.0475) legs.silentS = 3 + Math.floor(5 * random.fraction())
    }
    legs.heartRate += 0.04 * (110 + 45 * legs.surgeShare - legs.heartRate) + (random.fraction() - 0.5)
    if (legs.isSteering && random.fraction() < 0.4) legs.steer = Math.round(200 * (random.fraction() - 0.5))
    if (legs.isTurning && random.fraction() < 0.03) this.world.wish(legs.row, 1 + Math.floor(4 * random.fraction()))
  }
}

export function shippedWorld(id: string): LoadedWorld {
  const file = (name: string): Buffer => readFileSync(new URL(`../../maps/worlds/${id}/${name}`, import.meta.url))
  const loaded = loadWorld(JSON.parse(file('map.json').toString('utf8')), file('course.bin'))
  if (!loaded.ok) throw new Error(`${id}: ${loaded.error.join('; ')}`)
  return loaded.value
}
