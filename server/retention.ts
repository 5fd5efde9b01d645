import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from './clock.ts'
import { dropFilms } from './replay/film-shelf.ts'
import { minutesPathOf } from './replay/kept-index.ts'
import { factsPathOf } from './replay/slow-facts.ts'
import type { RetentionStore } from './store/retention.ts'

export interface RetentionOptions {
  readonly store: RetentionStore
  readonly journalFolder: string
  /** Minutes that were shot. */
  readonly filmFolder: string
  /** Journals that are being written. */
  readonly openJournals: () => readonly string[]
  /** Persons on a road or on a ride that is being written down: it would be nobody's. [A67] */
  readonly riding: () => readonly string[]
  /** 0: for ever. */
  readonly guestRidesDays: number
  readonly clock: Pick<Clock, 'wallMs' | 'after'>
  /** What else is looked through at the same time. */
  readonly alike: readonly (() => Promise<void>)[]
  readonly onError: (error: unknown) => void
}

export interface Swept {
  readonly rides: number
  readonly guests: number
  readonly journals: number
}

const DAY_MS = 24 * 3600_000
const EVERY_MS = 3600_000
/** Rows at once: a sweep after a year must hold no lock for long. */
const ROWS = 500

/** Until when a guest's ride that began then is kept; null: for ever. */
export function keptUntilMs(startMs: number, guestRidesDays: number): number | null {
  return guestRidesDays === 0 ? null : startMs + guestRidesDays * DAY_MS
}

/**
 * Once an hour: rides that no account has claimed go when their days are over, then guests of whom nothing is left, then
 * journals that no race and no ride that is kept is in. With `guestRidesDays` 0 nothing goes. [A56, A57]
 */
export class Retention {
  readonly #options: RetentionOptions
  #cancel: () => void = () => {}
  #sweeping: Promise<unknown> = Promise.resolve()
  #isClosed = false

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  start(): void {
    this.#sweeping = this.sweep()
      .catch(this.#options.onError)
      .then(() => {
        if (!this.#isClosed) this.#cancel = this.#options.clock.after(EVERY_MS, () => this.start())
      })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancel()
    await this.#sweeping
  }

  async sweep(): Promise<Swept> {
    for (const each of this.#options.alike) await each().catch(this.#options.onError)
    const { store, guestRidesDays, clock } = this.#options
    if (guestRidesDays === 0) return { rides: 0, guests: 0, journals: 0 }
    const beforeMs = clock.wallMs() - guestRidesDays * DAY_MS
    const rides = await this.#all(async () => await store.dropGuestRides(beforeMs, ROWS))
    const guests = await this.#all(async () => await store.dropGuests(beforeMs, ROWS, this.#options.riding()))
    return { rides, guests, journals: await this.#sweepJournals(beforeMs) }
  }

  async #all(drop: () => Promise<number>): Promise<number> {
    let gone = 0
    for (let now = ROWS; now > 0 && !this.#isClosed; gone += now) now = await drop()
    return gone
  }

  /** By when they were last written to: a ride of that day is in the store by now, or its file waits and is younger. */
  async #sweepJournals(beforeMs: number): Promise<number> {
    const { store, journalFolder, filmFolder, openJournals } = this.#options
    const files = await readdir(journalFolder)
    const { names, unknownFromMs = Infinity } = await store.journalsInUse()
    const open = new Set(openJournals())
    let gone = 0
    for (const name of files) {
      if (!name.endsWith('.jsonl') || names.has(name) || open.has(name)) continue
      const path = join(journalFolder, name)
      const { mtimeMs } = await stat(path)
      // Also one in which a ride may be that does not say so.
      if (mtimeMs >= beforeMs || mtimeMs >= unknownFromMs) continue
      for (const beside of [factsPathOf(path), minutesPathOf(path)]) await rm(beside, { force: true })
      await dropFilms(filmFolder, path)
      await rm(path, { force: true })
      gone++
    }
    return gone
  }
}
