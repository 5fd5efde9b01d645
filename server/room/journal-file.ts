import { createWriteStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Journal } from './ride-room.ts'

/** A journal is a file of lines in the data folder, in the order of ticks. */
export class JournalFile implements Journal {
  readonly name: string
  readonly path: string
  readonly #stream: ReturnType<typeof createWriteStream>
  #error: Error | undefined

  constructor(folder: string, name: string, onError: (error: Error) => void) {
    this.name = name
    this.path = join(folder, name)
    this.#stream = createWriteStream(this.path, { flags: 'a', mode: 0o600 })
    this.#stream.on('error', (error) => {
      this.#error = error
      onError(error)
    })
  }

  write(line: string): void {
    // After an error (a full disk) the ride goes on without its journal; the log has said so.
    if (this.#error === undefined) this.#stream.write(`${line}\n`)
  }

  /** Everything so far, as lines. */
  async read(): Promise<readonly string[]> {
    await new Promise<void>((resolve) => this.#stream.write('', () => resolve()))
    const text = await readFile(this.path, 'utf8')
    return text.slice(0, text.lastIndexOf('\n')).split('\n')
  }

  async close(): Promise<void> {
    if (this.#error !== undefined) return
    await new Promise<void>((resolve) => this.#stream.end(() => resolve()))
  }
}

/** Opens journals named after when and where, so that a folder of them reads like a diary. */
export async function openJournals(
  folder: string,
  wallMs: () => number,
  onError: (error: Error) => void,
): Promise<(roomId: string) => JournalFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return (roomId) => {
    const at = new Date(wallMs()).toISOString().replace(/[:.]/g, '-')
    return new JournalFile(folder, `${at}_${roomId.replace(/[^\w-]/g, '')}.jsonl`, onError)
  }
}
