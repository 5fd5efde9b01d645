import type { Report } from '../room/report.ts'

/** Reports, and whom riders avoid; persons by their keys (room/persons.ts). Part of the store; one suite holds every kind to it. */
export interface SafetyStore {
  /** One that is known already is left as it is. */
  addReport(report: NewReport): Promise<void>
  /** Not dealt with, newest first, and how many there are; with each how many of them its reporter made. */
  openReports(limit: number): Promise<{ readonly reports: readonly OpenReport[]; readonly count: number }>
  /** Of all that are open: how many there are, and of these by this person and about that one. */
  countReports(byKey: string, aboutKey: string): Promise<ReportCounts>
  /** Dealt with last, newest first. */
  settledReports(limit: number): Promise<readonly Report[]>
  /** All that one person made, for taking away. */
  reportsBy(byKey: string): Promise<readonly Report[]>
  /** Marks one as dealt with, or every open one of whoever made it; answers how many that were. */
  settleReport(id: string, settledMs: number, areAllOfReporter: boolean): Promise<number>
  /** Those dealt with before then are no more. */
  dropSettled(beforeMs: number): Promise<void>

  /** In the name of any of these keys. */
  avoidedBy(keys: readonly string[]): Promise<readonly Avoided[]>
  /** From now on; of one pair and kind there is one. Between accounts a block ends friendship. */
  avoid(avoided: readonly Avoided[]): Promise<void>
  /** Takes a mark of these keys back. */
  hearAgain(keys: readonly string[], markId: string): Promise<void>
  /** They are here: what they avoid is kept on. */
  touchAvoided(keys: readonly string[], seenMs: number): Promise<void>
  /** Of guests who did not come back since then. */
  dropAvoided(seenBeforeMs: number): Promise<void>
  countAvoided(): Promise<number>
}

export interface NewReport extends Report {
  readonly byKey: string
  readonly aboutKey: string
}

export interface OpenReport extends Report {
  readonly ofReporter: number
}

export interface ReportCounts {
  readonly all: number
  readonly byThem: number
  readonly aboutThem: number
  readonly ofPair: number
}

/** A person whom another one avoids, by one key of each. */
export interface Avoided {
  readonly byKey: string
  readonly aboutKey: string
  readonly kind: 'block' | 'mute'
  readonly markId: string
  readonly name: string
}
