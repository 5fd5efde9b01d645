import { PROTOCOL_VERSION } from '#protocol/limits'
import { TOKEN_SEALED_BYTES } from '#protocol/token'
import { textWithin } from './bounded-answer.ts'

/** The server's HTTP doors, as far as a bridge needs them (docs/ARCHITECTURE.md, Identity, seats, tokens). */
export interface Grant {
  readonly token: Uint8Array
  readonly keys: { readonly up: Uint8Array; readonly down: Uint8Array }
  readonly datagram: { readonly host: string; readonly port: number }
  readonly rider: {
    readonly id: number
    readonly name: string
    readonly secret: string | undefined
    readonly buttonKey?: string | undefined
  }
  readonly mapId: string
}

/** As POST /api/press takes it. */
export interface HandlebarPress {
  readonly device: string
  readonly name: string
  readonly isDown: boolean
  readonly value: number
}

export interface Pairing {
  readonly code: string
  readonly expiresInS: number
}

/**
 * `isUnknown`: the server does not know this secret, code or seat, so that asking again is of no use. `isForeign`: it speaks
 * another version, and one of the two must be updated first.
 */
export interface Refusal {
  readonly ok: false
  readonly sentence: string
  readonly isUnknown: boolean
  readonly isForeign?: boolean
}
export type Answer<T> = { readonly ok: true; readonly value: T } | Refusal

export type Ticket =
  | { readonly seat: { readonly roomId: string; readonly sessionId: string } }
  | { readonly secret: string }
  | { readonly code: string; readonly use: 'ride' }
  /** Looks on from a pacer's wheel: on this room's road, on the permanent one with ''. */
  | { readonly lookOn: string }

export interface Newcomer {
  readonly name?: string | undefined
  readonly massKg?: number | undefined
  readonly heightM?: number | undefined
}

const KEY_BYTES = 32
const PORT_MAX = 65_535
const ANSWER_MS = 5000
/** An answer of these doors is a few hundred bytes. */
const ANSWER_BYTES_MAX = 64 * 1024
/** All worlds with all their routes: some kilobytes. */
const WORLDS_BYTES_MAX = 1024 * 1024
const UNKNOWN_CODES = new Set(['ERR_SEAT_UNKNOWN', 'ERR_CODE_UNKNOWN'])

export interface RouteAnswer {
  readonly id: string
  readonly name: string
}

export class ServerDoor {
  readonly #url: URL

  constructor(url: URL) {
    this.#url = url
  }

  get origin(): string {
    return this.#url.origin
  }

  /** A seat in the ride room; its reservation lives for seconds. */
  async seat(newcomer: Newcomer): Promise<Answer<Ticket>> {
    const options = Object.fromEntries(Object.entries(newcomer).filter(([, value]) => value !== undefined))
    const got = await this.#post('/matchmake/joinOrCreate/ride', options)
    if (!got.ok) return got
    const room = isObject(got.value['room']) ? got.value['room'] : got.value
    const { sessionId } = got.value
    const roomId = got.value['roomId'] ?? room['roomId']
    if (typeof sessionId !== 'string' || typeof roomId !== 'string') return this.#strange('a seat')
    return { ok: true, value: { seat: { roomId, sessionId } } }
  }

  async token(ticket: Ticket): Promise<Answer<Grant>> {
    const got = await this.#post('/api/token', { protocol: PROTOCOL_VERSION, ...ticket })
    if (!got.ok) return got
    const grant = toGrant(got.value, this.#url.hostname)
    return grant === undefined ? this.#strange('a token') : { ok: true, value: grant }
  }

  async pair(secret: string): Promise<Answer<Pairing>> {
    const got = await this.#post('/api/pair', { secret })
    if (!got.ok) return got
    const { code, expiresInS } = got.value
    if (typeof code !== 'string' || typeof expiresInS !== 'number') return this.#strange('a pairing code')
    return { ok: true, value: { code, expiresInS } }
  }

  /** A button at the handlebar, for the rider's pages; a press that does not arrive is pressed again. */
  async press(who: { readonly secret: string } | { readonly key: string }, button: HandlebarPress): Promise<void> {
    await this.#post('/api/press', { ...who, ...button })
  }

  /** The routes of a map in their order, those of every map without one; undefined: the server does not say. */
  async routes(mapId?: string): Promise<readonly RouteAnswer[] | undefined> {
    try {
      const response = await fetch(new URL('/api/worlds', this.#url), {
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      const value = response.ok ? parsed(await textWithin(response, WORLDS_BYTES_MAX)) : undefined
      const worlds = isObject(value) && Array.isArray(value['worlds']) ? value['worlds'].filter(isObject) : undefined
      return worlds
        ?.filter((world) => mapId === undefined || world['mapId'] === mapId)
        .flatMap((world) => (Array.isArray(world['routes']) ? world['routes'].filter(isRoute) : []))
    } catch {
      return undefined // Whoever needs more than routes is told why when they ask for it.
    }
  }

  async #post(path: string, body: object): Promise<Answer<Record<string, unknown>>> {
    let status: number
    let text: string | undefined
    try {
      const response = await fetch(new URL(path, this.#url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      status = response.status
      text = await textWithin(response, ANSWER_BYTES_MAX)
    } catch (error) {
      return {
        ok: false,
        isUnknown: false,
        sentence: `${this.origin} cannot be reached (${reasonOf(error)}); start the server there, or give its address as --server.`,
      }
    }
    const value = parsed(text)
    if (status < 400 && isObject(value)) return { ok: true, value }
    // Its rooms have their own way to refuse: the sentence is the error.
    const message = isObject(value) ? (value['message'] ?? value['error']) : undefined
    if (!isObject(value) || typeof message !== 'string') return this.#strange('a sentence of ours')
    const code = String(value['error'] ?? value['code'])
    return {
      ok: false,
      isUnknown: UNKNOWN_CODES.has(code),
      ...(code === 'ERR_PROTOCOL_VERSION' ? { isForeign: true } : {}),
      sentence: `the server refused: ${message.slice(0, 300)}`,
    }
  }

  #strange(what: string): Refusal {
    const sentence = `${this.origin} answers with something that is not ${what}; is it a Gruppetto server of this version? Else give its address as --server.`
    return { ok: false, isUnknown: false, sentence }
  }
}

function toGrant(value: Record<string, unknown>, serverHost: string): Grant | undefined {
  const { keys, datagram, rider, room } = value
  if (!isObject(keys) || !isObject(datagram) || !isObject(rider) || !isObject(room)) return undefined
  const token = fromBase64(value['token'])
  const up = fromBase64(keys['up'])
  const down = fromBase64(keys['down'])
  const port = datagram['port']
  // A session made of anything else would break in the middle of the ride.
  if (token?.length !== TOKEN_SEALED_BYTES || up?.length !== KEY_BYTES || down?.length !== KEY_BYTES) return undefined
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > PORT_MAX) return undefined
  if (typeof rider['id'] !== 'number' || typeof rider['name'] !== 'string' || typeof room['mapId'] !== 'string')
    return undefined
  const secret = textOf(rider['secret'])
  const given = datagram['host']
  // A server that listens everywhere does not know by which name it is reached; the bridge does.
  const isAnywhere = typeof given !== 'string' || given === '' || given === '0.0.0.0' || given === '::'
  return {
    token,
    keys: { up, down },
    datagram: { host: isAnywhere ? serverHost : given, port },
    rider: { id: rider['id'], name: rider['name'], secret, buttonKey: textOf(rider['buttonKey']) },
    mapId: room['mapId'],
  }
}

function fromBase64(text: unknown): Uint8Array | undefined {
  return typeof text === 'string' && text !== '' ? new Uint8Array(Buffer.from(text, 'base64url')) : undefined
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Not JSON: the caller says so by the status.
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isRoute = (value: unknown): value is RouteAnswer =>
  isObject(value) && typeof value['id'] === 'string' && typeof value['name'] === 'string'

/** fetch hides the reason one level down. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string } }
  if (cause?.code === 'ECONNREFUSED') return 'nothing answers there'
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${ANSWER_MS / 1000} s`
  return cause?.code ?? (error instanceof Error ? error.message : String(error))
}
