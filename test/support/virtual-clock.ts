import type { BridgeClock } from '#bridges/core/clock'

/** A clock that goes when it is told to; what is due is called in order, and promises get their turns in between. */
export class VirtualClock implements BridgeClock {
  #nowMs = 0
  readonly #waiting = new Set<{ readonly dueMs: number; readonly call: () => void }>()

  nowMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, call }
    this.#waiting.add(timer)
    return () => void this.#waiting.delete(timer)
  }

  async pass(durationMs: number, stepMs = 10, each: () => void = () => {}): Promise<void> {
    const endMs = this.#nowMs + durationMs
    while (this.#nowMs < endMs) {
      this.#nowMs += stepMs
      each()
      for (const timer of [...this.#waiting].toSorted((a, b) => a.dueMs - b.dueMs)) {
        if (timer.dueMs > this.#nowMs || !this.#waiting.delete(timer)) continue
        timer.call()
        await turns()
      }
      await turns()
    }
  }
}

async function turns(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve()
}
