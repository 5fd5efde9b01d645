import type { RiderId } from '#protocol/ids'
import { RateLimit } from '../http/rate-limit.ts'
import type { Clock } from '../clock.ts'

/** Phones of one rider, and of all riders of a room; the oldest go first. */
const PHONES_PER_RIDER = 4
const KEYS_MAX = 2048
const KEY_BYTES = 24
/** What a phone asks of its ride page, and what the ride page tells its phones. */
const ASK_RATE = { burst: 12, perS: 4 }
const TELL_RATE = { burst: 4, perS: 2.5 }

/**
 * Phones that are handlebars: a pairing code makes a key, the key binds a session to a rider, and until the rider's page
 * takes it back, what the phone asks is handed to that page and to nobody else.
 */
export class Companions {
  readonly #randomBytes: (count: number) => Uint8Array
  readonly #riderOfKey = new Map<string, RiderId>()
  readonly #sessions = new Map<string, { readonly riderId: RiderId; readonly key: string }>()
  readonly #asks: RateLimit
  readonly #tells: RateLimit

  constructor(randomBytes: (count: number) => Uint8Array, clock: Pick<Clock, 'nowMs'>) {
    this.#randomBytes = randomBytes
    this.#asks = new RateLimit(ASK_RATE, clock)
    this.#tells = new RateLimit(TELL_RATE, clock)
  }

  /** A new phone; its key is the only thing that lets it in. */
  pair(riderId: RiderId): string {
    const key = Buffer.from(this.#randomBytes(KEY_BYTES)).toString('base64url')
    this.#riderOfKey.set(key, riderId)
    const keys = [...this.#riderOfKey].filter(([, rider]) => rider === riderId)
    if (keys.length > PHONES_PER_RIDER) this.#forget(keys[0]![0])
    if (this.#riderOfKey.size > KEYS_MAX) this.#forget(this.#riderOfKey.keys().next().value!)
    return key
  }

  /** Whose key this is; undefined: it is good no longer. */
  riderOf(key: string): RiderId | undefined {
    return this.#riderOfKey.get(key)
  }

  /** The session speaks for the rider from now on; undefined: this key is good no longer. */
  enter(sessionId: string, key: string): RiderId | undefined {
    const riderId = this.#riderOfKey.get(key)
    if (riderId !== undefined) this.#sessions.set(sessionId, { riderId, key })
    return riderId
  }

  leave(sessionId: string): void {
    this.#sessions.delete(sessionId)
  }

  /** Whose phone this is, if it may ask just now; 'much': it asks too often. */
  mayAsk(sessionId: string): RiderId | 'much' | undefined {
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return undefined
    return this.#asks.take(sessionId) ? session.riderId : 'much'
  }

  mayTell(riderId: RiderId): boolean {
    return this.#tells.take(String(riderId))
  }

  /** Sessions of a rider's phones. */
  *of(riderId: RiderId): Generator<string> {
    for (const [sessionId, session] of this.#sessions) if (session.riderId === riderId) yield sessionId
  }

  /** No phone of this rider is let in any more; answers the sessions that were. */
  revoke(riderId: RiderId): readonly string[] {
    const gone = [...this.of(riderId)]
    for (const [key, rider] of this.#riderOfKey) if (rider === riderId) this.#forget(key)
    return gone
  }

  #forget(key: string): void {
    this.#riderOfKey.delete(key)
    for (const [sessionId, session] of this.#sessions) if (session.key === key) this.#sessions.delete(sessionId)
  }
}
