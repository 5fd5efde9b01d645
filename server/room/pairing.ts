import type { RiderId } from '#protocol/ids'
import { PAIRING_TTL_S, PAIRINGS_MAX } from '#protocol/limits'

/** Read aloud and typed on a phone: no I, L, O, U, 0, 1. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
const CODE_LENGTH = 6
/** Of one rider at once; their oldest goes first, and never another rider's. [A63] */
const CODES_PER_RIDER = 8

/** Codes that let another device speak for a rider: six characters, five minutes, once. */
export class Pairings {
  readonly #waiting = new Map<string, { riderId: RiderId; expiresMs: number }>()
  /** Oldest first. */
  readonly #codesOf = new Map<RiderId, Set<string>>()
  readonly #randomBytes: (count: number) => Uint8Array

  constructor(randomBytes: (count: number) => Uint8Array) {
    this.#randomBytes = randomBytes
  }

  create(riderId: RiderId, nowMs: number): string {
    let code = this.#throwCode()
    while (this.#waiting.has(code)) code = this.#throwCode()
    this.#waiting.set(code, { riderId, expiresMs: nowMs + PAIRING_TTL_S * 1000 })
    const mine = this.#codesOf.get(riderId) ?? new Set()
    this.#codesOf.set(riderId, mine.add(code))
    if (mine.size > CODES_PER_RIDER) this.#end(mine.values().next().value!)
    if (this.#waiting.size > PAIRINGS_MAX) this.#end(this.#waiting.keys().next().value!)
    return code
  }

  /** The rider who made the code, once; as people type it: any case, with spaces or dashes. */
  redeem(text: string, nowMs: number): RiderId | undefined {
    const code = text.toUpperCase().replaceAll(/[\s-]/g, '')
    const found = this.#waiting.get(code)
    if (found === undefined) return undefined
    this.#end(code)
    return found.expiresMs > nowMs ? found.riderId : undefined
  }

  forget(riderId: RiderId): void {
    for (const code of [...(this.#codesOf.get(riderId) ?? [])]) this.#end(code)
  }

  #end(code: string): void {
    const { riderId } = this.#waiting.get(code)!
    this.#waiting.delete(code)
    const theirs = this.#codesOf.get(riderId)!
    theirs.delete(code)
    if (theirs.size === 0) this.#codesOf.delete(riderId)
  }

  #throwCode(): string {
    const fair = 256 - (256 % ALPHABET.length) // Bytes beyond would favour the first letters.
    let code = ''
    while (code.length < CODE_LENGTH) {
      for (const byte of this.#randomBytes(CODE_LENGTH)) {
        if (byte < fair && code.length < CODE_LENGTH) code += ALPHABET[byte % ALPHABET.length]!
      }
    }
    return code
  }
}
