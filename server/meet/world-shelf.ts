import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import type { HouseWorld } from '../room/worlds.ts'
import type { TrackRoad } from './track-road.ts'

export interface ShelfOptions {
  /** In the data folder; made when the first road comes. */
  readonly folder: string
  /** Roads kept at once. */
  readonly tracksMax: number
  readonly wallMs: () => number
  readonly say: (sentence: string) => void
  /** Throws when its files do not fit; where no tick waits for it (world-thread.ts). */
  readonly openWorld: (folder: string, say: (sentence: string) => void) => Promise<HouseWorld>
}

/** A road no meet-up refers to is kept for so long after it was last asked for. */
const UNUSED_MS = 24 * 3600_000
/** Who has dropped a file is planning: for so long their road does not make room for another. */
const PLANNING_MS = 15 * 60_000
const TRACK_ID = /^track-[0-9a-f]{16}$/

/** Roads that riders brought: one folder each, named by the hash of the file, opened when somebody needs them. */
export class WorldShelf {
  readonly #options: ShelfOptions
  readonly #open = new Map<string, HouseWorld>()
  readonly #opening = new Map<string, Promise<HouseWorld | undefined>>()
  #known = new Set<string>()

  private constructor(options: ShelfOptions) {
    this.#options = options
  }

  static async open(options: ShelfOptions): Promise<WorldShelf> {
    const shelf = new WorldShelf(options)
    const names = await readdir(options.folder).catch(() => []) // None yet: nobody brought a road.
    shelf.#known = new Set(names.filter((name) => TRACK_ID.test(name)))
    return shelf
  }

  get size(): number {
    return this.#known.size
  }

  /** Where the files of a road are; undefined: there is none of that name. */
  folderOf(id: string): string | undefined {
    return this.#known.has(id) ? join(this.#options.folder, id) : undefined
  }

  /** There, and whole. */
  async holds(id: string): Promise<boolean> {
    return this.#known.has(id) && (await this.world(id)) !== undefined
  }

  /** Opened once, and while it is needed. */
  async world(id: string): Promise<HouseWorld | undefined> {
    const open = this.#open.get(id)
    const folder = this.folderOf(id)
    if (open !== undefined || folder === undefined) return open
    const opening =
      this.#opening.get(id) ??
      this.#options.openWorld(folder, this.#options.say).catch((error: unknown) => {
        this.#options.say(`The road in ${id} cannot be opened: ${String(error)}`)
        return undefined
      })
    this.#opening.set(id, opening)
    const world = await opening
    this.#opening.delete(id)
    if (world !== undefined) this.#open.set(id, world)
    return world
  }

  /** Whole or not at all. Where it is full the road goes that nobody asked for the longest; throws ERR_TOO_MANY when there is none. */
  async put(
    id: string,
    road: Pick<TrackRoad, 'mapText' | 'courseBytes'>,
    inUse: ReadonlySet<string> = new Set(),
  ): Promise<void> {
    const { folder, tracksMax } = this.#options
    if (await this.holds(id)) return await this.touch(id)
    if (this.#known.has(id)) await this.#drop(id)
    if (this.#known.size >= tracksMax && !(tracksMax > 0 && (await this.#makeRoom(inUse)))) {
      throw new AppError(
        'ERR_TOO_MANY',
        `This server keeps ${tracksMax} roads of its riders, and has them; one that nobody meets on goes after a day.`,
        { reason: 'tracks-full' },
      )
    }
    const making = join(folder, `.new-${id}`)
    await mkdir(making, { recursive: true, mode: 0o700 })
    await writeFile(join(making, 'map.json'), road.mapText)
    await writeFile(join(making, 'course.bin'), road.courseBytes)
    await rename(making, join(folder, id))
    this.#known.add(id)
  }

  async #makeRoom(inUse: ReadonlySet<string>): Promise<boolean> {
    const { folder, wallMs } = this.#options
    let oldest = { id: '', atMs: wallMs() - PLANNING_MS }
    for (const id of this.#known) {
      if (inUse.has(id)) continue
      const found = await stat(join(folder, id)).catch(() => undefined) // Taken away by hand: the first to go.
      if ((found?.mtimeMs ?? 0) < oldest.atMs) oldest = { id, atMs: found?.mtimeMs ?? 0 }
    }
    if (oldest.id === '') return false
    await this.#drop(oldest.id)
    return true
  }

  async #drop(id: string): Promise<void> {
    this.#known.delete(id)
    this.#open.delete(id)
    await rm(join(this.#options.folder, id), { recursive: true, force: true })
  }

  /** Roads in use stay; others go when their day is over. Answers how many went. */
  async sweep(inUse: ReadonlySet<string>): Promise<number> {
    const { folder, wallMs } = this.#options
    let gone = 0
    for (const id of [...this.#known]) {
      if (inUse.has(id)) continue
      this.#open.delete(id)
      const found = await stat(join(folder, id)).catch(() => undefined) // Taken away by hand: it goes from the list.
      if (found !== undefined && wallMs() - found.mtimeMs < UNUSED_MS) continue
      await this.#drop(id)
      gone++
    }
    return gone
  }

  /** Brought again: its day begins anew. */
  async touch(id: string): Promise<void> {
    const now = this.#options.wallMs() / 1000
    await utimes(join(this.#options.folder, id), now, now)
  }
}
