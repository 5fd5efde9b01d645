import { createRandom, type Random } from '#physics/random'
import { Ride } from '#server/room/ride'
import { badWeather, BadNetwork, type Weather } from './bad-network.ts'
import { Invariants } from './invariants.ts'
import type { MapFiles } from './load-map.ts'
import { ScriptedRider } from './scripted-rider.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface SimulationOptions {
  readonly map: Pick<MapFiles, 'map' | 'course' | 'mapHash' | 'spawnM'> & Partial<Pick<MapFiles, 'network'>>
  readonly seed: number
  readonly seconds: number
  readonly lossShare: number
  readonly clients?: number
  readonly pacers?: number
  /** Instead of a bad evening with `lossShare`. */
  readonly weather?: Weather
  readonly onSecond?: (second: number) => boolean
}

export interface Simulated {
  readonly hash: string
  readonly ticks: number
  readonly lines: readonly string[]
  readonly samplesSent: number
  readonly samplesCredited: number
  readonly samplesRefused: number
  readonly stampExcessMs: number
  readonly datagramsUp: number
  readonly datagramsDown: number
  readonly datagramsLost: number
  readonly bytesDown: number
  readonly records: number
  readonly remoteErrorMaxM: number
  readonly ownErrorMaxM: number
  readonly reconnections: number
  readonly refusals: Readonly<Record<string, number>>
  /** Broken invariants and complaints of clients. */
  readonly failures: readonly string[]
}

const PACERS = [
  { name: 'Pacer 2.0', wattsPerKg: 2 },
  { name: 'Pacer 2.6', wattsPerKg: 2.6 },
  { name: 'Pacer 3.2', wattsPerKg: 3.2 },
]
const BODY_KG = 72
const CAPACITY = 32

/** Server, clients and a bad network in one process and in virtual time: everything that happens follows from the seed. */
export function simulate(options: SimulationOptions): Simulated {
  const { map, seed, seconds } = options
  const clock = new VirtualClock()
  const random = createRandom(seed)
  const randomBytes = bytesFrom(createRandom(seed ^ 0x5eed))
  const lines: string[] = []
  const watch: { invariants?: Invariants } = {} // The ride writes its journal before there is a world to watch.
  const ride = new Ride({
    clock,
    randomBytes,
    tokenKey: randomBytes(32),
    roomId: `sim-${seed}`,
    mapId: map.map.id,
    mapHash: map.mapHash,
    course: map.course,
    network: map.network,
    spawnM: map.spawnM,
    seed,
    riderCapacity: CAPACITY,
    leaveAfterS: 60,
    journal(line) {
      lines.push(line)
      watch.invariants?.note(line)
    },
  })
  const invariants = new Invariants(ride.world)
  watch.invariants = invariants
  afterEachStep(ride, () => invariants.check())
  for (const pacer of PACERS.slice(0, options.pacers ?? PACERS.length)) {
    ride.addBot({ ...pacer, massKg: BODY_KG, heightM: 1.78 })
  }
  ride.start()
  const weather = options.weather ?? badWeather(options.lossShare)
  const up = new BadNetwork(clock, createRandom(seed ^ 0x0b00), weather)
  const down = new BadNetwork(clock, createRandom(seed ^ 0xd0e0), weather)
  const clients = Array.from({ length: options.clients ?? 3 }, (_, index) => {
    const rider = ride.join({ name: `Rider ${index + 1}`, massKg: 60 + 10 * index, heightM: 1.7 + 0.05 * index })
    const cdaM2 = ride.world.riders.cdaM2[rider.row]!
    const client = new ScriptedRider({
      clock,
      random: createRandom(random.u32()),
      ride,
      course: map.course,
      rider,
      cdaM2,
      up,
      down,
      randomBytes,
    })
    client.onRecord = (riderId, tick, isLeave) => invariants.seen(client.riderId, riderId, tick, isLeave)
    clock.after(2000 * random.fraction(), () => client.start())
    return client
  })
  // The first rider's bridge is killed and started again half way.
  if (clients.length > 0) clock.after(seconds * 500, () => clients[0]!.restart())
  for (let second = 1; second <= seconds; second++) {
    clock.runUntil(second * 1000)
    if (options.onSecond !== undefined && !options.onSecond(second)) break
  }
  ride.stop()
  const { world } = ride
  const { counters } = world
  const sum = (of: (client: ScriptedRider) => number) => clients.reduce((total, client) => total + of(client), 0)
  return {
    hash: world.stateHash(),
    ticks: world.tick,
    lines,
    samplesSent: sum((client) => client.samplesSent),
    samplesCredited: invariants.samplesTaken,
    samplesRefused: counters.samplesRefused,
    stampExcessMs: counters.stampExcessMs,
    datagramsUp: up.counts.sent,
    datagramsDown: down.counts.sent,
    datagramsLost: up.counts.lost + down.counts.lost,
    bytesDown: down.counts.bytes,
    records: sum((client) => client.recordsSeen),
    remoteErrorMaxM: Math.max(0, ...clients.map((client) => client.remoteErrorM)),
    ownErrorMaxM: Math.max(0, ...clients.map((client) => client.ownErrorM)),
    reconnections: sum((client) => client.reconnections),
    refusals: ride.sessions.counts,
    failures: [...invariants.broken, ...clients.flatMap((client) => client.complaints)],
  }
}

/** The ride steps by its own timer; the checks want a word after every single step. */
function afterEachStep(ride: Ride, check: () => void): void {
  const { source } = ride.world
  let checkedTick = 0
  ride.world.source = {
    post(world) {
      if (world.tick > checkedTick) check()
      checkedTick = world.tick
      source?.post(world)
    },
  }
}

export function bytesFrom(random: Random): (count: number) => Uint8Array {
  return (count) => Uint8Array.from({ length: count }, () => random.u32() >>> 24)
}
