import { parentPort, Worker } from 'node:worker_threads'
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

/** A thread for work that a tick must not wait for: begun when first asked, and again when it broke. */
export class HelperThread<Order, Answer> {
  readonly #script: URL
  readonly #busy: string
  readonly #waiting = new Map<number, (helped: Helped<Answer>) => void>()
  #worker: Worker | undefined
  #nextId = 1

  /** `busy`: the sentence for who comes while too many wait. */
  constructor(script: URL, { busy }: { readonly busy: string }) {
    this.#script = script
    this.#busy = busy
  }

  /** Rejects with what the thread said of it. */
  async ask(order: Order): Promise<Answer> {
    if (this.#waiting.size >= WAITING_MAX) throw new AppError('ERR_TOO_MANY', this.#busy)
    const id = this.#nextId++
    const worker = (this.#worker ??= this.#start())
    const helped = await new Promise<Helped<Answer>>((resolve) => {
      this.#waiting.set(id, resolve)
      worker.postMessage({ id, order } satisfies Asked<Order>)
    })
    if (!helped.ok) throw new Error(helped.error)
    return helped.answer
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  #start(): Worker {
    const worker = new Worker(this.#script)
    worker.unref()
    worker.on('message', (helped: Helped<Answer>) => {
      this.#waiting.get(helped.id)?.(helped)
      this.#waiting.delete(helped.id)
    })
    // A thread that breaks takes its orders with it, never the house.
    const broken = (error: string): void => {
      if (this.#worker === worker) this.#worker = undefined
      for (const [id, resolve] of this.#waiting) resolve({ id, ok: false, error })
      this.#waiting.clear()
    }
    worker.on('error', (error) => broken(error.message))
    worker.on('exit', () => broken('it was broken off'))
    return worker
  }
}

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
