import { closeSync, openSync, writeSync } from 'node:fs'
import { TICK_HZ } from '#protocol/limits'
import { factsPathOf } from '#server/replay/slow-facts'
import { startJournal } from '#server/world/journal'
import { World } from '#server/world/world'
import { Bunch } from './bunch.ts'
import { benchRoad } from './road.ts'

/** A room as large as a server's. */
const CAPACITY = 1000
const LINES_AT_ONCE = 10_000

export interface LongRide {
  readonly mapId: string
  readonly mapHash: string
  readonly ticks: number
  readonly bytes: number
}

/** A ride of hours, as a server leaves it: the journal at `path`, and the facts beside it. */
export function writeLongRide(
  path: string,
  { riders, seconds, mapId = 'thrushford' }: { riders: number; seconds: number; mapId?: string },
): LongRide {
  const { map, mapHash, course, network } = benchRoad(mapId)
  const ticks = seconds * TICK_HZ
  const file = openSync(path, 'w')
  let bytes = 0
  let waiting: string[] = []
  const write = (): void => {
    bytes += writeSync(file, `${waiting.join('\n')}\n`)
    waiting = []
  }
  const room = { mapId: map.id, mapHash, seed: 1, roomId: 'bench', riderCapacity: CAPACITY }
  const journal = startJournal(room, (line) => waiting.push(line))
  const world = new World({ course, network, riderCapacity: CAPACITY, journal })
  const bunch = new Bunch(world, riders)
  for (let tick = 0; tick < ticks; tick++) {
    bunch.step()
    if (waiting.length > LINES_AT_ONCE) write()
  }
  world.end()
  write()
  closeSync(file)
  const facts = openSync(factsPathOf(path), 'w')
  for (let id = 1; id <= riders; id++) {
    const look = {
      jersey: id % 12,
      accent: (id * 5) % 12,
      shorts: 0,
      helmet: id % 12,
      frame: (id * 7) % 12,
      skin: id % 6,
    }
    const rider = { id, name: `Rider ${id}`, isBot: false, massKg: 75, ...look, pattern: id % 8, bike: 0, number: id }
    writeSync(facts, `${JSON.stringify(['rider', 0, rider])}\n`)
  }
  closeSync(facts)
  return { mapId: map.id, mapHash, ticks, bytes }
}
