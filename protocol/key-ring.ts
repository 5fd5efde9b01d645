import { KEY_AGE_MAX_MS, KEY_KEPT_MS, KEY_PACKETS_MAX } from './limits.ts'
import type { Sealer } from './sealer.ts'

/** When keys change; other than the house's own only in tests. */
export interface KeyLimits {
  readonly packets: number
  readonly ageMs: number
  /** How long the keys before still open what is late. */
  readonly keptMs: number
}

const HOUSE_LIMITS: KeyLimits = { packets: KEY_PACKETS_MAX, ageMs: KEY_AGE_MAX_MS, keptMs: KEY_KEPT_MS }

/**
 * The keys of a session, epoch after epoch. One bit in the header says whether a packet belongs to an even or an odd
 * one; with the packet's number that tells the one key to try, so a forged bit costs no second attempt. [D116]–[D118]
 */
export class KeyRing {
  readonly #limits: KeyLimits
  #present: Sealer
  #before: Sealer | undefined
  /** Made when first needed, and kept: who forges phase bits makes us derive nothing twice. */
  #after: Sealer | undefined
  #epoch = 0
  #sinceMs: number
  #sealed = 0
  #firstSealed = Infinity
  /** The other end has opened a packet of ours of this epoch, and so is in it. */
  #isConfirmed = false
  /** Lowest number opened with the present keys; none yet: the other end may still be an epoch behind. */
  #firstHere = Infinity
  #dropBeforeMs = Infinity

  constructor(sealer: Sealer, nowMs: number, limits: KeyLimits = HOUSE_LIMITS) {
    this.#present = sealer
    this.#sinceMs = nowMs
    this.#limits = limits
  }

  get epoch(): number {
    return this.#epoch
  }

  /** When the epoch began here. */
  get sinceMs(): number {
    return this.#sinceMs
  }

  /** Number of our first packet in this epoch. */
  get firstSealed(): number {
    return this.#firstSealed
  }

  /** The other end said that it has opened a packet of this epoch: the next may begin. */
  confirm(): void {
    this.#isConfirmed = true
  }

  get overhead(): number {
    return this.#present.overhead
  }

  /** The phase bit of the next packet. Ask once for each packet, before its header is made: here the keys change. */
  turn(nowMs: number): number {
    if (nowMs >= this.#dropBeforeMs) this.#forgetBefore()
    const isDue = this.#sealed >= this.#limits.packets || nowMs - this.#sinceMs >= this.#limits.ageMs
    // Not before the other end is in this epoch and was heard in it: one bit tells neighbours apart and nothing more.
    if (isDue && this.#isConfirmed && this.#present.next !== undefined) this.#advance(nowMs, Infinity)
    return this.#epoch & 1
  }

  seal(number: number, datagram: Uint8Array, headerBytes: number): void {
    if (this.#sealed++ === 0) this.#firstSealed = number
    this.#present.seal(number, datagram, headerBytes)
  }

  /** Exactly one key is tried. */
  open(
    number: number,
    phase: number,
    datagram: Uint8Array,
    headerBytes: number,
    nowMs: number,
  ): Uint8Array | undefined {
    if (phase === (this.#epoch & 1)) {
      const body = this.#present.open(number, datagram, headerBytes)
      if (body !== undefined && number < this.#firstHere) {
        if (this.#firstHere === Infinity) this.#dropBeforeMs = nowMs + this.#limits.keptMs
        this.#firstHere = number
      }
      return body
    }
    if (number < this.#firstHere) {
      const isKept = nowMs < this.#dropBeforeMs
      if (this.#before !== undefined && isKept) return this.#before.open(number, datagram, headerBytes)
      // Before anything came in the present epoch this may only be the one before; after, what is too late is lost.
      if (this.#before !== undefined || this.#firstHere !== Infinity) return undefined
    }
    this.#after ??= this.#present.next?.()
    const body = this.#after?.open(number, datagram, headerBytes)
    if (body !== undefined) this.#advance(nowMs, number)
    return body
  }

  #advance(nowMs: number, firstHere: number): void {
    const after = this.#after ?? this.#present.next!()
    this.#before = this.#present
    this.#present = after
    this.#after = undefined
    this.#epoch++
    this.#sinceMs = nowMs
    this.#sealed = 0
    this.#firstSealed = Infinity
    this.#isConfirmed = false
    this.#firstHere = firstHere
    this.#dropBeforeMs = firstHere === Infinity ? Infinity : nowMs + this.#limits.keptMs
  }

  #forgetBefore(): void {
    this.#before = undefined
    this.#dropBeforeMs = Infinity
  }
}
