import { decoded, type Decoded, refused } from './decoded.ts'
import { isNewer, type Sequence } from './ids.ts'
import { WISH_BYTES_MAX, WISHES_PER_PACKET } from './limits.ts'
import type { BitReader } from './reader.ts'
import type { BitWriter } from './writer.ts'

/**
 * Something a rider wants to hold from now on: a turn, a trainer's mode. A state, so that a newer wish of the same kind
 * stands for the older. What a kind means is not known here; the body is carried as it is.
 */
export interface Wish {
  readonly kind: number
  /** Rises by one with every wish of a session, whatever its kind. */
  readonly number: Sequence
  readonly body: Uint8Array
}

/** Lowest number first, one to WISHES_PER_PACKET. docs/protocol.md, "Wishes". */
export function writeWishes(w: BitWriter, wishes: readonly Wish[]): void {
  w.bits(wishes.length - 1, 3)
  for (const { kind, number, body } of wishes) {
    w.bits(number, 16)
    w.bits(kind, 8)
    w.bits(body.length, 8)
    for (const byte of body) w.bits(byte, 8)
  }
}

export function readWishes(r: BitReader): Decoded<readonly Wish[]> {
  const count = r.bits(3) + 1
  const wishes: Wish[] = []
  for (let i = 0; i < count; i++) {
    const number = r.bits(16) as Sequence
    const kind = r.bits(8)
    const length = r.bits(8)
    if (length > WISH_BYTES_MAX) return refused('out-of-range')
    if (i > 0 && !isNewer(number, wishes[i - 1]!.number))
      return refused(r.overrun ? 'truncated-or-trailing' : 'not-canonical')
    const body = new Uint8Array(length)
    for (let at = 0; at < length; at++) body[at] = r.bits(8)
    if (r.overrun) return refused('truncated-or-trailing')
    wishes.push({ kind, number, body })
  }
  return decoded(wishes)
}

/** The sender's end: what was wished and not yet acknowledged. */
export class WishBox {
  #next = 0
  /** Lowest number first. */
  #waiting: Wish[] = []

  add(kind: number, body: Uint8Array): void {
    const number = this.#next as Sequence
    this.#next = (this.#next + 1) & 0xffff
    this.#waiting = this.#waiting.filter((wish) => wish.kind !== kind)
    this.#waiting.push({ kind, number, body: body.slice() })
  }

  /**
   * What the next packet repeats: the oldest. So whoever has taken the newest number of a packet has taken every wish
   * before it that still counts, and one number acknowledges them all.
   */
  get offered(): readonly Wish[] | undefined {
    if (this.#waiting.length === 0) return undefined
    return this.#waiting.length <= WISHES_PER_PACKET ? this.#waiting : this.#waiting.slice(0, WISHES_PER_PACKET)
  }

  acked(number: Sequence): void {
    this.#waiting = this.#waiting.filter((wish) => isNewer(wish.number, number))
  }
}
