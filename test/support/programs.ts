import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const TREE = fileURLToPath(new URL('../..', import.meta.url))
const SAID_MS = 30_000

const running = new Set<Program>()

/** One `gruppetto …` as a person starts it: a process of its own, heard line by line, ended by a signal. */
export class Program {
  readonly args: readonly string[]
  /** Everything it said, stdout and stderr. */
  output = ''
  /** Its exit code; null when a signal took it away. */
  readonly ended: Promise<number | null>
  readonly #child: ChildProcess
  #isOver = false

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.args = args
    this.#child = spawn(process.execPath, ['gruppetto.mjs', ...args], {
      cwd: TREE,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const hear = (text: Buffer): void => {
      this.output += text.toString()
    }
    this.#child.stdout!.on('data', hear)
    this.#child.stderr!.on('data', hear)
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        this.#isOver = true
        running.delete(this)
        resolve(code)
      })
    })
    running.add(this)
  }

  /** Waits until it has said this; fails with all it said when it never does. */
  async said(what: RegExp, timeoutMs = SAID_MS): Promise<RegExpExecArray> {
    const endMs = performance.now() + timeoutMs
    for (;;) {
      const found = what.exec(this.output)
      if (found !== null) return found
      if (this.#isOver || performance.now() > endMs)
        throw new Error(`gruppetto ${this.args.join(' ')} never said ${what}. It said:\n${this.output}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async end(signal: 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    if (!this.#isOver) this.#child.kill(signal)
    return await this.ended
  }
}

/** After each test: whatever it left running. */
export async function killPrograms(): Promise<void> {
  await Promise.all([...running].map((program) => program.end('SIGKILL')))
}
