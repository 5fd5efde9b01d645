import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import { LastingFile, type LastingOptions } from './lasting-file.ts'
import type { Journal, SlowFact } from './ride-room.ts'
import { factsPathOf } from '../replay/slow-facts.ts'

/** Joins of many riders and checkpoints do not wait for the end of their tick. */
const WAITING_CHARS_MAX = 64 * 1024

/** What a disk that is full does not take waits in memory: half an hour of a thousand riders. */
const HELD_BYTES_MAX = 64 << 20
const FACTS_HELD_BYTES_MAX = 4 << 20

export interface JournalOptions {
  /** It ends here, and says so once. */
  readonly onError: (error: Error) => void
  /** The disk takes nothing, and is asked again; undefined: it takes it again. */
  readonly onTrouble?: (trouble: Error | undefined) => void
  readonly bytesMost?: number
  /** Another disk, for tests. */
  readonly write?: LastingOptions['write']
}

/** A journal is a file of lines in the data folder, in the order of ticks. */
class JournalFile implements Journal {
  readonly name: string
  readonly path: string
  readonly #options: JournalOptions
  readonly #file: LastingFile | undefined
  #facts: LastingFile | undefined
  /** Lines of those who read just now. */
  readonly #listeners = new Set<string[]>()
  /** Handed over so far; and what is still to be handed over, at the end of its tick. */
  #bytes = 0
  #waiting = ''
  #error: Error | undefined

  constructor(folder: string, name: string, options: JournalOptions) {
    this.name = name
    this.path = join(folder, name)
    this.#options = options
    this.#file = this.#open(this.path, HELD_BYTES_MAX)
  }

  #open(path: string, heldBytesMost: number): LastingFile | undefined {
    const { onTrouble = () => {}, write } = this.#options
    try {
      return new LastingFile({
        ...{ path, heldBytesMost, onTrouble, onLost: (error) => this.#fail(error) },
        ...(write === undefined ? {} : { write }),
      })
    } catch (error) {
      this.#fail(error as Error)
      return undefined
    }
  }

  #fail(error: Error): void {
    if (this.#error === undefined) this.#options.onError(error)
    this.#error ??= error
  }

  write(line: string): void {
    // After an error (a disk that was full for too long) the ride goes on without its journal; the log has said so.
    if (this.#error !== undefined) return
    this.#waiting += `${line}\n`
    for (const since of this.#listeners) since.push(line)
    if (this.#bytes === 0 || this.#waiting.length > WAITING_CHARS_MAX) this.flush()
  }

  /** A thousand riders write some three thousand lines a second: they go as one piece each tick. */
  flush(): void {
    if (this.#waiting === '' || this.#error !== undefined) return
    const bytes = Buffer.from(this.#waiting)
    this.#waiting = ''
    const { bytesMost = Infinity } = this.#options
    // What it has stands, to the end of a tick; nothing is added, and it is said once. [D204]
    if (this.#bytes + bytes.length > bytesMost)
      return this.#fail(
        new Error(`it has reached ${Math.round(bytesMost / 1e6)} MB, the limit in GRUPPETTO_JOURNAL_MB`),
      )
    // The header is there before anything happens: a journal found after a crash always says what it is a journal of.
    if (this.#bytes === 0) this.#file?.writeFirst(bytes)
    else this.#file?.write(bytes)
    this.#bytes += bytes.length
  }

  tell(fact: SlowFact): void {
    if (this.#error !== undefined) return
    this.#facts ??= this.#open(factsPathOf(this.path), FACTS_HELD_BYTES_MAX)
    this.#facts?.write(Buffer.from(`${JSON.stringify(fact)}\n`))
  }

  /**
   * Hands over every line up to the very moment of `use`: the world goes on while the file is being read, and what it
   * writes meanwhile is added before `use` is called in the same breath.
   */
  async withLines<T>(use: (lines: readonly string[]) => T): Promise<T> {
    this.flush()
    const since: string[] = []
    this.#listeners.add(since)
    try {
      this.#mustBeWhole()
      const before = (await this.#file!.read()).toString('utf8')
      this.#mustBeWhole()
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
    await Promise.all([this.#file?.close(), this.#facts?.close()])
  }
}

/** Opens journals named after when and where, so that a folder of them reads like a diary. */
export async function openJournals(
  folder: string,
  wallMs: () => number,
  options: JournalOptions,
): Promise<(roomId: string) => JournalFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return (roomId) => {
    const at = new Date(wallMs()).toISOString().replace(/[:.]/g, '-')
    return new JournalFile(folder, `${at}_${roomId.replace(/[^\w-]/g, '')}.jsonl`, options)
  }
}
