import type { Clock } from '#server/clock'

interface Timer {
  readonly atMs: number
  /** Timers of one moment fire in the order they were set. */
  readonly order: number
  readonly callback: () => void
  isCancelled: boolean
}

/** Calendar time of a simulation's beginning: 2026-01-01T00:00:00Z, so that tokens have something to expire by. */
const EPOCH_MS = 1_767_225_600_000

/** Time that passes only when it is told to: a heap of timers, earliest first. */
export class VirtualClock implements Clock {
  readonly #heap: Timer[] = []
  #nowMs = 0
  #order = 0

  nowMs(): number {
    return this.#nowMs
  }

  wallMs(): number {
    return EPOCH_MS + this.#nowMs
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer: Timer = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#order++,
      callback,
      isCancelled: false,
    }
    this.#push(timer)
    return () => {
      timer.isCancelled = true
    }
  }

  /** Fires everything due until then, in order of time, and stops there. */
  runUntil(untilMs: number): void {
    for (let timer = this.#heap[0]; timer !== undefined && timer.atMs <= untilMs; timer = this.#heap[0]) {
      this.#pop()
      if (timer.isCancelled) continue
      this.#nowMs = timer.atMs
      timer.callback()
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs)
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let at = heap.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isEarlier(timer, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = timer
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
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
  }
}

function isEarlier(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
