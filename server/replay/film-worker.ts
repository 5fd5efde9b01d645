import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { loadWorld, type LoadedWorld } from '#maps/load'
import { filmChunk, type Filmed } from '#server/world/film'
import { indexJournal, type JournalIndex, readMinute } from './journal-index.ts'
import { readSlowFacts, type SlowFacts } from './slow-facts.ts'

/** Off the tick's thread: looks through journals and shoots films of their minutes. Whatever goes wrong is an answer. */

export type FilmOrder =
  | { readonly id: number; readonly kind: 'index'; readonly path: string }
  | {
      readonly id: number
      readonly kind: 'chunk'
      readonly path: string
      readonly mapFolder: string
      readonly firstTick: number
    }
export type FilmAnswer =
  | { readonly id: number; readonly ok: true; readonly index: JournalIndex; readonly facts: SlowFacts }
  /** `isWhole`: nothing more is written of this minute. */
  | { readonly id: number; readonly ok: true; readonly bytes: Uint8Array; readonly isWhole: boolean }
  | { readonly id: number; readonly ok: false; readonly error: string }

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
  const { id, path } = order
  const index = await indexOf(path)
  if (typeof index === 'string') return { id, ok: false, error: index }
  if (order.kind === 'index') return { id, ok: true, index, facts: await readSlowFacts(path) }
  const lines = await readMinute(path, index, order.firstTick)
  if (typeof lines === 'string') return { id, ok: false, error: lines }
  const world = await worldIn(order.mapFolder)
  if (typeof world === 'string') return { id, ok: false, error: world }
  const filmed: Filmed = filmChunk(lines, world, order.firstTick, { lastTick: index.lastTick })
  if (!filmed.ok) return { id, ok: false, error: filmed.error }
  const isWhole = index.checkpoints.some(({ tick }) => tick > order.firstTick)
  return { id, ok: true, bytes: filmed.bytes, isWhole }
}

parentPort?.on('message', (order: FilmOrder) => {
  obey(order).then(
    (answer) => parentPort?.postMessage(answer),
    (error: unknown) => parentPort?.postMessage({ id: order.id, ok: false, error: String(error) }),
  )
})
