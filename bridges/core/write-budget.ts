/**
 * How often a trainer may be written to: at most twice within a quarter of a second, and targets at most four times in any
 * second. Of the four one is kept for what cannot wait (a wall of a road, a shift, another mode). What waits costs nothing,
 * for only the newest wish is written. Asking for control is no target: it happens when the trainer took control away, and
 * must not wait behind what was said before. Trainers queue what comes faster and fall behind the road.
 */
const WRITE_GAP_MS = 250
const WINDOW_MS = 1000
const WINDOW_MAX = 4

export type Haste = 'control' | 'urgent' | 'ordinary'

export class WriteBudget {
  /** The newest two writes and the newest four targets, oldest first. */
  readonly #written: number[] = []
  readonly #targets: number[] = []

  mayWrite(atMs: number, haste: Haste): boolean {
    const spacedMs = this.#written.at(haste === 'ordinary' ? -1 : -2) ?? -Infinity
    if (atMs - spacedMs < WRITE_GAP_MS) return false
    if (haste === 'control') return true
    const oldestMs = this.#targets.at(haste === 'urgent' ? -WINDOW_MAX : 1 - WINDOW_MAX) ?? -Infinity
    return atMs - oldestMs >= WINDOW_MS
  }

  spend(atMs: number, haste: Haste): void {
    remember(this.#written, atMs, 2)
    if (haste !== 'control') remember(this.#targets, atMs, WINDOW_MAX)
  }
}

function remember(times: number[], atMs: number, most: number): void {
  times.push(atMs)
  if (times.length > most) times.shift()
}
