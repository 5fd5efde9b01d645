import type { BenchResult } from '../world/bench-result.ts'
import { errorWords, sentenceFor } from '../words/errors.ts'

/** The server's HTTP doors, as the pages use them. Shapes are the server's (test/contract/shapes.ts holds them together); a refusal is its own sentence. */

export interface Route {
  readonly id: string
  readonly name: string
  readonly lengthM: number
  readonly lapM: number
  readonly climbM: number
  readonly isLap: boolean
}

export interface World {
  readonly mapId: string
  readonly mapHash: string
  readonly name: string
  /** Road there is, and between which heights, m. */
  readonly roadM: number
  readonly lowestM: number
  readonly highestM: number
  readonly routes: readonly Route[]
  readonly rooms: readonly {
    readonly id: string
    readonly kind: 'free' | 'event'
    /** People; bots are counted apart. */
    readonly riders: number
    readonly bots: number
    readonly who: readonly RiderNow[]
  }[]
}

export interface RiderNow {
  readonly id: number
  readonly name: string
  readonly isBot: boolean
  readonly wattsPerKg: number
}

/** A road from above and its routes from the side; x, y, x, y … in metres. */
export interface Plan {
  readonly roads: readonly (readonly number[])[]
  readonly widthM: number
  readonly heightM: number
  readonly routes: readonly {
    readonly id: string
    readonly line: readonly number[]
    readonly profileM: readonly number[]
    readonly steepest: number
  }[]
  readonly segments: readonly {
    readonly id: string
    readonly name: string
    readonly lengthM: number
    readonly climbM: number
  }[]
}

export interface Meet {
  readonly id: string
  readonly title: string
  readonly mapId: string
  readonly mapName: string
  readonly routeId: string
  readonly routeName: string
  readonly laps: number
  readonly lengthM: number
  readonly climbM: number
  readonly isLap: boolean
  readonly paceWkg: { readonly low: number; readonly high: number } | null
  readonly isTogether: boolean
  readonly isListed: boolean
  readonly madeBy: string
  readonly startsAt: string
  readonly startsInMs: number
  readonly phase: 'planned' | 'waiting' | 'riding'
  readonly roomId: string | null
  readonly riders: readonly string[]
  readonly riderCount: number
}

export interface NewMeet {
  readonly title: string
  readonly name: string
  readonly mapId: string
  readonly routeId?: string
  readonly laps?: number
  readonly startsAt?: string
  readonly paceWkg?: { low: number; high: number }
  readonly isTogether: boolean
  readonly isListed: boolean
}

export interface Track {
  readonly mapId: string
  readonly name: string
  readonly routeId: string
  readonly lengthM: number
  readonly climbM: number
  readonly isLap: boolean
  readonly repairs: readonly string[]
}

export interface Health {
  readonly isReady: boolean
  readonly waitingFor: string
}

export type EventPhase = 'planned' | 'open' | 'countdown' | 'racing' | 'provisional' | 'closed'

export interface Entry {
  readonly id: string
  readonly riderId: number
  readonly name: string
  readonly isBot: boolean
  readonly bib: number
}

export interface RaceEvent {
  readonly id: string
  readonly title: string
  readonly mapId: string
  readonly routeId: string
  readonly laps: number
  readonly startsAt: string | null
  readonly phase: EventPhase
  readonly roomId: string | null
  readonly entries: readonly Entry[]
}

/** What an organiser asks of a road's sky; what is not named stays. */
export interface WeatherWish {
  readonly cloudShare: number
  readonly hazeShare: number
  readonly rainShare: number
  readonly hourH?: number
  readonly windMps: number
  /** 0 north, 90 east. */
  readonly windFromDeg: number
  readonly overS: number
}

export interface NewEvent {
  readonly title: string
  readonly mapId: string
  readonly routeId?: string
  readonly laps: number
  readonly startsAt?: string
  readonly bots?: number
}

export interface Board {
  readonly phase: EventPhase
  readonly clockMs: number
  readonly rows: readonly {
    readonly place: number
    readonly riderId: number
    readonly name: string
    readonly isBot: boolean
    readonly lap: number
    readonly distanceM: number
    readonly gapMs: number
    readonly finishedMs: number | null
  }[]
}

export interface Results {
  readonly eventId: string
  readonly title: string
  readonly isProvisional: boolean
  readonly revision: number
  readonly laps: number
  readonly rows: readonly {
    readonly place: number | null
    readonly status: 'FIN' | 'DNF' | 'DNS' | 'DSQ'
    readonly riderId: number
    readonly bib: number
    readonly name: string
    readonly isBot: boolean
    readonly timeMs: number | null
    readonly gapMs: number | null
    readonly penaltyMs: number
  }[]
}

export type Decision =
  | { readonly kind: 'disqualify' | 'reinstate'; readonly riderId: number; readonly reason: string }
  | { readonly kind: 'penalty'; readonly riderId: number; readonly penaltyMs: number; readonly reason: string }

export interface EntryCreated extends Entry {
  readonly roomId: string
  readonly secret: string
}

/** What a rider reported of another, as the organiser reads it. */
export interface RiderReport {
  readonly id: string
  readonly wallMs: number
  readonly by: { readonly name: string }
  readonly about: { readonly name: string }
  readonly reason: 'rude' | 'spam' | 'riding' | 'name' | 'other'
  readonly words: string
  readonly lines: readonly { readonly text: string }[]
  /** Open ones that the same person made. */
  readonly ofReporter?: number
}
/** Newest first: to be dealt with (`count`: of how many), and dealt with last. */
export interface RiderReports {
  readonly reports: readonly RiderReport[]
  readonly count: number
  readonly settled: readonly RiderReport[]
}

/** `isPassing`: nobody was there, or not ready; asking again may help. */
/** What somebody's computer took, to the day. */
export interface SentBench extends BenchResult {
  readonly atMs: number
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly isPassing?: boolean; readonly code?: string }

/** One request; whatever goes wrong comes back as a sentence to show. */
async function ask(path: string, init: RequestInit = {}): Promise<Answer<Response>> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch {
    return { ok: false, message: errorWords.unreachable, isPassing: true } // fetch says only "failed"; the rider needs the remedy.
  }
  if (response.ok) return { ok: true, value: response }
  const refusal: unknown = await response.json().catch(() => undefined) // Not JSON: a proxy's page; the status must do.
  const { error, message, reason } = refusalOf(refusal)
  return {
    ok: false,
    message: sentenceFor(error, message, reason) ?? errorWords.refused(response.status),
    isPassing: response.status >= 500,
    ...(error === undefined ? {} : { code: error }),
  }
}

function refusalOf(refusal: unknown): { readonly error?: string; readonly message?: string; readonly reason?: string } {
  if (typeof refusal !== 'object' || refusal === null) return {}
  const { error, message, reason } = refusal as { error?: unknown; message?: unknown; reason?: unknown }
  return {
    ...(typeof error === 'string' ? { error } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
  }
}

export async function get<T>(path: string, init?: RequestInit): Promise<Answer<T>> {
  const answer = await ask(path, init)
  if (!answer.ok) return answer
  try {
    return { ok: true, value: (await answer.value.json()) as T }
  } catch {
    return { ok: false, message: errorWords.notUnderstood }
  }
}

export function post<T>(path: string, body: unknown, adminToken?: string): Promise<Answer<T>> {
  return get<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(adminToken) },
    body: JSON.stringify(body),
  })
}

const bearer = (token?: string): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {})
const meetPath = (id: string): string => `/api/meets/${encodeURIComponent(id)}`
const eventPath = (id: string): string => `/api/events/${encodeURIComponent(id)}`

export const api = {
  health: () => get<Health>('/health'),
  worlds: async (): Promise<Answer<readonly World[]>> => {
    const answer = await get<{ worlds: readonly World[] }>('/api/worlds')
    return answer.ok ? { ok: true, value: answer.value.worlds } : answer
  },
  plan: (mapId: string) => get<Plan>(`/api/worlds/${encodeURIComponent(mapId)}/plan`),
  meets: async (): Promise<Answer<readonly Meet[]>> => {
    const answer = await get<{ meets: readonly Meet[] }>('/api/meets')
    return answer.ok ? { ok: true, value: answer.value.meets } : answer
  },
  meet: (id: string) => get<Meet>(meetPath(id)),
  createMeet: (meet: NewMeet) => post<Meet & { readonly key: string }>('/api/meets', meet),
  removeMeet: (id: string, key: string) =>
    ask(`${meetPath(id)}/remove`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    }),
  track: (file: File) =>
    get<Track>(`/api/tracks?name=${encodeURIComponent(file.name.slice(-80))}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
    }),
  pair: (secret: string) => post<{ code: string; expiresInS: number }>('/api/pair', { secret }),
  /** Outlives the page that says it. */
  away: (secret: string) =>
    ask('/api/away', {
      method: 'POST',
      keepalive: true,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret }),
    }),
  events: async (): Promise<Answer<readonly RaceEvent[]>> => {
    const answer = await get<{ events: readonly RaceEvent[] }>('/api/events')
    return answer.ok ? { ok: true, value: answer.value.events } : answer
  },
  event: (id: string) => get<RaceEvent>(eventPath(id)),
  enter: (id: string, secret: string) => post<EntryCreated>(`${eventPath(id)}/entries`, { secret }),
  board: (id: string) => get<Board>(`${eventPath(id)}/board`),
  results: (id: string) => get<Results>(`${eventPath(id)}/results`),
  createEvent: (token: string, event: NewEvent) => post<RaceEvent>('/api/events', event, token),
  openEvent: (token: string, id: string) => post<RaceEvent>(`${eventPath(id)}/open`, {}, token),
  startEvent: (token: string, id: string, inS: number) => post<RaceEvent>(`${eventPath(id)}/start`, { inS }, token),
  closeEvent: (token: string, id: string) => post<RaceEvent>(`${eventPath(id)}/close`, {}, token),
  addBots: (token: string, id: string, bots: number) => post<unknown>(`${eventPath(id)}/entries`, { bots }, token),
  decide: (token: string, id: string, decision: Decision) =>
    post<unknown>(`${eventPath(id)}/decisions`, decision, token),
  reports: (token: string) => get<RiderReports>('/api/reports', { headers: bearer(token) }),
  settleReport: (token: string, id: string, areAll: boolean) =>
    ask(`/api/reports/${id}${areAll ? '?all=reporter' : ''}`, { method: 'DELETE', headers: bearer(token) }),
  notice: (token: string, id: string, text: string) =>
    ask(`${eventPath(id)}/notice`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(token) },
      body: JSON.stringify({ text }),
    }),
  weather: (token: string, roomId: string, wish: WeatherWish) =>
    post<unknown>(`/api/rooms/${encodeURIComponent(roomId)}/weather`, wish, token),
  benches: async (): Promise<Answer<readonly SentBench[]>> => {
    const answer = await get<{ results: readonly SentBench[] }>('/api/bench')
    return answer.ok ? { ok: true, value: answer.value.results } : answer
  },
  sendBench: (result: BenchResult) =>
    ask('/api/bench', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(result),
    }),
  /** The judge's file needs the organiser's token, so a plain link cannot fetch it. */
  download: async (path: string, token: string): Promise<Answer<Blob>> => {
    const answer = await ask(path, { headers: bearer(token) })
    return answer.ok ? { ok: true, value: await answer.value.blob() } : answer
  },
  csvPath: (id: string) => `${eventPath(id)}/results.csv`,
  exportPath: (id: string) => `${eventPath(id)}/export`,
  picturePath: (mapId: string) => `/maps/${encodeURIComponent(mapId)}/picture.jpg`,
}
