import { createHash } from 'node:crypto'
import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { PROTOCOL_VERSION } from '#protocol/limits'
import { PHYSICS_VERSION } from '#physics/constants'

/** Bytes of films on disk: some hundred hours of fifty riders. */
export const SHELF_BYTES_MAX = 512 << 20
/** How many minutes are put there between two looks at how much it is. */
const TRIM_EVERY = 64

/**
 * Minutes that were shot, on disk: who opens one again, after a restart too, waits for a file. Never needed: what is not
 * there, or was thrown away, is shot again, to the same bytes. What cannot be written is left out.
 */
export class FilmShelf {
  readonly #folder: string
  readonly #bytesMost: number
  #puts = 0

  /** Films of another protocol or physics are in other folders, and go with the oldest. */
  constructor(folder: string, bytesMost: number = SHELF_BYTES_MAX) {
    this.#folder = folder
    this.#bytesMost = bytesMost
  }

  /** The minute, where it is there and its journal still is: a ride that was deleted has no film. */
  async take(journalPath: string, firstTick: number): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(journalPath, firstTick)
    try {
      await access(journalPath)
      return unsealed(await readFile(path))
    } catch {
      return undefined
    }
  }

  async put(journalPath: string, firstTick: number, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(journalPath, firstTick)
    const next = `${path}.${process.pid}`
    try {
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
      await writeFile(next, sealed(bytes), { mode: 0o600 })
      await rename(next, path)
      // Also after the first one: a server that is started every day shoots few each time.
      if (this.#puts++ % TRIM_EVERY === 0) await this.#trim()
    } catch {
      // A full disk: the next one who looks has it shot again.
    }
  }

  #pathOf(journalPath: string, firstTick: number): string {
    const name = basename(journalPath).replace(/\.jsonl$/, '')
    return join(this.#folder, `${PROTOCOL_VERSION}-${PHYSICS_VERSION}`, name, `${firstTick}.reel`)
  }

  /** The oldest go, down to three quarters. */
  async #trim(): Promise<void> {
    const entries = await readdir(this.#folder, { withFileTypes: true, recursive: true })
    const files = await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => {
          const path = join(parentPath, name)
          const { size, mtimeMs } = await stat(path)
          return { path, size, mtimeMs }
        }),
    )
    let bytes = files.reduce((sum, { size }) => sum + size, 0)
    if (bytes <= this.#bytesMost) return
    for (const { path, size } of files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (bytes <= 0.75 * this.#bytesMost) return
      await rm(path, { force: true })
      bytes -= size
    }
  }
}

/** A journal that is no more takes its minutes along. */
export async function dropFilms(folder: string, journalPath: string): Promise<void> {
  const name = basename(journalPath).replace(/\.jsonl$/, '')
  const versions = await readdir(folder).catch(() => []) // No film was ever shot.
  for (const version of versions) await rm(join(folder, version, name), { recursive: true, force: true })
}

const SEAL_BYTES = 8

/** In front stands what it must add up to: half a file of a crash is no film. */
function sealed(bytes: Uint8Array): Buffer {
  return Buffer.concat([sealOf(bytes), bytes])
}

function unsealed(file: Buffer): Uint8Array | undefined {
  const bytes = file.subarray(SEAL_BYTES)
  return sealOf(bytes).equals(file.subarray(0, SEAL_BYTES)) ? bytes : undefined
}

function sealOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, SEAL_BYTES)
}
