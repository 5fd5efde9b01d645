import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { REEL_CHUNK_TICKS } from '#protocol/reel'
import { Films } from '#server/replay/films'
import { writeLongRide } from './long-ride.ts'
import { type Case, measure, type Rounds } from './measure.ts'
import { spreadFigures, type Measured } from './measured.ts'

const RIDERS = 50
const RIDDEN_S = 7200
const MAPS = fileURLToPath(new URL('../maps/worlds', import.meta.url))

/** From asking for a second of a long ride to the minute it lies in, by a server that was just started. */
export async function benchFilm(rounds: Rounds): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'gruppetto-film-'))
  try {
    const path = join(folder, 'ride.jsonl')
    const seconds = Math.max(240, Math.round(RIDDEN_S * (rounds.workShare ?? 1)))
    const { mapId, ticks, bytes } = writeLongRide(path, { riders: RIDERS, seconds })
    const minutes = Math.floor(ticks / REEL_CHUNK_TICKS)
    const places = { beginning: 0, middle: minutes >> 1, end: minutes - 1 }
    const cost = { readBytes: 0, ticks: 0 }
    const open = async (firstTick: number, shelf?: string): Promise<number> => {
      const films = new Films(shelf)
      try {
        const fromMs = performance.now()
        await films.index(path)
        await films.chunk(path, join(MAPS, mapId), firstTick)
        const tookMs = performance.now() - fromMs
        if (shelf === undefined) {
          cost.readBytes = Math.max(cost.readBytes, films.cost.readBytes)
          cost.ticks = Math.max(cost.ticks, films.cost.ticks)
        }
        return tookMs
      } finally {
        await films.close()
      }
    }
    // The first who ever looks goes through all of the journal.
    const fromMs = performance.now()
    await open(0)
    const firstMs = performance.now() - fromMs
    cost.readBytes = 0
    const shelf = join(folder, 'films')
    const cases: Case[] = Object.entries(places).flatMap(([name, minute]) => [
      { name, run: async () => await open(minute * REEL_CHUNK_TICKS) },
      { name: `${name}.again`, run: async () => await open(minute * REEL_CHUNK_TICKS, shelf) },
    ])
    const spreads = await measure(cases, rounds)
    return {
      method:
        `A journal of ${RIDERS} riders and ${seconds} s; a thread that is new, as after a restart: from asking to the ` +
        'minute around a second of the beginning, the middle and the end. "again": it was shot before the restart.',
      figures: {
        'film.journal': { value: Math.round(bytes / 1e5) / 10, unit: 'MB' },
        'film.firstEver': { value: Math.round(firstMs), unit: 'ms' },
        ...Object.assign({}, ...cases.map(({ name }, i) => spreadFigures(`film.${name}`, spreads[i]!, 'ms'))),
        'film.readAtMost': { value: Math.round(cost.readBytes / 1e4) / 100, unit: 'MB' },
        'film.ticksAtMost': { value: cost.ticks, unit: '' },
      },
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
