import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoadedWorld } from '#maps/load'
import { serve } from '../helper-thread.ts'
import { FilmShelf } from './film-shelf.ts'
import { type JournalIndex, readMinute } from './journal-index.ts'
import { findMinutes, type Found } from './kept-index.ts'
import { readSlowFacts, type SlowFacts } from './slow-facts.ts'

/** Off the tick's thread: looks through journals and shoots films of their minutes. Whatever goes wrong is an answer. */

export type FilmOrder =
  | { readonly kind: 'index'; readonly path: string }
  | {
      readonly kind: 'chunk'
      readonly path: string
      readonly mapFolder: string
      readonly firstTick: number
      /** Where minutes are kept; absent: nowhere. */
      readonly shelfFolder: string | undefined
    }
/** What an answer took: bytes of the journal that were read, ticks that were ridden again. */
export interface FilmCost {
  readonly readBytes: number
  readonly ticks: number
}
export type FilmAnswer = { readonly cost: FilmCost } & (
  | { readonly index: JournalIndex; readonly facts: SlowFacts }
  /** `isWhole`: nothing more is written of this minute. */
  | { readonly bytes: Uint8Array; readonly isWhole: boolean }
)

/** World and physics, asked for when the first minute is shot: who finds one on the shelf does not wait for them. */
const loadCamera = async () => ({ ...(await import('#server/world/film')), ...(await import('#maps/load')) })
let camera: ReturnType<typeof loadCamera> | undefined

const INDICES_MAX = 32
const WORLDS_MAX = 8
const indices = new Map<string, JournalIndex>()
const worlds = new Map<string, LoadedWorld>()
const shelves = new Map<string, FilmShelf>()

async function indexOf(path: string): Promise<Found | string> {
  const found = await findMinutes(path, indices.get(path))
  if (typeof found !== 'string') keep(indices, path, found.index, INDICES_MAX)
  return found
}

async function worldIn(folder: string): Promise<LoadedWorld | string> {
  const known = worlds.get(folder)
  if (known !== undefined) return known
  const { loadWorld } = await (camera ??= loadCamera())
  const mapJson: unknown = JSON.parse(await readFile(join(folder, 'map.json'), 'utf8'))
  const loaded = loadWorld(mapJson, new Uint8Array(await readFile(join(folder, 'course.bin'))))
  if (!loaded.ok) return loaded.error.join('; ')
  keep(worlds, folder, loaded.value, WORLDS_MAX)
  return loaded.value
}

function shelfIn(folder: string): FilmShelf {
  const shelf = shelves.get(folder) ?? new FilmShelf(folder)
  shelves.set(folder, shelf)
  return shelf
}

function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}

async function obey(order: FilmOrder): Promise<FilmAnswer> {
  const { path } = order
  if (order.kind === 'index') {
    const { index, readBytes } = orThrow(await indexOf(path))
    // Who asks for an index will ask for a minute.
    camera ??= loadCamera()
    return { index, facts: await readSlowFacts(path), cost: { readBytes, ticks: 0 } }
  }
  const { firstTick, mapFolder, shelfFolder } = order
  const shelf = shelfFolder === undefined ? undefined : shelfIn(shelfFolder)
  const kept = await shelf?.take(path, firstTick)
  if (kept !== undefined) return { bytes: kept, isWhole: true, cost: { readBytes: 0, ticks: 0 } }
  const { index, readBytes } = orThrow(await indexOf(path))
  const lines = orThrow(await readMinute(path, index, firstTick))
  const world = orThrow(await worldIn(mapFolder))
  const { filmChunk } = await (camera ??= loadCamera())
  const filmed = filmChunk(lines, world, firstTick, { lastTick: index.lastTick })
  if (!filmed.ok) throw new Error(filmed.error)
  const { bytes, ticks } = filmed
  const isWhole = index.isEnded || index.checkpoints.some(({ tick }) => tick > firstTick)
  if (isWhole) await shelf?.put(path, firstTick, bytes)
  const minuteBytes = lines.reduce((sum, line) => sum + line.length, 0)
  return { bytes, isWhole, cost: { readBytes: readBytes + minuteBytes, ticks } }
}

/** A sentence is why there is none. */
function orThrow<T>(value: T | string): T {
  if (typeof value === 'string') throw new Error(value)
  return value
}

serve(obey)
