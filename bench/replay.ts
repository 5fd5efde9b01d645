import { TICK_HZ } from '#protocol/limits'
import { startJournal } from '#server/world/journal'
import { journalLines, replayJournal } from '#server/world/replay'
import { World } from '#server/world/world'
import { measure, type Rounds } from './measure.ts'
import { spreadFigures, type Measured } from './measured.ts'
import { Bunch } from './bunch.ts'
import { benchRoad } from './road.ts'

const RIDERS = 64
const RIDDEN_S = 120

/** How much faster than life a journal is ridden again. */
export async function benchReplay(rounds: Rounds): Promise<Measured> {
  const road = benchRoad()
  const lines: string[] = []
  const { map, mapHash, course } = road
  const room = { mapId: map.id, mapHash, seed: 1, roomId: 'bench', riderCapacity: RIDERS }
  const world = new World({ course, riderCapacity: RIDERS, journal: startJournal(room, (line) => lines.push(line)) })
  const bunch = new Bunch(world, RIDERS)
  for (let tick = 0; tick < RIDDEN_S * TICK_HZ; tick++) bunch.step()
  world.end()
  const file = `${lines.join('\n')}\n`
  const hash = world.stateHash()
  const run = (): number => {
    const startedMs = performance.now()
    const replayed = replayJournal(journalLines(file), { course, mapHash })
    const tookS = (performance.now() - startedMs) / 1000
    if (!replayed.ok) throw new Error(`line ${replayed.line} of the journal: ${replayed.error}`)
    if (replayed.world.stateHash() !== hash) throw new Error('the replay ended in another state than the ride')
    return RIDDEN_S / tookS
  }
  const [speed] = await measure([{ name: 'replay', run }], rounds)
  return {
    method:
      `A journal of ${RIDERS} riders, ${RIDDEN_S} s and ${lines.length.toLocaleString('en-US')} lines, parsed, ridden again ` +
      'and compared line by line; the final hash must agree.',
    figures: {
      ...spreadFigures('replay.overRealTime', speed!, '×'),
      'replay.journalPerRiderHour': { value: ((file.length / RIDERS) * 3600) / RIDDEN_S / 1e6, unit: 'MB' },
    },
  }
}
