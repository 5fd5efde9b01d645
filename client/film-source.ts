import { loadWorld, type LoadedWorld } from '#maps/load'
import { REEL_CHUNK_TICKS } from '#protocol/reel'
import { PROTOCOL_VERSION } from '#protocol/limits'
import type { WeatherSpell } from '#physics/weather'
import type { Answer } from './pages/api.ts'
import { film as words } from './words/film.ts'
import type { RosterEntry } from './world/scene-riders.ts'

/** Shape of server/replay/manifest.ts as it arrives; what is written here is checked. */
export interface FilmManifest {
  readonly title: string
  readonly mapId: string
  readonly mapHash: string
  readonly fromTick: number
  readonly toTick: number
  /** The gun; 0: none. */
  readonly startTick: number
  readonly riderId: number
  readonly riders: readonly FilmedRider[]
  readonly weather: readonly WeatherSpell[]
  readonly marks: readonly FilmMark[]
}

export interface FilmedRider extends RosterEntry {
  readonly fromTick: number
  /** null: to the end. */
  readonly toTick: number | null
}

export interface FilmMark {
  readonly kind: 'crossing' | 'effort'
  readonly tick: number
  readonly riderId?: number
  readonly lineId?: string
  readonly lap?: number
  readonly segmentId?: string
}

/** Where a film lies: behind the doors of a server, or as files in a folder. */
export interface FilmAddress {
  readonly manifest: string
  readonly chunk: (firstTick: number) => string
  readonly map: (mapId: string, file: string) => string
}

export const filmOnServer = (id: string): FilmAddress => ({
  manifest: `/api/replays/${encodeURIComponent(id)}`,
  chunk: (firstTick) => `/api/replays/${encodeURIComponent(id)}/${firstTick}`,
  map: (mapId, file) => `/maps/${encodeURIComponent(mapId)}/${file}`,
})

/** `gruppetto film` writes such a folder, the demo is one. */
export const filmInFolder = (folder: string): FilmAddress => ({
  manifest: `${folder}/film.json`,
  chunk: (firstTick) => `${folder}/${firstTick}.reel`,
  map: (_mapId, file) => `${folder}/${file}`,
})

export interface FilmSource {
  readonly manifest: FilmManifest
  readonly world: LoadedWorld
  readonly fetchChunk: (firstTick: number) => Promise<Uint8Array>
}

/** Manifest and road. What goes wrong is a sentence. */
export async function openFilm(at: FilmAddress): Promise<Answer<FilmSource>> {
  try {
    const answer = await fetch(at.manifest)
    const json = (await answer.json()) as Record<string, unknown>
    if (!answer.ok) return { ok: false, message: typeof json['message'] === 'string' ? json['message'] : words.gone }
    const manifest = readManifest(json)
    if (typeof manifest === 'string') return { ok: false, message: manifest }
    const { mapId } = manifest
    const [map, course] = await Promise.all([fetch(at.map(mapId, 'map.json')), fetch(at.map(mapId, 'course.bin'))])
    const world = loadWorld(await map.json(), new Uint8Array(await course.arrayBuffer()))
    if (!world.ok) return { ok: false, message: words.noRoad }
    if (world.value.mapHash !== manifest.mapHash) return { ok: false, message: words.otherRoad }
    return { ok: true, value: { manifest, world: world.value, fetchChunk: async (tick) => await fetchChunk(at, tick) } }
  } catch {
    return { ok: false, message: words.noLine }
  }
}

async function fetchChunk(at: FilmAddress, firstTick: number): Promise<Uint8Array> {
  const answer = await fetch(at.chunk(firstTick)).catch(() => undefined)
  if (answer === undefined) throw new Error(words.noLine)
  if (!answer.ok) throw new Error(words.minuteGone)
  return new Uint8Array(await answer.arrayBuffer())
}

/** The manifest, or a sentence. A film of another version is not guessed at. */
export function readManifest(json: Readonly<Record<string, unknown>>): FilmManifest | string {
  if (json['format'] !== 'gruppetto-reel') return words.noFilm
  const isKnown =
    json['version'] === 1 && json['protocol'] === PROTOCOL_VERSION && json['chunkTicks'] === REEL_CHUNK_TICKS
  if (!isKnown) return words.otherVersion
  const { fromTick, toTick, riders, weather, marks } = json
  const isWhole = Number.isInteger(fromTick) && Number.isInteger(toTick) && Number(toTick) > Number(fromTick)
  if (!isWhole || !Array.isArray(riders) || !Array.isArray(weather) || !Array.isArray(marks)) return words.noFilm
  return json as unknown as FilmManifest
}
