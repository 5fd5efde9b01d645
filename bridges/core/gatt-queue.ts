import { type BridgeClock, inTime } from './clock.ts'

/**
 * One operation on a device at a time: browsers refuse a second one while the first is under way ("GATT operation already in
 * progress"), desktop radios mix up the answers. Each has its budget; undefined: it failed or came too late.
 */
export class GattQueue {
  readonly #clock: BridgeClock
  readonly #budgetMs: number
  #last: Promise<unknown> = Promise.resolve()
  #isClosed = false

  constructor(clock: BridgeClock, budgetMs: number) {
    this.#clock = clock
    this.#budgetMs = budgetMs
  }

  do<T>(operation: () => Promise<T>): Promise<T | undefined> {
    const turn = this.#last.then(() => this.#run(operation))
    this.#last = turn
    return turn
  }

  /** What waits is not begun any more. */
  close(): void {
    this.#isClosed = true
  }

  async #run<T>(operation: () => Promise<T>): Promise<T | undefined> {
    if (this.#isClosed) return undefined
    return await inTime(this.#clock, this.#budgetMs, valueOf(operation))
  }
}

/** Why it failed is not actionable here: the link is gone, or the device refuses; whoever asked hears undefined. */
async function valueOf<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation()
  } catch {
    return undefined
  }
}
