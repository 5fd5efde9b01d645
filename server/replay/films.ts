import { Worker } from 'node:worker_threads'
import { AppError } from '../errors.ts'
import type { FilmAnswer, FilmOrder } from './film-worker.ts'
import type { JournalIndex } from './journal-index.ts'
import type { SlowFacts } from './slow-facts.ts'

/** Chunks kept in memory: what one watches, others watch too. */
const KEPT_BYTES_MAX = 48 << 20
/** Orders that may wait; beyond it whoever asks is told to come again. */
const WAITING_MAX = 64

/** Shoots films in a thread of its own, begun when first asked; each minute once while it is remembered. */
export class Films {
  readonly #waiting = new Map<number, { resolve: (answer: FilmAnswer) => void }>()
  readonly #kept = new Map<string, Uint8Array>()
  readonly #coming = new Map<string, Promise<Uint8Array>>()
  #keptBytes = 0
  #worker: Worker | undefined
  #nextId = 1

  /** What is in a journal, and what was told beside it. */
  async index(path: string): Promise<{ readonly index: JournalIndex; readonly facts: SlowFacts }> {
    const answer = await this.#order((id) => ({ id, kind: 'index', path }))
    if (answer.ok && 'index' in answer) return answer
    throw gone(answer)
  }

  /** The minute of a journal that begins at `firstTick`. `isOver`: what is there of it is all that is asked for. */
  async chunk(
    path: string,
    mapFolder: string,
    firstTick: number,
    { isOver = false }: { isOver?: boolean } = {},
  ): Promise<Uint8Array> {
    const key = `${path} ${firstTick}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const coming = this.#coming.get(key) ?? this.#shoot(key, { path, mapFolder, firstTick, isOver })
    this.#coming.set(key, coming)
    try {
      return await coming
    } finally {
      this.#coming.delete(key)
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  async #shoot(
    key: string,
    order: { readonly path: string; readonly mapFolder: string; readonly firstTick: number; readonly isOver: boolean },
  ): Promise<Uint8Array> {
    const { path, mapFolder, firstTick } = order
    const answer = await this.#order((id) => ({ id, kind: 'chunk', path, mapFolder, firstTick }))
    if (!answer.ok || !('bytes' in answer)) throw gone(answer)
    // A minute that is being ridden would stay as long as it was when the first one asked. [S6]
    if (!answer.isWhole && !order.isOver) return answer.bytes
    this.#kept.set(key, answer.bytes)
    this.#keptBytes += answer.bytes.length
    for (const [oldest, bytes] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES_MAX) break
      this.#kept.delete(oldest)
      this.#keptBytes -= bytes.length
    }
    return answer.bytes
  }

  async #order(order: (id: number) => FilmOrder): Promise<FilmAnswer> {
    if (this.#waiting.size >= WAITING_MAX)
      throw new AppError('ERR_TOO_MANY', 'Many films are being shot just now. Try again in a moment.')
    const id = this.#nextId++
    const worker = (this.#worker ??= this.#start())
    return await new Promise((resolve) => {
      this.#waiting.set(id, { resolve })
      worker.postMessage(order(id))
    })
  }

  #start(): Worker {
    const worker = new Worker(new URL('./film-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', (answer: FilmAnswer) => {
      this.#waiting.get(answer.id)?.resolve(answer)
      this.#waiting.delete(answer.id)
    })
    // A thread that breaks takes its orders with it, never the house.
    const broken = (why: string): void => {
      if (this.#worker === worker) this.#worker = undefined
      for (const [id, { resolve }] of this.#waiting) resolve({ id, ok: false, error: why })
      this.#waiting.clear()
    }
    worker.on('error', (error) => broken(error.message))
    worker.on('exit', () => broken('the film was broken off'))
    return worker
  }
}

function gone(answer: FilmAnswer): AppError {
  const why = answer.ok ? 'nothing came out' : answer.error
  return new AppError('ERR_SEAT_UNKNOWN', `This ride cannot be shown: ${why}.`)
}
