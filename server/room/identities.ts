import { createHash } from 'node:crypto'
import type { RiderId } from '#protocol/ids'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'

/** Who somebody is in one room. The room may have let the rider go; the number stays, and brings the rider back. */
export interface Identity {
  readonly roomId: string
  readonly riderId: RiderId
  /** UUID in the store: the same person in another room, or after a restart. */
  readonly uuid: string
  readonly name: string
  readonly massKg: number
  readonly heightM: number
}

/** 256 bits: nobody guesses it, so a hash without salt is enough. */
const SECRET_BYTES = 32
/** Read aloud and typed: nothing that looks like another (0 O, 1 I L). 30 bits in six. */
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const CODE_LENGTH = 6
export const CODE_TTL_S = 300
/** The oldest identity goes when there are more; its rider has left long ago, or the house is far larger than one process. */
const IDENTITIES_MAX = 100_000
const CODES_MAX = 10_000

interface Options {
  readonly clock: Pick<Clock, 'nowMs'>
  readonly randomBytes: (count: number) => Uint8Array
}

/** Secrets (by their hash) and pairing codes of this process. */
export class Identities {
  readonly #options: Options
  readonly #bySecret = new Map<string, Identity>()
  readonly #codes = new Map<string, { identity: Identity; untilMs: number }>()

  constructor(options: Options) {
    this.#options = options
  }

  /** The resume secret is told once, here; only its hash is kept. */
  issueSecret(identity: Identity): { secret: string; secretHash: string } {
    const secret = Buffer.from(this.#options.randomBytes(SECRET_BYTES)).toString('base64url')
    this.keep(hashSecret(secret), identity)
    return { secret, secretHash: hashSecret(secret) }
  }

  /** A rider the store remembers from an earlier run of the server. */
  keep(secretHash: string, identity: Identity): void {
    this.#bySecret.set(secretHash, identity)
    dropOldest(this.#bySecret, IDENTITIES_MAX)
  }

  bySecret(secret: string): Identity | undefined {
    return this.#bySecret.get(hashSecret(secret))
  }

  /** The rider's newest code; an older one stops working. */
  issueCode(identity: Identity): { code: string; expiresInS: number } {
    for (const [code, entry] of this.#codes) {
      const isMine = entry.identity.riderId === identity.riderId && entry.identity.roomId === identity.roomId
      if (isMine || entry.untilMs <= this.#options.clock.nowMs()) this.#codes.delete(code)
    }
    let code: string
    do code = this.#drawCode()
    while (this.#codes.has(code))
    this.#codes.set(code, { identity, untilMs: this.#options.clock.nowMs() + CODE_TTL_S * 1000 })
    dropOldest(this.#codes, CODES_MAX)
    return { code, expiresInS: CODE_TTL_S }
  }

  /** Single use. People type codes in small letters, with a space or a dash in the middle. */
  takeCode(typed: string): Identity {
    const code = typed.toUpperCase().replace(/[\s-]/g, '')
    const entry = this.#codes.get(code)
    this.#codes.delete(code)
    if (entry === undefined || entry.untilMs <= this.#options.clock.nowMs()) {
      throw new AppError('ERR_CODE_UNKNOWN', 'This code is unknown, used or older than five minutes; ask for a new one.')
    }
    return entry.identity
  }

  forgetRoom(roomId: string): void {
    for (const [hash, identity] of this.#bySecret) if (identity.roomId === roomId) this.#bySecret.delete(hash)
    for (const [code, { identity }] of this.#codes) if (identity.roomId === roomId) this.#codes.delete(code)
  }

  /** Bytes at or above the last whole multiple are thrown again, so that every character is equally likely. */
  #drawCode(): string {
    let code = ''
    while (code.length < CODE_LENGTH) {
      for (const byte of this.#options.randomBytes(CODE_LENGTH)) {
        if (byte < 248 && code.length < CODE_LENGTH) code += CODE_ALPHABET[byte % CODE_ALPHABET.length]
      }
    }
    return code
  }
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function dropOldest(map: Map<string, unknown>, max: number): void {
  if (map.size > max) map.delete(map.keys().next().value!)
}
