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

/**
 * Which news each packet carried, to be judged when its fate is known: one number a record (slot 9 bits, age 6, class 2,
 * generation 8) in a ring that grows when a mass start needs it to.
 */
export class SentNews {
  #news = new Uint32Array(64)
  /** In one piece, and those behind it: thousands of these live in a process. */
  readonly #number = new Float64Array(new ArrayBuffer(SENT.history * (8 + 4 + 4 + 2)), 0, SENT.history).fill(-1)
  readonly #tick = new Int32Array(this.#number.buffer, SENT.history * 8, SENT.history)
  readonly #from = new Uint32Array(this.#number.buffer, SENT.history * 12, SENT.history)
  readonly #count = new Uint16Array(this.#number.buffer, SENT.history * 16, SENT.history)
  /** Where the next record goes; rises for ever, a place is its remainder. */
  #next = 0
  #current = 0
  /** The first place that was still needed when the current packet began. */
  #oldestAt = 0

  /** Packet `number` of this tick begins. */
  begin(number: number, tick: number): void {
    const at = number & MASK
    this.#number[at] = number
    this.#tick[at] = tick
    this.#from[at] = this.#next
    this.#count[at] = 0
    this.#current = at
    this.#oldestAt = this.#oldest()
  }

  add(slot: number, generation: number, age: number, what: number): void {
    if (this.#next - this.#oldestAt >= this.#news.length) this.#grow()
    this.#news[this.#next % this.#news.length] = slot | (age << 9) | (what << 15) | (generation << 17)
    this.#next++
    this.#count[this.#current]!++
  }

  countOf(number: number): number {
    return this.#number[number & MASK] === number ? this.#count[number & MASK]! : 0
  }

  tickOf(number: number): number {
    return this.#tick[number & MASK]!
  }

  slotAt(number: number, i: number): number {
    return this.#at(number, i) & 511
  }

  ageAt(number: number, i: number): number {
    return (this.#at(number, i) >>> 9) & 63
  }

  whatAt(number: number, i: number): number {
    return (this.#at(number, i) >>> 15) & 3
  }

  generationAt(number: number, i: number): number {
    return (this.#at(number, i) >>> 17) & 255
  }

  forget(number: number): void {
    if (this.#number[number & MASK] === number) this.#number[number & MASK] = -1
  }

  #at(number: number, i: number): number {
    return this.#news[(this.#from[number & MASK]! + i) % this.#news.length]!
  }

  #oldest(): number {
    let oldest = this.#next
    for (let at = 0; at < SENT.history; at++) {
      if (this.#number[at]! >= 0 && this.#from[at]! < oldest) oldest = this.#from[at]!
    }
    return oldest
  }

  #grow(): void {
    const grown = new Uint32Array(this.#news.length * 2)
    for (let at = this.#oldestAt; at < this.#next; at++) grown[at % grown.length] = this.#news[at % this.#news.length]!
    this.#news = grown
  }
}
