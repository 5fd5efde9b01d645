/** What waits to be told again is one number: tick (its low 8 bits), slot 9, generation 8, how often still 2. */
const SLOT_SHIFT = 10
const TICK_SHIFT = 19
const REST_MASK = (1 << TICK_SHIFT) - 1

const NONE = new Int32Array(0)

/** Records of one viewer that wait to be told again. Most viewers have none at most times: then it holds no memory. */
export class Retelling {
  #ones = NONE
  #count = 0

  get count(): number {
    return this.#count
  }

  clear(): void {
    this.#count = 0
  }

  add(tick: number, slot: number, generation: number, again: number): void {
    if (this.#count === this.#ones.length) {
      const more = new Int32Array(Math.max(8, 2 * this.#count))
      more.set(this.#ones)
      this.#ones = more
    }
    this.#ones[this.#count++] = ((tick & 255) << TICK_SHIFT) | (slot << SLOT_SHIFT) | (generation << 2) | again
  }

  /**
   * All of them, oldest first, by slot, each once: read them with `at`. The list is empty then, and what is added now
   * is for the next time: finish reading before.
   */
  take(tick: number): number {
    const ones = this.#ones
    const count = this.#count
    // By age: none is older than 255 ticks.
    for (let i = 0; i < count; i++)
      ones[i] = (((((ones[i]! >>> TICK_SHIFT) - tick - 1) & 255) << TICK_SHIFT) | (ones[i]! & REST_MASK)) >>> 0
    sort(ones, count)
    let kept = 0
    for (let i = 0; i < count; i++) {
      // Twice the same: the one that is to be told oftener stands behind.
      if (i + 1 < count && ones[i + 1]! >>> 2 === ones[i]! >>> 2) continue
      ones[kept++] = ones[i]!
    }
    this.#count = 0
    // After a burst most of it is never needed again.
    if (kept <= 8 && ones.length > 64) this.#ones = ones.slice(0, 16)
    return kept
  }

  at(i: number): number {
    return this.#ones[i]!
  }
}

export function tickOfRetold(one: number, tick: number): number {
  return tick - 255 + (one >>> TICK_SHIFT)
}

export function slotOfRetold(one: number): number {
  return (one >>> SLOT_SHIFT) & 511
}

export function generationOfRetold(one: number): number {
  return (one >>> 2) & 255
}

export function againOfRetold(one: number): number {
  return one & 3
}

/** A few numbers, nearly in order. */
function sort(numbers: Int32Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const one = numbers[i]!
    let j = i - 1
    for (; j >= 0 && numbers[j]! > one; j--) numbers[j + 1] = numbers[j]!
    numbers[j + 1] = one
  }
}
