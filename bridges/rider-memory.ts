import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * What a bridge must not forget when it is killed: per server, the secret that brings the same rider back. It is worth a
 * rider, so the file is readable by its owner only, and it is replaced in one step.
 */
export interface RiderMemory {
  recall(server: string): Promise<string | undefined>
  /** Answers a sentence when it could not be kept: this ride goes on, the next begins as somebody new. */
  remember(server: string, secret: string): Promise<string | undefined>
  forget(server: string): Promise<void>
}

interface StateFile {
  readonly format: 'gruppetto-bridge'
  readonly version: 1
  readonly secrets: Readonly<Record<string, string>>
}

const OWNER_ONLY = 0o600

export class FileMemory implements RiderMemory {
  readonly #path: string
  /** Of this process: a file that cannot be written does not make a new rider of one who only lost the line. */
  readonly #held = new Map<string, string>()

  constructor(path: string) {
    this.#path = path
  }

  async recall(server: string): Promise<string | undefined> {
    return (await this.#read())[server] ?? this.#held.get(server)
  }

  async remember(server: string, secret: string): Promise<string | undefined> {
    this.#held.set(server, secret)
    try {
      await this.#write({ ...(await this.#read()), [server]: secret })
      return undefined
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error)
      return `${this.#path} cannot be written (${reason}), so the rider will not be known again; give another file as --state.`
    }
  }

  async forget(server: string): Promise<void> {
    this.#held.delete(server)
    const { [server]: _gone, ...rest } = await this.#read()
    await this.#write(rest).catch(() => {}) // What cannot be written now is replaced, or complained of, when a new rider is.
  }

  async #read(): Promise<Readonly<Record<string, string>>> {
    let state: Partial<StateFile>
    try {
      state = JSON.parse(await readFile(this.#path, 'utf8')) as Partial<StateFile>
    } catch {
      return {} // None yet, or cut off by an older crash: then a new rider is made.
    }
    if (state.format !== 'gruppetto-bridge' || typeof state.secrets !== 'object') return {}
    return Object.fromEntries(Object.entries(state.secrets).filter(([, secret]) => typeof secret === 'string'))
  }

  async #write(secrets: Readonly<Record<string, string>>): Promise<void> {
    const state: StateFile = { format: 'gruppetto-bridge', version: 1, secrets }
    await mkdir(dirname(this.#path), { recursive: true })
    const next = `${this.#path}.next`
    await writeFile(next, `${JSON.stringify(state, undefined, 2)}\n`, { mode: OWNER_ONLY })
    // A file that was there before keeps its mode on write.
    await chmod(next, OWNER_ONLY)
    await rename(next, this.#path)
  }
}
