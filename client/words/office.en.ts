export const en = {
  reports: 'Reports',
  by: (by: string, when: string) => `reported by ${by}, ${when}`,
  said: 'What that rider said last',
  nothing: 'Nothing was said.',
  settle: 'Done',
  settleAll: (count: number, by: string) => `Done with all ${count} by ${by}`,
  settled: 'Dealt with last',
  noReports: 'Nothing to deal with.',
  newest: (shown: number, all: number) => `The newest ${shown} of ${all}.`,
  notice: 'Say something to everybody in this race',
  send: 'Say',
  sent: 'Said.',
}
