import { AppError } from '../errors.ts'
import { HelperThread } from '../helper-thread.ts'
import type { FilmAnswer, FilmOrder } from './film-worker.ts'
import type { JournalIndex } from './journal-index.ts'
import type { SlowFacts } from './slow-facts.ts'

/** Chunks kept in memory: what one watches, others watch too. */
const KEPT_BYTES_MAX = 48 << 20

/** Shoots films in a thread of its own, begun when first asked; each minute once while it is remembered. */
export class Films {
  readonly #thread = new HelperThread<FilmOrder, FilmAnswer>(new URL('./film-worker.ts', import.meta.url), {
    busy: 'Many films are being shot just now. Try again in a moment.',
  })
  readonly #kept = new Map<string, Uint8Array>()
  readonly #coming = new Map<string, Promise<Uint8Array>>()
  /** Of everything so far: bytes of journals that were read, ticks that were ridden again. */
  readonly cost = { readBytes: 0, ticks: 0 }
  readonly #shelfFolder: string | undefined
  #keptBytes = 0

  /** Minutes are kept in `shelfFolder`, too; without it in memory only. */
  constructor(shelfFolder?: string) {
    this.#shelfFolder = shelfFolder
  }

  /** What is in a journal, and what was told beside it. */
  async index(path: string): Promise<{ readonly index: JournalIndex; readonly facts: SlowFacts }> {
    const answer = await this.#order({ kind: 'index', path })
    if ('index' in answer) return answer
    throw gone('nothing came out')
  }

  /** The minute of a journal that begins at `firstTick`. */
  async chunk(path: string, mapFolder: string, firstTick: number): Promise<Uint8Array> {
    const key = `${path} ${firstTick}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const coming = this.#coming.get(key) ?? this.#shoot(key, { path, mapFolder, firstTick })
    this.#coming.set(key, coming)
    try {
      return await coming
    } finally {
      this.#coming.delete(key)
    }
  }

  async close(): Promise<void> {
    await this.#thread.close()
  }

  async #shoot(
    key: string,
    order: { readonly path: string; readonly mapFolder: string; readonly firstTick: number },
  ): Promise<Uint8Array> {
    const { path, mapFolder, firstTick } = order
    const answer = await this.#order({ kind: 'chunk', path, mapFolder, firstTick, shelfFolder: this.#shelfFolder })
    if (!('bytes' in answer)) throw gone('nothing came out')
    // A minute that is being ridden would stay as long as it was when the first one asked. [S6]
    if (!answer.isWhole) return answer.bytes
    this.#kept.set(key, answer.bytes)
    this.#keptBytes += answer.bytes.length
    for (const [oldest, bytes] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES_MAX) break
      this.#kept.delete(oldest)
      this.#keptBytes -= bytes.length
    }
    return answer.bytes
  }

  async #order(order: FilmOrder): Promise<FilmAnswer> {
    const answer = await this.#thread.ask(order).catch((error: Error) => {
      throw error instanceof AppError ? error : gone(error.message)
    })
    this.cost.readBytes += answer.cost.readBytes
    this.cost.ticks += answer.cost.ticks
    return answer
  }
}

function gone(why: string): AppError {
  return new AppError('ERR_SEAT_UNKNOWN', `This ride cannot be shown: ${why}.`, { reason: 'film-gone' })
}
