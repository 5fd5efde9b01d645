import type { BridgeClock } from '#bridges/core/clock'
import type { TimerOrder } from './timer-worker.ts'

/** What a worker is to this file; tests bring one that is told when. */
export interface TimerWorker {
  postMessage(order: TimerOrder): void
  addEventListener(type: 'message', listener: (event: { readonly data: number }) => void): void
}

/** Timers that go on in a hidden tab, all of them in one worker. */
export class WorkerTimers {
  readonly #worker: TimerWorker
  readonly #callbacks = new Map<number, { readonly call: () => void; readonly isRepeated: boolean }>()
  #lastId = 0

  constructor(worker: TimerWorker) {
    this.#worker = worker
    worker.addEventListener('message', ({ data: id }) => {
      const timer = this.#callbacks.get(id)
      // Cancelled while the message was on its way.
      if (timer === undefined) return
      if (!timer.isRepeated) this.#callbacks.delete(id)
      timer.call()
    })
  }

  get count(): number {
    return this.#callbacks.size
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.#start(delayMs, callback, false)
  }

  every(intervalMs: number, callback: () => void): () => void {
    return this.#start(intervalMs, callback, true)
  }

  #start(delayMs: number, call: () => void, isRepeated: boolean): () => void {
    const id = ++this.#lastId
    this.#callbacks.set(id, { call, isRepeated })
    this.#worker.postMessage({ id, delayMs, isRepeated })
    return () => {
      if (this.#callbacks.delete(id)) this.#worker.postMessage({ id })
    }
  }
}

let shared: WorkerTimers | undefined

/** This page's. */
export function workerTimers(): WorkerTimers {
  shared ??= new WorkerTimers(new Worker(new URL('./timer-worker.ts', import.meta.url), { type: 'module' }))
  return shared
}

/** Calls back every `intervalMs`, in a hidden tab too; the result stops it. */
export const startWorkerTimer = (intervalMs: number, callback: () => void): (() => void) =>
  workerTimers().every(intervalMs, callback)

/** The steady clock of the page, with timers that go on in a hidden tab. */
export const workerClock = (nowMs: () => number): BridgeClock => ({
  nowMs,
  after: (delayMs, callback) => workerTimers().after(delayMs, callback),
})
