import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of the bench: gets its order as it starts, and talks. */
export class Child<Word> {
  readonly #process: ChildProcess

  constructor(file: string, order: object, onWord: (word: Word) => void) {
    this.#process = fork(fileURLToPath(new URL(file, import.meta.url)))
    this.#process.send(order)
    this.#process.on('message', (word) => onWord(word as Word))
  }

  /** What it is waited for, unless it ends before. */
  async orEnd<T>(awaited: Promise<T>): Promise<T> {
    const ended = once(this.#process, 'exit').then(([code]) => {
      throw new Error(`a process of the bench ended with ${String(code)}`)
    })
    // It ends one day, and then nobody listens.
    ended.catch(() => {})
    return await Promise.race([awaited, ended])
  }

  send(word: object): void {
    if (this.#process.connected) this.#process.send(word)
  }

  /** At once, without a goodbye. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const gone = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await gone
  }
}
