import { createWriteStream, openSync, writeSync } from 'node:fs'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import type { Journal, SlowFact } from './ride-room.ts'
import { factsPathOf } from '../replay/slow-facts.ts'

/** Joins of many riders and checkpoints do not wait for the end of their tick. */
const WAITING_CHARS_MAX = 64 * 1024

/** A journal is a file of lines in the data folder, in the order of ticks. */
class JournalFile implements Journal {
  readonly name: string
  readonly path: string
  readonly #fd: number | undefined
  readonly #stream: ReturnType<typeof createWriteStream> | undefined
  readonly #onError: (error: Error) => void
  readonly #bytesMost: number
  /** Lines of those who read just now. */
  readonly #listeners = new Set<string[]>()
  /** Handed to the system so far; and what is still to be handed over, at the end of its tick. */
  #bytes = 0
  #waiting = ''
  /** Slow facts are written one after the other, beside the journal. */
  #telling = Promise.resolve()
  #error: Error | undefined

  constructor(
    folder: string,
    name: string,
    { onError, bytesMost }: { onError: (error: Error) => void; bytesMost: number },
  ) {
    this.name = name
    this.#bytesMost = bytesMost
    this.path = join(folder, name)
    this.#onError = (error) => {
      this.#error ??= error
      onError(error)
    }
    try {
      this.#fd = openSync(this.path, 'wx', 0o600)
      this.#stream = createWriteStream(this.path, { fd: this.#fd })
      this.#stream.on('error', this.#onError)
    } catch (error) {
      this.#onError(error as Error)
    }
  }

  write(line: string): void {
    // After an error (a full disk) the ride goes on without its journal; the log has said so.
    if (this.#error !== undefined || this.#fd === undefined) return
    this.#waiting += `${line}\n`
    for (const since of this.#listeners) since.push(line)
    if (this.#bytes === 0 || this.#waiting.length > WAITING_CHARS_MAX) this.flush()
  }

  /** A thousand riders write some three thousand lines a second: they go as one piece each tick. */
  flush(): void {
    if (this.#waiting === '' || this.#error !== undefined || this.#fd === undefined) return
    const bytes = Buffer.from(this.#waiting)
    this.#waiting = ''
    if (this.#bytes + bytes.length > this.#bytesMost) return this.#full()
    try {
      // The header is there before anything happens: a journal found after a crash always says what it is a journal of.
      if (this.#bytes === 0) writeSync(this.#fd, bytes)
      else this.#stream?.write(bytes)
    } catch (error) {
      this.#onError(error as Error)
    }
    this.#bytes += bytes.length
  }

  tell(fact: SlowFact): void {
    if (this.#error !== undefined || this.#fd === undefined) return
    const line = `${JSON.stringify(fact)}\n`
    this.#telling = this.#telling
      .then(async () => await appendFile(factsPathOf(this.path), line, { mode: 0o600 }))
      .catch((error: unknown) => this.#onError(error as Error))
  }

  /** What it has stands, to the end of a tick; nothing is added, and it is said once. [D204] */
  #full(): void {
    this.#onError(
      new Error(`it has reached ${Math.round(this.#bytesMost / 1e6)} MB, the limit in GRUPPETTO_JOURNAL_MB`),
    )
    this.#stream?.end()
  }

  /**
   * Hands over every line up to the very moment of `use`: the world goes on while the file is being read, and what it
   * writes meanwhile is added before `use` is called in the same breath.
   */
  async withLines<T>(use: (lines: readonly string[]) => T): Promise<T> {
    this.flush()
    const since: string[] = []
    const bytes = this.#bytes
    this.#listeners.add(since)
    try {
      this.#mustBeWhole()
      await new Promise<void>((resolve) => this.#stream?.write('', () => resolve()) ?? resolve())
      this.#mustBeWhole()
      const before = (await readFile(this.path)).subarray(0, bytes).toString('utf8')
      return use([...before.split('\n').slice(0, -1), ...since])
    } finally {
      this.#listeners.delete(since)
    }
  }

  #mustBeWhole(): void {
    if (this.#error === undefined) return
    throw new AppError(
      'ERR_EVENT_STATE',
      `The journal of this room has a hole, it could not be written to its end (${this.#error.message}); nothing can be judged from it.`,
    )
  }

  async close(): Promise<void> {
    this.flush()
    await this.#telling
    if (this.#error !== undefined) return
    await new Promise<void>((resolve) => this.#stream?.end(() => resolve()) ?? resolve())
  }
}

/** Opens journals named after when and where, so that a folder of them reads like a diary. */
export async function openJournals(
  folder: string,
  wallMs: () => number,
  onError: (error: Error) => void,
  bytesMost = Infinity,
): Promise<(roomId: string) => JournalFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return (roomId) => {
    const at = new Date(wallMs()).toISOString().replace(/[:.]/g, '-')
    return new JournalFile(folder, `${at}_${roomId.replace(/[^\w-]/g, '')}.jsonl`, { onError, bytesMost })
  }
}
