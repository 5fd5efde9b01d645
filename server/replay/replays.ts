import { basename, join } from 'node:path'
import { REEL_CHUNK_TICKS } from '#protocol/reel'
import { AppError } from '../errors.ts'
import type { RideOwner } from '../store/people.ts'
import { Films } from './films.ts'
import { type FilmCut, manifestOf, type ReelManifest } from './manifest.ts'

/** What a film is made of: a journal in the data folder, and which part of it. */
export interface FilmSource {
  /** File name in the folder of journals. */
  readonly journal: string
  readonly cut: FilmCut
}

/** A film by its id, for who asks: whose rides these are is found out only where it matters. */
export type Asker = () => Promise<RideOwner>
export type SourceOf = (id: string, asker: Asker) => Promise<FilmSource | undefined>

export interface ReplaysOptions {
  readonly journalFolder: string
  /** Where minutes that were shot are kept. */
  readonly shelfFolder: string
  /** Folder of a map, by its id; undefined where it is not installed any more. */
  readonly mapFolder: (mapId: string) => string | undefined
  /** Which film an id names; undefined: none, or not for who asks. The first that knows it is believed. */
  readonly sources: readonly SourceOf[]
  /** Hands what was written so far to the system, where the ride is still on. */
  readonly flush: () => void
}

const UNKNOWN = 'There is no such film: the ride was never recorded, or it is not shared.'

/** The films of this house. */
export class Replays {
  readonly #options: ReplaysOptions
  readonly #films: Films

  constructor(options: ReplaysOptions) {
    this.#options = options
    this.#films = new Films(options.shelfFolder)
  }

  async manifest(id: string, asker: Asker): Promise<ReelManifest> {
    const { path, cut } = await this.#find(id, asker)
    const { index, facts } = await this.#films.index(path)
    const manifest = manifestOf(index, facts, cut)
    if (typeof manifest === 'string')
      throw new AppError('ERR_SEAT_UNKNOWN', `This ride cannot be shown: ${manifest}.`, { reason: 'film-gone' })
    return manifest
  }

  /** The chunk that begins at `firstTick`; only minutes that the film touches are given away. */
  async chunk(id: string, firstTick: number, asker: Asker): Promise<Uint8Array> {
    const { path, cut } = await this.#find(id, asker)
    const { fromTick = 0, toTick = Infinity, mapId } = cut
    const folder = this.#options.mapFolder(mapId)
    if (folder === undefined)
      throw new AppError('ERR_MAP_INVALID', `The road "${mapId}" of this ride is not installed.`)
    if (firstTick + REEL_CHUNK_TICKS <= fromTick || firstTick >= toTick)
      throw new AppError('ERR_SEAT_UNKNOWN', UNKNOWN, { reason: 'film-gone' })
    this.#options.flush()
    return await this.#films.chunk(path, folder, firstTick)
  }

  async close(): Promise<void> {
    await this.#films.close()
  }

  async #find(id: string, asker: Asker): Promise<{ path: string; cut: FilmCut }> {
    for (const source of this.#options.sources) {
      const found = await source(id, asker)
      if (found === undefined) continue
      this.#options.flush()
      return { path: join(this.#options.journalFolder, basename(found.journal)), cut: found.cut }
    }
    throw new AppError('ERR_SEAT_UNKNOWN', UNKNOWN, { reason: 'film-gone' })
  }
}
