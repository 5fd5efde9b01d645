import type { en } from './office.en.ts'

export const de: typeof en = {
  reports: 'Meldungen',
  by: (by, when) => `gemeldet von ${by}, ${when}`,
  said: 'Was dort zuletzt gesagt wurde',
  nothing: 'Es wurde nichts gesagt.',
  settle: 'Erledigt',
  settleAll: (count, by) => `Alle ${count} von ${by} erledigt`,
  settled: 'Zuletzt erledigt',
  noReports: 'Nichts zu erledigen.',
  newest: (shown, all) => `Die neuesten ${shown} von ${all}.`,
  notice: 'Sag allen in diesem Rennen etwas',
  send: 'Sagen',
  sent: 'Gesagt.',
}
