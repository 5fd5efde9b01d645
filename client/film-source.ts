import { loadWorld, type LoadedWorld } from '#maps/load'
import { REEL_CHUNK_TICKS } from '#protocol/reel'
import { PROTOCOL_VERSION } from '#protocol/limits'
import type { SkySpell } from '#physics/sky'
import type { WeatherSpell } from '#physics/weather'
import type { FilmFeed } from './net/film-feed.ts'
import { ReelPlayer } from './net/reel-player.ts'
import type { Answer } from './pages/api.ts'
import { asRider } from './pages/own-memory.ts'
import { language } from './words/language.ts'
import { film as words } from './words/film.ts'
import { type OverLine, placesAt } from './world/film-places.ts'
import type { RosterEntry } from './world/scene-riders.ts'

/** What a film is shown from: a reel that is wound, or a room that rides now. */
export interface FilmSource {
  readonly title: string
  readonly world: LoadedWorld
  readonly feed: FilmFeed
  /** Of a reel, where one can wind: to a tick of the room. */
  readonly reel?: { readonly fromTick: number; readonly toTick: number; seek(tick: number): void }
  /** Whom to look at first; 0: whoever is there. */
  readonly riderId: number
  /** Who is on the road at a tick. The same array while they are the same. */
  rosterAt(tick: number): readonly RosterEntry[]
  weather(): readonly WeatherSpell[]
  sky(): readonly SkySpell[]
  /** The gun; 0: none. */
  startTick(): number
  /** Of a race, best first; empty where it is not known. */
  places(): readonly number[]
  /** The same with the tick at which each came over the line last, up to now; absent where only the moment is known. */
  readonly placed?: () => ReadonlyMap<number, number>
  readonly marks: readonly FilmMark[]
  close(): void
}

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
  readonly sky: readonly SkySpell[]
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
  readonly fraction?: number
  readonly segmentId?: string
}

/** Where a film lies: behind the doors of a server, or as files in a folder. */
export interface FilmAddress {
  readonly manifest: string
  readonly chunk: (firstTick: number) => string
  readonly map: (mapId: string, file: string) => string
  /** Says whose page asks. */
  readonly init?: RequestInit
}

export const filmOnServer = (id: string): FilmAddress => ({
  // Films of guests' rides are theirs by the secrets of this browser.
  init: asRider(),
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

/** Manifest and road. What goes wrong is a sentence. */
export async function openFilm(at: FilmAddress, atS = 0): Promise<Answer<FilmSource>> {
  try {
    const answer = await fetch(at.manifest, at.init)
    const json = (await answer.json()) as Record<string, unknown>
    if (!answer.ok) {
      const said = json['message']
      return { ok: false, message: typeof said === 'string' && language() === 'en' ? said : words.gone }
    }
    const manifest = readManifest(json)
    if (typeof manifest === 'string') return { ok: false, message: manifest }
    const feed = new ReelPlayer({
      ...manifest,
      fetchChunk: async (tick) => await fetchChunk(at, tick),
      unreadable: words.minuteGone,
    })
    // The first minute comes while the road does.
    feed.seek(manifest.fromTick + atS * 20)
    const world = await fetchRoad((file) => at.map(manifest.mapId, file), manifest.mapHash)
    return world.ok ? { ok: true, value: sourceOf(manifest, world.value, feed) } : world
  } catch {
    return { ok: false, message: words.noLine }
  }
}

/** The road that was ridden, and no other. */
export async function fetchRoad(at: (file: string) => string, mapHash: string): Promise<Answer<LoadedWorld>> {
  const [map, course] = await Promise.all([fetch(at('map.json')), fetch(at('course.bin'))])
  const world = loadWorld(await map.json(), new Uint8Array(await course.arrayBuffer()))
  if (!world.ok) return { ok: false, message: words.noRoad }
  return world.value.mapHash === mapHash ? world : { ok: false, message: words.otherRoad }
}

function sourceOf(manifest: FilmManifest, world: LoadedWorld, feed: ReelPlayer): FilmSource {
  const { title, riderId, fromTick, toTick, riders, weather, sky, startTick, marks } = manifest
  let here: readonly RosterEntry[] = []
  const finishIds = new Set(world.network.routes.map(({ finishLineId }) => finishLineId))
  const crossings = crossingsOf(marks)
  return {
    ...{ title, world, feed, riderId, marks },
    reel: { fromTick, toTick, seek: (tick) => feed.seek(tick) },
    rosterAt: (tick) => {
      const now = riders.filter((rider) => rider.fromTick <= tick && tick < (rider.toTick ?? Infinity))
      if (now.length !== here.length || now.some((rider, i) => rider !== here[i])) here = now
      return here
    },
    weather: () => weather,
    sky: () => sky,
    startTick: () => startTick,
    // As they came over the line last.
    places: () => [...placesAt(crossings, feed.tick, finishIds).keys()],
    placed: () => placesAt(crossings, feed.tick, finishIds),
    close: () => {},
  }
}

function crossingsOf(marks: readonly FilmMark[]): readonly OverLine[] {
  return marks.flatMap(({ kind, tick, riderId, lineId, lap, fraction = 1 }) =>
    kind === 'crossing' && riderId !== undefined && lineId !== undefined && lap !== undefined
      ? [{ tick, riderId, lineId, lap, fraction }]
      : [],
  )
}

async function fetchChunk(at: FilmAddress, firstTick: number): Promise<Uint8Array> {
  const answer = await fetch(at.chunk(firstTick), at.init).catch(() => undefined)
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
  const { fromTick, toTick, riders, weather, sky, marks } = json
  const isWhole = Number.isInteger(fromTick) && Number.isInteger(toTick) && Number(toTick) > Number(fromTick)
  if (!isWhole || ![riders, weather, sky, marks].every(Array.isArray)) return words.noFilm
  return json as unknown as FilmManifest
}
