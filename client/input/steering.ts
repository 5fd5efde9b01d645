/** Bars at full lock, as a sample says them. */
const FULL = 127
/** From straight on to full lock, ms; back is as quick. */
const FULL_AFTER_MS = 250

export type Side = -1 | 0 | 1

/** Bars made of two keys or two places to touch: held they turn, let go they come back. */
export class Steering {
  readonly #held = new Set<string>()
  #sides = new Map<string, Side>()
  #bars = 0
  #atMs: number | undefined

  /** `by` is what holds: a key, a button; what holds last decides. */
  hold(by: string, side: Side): void {
    this.#held.delete(by)
    this.#held.add(by)
    this.#sides.set(by, side)
  }

  letGo(by: string): void {
    this.#held.delete(by)
  }

  letGoOfAll(): void {
    this.#held.clear()
  }

  /** The bars now, −127 … 127, whole. */
  at(nowMs: number): number {
    const stepMs = Math.min(nowMs - (this.#atMs ?? nowMs), FULL_AFTER_MS)
    this.#atMs = nowMs
    const by = [...this.#held].at(-1)
    const wish = by === undefined ? 0 : FULL * this.#sides.get(by)!
    const reach = (FULL * stepMs) / FULL_AFTER_MS
    this.#bars += Math.max(-reach, Math.min(reach, wish - this.#bars))
    return Math.round(this.#bars)
  }
}
