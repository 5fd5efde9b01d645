import { close, openSync, write, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type Clock, systemClock } from '../clock.ts'

const writeAt = promisify(write)
const closeFd = promisify(close)

export interface LastingOptions {
  /** Of a file that is not there yet. */
  readonly path: string
  /** In memory at most, while the disk takes nothing, or says nothing. */
  readonly heldBytesMost: number
  /** The disk takes nothing, and is asked again; or (undefined) takes it again. */
  readonly onTrouble: (trouble: Error | undefined) => void
  /** It has waited too long: this file ends here. */
  readonly onLost: (error: Error) => void
  /** Another disk, for tests: as `fs.write`, answers how much it took. */
  readonly write?: (fd: number, bytes: Buffer, position: number) => Promise<number>
}

/** A disk that takes nothing is asked again after so long. */
const AGAIN_MS = 1000

/** A file that is only ever added to, and loses nothing to a disk that is full for a while: what it does not take waits. */
export class LastingFile {
  readonly #options: LastingOptions
  readonly #clock: Pick<Clock, 'after'>
  readonly #fd: number
  /** Not taken yet, the first of them perhaps on its way. */
  #held: Buffer[] = []
  #heldBytes = 0
  /** Taken so far. */
  #written = 0
  #pumping: Promise<void> | undefined
  #trouble: Error | undefined
  #lost: Error | undefined
  #wake: () => void = () => {}
  #isClosing = false

  /** Throws when it is there already, or cannot be made. */
  constructor(options: LastingOptions, clock: Pick<Clock, 'after'> = systemClock) {
    this.#options = options
    this.#clock = clock
    this.#fd = openSync(options.path, 'wx', 0o600)
  }

  /** On the disk before anything else happens, if the disk lets it. */
  writeFirst(bytes: Buffer): void {
    let taken = 0
    try {
      taken = this.#options.write === undefined ? writeSync(this.#fd, bytes, 0, bytes.length, 0) : 0
    } catch {
      // It waits with what comes after it, and what is wrong is said there.
    }
    this.#written = taken
    if (taken < bytes.length) this.write(bytes.subarray(taken))
  }

  write(bytes: Buffer): void {
    if (this.#lost !== undefined || bytes.length === 0) return
    const { heldBytesMost } = this.#options
    // A disk that hangs (one across a network that is gone) refuses nothing, and takes nothing either. [A66]
    if (this.#heldBytes + bytes.length > heldBytesMost)
      return this.#lose(
        this.#trouble ?? new Error(`the disk does not answer, and ${heldBytesMost >> 20} MB wait for it`),
      )
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
    this.#pumping ??= this.#pump()
  }

  /** All of it up to this moment, on the disk or not. */
  async read(): Promise<Buffer> {
    const [written, held] = [this.#written, this.#held]
    const copy = Buffer.concat(held)
    return Buffer.concat([(await readFile(this.#options.path)).subarray(0, written), copy])
  }

  /** What can be handed over is; a disk that still takes nothing is asked once more. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#wake()
    await this.#pumping
    if (this.#heldBytes > 0 && this.#trouble !== undefined) this.#lose(this.#trouble)
    await closeFd(this.#fd)
  }

  async #pump(): Promise<void> {
    while (this.#heldBytes > 0 && this.#lost === undefined) {
      const bytes = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held)
      this.#held = [bytes]
      const isLast = this.#isClosing
      try {
        const taken = await this.#put(bytes)
        if (this.#lost !== undefined) break
        this.#written += taken
        this.#heldBytes -= taken
        // What came meanwhile stands behind it.
        this.#held[0] = bytes.subarray(taken)
        if (taken === bytes.length) this.#held.shift()
        if (this.#trouble !== undefined && this.#heldBytes === 0) this.#options.onTrouble((this.#trouble = undefined))
      } catch (error) {
        if (this.#trouble === undefined) this.#options.onTrouble(error as Error)
        this.#trouble = error as Error
        if (isLast) break
        if (!this.#isClosing) await this.#wait()
      }
    }
    this.#pumping = undefined
  }

  async #put(bytes: Buffer): Promise<number> {
    if (this.#options.write !== undefined) return await this.#options.write(this.#fd, bytes, this.#written)
    const { bytesWritten } = await writeAt(this.#fd, bytes, 0, bytes.length, this.#written)
    return bytesWritten
  }

  async #wait(): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(AGAIN_MS, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }

  #lose(error: Error): void {
    this.#lost = error
    this.#held = []
    this.#heldBytes = 0
    this.#options.onLost(error)
  }
}
