import type { LoadedWorld } from '#maps/load'
import { TURN } from '#physics/course'
import { createRandom } from '#physics/random'
import { siteZones } from '#physics/zone-site'
import type { RiderId, Row, Sequence } from '#protocol/ids'
import type { JournalRecord } from '#server/world/records'
import { World } from '#server/world/world'
import { Zones } from '#server/world/zones'

/**
 * An evening of riders who do what they like, all of it by dice: late, doubled and bursting samples, bars, turns, routes,
 * joins and leaves, new sessions, weather, visits to zones. Nobody here means well.
 */
export function roughRide(
  map: LoadedWorld,
  { seed, riders, isCalm = false }: { seed: number; riders: number; isCalm?: boolean },
) {
  const random = createRandom(seed)
  const dice = (sides: number) => random.u32() % sides
  const between = (least: number, most: number) => least + (most - least) * random.fraction()
  const records: JournalRecord[] = []
  const { course, network } = map
  const world = new World({ course, network, riderCapacity: riders + 4, journal: (record) => records.push(record) })
  const { sites } = siteZones(network.zones, course)
  // In still air every joule can be counted; a park keeps its own books.
  if (sites.length > 0 && !isCalm) world.zones = new Zones(sites)
  const sequence = new Map<number, number>()
  let nextId = 1

  function join(): void {
    if (world.isFull) return
    const way = network.ways[dice(network.ways.length)]!
    const lengthM = way.endM === Infinity ? course.lengthM : way.endM - way.startM
    // Half of them in one bunch, the others anywhere.
    const placeM = nextId % 2 === 0 ? map.spawnM + between(0, 30) : way.startM + between(0, lengthM - 1)
    const body = { massKg: [20, 60, 75, 90, 500][dice(5)]!, cdaM2: between(0.15, 0.6) }
    const record = { ...body, distanceM: placeM, lateralM: between(-3, 3), isBot: dice(9) === 0, held: false }
    const riderId = nextId++
    sequence.set(riderId, 0)
    world.join({ ...record, riderId: riderId as RiderId })
  }

  function sample(row: Row): void {
    const riderId = world.riders.id[row]!
    const next = (sequence.get(riderId)! + [1, 1, 1, 2, 0][dice(5)]!) & 0xffff
    sequence.set(riderId, next)
    const atMs = Math.max(0, world.tick * 50 + [0, 0, -900, 900, -4000, 6000][dice(6)]!)
    const powerW = [0, 150, 250, 280, 400, 3000][dice(6)]!
    const steer = [0, 0, 0, -127, 127, dice(255) - 127][dice(6)]!
    world.post(row, { sequence: next as Sequence, atMs, powerW, cadenceHalfRpm: 2 * dice(120), heartRateBpm: 0, steer })
  }

  function weather(): void {
    const wind = { windEastMps: dice(20) - 10, windNorthMps: dice(20) - 10, gustShare: dice(10) / 10 }
    const air = { seaLevelC: dice(50) - 10, isWet: dice(2) === 0 }
    world.decide({ kind: 'weather', weather: { ...wind, ...air }, fromTick: world.tick + dice(100) })
  }

  function act(): void {
    const row = dice(Math.max(1, world.riders.count)) as Row
    if (world.riders.id[row] === 0 || world.riders.count === 0) return join()
    const { routes } = network
    switch (dice(12)) {
      case 0:
        return join()
      case 1:
        return dice(12) === 0 ? world.leave(row) : undefined
      case 2:
        return dice(10) === 0 ? world.resume(row) : undefined
      case 3:
        return dice(60) === 0 && !isCalm ? weather() : undefined
      case 4:
      case 5:
        return void world.wish(row, dice(TURN.back + 1))
      case 6:
        return void world.takeRoute(row, routes.length > 0 && dice(4) > 0 ? routes[dice(routes.length)]!.id : '')
      default:
        return sample(row)
    }
  }

  while (world.riders.count < riders) join()
  return {
    world,
    records,
    /** `look` comes when everybody has done what they like, before the tick. */
    step(look?: () => void): void {
      const acts = 1 + dice(Math.ceil(riders / 8))
      for (let i = 0; i < acts; i++) act()
      look?.()
      world.step()
    },
  }
}
