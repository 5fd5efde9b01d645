/**
 * How often a trainer may be written to: at most four times in any second, at most twice within a quarter of one, and of
 * the four one is kept for what cannot wait (a wall of a road, a shift, another mode, control itself). What waits costs
 * nothing, for only the newest wish is written. Trainers queue what comes faster and fall behind the road.
 */
export const WRITE_GAP_MS = 250
const WINDOW_MS = 1000
const WINDOW_MAX = 4

export class WriteBudget {
  /** The newest writes, oldest first. */
  readonly #writtenMs: number[] = []

  mayWrite(atMs: number, { isUrgent }: { readonly isUrgent: boolean }): boolean {
    const writes = this.#writtenMs
    const oldestMs = writes.at(isUrgent ? -WINDOW_MAX : 1 - WINDOW_MAX) ?? -Infinity
    const spacedMs = writes.at(isUrgent ? -2 : -1) ?? -Infinity
    return atMs - oldestMs >= WINDOW_MS && atMs - spacedMs >= WRITE_GAP_MS
  }

  spend(atMs: number): void {
    this.#writtenMs.push(atMs)
    if (this.#writtenMs.length > WINDOW_MAX) this.#writtenMs.shift()
  }
}
