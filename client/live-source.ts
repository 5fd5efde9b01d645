import type { LoadedWorld } from '#maps/load'
import { fetchRoad, type FilmSource } from './film-source.ts'
import { LiveFeed } from './net/live-feed.ts'
import type { Answer } from './pages/api.ts'
import { factsFromJson, type RoomFacts } from './room.ts'
import { film as words } from './words/film.ts'

/** Without a first word for so long, it is said. */
const OPEN_MS = 8000

/** A road as it is ridden now, for who looks on: server-sent events, and the browser mends the line by itself. */
export async function openLive(roomId: string): Promise<Answer<FilmSource>> {
  const events = new EventSource(`/api/public/rooms/${encodeURIComponent(roomId)}/stream`)
  const feed = new LiveFeed()
  let facts: RoomFacts | undefined
  let places: readonly number[] = []
  let road: { mapId: string; mapHash: string } | undefined
  events.addEventListener('open', () => {
    feed.begin()
    feed.trouble = ''
  })
  events.addEventListener('error', () => (feed.trouble = words.lineCut))
  events.addEventListener('piece', ({ data }) => feed.hear(fromBase64(data as string)))
  events.addEventListener('places', ({ data }) => {
    const told = parsed(data as string)
    if (Array.isArray(told)) places = told as number[]
  })
  const ended = (): void => {
    feed.isAtEnd = true
    events.close()
  }
  events.addEventListener('end', ended)
  const isThere = await new Promise<string>((resolve) => {
    const late = setTimeout(() => resolve(words.noLine), OPEN_MS)
    const answer = (sentence: string): void => {
      clearTimeout(late)
      resolve(sentence)
    }
    events.addEventListener('facts', ({ data }) => {
      const json = parsed(data as string)
      facts = factsFromJson(json)
      road ??= { mapId: String(json['mapId'] ?? ''), mapHash: String(json['mapHash'] ?? '') }
      answer('')
    })
    events.addEventListener('full', () => answer(words.tooMany))
    events.addEventListener('error', () => {
      if (events.readyState === EventSource.CLOSED) answer(words.noRoom)
    })
  })
  const close = (): void => events.close()
  if (isThere !== '' || facts === undefined || road === undefined) {
    close()
    return { ok: false, message: isThere || words.noLine }
  }
  const { mapId, mapHash } = road
  const world = await fetchRoad((file) => `/maps/${encodeURIComponent(mapId)}/${file}`, mapHash).catch(
    (): Answer<LoadedWorld> => ({ ok: false, message: words.noLine }),
  )
  if (!world.ok) {
    close()
    return world
  }
  const now = (): RoomFacts => facts!
  return {
    ok: true,
    value: {
      ...{ title: facts.eventTitle || world.value.map.name, world: world.value, feed, riderId: 0, marks: [], close },
      rosterAt: () => now().roster,
      weather: () => now().weather,
      sky: () => now().sky,
      startTick: () => now().startTick,
      places: () => places,
    },
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {} // Not ours: what was known stays.
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
