/** What was sent, of a record: a class each. */
export const SENT = {
  /** Packets whose fate is remembered: 3.2 s of them. Older ones count as lost. A power of two. */
  history: 64,
  change: 0,
  base: 1,
  watts: 2,
  check: 3,
} as const

const MASK = SENT.history - 1
/** Of a packet two words: its tick; where its news begin, how many they are, and whether one of them is a base. */
const HEAD_WORDS = 2 * SENT.history
const NEWS_MIN = 32
const PLACE_MASK = 0xffff
const COUNT_SHIFT = 16
const COUNT_MASK = 0xfff
const HAS_BASE = 0x4000_0000

/**
 * Which news each packet carried, to be judged when its fate is known: one number a record (slot 9 bits, age 6, class 2,
 * generation 8) in a ring. It grows when a view is told whole, and shrinks after: thousands of these live in a process,
 * so it is one piece of memory.
 */
export class SentNews {
  #words = new Int32Array(HEAD_WORDS + NEWS_MIN)
  /** Places in the ring, less one. */
  #ringMask = NEWS_MIN - 1
  /** News of packets that wait to be judged. */
  #waiting = 0
  /** Where the next record goes. */
  #next = 0

  /** Packet `number` of this tick begins, with so many news, to be told by `tell`. No other waits in its place any more. */
  begin(number: number, tick: number, count: number, hasBase: boolean): void {
    const places = this.#ringMask + 1
    if (this.#waiting + count > places) this.#resize(places, this.#waiting + count)
    else if ((number & MASK) === 0 && places > NEWS_MIN && this.#waiting * 8 <= places)
      this.#resize(NEWS_MIN, this.#waiting + count)
    const at = (number & MASK) << 1
    this.#words[at] = tick
    this.#words[at + 1] = this.#next | (count << COUNT_SHIFT) | (hasBase ? HAS_BASE : 0)
    this.#waiting += count
  }

  tell(slot: number, generation: number, age: number, what: number): void {
    this.#words[HEAD_WORDS + this.#next] = slot | (age << 9) | (what << 15) | (generation << 17)
    this.#next = (this.#next + 1) & this.#ringMask
  }

  countOf(number: number): number {
    return (this.#words[((number & MASK) << 1) + 1]! >>> COUNT_SHIFT) & COUNT_MASK
  }

  /** Somebody was told whole, across or gone in it. */
  hasBase(number: number): boolean {
    return (this.#words[((number & MASK) << 1) + 1]! & HAS_BASE) !== 0
  }

  tickOf(number: number): number {
    return this.#words[(number & MASK) << 1]!
  }

  /** One of the packet's news; take it apart with `slotIn` and the others. */
  newsOf(number: number, i: number): number {
    const from = this.#words[((number & MASK) << 1) + 1]! & PLACE_MASK
    return this.#words[HEAD_WORDS + ((from + i) & this.#ringMask)]!
  }

  forget(number: number): void {
    const at = ((number & MASK) << 1) + 1
    this.#waiting -= (this.#words[at]! >>> COUNT_SHIFT) & COUNT_MASK
    this.#words[at] = 0
  }

  /** The ring in another size, `least` places or twice that and so on, what waits at its beginning, the oldest first. */
  #resize(from: number, least: number): void {
    let places = from
    while (places < least) places *= 2
    const old = this.#words
    const oldMask = this.#ringMask
    const first = (this.#next - this.#waiting) & oldMask
    const words = new Int32Array(HEAD_WORDS + places)
    for (let at = 0; at < HEAD_WORDS; at += 2) {
      words[at] = old[at]!
      const second = old[at + 1]!
      words[at + 1] = (second & ~PLACE_MASK) | (((second & PLACE_MASK) - first) & oldMask)
    }
    for (let i = 0; i < this.#waiting; i++) words[HEAD_WORDS + i] = old[HEAD_WORDS + ((first + i) & oldMask)]!
    this.#words = words
    this.#ringMask = places - 1
    this.#next = this.#waiting & this.#ringMask
  }
}

export function slotIn(news: number): number {
  return news & 511
}

export function ageIn(news: number): number {
  return (news >>> 9) & 63
}

export function classIn(news: number): number {
  return (news >>> 15) & 3
}

export function generationIn(news: number): number {
  return (news >>> 17) & 255
}
