import type { Avoided, NewReport, SafetyStore } from '../store/safety.ts'

/** For tests: reports and marks as the store keeps them (test/contract holds the real ones), in memory; `isAway` fails. */
export function memorySafety(): SafetyStore & { isAway: boolean } {
  let reports: (NewReport & { settledMs?: number })[] = []
  let marks: (Avoided & { seenMs: number })[] = []
  const there = (): void => {
    if (safety.isAway) throw new Error('the database is away')
  }
  const plain = ({ byKey: _by, aboutKey: _about, settledMs: _ms, ...report }: (typeof reports)[number]) => report
  const open = () => reports.filter(({ settledMs }) => settledMs === undefined)
  const safety = {
    isAway: false,
    addReport: async (report: NewReport) => {
      there()
      if (!reports.some(({ id }) => id === report.id)) reports.push(report)
    },
    openReports: async (limit: number) => {
      there()
      const shown = open()
        .toReversed()
        .map((report) => ({
          ...plain(report),
          ofReporter: open().filter(({ byKey }) => byKey === report.byKey).length,
        }))
      return { reports: shown.slice(0, limit), count: open().length }
    },
    countReports: async (byKey: string, aboutKey: string) => {
      there()
      const by = open().filter((report) => report.byKey === byKey)
      const about = open().filter((report) => report.aboutKey === aboutKey)
      const ofPair = by.filter((report) => about.includes(report)).length
      return { all: open().length, byThem: by.length, aboutThem: about.length, ofPair }
    },
    settledReports: async (limit: number) =>
      reports
        .filter(({ settledMs }) => settledMs !== undefined)
        .slice(0, limit)
        .map(plain),
    reportsBy: async (byKey: string) => reports.filter((report) => report.byKey === byKey).map(plain),
    settleReport: async (id: string, settledMs: number, areAll: boolean) => {
      there()
      const byKey = reports.find((report) => report.id === id)?.byKey
      const meant = open().filter((report) => (areAll ? report.byKey === byKey : report.id === id))
      reports = reports.map((report) => (meant.includes(report) ? { ...report, settledMs } : report))
      return meant.length
    },
    dropSettled: async (beforeMs: number) => {
      reports = reports.filter(({ settledMs = Infinity }) => settledMs >= beforeMs)
    },
    avoidedBy: async (keys: readonly string[]) => {
      there()
      return marks.filter(({ byKey }) => keys.includes(byKey))
    },
    avoid: async (avoided: readonly Avoided[]) => {
      there()
      for (const one of avoided)
        if (
          !marks.some((mark) =>
            ['byKey', 'aboutKey', 'kind'].every((k) => Reflect.get(mark, k) === Reflect.get(one, k)),
          )
        )
          marks.push({ ...one, seenMs: 0 })
    },
    hearAgain: async (keys: readonly string[], markId: string) => {
      there()
      marks = marks.filter((mark) => !(keys.includes(mark.byKey) && mark.markId === markId))
    },
    touchAvoided: async (keys: readonly string[], seenMs: number) => {
      marks = marks.map((mark) => (keys.includes(mark.byKey) ? { ...mark, seenMs } : mark))
    },
    dropAvoided: async (beforeMs: number) => {
      marks = marks.filter(({ byKey, seenMs }) => byKey.startsWith('a:') || seenMs >= beforeMs)
    },
    countAvoided: async () => marks.length,
  }
  return safety
}
