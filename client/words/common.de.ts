import type { en } from './common.en.ts'

export const de: typeof en = {
  rider: 'Fahrer',
  ride: 'Fahren',
  close: 'Schließen',
  paceOpen: 'Tempo offen',
  paceBand: (low, high) => `${low}–${high} W/kg`,
  ridingNow: 'Unterwegs',
  today: (time) => `heute ${time}`,
  riders: (count) => (count === 1 ? '1 Fahrer' : `${count} Fahrer`),
}
