import type { RiderMemory } from './rider-memory.ts'
import type { Answer, Grant, Newcomer, ServerDoor, Ticket } from './server-door.ts'

export interface RiderSeatOptions {
  readonly door: Pick<ServerDoor, 'origin' | 'seat' | 'token' | 'pair'>
  readonly memory: Pick<RiderMemory, 'recall' | 'remember' | 'forget'>
  readonly newcomer: Newcomer
  /** A pairing code of a rider who is there already. */
  readonly code?: string | undefined
  /** Where the page is, by which the rider sees the ride, and whoever opened it there tells of it; the server's own unless said. */
  readonly watchOrigin?: string | undefined
  readonly say: (sentence: string) => void
}

/** A grant; or a sentence, and whether asking again is of no use. */
export type Seated =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly sentence: string; readonly isFinal: boolean }

/** Who rides: the rider of before, else the one whose code was given, else a new one; and how to see oneself ride. */
export class RiderSeat {
  readonly #options: RiderSeatOptions
  #isCodeUsed = false
  #hasPaired = false
  #grant: Grant | undefined

  constructor(options: RiderSeatOptions) {
    this.#options = options
  }

  get riderName(): string | undefined {
    return this.#grant?.rider.name
  }
  /** By what buttons reach the rider's pages; undefined: nobody rides yet. */
  get pressing(): { readonly secret: string } | { readonly key: string } | undefined {
    const { secret, buttonKey } = this.#grant?.rider ?? {}
    if (secret !== undefined) return { secret }
    return buttonKey === undefined ? undefined : { key: buttonKey }
  }
  get mapId(): string | undefined {
    return this.#grant?.mapId
  }

  async take(): Promise<Seated> {
    const { door, memory, code, say } = this.#options
    const got = await this.#ask()
    if (!got.ok) {
      // Asking again changes neither: a person has to.
      const isCodeUnknown = code !== undefined && got.isUnknown
      const sentence = isCodeUnknown ? `--code ${code}: ${got.sentence}` : got.sentence
      return { ok: false, sentence, isFinal: isCodeUnknown || got.isForeign === true }
    }
    this.#grant = got.value
    const { rider } = got.value
    if (rider.secret !== undefined) {
      const complaint = await memory.remember(door.origin, rider.secret)
      if (complaint !== undefined) say(complaint)
    }
    await this.#offerWatching(rider.name)
    return { ok: true, grant: got.value }
  }

  /** An address that shows this rider's ride, good once; undefined: there is none to be had now. */
  async watchUrl(): Promise<string | undefined> {
    const pairing = await this.#pair()
    return pairing === undefined
      ? undefined
      : `${this.#options.watchOrigin ?? this.#options.door.origin}/?code=${pairing.code}`
  }

  async #ask(): Promise<Answer<Grant>> {
    const { door, memory, newcomer, code, say } = this.#options
    if (code !== undefined) {
      // A code lends a rider for one session. A new rider in its place would not be what was asked for.
      if (this.#isCodeUsed)
        return {
          ok: false,
          isUnknown: true,
          sentence: 'the pairing code served for one session; take a new one from the page.',
        }
      const got = await door.token({ code, use: 'ride' })
      this.#isCodeUsed = got.ok
      return got
    }
    const secret = await memory.recall(door.origin)
    if (secret !== undefined) {
      const got = await door.token({ secret })
      if (got.ok || !got.isUnknown) return got
      say('the rider of last time has left the road; a new one starts')
      await memory.forget(door.origin)
    }
    const seat: Answer<Ticket> = await door.seat(newcomer)
    return seat.ok ? door.token(seat.value) : seat
  }

  async #pair(): Promise<{ code: string; expiresInS: number } | undefined> {
    const { door, memory, code: lent } = this.#options
    // Who lent a rider by a code has the page open already.
    const secret = lent === undefined ? await memory.recall(door.origin) : undefined
    if (secret === undefined) return undefined
    const pairing = await door.pair(secret)
    return pairing.ok ? pairing.value : undefined
  }

  /** Once: how to see oneself ride. */
  async #offerWatching(name: string): Promise<void> {
    if (this.#hasPaired || this.#options.watchOrigin !== undefined) return
    const pairing = await this.#pair()
    if (pairing === undefined) return
    this.#hasPaired = true
    const { door, say } = this.#options
    say(`you are ${name}; watch yourself at ${door.origin}/?code=${pairing.code}`)
    say(
      `(or type the code ${pairing.code} on the page; it serves once, within ${Math.round(pairing.expiresInS / 60)} minutes)`,
    )
  }
}
