import { AppError } from '../errors.ts'
import { results } from '../event/results.ts'
import type { Log } from '../log.ts'
import type { Store, StoredEvent } from '../store/store.ts'
import { racePapers } from '../world/race-papers.ts'
import { exportRun, type Signer } from '../world/run-file.ts'
import type { Desk } from './desk.ts'
import type { RideRoom } from './ride-room.ts'

export interface RaceFilesOptions {
  readonly store: Store
  readonly log: Log
  /** Judge's files of races whose rooms are gone. */
  readonly exports: {
    readonly signer: Signer
    keep(eventId: string, text: string): Promise<void>
    read(eventId: string): Promise<string | undefined>
  }
  /** The text of a journal, by its name; undefined when it is gone. */
  journal(name: string): Promise<string | undefined>
}

/** What outlives the room of a race: the judge's file, and a result made from the journal of a server that stopped. */
export class RaceFiles {
  readonly #options: RaceFilesOptions

  constructor(options: RaceFilesOptions) {
    this.#options = options
  }

  /** The race as it stands while its room lives, the last word after. */
  async read(desk: Desk): Promise<string> {
    if (desk.room !== undefined) return await this.#export(desk, desk.room)
    const kept = await this.#options.exports.read(desk.stored.id)
    if (kept === undefined) throw new AppError('ERR_EVENT_STATE', 'No race of this event was ridden to its end here.')
    return kept
  }

  /** At once and after every decision: a room does not outlive its server. A full disk keeps nobody from a result. */
  async keep(desk: Desk): Promise<void> {
    const { room, stored } = desk
    if (room === undefined) return
    try {
      await this.#options.exports.keep(stored.id, await this.#export(desk, room))
    } catch (error) {
      this.#options.log.error(
        { event: stored.id, cause: String(error) },
        'The judge’s file of a race could not be kept.',
      )
    }
  }

  /** A race that was on when the server stopped: what its journal saw crossing the line is its result. False: it says nothing. */
  async saveInterrupted({ id, title }: StoredEvent): Promise<boolean> {
    const { store, log } = this.#options
    const run = await store.runOf(id)
    const text = run === undefined ? undefined : await this.#options.journal(run.journal)
    const papers = run === undefined || text === undefined ? undefined : racePapers(text.split('\n'), run.id)
    if (run === undefined || papers === undefined) return false
    await store.addCrossings(run.id, papers.crossings)
    await store.addResults(run.id, results({ ...papers, decisions: await store.decisions(run.id) }))
    log.warn({ event: id }, `The race "${title}" was on when the server stopped; its result was made from its journal.`)
    return true
  }

  async #export({ race }: Desk, { ride, journal, plan }: RideRoom): Promise<string> {
    const { mapJson, courseBytes, mapHash } = plan.world
    const { signer } = this.#options.exports
    const papers = { title: race.title, seed: plan.seed, decisions: race.decisions }
    const made = await journal.withLines((lines) =>
      exportRun({ ...papers, world: ride.world, lines, mapJson, courseBytes, mapHash, signer }),
    )
    if (!made.ok) throw new AppError('ERR_EVENT_STATE', made.error)
    return made.text
  }
}
