import type { RiderId } from '#protocol/ids'
import { createRandom } from '#physics/random'
import { shapeRider } from '#physics/rider-shape'
import type { Entry, Run } from '#server/event/model'
import { penSlot } from '#server/event/pen'
import { raceRules } from '#server/event/rules'
import { Bots, racerScript } from '#server/world/bots'
import { startJournal } from '#server/world/journal'
import { World } from '#server/world/world'
import type { MapFiles } from './load-map.ts'

export interface RaceOptions {
  readonly map: MapFiles
  readonly seed: number
  readonly riders: number
  readonly laps: number
  /** Bodies and legs are drawn evenly between these; without them a mixed field. */
  readonly bodyKg?: readonly [number, number]
  readonly wattsPerKg?: readonly [number, number]
  /** Route of the map; without it its first. */
  readonly routeId?: string | undefined
  /** Between two ticks now and then: progress, and a chance to stop. */
  readonly onTick?: (world: World, startTick: number) => boolean
}

export interface Race {
  readonly world: World
  readonly lines: readonly string[]
  readonly startTick: number
}

/** Pen open, then the gun: ten seconds. */
const COUNTDOWN_TICKS = 200
/** A race nobody finishes ends all the same: a day. */
const TICKS_MAX = 24 * 3600 * 20

const FIRST_NAMES = ['Ana', 'Bo', 'Cleo', 'Dario', 'Eli', 'Fenna', 'Goran', 'Hana', 'Ivo', 'Jonna', 'Kaj', 'Lena']

/** A race of bots in virtual time: as many ticks as it takes, as fast as they can be had. */
export function rideRace(options: RaceOptions): Race {
  const { map, seed, riders, laps, routeId, onTick, bodyKg: bodies = [55, 90], wattsPerKg: legs = [2.4, 4.2] } = options
  const lines: string[] = []
  const { course, network, mapHash } = map
  const room = { mapId: map.map.id, mapHash, seed, roomId: `race-${seed}`, riderCapacity: riders }
  const world = new World({
    course,
    network,
    riderCapacity: riders,
    journal: startJournal(room, (line) => lines.push(line)),
  })
  const bots = new Bots(seed)
  world.source = bots
  const made = raceRules(map, { routeId, laps })
  if (!made.ok) throw new Error(made.error)
  const random = createRandom(seed)
  const entries: Entry[] = []
  for (let i = 0; i < riders; i++) {
    const riderId = (i + 1) as RiderId
    const bodyKg = bodies[0] + (bodies[1] - bodies[0]) * random.fraction()
    const wattsPerKg = legs[0] + (legs[1] - legs[0]) * random.fraction()
    const shape = shapeRider({ massKg: bodyKg, heightM: 1.6 + 0.3 * random.fraction() })
    const at = {
      distanceM: penSlot(i, made.rules, network, course).distanceM,
      routeId: made.rules.routeId,
      lateralM: 0,
    }
    const row = world.join({ riderId, ...shape, ...at, isBot: true, held: true })
    bots.add(row, racerScript(bodyKg, wattsPerKg, seed, riderId))
    const name = `${FIRST_NAMES[i % FIRST_NAMES.length]!}${i < FIRST_NAMES.length ? '' : ` ${Math.floor(i / FIRST_NAMES.length) + 1}`}`
    entries.push({ riderId, bib: i + 1, name, isBot: true })
  }
  const run: Run = { runId: `run-${seed}`, eventId: `sim-${seed}`, rules: made.rules, entries }
  world.decide({ kind: 'pen', run })
  const startTick = world.tick + COUNTDOWN_TICKS
  world.decide({ kind: 'start', runId: run.runId, startTick })
  while (world.run.phase !== 'finished' && world.tick < TICKS_MAX) {
    world.step()
    if (onTick !== undefined && !onTick(world, startTick)) break
  }
  world.end()
  return { world, lines, startTick }
}
