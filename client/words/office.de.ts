import type { en } from './office.en.ts'

export const de: typeof en = {
  reports: 'Meldungen',
  by: (by, when) => `gemeldet von ${by}, ${when}`,
  said: 'Was dort zuletzt gesagt wurde',
  nothing: 'Es wurde nichts gesagt.',
  settle: 'Erledigt',
  notice: 'Sag allen in diesem Rennen etwas',
  send: 'Sagen',
  sent: 'Gesagt.',
}
