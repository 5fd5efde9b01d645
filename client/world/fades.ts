import { CARRY_TICKS_MAX, type RemoteRiders } from './remote.ts'

/** From there to not there, or back. */
const FADE_S = 0.5
/** Silent for longer than this everybody grows pale: what is drawn is a guess. */
const PALE_TICKS = 30
const PALE = 0.65

/**
 * How much of each of the others is to be seen. Who comes into view grows out of nothing, who goes fades; while nothing is
 * heard everybody is pale, and who then has to be moved comes anew where they are instead of leaping there.
 */
export class Fades {
  readonly #remote: RemoteRiders
  readonly #fade: Float32Array
  readonly #shownId: Uint32Array
  readonly #isGoing: Uint8Array
  #hasWaited = false

  constructor(remote: RemoteRiders) {
    this.#remote = remote
    this.#fade = new Float32Array(remote.capacity)
    this.#shownId = new Uint32Array(remote.capacity)
    this.#isGoing = new Uint8Array(remote.capacity)
  }

  of(row: number): number {
    return this.#fade[row]!
  }

  /** They have left; answers false when they are gone at once, for there is no room to wait in. */
  leave(id: number): boolean {
    const row = this.#remote.rowOf(id)
    if (row === undefined || this.#remote.count * 2 > this.#remote.capacity) return false
    this.#isGoing[row] = 1
    return true
  }

  /** They are told of whole again: they stay. */
  stay(id: number): void {
    const row = this.#remote.rowOf(id)
    if (row !== undefined) this.#isGoing[row] = 0
  }

  /** Frees the rows of who is gone. Allocates nothing. */
  frame(silentTicks: number, dtS: number): void {
    const remote = this.#remote
    const isWaiting = silentTicks > CARRY_TICKS_MAX
    const isAwake = this.#hasWaited && !isWaiting
    this.#hasWaited = isWaiting
    const aim = silentTicks > PALE_TICKS ? PALE : 0
    const step = dtS / FADE_S
    for (let row = 0; row < remote.rows; row++) {
      const id = remote.id[row]!
      if (id === 0) continue
      if (id !== this.#shownId[row] || isAwake) {
        if (id !== this.#shownId[row]) this.#isGoing[row] = 0
        this.#shownId[row] = id
        this.#fade[row] = 1
      }
      const to = this.#isGoing[row] === 1 ? 1 : aim
      const from = this.#fade[row]!
      this.#fade[row] = to > from ? Math.min(to, from + step) : Math.max(to, from - step)
      if (to === 1 && this.#fade[row] === 1) this.#go(row, id)
    }
  }

  #go(row: number, id: number): void {
    this.#isGoing[row] = 0
    this.#shownId[row] = 0
    this.#remote.leave(id)
  }
}
