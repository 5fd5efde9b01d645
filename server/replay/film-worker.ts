import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { filmChunk, type Filmed } from '#server/world/film'
import { serve } from '../helper-thread.ts'
import { indexJournal, type JournalIndex, readMinute } from './journal-index.ts'
import { readSlowFacts, type SlowFacts } from './slow-facts.ts'

/** Off the tick's thread: looks through journals and shoots films of their minutes. Whatever goes wrong is an answer. */

export type FilmOrder =
  | { readonly kind: 'index'; readonly path: string }
  | { readonly kind: 'chunk'; readonly path: string; readonly mapFolder: string; readonly firstTick: number }
export type FilmAnswer =
  | { readonly index: JournalIndex; readonly facts: SlowFacts }
  /** `isWhole`: nothing more is written of this minute. */
  | { readonly bytes: Uint8Array; readonly isWhole: boolean }

const INDICES_MAX = 32
const WORLDS_MAX = 8
const indices = new Map<string, JournalIndex>()
const worlds = new Map<string, LoadedWorld>()

async function indexOf(path: string): Promise<JournalIndex | string> {
  const index = await indexJournal(path, indices.get(path))
  if (typeof index !== 'string') keep(indices, path, index, INDICES_MAX)
  return index
}

async function worldIn(folder: string): Promise<LoadedWorld | string> {
  const known = worlds.get(folder)
  if (known !== undefined) return known
  const mapJson: unknown = JSON.parse(await readFile(join(folder, 'map.json'), 'utf8'))
  const loaded = loadWorld(mapJson, new Uint8Array(await readFile(join(folder, 'course.bin'))))
  if (!loaded.ok) return loaded.error.join('; ')
  keep(worlds, folder, loaded.value, WORLDS_MAX)
  return loaded.value
}

function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}

async function obey(order: FilmOrder): Promise<FilmAnswer> {
  const { path } = order
  const index = orThrow(await indexOf(path))
  if (order.kind === 'index') return { index, facts: await readSlowFacts(path) }
  const { firstTick, mapFolder } = order
  const lines = orThrow(await readMinute(path, index, firstTick))
  const world = orThrow(await worldIn(mapFolder))
  const filmed: Filmed = filmChunk(lines, world, firstTick, { lastTick: index.lastTick })
  if (!filmed.ok) throw new Error(filmed.error)
  const isWhole = index.isEnded || index.checkpoints.some(({ tick }) => tick > firstTick)
  return { bytes: filmed.bytes, isWhole }
}

/** A sentence is why there is none. */
function orThrow<T>(value: T | string): T {
  if (typeof value === 'string') throw new Error(value)
  return value
}

serve(obey)
