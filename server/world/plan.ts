import { golombBits } from '#protocol/codes'
import { COUNT_K, GAP_K } from '#protocol/rider-block'
import { SLOTS } from '#protocol/limits'

/** What a planned record is. */
export const PLAN = { change: 0, whole: 1, leave: 2, transfer: 3, watts: 4, check: 5 } as const

/** Bits around a section: age, count, and whether another follows. */
const SECTION_BITS = 13 + golombBits(SLOTS, COUNT_K) + 1
/** What a gap costs at most. */
const GAP_BITS_MAX = golombBits(SLOTS - 1, GAP_K)

const SLOT_MASK = 511
const WHAT_SHIFT = 9
const AGAIN_SHIFT = 12
const BITS_SHIFT = 14

/** What goes into the packet that is being made, section by section. One for all viewers: only one writes at a time. */
export class Plan {
  count = 0
  tick = new Int32Array(1024)
  /** What is told: slot 9 bits, what 3, how often it is told again in the packets that follow 2, its bits. */
  item = new Int32Array(1024)
  /** Which kinds were planned, a bit each; what did not fit may be among them. */
  whats = 0
  #allBits = 0
  #sections = 0

  clear(): void {
    this.count = 0
    this.whats = 0
    this.#allBits = 0
    this.#sections = 0
  }

  /** By rising tick, and in a tick by rising slot. */
  add(tick: number, slot: number, what: number, bits: number, again: number): void {
    const i = this.count++
    if (i === this.tick.length) this.#grow()
    if (i === 0 || this.tick[i - 1] !== tick) this.#sections++
    this.tick[i] = tick
    this.item[i] = slot | (what << WHAT_SHIFT) | (again << AGAIN_SHIFT) | (bits << BITS_SHIFT)
    this.whats |= 1 << what
    this.#allBits += bits
  }

  has(slot: number): boolean {
    for (let i = 0; i < this.count; i++) if (slotOfItem(this.item[i]!) === slot) return true
    return false
  }

  /** Whatever the gaps are. */
  isWithin(bitsMax: number): boolean {
    return this.#allBits + this.count * GAP_BITS_MAX + this.#sections * SECTION_BITS <= bitsMax
  }

  /** Keeps what fits, the most pressing first; `drop` hears of the rest. Rare: a mass start, a view that begins. */
  fit(bitsMax: number, gapBits: number, priorityOf: (i: number) => number, drop: (i: number) => void): void {
    const order = Array.from({ length: this.count }, (_none, i) => i)
    const priorities = order.map(priorityOf)
    order.sort((a, b) => priorities[b]! - priorities[a]!)
    const isTaken = new Uint8Array(this.count)
    const ticks = new Set<number>()
    let left = bitsMax
    for (const i of order) {
      const cost = bitsOfItem(this.item[i]!) + gapBits + (ticks.has(this.tick[i]!) ? 0 : SECTION_BITS)
      if (cost > left) continue
      left -= cost
      ticks.add(this.tick[i]!)
      isTaken[i] = 1
    }
    let kept = 0
    for (let i = 0; i < this.count; i++) {
      if (isTaken[i] === 0) {
        drop(i)
        continue
      }
      this.tick[kept] = this.tick[i]!
      this.item[kept++] = this.item[i]!
    }
    this.count = kept
  }

  #grow(): void {
    const more = this.tick.length * 2
    const { tick, item } = this
    this.tick = new Int32Array(more)
    this.tick.set(tick)
    this.item = new Int32Array(more)
    this.item.set(item)
  }
}

export function slotOfItem(item: number): number {
  return item & SLOT_MASK
}

export function whatOfItem(item: number): number {
  return (item >>> WHAT_SHIFT) & 7
}

export function againOfItem(item: number): number {
  return (item >>> AGAIN_SHIFT) & 3
}

export function bitsOfItem(item: number): number {
  return item >>> BITS_SHIFT
}
