import { type Notice, notice } from '#protocol/notices'
import type { NewReport, OpenReport, SafetyStore } from '../store/safety.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Report } from './report.ts'

export interface ReportList {
  /** Newest first, not dealt with; `count`: of how many. */
  readonly reports: readonly OpenReport[]
  readonly count: number
  /** Dealt with last. */
  readonly settled: readonly Report[]
}

/** Open at once: of the house, by one person, about one, and of one about the other. Nobody's flood pushes out another's. [A51] */
const OPEN_MAX = 2000
const BY_ONE_MAX = 20
const ABOUT_ONE_MAX = 50
const OF_PAIR_MAX = 3
/** A page shows so many, and so many that were dealt with, which are kept for a while. */
const SHOWN = 200
const SETTLED_SHOWN = 20
const SETTLED_KEPT_MS = 30 * 24 * 3600_000
/** While the store is away. */
const UNSAVED_MAX = 500

/** Reports of the whole house, in the store until the organiser has dealt with them; a restart loses none. [A50] */
export class Reports {
  readonly #store: () => SafetyStore | undefined
  readonly #clock: Pick<Clock, 'wallMs'>
  #unsaved: NewReport[] = []

  constructor(store: () => SafetyStore | undefined, clock: Pick<Clock, 'wallMs'>) {
    this.#store = store
    this.#clock = clock
  }

  /** A notice when it is not taken. */
  async take(report: NewReport): Promise<Notice | undefined> {
    // One who asks again and again has a limit also while the store is away.
    const isMine = ({ byKey }: NewReport): boolean => byKey === report.byKey
    if (this.#unsaved.filter(isMine).length >= OF_PAIR_MAX) return ENOUGH
    try {
      const store = this.#store()
      const counts = await store?.countReports(report.byKey, report.aboutKey)
      if (counts !== undefined) {
        if (counts.byThem >= BY_ONE_MAX || counts.ofPair >= OF_PAIR_MAX) return ENOUGH
        if (counts.aboutThem >= ABOUT_ONE_MAX) return notice('reported-often')
        if (counts.all >= OPEN_MAX) return notice('reports-full')
      }
      await store!.addReport(report)
    } catch {
      if (this.#unsaved.length >= UNSAVED_MAX) return notice('not-now')
      this.#unsaved.push(report)
    }
    return undefined
  }

  /** Once more, what the store did not take; and what is long dealt with goes. */
  async again(): Promise<void> {
    const store = this.#store()
    if (store === undefined) return
    for (const report of [...this.#unsaved]) {
      await store.addReport(report)
      this.#unsaved = this.#unsaved.filter((other) => other !== report)
    }
  }

  async sweep(): Promise<void> {
    await this.#store()?.dropSettled(this.#clock.wallMs() - SETTLED_KEPT_MS)
  }

  async list(): Promise<ReportList> {
    const store = this.#ready()
    const { reports, count } = await store.openReports(SHOWN)
    const waiting = this.#unsaved.toReversed().map(({ byKey: _by, aboutKey: _about, ...report }) => ({
      ...report,
      ofReporter: 1,
    }))
    return {
      ...{ reports: [...waiting, ...reports], count: count + waiting.length },
      settled: await store.settledReports(SETTLED_SHOWN),
    }
  }

  /** It was dealt with; or all that its reporter made were. */
  async settle(id: string, areAllOfReporter = false): Promise<void> {
    await this.again().catch(() => {}) // What is not written down yet cannot be marked; the next line says so.
    const count = await this.#ready().settleReport(id, this.#clock.wallMs(), areAllOfReporter)
    if (count === 0)
      throw new AppError('ERR_EVENT_UNKNOWN', 'There is no such report; somebody may have dealt with it.')
  }

  #ready(): SafetyStore {
    const store = this.#store()
    if (store === undefined) throw new AppError('ERR_NOT_READY', 'The server is still starting; try again in a second.')
    return store
  }
}

const ENOUGH = notice('reported-enough')
