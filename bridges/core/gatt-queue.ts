import { type BridgeClock, inTime } from './clock.ts'

/**
 * One operation on a device at a time: browsers refuse a second one while the first is under way ("GATT operation already in
 * progress"), desktop radios mix up the answers. Each has its budget; undefined: it failed or came too late. After one that
 * is never answered a link takes no further question (ATT allows one at a time), so `onLate` is to end it.
 */
export class GattQueue {
  readonly #clock: BridgeClock
  readonly #budgetMs: number
  readonly #onLate: () => void
  #last: Promise<unknown> = Promise.resolve()
  #isClosed = false

  constructor(options: { readonly clock: BridgeClock; readonly budgetMs: number; readonly onLate: () => void }) {
    this.#clock = options.clock
    this.#budgetMs = options.budgetMs
    this.#onLate = options.onLate
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
    const answer = await inTime(this.#clock, this.#budgetMs, answerOf(operation))
    if (answer === undefined && !this.#isClosed) this.#onLate()
    return answer?.value
  }
}

/** Why it failed is not actionable here: the link is gone, or the device refuses; whoever asked hears undefined. */
async function answerOf<T>(operation: () => Promise<T>): Promise<{ readonly value: T | undefined }> {
  try {
    return { value: await operation() }
  } catch {
    return { value: undefined }
  }
}
