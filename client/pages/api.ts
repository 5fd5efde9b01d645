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
  }[]
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
  readonly laps: number
  readonly startsAt: string | null
  readonly phase: EventPhase
  readonly roomId: string | null
  readonly entries: readonly Entry[]
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
  readonly id: number
  readonly wallMs: number
  readonly by: { readonly name: string }
  readonly about: { readonly name: string }
  readonly reason: 'rude' | 'spam' | 'riding' | 'name' | 'other'
  readonly words: string
  readonly lines: readonly { readonly text: string }[]
}

/** `isPassing`: nobody was there, or not ready; asking again may help. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly isPassing?: boolean }

const UNREACHABLE = 'The server does not answer. Check that it is running and that you are on its network.'

/** One request; whatever goes wrong comes back as a sentence to show. */
async function ask(path: string, init: RequestInit = {}): Promise<Answer<Response>> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch {
    return { ok: false, message: UNREACHABLE, isPassing: true } // fetch says only "failed"; the rider needs the remedy.
  }
  if (response.ok) return { ok: true, value: response }
  const refusal: unknown = await response.json().catch(() => undefined) // Not JSON: a proxy's page; the status must do.
  return {
    ok: false,
    message: sentenceOf(refusal) ?? `The server refused (${response.status}). Try again in a moment.`,
    isPassing: response.status >= 500,
  }
}

function sentenceOf(refusal: unknown): string | undefined {
  if (typeof refusal !== 'object' || refusal === null || !('message' in refusal)) return undefined
  return typeof refusal.message === 'string' ? refusal.message : undefined
}

export async function get<T>(path: string, init?: RequestInit): Promise<Answer<T>> {
  const answer = await ask(path, init)
  if (!answer.ok) return answer
  try {
    return { ok: true, value: (await answer.value.json()) as T }
  } catch {
    return { ok: false, message: 'The server answered something this page does not understand. Reload the page.' }
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
const eventPath = (id: string): string => `/api/events/${encodeURIComponent(id)}`

export const api = {
  health: () => get<Health>('/health'),
  worlds: async (): Promise<Answer<readonly World[]>> => {
    const answer = await get<{ worlds: readonly World[] }>('/api/worlds')
    return answer.ok ? { ok: true, value: answer.value.worlds } : answer
  },
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
  reports: async (token: string): Promise<Answer<readonly RiderReport[]>> => {
    const answer = await get<{ reports: readonly RiderReport[] }>('/api/reports', { headers: bearer(token) })
    return answer.ok ? { ok: true, value: answer.value.reports } : answer
  },
  settleReport: (token: string, id: number) => ask(`/api/reports/${id}`, { method: 'DELETE', headers: bearer(token) }),
  notice: (token: string, id: string, text: string) =>
    ask(`${eventPath(id)}/notice`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(token) },
      body: JSON.stringify({ text }),
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
