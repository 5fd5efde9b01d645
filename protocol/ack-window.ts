import { PACKET_NUMBER_MAX, REPLAY_WINDOW_PACKETS } from './limits.ts'

/** The packet number whose low 16 bits are `low`, nearest to `expected`. RFC 9000, appendix A.3; exact far beyond PACKET_NUMBER_MAX. */
export function expandNumber(low: number, expected: number): number {
  const around = expected - (expected % 0x10000) + low
  if (around > expected + 0x8000 && around >= 0x10000) return around - 0x10000
  if (around <= expected - 0x8000) return around + 0x10000
  return around
}

/** A tick from its low 16 bits, the same way. */
export const expandTick = expandNumber

/** Which packet numbers were seen: refuses what came twice and what is too old to tell. */
export class ReplayWindow {
  #newest: number
  readonly #seen = new Uint32Array(REPLAY_WINDOW_PACKETS / 32)

  constructor(firstNumber: number = 0) {
    this.#newest = firstNumber - 1
  }

  get newest(): number {
    return this.#newest
  }

  get expected(): number {
    return this.#newest + 1
  }

  /**
   * True when `number` is neither a replay nor too old, nor one that nobody sends. Asked before the seal is opened, so
   * it changes nothing.
   */
  isFresh(number: number): boolean {
    if (number > PACKET_NUMBER_MAX) return false
    if (number > this.#newest) return true
    if (number <= this.#newest - REPLAY_WINDOW_PACKETS) return false
    const at = number % REPLAY_WINDOW_PACKETS
    return (this.#seen[at >>> 5]! & (1 << (at & 31))) === 0
  }

  /** Only for packets that proved authentic. */
  mark(number: number): void {
    if (number > this.#newest) {
      const skipped = Math.min(number - this.#newest, REPLAY_WINDOW_PACKETS)
      for (let i = 0; i < skipped; i++) this.#clear(number - i)
      this.#newest = number
    }
    const at = number % REPLAY_WINDOW_PACKETS
    this.#seen[at >>> 5]! |= 1 << (at & 31)
  }

  #clear(number: number): void {
    const at = number % REPLAY_WINDOW_PACKETS
    this.#seen[at >>> 5]! &= ~(1 << (at & 31))
  }
}

/** What a receiver says of the packets it used: the newest, and one bit for each of the 32 before it. */
export class AckHistory {
  #newest = -1
  #bits = 0

  get newest(): number {
    return this.#newest
  }

  /** Bit i: packet newest − 1 − i was used. */
  get bits(): number {
    return this.#bits
  }

  /** Numbers rise; a packet that comes after its successor was not used and is never acked. */
  mark(number: number): void {
    const step = number - this.#newest
    if (this.#newest >= 0) {
      this.#bits = step > 32 ? 0 : step === 32 ? 0x80000000 : ((this.#bits << step) | (1 << (step - 1))) >>> 0
    }
    this.#newest = number
  }
}

/** True when `number` is among the packets that an ack says were used. */
export function isAcked(number: number, newest: number, bits: number): boolean {
  if (number === newest) return true
  const back = newest - 1 - number
  return back >= 0 && back < 32 && (bits & (1 << back)) !== 0
}
