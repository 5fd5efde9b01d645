import { parentPort, Worker } from 'node:worker_threads'
import { type Clock, systemClock } from './clock.ts'
import { AppError } from './errors.ts'

interface Asked<Order> {
  readonly id: number
  readonly order: Order
}
type Helped<Answer> =
  | { readonly id: number; readonly ok: true; readonly answer: Answer }
  | { readonly id: number; readonly ok: false; readonly error: string }

/** Orders that may wait; beyond it whoever asks is told to come again. */
const WAITING_MAX = 64

/** Nothing it is asked takes so long, on a slow machine either: whatever does is hostile, or a fault of ours. */
const ANSWER_MS_MAX = 60_000

interface Waiting<Order, Answer> {
  readonly order: Order
  readonly resolve: (helped: Helped<Answer>) => void
}

/**
 * A thread for work that a tick must not wait for: begun when first asked, and again when it broke. An order that takes it
 * down, or never ends, is alone in it: those behind it are asked again of the next one. [A64]
 */
export class HelperThread<Order, Answer> {
  readonly #script: URL
  readonly #busy: string
  readonly #clock: Pick<Clock, 'after'>
  /** Oldest first. */
  readonly #waiting = new Map<number, Waiting<Order, Answer>>()
  #worker: Worker | undefined
  #nextId = 1
  #cancelEnd = (): void => {}

  /** `busy`: the sentence for who comes while too many wait. */
  constructor(script: URL, options: { readonly busy: string; readonly clock?: Pick<Clock, 'after'> }) {
    this.#script = script
    this.#busy = options.busy
    this.#clock = options.clock ?? systemClock
  }

  /** Rejects with what the thread said of it. */
  async ask(order: Order): Promise<Answer> {
    if (this.#waiting.size >= WAITING_MAX) throw new AppError('ERR_TOO_MANY', this.#busy)
    const id = this.#nextId++
    const helped = await new Promise<Helped<Answer>>((resolve) => {
      this.#waiting.set(id, { order, resolve })
      this.#tell(id, order)
      if (this.#waiting.size === 1) this.#beginWait()
    })
    if (!helped.ok) throw new Error(helped.error)
    return helped.answer
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    for (const id of [...this.#waiting.keys()]) this.#answer({ id, ok: false, error: BROKEN })
    await worker?.terminate()
  }

  #tell(id: number, order: Order): void {
    this.#worker ??= this.#start()
    this.#worker.postMessage({ id, order } satisfies Asked<Order>)
  }

  /** From the last answer on: who stands in a line of sixty has not waited for themselves. */
  #beginWait(): void {
    this.#cancelEnd()
    if (this.#waiting.size > 0) this.#cancelEnd = this.#clock.after(ANSWER_MS_MAX, () => this.#give('it took too long'))
  }

  #answer(helped: Helped<Answer>): void {
    this.#waiting.get(helped.id)?.resolve(helped)
    this.#waiting.delete(helped.id)
    this.#beginWait()
  }

  /** The thread is of no use any more: the oldest order hears why, the others go to the next one. */
  #give(error: string): void {
    const worker = this.#worker
    this.#worker = undefined
    void worker?.terminate()
    const [oldest] = this.#waiting.keys()
    if (oldest !== undefined) this.#answer({ id: oldest, ok: false, error })
    for (const [id, { order }] of this.#waiting) this.#tell(id, order)
  }

  #start(): Worker {
    const worker = new Worker(this.#script)
    worker.unref()
    const isOurs = (): boolean => this.#worker === worker
    worker.on('message', (helped: Helped<Answer>) => isOurs() && this.#answer(helped))
    worker.on('error', (error) => isOurs() && this.#give(error.message))
    worker.on('exit', () => isOurs() && this.#give(BROKEN))
    return worker
  }
}

const BROKEN = 'it was broken off'

/** The other end: what a helper's script does with each order. Whatever goes wrong is an answer. */
export function serve<Order, Answer>(make: (order: Order) => Answer | Promise<Answer>): void {
  parentPort?.on('message', ({ id, order }: Asked<Order>) => {
    Promise.resolve(order)
      .then(make)
      .then(
        (answer) => parentPort?.postMessage({ id, ok: true, answer } satisfies Helped<Answer>),
        (error: unknown) =>
          parentPort?.postMessage({
            id,
            ok: false,
            error: error instanceof Error ? error.message : String(error),
          } satisfies Helped<Answer>),
      )
  })
}
