import type { Random } from '#physics/random'
import { Link, type LinkCounts, type LinkProfile } from './link.ts'

/** One direction of a path in virtual time: what was sent arrives when `run` says it is that late, earliest first. */
export class MemoryLink {
  readonly #link: Link
  readonly #deliver: (datagram: Uint8Array, atMs: number) => void
  /** A heap, earliest first; of one moment the one sent first. */
  readonly #waiting: { atMs: number; order: number; datagram: Uint8Array }[] = []
  /** Hears whatever is sent, lost or not. */
  tap: ((datagram: Uint8Array) => void) | undefined
  #order = 0

  constructor(profile: LinkProfile, random: Random, deliver: (datagram: Uint8Array, atMs: number) => void) {
    this.#link = new Link(profile, random)
    this.#deliver = deliver
  }

  get counts(): Readonly<LinkCounts> {
    return this.#link.counts
  }

  get profile(): LinkProfile {
    return this.#link.profile
  }

  /** From the next datagram on. */
  set profile(profile: LinkProfile) {
    this.#link.profile = profile
  }

  /** When the next datagram arrives, ms; Infinity: none is on its way. */
  get nextMs(): number {
    return this.#waiting[0]?.atMs ?? Infinity
  }

  send(datagram: Uint8Array, nowMs: number): void {
    this.tap?.(datagram)
    this.#link.send(datagram, nowMs, (atMs, bytes) => this.#push({ atMs, order: this.#order++, datagram: bytes }))
  }

  /** What is on its way goes nowhere. */
  drop(): void {
    this.#waiting.length = 0
  }

  run(nowMs: number): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.atMs <= nowMs) {
      const { datagram, atMs } = this.#pop()
      this.#deliver(datagram, atMs)
    }
  }

  #push(one: { atMs: number; order: number; datagram: Uint8Array }): void {
    const heap = this.#waiting
    let at = heap.length
    heap.push(one)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isEarlier(one, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = one
  }

  #pop(): { atMs: number; datagram: Uint8Array } {
    const heap = this.#waiting
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isEarlier(heap[child + 1]!, heap[child]!)) child++
      if (!isEarlier(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return first
  }
}

function isEarlier(a: { atMs: number; order: number }, b: { atMs: number; order: number }): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
