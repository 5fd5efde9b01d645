import type { RiderId } from '#protocol/ids'
import { ROOM_RIDERS_MAX } from '#protocol/limits'
import { RateLimit } from '../http/rate-limit.ts'
import type { Clock } from '../clock.ts'

/** Phones of one rider, and of all riders of a room; the oldest go first, of the room's those whose rider has left. */
const PHONES_PER_RIDER = 4
const KEYS_MAX = PHONES_PER_RIDER * ROOM_RIDERS_MAX
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
  readonly #isHere: (riderId: RiderId) => boolean
  readonly #riderOfKey = new Map<string, RiderId>()
  /** Oldest first. */
  readonly #keysOf = new Map<RiderId, Set<string>>()
  readonly #sessions = new Map<string, { readonly riderId: RiderId; readonly key: string }>()
  readonly #asks: RateLimit
  readonly #tells: RateLimit

  /** `isHere`: on the road, and not to lose a phone to riders who come and go. [A69] */
  constructor(
    randomBytes: (count: number) => Uint8Array,
    clock: Pick<Clock, 'nowMs'>,
    isHere: (riderId: RiderId) => boolean,
  ) {
    this.#randomBytes = randomBytes
    this.#isHere = isHere
    this.#asks = new RateLimit(ASK_RATE, clock)
    this.#tells = new RateLimit(TELL_RATE, clock)
  }

  /** A new phone; its key is the only thing that lets it in. */
  pair(riderId: RiderId): string {
    const key = Buffer.from(this.#randomBytes(KEY_BYTES)).toString('base64url')
    this.#riderOfKey.set(key, riderId)
    const keys = this.#keysOf.get(riderId) ?? new Set()
    this.#keysOf.set(riderId, keys.add(key))
    if (keys.size > PHONES_PER_RIDER) this.#forget(keys.values().next().value!)
    if (this.#riderOfKey.size > KEYS_MAX) this.#forgetOne()
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
    for (const key of [...(this.#keysOf.get(riderId) ?? [])]) this.#forget(key)
    return gone
  }

  #forgetOne(): void {
    for (const [key, riderId] of this.#riderOfKey) if (!this.#isHere(riderId)) return this.#forget(key)
  }

  #forget(key: string): void {
    const riderId = this.#riderOfKey.get(key)!
    const keys = this.#keysOf.get(riderId)!
    keys.delete(key)
    if (keys.size === 0) this.#keysOf.delete(riderId)
    this.#riderOfKey.delete(key)
    for (const [sessionId, session] of this.#sessions) if (session.key === key) this.#sessions.delete(sessionId)
  }
}
